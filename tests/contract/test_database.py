"""What every backend owes the stores: whole transactions, snapshots, moments in UTC, and an honest refusal."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, func, insert, select

from bot.errors import Unavailable
from bot.storage.database import Database, UtcDateTime
from tests.contract.backends import Opener
from tests.waiting import busy_writer

scratch = MetaData()
notes = Table(
    "scratch_notes",
    scratch,
    Column("id", Integer, primary_key=True),
    Column("words", Text, nullable=False),
    Column("at", UtcDateTime),
)


@pytest.fixture(autouse=True)
async def table(database: Database) -> None:
    await database.write(scratch.create_all)


def note(tx: Connection, number: int, words: str = "kept", at: datetime | None = None) -> int:
    tx.execute(insert(notes).values(id=number, words=words, at=at))
    return number


def numbers(tx: Connection) -> list[int]:
    return list(tx.execute(select(notes.c.id).order_by(notes.c.id)).scalars())


async def test_what_was_written_is_read_back(database: Database) -> None:
    assert await database.write(lambda tx: note(tx, 1, "слово 🙂")) == 1
    assert await database.read(lambda tx: tx.execute(select(notes.c.words)).scalar_one()) == "слово 🙂"


async def test_a_failing_job_undoes_its_own_rows_and_nobody_elses(database: Database) -> None:
    def half_done(tx: Connection) -> None:
        note(tx, 500)
        raise ValueError("half done")

    async with busy_writer(database):
        jobs: list[asyncio.Task[Any]]
        jobs = [asyncio.create_task(database.write(partial(note, number=n))) for n in range(10)]
        jobs.insert(5, asyncio.create_task(database.write(half_done)))
        await asyncio.sleep(0)
    answers = await asyncio.gather(*jobs, return_exceptions=True)
    assert [answer for answer in answers if isinstance(answer, int)] == list(range(10))
    assert isinstance(answers[5], ValueError)
    assert str(answers[5]) == "half done"
    assert await database.read(numbers) == list(range(10))


async def test_a_job_that_asks_nonsense_of_the_database_is_refused_alone(database: Database) -> None:
    async with busy_writer(database):
        good = asyncio.create_task(database.write(lambda tx: note(tx, 1)))
        bad = asyncio.create_task(database.write(lambda tx: tx.exec_driver_sql("SELECT * FROM no_such_table")))
        late = asyncio.create_task(database.write(lambda tx: note(tx, 2)))
        await asyncio.sleep(0)
    assert (await good, await late) == (1, 2)
    with pytest.raises(Exception, match=r"nothing was saved|no_such_table"):
        await bad
    assert await database.read(numbers) == [1, 2]


async def test_a_job_sees_what_the_jobs_before_it_wrote(database: Database) -> None:
    async with busy_writer(database):
        first = asyncio.create_task(database.write(lambda tx: note(tx, 1)))
        second = asyncio.create_task(database.write(numbers))
        await asyncio.sleep(0)
    assert await first == 1
    assert await second == [1]


async def test_a_read_sees_one_moment_however_long_it_takes(database: Database) -> None:
    counted, go_on = threading.Event(), threading.Event()

    def count_twice(tx: Connection) -> tuple[int, int]:
        def count() -> int:
            return tx.execute(select(func.count()).select_from(notes)).scalar_one()

        first = count()
        counted.set()
        assert go_on.wait(10)
        return first, count()

    reading = asyncio.create_task(database.read(count_twice))
    assert await asyncio.to_thread(counted.wait, 10)
    await database.write(lambda tx: note(tx, 1))
    go_on.set()
    assert await reading == (0, 0)
    assert await database.read(numbers) == [1]


async def test_a_read_changes_nothing(database: Database) -> None:
    await database.read(lambda tx: note(tx, 1))
    assert await database.read(numbers) == []


async def test_an_exception_of_a_read_reaches_its_caller(database: Database) -> None:
    def broken(_: Connection) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        await database.read(broken)


async def test_a_caller_who_leaves_takes_nobody_along(database: Database) -> None:
    async with busy_writer(database):
        gone = asyncio.create_task(database.write(lambda tx: note(tx, 1)))
        stays = asyncio.create_task(database.write(lambda tx: note(tx, 2)))
        await asyncio.sleep(0)
        gone.cancel()
    assert await stays == 2
    assert await database.read(numbers) == [1, 2], "a write that was asked for happens, whoever still listens"


@pytest.mark.parametrize("offset", [0, 3, -8], ids=lambda hours: f"utc{hours:+d}")
async def test_moments_come_back_in_utc_to_the_microsecond(database: Database, offset: int) -> None:
    at = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=offset)))
    await database.write(lambda tx: note(tx, 1, at=at))
    stored = await database.read(lambda tx: tx.execute(select(notes.c.at)).scalar_one())
    assert stored == at
    assert stored.tzinfo is UTC


async def test_a_moment_without_a_time_zone_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="without a time zone"):
        await database.write(lambda tx: note(tx, 1, at=datetime(2026, 3, 2)))
    assert await database.read(numbers) == []


async def test_two_hundred_writers_count_to_two_hundred(database: Database) -> None:
    def next_number(tx: Connection) -> int:
        return note(tx, tx.execute(select(func.count()).select_from(notes)).scalar_one() + 1)

    given = await asyncio.gather(*(database.write(next_number) for _ in range(200)))
    assert sorted(given) == list(range(1, 201))


async def test_two_processes_writing_at_once_lose_nothing(database: Database, opener: Opener, tmp_path: Path) -> None:
    def next_number(tx: Connection) -> int:
        return note(tx, tx.execute(select(func.count()).select_from(notes)).scalar_one() + 1)

    async with opener(tmp_path) as other:
        both = [database.write(next_number) for _ in range(40)] + [other.write(next_number) for _ in range(40)]
        assert sorted(await asyncio.gather(*both)) == list(range(1, 81))


async def test_after_closing_nothing_waits_for_ever(database: Database) -> None:
    await database.write(lambda tx: note(tx, 1))
    await database.close()
    with pytest.raises(Unavailable):
        await asyncio.wait_for(database.write(lambda tx: note(tx, 2)), 5)
    with pytest.raises(Unavailable):
        await asyncio.wait_for(database.read(numbers), 5)


async def test_closing_waits_for_what_was_asked_before(database: Database, opener: Opener, tmp_path: Path) -> None:
    async with busy_writer(database):
        asked = asyncio.create_task(database.write(lambda tx: note(tx, 1)))
        await asyncio.sleep(0)
        closing = asyncio.create_task(database.close())
        await asyncio.sleep(0)
    await closing
    assert await asked == 1
    async with opener(tmp_path) as again:
        assert await again.read(numbers) == [1]
