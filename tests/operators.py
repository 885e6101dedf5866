"""Operators at their sockets: each keeps the inbox as the desk's page would, claims, answers and closes."""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

PROTOCOL = 1
BEAT_SECONDS = 15.0
Ticket = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Habits:
    """How an operator works. `think`: mean seconds before a claim or an answer; `silent_after` and `gone_after`:
    tickets after which they stop answering, or vanish with their socket; 0 = never. `langs` and `skills` as set."""

    login: str
    name: str
    langs: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    cap: int = 4
    think: float = 0.6
    silent_after: int = 0
    gone_after: int = 0


@dataclass(slots=True)
class Books:
    """What an operator saw and did. Moments are seconds of the wall clock, as the server stamps its rows.

    `noticed`: first sight of each ticket; `claims`: ticket and the moment the claim was sent, for those that were won;
    `lost`: refusals by code.
    """

    noticed: dict[str, float] = field(default_factory=dict)
    claims: list[tuple[Ticket, float]] = field(default_factory=list)
    lost: dict[str, int] = field(default_factory=dict)
    answers: int = 0
    closed: int = 0


class Operator:
    """One signed-in operator. `finished`: whether the customer of a conversation has nothing more to say."""

    def __init__(self, http: httpx.AsyncClient, habits: Habits, finished: Callable[[str], bool]) -> None:
        self.habits, self.books = habits, Books()
        self.me = ""
        self.tickets: dict[str, Ticket] = {}
        self._http, self._finished = http, finished
        self._socket: ClientConnection | None = None
        self._busy: set[str] = set()
        self._jobs: set[asyncio.Task[None]] = set()

    async def work(self) -> None:
        """Keeps the inbox and works it until cancelled, or until this operator vanishes."""
        url = urlsplit(str(self._http.base_url))
        cookies = "; ".join(f"{name}={value}" for name, value in self._http.cookies.items())
        address = f"ws://127.0.0.1:{url.port}/ws/desk"
        headers = {"Cookie": cookies}
        origin = Origin(f"{url.scheme}://{url.netloc.decode() if isinstance(url.netloc, bytes) else url.netloc}")
        async with connect(
            address, origin=origin, additional_headers=headers, proxy=None, max_size=2**24, close_timeout=1
        ) as socket:
            self._socket = socket
            await socket.send(json.dumps({"type": "hello", "v": PROTOCOL}))
            beating = asyncio.create_task(self._beat(socket))
            try:
                async for raw in socket:
                    self._hear(json.loads(raw))
                    if self._is_gone():
                        return
                    self._look()
            finally:
                beating.cancel()
                for job in self._jobs:
                    job.cancel()

    async def _beat(self, socket: ClientConnection) -> None:
        while True:
            await socket.send(json.dumps({"type": "beat"}))
            await asyncio.sleep(BEAT_SECONDS)

    def _hear(self, event: dict[str, Any]) -> None:
        match event["type"]:
            case "welcome":
                self.me = event["operator"]["id"]
                self.tickets = {}
                for ticket in event["tickets"]:
                    self._keep(ticket)
            case "ticket":
                self._keep(event["ticket"])

    def _keep(self, ticket: Ticket) -> None:
        self.books.noticed.setdefault(ticket["id"], time.time())
        if ticket["status"] == "closed":
            self.tickets.pop(ticket["id"], None)
        else:
            self.tickets[ticket["id"]] = ticket

    def _is_gone(self) -> bool:
        return 0 < self.habits.gone_after <= len(self.books.claims)

    def _is_silent(self) -> bool:
        return 0 < self.habits.silent_after <= len(self.books.claims)

    def _look(self) -> None:
        """Starts what is to be done next for every ticket that nobody is busy with."""
        if self._is_silent():
            return
        mine = [one for one in self.tickets.values() if one["assignee"] == self.me and one["status"] == "claimed"]
        for ticket in mine:
            if ticket["waiting_since"]:
                self._start(ticket, self._answer)
            elif self._finished(ticket["conversation"]):
                self._start(ticket, self._close)
        free = self.habits.cap - len(mine) - len(self._busy)
        for ticket in sorted(self.tickets.values(), key=lambda one: (one["priority"], one["opened_at"])):
            if free > 0 and self._may_claim(ticket):
                self._start(ticket, self._claim)
                free -= 1

    def _may_claim(self, ticket: Ticket) -> bool:
        if ticket["status"] == "offered":
            return bool(ticket["offered_to"] == self.me)
        known = not self.habits.langs or ticket["lang"] in self.habits.langs
        return bool(ticket["status"] == "queued" and known and ticket["tier"] == 1)

    def _start(self, ticket: Ticket, job: Callable[[Ticket], Any]) -> None:
        if ticket["id"] in self._busy:
            return
        self._busy.add(ticket["id"])
        task = asyncio.create_task(self._do(ticket, job))
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)

    async def _do(self, ticket: Ticket, job: Callable[[Ticket], Any]) -> None:
        try:
            await asyncio.sleep(random.expovariate(1 / self.habits.think))
            await job(ticket)
        finally:
            self._busy.discard(ticket["id"])
        self._look()

    async def _claim(self, ticket: Ticket) -> None:
        sent = time.time()
        answer = await self._post(ticket, "claim")
        if answer is not None:
            self._keep(answer)
            self.books.claims.append((answer, sent))

    async def _answer(self, ticket: Ticket) -> None:
        words = f"Thank you, I am looking into it ({self.books.answers + 1})."
        if await self._post(ticket, "messages", {"cid": f"o-{uuid4().hex}", "text": words}) is not None:
            self.books.answers += 1

    async def _close(self, ticket: Ticket) -> None:
        answer = await self._post(ticket, "close", {"outcome": "solved"})
        if answer is not None:
            self._keep(answer)
            self.books.closed += 1

    async def _post(self, ticket: Ticket, verb: str, body: dict[str, Any] | None = None) -> dict[str, Any] | None:
        """The answer; None when it was refused for a reason that happens among colleagues."""
        answer = await self._http.post(f"/api/desk/tickets/{ticket['id']}/{verb}", json=body)
        if answer.status_code in (httpx.codes.CONFLICT, httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND):
            code = answer.json()["code"]
            self.books.lost[code] = self.books.lost.get(code, 0) + 1
            return None
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


@asynccontextmanager
async def signed_in(url: str, login: str, password: str) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client with the operator's session and CSRF token."""
    async with httpx.AsyncClient(base_url=url, timeout=20, headers={"Origin": url}) as http:
        answer = await http.post("/api/desk/login", json={"login": login, "password": password})
        answer.raise_for_status()
        http.headers["X-CSRF-Token"] = answer.json()["csrf"]
        yield http


@asynccontextmanager
async def at_work(operator: Operator) -> AsyncIterator[None]:
    """While the block runs the operator works; raises what went wrong for them."""
    task = asyncio.create_task(operator.work())
    try:
        yield
        if task.done():
            task.result()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
