"""An operator who keeps books: signs in at the desk's HTTP API, works tickets, repeats what was not confirmed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

ENDED = frozenset({"ticket_closed", "already_claimed", "not_your_ticket", "ticket_unknown"})
"""Codes of answers that mean: somebody was here before, perhaps ourselves before the connection broke."""


@dataclass(frozen=True, slots=True)
class Said:
    """One confirmed answer, as the server numbered it."""

    conversation: str
    cid: str
    seq: int
    text: str


@dataclass(slots=True)
class Clerk:
    """`said`: every answer the server confirmed; `closed`: how many tickets were worked to their end."""

    http: httpx.AsyncClient
    headers: dict[str, str]
    said: list[Said] = field(default_factory=list)
    closed: int = 0

    async def tickets(self) -> list[dict[str, Any]]:
        """The open tickets, longest waiting first."""
        answer = await self._insist("GET", "/api/desk/tickets")
        return list(answer["tickets"])

    async def claim(self, ticket_id: str) -> bool:
        """False when the ticket cannot be ours any more."""
        return "code" not in await self._insist("POST", f"/api/desk/tickets/{ticket_id}/claim")

    async def say(self, ticket: dict[str, Any], text: str) -> dict[str, Any]:
        """Says it once, however often it takes; the answer of the server, with `code` when it refused."""
        cid = f"o-{uuid4().hex}"
        body = {"cid": cid, "text": text}
        answer = await self._insist("POST", f"/api/desk/tickets/{ticket['id']}/messages", body)
        if "seq" in answer:
            self.said.append(Said(ticket["conversation"], cid, answer["seq"], text.replace("\x00", "\ufffd")))
        return answer

    async def close(self, ticket_id: str) -> None:
        await self._insist("POST", f"/api/desk/tickets/{ticket_id}/close", {"outcome": "solved"})
        self.closed += 1

    async def work(self, words: str) -> None:
        """Answers and closes every ticket that comes, for ever."""
        while True:
            for ticket in await self.tickets():
                if await self.claim(ticket["id"]):
                    await self.say(ticket, words)
                    await self.close(ticket["id"])
            await asyncio.sleep(0.5)

    async def _insist(self, method: str, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
        """Asks until there is an answer. Raises httpx.HTTPStatusError for one that is neither a yes nor expected."""
        while True:
            try:
                answer = await self.http.request(method, path, json=body, headers=self.headers)
            except httpx.TransportError:
                await asyncio.sleep(0.2)
                continue
            if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
                await asyncio.sleep(answer.json()["retry_after"])
                continue
            found: dict[str, Any] = answer.json()
            if found.get("code") not in ENDED | {"text_empty", "text_too_long"}:
                answer.raise_for_status()
            return found


@asynccontextmanager
async def clerk(url: str, login: str, password: str) -> AsyncIterator[Clerk]:
    """Signed in for as long as the block runs."""
    async with httpx.AsyncClient(base_url=url, timeout=20, headers={"Origin": url}) as http:
        answer = await http.post("/api/desk/login", json={"login": login, "password": password})
        answer.raise_for_status()
        yield Clerk(http, {"X-CSRF-Token": answer.json()["csrf"]})


@asynccontextmanager
async def working(clerk: Clerk) -> AsyncIterator[None]:
    """While the block runs, the clerk answers and closes every ticket; raises what went wrong for them."""
    task = asyncio.create_task(clerk.work("Thank you for waiting. Спасибо за ожидание!"))
    try:
        yield
        if task.done():
            task.result()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
