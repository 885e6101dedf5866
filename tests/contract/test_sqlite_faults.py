"""How SQLite fails and what the Database port makes of it: full disk, foreign lock, broken commit, and recovery."""

import asyncio
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Connection, ForeignKey, Integer, MetaData, Table, Text, insert, select
from sqlalchemy.exc import IntegrityError

from bot.errors import Unavailable
from bot.storage.sqlite import SqliteDatabase
from tests.contract.backends import sqlite
from tests.waiting import busy_writer, until

scratch = MetaData()
papers = Table("papers", scratch, Column("id", Integer, primary_key=True), Column("words", Text, nullable=False))
replies = Table(
    "replies",
    scratch,
    Column("id", Integer, primary_key=True),
    Column("paper", Integer, ForeignKey("papers.id"), nullable=False),
)
LOCKING_PROCESS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""


@dataclass
class Disk:
    """Room for the database, in pages of 4 KiB."""

    database: SqliteDatabase

    async def fill(self) -> None:
        used = await self.database.read(lambda tx: tx.exec_driver_sql("PRAGMA page_count").scalar_one())
        await self._limit(int(used))

    async def free(self) -> None:
        await self._limit(2**30)

    async def _limit(self, pages: int) -> None:
        await self.database.write(lambda tx: tx.exec_driver_sql(f"PRAGMA max_page_count={pages}").close())


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    async with sqlite(tmp_path) as database:
        await database.write(scratch.create_all)
        yield database


@pytest.fixture
def disk(database: SqliteDatabase) -> Disk:
    return Disk(database)


def paper(tx: Connection, number: int, size: int = 10) -> int:
    tx.execute(insert(papers).values(id=number, words="x" * size))
    return number


def numbers(tx: Connection) -> list[int]:
    return list(tx.execute(select(papers.c.id).order_by(papers.c.id)).scalars())


async def test_a_full_disk_tells_everybody_the_truth_about_what_was_saved(database: SqliteDatabase, disk: Disk) -> None:
    await disk.fill()
    async with busy_writer(database):
        jobs = [asyncio.create_task(database.write(partial(paper, number=n, size=n * 50_000))) for n in range(3)]
        await asyncio.sleep(0)
    answers = await asyncio.gather(*jobs, return_exceptions=True)
    assert isinstance(answers[2], Unavailable)
    assert answers[2].text == "The database cannot be written just now; nothing was saved. Please try again."
    assert await database.read(numbers) == [answer for answer in answers if isinstance(answer, int)]
    assert await database.write(partial(paper, number=3)) == 3, "what fits is still accepted"


async def test_writing_goes_on_by_itself_once_the_disk_has_room_again(database: SqliteDatabase, disk: Disk) -> None:
    await disk.fill()
    with pytest.raises(Unavailable):
        await database.write(lambda tx: paper(tx, 1, 100_000))
    await disk.free()
    assert await database.write(lambda tx: paper(tx, 1, 100_000)) == 1
    check = await database.read(lambda tx: tx.exec_driver_sql("PRAGMA integrity_check").scalar_one())
    assert check == "ok"


async def test_a_database_locked_by_another_process_is_unavailable_within_seconds(database: SqliteDatabase) -> None:
    path = database.engine.url.database
    command = [sys.executable, "-c", LOCKING_PROCESS, str(path)]
    other = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
    try:
        assert other.stdout is not None
        assert await other.stdout.readline() == b"locked\n"
        started = time.monotonic()
        first = asyncio.create_task(database.write(lambda tx: paper(tx, 1)))
        await asyncio.sleep(0)
        await until(database._jobs.empty, "the writer to try for the lock")
        second = asyncio.create_task(database.write(lambda tx: paper(tx, 2)))
        assert await database.read(numbers) == [], "reads go on meanwhile"
        answers = await asyncio.gather(first, second, return_exceptions=True)
        waited = time.monotonic() - started
    finally:
        await other.communicate(b"")
    assert [type(answer) for answer in answers] == [Unavailable, Unavailable]
    assert 4 < waited < 8, "whoever queued up behind the lock does not wait another five seconds"
    assert await database.write(lambda tx: paper(tx, 3)) == 3, "the lock is gone"
    assert await database.read(numbers) == [3]


async def test_a_failed_commit_reaches_everybody_who_waited_for_it(database: SqliteDatabase) -> None:
    def orphan(tx: Connection) -> None:
        # SQLite looks at deferred foreign keys when it commits: the statement itself succeeds.
        tx.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        tx.execute(insert(replies).values(id=1, paper=404))

    async with busy_writer(database):
        jobs: list[asyncio.Task[Any]] = [asyncio.create_task(database.write(partial(paper, number=n))) for n in (1, 2)]
        jobs.insert(1, asyncio.create_task(database.write(orphan)))
        await asyncio.sleep(0)
    answers = await asyncio.gather(*jobs, return_exceptions=True)
    assert [type(answer) for answer in answers] == [Unavailable] * 3
    assert await database.read(numbers) == []
    assert await database.write(lambda tx: paper(tx, 3)) == 3


async def test_when_sqlite_ends_the_transaction_nobody_in_it_hears_of_success(database: SqliteDatabase) -> None:
    await database.write(lambda tx: paper(tx, 1))

    def give_up(tx: Connection) -> None:
        tx.exec_driver_sql("INSERT OR ROLLBACK INTO papers (id, words) VALUES (1, 'twice')")

    async with busy_writer(database):
        jobs: list[asyncio.Task[Any]] = [
            asyncio.create_task(database.write(lambda tx: paper(tx, 2))),
            asyncio.create_task(database.write(give_up)),
            asyncio.create_task(database.write(lambda tx: paper(tx, 3))),
        ]
        await asyncio.sleep(0)
    answers = await asyncio.gather(*jobs, return_exceptions=True)
    assert [type(answer) for answer in answers] == [Unavailable] * 3
    assert await database.read(numbers) == [1]


async def test_a_broken_rule_is_told_to_the_one_who_broke_it(database: SqliteDatabase) -> None:
    await database.write(lambda tx: paper(tx, 1))
    with pytest.raises(IntegrityError):
        await database.write(lambda tx: paper(tx, 1))


async def test_an_error_does_not_repeat_what_customers_wrote(database: SqliteDatabase) -> None:
    with pytest.raises(IntegrityError) as failure:
        await database.write(lambda tx: tx.execute(insert(papers), [{"id": 1, "words": "my secret"}] * 2))
    assert "my secret" not in str(failure.value)


async def test_a_hundred_waiting_writes_share_one_commit(database: SqliteDatabase) -> None:
    said: list[str] = []

    def listen(tx: Connection) -> None:
        driver: Any = tx.connection.driver_connection
        driver.set_trace_callback(said.append)

    await database.write(listen)
    said.clear()
    async with busy_writer(database):
        jobs = [asyncio.create_task(database.write(partial(paper, number=n))) for n in range(100)]
        await asyncio.sleep(0)
    assert await asyncio.gather(*jobs) == list(range(100))
    assert said.count("COMMIT") == 2, "one for whoever kept the writer busy, one for the hundred"


async def test_a_loop_that_is_gone_does_not_stop_the_writer(database: SqliteDatabase) -> None:
    def ask_and_leave() -> None:
        loop = asyncio.new_event_loop()
        waiting = loop.create_task(database.write(lambda tx: paper(tx, 1)))
        loop.run_until_complete(asyncio.sleep(0))
        waiting.cancel()
        loop.run_until_complete(asyncio.gather(waiting, return_exceptions=True))
        loop.close()

    async with busy_writer(database):
        await asyncio.to_thread(ask_and_leave)
    assert await database.write(lambda tx: paper(tx, 2)) == 2
    assert await database.read(numbers) == [1, 2]


async def test_commits_are_flushed_and_foreign_keys_are_checked(database: SqliteDatabase) -> None:
    def pragmas(tx: Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [tx.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]

    assert await database.write(pragmas) == ["wal", 2, 1]
    assert await database.read(pragmas) == ["wal", 2, 1]
