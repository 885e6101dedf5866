"""How an HTTP route is declared once and guarded, read, run and answered the same way as every other."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sanic import HTTPResponse

from bot.accounts.model import Operator, Permission, Session
from bot.errors import BadRequest, Forbidden, TooLarge, Unauthorised
from bot.web import failures, guard, uploads
from bot.web.door import App, Door, Request
from bot.web.frames import read_body
from bot.web.headers import json_response
from bot.web.schemas import Wire
from bot.wiring import Services

READING = ("GET",)
VISITOR_HEADER = "X-Visitor"


@dataclass(frozen=True, slots=True)
class Cookie:
    """What to do with the session cookie: set it to `token`, or remove it when empty."""

    token: str


@dataclass(frozen=True, slots=True)
class Call:
    """One checked request as handlers see it. `body`: the route's schema object or, for an upload route, an Upload;
    `token` is the session cookie's value, `visitor` the X-Visitor header, `query` what stands behind the `?`,
    `lang` the language the caller reads."""

    door: Door = field(repr=False)
    body: Any
    args: dict[str, str]
    query: dict[str, str]
    lang: str
    address: str
    token: str = field(repr=False)
    visitor: str = field(repr=False)
    session_or_none: Session | None = field(repr=False)

    @property
    def services(self) -> Services:
        return self.door.services

    @property
    def session(self) -> Session:
        """Raises Unauthorised on a route that lets strangers in."""
        if self.session_or_none is None:
            raise Unauthorised("Sign in to the desk first.")
        return self.session_or_none

    @property
    def operator(self) -> Operator:
        """Who asks. Raises Unauthorised on a route that lets strangers in."""
        return self.session.operator

    def needs(self, permission: Permission) -> None:
        """For what only some callers of a route may do. Raises Forbidden."""
        if not self.operator.may(permission):
            raise Forbidden("Your role does not allow this.")

    def number(self, name: str, otherwise: int) -> int:
        """A whole number of the query. Raises BadRequest `invalid_body`."""
        given = self.query.get(name, "")
        if not given:
            return otherwise
        if not given.isascii() or not given.isdigit() or len(given) > 15:
            raise BadRequest(f"{name}: a whole number, please.", "invalid_body")
        return int(given)


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the API: what it is for, who may call it, what goes in and out, which errors to expect.

    `permission` None: everybody who is signed in; `also`: another permission that opens it. `public`: strangers too.
    `reply` None: 204 without a body; `nothing`: what a 204 means where there is a reply, too. `query`: what may stand
    behind the `?`. `upload`: the most bytes of the file that the form field `file` brings instead of a body.
    """

    method: str
    path: str
    handler: Callable[[Call], Awaitable[Wire | tuple[Wire | None, Cookie] | None]]
    summary: str
    permission: Permission | None = None
    also: Permission | None = None
    public: bool = False
    query: tuple[str, ...] = ()
    upload: int = 0
    body: type[Wire] | None = None
    reply: type[Wire] | None = None
    nothing: str = ""
    errors: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.handler.__name__


def mount(app: App, routes: Iterable[Route]) -> None:
    for route in routes:
        methods = ["GET", "HEAD"] if route.method == "GET" else [route.method]
        app.add_route(partial(_serve, route), route.path, methods=methods, name=route.name, stream=bool(route.upload))


async def _serve(route: Route, request: Request, **args: str) -> HTTPResponse:
    try:
        return await _answer(route, request, args)
    except Exception as error:
        return failures.answer(request, error)


async def _answer(route: Route, request: Request, args: dict[str, str]) -> HTTPResponse:
    door = request.app.ctx
    if route.method not in READING:
        guard.check_origin(request, door.options.own_origins)
    session = None if route.public else await guard.signed_in(request, route.permission, route.also)
    if session is not None and route.method not in READING:
        guard.check_csrf(request, session)
    body = await uploads.receive(request, route.upload) if route.upload else _body(request, route)
    query = {name: request.args.get(name, "") for name in route.query}
    visitor = request.headers.get(VISITOR_HEADER, "")
    call = Call(
        door=door,
        body=body,
        args=args,
        query=query,
        lang=failures.language(request),
        address=guard.address(request),
        token=guard.session_token(request),
        visitor=visitor,
        session_or_none=session,
    )
    result = await route.handler(call)
    reply, cookie = result if isinstance(result, tuple) else (result, None)
    response = HTTPResponse(status=204) if reply is None else json_response(reply)
    if cookie is not None:
        _set_cookie(request, response, cookie)
    return response


def _body(request: Request, route: Route) -> Any:
    if route.body is None:
        return None
    if len(request.body) > request.app.ctx.options.limits.body_bytes:
        raise TooLarge("The request is too large.")
    return read_body(request.body, route.body)


def _set_cookie(request: Request, response: HTTPResponse, cookie: Cookie) -> None:
    response.add_cookie(
        guard.COOKIE,
        cookie.token,
        path="/",
        httponly=True,
        samesite="Strict",
        secure=request.app.ctx.options.secure,
        max_age=None if cookie.token else 0,
    )
