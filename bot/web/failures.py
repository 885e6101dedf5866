"""The one place where an exception becomes an answer: ErrorView JSON for programs, a plain page for people."""

from asyncio import CancelledError
from http import HTTPStatus
from typing import Any

import structlog
from sanic import HTTPResponse
from sanic.exceptions import SanicException
from sanic.handlers import ErrorHandler

from bot.errors import BotError, Unavailable
from bot.web import schemas, words
from bot.web.door import Request
from bot.web.headers import json_response, page_response
from handoff.errors import HandoffError

CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    408: "request_timeout",
    413: "too_large",
    426: "upgrade_required",
    503: "unavailable",
}
PROGRAMS = ("/api/", "/ws/", "/hooks/", "/static/", "/openapi.json", "/healthz", "/readyz", "/metrics")
RETRY_LATER = 5

log = structlog.get_logger()


class Failures(ErrorHandler):
    """Sanic's own refusals (404, 405, broken requests) and whatever a handler did not expect."""

    def default(self, request: Request, exception: Exception) -> HTTPResponse:  # type: ignore[override] # our ctx
        return answer(request, exception)


def answer(request: Request, error: Exception) -> HTTPResponse:
    """The response for an error; an unexpected one is logged with its trace and never shown."""
    status, _ = status_and_code(error)
    if unexpected(error):
        log.error("request failed", request_id=_request_id(request), path=request.path, exc_info=error)
    lang = language(request)
    view = describe(error, lang)
    headers = {"Retry-After": str(view.retry_after)} if view.retry_after else {}
    headers |= {name: str(value) for name, value in getattr(error, "headers", {}).items() if name.lower() == "allow"}
    if wants_page(request):
        number = _request_id(request) if unexpected(error) else ""
        values = {"lang": lang, "view": view, "status": status, "request_id": number}
        return page_response(request, "error.html", values, status, headers)
    return json_response(view, status, headers)


def describe(error: Exception, lang: str) -> schemas.ErrorView:
    """Code and sentence of an error in the reader's language; for sockets too."""
    _, code = status_and_code(error)
    retry_after = RETRY_LATER if isinstance(error, Unavailable) else getattr(error, "retry_after", None)
    facts: dict[str, Any] = {"retry_after": retry_after, "winner": getattr(error, "winner", "")}
    facts["place"] = getattr(error, "places", {}).get(lang, "")
    own = getattr(error, "text", "") if isinstance(error, BotError | HandoffError) else ""
    text = words.sentence(code, lang, own, facts)
    return schemas.ErrorView(code=code, text=text, retry_after=retry_after)


def unexpected(error: Exception) -> bool:
    """Whether this is a mistake of ours that somebody must look at; refusals and parts that are down are not."""
    gone = isinstance(error, CancelledError)  # the caller hung up: nobody is waiting for the answer
    return not gone and status_and_code(error)[0] == HTTPStatus.INTERNAL_SERVER_ERROR


def status_and_code(error: Exception) -> tuple[int, str]:
    if isinstance(error, BotError | HandoffError):
        return error.status, error.code
    if isinstance(error, SanicException) and error.status_code in CODES:
        return error.status_code, CODES[error.status_code]
    if isinstance(error, SanicException) and error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        return error.status_code, "bad_request"
    return 500, "internal_error"


def language(request: Request) -> str:
    """The language a person reads: the address says it (/help/ru, ?lang=ru), else the browser; a program that says
    nothing reads English."""
    for wanted in (request.path.split("/")[2:3], request.args.getlist("lang", [])[:1]):
        if wanted and wanted[0] in ("ru", "en"):
            return str(wanted[0])
    accepted = request.headers.get("accept-language", "")
    return words.preferred(accepted) if accepted.strip() else "en"


def wants_page(request: Request) -> bool:
    return not request.path.startswith(PROGRAMS) and "text/html" in request.headers.get("accept", "")


def _request_id(request: Request) -> str:
    """Empty for a request so broken that it was refused before it was numbered."""
    return str(getattr(request.ctx, "id", ""))
