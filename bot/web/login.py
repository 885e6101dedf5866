"""Signing in and out of the desk, and who is signed in."""

from collections.abc import Iterable

from bot.accounts.service import token_hash
from bot.bus.model import Bus
from bot.web import schemas, views
from bot.web.api import Call, Cookie, Route


def session_topic(token: str) -> str:
    """Rings when the session of this token ends, so that its sockets close at once."""
    return _topic(token_hash(token))


async def end_sessions(bus: Bus, keys: Iterable[str]) -> None:
    """Closes the sockets of sessions that have ended; `keys` as the accounts room names them."""
    for key in keys:
        await bus.publish(_topic(key), {"type": "ended"})


def _topic(key: str) -> str:
    return f"session:{key}"


async def login(call: Call) -> tuple[schemas.SessionView, Cookie]:
    body: schemas.LoginBody = call.body
    session, token = await call.services.accounts.login(body.login, body.password, call.address)
    await _end(call)
    return views.session_view(session), Cookie(token)


async def logout(call: Call) -> tuple[None, Cookie]:
    await _end(call)
    return None, Cookie("")


async def me(call: Call) -> schemas.SessionView | None:
    """Nobody is an answer too: browsers would print a 401 as an error on every visit to the sign-in page."""
    session = await call.services.accounts.session(call.token) if call.token else None
    return views.session_view(session) if session else None


async def _end(call: Call) -> None:
    """Ends the session this browser came with; one that signs in again does not keep two."""
    if call.token:
        await call.services.accounts.logout(call.token)
        await end_sessions(call.services.bus, [token_hash(call.token)])


ROUTES = (
    Route(
        "POST",
        "/api/desk/login",
        login,
        "Sign in; sets the session cookie and tells the CSRF token.",
        public=True,
        body=schemas.LoginBody,
        reply=schemas.SessionView,
        errors=("invalid_body", "origin_refused", "wrong_credentials", "login_throttled"),
    ),
    Route("POST", "/api/desk/logout", logout, "Sign out; ends the session and its sockets."),
    Route(
        "GET",
        "/api/desk/me",
        me,
        "Who is signed in, and the CSRF token.",
        public=True,
        reply=schemas.SessionView,
        nothing="Nobody is signed in.",
    ),
)
