"""Replays recorded dialogs through the widget's socket and judges what was kept: `python -m benchmarks.replay`."""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import asdict
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from benchmarks.dialogs import mixed
from benchmarks.figures import CHILDREN, Appetite, figures
from tests import oracle
from tests.clerk import Clerk, Said, clerk, working
from tests.crowd import Crowd, Kill, killing, quiet
from tests.product import Product, running_product


def main() -> None:
    """Prints the figures; exit status 1 when a promise was broken or a customer was stuck."""
    options = _options()
    dialogs = mixed([options.star, options.multidogo], options.conversations)
    if options.url:
        report = asyncio.run(_replay(options, dialogs, None))
    else:
        with (
            tempfile.TemporaryDirectory(prefix="replay-") as folder,
            running_product(Path(options.data_dir or folder)) as product,
        ):
            report = asyncio.run(_replay(options, dialogs, product))
    print(json.dumps(report, indent=1) if options.json else "\n".join(f"{key:20} {report[key]}" for key in report))
    sys.exit(1 if report["broken"] or report["stuck"] else 0)


async def _replay(options: argparse.Namespace, dialogs: list[list[str]], product: Product | None) -> dict[str, Any]:
    database = product.data_dir / "zeroline.sqlite3" if product else options.database
    crowd = Crowd(product.url if product else options.url, options.at_once, options.patience, think=options.think)
    appetite, kills, clerks = Appetite(), list[Kill](), list[Clerk]()
    async with AsyncExitStack() as stack:
        if product:
            stack.callback(asyncio.create_task(appetite.watch(product)).cancel)
        for _ in range(options.operators):
            clerks.append(await stack.enter_async_context(_clerk(options, product)))
            await stack.enter_async_context(working(clerks[-1]))
        if product:
            kills = await stack.enter_async_context(killing(product, crowd, sum(map(len, dialogs)), options.kill))
        started = time.monotonic()
        await crowd.play(dialogs)
        took = time.monotonic() - started
    if database:
        await quiet(database)
    said = [one for clerk in clerks for one in clerk.said]
    return {
        "conversations": len(dialogs),
        "lines": sum(map(len, dialogs)),
        **figures(crowd.ledgers),
        **_rates(crowd, took, database),
        "tickets_closed": sum(clerk.closed for clerk in clerks),
        "memory_mb": {"peak": appetite.peak, "last": appetite.last},
        "cpu_seconds": appetite.cpu,
        "kills": [asdict(kill) for kill in kills],
        "broken": _broken(database, crowd, said),
    }


def _rates(crowd: Crowd, seconds: float, database: Path | None) -> dict[str, Any]:
    rows = sum(map(len, oracle.read(database).messages.values())) if database else None
    return {
        "seconds": round(seconds, 1),
        "lines_per_second": round(crowd.settled / seconds, 1),
        "rows_stored": rows,
        "rows_per_second": None if rows is None else round(rows / seconds, 1),
    }


def _broken(database: Path | None, crowd: Crowd, said: list[Said]) -> list[str]:
    """Without the database only what the customers could see."""
    if database is None:
        return [fault for ledger in crowd.ledgers for fault in ledger.faults]
    return oracle.verdict(database, crowd.ledgers, said) + oracle.heard_twice(database.parent / "rasa" / "trackers.db")


def _clerk(options: argparse.Namespace, product: Product | None) -> AbstractAsyncContextManager[Clerk]:
    if product:
        return clerk(product.url, product.login, product.password)
    return clerk(options.url, options.login, options.password)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--star", type=Path, required=True, help="JSONL of dialogs")
    parser.add_argument("--multidogo", type=Path, required=True, help="JSONL of dialogs, mixed with the first")
    parser.add_argument("--conversations", type=int, default=300)
    parser.add_argument("--at-once", type=int, default=30)
    parser.add_argument("--patience", type=float, default=60, help="seconds after which a customer counts as stuck")
    parser.add_argument("--think", type=float, default=0, help="mean seconds a customer takes before each line")
    parser.add_argument("--url", help="a running product; without it one is started in a folder of its own")
    parser.add_argument("--database", type=Path, help="the database of the product at --url, to be judged too")
    parser.add_argument("--data-dir", type=Path, help="an empty folder for the product started here, kept afterwards")
    parser.add_argument("--kill", type=_kills, default=[], metavar="app=3,rasa=3", help="kill -9 children on the way")
    parser.add_argument("--operators", type=int, default=0, help="answer and close tickets, so that the bot goes on")
    parser.add_argument("--login", default="admin", help="of the operators, with --url")
    parser.add_argument("--password", help="of that login")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.kill and options.url:
        parser.error("only a product started here can be killed: leave --url out")
    return options


def _kills(text: str) -> list[str]:
    """`app=2,rasa=1` becomes app, rasa, app: the children take turns."""
    wanted = [name_and_count.split("=") for name_and_count in text.split(",")]
    if any(len(pair) != 2 or pair[0] not in CHILDREN or not pair[1].isdigit() for pair in wanted):
        raise argparse.ArgumentTypeError(f"{text!r} is not like app=3,rasa=3")
    rounds = zip_longest(*([name] * int(count) for name, count in wanted))
    return [name for name in chain.from_iterable(rounds) if name is not None]


if __name__ == "__main__":
    main()
