"""Brings a database to the newest shape with Alembic; safe to run at every start."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from bot.errors import Misconfigured

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(engine: Engine, revision: str = "head") -> None:
    """Applies every migration up to `revision` that the database has not seen.

    Raises Misconfigured when the file is no database.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        with engine.connect().execution_options(immediate=True) as connection, connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    except DatabaseError as error:
        raise Misconfigured(
            f"The database cannot be brought up to date: {error.orig}. Restore the data folder from a backup, or move "
            "the file away to start afresh."
        ) from error
