"""The way to the action server: connections that stay open, a request of one piece, and no more of the dialogue in it
than the skills look at.

Rasa's own way opens a connection for each call; aiohttp, even with one kept open, takes four times the CPU of this.
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import httptools
from rasa.utils.endpoints import DEFAULT_REQUEST_TIMEOUT, ClientResponseError, EndpointConfig

from actions.engine.tracker import slim
from actions.engine.upstream import expect

IDLE_SECONDS = 3.0
"""The action server hangs up after five idle seconds; a message sent at that moment would be lost."""
ERROR = 400
_encode = json.JSONEncoder(separators=(",", ":")).encode


class KeptEndpoint(EndpointConfig):
    """An endpoint whose connections stay open between two calls. It sends the evidence once, in the latest message,
    where Rasa's sends it four times, and of the events those of the present turn and of the one before."""

    @classmethod
    def of(cls, endpoint: EndpointConfig) -> EndpointConfig:
        """The same endpoint kept; itself when it asks for what only Rasa's way can do (TLS, parameters, a password)."""
        special = endpoint.params or endpoint.basic_auth or endpoint.token or endpoint.cafile
        if special or urlsplit(endpoint.url or "").scheme != "http":
            return endpoint
        kept = cls()
        kept.__dict__.update(endpoint.__dict__)
        kept._idle = []
        return kept

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """What is answered, read from JSON. Errors: as Rasa's, ClientResponseError from status 400 on, and aiohttp's
        ClientConnectionError."""
        body = kwargs.get("json")
        if args or kwargs.get("compress") or kwargs.get("method") != "post" or not isinstance(body, dict):
            return await super().request(*args, **kwargs)
        if body.get("tracker"):
            body["tracker"]["events"] = [slim(event) for event in _lately(body["tracker"]["events"])]
        status, reason, answer = await self._asked(_encode(body).encode())
        if status >= ERROR:
            raise ClientResponseError(status, reason, answer)
        return json.loads(answer)

    async def _asked(self, body: bytes) -> tuple[int, str, bytes]:
        connection = self._kept() or await self._opened()
        try:
            answer = await connection.ask(self._head(len(body)) + body)
        except BaseException:
            # Given up in the middle: what still comes must not be taken for the answer to another question.
            connection.close()
            raise
        if connection.stays:
            self._idle.append((time.monotonic(), connection))
        else:
            connection.close()
        return answer

    def _kept(self) -> _Connection | None:
        """The connection used last, if the server has not hung up on it and is not about to."""
        while self._idle:
            since, connection = self._idle.pop()
            if connection.stays and time.monotonic() - since < IDLE_SECONDS:
                return connection
            connection.close()
        return None

    async def _opened(self) -> _Connection:
        address = urlsplit(self.url)
        try:
            _, connection = await asyncio.get_running_loop().create_connection(
                _Connection, address.hostname, address.port or 80
            )
        except OSError as error:
            raise aiohttp.ClientConnectionError(str(error)) from error
        return connection

    def _head(self, length: int) -> bytes:
        address = urlsplit(self.url)
        lines = {"Host": address.netloc, "Content-Type": "application/json", **self.headers, "Content-Length": length}
        said = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"POST {address.path or '/'} HTTP/1.1\r\n{said}\r\n".encode()


class _Connection(asyncio.Protocol):
    """One question at a time. `stays`: whether another can be asked after it."""

    def __init__(self) -> None:
        self.stays = True
        self._measured = self._until_the_end = False
        self._answered: asyncio.Future[tuple[int, str, bytes]] | None = None

    async def ask(self, request: bytes) -> tuple[int, str, bytes]:
        """Status, reason and body. Error: aiohttp's ClientConnectionError: the server hung up or talks nonsense."""
        self._answered = asyncio.get_running_loop().create_future()
        self._parser, self._reason, self._body = httptools.HttpResponseParser(self), "", b""
        # Without a length, an answer goes on until the server hangs up.
        self._measured = self._until_the_end = False
        self._transport.write(request)
        late = self._answered.get_loop().call_later(DEFAULT_REQUEST_TIMEOUT, self.close)
        try:
            return await self._answered
        finally:
            late.cancel()

    def close(self) -> None:
        self.stays = False
        self._transport.close()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._answered is None or self._answered.done():
            # Nobody has asked.
            return self.close()
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(error)

    def on_status(self, reason: bytes) -> None:
        self._reason += reason.decode("latin-1")

    def on_header(self, name: bytes, value: bytes) -> None:
        self._measured = self._measured or name.lower() in (b"content-length", b"transfer-encoding")

    def on_headers_complete(self) -> None:
        self._until_the_end = not self._measured

    def on_body(self, part: bytes) -> None:
        self._body += part

    def on_message_complete(self) -> None:
        self.stays = self._parser.should_keep_alive() and self._measured
        if self._answered is not None and not self._answered.done():
            self._answered.set_result((self._parser.get_status_code(), self._reason, self._body))

    def connection_lost(self, error: Exception | None) -> None:
        self.stays = False
        if error is None and self._until_the_end:
            self.on_message_complete()
        else:
            self._fail(error)

    def _fail(self, error: Exception | None) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(aiohttp.ClientConnectionError(f"no whole answer: {error}"))


def _lately(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events since the customer's last message but one."""
    starts = [at for at, event in enumerate(events) if event["event"] == "user"]
    return events[starts[-2] :] if len(starts) > 1 else events


def check() -> None:
    """Look at what is imitated here. Error: UpstreamChanged when it is not as known."""
    expect(EndpointConfig.request, "ccdb778aed82")
