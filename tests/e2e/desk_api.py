"""An operator at the desk's HTTP API, for tests whose subject is the customer's side."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx

from tests.product import Product, wait_for


class Desk:
    """A signed-in operator. Every call raises on an error status."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def ticket_of(self, subject: str) -> dict[str, Any]:
        """The open ticket whose subject holds these words; waits for it."""
        found: list[dict[str, Any]] = []

        def look() -> bool:
            found[:] = [t for t in self._get("/api/desk/tickets")["tickets"] if subject in t["subject"]]
            return bool(found)

        wait_for(look, f"a ticket about {subject!r}")
        return found[0]

    def detail(self, ticket: dict[str, Any]) -> dict[str, Any]:
        return self._get(f"/api/desk/tickets/{ticket['id']}")

    def claim(self, ticket: dict[str, Any]) -> None:
        self._post(f"/api/desk/tickets/{ticket['id']}/claim", {})

    def say(self, ticket: dict[str, Any], text: str) -> None:
        self._post(f"/api/desk/tickets/{ticket['id']}/messages", {"cid": uuid4().hex, "text": text})

    def close(self, ticket: dict[str, Any]) -> None:
        self._post(f"/api/desk/tickets/{ticket['id']}/close", {"outcome": "solved"})

    def _get(self, path: str) -> dict[str, Any]:
        answer: dict[str, Any] = self._client.get(path).raise_for_status().json()
        return answer

    def _post(self, path: str, body: dict[str, Any]) -> None:
        self._client.post(path, json=body).raise_for_status()


@contextmanager
def desk_of(product: Product, login: str, password: str) -> Iterator[Desk]:
    with httpx.Client(base_url=product.url, headers={"Origin": product.url}, timeout=15) as client:
        signed_in = client.post("/api/desk/login", json={"login": login, "password": password}).raise_for_status()
        client.headers["X-CSRF-Token"] = signed_in.json()["csrf"]
        yield Desk(client)
