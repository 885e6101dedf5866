"""Operators, their sessions and failed sign-ins, in SQL; passwords and tokens arrive here already hashed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from bot.accounts.model import Operator, Role
from bot.storage.database import UtcDateTime, metadata

operators = Table(
    "operators",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("login", String(100), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("operator_id", String(32), ForeignKey("operators.id"), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False, index=True),
)

login_attempts = Table(
    "login_attempts",
    metadata,
    Column("subject", String(160), primary_key=True),
    Column("fails", Integer, nullable=False),
    Column("since", UtcDateTime, nullable=False, index=True),
    Column("blocked_until", UtcDateTime, nullable=False),
)

# Asked for every customer who is handed over, so it is put together once.
_EVERYBODY = select(operators).order_by(operators.c.login)


@dataclass(frozen=True, slots=True)
class Credentials:
    operator: Operator
    password_hash: str


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session row with its operator as they are now."""

    operator: Operator
    csrf: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Attempts:
    """Failed sign-ins of one account or one address. `since`: the last attempt of an account, the start of the counted
    minute of an address."""

    fails: int
    since: datetime
    blocked_until: datetime


class AccountStore:
    """Every method takes part in the caller's transaction."""

    def add(self, tx: Connection, operator: Operator, password_hash: str, at: datetime) -> None:
        """Raises sqlalchemy's IntegrityError when the login is taken."""
        tx.execute(
            insert(operators).values(
                id=operator.id,
                login=operator.login,
                name=operator.name,
                role=operator.role.value,
                active=operator.active,
                password_hash=password_hash,
                created_at=at,
            )
        )

    def everybody(self, tx: Connection) -> list[Operator]:
        return [_operator(row) for row in tx.execute(_EVERYBODY).mappings()]

    def credentials(self, tx: Connection, login: str) -> Credentials | None:
        row = tx.execute(select(operators).where(operators.c.login == login)).mappings().first()
        return None if row is None else Credentials(_operator(row), row["password_hash"])

    def get(self, tx: Connection, operator_id: str) -> Operator | None:
        row = tx.execute(select(operators).where(operators.c.id == operator_id)).mappings().first()
        return None if row is None else _operator(row)

    def change(self, tx: Connection, operator: Operator) -> None:
        """Name, role and activity; the login stays."""
        values = {"name": operator.name, "role": operator.role.value, "active": operator.active}
        tx.execute(update(operators).where(operators.c.id == operator.id).values(values))

    def rehash(self, tx: Connection, operator_id: str, password_hash: str) -> None:
        tx.execute(update(operators).where(operators.c.id == operator_id).values(password_hash=password_hash))

    def start_session(self, tx: Connection, token_hash: str, operator_id: str, csrf: str, at: datetime) -> None:
        values = {"token_hash": token_hash, "operator_id": operator_id, "csrf": csrf, "created_at": at, "seen_at": at}
        tx.execute(insert(sessions).values(values))

    def session(self, tx: Connection, token_hash: str) -> StoredSession | None:
        found = (
            select(operators, sessions.c.csrf, sessions.c.created_at.label("started_at"), sessions.c.seen_at)
            .join(sessions, sessions.c.operator_id == operators.c.id)
            .where(sessions.c.token_hash == token_hash)
        )
        row = tx.execute(found).mappings().first()
        return None if row is None else StoredSession(_operator(row), row["csrf"], row["started_at"], row["seen_at"])

    def touch(self, tx: Connection, token_hash: str, at: datetime) -> None:
        tx.execute(update(sessions).where(sessions.c.token_hash == token_hash).values(seen_at=at))

    def end_session(self, tx: Connection, token_hash: str) -> None:
        tx.execute(delete(sessions).where(sessions.c.token_hash == token_hash))

    def end_sessions(self, tx: Connection, operator_id: str, but: str = "") -> list[str]:
        """Ends every session of a person except `but`; returns the token hashes of those ended."""
        ended = delete(sessions).where(sessions.c.operator_id == operator_id, sessions.c.token_hash != but)
        return list(tx.execute(ended.returning(sessions.c.token_hash)).scalars())

    def forget_sessions(self, tx: Connection, *, seen_before: datetime, created_before: datetime) -> None:
        tx.execute(
            delete(sessions).where((sessions.c.seen_at < seen_before) | (sessions.c.created_at < created_before))
        )

    def attempts(self, tx: Connection, subject: str) -> Attempts | None:
        """Locks the row where the database can, so that parallel attempts are counted one after another."""
        found = select(login_attempts).where(login_attempts.c.subject == subject).with_for_update()
        row = tx.execute(found).mappings().first()
        return None if row is None else Attempts(row["fails"], row["since"], row["blocked_until"])

    def keep_attempts(self, tx: Connection, subject: str, attempts: Attempts) -> None:
        values = {"fails": attempts.fails, "since": attempts.since, "blocked_until": attempts.blocked_until}
        changed = tx.execute(update(login_attempts).where(login_attempts.c.subject == subject).values(values))
        if changed.rowcount == 0:
            tx.execute(insert(login_attempts).values(subject=subject, **values))

    def forget_attempts(self, tx: Connection, subject: str) -> None:
        tx.execute(delete(login_attempts).where(login_attempts.c.subject == subject))

    def forget_old_attempts(self, tx: Connection, before: datetime) -> None:
        tx.execute(delete(login_attempts).where(login_attempts.c.since < before))


def _operator(row: RowMapping) -> Operator:
    return Operator(row["id"], row["login"], row["name"], Role(row["role"]), bool(row["active"]))
