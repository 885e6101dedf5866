"""Many book-keeping customers at once, and children of the supervisor killed while they talk."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests import oracle
from tests.ledger import Customer, Ledger, Line
from tests.product import Product

BACK_SECONDS = 300
"""Longest wait for a killed child: on a machine with eight other jobs the app has needed 76 s to start."""

POLL = 0.2
READY_IS_OLD = 1.5
"""Seconds: the product looks at its parts once a second, so what it says just after a kill is from before."""


@dataclass(frozen=True, slots=True)
class Kill:
    """One `kill -9`: after how many settled lines, and seconds until every part was ready again."""

    name: str
    at_line: int
    back_after: float


@dataclass(slots=True)
class Crowd:
    """Customers of one product, at most `at_once` of them together; each waits `patience` seconds for every reply.

    `together`: how many lines a customer sends before waiting; `think`: mean seconds before they write again;
    `settled`: lines whose fate is known so far; `open`: whether new customers come in.
    """

    url: str
    at_once: int
    patience: float = 60
    together: int = 1
    lang: str = "en"
    think: float = 0
    ledgers: list[Ledger] = field(default_factory=list)
    settled: int = 0
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def play(self, dialogs: Sequence[Sequence[str]]) -> None:
        """Every dialog by a customer of its own; returns when the last one has left."""
        free = asyncio.Semaphore(self.at_once)
        self.open.set()

        async def visit(number: int, lines: Sequence[str]) -> None:
            async with free:
                await self.open.wait()
                await self._visit(number, lines)

        await asyncio.gather(*(visit(number, lines) for number, lines in enumerate(dialogs)))

    async def _visit(self, number: int, lines: Sequence[str]) -> None:
        async with Customer(self.url, lang=self.lang, source=own_address(self.url, number)) as customer:
            self.ledgers.append(customer.ledger)
            for start in range(0, len(lines), self.together):
                await asyncio.sleep(random.expovariate(1 / self.think) if self.think else 0)
                said = [await customer.say(text) for text in lines[start : start + self.together]]
                for line in said:
                    await customer.settled(line, self.patience)
                    self.settled += 1
            await _leave(customer)


def own_address(url: str, number: int) -> str | None:
    """An address for each customer: to the product's limits they are strangers from many homes.

    Only a product on this machine can be dialled from another loopback address, and only Linux has them all; elsewhere
    raise the limits of one address in the product's settings.
    """
    if urlsplit(url).hostname not in ("localhost", "127.0.0.1") or not Path("/proc/sys/net").exists():
        return None
    return f"127.{1 + number // 62500 % 250}.{number // 250 % 250}.{1 + number % 250}"


async def _leave(customer: Customer) -> None:
    """Goes when all that was acknowledged has been shown, and reads it once more; what is missing, the oracle names."""
    due = max((line.seq for line in customer.ledger.lines if line.seq is not None), default=0)
    try:
        await customer.sees(due, 60)
        await customer.reread()
    except TimeoutError:
        customer.ledger.faults.append(f"D4: the transcript up to {due} could not be read to its end")


async def quiet(database: Path, seconds: float = 60) -> None:
    """Waits until no turn is pending; one that stays so is for the oracle to name."""
    await _until(lambda: oracle.pending(database) == 0, seconds)


@asynccontextmanager
async def killing(product: Product, crowd: Crowd, lines: int, names: Sequence[str]) -> AsyncIterator[list[Kill]]:
    """While the block runs, kills these children one after another at even distances along the `lines`.

    A child dies only when all are well again, so after each kill the distance is taken anew from the lines left.
    """
    kills: list[Kill] = []

    async def work() -> None:
        for number, name in enumerate(names):
            step = (lines - crowd.settled) // (len(names) - number + 1)
            due = crowd.settled + step
            await _until(lambda due=due: crowd.settled >= due, 3_600)  # type: ignore[misc]
            kills.append(await _kill(product, name, crowd, step))

    task = asyncio.create_task(work())
    try:
        yield kills
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _kill(product: Product, name: str, crowd: Crowd, step: int) -> Kill:
    """Kills and waits. Customers who are there go on; new ones come for half of `step`, or nobody would be left to see
    the later kills."""
    at_line, started = crowd.settled, time.monotonic()
    old = await asyncio.to_thread(product.kill, name)
    await asyncio.sleep(READY_IS_OLD)
    while (await asyncio.to_thread(product.pid, name)) in (None, old) or not await asyncio.to_thread(product.ready):
        if crowd.settled > at_line + step // 2:
            crowd.open.clear()
        if time.monotonic() > started + BACK_SECONDS:
            raise AssertionError(f"{name} was killed and is not back after {BACK_SECONDS} s")
        await asyncio.sleep(POLL)
    crowd.open.set()
    return Kill(name, at_line, round(time.monotonic() - started, 1))


async def _until(condition: Callable[[], bool], seconds: float) -> None:
    """Looks rarely, for the machine is being measured; returns when it is true or the time is over."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:  # noqa: ASYNC110 - what it looks at rings no bell
        await asyncio.sleep(POLL)


def fates(ledgers: Sequence[Ledger]) -> dict[str, int]:
    """How many lines ended how."""
    ends: list[Line] = [line for ledger in ledgers for line in ledger.lines]
    return {fate: sum(line.fate == fate for line in ends) for fate in ("bot", "person", "refused", "stuck")}
