"""The bus as a port: rings are hints that rows have changed, never the rows themselves."""

from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

Ring = dict[str, Any]

DESK = "desk"
OUTBOX = "outbox"
INCIDENTS = "incidents"
LOST = "lost"
"""The type of a ring that says: you were too slow, some rings were dropped, read everything again."""


def conversation_topic(conversation_id: str) -> str:
    return f"conversation:{conversation_id}"


def agent_topic(operator_id: str) -> str:
    """Rings for one operator, in every tab of theirs."""
    return f"agent:{operator_id}"


class Subscription(Protocol):
    """Rings of chosen topics. Rings of one topic, type and id that wait together become one, the newest."""

    async def get(self) -> tuple[str, Ring]:
        """The next (topic, ring); waits for it."""
        ...

    def add(self, topic: str) -> None: ...

    def drop(self, topic: str) -> None: ...


class Bus(Protocol):
    async def publish(self, topic: str, ring: Ring) -> None: ...

    def subscribe(self, *topics: str) -> AbstractAsyncContextManager[Subscription]: ...

    def lock(self, name: str) -> AbstractAsyncContextManager[None]:
        """Held by one task at a time, in the order of asking."""
        ...
