"""A desk on an empty database, with a clock that moves only when told to."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine

from handoff.desk import Desk, open_desk
from handoff.model import Ticket
from handoff.tables import metadata
from tests.unit.handoff.scene import Clock, Scene, request


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(clock: Clock) -> Desk:
    return open_desk(clock)


@pytest.fixture
def tx() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def ticket(desk: Desk, tx: Connection) -> Ticket:
    return desk.open(tx, request())


@pytest.fixture
def scene(desk: Desk, tx: Connection, clock: Clock) -> Scene:
    return Scene(desk, tx, clock)
