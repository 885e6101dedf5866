"""How answers are dressed: security headers, content security policies, JSON, pages and built files."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson
from sanic import HTTPResponse
from sanic.response import BaseHTTPResponse, empty, html, raw

from bot.web.assets import Asset
from bot.web.door import Request
from bot.web.options import WebOptions
from bot.web.schemas import Wire

NOTHING = "default-src 'none'; frame-ancestors 'none'"
"""The policy of everything that is not a page."""

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": NOTHING,
    "Cache-Control": "no-store",
}
YEAR = 31_536_000
FOREVER = f"public, max-age={YEAR}, immutable"
BRIEFLY = "public, max-age=300, stale-while-revalidate=86400"


def page_policy(options: WebOptions, embedders: frozenset[str] | None = None, policy: str = "'none'") -> str:
    """The policy of a page: our own scripts, styles and frames, nothing inline, no strings into code.

    `embedders`: origins beside our own that may show the page in a frame; nobody at all when None.
    `policy`: the name under which the page may make trusted script addresses.
    """
    address = urlsplit(options.public_url)
    socket = f"{'wss' if options.secure else 'ws'}://{address.netloc}"
    frames = " ".join(["'self'", *sorted(embedders)]) if embedders is not None else "'none'"
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            f"connect-src 'self' {socket}",
            "frame-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {frames}",
            "require-trusted-types-for 'script'",
            f"trusted-types {policy}",
        )
    )


async def dress(request: Request, response: BaseHTTPResponse) -> None:
    """Adds what every answer carries; a handler's own choice stays."""
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-ID"] = getattr(request.ctx, "id", "")
    if "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]:
        response.headers.setdefault("X-Frame-Options", "DENY")
    if request.app.ctx.options.secure:
        response.headers["Strict-Transport-Security"] = f"max-age={YEAR}"


def json_response(
    body: Wire | Mapping[str, Any], status: int = 200, headers: dict[str, str] | None = None
) -> HTTPResponse:
    data = body.model_dump() if isinstance(body, Wire) else body
    return raw(orjson.dumps(data), status=status, headers=headers, content_type="application/json")


def page_response(
    request: Request, template: str, values: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None
) -> HTTPResponse:
    """A page made from one of our templates, never from data; every value is escaped on its way in."""
    door = request.app.ctx
    text = door.pages.get_template(template).render(values)
    dress = {"Content-Security-Policy": page_policy(door.options), "Cache-Control": "no-cache", **(headers or {})}
    return html(text, status=status, headers=dress)


def asset_response(request: Request, asset: Asset, headers: dict[str, str] | None = None) -> HTTPResponse:
    """The asset in the best encoding the browser takes, or 304 when it has this very version."""
    dress = {
        "ETag": f'"{asset.etag}"',
        "Vary": "Accept-Encoding",
        "Cache-Control": FOREVER if asset.hashed else BRIEFLY,
        **(headers or {}),
    }
    if asset.etag in request.headers.get("if-none-match", ""):
        return empty(304, dress)
    accepted = request.headers.get("accept-encoding", "").replace(" ", "").split(",")
    taken = {part.split(";")[0] for part in accepted if not part.endswith((";q=0", ";q=0.0"))}
    for encoding, body in asset.packed.items():
        if encoding in taken:
            return raw(body, headers={**dress, "Content-Encoding": encoding}, content_type=asset.type)
    return raw(asset.body, headers=dress, content_type=asset.type)
