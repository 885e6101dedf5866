"""The migrations and the stores' own declarations are the same tables, however often the product starts."""

import importlib
import pkgutil
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData

import bot
import handoff.store
from bot.storage.database import metadata
from bot.storage.migrate import migrate
from bot.storage.sqlite import sqlite_engine


def register_every_table() -> None:
    """Importing a store registers its tables."""
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        if module.name.endswith("store"):
            importlib.import_module(module.name)


def declared_by_a_store(_: Any, name: str | None, kind: str, *__: Any) -> bool:
    """SQLite's full-text table and what it keeps beside it are made by a statement of their own."""
    return not (kind == "table" and (name or "").startswith("message_search"))


def test_the_migrations_make_exactly_the_tables_the_stores_declare(tmp_path: Path) -> None:
    register_every_table()
    engine = sqlite_engine(tmp_path / "zeroline.sqlite3")
    for _ in ("first start", "second start"):
        migrate(engine)
    declared = MetaData()
    for table in (*metadata.tables.values(), *handoff.store.metadata.tables.values()):
        table.to_metadata(declared)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": declared_by_a_store})
        assert compare_metadata(context, declared) == []
    engine.dispose()
