"""One open websocket, made safe: sends that give up, a heartbeat that notices the dead, closes that always close."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import orjson
import structlog
from sanic import Websocket
from sanic.exceptions import RequestCancelled, ServerError, WebsocketClosed
from sanic.server.websockets.frame import WebsocketFrameAssembler
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame

from bot.web.options import Timings
from bot.web.schemas import Wire

TOO_SLOW = 4008
"""Close code: you stopped reading; come back and resume from your cursor."""
SIGNED_OUT = 4401
"""Close code: the session behind this socket has ended."""
ABUSE = 1008
TRY_LATER = 1013
BROKEN = 1011
NOT_UTF8 = 1007

log = structlog.get_logger()


class Gone(Exception):
    """The other side has left; whoever works for it can stop."""


class _Assembler(WebsocketFrameAssembler):
    """Sanic's own lets invalid UTF-8 escape as an exception nobody sees and leaves the socket open."""

    async def put(self, frame: Frame) -> None:
        try:
            await super().put(frame)
        except UnicodeDecodeError:
            self.protocol.fail_connection(NOT_UTF8, "invalid UTF-8")


class Line:
    """A socket and the tasks that serve it.

    Nothing is queued here: rows wait in the database and rings in the bus, so a reader that stalls holds one frame in
    memory, delays nobody else, and is sent away after `timings.send` seconds to come back by its cursor.
    """

    def __init__(self, socket: Websocket, timings: Timings) -> None:
        socket.assembler = _Assembler(socket)
        socket.close_timeout = timings.close
        self._socket = socket
        self._timings = timings
        self._tasks: set[asyncio.Task[None]] = set()
        self.work(self._beat())

    async def send(self, event: Wire) -> None:
        """Hands the frame to the network. Raises Gone when there is nobody to hand it to."""
        text = orjson.dumps(event.model_dump()).decode()
        try:
            async with asyncio.timeout(self._timings.send):
                await self._socket.send(text)
        except TimeoutError:
            self.fail(TOO_SLOW, "too slow")
            raise Gone from None
        except (WebsocketClosed, ConnectionClosed, RequestCancelled, ServerError) as error:
            raise Gone from error

    async def receive(self) -> str | bytes:
        """The next frame. Raises Gone, or is cancelled, when the socket is closed."""
        try:
            data = await self._socket.recv()
        except (WebsocketClosed, ConnectionClosed) as error:
            raise Gone from error
        if data is None:
            raise Gone
        return data

    def fail(self, code: int, reason: str) -> None:
        """Says goodbye without waiting for an answer; the connection is gone within seconds whatever the peer does."""
        self._socket.fail_connection(code, reason)

    def work(self, job: Coroutine[Any, Any, None]) -> None:
        """Runs a task for as long as the socket lives; its failure closes the socket, so that the client comes back."""
        task = asyncio.create_task(job)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def close(self) -> None:
        """Stops every task of this socket."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _beat(self) -> None:
        """Sanic's own keep-alive waits for ever behind a send that is stuck, so it is switched off."""
        while True:
            await asyncio.sleep(self._timings.ping)
            try:
                async with asyncio.timeout(self._timings.pong):
                    await (await self._socket.ping())
            except TimeoutError:
                self.fail(TOO_SLOW, "no sign of life")
                return
            except (WebsocketClosed, ConnectionClosed, RequestCancelled, ServerError):
                return

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task.cancelled() or task.exception() is None:
            return
        if not isinstance(task.exception(), Gone):
            log.error("socket task failed", exc_info=task.exception())
        self.fail(BROKEN, "please reconnect")
