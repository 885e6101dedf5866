"""What every backend owes the accounts room: rows come back as they went in, one login is one operator."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot.accounts.model import Operator, Role
from bot.accounts.store import AccountStore, Attempts, Credentials, StoredSession
from bot.storage.database import Database

AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
ANNA = Operator("a" * 32, "anna", "Анна «О’Нил» 🙂", Role.LEAD)
STORE = AccountStore()


@pytest.fixture
async def anna(database: Database) -> Operator:
    await database.write(lambda tx: STORE.add(tx, ANNA, "hash", AT))
    return ANNA


async def test_an_operator_comes_back_as_stored(database: Database, anna: Operator) -> None:
    assert await database.read(lambda tx: STORE.credentials(tx, "anna")) == Credentials(anna, "hash")
    assert await database.read(STORE.everybody) == [anna]
    assert await database.read(lambda tx: STORE.credentials(tx, "Anna")) is None


async def test_one_login_is_one_operator(database: Database, anna: Operator) -> None:
    twin = Operator("b" * 32, "anna", "Another", Role.ADMIN)
    with pytest.raises(IntegrityError):
        await database.write(lambda tx: STORE.add(tx, twin, "hash", AT))
    assert await database.read(STORE.everybody) == [anna]


async def test_a_new_hash_replaces_the_old_one(database: Database, anna: Operator) -> None:
    await database.write(lambda tx: STORE.rehash(tx, anna.id, "stronger"))
    assert await database.read(lambda tx: STORE.credentials(tx, "anna")) == Credentials(anna, "stronger")


async def test_a_session_knows_its_operator_and_its_moments(database: Database, anna: Operator) -> None:
    later = AT + timedelta(minutes=5)
    await database.write(lambda tx: STORE.start_session(tx, "t1", anna.id, "csrf", AT))
    await database.write(lambda tx: STORE.touch(tx, "t1", later))
    assert await database.read(lambda tx: STORE.session(tx, "t1")) == StoredSession(anna, "csrf", AT, later)
    await database.write(lambda tx: STORE.end_session(tx, "t1"))
    assert await database.read(lambda tx: STORE.session(tx, "t1")) is None


async def test_a_session_of_nobody_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await database.write(lambda tx: STORE.start_session(tx, "t1", "nobody", "csrf", AT))


async def test_idle_and_old_sessions_are_forgotten_and_fresh_ones_stay(database: Database, anna: Operator) -> None:
    day = timedelta(days=1)

    def work(tx: Connection) -> list[str]:
        for name, created, seen in (("idle", AT, AT), ("old", AT - 9 * day, AT + day), ("fresh", AT, AT + day)):
            STORE.start_session(tx, name, anna.id, "csrf", created)
            STORE.touch(tx, name, seen)
        STORE.forget_sessions(tx, seen_before=AT + day, created_before=AT - 7 * day)
        return [name for name in ("idle", "old", "fresh") if STORE.session(tx, name)]

    assert await database.write(work) == ["fresh"]


async def test_attempts_are_kept_per_subject_and_forgotten(database: Database) -> None:
    first, second = Attempts(1, AT, AT), Attempts(7, AT, AT + timedelta(minutes=15))
    await database.write(lambda tx: STORE.keep_attempts(tx, "login:anna", first))
    await database.write(lambda tx: STORE.keep_attempts(tx, "login:anna", second))
    await database.write(lambda tx: STORE.keep_attempts(tx, "address:192.0.2.1", first))
    assert await database.read(lambda tx: STORE.attempts(tx, "login:anna")) == second
    await database.write(lambda tx: STORE.forget_attempts(tx, "login:anna"))
    assert await database.read(lambda tx: STORE.attempts(tx, "login:anna")) is None
    await database.write(lambda tx: STORE.forget_old_attempts(tx, AT))
    assert await database.read(lambda tx: STORE.attempts(tx, "address:192.0.2.1")) == first
    await database.write(lambda tx: STORE.forget_old_attempts(tx, AT + timedelta(seconds=1)))
    assert await database.read(lambda tx: STORE.attempts(tx, "address:192.0.2.1")) is None
