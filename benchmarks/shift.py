"""A shift replayed: recorded customers at their pace, six operators of whom two fail: `python -m benchmarks.shift`."""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from benchmarks.shift_books import judge
from tests.crowd import own_address, quiet
from tests.ledger import Customer
from tests.operators import Habits, Operator, at_work, signed_in
from tests.product import Product, running_product

SEED = 11
OFF_SHIFT = 300
"""Seconds after the last customer's last word within which every ticket must be closed."""

TEAM = (
    Habits("anna", "Anna", langs=("en",), cap=4),
    Habits("boris", "Boris", langs=("ru", "en"), cap=3),
    Habits("clara", "Clara", langs=("ru",), cap=2),
    Habits("denis", "Denis", langs=("en",), skills=("payment", "account", "contract", "refunds"), cap=5),
    Habits("erik", "Erik", langs=("en",), cap=3, silent_after=2),
    Habits("fedor", "Fedor", langs=("en", "ru"), cap=3, gone_after=2),
)
RUSSIAN = (
    ("позовите оператора, пожалуйста", "меня интересует подключение на даче", "спасибо, всё понятно"),
    ("хочу поговорить с человеком", "мне дважды выставили счёт за один месяц", "жду"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """`at`: seconds after this customer came."""

    at: float
    text: str


@dataclass(slots=True)
class Visit:
    """One customer of the shift. `seen`: seq of each row and the wall-clock second at which it was shown."""

    lines: list[Line]
    lang: str
    comes_at: float
    customer: Customer | None = None
    seen: dict[int, float] = field(default_factory=dict)
    done: bool = False


class Caller(Customer):
    """A customer who notes when each row was shown."""

    def __init__(self, url: str, visit: Visit, source: str | None) -> None:
        super().__init__(url, lang=visit.lang, source=source)
        self._visit = visit

    def _show(self, rows: list[dict[str, Any]]) -> bool:
        for row in rows:
            self._visit.seen.setdefault(row["seq"], time.time())
        return super()._show(rows)


def main() -> None:
    """Prints the report; exit status 1 when a handoff was lost, held twice, or a cap was exceeded."""
    options = _options()
    visits = _visits(options)
    with (
        tempfile.TemporaryDirectory(prefix="shift-") as folder,
        running_product(Path(options.data_dir or folder)) as product,
    ):
        report = asyncio.run(_shift(product, visits))
    print(json.dumps(report, indent=1) if options.json else "\n".join(f"{key:34} {report[key]}" for key in report))
    sys.exit(0 if report["kept"] else 1)


async def _shift(product: Product, visits: list[Visit]) -> dict[str, Any]:
    async with AsyncExitStack() as stack:
        admin = await stack.enter_async_context(signed_in(product.url, product.login, product.password))
        await _set_rules(admin)
        operators = []
        for habits in TEAM:
            password = await _hire(admin, habits)
            http = await stack.enter_async_context(signed_in(product.url, habits.login, password))
            operators.append(Operator(http, habits, lambda conversation: _finished(visits, conversation)))
            await stack.enter_async_context(at_work(operators[-1]))
        await _until(lambda: all(operator.me for operator in operators), 30)
        await asyncio.gather(*(_come(product.url, number, visit) for number, visit in enumerate(visits)))
        await _until(lambda: not operators[0].tickets, OFF_SHIFT)
    database = product.data_dir / "zeroline.sqlite3"
    await quiet(database)
    return judge(database, visits, operators)


async def _come(url: str, number: int, visit: Visit) -> None:
    await asyncio.sleep(visit.comes_at)
    async with Caller(url, visit, own_address(url, number)) as customer:
        visit.customer, started = customer, time.monotonic()
        for line in visit.lines:
            await asyncio.sleep(max(0.0, started + line.at - time.monotonic()))
            await customer.settled(await customer.say(line.text), 60)
        # Most recorded dialogs are out of our articles' reach; whoever the bot could help asks for a person at the end.
        if not any(row["kind"] == "handoff" for row in customer.ledger.shown):
            await customer.settled(await customer.say(None), 60)
        visit.done = True
        await _until(lambda: any(row["kind"] == "farewell" for row in customer.ledger.shown), OFF_SHIFT)


def _finished(visits: list[Visit], conversation: str) -> bool:
    return any(one.done and one.customer and one.customer.ledger.conversation == conversation for one in visits)


async def _set_rules(admin: httpx.AsyncClient) -> None:
    """Two groups, one of each mode, with the shortest patience for silent people that a lead may set."""
    policy = (await admin.get("/api/desk/policy")).raise_for_status().json()["policy"]
    first = policy["groups"][0] | {"silent_minutes": 1, "reopen_minutes": 0, "mode": "pull"}
    billing = first | {"id": "billing", "ru": "Расчёты", "en": "Billing", "mode": "push", "offer_seconds": 5}
    billing["topics"] = ["payment", "account", "contract", "refunds"]
    (await admin.put("/api/desk/policy", json=policy | {"groups": [first, billing]})).raise_for_status()


async def _hire(admin: httpx.AsyncClient, habits: Habits) -> str:
    new = {"login": habits.login, "name": habits.name, "role": "operator"}
    made = (await admin.post("/api/desk/people", json=new)).raise_for_status().json()
    place = {"cap": habits.cap, "langs": list(habits.langs), "skills": list(habits.skills)}
    (await admin.post(f"/api/desk/people/{made['person']['id']}", json=place)).raise_for_status()
    return str(made["password"])


def _visits(options: argparse.Namespace) -> list[Visit]:
    """The customers of the file at `speed` times their pace, and a few Russian ones, spread over the same minutes."""
    chance = random.Random(SEED)
    rows = [json.loads(row) for row in options.star.open(encoding="utf-8")]
    visits = []
    for row in chance.sample([row for row in rows if row["completion"] == "Complete"], options.customers):
        said = [turn for turn in row["turns"] if turn["speaker"] == "customer" and turn["text"].strip()]
        lines = [Line(turn["t"] / options.speed, turn["text"].strip()[:2_000]) for turn in said]
        visits.append(Visit(lines, "en", chance.uniform(0, options.minutes * 60)))
    for number in range(options.russian):
        words = RUSSIAN[number % len(RUSSIAN)]
        lines = [Line(3.0 * place, text) for place, text in enumerate(words)]
        visits.append(Visit(lines, "ru", chance.uniform(0, options.minutes * 60)))
    return visits


async def _until(condition: Any, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:  # noqa: ASYNC110 - what it looks at rings no bell
        await asyncio.sleep(0.1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--star", type=Path, required=True, help="JSONL of recorded dialogs with times")
    parser.add_argument("--customers", type=int, default=40)
    parser.add_argument("--russian", type=int, default=6, help="Russian customers on top")
    parser.add_argument("--speed", type=float, default=20, help="how many times faster than recorded")
    parser.add_argument("--minutes", type=float, default=1.0, help="within which the customers come")
    parser.add_argument("--data-dir", type=Path, help="an empty folder for the product, kept afterwards")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
