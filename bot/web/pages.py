"""Pages and files for browsers: the demo shop, the widget's frame, the desk, and everything under /static."""

import json
from pathlib import Path

from sanic import HTTPResponse
from sanic.exceptions import NotFound
from sanic.response import empty, redirect

from bot.web import failures
from bot.web.assets import Asset
from bot.web.door import Request
from bot.web.headers import asset_response, page_policy, page_response

DEMO = Path(__file__).parent / "demo"
SHOP = {lang: json.loads((DEMO / f"{lang}.json").read_text(encoding="utf-8")) for lang in ("ru", "en")}
"""Every word of the demo shop, by language."""


async def demo(request: Request) -> HTTPResponse:
    """The invented provider's home page with the widget on it; without the demo, the help centre."""
    lang = failures.language(request)
    if not request.app.ctx.options.demo:
        return redirect(f"/help/{lang}")
    values = {"lang": lang, "other_lang": "en" if lang == "ru" else "ru", "shop": SHOP[lang]}
    return page_response(request, "shop.html", values)


async def widget_script(request: Request) -> HTTPResponse:
    """The loader that sites embed: everybody's page may run it, and it may change within five minutes."""
    asset = request.app.ctx.assets.get("widget.js")
    if asset is None:
        raise NotFound("The front-end has not been built.")
    open_to_all = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    return asset_response(request, asset, open_to_all)


async def widget_frame(request: Request) -> HTTPResponse:
    """The page inside the widget's frame; only our own pages and the listed sites may frame it."""
    options = request.app.ctx.options
    headers = {
        "Content-Security-Policy": page_policy(options, options.site_origins),
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Cross-Origin-Opener-Policy": "unsafe-none",
    }
    return _built_page(request, "widget.html", headers)


async def desk_page(request: Request, **_: str) -> HTTPResponse:
    """The operators' app; nobody may frame it. It may register the worker below, which counts as a script address."""
    policy = page_policy(request.app.ctx.options, policy="zeroline-worker")
    return _built_page(request, "desk.html", {"Content-Security-Policy": policy})


async def desk_worker(request: Request) -> HTTPResponse:
    """The desk's service worker; its address is its reach, so it stands outside /static."""
    asset = request.app.ctx.assets.get("desk-sw.js")
    if asset is None:
        raise NotFound("The front-end has not been built.")
    return asset_response(request, asset, {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/"})


async def static_file(request: Request, name: str) -> HTTPResponse:
    """Built files; the built pages have addresses and policies of their own."""
    asset = None if name.endswith(".html") else request.app.ctx.assets.get(name)
    if asset is None:
        raise NotFound("There is no such file.")
    return asset_response(request, asset, {"Cross-Origin-Resource-Policy": "cross-origin"})


async def own_file(request: Request, name: str) -> HTTPResponse:
    """Style sheets and pictures of the pages that Python draws."""
    asset = None if name.endswith((".html", ".json")) else _own(request, name)
    if asset is None:
        raise NotFound("There is no such file.")
    return asset_response(request, asset)


async def favicon(request: Request) -> HTTPResponse:
    """Browsers ask for it wherever a page names no icon."""
    asset = _own(request, "icon.svg")
    return empty() if asset is None else asset_response(request, asset)


def _own(request: Request, name: str) -> Asset | None:
    return next((found for folder in request.app.ctx.files if (found := folder.get(name))), None)


def _built_page(request: Request, name: str, headers: dict[str, str]) -> HTTPResponse:
    asset = request.app.ctx.assets.get(name)
    if asset is None:
        return page_response(request, "unbuilt.html", {"lang": failures.language(request)}, 503)
    return asset_response(request, asset, {**headers, "Cache-Control": "no-cache"})
