"""A running web app for every test of the doors."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.web.house import House, Rooms, rooms, serve


@pytest.fixture
async def behind(tmp_path: Path) -> AsyncIterator[Rooms]:
    async with rooms(tmp_path) as opened:
        yield opened


@pytest.fixture
async def house(behind: Rooms) -> AsyncIterator[House]:
    async with serve(behind) as running:
        yield running


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=house.url) as client:
        yield client
