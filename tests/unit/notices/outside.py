"""The world outside: a push service and a tracker that listen on real sockets, and a browser that can read."""

import base64
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import http_ece
import orjson
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.notices.model import Answer, Request


@dataclass(slots=True)
class Received:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Receiver:
    """Keeps what was posted; `answers` are given one by one, then 201. Each is (status, headers, body)."""

    url: str = ""
    got: list[Received] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.got.append(Received(request.path, dict(request.headers), await request.read()))
        status, headers, body = self.answers.pop(0) if self.answers else (201, {}, b"{}")
        return web.Response(status=status, headers=headers, body=body)


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    listening = Receiver()
    app = web.Application()
    app.router.add_post("/{path:.*}", listening.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    listening.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield listening
    finally:
        await runner.cleanup()


class Browser:
    """A subscription with its private half."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._secret = os.urandom(16)
        point = self._private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.p256dh, self.auth = _text(point), _text(self._secret)

    def read(self, received: Received) -> dict[str, Any]:
        plain = http_ece.decrypt(
            received.body, private_key=self._private, auth_secret=self._secret, version="aes128gcm"
        )
        notice: dict[str, Any] = orjson.loads(plain)
        return notice


@dataclass(slots=True)
class Tracker:
    """The room that has parcels to send, as the courier sees it."""

    url: str
    packed: int = 0
    gone: bool = False
    answers: list[tuple[str, Answer]] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)

    async def pack(self, target: str) -> Request | None:
        self.packed += 1
        headers = {"Content-Type": "application/json", "webhook-signature": f"v1,{self.packed}"}
        return None if self.gone else Request(self.url, headers, orjson.dumps({"issue": target}))

    async def delivered(self, target: str, answer: Answer) -> None:
        self.answers.append((target, answer))

    async def failed(self, target: str, why: str) -> None:
        self.failures.append((target, why))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
