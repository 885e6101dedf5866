"""A customer who keeps books: a widget client that writes down what it sent, was promised and was shown."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin

PROTOCOL = 1
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
"""Seconds between two tries to connect; the pause doubles from the first to the longest, with jitter."""

Row = dict[str, Any]
Fate = Literal["", "bot", "person", "refused", "stuck"]


@dataclass(slots=True)
class Line:
    """One thing the customer wrote. Moments are seconds of the monotonic clock; `seq` as the server first told it.
    `sent_at` counts anew after a wait that the server asked for, never after a lost connection.

    `fate`: who answered or holds it ("person" also while it waits in the queue), "" while nobody has decided.
    `text` is None for the call for a person, whose words are the product's own.
    """

    cid: str
    text: str | None
    sent_at: float
    acked_at: float | None = None
    replied_at: float | None = None
    seq: int | None = None
    fate: Fate = ""


@dataclass(slots=True)
class Ledger:
    """The books of one customer. `faults`: what no server that keeps the contract ever does, found while it happened.

    `reread` are the rows after `reread_after` as a second client of the same customer got them at the end.
    """

    lines: list[Line] = field(default_factory=list)
    shown: list[Row] = field(default_factory=list)
    conversation: str = ""
    faults: list[str] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    connections: int = 0
    jumps: int = 0
    repeats: int = 0
    reread: list[Row] | None = None
    reread_after: int = 0

    @property
    def cursor(self) -> int:
        return len(self.shown)

    def unacked(self) -> list[Line]:
        return [line for line in self.lines if line.acked_at is None and line.fate != "refused"]

    def line(self, cid: str) -> Line | None:
        return next((line for line in self.lines if line.cid == cid), None)


class Customer:
    """Connected for as long as the `async with` block lasts, whatever happens to the server meanwhile.

    `url`: the product's address; `source`: the loopback address to dial from, so that many customers are not one
    address to the product's limits.
    """

    def __init__(self, url: str, *, lang: str = "en", source: str | None = None) -> None:
        self.ledger = Ledger()
        self.token: str | None = None
        self.holder = "bot"
        self._url, self._lang, self._source = url, lang, source
        self._socket: ClientConnection | None = None
        self._news = asyncio.Event()
        self._pause: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Customer":
        self._life = asyncio.create_task(self._live())
        return self

    async def __aexit__(self, *_: object) -> None:
        tasks = [self._life, *([self._pause] if self._pause else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def say(self, text: str | None) -> Line:
        """Writes the line into the books, then sends it; it is resent until the server has acknowledged it.

        None calls a person, as the button that is always in sight does.
        """
        line = Line(f"c-{uuid4().hex}", text, time.monotonic())
        self.ledger.lines.append(line)
        await self._send(line)
        return line

    async def settled(self, line: Line, seconds: float) -> Line:
        """Waits until the line has a reply or is in a person's hands; after `seconds` its fate is "stuck"."""
        try:
            async with asyncio.timeout(seconds):
                while not self._decide(line):
                    await self._news.wait()
        except TimeoutError:
            line.fate = "stuck"
        return line

    async def sees(self, seq: int, seconds: float) -> None:
        """Waits until this row has been shown. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while self.ledger.cursor < seq:
                await self._news.wait()

    async def reread(self, seconds: float = 60) -> None:
        """Reads the transcript again from a random row on, as another tab would. Raises TimeoutError."""
        after = random.randrange(self.ledger.cursor + 1)
        async with asyncio.timeout(seconds):
            while self.ledger.reread is None:
                with suppress(OSError, WebSocketException):
                    self.ledger.reread, self.ledger.reread_after = await self._history(after), after
                await asyncio.sleep(FIRST_PAUSE)

    async def _history(self, after: int) -> list[Row]:
        rows: list[Row] = []
        async with _dialled(self._url, self._source) as socket:
            await socket.send(self._hello(after))
            last = None
            while last is None or (rows[-1]["seq"] if rows else after) < last:
                event = json.loads(await socket.recv())
                last = event["last_seq"] if event["type"] == "welcome" else last
                rows += event["messages"] if event["type"] == "messages" else []
        return rows

    def _decide(self, line: Line) -> bool:
        if line.fate in ("", "stuck") and line.acked_at is not None and line.seq is not None:
            reply = next((row for row in self.ledger.shown[line.seq :] if row["author"] != "customer"), None)
            if reply is not None:
                line.fate = "bot" if reply["author"] == "bot" else "person"
            elif self.holder != "bot":
                line.fate = "person"
        return line.fate not in ("", "stuck")

    async def _live(self) -> None:
        pause = FIRST_PAUSE
        while True:
            known = self.ledger.connections
            with suppress(OSError, TimeoutError, WebSocketException):
                async with _dialled(self._url, self._source) as socket:
                    await socket.send(self._hello(self.ledger.cursor))
                    async for raw in socket:
                        await self._hear(socket, json.loads(raw))
            self._socket = None
            pause = FIRST_PAUSE if self.ledger.connections > known else min(2 * pause, LONGEST_PAUSE)
            await asyncio.sleep(pause * random.uniform(0.5, 1))

    def _hello(self, after: int) -> str:
        hello = {"type": "hello", "v": PROTOCOL, "after": after, "lang": self._lang}
        return json.dumps(hello if self.token is None else hello | {"token": self.token})

    async def _hear(self, socket: ClientConnection, event: dict[str, Any]) -> None:
        match event["type"]:
            case "welcome":
                self._welcomed(event)
                self._socket = socket
                await self._resend()
            case "messages" if not self._show(event["messages"]):
                await socket.close()
            case "ack":
                self._acked(event["cid"], event["seq"])
            case "refused":
                self._refused(event)
            case "state":
                self.holder = event["holder"]
            case "error":
                self.ledger.refusals[event["code"]] += 1
        self._news.set()
        self._news = asyncio.Event()

    def _welcomed(self, event: dict[str, Any]) -> None:
        ledger = self.ledger
        ledger.connections += 1
        if self.token is not None and event["token"] is not None:
            ledger.faults.append("D4: the server took a known customer for a new one")
        if event["reset"] or event["last_seq"] < ledger.cursor:
            ledger.faults.append(f"D4: rows up to {ledger.cursor} were shown, the server has {event['last_seq']}")
        self.token = self.token or event["token"]
        self._in_conversation(event["conversation"])

    def _in_conversation(self, conversation: str) -> None:
        if self.ledger.conversation not in ("", conversation):
            self.ledger.faults.append(f"D2: conversation {self.ledger.conversation} became {conversation!r}")
        self.ledger.conversation = self.ledger.conversation or conversation

    def _show(self, rows: list[Row]) -> bool:
        """Shows each row once and in order; False when rows are missing, so that they must be asked for again."""
        ledger = self.ledger
        for row in rows:
            self._in_conversation(row["conversation"])
            if row["seq"] <= ledger.cursor:
                ledger.repeats += 1
                if ledger.shown[row["seq"] - 1] != row:
                    ledger.faults.append(f"D5: row {row['seq']} of {ledger.conversation} has changed")
                continue
            if row["seq"] > ledger.cursor + 1:
                ledger.jumps += 1
                return False
            ledger.shown.append(row)
            self._heard_back(row)
        return True

    def _heard_back(self, row: Row) -> None:
        echoed = self.ledger.line(row["cid"]) if row["author"] == "customer" else None
        if echoed is not None:
            echoed.seq = row["seq"] if echoed.seq is None else echoed.seq
        for line in self.ledger.lines if row["author"] != "customer" else ():
            if line.replied_at is None and line.seq is not None and line.seq < row["seq"]:
                line.replied_at = time.monotonic()

    def _acked(self, cid: str, seq: int) -> None:
        line = self.ledger.line(cid)
        if line is None or line.seq not in (None, seq):
            self.ledger.faults.append(f"D1: {cid} was acknowledged as {seq}, known as {line and line.seq}")
            return
        line.seq = seq
        line.acked_at = line.acked_at or time.monotonic()

    def _refused(self, event: dict[str, Any]) -> None:
        self.ledger.refusals[event["code"]] += 1
        line = self.ledger.line(event["cid"])
        if line is None:
            self.ledger.faults.append(f"D1: {event['cid']} was refused but never sent")
        elif event["retry_after"] is None:
            line.fate = "refused"
        elif self._pause is None:
            self._pause = asyncio.create_task(self._be_patient(event["retry_after"]))

    async def _send(self, line: Line) -> None:
        # While the server asks for patience everything waits, or a later line would overtake a refused one.
        if self._socket is not None and self._pause is None:
            words = {"type": "person"} if line.text is None else {"type": "message", "text": line.text}
            with suppress(WebSocketException):
                await self._socket.send(json.dumps(words | {"cid": line.cid}))

    async def _be_patient(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._pause = None
        for line in self.ledger.unacked():
            # The wait was the server's wish: it is counted as a refusal, not as slowness.
            line.sent_at = time.monotonic()
        await self._resend()

    async def _resend(self) -> None:
        for line in self.ledger.unacked():
            await self._send(line)


@asynccontextmanager
async def _dialled(url: str, source: str | None) -> AsyncIterator[ClientConnection]:
    parts = urlsplit(url)
    host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname
    address = f"{'wss' if parts.scheme == 'https' else 'ws'}://{host}:{parts.port or 80}/ws/widget"
    options: dict[str, Any] = {"local_addr": (source, 0)} if source else {}
    origin = Origin(f"{parts.scheme}://{parts.netloc}")
    async with connect(address, origin=origin, open_timeout=10, close_timeout=1, proxy=None, **options) as socket:
        yield socket
