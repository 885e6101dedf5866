"""Reading once for many sockets that were rung at the same moment."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Fresh(Generic[Value]):
    """One read at a time for each key. Whoever asks gets the result of a read that began after asking, so that a ring
    heard before it is always answered with what the ring was about."""

    def __init__(self, read: Callable[[str], Awaitable[Value]]) -> None:
        self._read = read
        self._coming: dict[str, asyncio.Task[Value]] = {}
        self._running: dict[str, asyncio.Task[Value]] = {}

    async def get(self, key: str = "") -> Value:
        """Raises whatever the read raises."""
        coming = self._coming.get(key)
        if coming is None:
            coming = self._coming[key] = asyncio.create_task(self._begin(key))
        # One socket that leaves must not take the answer from the others.
        return await asyncio.shield(coming)

    async def _begin(self, key: str) -> Value:
        running = self._running.get(key)
        if running is not None:
            await asyncio.wait([running])
        mine = self._running[key] = self._coming.pop(key)
        try:
            return await self._read(key)
        finally:
            if self._running.get(key) is mine:
                del self._running[key]
