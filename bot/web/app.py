"""The web app: every door of the house that speaks HTTP, put together for one set of services."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from socket import socket as Socket
from typing import Any

import structlog
from sanic import HTTPResponse, Sanic
from sanic.config import Config
from sanic.response import BaseHTTPResponse

from bot.accounts.model import Permission
from bot.errors import BotError, TooManyRequests
from bot.web import (
    acts,
    archive,
    audit,
    canned,
    console,
    failures,
    files,
    guard,
    health,
    help,
    incidents,
    issues,
    learning,
    login,
    openapi,
    pages,
    people,
    push,
    team,
)
from bot.web.api import mount
from bot.web.desk import desk_socket
from bot.web.door import App, Door, Request
from bot.web.headers import dress, json_response
from bot.web.options import WebOptions
from bot.web.widget import widget_socket
from bot.wiring import Services

__all__ = ["API", "WebOptions", "create_app", "serving"]

API = (
    *login.ROUTES,
    *console.ROUTES,
    *acts.ROUTES,
    *archive.ROUTES,
    *incidents.ROUTES,
    *people.ROUTES,
    *team.ROUTES,
    *canned.ROUTES,
    *learning.ROUTES,
    *issues.ROUTES,
    *files.ROUTES,
    *audit.ROUTES,
    *push.ROUTES,
)

PAGES = (
    ("/", pages.demo),
    ("/widget.js", pages.widget_script),
    ("/widget", pages.widget_frame),
    ("/desk", pages.desk_page),
    ("/desk/<rest:path>", pages.desk_page),
    ("/desk-sw.js", pages.desk_worker),
    ("/uploads/<file_id>/<name>", files.download),
    ("/static/<name:path>", pages.static_file),
    ("/files/<name:path>", pages.own_file),
    ("/favicon.ico", pages.favicon),
    ("/help/<lang>", help.help_index),
    ("/help/<lang>/<article_id>", help.help_article),
    ("/healthz", health.healthz),
    ("/readyz", health.readyz),
    ("/metrics", health.metrics),
)
CHEAP = ("/healthz", "/static/", "/files/", "/uploads/")
"""Not counted against an address: probes, and the files of a page that has been counted itself."""

BACKLOG = 1024
"""Handshakes the system may hold while we are busy: after a restart everybody comes back at once."""

log = structlog.get_logger()


def create_app(services: Services, options: WebOptions) -> App:
    """A new Sanic app; any number of them fit in one process, each with counters of its own."""
    name = f"zeroline-{secrets.token_hex(6)}"
    app: App = Sanic(
        name,
        config=_config(options),
        ctx=Door(services, options),
        error_handler=failures.Failures(),
        configure_logging=False,
    )
    app.register_middleware(_enter, "request")
    app.register_middleware(_admit, "request")
    app.register_middleware(_note, "response")
    app.register_middleware(dress, "response")
    mount(app, API)
    for path, handler in PAGES:
        app.add_route(handler, path, methods=["GET", "HEAD"], name=f"{handler.__name__}{path.count('/')}")
    for path in (issues.HOOK, f"{issues.HOOK}/<key>"):
        app.add_route(issues.hook, path, methods=["POST"], name=f"hook{path.count('/')}")
    app.add_route(_openapi, "/openapi.json", methods=["GET", "HEAD"])
    app.add_websocket_route(widget_socket, "/ws/widget")
    app.add_websocket_route(desk_socket, "/ws/desk")
    return app


@asynccontextmanager
async def serving(app: App, listener: Socket) -> AsyncIterator[None]:
    """Serves on a bound socket for as long as the block runs, in the running loop.

    At the end sockets are told to come back (1012) and work in hand is finished before this returns.
    """
    # Sanic leaves its server's methods untyped.
    server: Any = await app.create_server(sock=listener, backlog=BACKLOG)
    await server.startup()
    await server.before_start()
    await server.after_start()
    await server.start_serving()
    try:
        yield
    finally:
        await server.before_stop()
        closed = server.close()
        await app.ctx.drain()
        await _hang_up(server.connections, app.ctx.options.timings.drain)
        await closed
        await server.after_stop()
        Sanic.unregister_app(app)


async def _hang_up(connections: set[Any], patience: float) -> None:
    """Closes what is idle, waits for the rest, and cuts what will not end."""
    deadline = time.monotonic() + patience
    while connections and time.monotonic() < deadline:
        for connection in tuple(connections):
            connection.close_if_idle()
        await asyncio.sleep(0.05)
    for connection in tuple(connections):
        connection.abort()


def _config(options: WebOptions) -> Config:
    return Config(
        {
            "REQUEST_MAX_SIZE": options.limits.body_bytes,
            "REQUEST_TIMEOUT": 20,
            "RESPONSE_TIMEOUT": 30,
            "KEEP_ALIVE_TIMEOUT": 75,
            "WEBSOCKET_MAX_SIZE": options.limits.frame_bytes,
            # Line has a heartbeat of its own.
            "WEBSOCKET_PING_INTERVAL": 0,
            "PROXIES_COUNT": options.trusted_proxies,
            "AUTO_EXTEND": False,
            "MOTD": False,
            # Rewrites Sanic's classes for the first app and fails at the second one of the same process.
            "TOUCHUP": False,
        },
        env_prefix=None,
    )


async def _enter(request: Request) -> HTTPResponse | None:
    """Numbers the request and counts it against its address."""
    request.ctx.id, request.ctx.began = secrets.token_hex(8), time.monotonic()
    door = request.app.ctx
    if request.path.startswith(CHEAP):
        return None
    if not (door.options.trusted_proxies or door.proxy_warned) and "x-forwarded-for" in request.headers:
        door.proxy_warned = True
        log.warning("a proxy stands in front and is not trusted: set ZEROLINE_WEB__TRUSTED_PROXIES")
    wait = door.requests.take(guard.address(request))
    if wait:
        return failures.answer(request, TooManyRequests("Too many requests.", round(wait) + 1))
    return None


async def _admit(request: Request) -> HTTPResponse | None:
    """Guards the two handshakes; here, because a refusal must be an HTTP answer and not an open socket."""
    if request.path not in ("/ws/widget", "/ws/desk"):
        return None
    door, desk = request.app.ctx, request.path == "/ws/desk"
    own = door.options.own_origins
    try:
        guard.check_origin(request, own if desk else own | door.options.site_origins)
        door.handshakes.check(guard.address(request), "Too many connections.", "too_many_sockets")
        if desk:
            request.ctx.session = await guard.signed_in(request, Permission.SEE_DESK)
    except BotError as error:
        return failures.answer(request, error)
    return None


async def _note(request: Request, response: BaseHTTPResponse) -> None:
    """One line a request for whoever looks for trouble; addresses, queries and texts stay out of it."""
    began = getattr(request.ctx, "began", None)
    log.debug(
        "request",
        id=getattr(request.ctx, "id", ""),
        method=request.method,
        route=request.route.path if request.route else "(none)",
        status=response.status,
        ms=began and round((time.monotonic() - began) * 1000, 1),
    )


async def _openapi(request: Request) -> HTTPResponse:
    return json_response(openapi.describe(API, request.app.ctx.options.public_url))
