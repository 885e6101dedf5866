"""A courier on a real database, at a desk where nobody sits, with a clock that a test may turn."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from bot.notices.model import Notice
from bot.notices.push import Push
from bot.notices.service import Browsers, Errands
from bot.notices.store import errands
from bot.notices.webhook import COMPANY, Post
from bot.storage.database import Database
from tests.contract.backends import sqlite
from tests.unit.notices.outside import Browser, Receiver, receiver
from tests.waiting import until

SECRET = "c2l4dGVlbiBieXRlcyBhbmQgc2l4dGVlbiBtb3JlLi4"
NOTICE = Notice("anna", "new", "b1f0c1d2-0000-4000-8000-000000000001", 12, "c1", "Новое обращение", "A new ticket")


@dataclass(slots=True)
class Office:
    courier: Errands
    database: Database
    post: Post
    push: Push
    outside: Receiver
    at_desk: set[str] = field(default_factory=set)
    time: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    _running: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._running = asyncio.create_task(self.courier.run())

    async def stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
            self._running = None

    def pass_time(self, **by: float) -> None:
        self.time += timedelta(**by)

    async def idle(self) -> None:
        """Returns when nothing is being carried: an attempt's end is written at the time it had, not at a later one."""

        async def nothing_under_way() -> bool:
            return all(state != "sending" for _, state, _ in await self.states())

        await until(nothing_under_way, "the end of every attempt")

    async def subscribe(self, operator_id: str = "anna") -> Browser:
        browser = Browser(f"{self.outside.url}/push/{operator_id}")
        await self.courier.subscribe(operator_id, browser.endpoint, browser.p256dh, browser.auth)
        return browser

    async def need(self, notice: Notice = NOTICE) -> None:
        await self.database.write(lambda tx: self.courier.need(tx, notice))

    async def states(self) -> list[tuple[str, str, str]]:
        """(way, state, why) of every errand."""

        def work(tx: Connection) -> list[tuple[str, str, str]]:
            return [(row.kind, row.state, row.why) for row in tx.execute(select(errands).order_by(errands.c.id))]

        return await self.database.read(work)


@pytest.fixture
async def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    monkeypatch.setattr("bot.notices.service.POLL", 0.005)
    async with sqlite(tmp_path) as database, receiver() as outside:
        post, push = Post(timeout=2), Push(SECRET, "https://help.example")
        browsers = Browsers(database, push, post, COMPANY)
        made: list[Office] = []
        courier = Errands(database, lambda: made[0].time, lambda _, who: who in made[0].at_desk, browsers)
        made.append(Office(courier, database, post, push, outside))
        try:
            yield made[0]
        finally:
            await made[0].stop()
            await post.close()
