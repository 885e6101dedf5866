"""What every handler of one app instance shares; it hangs on `app.ctx`, so that several apps fit in one process."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeAlias, TypeVar

import sanic
import structlog
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Websocket
from sanic.config import Config

from bot.web.assets import Assets
from bot.web.limits import Limiter, Slots
from bot.web.line import BROKEN, Gone, Line
from bot.web.lookers import Lookers
from bot.web.options import WebOptions
from bot.web.overview import Overview
from bot.wiring import Services

HERE = Path(__file__).parent
Result = TypeVar("Result")

log = structlog.get_logger()


class Door:
    """Services, options and the counters of one web app."""

    def __init__(self, services: Services, options: WebOptions) -> None:
        limits = options.limits
        self.services = services
        self.options = options
        self.requests = Limiter(limits.requests)
        self.handshakes = Limiter(limits.handshakes)
        self.visitors = Limiter(limits.visitors)
        self.messages = Limiter(*limits.messages)
        self.uploads = Limiter(limits.uploads)
        self.sockets = Slots(limits.sockets)
        self.assets = Assets(options.static_dir)
        self.files = (Assets(HERE / "site"), Assets(HERE / "demo"))
        self.lines: set[Line] = set()
        self.lookers = Lookers(services.bus)
        self.overview = Overview(services)
        self.pages = Environment(
            loader=FileSystemLoader([HERE / "site", HERE / "demo"]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.proxy_warned = False
        self._finishing: set[asyncio.Task[Any]] = set()
        self._looking = asyncio.Lock()
        self._looked_at = -math.inf
        self._parts: dict[str, bool] = {}

    @asynccontextmanager
    async def line(self, socket: Websocket, name: str) -> AsyncIterator[Line]:
        """A socket made safe and counted; whatever breaks in the block closes it, so that the client comes back."""
        line = Line(socket, self.options.timings)
        self.lines.add(line)
        gauge = self.services.metrics.sockets.labels(name)
        gauge.inc()
        try:
            yield line
        except Gone:
            log.debug("socket left", door=name)
        except Exception as error:
            log.error("socket failed", door=name, exc_info=error)
            line.fail(BROKEN, "please reconnect")
        finally:
            gauge.dec()
            self.lines.discard(line)
            await line.close()

    async def ready(self) -> dict[str, bool]:
        """Which parts work; asked once a second at most, because a look costs the dialogue engine a request."""
        async with self._looking:
            if time.monotonic() - self._looked_at >= self.options.timings.ready:
                self._parts = await self.services.ready()
                self._looked_at = time.monotonic()
            return self._parts

    async def finish(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Runs `work` to its end even when the socket that asked for it goes away meanwhile."""
        task = asyncio.ensure_future(work)
        self._finishing.add(task)
        task.add_done_callback(self._finished)
        return await asyncio.shield(task)

    async def drain(self) -> None:
        """Sends every socket away and lets work in hand finish, for at most the drain time."""
        for line in tuple(self.lines):
            line.fail(1012, "restarting")
        if self._finishing:
            await asyncio.wait(self._finishing, timeout=self.options.timings.drain)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._finishing.discard(task)
        # Fetching the exception keeps asyncio quiet when the socket that would have heard of it is gone.
        if not task.cancelled():
            task.exception()


App: TypeAlias = "sanic.Sanic[Config, Door]"
Request: TypeAlias = "sanic.Request[App, SimpleNamespace]"
