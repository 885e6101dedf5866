"""The migrations and the stores' own declarations are the same tables, however often the product starts."""

import importlib
import pkgutil
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, text

import bot
import handoff.store
from bot.storage.database import metadata
from bot.storage.migrate import migrate
from bot.storage.sqlite import sqlite_engine
from handoff.model import Priority, Status
from handoff.store import TicketStore


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


def test_an_older_installation_keeps_its_tickets_and_gets_an_owner(tmp_path: Path) -> None:
    """What 0.1.0 stored: two admins, an operator, and a customer who waits."""
    engine = sqlite_engine(tmp_path / "zeroline.sqlite3")
    migrate(engine, "0001")
    people = (
        ("a", "anna", "admin", "2026-01-02"),
        ("b", "boss", "admin", "2026-01-01"),
        ("o", "olga", "operator", "2025"),
    )
    with engine.begin() as connection:
        for person_id, login, role, made in people:
            values = {"id": person_id, "login": login, "role": role, "made": f"{made} 00:00:00.000000"}
            connection.execute(
                text(
                    "INSERT INTO operators (id, login, name, role, active, password_hash, created_at)"
                    " VALUES (:id, :login, :login, :role, 1, '-', :made)"
                ),
                values,
            )
        connection.execute(
            text(
                "INSERT INTO tickets (id, number, conversation_id, status, reason, lang, channel, subject,"
                " customer_name, summary, opened_at) VALUES ('t', 1, 'c', 'queued', 'asked', 'ru', 'widget', 'роутер',"
                " '', '{}', '2026-01-03 10:00:00.000000')"
            )
        )
    migrate(engine)
    with engine.connect() as connection:
        roles = {row.login: row.role for row in connection.execute(text("SELECT login, role FROM operators"))}
        ticket = TicketStore().open_one(connection, "c")
    engine.dispose()
    assert roles == {"anna": "admin", "boss": "owner", "olga": "operator"}
    assert ticket is not None
    assert (ticket.status, ticket.priority, ticket.queued_at) == (Status.QUEUED, Priority.NORMAL, ticket.opened_at)
