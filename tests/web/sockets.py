"""Plain websocket clients for the tests: they speak frames and wait for the one they need."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from bot.conversation.model import Incoming
from bot.web.schemas import PROTOCOL
from tests.waiting import DEADLINE
from tests.web.house import House, OperatorClient

Event = dict[str, Any]


class Client:
    """One socket. `seen` keeps everything it received."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.seen: list[Event] = []

    async def send(self, **frame: Any) -> None:
        await self.socket.send(json.dumps(frame))

    async def event(self) -> Event:
        """The next frame from the server."""
        async with asyncio.timeout(DEADLINE):
            event: Event = json.loads(await self.socket.recv())
        self.seen.append(event)
        return event

    async def expect(self, kind: str, /, **fields: Any) -> Event:
        """The next frame of this type with these fields; others before it are kept in `seen`."""
        while True:
            event = await self.event()
            if event["type"] == kind and all(event.get(name) == value for name, value in fields.items()):
                return event

    async def until_event(self, kind: str, /, **fields: Any) -> Event:
        """The first frame of this type with these fields, seen already or still to come."""
        wanted = {"type": kind, **fields}
        found = next((event for event in self.seen if event.items() >= wanted.items()), None)
        return found or await self.expect(kind, **fields)

    async def closed(self) -> int:
        """Reads to the end and returns the close code."""
        with suppress(ConnectionClosed):
            while True:
                await self.event()
        code = self.socket.close_code
        assert code is not None
        return code


class Visitor(Client):
    """A widget. `rows` are the transcript as it was shown, by seq."""

    token: str | None = None

    def rows(self) -> dict[int, Event]:
        shown = [row for event in self.seen if event["type"] == "messages" for row in event["messages"]]
        assert len({row["seq"] for row in shown}) == len(shown), "a row was shown twice"
        return {row["seq"]: row for row in shown}

    async def hello(self, token: str | None = None, after: int = 0, lang: str = "ru", **more: Any) -> Event:
        await self.send(type="hello", v=PROTOCOL, token=token, after=after, lang=lang, **more)
        welcome = await self.expect("welcome")
        self.token = welcome["token"] or token
        return welcome

    async def say(self, text: str, cid: str | None = None) -> int:
        """Sends a message and returns the seq it was acknowledged with."""
        cid = cid or uuid4().hex
        await self.send(type="message", cid=cid, text=text)
        return int((await self.expect("ack", cid=cid))["seq"])

    async def until_row(self, **fields: Any) -> Event:
        """The first row with these fields, seen already or still to come."""
        while True:
            for row in self.rows().values():
                if all(row[name] == value for name, value in fields.items()):
                    return row
            await self.expect("messages")


def incoming(text: str) -> Incoming:
    """A customer's line that comes by another road than this socket."""
    return Incoming(uuid4().hex, text=text)


@asynccontextmanager
async def dial(house: House, path: str, **headers: str) -> AsyncIterator[ClientConnection]:
    """A raw socket; `headers` with underscores for dashes, Origin is our own unless given (empty: none)."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    origin = given.pop("Origin", house.url)
    async with connect(
        f"ws://{house.host}{path}",
        origin=Origin(origin) if origin else None,
        additional_headers=given,
        compression=None,
        max_size=None,
        # A client that reads nothing until it leaves would not hear the server say goodbye, and wait for 10 s.
        max_queue=None,
        proxy=None,
    ) as socket:
        yield socket


class DeskClient(Client):
    """An operator's browser."""

    async def until_ticket(self, ticket_id: str) -> Event:
        """The first news of this ticket, seen already or still to come."""
        told = [event["ticket"] for event in self.seen if event["type"] == "ticket"]
        while not (found := [ticket for ticket in told if ticket["id"] == ticket_id]):
            told.append((await self.expect("ticket"))["ticket"])
        return found[0]  # type: ignore[no-any-return]


@asynccontextmanager
async def visiting(house: House) -> AsyncIterator[Visitor]:
    async with dial(house, "/ws/widget") as socket:
        yield Visitor(socket)


@asynccontextmanager
async def at_desk(house: House, operator: OperatorClient) -> AsyncIterator[DeskClient]:
    """An operator's socket after its welcome, which is the last frame in `seen`."""
    async with dial(house, "/ws/desk", Cookie=operator.cookie) as socket:
        client = DeskClient(socket)
        await client.send(type="hello", v=PROTOCOL)
        await client.expect("welcome")
        yield client
