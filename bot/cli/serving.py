"""The app's process: services, web door, Telegram and background loops, started in order and stopped in reverse."""

import asyncio
import logging
import signal
import socket
from collections.abc import Awaitable, Callable

import structlog

from bot.errors import Misconfigured
from bot.settings import Settings
from bot.web.app import create_app, serving
from bot.web.options import WebOptions
from bot.wiring import open_services

log = structlog.get_logger(__name__)


async def serve_forever(settings: Settings) -> None:
    """Serves until SIGINT or SIGTERM."""
    _set_up_logs(settings.log_level)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    listener = _listen(settings)
    async with open_services(settings) as services:
        # The door opens before the index and the encoder are loaded: after a crash customers' messages are stored at
        # once, and the answers follow when the search is back.
        loops = [
            asyncio.create_task(_survive("start of the search", services.knowledge.start)),
            asyncio.create_task(_survive("turns", services.conversations.run)),
            asyncio.create_task(_survive("desk", services.conversations.sweeps.run)),
            asyncio.create_task(_survive("incidents", services.conversations.incidents.run)),
            asyncio.create_task(_survive("notices", services.notices.run)),
            asyncio.create_task(_survive("index", services.knowledge.watch)),
            asyncio.create_task(_survive("learning", services.learner.run)),
        ]
        token = settings.telegram.token
        if token is not None:
            # aiogram builds some hundred models at its import: 4 s that only those wait for who use it.
            from bot.telegram.app import TelegramOptions, run_telegram  # noqa: PLC0415

            options = TelegramOptions(token.get_secret_value(), settings.telegram.api_url, settings.public_url)
            loops.append(asyncio.create_task(run_telegram(services, options)))
        try:
            async with serving(create_app(services, _web_options(settings)), listener):
                log.info("serving", address=settings.address)
                await stop.wait()
        finally:
            for loop in reversed(loops):
                loop.cancel()
            await asyncio.gather(*loops, return_exceptions=True)


def _listen(settings: Settings) -> socket.socket:
    try:
        return socket.create_server((settings.host, settings.port), backlog=1024)
    except OSError as error:
        raise Misconfigured(
            f"Cannot listen on {settings.host}:{settings.port} ({error.strerror}): stop the program that does, "
            "or choose another one with ZEROLINE_HOST and ZEROLINE_PORT."
        ) from error


async def _survive(name: str, loop: Callable[[], Awaitable[None]]) -> None:
    """Starts background work again when it breaks: one bad row must not end the bot for everybody."""
    while True:
        try:
            return await loop()
        except Exception:
            log.exception("loop_broke", loop=name)
            await asyncio.sleep(1)


def _web_options(settings: Settings) -> WebOptions:
    token = settings.web.metrics_token
    return WebOptions(
        public_url=settings.address,
        sites=tuple(settings.web.sites),
        demo=settings.web.demo,
        trusted_proxies=settings.web.trusted_proxies,
        metrics_token=token.get_secret_value() if token else "",
    )


def _set_up_logs(level: str) -> None:
    """One line of JSON an event; customer text is never among its fields."""
    logging.basicConfig(level=level, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
    )
