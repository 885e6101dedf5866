"""SQLite in WAL mode behind the Database port: one writer thread with group commit, a few reader threads.

Statement-by-statement async access reached 100-370 message transactions a second on two cores, a writer thread with
group commit 5,000-16,000; with one writer nobody ever waits for SQLite's unfair lock.
"""

import asyncio
import math
import queue
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Transaction, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.errors import Unavailable
from bot.storage.database import Work

T = TypeVar("T")
BATCH = 128
READERS = 3


@dataclass(frozen=True, slots=True)
class _Job:
    work: Work[Any]
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop


def sqlite_engine(path: Path) -> Engine:
    """An engine whose connections are in WAL mode, durable at every commit and check foreign keys."""
    # Errors go to the log and parameters are customers' words: they are left out.
    arguments = {"check_same_thread": False, "timeout": 5}
    engine = create_engine(f"sqlite:///{path}", connect_args=arguments, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        # The driver must not open transactions by itself: the writer says BEGIN IMMEDIATE, readers BEGIN.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


class SqliteDatabase:
    """The Database port on one SQLite file. Close it to stop its threads."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.engine = sqlite_engine(path)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="sqlite-reader")
        self._closed = False
        self._writer = threading.Thread(target=self._write_forever, name="sqlite-writer", daemon=True)
        self._writer.start()

    async def write(self, work: Work[T]) -> T:
        self._refuse_when_closed()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.put(_Job(work, future, loop))
        return await future

    async def read(self, work: Work[T]) -> T:
        self._refuse_when_closed()
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    async def close(self) -> None:
        """Answers everything asked before, refuses everything asked after."""
        self._closed = True
        self._jobs.put(None)
        await asyncio.to_thread(self._writer.join)
        self._readers.shutdown(wait=True)
        self.engine.dispose()

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise Unavailable("The database is closed: the product is stopping.")

    def _read(self, work: Work[T]) -> T:
        try:
            with self.engine.connect() as connection:
                return work(connection)
        except OperationalError as error:
            raise Unavailable("The database cannot be read just now. Please try again.") from error

    def _write_forever(self) -> None:
        while (first := self._jobs.get()) is not None:
            self._commit([first, *self._waiting(BATCH - 1)])

    def _waiting(self, most: float = math.inf) -> list[_Job]:
        jobs: list[_Job] = []
        while len(jobs) < most:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                self._jobs.put(None)  # the end is last in the queue again: nothing is accepted after it
                break
            jobs.append(job)
        return jobs

    def _commit(self, batch: list[_Job]) -> None:
        """One transaction for the whole batch, one savepoint a job; nobody hears of success before the commit."""
        answers: list[Callable[[], None]] = []
        try:
            with self.engine.connect().execution_options(immediate=True) as connection, connection.begin() as whole:
                # Alone, a job needs no savepoint: it is undone with its transaction.
                answers = [_run(connection, job, None if batch[1:] else whole) for job in batch]
        except Exception as error:
            if isinstance(error, OperationalError):
                # Who queued up behind a locked database has waited with the batch: their 5 s are not counted afresh.
                batch += self._waiting()
            answers = [_refuse(job, _public(error, DBAPIError)) for job in batch]
        for job, answer in zip(batch, answers, strict=True):
            try:
                job.loop.call_soon_threadsafe(answer)
            except RuntimeError:
                # The loop that asked is closed; the rows are committed and nobody is left to be told.
                continue


def _run(connection: Connection, job: _Job, whole: Transaction | None) -> Callable[[], None]:
    """Does the job inside `whole`, or in a savepoint of its own; what is to be told, once everything is committed."""
    # Said to the driver itself: three statements of every job, and SQLAlchemy's way to each takes longer than SQLite's.
    driver: Any = connection.connection.driver_connection
    try:
        if whole is None:
            driver.execute("SAVEPOINT job")
        value = job.work(connection)
        if whole is None:
            driver.execute("RELEASE job")
    except Exception as error:
        if not driver.in_transaction:
            # A full disk or a broken one makes SQLite end the transaction itself: the whole batch is undone.
            raise
        if whole is None:
            driver.execute("ROLLBACK TO job")
            driver.execute("RELEASE job")
        else:
            whole.rollback()
        return _refuse(job, _public(error, OperationalError))
    return lambda: None if job.future.done() else job.future.set_result(value)


def _refuse(job: _Job, error: Exception) -> Callable[[], None]:
    return lambda: None if job.future.done() else job.future.set_exception(error)


def _public(error: Exception, trouble: type[DBAPIError]) -> Exception:
    """The database's own `trouble` as a sentence for people; every other error as its job raised it."""
    if not isinstance(error, trouble):
        return error
    unavailable = Unavailable("The database cannot be written just now; nothing was saved. Please try again.")
    unavailable.__cause__ = error
    return unavailable
