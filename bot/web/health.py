"""Is it alive, is it ready, how is it doing: for supervisors and Prometheus."""

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sanic import HTTPResponse
from sanic.response import raw

from bot.errors import Forbidden
from bot.web import failures, guard
from bot.web.door import Request
from bot.web.headers import json_response


async def healthz(request: Request) -> HTTPResponse:
    """The process answers; nothing else is asked."""
    return json_response({"status": "ok"})


async def readyz(request: Request) -> HTTPResponse:
    """200 when every part works, else 503; which part it is, only for those who may see the metrics."""
    parts = await request.app.ctx.ready()
    ready = all(parts.values())
    body: dict[str, object] = {"status": "ready" if ready else "not ready"}
    if guard.may_see_metrics(request):
        body["parts"] = parts
    return json_response(body, 200 if ready else 503)


async def metrics(request: Request) -> HTTPResponse:
    if not guard.may_see_metrics(request):
        return failures.answer(request, Forbidden("Metrics are private.", "metrics_private"))
    text = generate_latest(request.app.ctx.services.metrics.registry)
    return raw(text, content_type=CONTENT_TYPE_LATEST)
