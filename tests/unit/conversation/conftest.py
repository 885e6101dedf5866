"""The stage every test of this room plays on."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.conversation import turns
from bot.conversation.model import Channel
from tests.unit.conversation.stage import Stage, stage


@pytest.fixture(autouse=True)
def quick_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is overdue is decided by the stage's clock; only the pause between two looks is shortened."""
    monkeypatch.setattr(turns, "SWEEP_SECONDS", 0.05)


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    """Expected failures are logged with their traceback, which takes longer to draw than the tests to run."""
    with capture_logs():
        yield


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path) as room:
        yield room


@pytest.fixture
async def telegram(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path, Channel.TELEGRAM) as room:
        yield room
