"""Ready answers of the team, in SQL."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    UniqueConstraint,
    delete,
    insert,
    select,
    update,
)

from bot.storage.database import UtcDateTime, metadata

canned = Table(
    "canned",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("shortcut", String(40), nullable=False),
    Column("title", Text, nullable=False),
    Column("ru", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("group", String(64), nullable=False),
    Column("used", Integer, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", Text, nullable=False),
    UniqueConstraint("shortcut", "group"),
)


@dataclass(frozen=True, slots=True)
class CannedReply:
    """`shortcut` is typed after a slash; `group` empty: everybody's; `used`: how often it was inserted."""

    id: str
    shortcut: str
    title: str
    ru: str
    en: str
    group: str
    changed_at: datetime
    changed_by: str
    used: int = 0


class CannedStore:
    """Every method takes part in the caller's transaction."""

    def all(self, tx: Connection) -> list[CannedReply]:
        """The most used first."""
        return [
            _reply(row)
            for row in tx.execute(select(canned).order_by(canned.c.used.desc(), canned.c.shortcut)).mappings()
        ]

    def get(self, tx: Connection, reply_id: str) -> CannedReply | None:
        row = tx.execute(select(canned).where(canned.c.id == reply_id)).mappings().first()
        return None if row is None else _reply(row)

    def named(self, tx: Connection, shortcut: str, group: str) -> CannedReply | None:
        found = select(canned).where(canned.c.shortcut == shortcut, canned.c.group == group)
        row = tx.execute(found).mappings().first()
        return None if row is None else _reply(row)

    def add(self, tx: Connection, reply: CannedReply) -> None:
        tx.execute(insert(canned).values(asdict(reply)))

    def change(self, tx: Connection, reply: CannedReply) -> None:
        tx.execute(update(canned).where(canned.c.id == reply.id).values(asdict(reply)))

    def remove(self, tx: Connection, reply_id: str) -> None:
        tx.execute(delete(canned).where(canned.c.id == reply_id))

    def use(self, tx: Connection, reply_id: str) -> bool:
        """Counts one more use; False for an unknown reply."""
        return tx.execute(update(canned).where(canned.c.id == reply_id).values(used=canned.c.used + 1)).rowcount == 1


def _reply(row: RowMapping) -> CannedReply:
    return CannedReply(**{name: row[name] for name in CannedReply.__slots__})
