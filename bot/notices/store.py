"""Errands, browsers that want to be told and operators' Telegram chats, in SQL."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    delete,
    exists,
    insert,
    select,
    update,
)

from bot.notices.model import Errand, PushSubscription, Way
from bot.storage.database import UtcDateTime, metadata

LEASE = timedelta(seconds=90)
"""How long a carrier may hold an errand; past it the errand is anybody's again."""

errands = Table(
    "errands",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False),
    Column("target", Text, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("why", Text, nullable=False),
)
Index("ix_errands_state_due_at", errands.c.state, errands.c.due_at)

push_subscriptions = Table(
    "push_subscriptions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("operator_id", String(32), nullable=False),
    Column("endpoint", String(1000), nullable=False),
    Column("p256dh", String(200), nullable=False),
    Column("auth", String(100), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("endpoint"),
)
Index("ix_push_subscriptions_operator_id", push_subscriptions.c.operator_id)

telegram_links = Table(
    "telegram_links",
    metadata,
    Column("operator_id", String(32), primary_key=True),
    Column("chat_id", BigInteger),
    Column("code", String(64), nullable=False),
    Column("code_expires", UtcDateTime),
    UniqueConstraint("chat_id"),
)

WAITING = ("pending", "sending")


class ErrandStore:
    """Every method takes part in the caller's transaction."""

    def add(self, tx: Connection, way: Way, target: str, payload: dict[str, Any], at: datetime) -> None:
        tx.execute(
            insert(errands).values(
                kind=way.value,
                target=target,
                payload=payload,
                state="pending",
                attempts=0,
                due_at=at,
                created_at=at,
                why="",
            )
        )

    def any_due(self, tx: Connection, now: datetime, ways: Iterable[Way]) -> bool:
        return bool(tx.execute(select(exists().where(_due(now, ways)))).scalar_one())

    def claim(self, tx: Connection, now: datetime, ways: Iterable[Way], limit: int) -> list[Errand]:
        """What is due, the longest waiting first, marked as being carried until the lease ends."""
        due = select(errands).where(_due(now, ways)).order_by(errands.c.due_at, errands.c.id).limit(limit)
        rows = tx.execute(due).mappings().all()
        if rows:
            taken = update(errands).where(errands.c.id.in_([row["id"] for row in rows]))
            tx.execute(taken.values(state="sending", attempts=errands.c.attempts + 1, due_at=now + LEASE))
        return [_errand(row) for row in rows]

    def settle(self, tx: Connection, errand: Errand, state: str, **values: Any) -> bool:
        """False when the lease had ended and another attempt has begun: its outcome counts, not ours."""
        ours = and_(errands.c.id == errand.id, errands.c.state == "sending", errands.c.attempts == errand.attempts)
        return tx.execute(update(errands).where(ours).values(state=state, **values)).rowcount == 1

    def bury(self, tx: Connection, way: Way, target: str, why: str) -> None:
        """Nothing more can reach this target."""
        waiting = and_(errands.c.kind == way.value, errands.c.target == target, errands.c.state.in_(WAITING))
        tx.execute(update(errands).where(waiting).values(state="dead", why=why))

    def forget(self, tx: Connection, before: datetime) -> None:
        """Drops what was settled long ago."""
        tx.execute(delete(errands).where(errands.c.state.not_in(WAITING), errands.c.created_at < before))


class ReachStore:
    """How operators can be reached. Every method takes part in the caller's transaction."""

    def subscribe(self, tx: Connection, subscription: PushSubscription, at: datetime) -> None:
        """A browser belongs to whoever signed in there last."""
        tx.execute(delete(push_subscriptions).where(push_subscriptions.c.endpoint == subscription.endpoint))
        tx.execute(
            insert(push_subscriptions).values(
                operator_id=subscription.operator_id,
                endpoint=subscription.endpoint,
                p256dh=subscription.p256dh,
                auth=subscription.auth,
                created_at=at,
            )
        )

    def unsubscribe(self, tx: Connection, operator_id: str, endpoint: str) -> None:
        table = push_subscriptions
        tx.execute(delete(table).where(table.c.operator_id == operator_id, table.c.endpoint == endpoint))

    def subscriptions(self, tx: Connection, operator_id: str) -> list[PushSubscription]:
        table = push_subscriptions
        rows = tx.execute(select(table).where(table.c.operator_id == operator_id).order_by(table.c.id))
        return [_subscription(row) for row in rows.mappings()]

    def subscription(self, tx: Connection, number: int) -> PushSubscription | None:
        found = tx.execute(select(push_subscriptions).where(push_subscriptions.c.id == number)).mappings().first()
        return _subscription(found) if found else None

    def drop_subscription(self, tx: Connection, number: int) -> None:
        tx.execute(delete(push_subscriptions).where(push_subscriptions.c.id == number))

    def chat(self, tx: Connection, operator_id: str) -> int | None:
        """The operator's own Telegram chat."""
        table = telegram_links
        return tx.execute(select(table.c.chat_id).where(table.c.operator_id == operator_id)).scalar()

    def code(self, tx: Connection, operator_id: str, now: datetime) -> str:
        """The code that ties a chat to this operator, "" when none is good any more."""
        table = telegram_links
        good = and_(table.c.operator_id == operator_id, table.c.code != "", table.c.code_expires > now)
        return tx.execute(select(table.c.code).where(good)).scalar() or ""

    def set_code(self, tx: Connection, operator_id: str, code: str, expires: datetime) -> None:
        table = telegram_links
        known = update(table).where(table.c.operator_id == operator_id).values(code=code, code_expires=expires)
        if tx.execute(known).rowcount == 0:
            tx.execute(insert(table).values(operator_id=operator_id, code=code, code_expires=expires))

    def link(self, tx: Connection, code: str, chat_id: int, now: datetime) -> str | None:
        """Ties the chat to the operator who was given the code, and to nobody else; None: the code is no longer good.

        A code works once.
        """
        table = telegram_links
        good = select(table.c.operator_id).where(table.c.code == code, table.c.code != "", table.c.code_expires > now)
        operator_id: str | None = tx.execute(good).scalar()
        if operator_id is not None:
            self.unlink_chat(tx, chat_id)
            mine = update(table).where(table.c.operator_id == operator_id)
            tx.execute(mine.values(chat_id=chat_id, code="", code_expires=None))
        return operator_id

    def unlink(self, tx: Connection, operator_id: str) -> None:
        tx.execute(delete(telegram_links).where(telegram_links.c.operator_id == operator_id))

    def unlink_chat(self, tx: Connection, chat_id: int) -> None:
        tx.execute(update(telegram_links).where(telegram_links.c.chat_id == chat_id).values(chat_id=None))

    def linked(self, tx: Connection) -> set[str]:
        """Operators who have tied a chat."""
        table = telegram_links
        return set(tx.execute(select(table.c.operator_id).where(table.c.chat_id.is_not(None))).scalars())

    def forget(self, tx: Connection, operator_id: str) -> None:
        """Whoever leaves the team is told nothing more."""
        tx.execute(delete(push_subscriptions).where(push_subscriptions.c.operator_id == operator_id))
        self.unlink(tx, operator_id)


def _due(now: datetime, ways: Iterable[Way]) -> Any:
    kinds = [way.value for way in ways]
    return and_(errands.c.state.in_(WAITING), errands.c.due_at <= now, errands.c.kind.in_(kinds))


def _errand(row: RowMapping) -> Errand:
    return Errand(
        row["id"], Way(row["kind"]), row["target"], dict(row["payload"]), row["attempts"] + 1, row["created_at"]
    )


def _subscription(row: RowMapping) -> PushSubscription:
    return PushSubscription(row["id"], row["operator_id"], row["endpoint"], row["p256dh"], row["auth"])
