"""Who may come in: origins, sessions, permissions and the CSRF token, asked before any handler runs."""

import hmac
from urllib.parse import urlsplit

import structlog

from bot.accounts.model import Permission, Session
from bot.errors import Forbidden, Unauthorised
from bot.web.door import Request
from bot.web.limits import network

COOKIE = "zeroline_session"
CSRF_HEADER = "X-CSRF-Token"

log = structlog.get_logger()


def check_origin(request: Request, allowed: frozenset[str]) -> None:
    """Raises Forbidden `origin_refused` unless the page that asks belongs to an allowed address.

    Browsers always say where a socket or a changing request comes from; whoever says nothing, or `null`, is refused.
    """
    origins = request.headers.getall("origin", [])
    if len(origins) != 1 or origins[0].lower() not in allowed:
        log.info("origin refused", origin=[_shown(origin) for origin in origins], path=request.path)
        raise Forbidden("The request comes from a page of another address.", "origin_refused")


def session_token(request: Request) -> str:
    return request.cookies.get(COOKIE) or ""


async def signed_in(request: Request, permission: Permission | None, also: Permission | None = None) -> Session:
    """The session behind the cookie. Raises Unauthorised, or Forbidden when its role lacks both permissions."""
    token = session_token(request)
    session = await request.app.ctx.services.accounts.session(token) if token else None
    if session is None:
        raise Unauthorised("Sign in to the desk first.")
    allowed = {one for one in (permission, also) if one is not None}
    if allowed and not allowed & session.operator.permissions:
        raise Forbidden("Your role does not allow this.")
    return session


def check_csrf(request: Request, session: Session) -> None:
    """Raises Forbidden `csrf_refused` unless the header repeats the token that only our own page was told."""
    given = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(given.encode("utf-8", "replace"), session.csrf.encode()):
        raise Forbidden("This page is out of date. Reload it and try again.", "csrf_refused")


def address(request: Request) -> str:
    """What counts as the address of whoever asks; of a chain of trusted proxies, the one before them."""
    return network(request.client_ip)


def may_see_metrics(request: Request) -> bool:
    """True with the token; without one only for this machine, and only when nothing stands in front of us."""
    options = request.app.ctx.options
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if options.metrics_token and hmac.compare_digest(given.encode("utf-8", "replace"), options.metrics_token.encode()):
        return True
    forwarded = any(name in request.headers for name in ("x-forwarded-for", "forwarded", "x-real-ip"))
    return options.at_home and not forwarded and request.ip in ("127.0.0.1", "::1")


def _shown(origin: str) -> str:
    """An origin fit for a log line: what a stranger sends is cut to the part that can be an origin."""
    parts = urlsplit(origin[:200]) if origin.isprintable() else urlsplit("")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else "(not an address)"
