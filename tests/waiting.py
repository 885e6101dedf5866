"""Waiting with a deadline and holding others up on purpose, so that no test sleeps and hopes."""

import asyncio
import inspect
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from sqlalchemy import Connection

from bot.storage.database import Database

DEADLINE = 15.0
"""Seconds; generous, because a busy machine is slow and a passing test never waits for it."""


async def until(condition: Callable[[], bool | Awaitable[bool]], what: str, seconds: float = DEADLINE) -> None:
    """Returns as soon as `condition` is true; fails the test when it is not within `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if await result if inspect.isawaitable(result) else result:
            return
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s in vain for: {what}")
        await asyncio.sleep(0.002)


@asynccontextmanager
async def busy_writer(database: Database) -> AsyncIterator[None]:
    """Keeps the database's writer occupied: whatever is written inside waits until the end of the block."""
    entered, released = threading.Event(), threading.Event()

    def occupy(_: Connection) -> None:
        entered.set()
        released.wait(DEADLINE)

    occupied = asyncio.create_task(database.write(occupy))
    await asyncio.to_thread(entered.wait, DEADLINE)
    try:
        yield
    finally:
        released.set()
        await occupied
