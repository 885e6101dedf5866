"""`python -m actions.skills`: the action server, on loopback only, for callers who know the secret."""

import hmac
import logging
import os

from rasa_sdk.endpoint import create_app
from sanic.exceptions import Unauthorized
from sanic.request import Request

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
    async def guard(request: Request) -> None:
        given = request.headers.get("authorization", "").encode()
        if request.path != "/health" and not hmac.compare_digest(given, f"Bearer {secret}".encode()):
            raise Unauthorized("wrong or missing secret")

    app.run("127.0.0.1", int(os.environ.get(PORT, "5055")), access_log=False, motd=False)


if __name__ == "__main__":
    main()
