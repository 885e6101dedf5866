"""`python -m actions.skills`: the action server, on loopback only, for callers who know the secret."""

import hmac
import logging
import os

from rasa_sdk.endpoint import create_app
from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

logger = logging.getLogger(__name__)

PORT = "ZEROLINE_RASA__ACTIONS_PORT"
SECRET = "ZEROLINE_RASA__SECRET"


def main() -> None:
    """Serve until stopped. Error: SystemExit with a sentence when no secret is set."""
    secret = os.environ.get(SECRET)
    if not secret:
        raise SystemExit(f"Set {SECRET}: without it anyone on this machine could read customers' balances.")
    logging.basicConfig(level=logging.WARNING)
    app = create_app("actions.skills", cors_origins="")

    @app.on_request
    async def guard(request: Request) -> HTTPResponse | None:
        given = request.headers.get("authorization", "").encode()
        if request.path == "/health" or hmac.compare_digest(given, f"Bearer {secret}".encode()):
            return None
        return response.json({"error": "unauthorised"}, 401)

    @app.exception(Exception)
    async def crashed(request: Request, error: Exception) -> HTTPResponse:
        # The SDK's own handler sends the whole tracker back, and Rasa would log it with the customer's words.
        logger.error("An action raised.", exc_info=error)
        return response.json({"error": type(error).__name__}, 500)

    app.run("127.0.0.1", int(os.environ.get(PORT, "5055")), access_log=False, motd=False)


if __name__ == "__main__":
    main()
