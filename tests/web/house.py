"""The web door on the real services: real SQLite, bus and sockets on a free port; only the engine is scripted."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, cast
from uuid import uuid4

import httpx
from sqlalchemy import Connection

from bot.accounts.model import Operator, Role
from bot.accounts.service import Accounts, token_hash
from bot.accounts.store import AccountStore
from bot.analytics.metrics import Metrics
from bot.bus.local import LocalBus
from bot.clock import now
from bot.conversation.canned import Canned
from bot.conversation.lead import Lead
from bot.conversation.parts import Outside, open_parts
from bot.conversation.review import Review
from bot.conversation.service import Conversations
from bot.files.service import Files
from bot.issues.service import Issues
from bot.kb.learner import Learner
from bot.kb.service import KnowledgeBase
from bot.notices.service import Errands
from bot.storage.database import Database
from bot.web.app import create_app, serving
from bot.web.door import App
from bot.web.limits import Rate
from bot.web.options import Limits, Timings, WebOptions
from handoff.desk import Desk, open_desk
from tests.contract.backends import sqlite
from tests.fakes import Clock, ScriptedEngine, Shelf, Told
from tests.unit.kb.school import EASY
from tests.unit.kb.wordy import WordyEncoder

PASSWORD = "a password for tests"
PLENTY = Rate(0.0001, 100_000)
GENEROUS = Limits(messages=(PLENTY,), visitors=PLENTY, handshakes=PLENTY, requests=PLENTY, sockets=10_000)


@dataclass(slots=True)
class Rooms:
    """What the web door receives in tests; the shape of the product's own services. `taught`: what the learner learns
    for, not started; conversations are answered by `knowledge`."""

    database: Database
    bus: LocalBus
    accounts: Accounts
    knowledge: Shelf
    conversations: Conversations
    metrics: Metrics
    engine: ScriptedEngine
    desk: Desk
    clock: Clock
    told: Told
    notices: Errands
    files: Files
    lead: Lead
    canned: Canned
    issues: Issues
    review: Review
    learner: Learner
    taught: KnowledgeBase
    parts: dict[str, bool] = field(default_factory=lambda: {"database": True, "rasa": True})

    looks: int = 0

    async def ready(self) -> dict[str, bool]:
        self.looks += 1
        return self.parts


@dataclass(slots=True)
class House:
    """A running web app and the rooms behind it."""

    rooms: Rooms
    app: App
    url: str

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    async def operator(self, login: str, role: Role = Role.OPERATOR) -> "OperatorClient":
        """A new operator with a session, made without the 80 ms that two password hashes cost."""
        operator, token, csrf = Operator(uuid4().hex, login, login.capitalize(), role), token_urlsafe(), token_urlsafe()

        def work(tx: Connection) -> None:
            store = AccountStore()
            store.add(tx, operator, "no password opens this", now())
            store.start_session(tx, token_hash(token), operator.id, csrf, now())

        await self.rooms.database.write(work)
        http = httpx.AsyncClient(
            base_url=self.url,
            headers={"Origin": self.url, "X-CSRF-Token": csrf},
            cookies={"zeroline_session": token},
        )
        return OperatorClient(http, csrf)


@dataclass(slots=True)
class OperatorClient:
    http: httpx.AsyncClient
    csrf: str

    @property
    def cookie(self) -> str:
        return f"zeroline_session={self.http.cookies['zeroline_session']}"

    async def post(self, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        return await self.http.post(path, json=body or {})

    async def get(self, path: str) -> httpx.Response:
        return await self.http.get(path)


@asynccontextmanager
async def rooms(folder: Path) -> AsyncIterator[Rooms]:
    async with sqlite(folder) as database:
        bus, shelf, engine, metrics, clock = LocalBus(), Shelf(), ScriptedEngine(), Metrics(), Clock()
        taught = KnowledgeBase(database, WordyEncoder(dimension=512), folder / "index", {"ru": EASY, "en": EASY}, clock)
        learner = Learner(database, taught, clock)
        notices, files = Errands(database, clock, lambda *_: False), Files(database, folder / "files", "secret")
        told = Told(notices)
        desk = open_desk(clock)
        parts = open_parts(database, bus, desk, Outside(metrics, told, files), clock)
        conversations = Conversations(parts, shelf, engine)
        review = Review(parts, learner)
        accounts = Accounts(database, "secret", audit=conversations.audit)
        turns = asyncio.create_task(conversations.run())
        try:
            yield Rooms(
                database=database,
                bus=bus,
                accounts=accounts,
                knowledge=shelf,
                conversations=conversations,
                metrics=metrics,
                engine=engine,
                desk=desk,
                clock=clock,
                told=told,
                notices=notices,
                files=files,
                lead=Lead(parts, accounts, notices.forget),
                canned=Canned(parts),
                issues=Issues(parts, notices.ship, "https://help.example"),
                review=review,
                learner=learner,
                taught=taught,
            )
        finally:
            turns.cancel()
            await asyncio.gather(turns, return_exceptions=True)
            await review.close()
            await learner.close()
            await taught.close()


@asynccontextmanager
async def serve(behind: Rooms, options: WebOptions | None = None) -> AsyncIterator[House]:
    """Serves on a free port; `public_url` is set to it unless the options name another host."""
    chosen = options or WebOptions(limits=GENEROUS)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        if chosen.at_home:
            chosen = replace(chosen, public_url=url)
        app = create_app(cast(Any, behind), chosen)
        async with serving(app, listener):
            yield House(behind, app, url)


def quick(**changes: float) -> WebOptions:
    """Options with generous limits and chosen timings."""
    return WebOptions(limits=GENEROUS, timings=replace(Timings(), **changes))
