"""A customer's own records on a real socket: keeps what it was asked and answers what the test says."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

SECRET = "shared with the records"


class RecordsServer:
    """`answers`: by e-mail of the question; `go` unset makes every question wait; `raw` replaces the whole answer."""

    def __init__(self) -> None:
        self.answers: dict[str, dict[str, Any]] = {}
        self.asked: list[dict[str, str]] = []
        self.unsigned = 0
        self.raw = b""
        self.go = asyncio.Event()
        self.go.set()
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            line, *rest = head.split("\r\n")
            query = line.split()[1].partition("?")[2]
            headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in rest)}
            signed = hmac.new(SECRET.encode(), f"{headers['x-zeroline-timestamp']}.{query}".encode(), hashlib.sha256)
            self.unsigned += not hmac.compare_digest(signed.hexdigest(), headers["x-zeroline-signature"])
            question = dict(parse_qsl(query))
            self.asked.append(question)
            await self.go.wait()
            body = json.dumps(self.answers.get(question.get("email", ""), {})).encode()
            writer.write(self.raw or b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def records() -> AsyncIterator[RecordsServer]:
    known = RecordsServer()
    server = await asyncio.start_server(known.serve, "127.0.0.1", 0)
    known.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/customer"
    try:
        yield known
    finally:
        server.close()
        known.go.set()
        await server.wait_closed()
