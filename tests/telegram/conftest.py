"""The `room` fixture: a Telegram channel that is already running; and logs that cost nothing."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from tests.telegram.room import Room, open_room


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    """Drawing a traceback with its local variables stops the event loop for seconds."""
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()])
    yield
    structlog.reset_defaults()


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as room:
        room.start()
        yield room
