"""The databases the store contracts run on; another backend is one more entry of BACKENDS."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

import bot.accounts.store
import bot.conversation.outbox_store
import bot.conversation.store  # noqa: F401 - importing a store registers its tables
import handoff.store
from bot.storage.database import Database, metadata
from bot.storage.migrate import MIGRATIONS, migrate
from bot.storage.sqlite import SqliteDatabase, sqlite_engine

Opener = Callable[[Path], AbstractAsyncContextManager[Database]]


def make_tables(engine: Engine) -> None:
    """The real migrations where there are any, else the tables as the stores declare them."""
    if any(MIGRATIONS.glob("versions/*.py")):
        migrate(engine)
    else:
        metadata.create_all(engine)
        handoff.store.metadata.create_all(engine)


@asynccontextmanager
async def sqlite(place: Path) -> AsyncIterator[SqliteDatabase]:
    """A database in the folder `place`; opened again, it holds what was committed before."""
    path = place / "zeroline.sqlite3"
    if not path.exists():
        path.write_bytes(empty_sqlite_file())
    database = SqliteDatabase(path)
    try:
        yield database
    finally:
        await database.close()


@cache
def empty_sqlite_file() -> bytes:
    """Migrated once per test run: migrations take longer than most tests."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.sqlite3"
        engine = sqlite_engine(path)
        make_tables(engine)
        engine.dispose()
        return path.read_bytes()


BACKENDS: dict[str, Opener] = {"sqlite": sqlite}
