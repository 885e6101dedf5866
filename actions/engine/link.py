"""The way to the action server: connections that stay open between two calls, and the evidence sent once."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any

import aiohttp
from rasa.utils.endpoints import DEFAULT_REQUEST_TIMEOUT, EndpointConfig

from actions.engine.tracker import slim
from actions.engine.upstream import expect

IDLE_SECONDS = 3.0
"""The action server hangs up after five idle seconds; a message sent at that moment would be lost."""


class KeptEndpoint(EndpointConfig):
    """An endpoint whose connections stay open between two calls, where Rasa's own opens one for each; and which sends
    the evidence once, in the latest message, where Rasa's sends it four times."""

    _kept: aiohttp.ClientSession | None = None

    @classmethod
    def of(cls, endpoint: EndpointConfig) -> KeptEndpoint:
        kept = cls()
        kept.__dict__.update(endpoint.__dict__)
        return kept

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        tracker = (kwargs.get("json") or {}).get("tracker")
        if tracker:
            tracker["events"] = [slim(event) for event in tracker["events"]]
        return await super().request(*args, **kwargs)

    def session(self) -> AbstractAsyncContextManager[aiohttp.ClientSession]:
        """The kept session, which leaving the block does not close."""
        if self._kept is None or self._kept.closed:
            login = self.basic_auth and aiohttp.BasicAuth(self.basic_auth["username"], self.basic_auth["password"])
            self._kept = aiohttp.ClientSession(
                headers=self.headers,
                auth=login or None,
                timeout=aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT),
                connector=aiohttp.TCPConnector(keepalive_timeout=IDLE_SECONDS),
            )
        return nullcontext(self._kept)


def check() -> None:
    """Look at what is imitated here. Error: UpstreamChanged when it is not as known."""
    expect(EndpointConfig.session, "e55aa13d9d4f")
    expect(EndpointConfig.request, "ccdb778aed82")
