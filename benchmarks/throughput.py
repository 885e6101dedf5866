"""The whole product against stock Rasa, turn about in one run, as a Markdown table: `python -m benchmarks.throughput`.

Ours: the app with its search, Rasa, the action server, supervisor and parent, driven through the widget's socket.
Stock: Rasa 3.6.21 with its action server over the same intents, driven through the REST channel; it searches nothing.
"""

import argparse
import asyncio
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path

import httpx

from benchmarks.load import CONVERSATION, Pressed, Talk, cpu, press, streams, weight
from benchmarks.stock_rasa import CONFIGURATIONS, Project, Stock, first_answer, trained
from tests.crowd import own_address
from tests.ledger import Customer
from tests.product import ROOT, Product, running_product, wait_for

PATIENCE = 60.0
FIRST = "hello"
WARM_SECONDS = 4.0


@dataclass(slots=True)
class Side:
    """What one of the two showed. `starts`: seconds to the first answer; `cpu`: milliseconds a message."""

    starts: list[float] = field(default_factory=list)
    pressed: dict[int, Pressed] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)
    idle: dict[str, float] = field(default_factory=dict)
    cpu: float = 0.0


def main() -> None:
    """Prints the table; exit status 1 when the product answered anything without Rasa."""
    options = _options()
    project = trained(options.stock_python, options.epochs, options.stock)
    ours, stock = Side(), Side()
    with tempfile.TemporaryDirectory(prefix="throughput-") as folder:
        with running_product(Path(folder)) as product:
            pass
        for _ in range(options.starts - 1):
            with _ours(product, ours), _stock(project, stock):
                pass
        with _ours(product, ours) as pid, _stock(project, stock) as rasa:
            ours.idle, stock.idle = weight([pid]), weight(_pids(rasa))
            asyncio.run(_rounds(options, (ours, product, pid), (stock, rasa)))
            ours.memory, stock.memory = weight([pid]), weight(_pids(rasa))
            outcomes = _outcomes(product)
    print(_table(ours, stock))
    print(f"\nTurns of ours by outcome: {', '.join(f'{name} {count}' for name, count in outcomes.items())}.")
    sys.exit(0 if set(outcomes) == {"answered"} else 1)


async def _rounds(options: argparse.Namespace, ours: tuple[Side, Product, int], stock: tuple[Side, Stock]) -> None:
    texts = _texts()
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as http:
        sides = ((ours[0], _widget(ours[1]), [ours[2]]), (stock[0], _rest(stock[1], http), _pids(stock[1])))
        for _, talk, _ in sides:
            await press(talk, streams(texts, -1), 2, WARM_SECONDS)
        spent = {id(side): [0.0, 0] for side, _, _ in sides}
        for turn in range(options.rounds):
            for senders in options.senders:
                for side, talk, pids in sides if turn % 2 else reversed(sides):
                    before = cpu(pids)
                    done = await press(talk, streams(texts, turn), senders, options.seconds)
                    spent[id(side)][0] += cpu(pids) - before
                    spent[id(side)][1] += len(done.answers)
                    side.pressed.setdefault(senders, Pressed(senders)).add(done)
                    print(f"… {senders} senders: {done.rate:.1f}/s", file=sys.stderr)
        for side, _, _ in sides:
            seconds, answers = spent[id(side)]
            side.cpu = 1000 * seconds / answers


def _widget(product: Product) -> Talk:
    numbers = count()

    async def talk(lang: str, stream: Iterator[str]) -> AsyncGenerator[float, None]:
        async with Customer(product.url, lang=lang, source=own_address(product.url, next(numbers))) as customer:
            while not customer.ledger.connections:  # noqa: ASYNC110 - nobody writes before the widget is open
                await asyncio.sleep(0.002)
            for text in islice(stream, CONVERSATION):
                line = await customer.settled(await customer.say(text), PATIENCE)
                if line.replied_at is None:
                    raise AssertionError(f"no answer to {text!r}: {line.fate} {dict(customer.ledger.refusals)}")
                yield line.replied_at - line.sent_at
                if customer.ledger.shown[-1]["kind"] == "handoff" or customer.holder != "bot":
                    return

    return talk


def _rest(stock: Stock, http: httpx.AsyncClient) -> Talk:
    numbers = count()

    async def talk(lang: str, stream: Iterator[str]) -> AsyncGenerator[float, None]:
        sender = f"{lang}-{next(numbers)}"
        for text in islice(stream, CONVERSATION):
            started = time.monotonic()
            if not await stock.ask(http, sender, text):
                raise AssertionError(f"stock Rasa said nothing to {text!r}")
            yield time.monotonic() - started

    return talk


@contextmanager
def _ours(product: Product, side: Side) -> Iterator[int]:
    """The prepared product started again, with its first answer heard; the pid of its parent."""
    started = time.monotonic()
    command = [sys.executable, "-m", "bot", "run"]
    with (product.data_dir / "again.out").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=product.environment, stdout=log, stderr=log)
    try:
        wait_for(product.ready, f"every part, see {product.data_dir}/logs", PATIENCE * 3)
        asyncio.run(_greeted(product))
        side.starts.append(time.monotonic() - started)
        yield process.pid
    finally:
        process.terminate()
        process.wait(40)


async def _greeted(product: Product) -> None:
    async for _ in _widget(product)("en", iter([FIRST])):
        pass


@contextmanager
def _stock(project: Project, side: Side) -> Iterator[Stock]:
    started = time.monotonic()
    with project.running() as stock:
        first_answer(stock, FIRST)
        side.starts.append(time.monotonic() - started)
        yield stock


def _pids(stock: Stock) -> list[int]:
    return [process.pid for process in stock.processes]


def _outcomes(product: Product) -> dict[str, int]:
    """How many turns ended how since the last start, as the product's own counters say."""
    said = httpx.get(f"{product.url}/metrics", timeout=PATIENCE, trust_env=False).raise_for_status().text
    found = re.findall(r'zeroline_turn_seconds_count\{outcome="(\w+)"\} ([\d.]+)', said)
    return {name: round(float(number)) for name, number in found}


def _texts() -> dict[str, list[str]]:
    """Questions in scope by language: what the quality tests ask of the articles."""
    golden = ROOT / "tests/quality/golden"
    rows = {lang: (golden / f"{lang}.tsv").read_text(encoding="utf-8").splitlines() for lang in ("ru", "en")}
    return {lang: [row.partition("\t")[0] for row in found if row.strip()] for lang, found in rows.items()}


def _table(ours: Side, stock: Side) -> str:
    rows = [("start to the first answer, s", statistics.median(ours.starts), statistics.median(stock.starts), False)]
    for senders, mine in ours.pressed.items():
        theirs = stock.pressed[senders]
        rows += [
            (f"{senders} senders: messages/s", mine.rate, theirs.rate, True),
            (f"{senders} senders: p50, ms", mine.part(0.5), theirs.part(0.5), False),
            (f"{senders} senders: p95, ms", mine.part(0.95), theirs.part(0.95), False),
        ]
    rows.append(("CPU ms a message", ours.cpu, stock.cpu, False))
    for when, us, them in (("at first", ours.idle, stock.idle), ("after the load", ours.memory, stock.memory)):
        rows += [(f"memory {when}, {kind.upper()} MB", us[kind], them[kind], False) for kind in ("pss", "rss")]
    lines = [f"| {name} | {a:.1f} | {b:.1f} | {a / b if more else b / a:.1f} × |" for name, a, b, more in rows]
    return "\n".join(["| | Zeroline | stock Rasa | better by |", "|---|---|---|---|", *lines])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--senders", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--seconds", type=float, default=20, help="of each round on each side")
    parser.add_argument("--rounds", type=int, default=3, help="of each number of senders")
    parser.add_argument("--starts", type=int, default=3, help="of each side; the median counts")
    parser.add_argument("--stock", choices=CONFIGURATIONS, default="default", help="how stock Rasa is configured")
    parser.add_argument("--epochs", type=int, default=100, help="of stock's classifier; changes its training alone")
    parser.add_argument(
        "--stock-python", type=Path, help="of an environment with Rasa and TensorFlow; else one is made"
    )
    parser.add_argument("--quick", action="store_true", help="one start, one short round")
    options = parser.parse_args()
    if options.quick:
        options.starts, options.rounds, options.seconds, options.epochs = 1, 1, 6.0, 5
    return options


if __name__ == "__main__":
    main()
