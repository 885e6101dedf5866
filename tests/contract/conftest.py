"""The `database` fixture of the store contracts, once per backend."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.database import Database
from tests.contract.backends import BACKENDS, Opener


@pytest.fixture(params=list(BACKENDS))
def opener(request: pytest.FixtureRequest) -> Opener:
    """Opens the backend's database in a folder; two at once are two processes for all they know."""
    return BACKENDS[request.param]


@pytest.fixture
async def database(opener: Opener, tmp_path: Path) -> AsyncIterator[Database]:
    async with opener(tmp_path) as database:
        yield database
