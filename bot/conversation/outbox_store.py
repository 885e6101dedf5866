"""What still has to leave through Telegram, and which updates came in already, in SQL."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    and_,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from bot.storage.database import UtcDateTime, metadata

LEASE = timedelta(seconds=90)
"""How long a sender may hold a row; past it the send is in an unknown state and is tried once more."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", String(64), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("message_ids", JSON),
    Column("why", Text),
)
Index("ix_outbox_state_due_at", outbox.c.state, outbox.c.due_at)
Index("ix_outbox_conversation_id_state", outbox.c.conversation_id, outbox.c.state)

inbox = Table(
    "inbox",
    metadata,
    Column("bot_id", BigInteger, primary_key=True),
    Column("update_id", BigInteger, primary_key=True),
    Column("seen_at", UtcDateTime, nullable=False),
)

# `sending` counts as waiting: while one message of a conversation is on its way, the next one stays.
WAITING = ("pending", "sending", "unknown")


@dataclass(frozen=True, slots=True)
class Claimed:
    """One row a sender has taken. `attempts` counts the sends begun before this one."""

    id: int
    conversation_id: str
    seq: int
    attempts: int


class OutboxStore:
    """Every method takes part in the caller's transaction."""

    def add(self, tx: Connection, conversation_id: str, seq: int, at: datetime) -> None:
        tx.execute(
            insert(outbox).values(conversation_id=conversation_id, seq=seq, state="pending", attempts=0, due_at=at)
        )

    def claim(self, tx: Connection, now: datetime, limit: int) -> list[Claimed]:
        """The first waiting row of each conversation that is due, marked as being sent until the lease ends."""
        first = (
            select(outbox.c.conversation_id, func.min(outbox.c.seq).label("seq"))
            .where(outbox.c.state.in_(WAITING))
            .group_by(outbox.c.conversation_id)
            .subquery()
        )
        due = (
            select(outbox)
            .join(first, and_(outbox.c.conversation_id == first.c.conversation_id, outbox.c.seq == first.c.seq))
            .where(outbox.c.state.in_(WAITING), outbox.c.due_at <= now)
            .order_by(outbox.c.id)
            .limit(limit)
        )
        rows = tx.execute(due).mappings().all()
        if rows:
            tx.execute(
                update(outbox)
                .where(outbox.c.id.in_([row["id"] for row in rows]))
                .values(state="sending", attempts=outbox.c.attempts + 1, due_at=now + LEASE)
            )
        return [Claimed(row["id"], row["conversation_id"], row["seq"], row["attempts"]) for row in rows]

    def settle(self, tx: Connection, item_id: int, state: str, **values: Any) -> None:
        """What was sent or buried stays so: a sender that wakes up after its lease cannot have it sent again."""
        waiting = update(outbox).where(outbox.c.id == item_id, outbox.c.state.in_(WAITING))
        tx.execute(waiting.values(state=state, **values))

    def place(self, tx: Connection, item_id: int) -> tuple[str, int] | None:
        """Which row of which conversation this is."""
        found = select(outbox.c.conversation_id, outbox.c.seq).where(outbox.c.id == item_id)
        row = tx.execute(found).first()
        return None if row is None else (row.conversation_id, row.seq)

    def bury(self, tx: Connection, conversation_id: str, why: str) -> None:
        """Nothing more can reach this chat; whatever waits for it is dead."""
        tx.execute(
            update(outbox)
            .where(outbox.c.conversation_id == conversation_id, outbox.c.state.in_(WAITING))
            .values(state="dead", why=why)
        )

    def seen(self, tx: Connection, bot_id: int, update_id: int, at: datetime) -> bool:
        """Records an update; True when it is new."""
        try:
            with tx.begin_nested():
                tx.execute(insert(inbox).values(bot_id=bot_id, update_id=update_id, seen_at=at))
        except IntegrityError:
            return False
        return True

    def forget_seen(self, tx: Connection, before: datetime) -> None:
        tx.execute(inbox.delete().where(inbox.c.seen_at < before))
