"""Signing in, staying signed in and being recognised, on a real database with a clock that the test turns."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from bot.accounts import service
from bot.accounts.model import Operator, Permission, Role
from bot.accounts.service import Accounts, account_attempt, address_attempt
from bot.accounts.store import Attempts, operators, sessions
from bot.errors import BadRequest, Conflict, TooManyRequests, Unauthorised
from bot.storage.database import metadata
from bot.storage.sqlite import SqliteDatabase

PASSWORD = "correct horse battery"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def turn(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    database = SqliteDatabase(tmp_path / "zeroline.db")
    metadata.create_all(database.engine)
    yield database
    await database.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(database: SqliteDatabase, clock: Clock) -> Accounts:
    return Accounts(database, "a secret for tests", clock)


@pytest.fixture
async def anna(accounts: Accounts) -> Operator:
    operator, _ = await accounts.add_operator("anna", "Анна", Role.OPERATOR, PASSWORD)
    return operator


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def fail(accounts: Accounts, login: str = "anna", address: str = "192.0.2.1") -> None:
    with pytest.raises(Unauthorised) as refused:
        await accounts.login(login, "not the password", address)
    assert refused.value.code == "wrong_credentials"


async def test_a_new_operator_can_sign_in_and_is_listed(accounts: Accounts) -> None:
    operator, password = await accounts.add_operator("Boris ", " Борис", Role.LEAD)
    assert (operator.login, operator.name) == ("boris", "Борис")
    session, _ = await accounts.login("BORIS", password, "192.0.2.1")
    assert session.operator == operator
    assert await accounts.operators() == [operator]
    assert operator.may(Permission.SEE_REPORTS)
    assert not operator.may(Permission.MANAGE_OPERATORS)


async def test_made_passwords_are_long_and_never_the_same() -> None:
    made = {service.new_password() for _ in range(100)}
    assert len(made) == 100
    assert {len(password) for password in made} == {19}


async def test_the_same_login_is_taken_however_it_is_written(accounts: Accounts, anna: Operator) -> None:
    with pytest.raises(Conflict) as refused:
        await accounts.add_operator(" ANNA", "Another", Role.ADMIN, PASSWORD)
    assert refused.value.code == "login_taken"


@pytest.mark.parametrize(
    ("login", "name", "password", "code"),
    [
        ("eve", "Eve", "elevenchars", "password_weak"),
        ("eve", "Eve", "x" * 201, "password_weak"),
        ("", "Eve", PASSWORD, "login_invalid"),
        ("two words", "Eve", PASSWORD, "login_invalid"),
        ("eve\x00", "Eve", PASSWORD, "login_invalid"),
        ("eve", "  ", PASSWORD, "name_invalid"),
        ("eve", "E" * 101, PASSWORD, "name_invalid"),
        ("eve", "Eve\nadmin", PASSWORD, "name_invalid"),
    ],
)
async def test_unfit_operators_are_refused(accounts: Accounts, login: str, name: str, password: str, code: str) -> None:
    with pytest.raises(BadRequest) as refused:
        await accounts.add_operator(login, name, Role.OPERATOR, password)
    assert refused.value.code == code
    assert await accounts.operators() == []


async def test_unknown_and_known_logins_are_refused_alike(accounts: Accounts, anna: Operator) -> None:
    await fail(accounts, "anna")
    await fail(accounts, "nobody")


async def test_an_unknown_login_costs_a_password_check_too(
    accounts: Accounts, anna: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    verify = accounts._passwords._verify

    def watched(stored: str, given: str) -> bool:
        checked.append(stored.split("$")[3])
        return verify(stored, given)

    monkeypatch.setattr(accounts._passwords, "_verify", watched)
    await fail(accounts, "anna")
    await fail(accounts, "nobody")
    assert checked == ["m=19456,t=2,p=1"] * 2


async def test_a_switched_off_operator_can_neither_sign_in_nor_go_on(
    accounts: Accounts, anna: Operator, database: SqliteDatabase
) -> None:
    _, token = await accounts.login("anna", PASSWORD, "192.0.2.1")
    await database.write(lambda tx: tx.execute(update(operators).values(active=False)))
    assert await accounts.session(token) is None
    with pytest.raises(Unauthorised):
        await accounts.login("anna", PASSWORD, "192.0.2.1")


async def test_the_fifth_failure_makes_the_account_wait_and_the_wait_doubles(
    accounts: Accounts, anna: Operator, clock: Clock
) -> None:
    for _ in range(5):
        await fail(accounts)
    for wait in (1, 2, 4, 8):
        with pytest.raises(TooManyRequests) as refused:
            await accounts.login("anna", PASSWORD, "192.0.2.1")
        assert (refused.value.code, refused.value.retry_after) == ("login_throttled", wait)
        clock.turn(seconds=wait)
        await fail(accounts)
    clock.turn(seconds=16)
    session, _ = await accounts.login("anna", PASSWORD, "192.0.2.1")
    assert session.operator == anna
    await fail(accounts)


async def test_fifty_parallel_guesses_get_five_looks_at_the_password(accounts: Accounts, anna: Operator) -> None:
    async def guess(number: int) -> str:
        try:
            await accounts.login("anna", f"guess number {number}", f"192.0.2.{number}")
        except (Unauthorised, TooManyRequests) as error:
            return error.code
        return "let in"

    outcomes = await asyncio.gather(*(guess(number) for number in range(50)))
    assert outcomes.count("wrong_credentials") == 5
    assert outcomes.count("login_throttled") == 45


async def test_an_address_gets_twenty_failures_a_minute_over_all_accounts(accounts: Accounts, clock: Clock) -> None:
    for number in range(20):
        await fail(accounts, f"somebody{number}")
    with pytest.raises(TooManyRequests) as refused:
        await accounts.login("somebody else", "not the password", "192.0.2.1")
    assert 1 <= refused.value.retry_after <= 60
    await fail(accounts, "somebody else", "192.0.2.2")
    clock.turn(seconds=60)
    await fail(accounts, "somebody else")


async def test_people_who_sign_in_rightly_do_not_use_up_their_address(accounts: Accounts, anna: Operator) -> None:
    for _ in range(25):
        await accounts.login("anna", PASSWORD, "192.0.2.1")


async def test_a_session_lives_while_it_is_used_and_at_most_a_week(
    accounts: Accounts, anna: Operator, clock: Clock
) -> None:
    session, token = await accounts.login("anna", PASSWORD, "192.0.2.1")
    assert session.expires_at == START + timedelta(hours=12)
    for _ in range(15):
        clock.turn(hours=11)
        found = await accounts.session(token)
        assert found is not None
        assert found.csrf == session.csrf
    clock.turn(hours=2)
    found = await accounts.session(token)
    assert found is not None
    assert found.expires_at == START + timedelta(days=7)
    clock.turn(hours=1)
    assert await accounts.session(token) is None


async def test_an_unused_session_ends_after_twelve_hours(accounts: Accounts, anna: Operator, clock: Clock) -> None:
    _, token = await accounts.login("anna", PASSWORD, "192.0.2.1")
    clock.turn(hours=12)
    assert await accounts.session(token) is None


async def test_reading_pages_writes_the_session_at_most_once_a_minute(
    accounts: Accounts, anna: Operator, clock: Clock, database: SqliteDatabase
) -> None:
    async def seen() -> datetime:
        return await database.read(lambda tx: tx.execute(select(sessions.c.seen_at)).scalar_one())

    _, token = await accounts.login("anna", PASSWORD, "192.0.2.1")
    clock.turn(seconds=59)
    await accounts.session(token)
    assert await seen() == START
    clock.turn(seconds=1)
    await accounts.session(token)
    assert await seen() == START + timedelta(seconds=60)


async def test_signing_out_ends_this_session_only(accounts: Accounts, anna: Operator) -> None:
    _, laptop = await accounts.login("anna", PASSWORD, "192.0.2.1")
    _, phone = await accounts.login("anna", PASSWORD, "192.0.2.1")
    await accounts.logout(laptop)
    assert await accounts.session(laptop) is None
    assert await accounts.session(phone) is not None


@pytest.mark.parametrize("token", ["", "guess", "ж" * 5_000, "\ud800", "' OR 1=1 --"])
async def test_an_invented_session_token_opens_nothing(accounts: Accounts, anna: Operator, token: str) -> None:
    assert await accounts.session(token) is None


async def test_neither_tokens_nor_passwords_lie_in_the_database(
    accounts: Accounts, anna: Operator, database: SqliteDatabase, tmp_path: Path
) -> None:
    _, token = await accounts.login("anna", PASSWORD, "192.0.2.1")
    stored = everything_in(tmp_path)
    assert b"anna" in stored
    assert token.encode() not in stored
    assert PASSWORD.encode() not in stored


async def test_a_visitor_is_known_again_by_the_token(accounts: Accounts) -> None:
    visitor_id, token = accounts.new_visitor()
    assert len(visitor_id) == 32
    assert accounts.visitor(token) == visitor_id
    assert accounts.new_visitor()[0] != visitor_id


@pytest.mark.parametrize("token", ["", ".", "a.b", '"x".y', "ж", "\ud800", "\x00", "e30." * 2_000])
async def test_an_invented_visitor_token_is_nobody(accounts: Accounts, token: str) -> None:
    assert accounts.visitor(token) is None


async def test_a_visitor_token_of_another_house_or_changed_by_a_letter_is_nobody(
    accounts: Accounts, database: SqliteDatabase
) -> None:
    _, foreign = Accounts(database, "another secret").new_visitor()
    _, own = accounts.new_visitor()
    changed = ("b" if own[0] == "a" else "a") + own[1:]
    assert accounts.visitor(foreign) is None
    assert accounts.visitor(changed) is None


@given(fails=st.integers(min_value=0, max_value=10_000))
def test_an_account_never_waits_longer_than_a_quarter_of_an_hour(fails: int) -> None:
    after = account_attempt(Attempts(fails, START, START), START)
    assert timedelta(0) <= after.blocked_until - START <= timedelta(minutes=15)


def test_a_new_minute_counts_an_address_afresh() -> None:
    full = Attempts(20, START, START)
    with pytest.raises(TooManyRequests):
        address_attempt(full, START + timedelta(seconds=59))
    assert address_attempt(full, START + timedelta(seconds=60)).fails == 1
