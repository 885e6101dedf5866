"""`zeroline reconcile`: do the books balance? Everything received is stored, and answered or open."""

import asyncio

import typer

from bot.analytics.store import Books, reconcile
from bot.settings import load_settings
from bot.storage.migrate import migrate
from bot.storage.sqlite import SqliteDatabase

SHOWN = 20


def reconcile_books() -> None:
    """Count conversations received, answered and open; exit status 1 names those that fit nowhere."""
    books = asyncio.run(_read())
    typer.echo(f"received {books.received} = answered {books.answered} + open {books.open}")
    for what, lost in (
        ("nobody will answer", books.lost),
        ("rows are missing", books.gaps),
        ("words never sent to Telegram", books.undelivered),
    ):
        for conversation in lost[:SHOWN]:
            typer.echo(f"✗ {what}: conversation {conversation}")
        if len(lost) > SHOWN:
            typer.echo(f"  … and {len(lost) - SHOWN} more")
    raise typer.Exit(0 if books.balance else 1)


async def _read() -> Books:
    database = SqliteDatabase(load_settings().database)
    migrate(database.engine)
    try:
        return await database.read(reconcile)
    finally:
        await database.close()
