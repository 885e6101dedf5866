"""Who may change whom, and that whoever loses rights is out at once, on a real database."""

from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.accounts.model import PERMISSIONS, Changes, Operator, Permission, Role, refusal
from bot.accounts.service import Accounts, token_hash
from bot.errors import Conflict, Forbidden, NotFound, TooManyRequests
from bot.storage.database import metadata
from bot.storage.sqlite import SqliteDatabase

PASSWORD = "correct horse battery"
ADDRESS = "192.0.2.1"


class Ledger:
    """An audit log that only remembers."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str, dict[str, Any]]] = []

    def __call__(
        self, tx: Connection, actor: Operator, act: str, about: tuple[str, str], detail: dict[str, Any]
    ) -> None:
        self.lines.append((actor.login, act, detail))


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    database = SqliteDatabase(tmp_path / "zeroline.db")
    metadata.create_all(database.engine)
    yield database
    await database.close()


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def accounts(database: SqliteDatabase, ledger: Ledger) -> Accounts:
    return Accounts(database, "a secret for tests", audit=ledger)


@pytest.fixture
async def olga(accounts: Accounts) -> Operator:
    return (await accounts.add_operator("olga", "Ольга", Role.OWNER, PASSWORD))[0]


async def change(accounts: Accounts, database: SqliteDatabase, by: Operator, who: Operator, **what: Any) -> list[str]:
    _, ended = await database.write(lambda tx: accounts.change(tx, by, who.id, Changes(**what)))
    return ended


def test_every_role_but_the_owners_lacks_something_and_no_two_are_alike() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert len(set(PERMISSIONS.values())) == len(Role)
    assert PERMISSIONS[Role.OWNER] == frozenset(Permission)
    assert PERMISSIONS[Role.READ_ONLY] == {Permission.SEE_DESK, Permission.SEE_REPORTS}


@pytest.mark.parametrize(("by", "was", "becomes"), list(product(Role, Role, Role)))
def test_only_owners_make_and_change_owners(by: Role, was: Role, becomes: Role) -> None:
    who, whom = Operator("1", "by", "By", by), Operator("2", "was", "Was", was)
    refused = refusal(who, whom, Operator("2", "was", "Was", becomes))
    assert refused == ("owner_only" if by is not Role.OWNER and Role.OWNER in (was, becomes) else "")


@pytest.mark.parametrize(("role", "becomes"), list(product(Role, Role)))
def test_nobody_raises_themselves(role: Role, becomes: Role) -> None:
    me = Operator("1", "me", "Me", role)
    refused = refusal(me, me, Operator("1", "me", "Me", becomes))
    assert bool(refused) == bool(PERMISSIONS[becomes] - PERMISSIONS[role])


def test_a_person_switched_off_may_do_nothing() -> None:
    assert not Operator("1", "me", "Me", Role.OWNER, active=False).permissions


@pytest.mark.parametrize("what", [{"role": Role.ADMIN}, {"active": False}])
async def test_the_last_owner_stays(
    accounts: Accounts, database: SqliteDatabase, olga: Operator, what: dict[str, Any]
) -> None:
    with pytest.raises(Conflict) as refused:
        await change(accounts, database, olga, olga, **what)
    assert refused.value.code == "last_owner"
    second, _ = await accounts.add_operator("oleg", "Олег", Role.OWNER, PASSWORD, by=olga)
    await change(accounts, database, second, olga, **what)
    with pytest.raises(Conflict):
        await change(accounts, database, second, second, **what)


async def test_switching_somebody_off_ends_every_session_of_theirs(
    accounts: Accounts, database: SqliteDatabase, olga: Operator, ledger: Ledger
) -> None:
    anna, _ = await accounts.add_operator("anna", "Анна", Role.OPERATOR, PASSWORD, by=olga)
    tokens = [(await accounts.login("anna", PASSWORD, ADDRESS))[1] for _ in range(2)]
    ended = await change(accounts, database, olga, anna, active=False)
    assert sorted(ended) == sorted(token_hash(token) for token in tokens)
    assert [await accounts.session(token) for token in tokens] == [None, None]
    assert [line[1] for line in ledger.lines] == ["person_added", "person_changed"]
    assert ledger.lines[1][2] == {"login": "anna", "active": "True → False"}


async def test_a_new_name_ends_nothing_and_no_change_is_not_written_down(
    accounts: Accounts, database: SqliteDatabase, olga: Operator, ledger: Ledger
) -> None:
    _, token = await accounts.login("olga", PASSWORD, ADDRESS)
    assert await change(accounts, database, olga, olga, name="Ольга П.") == []
    assert await change(accounts, database, olga, olga, name="Ольга П.", role=Role.OWNER) == []
    assert len(ledger.lines) == 1
    session = await accounts.session(token)
    assert session is not None
    assert session.operator.name == "Ольга П."


async def test_an_admin_leaves_owners_alone(accounts: Accounts, database: SqliteDatabase, olga: Operator) -> None:
    admin, _ = await accounts.add_operator("adam", "Адам", Role.ADMIN, PASSWORD, by=olga)
    for deed in (
        lambda: change(accounts, database, admin, olga, name="Hacked"),
        lambda: change(accounts, database, admin, admin, role=Role.OWNER),
        lambda: accounts.reset_password(admin, olga.id),
        lambda: accounts.add_operator("ivan", "Иван", Role.OWNER, PASSWORD, by=admin),
    ):
        with pytest.raises(Forbidden) as refused:
            await deed()
        assert refused.value.code == "owner_only"
    with pytest.raises(NotFound):
        await accounts.reset_password(admin, "nobody")


async def test_a_reset_password_opens_and_the_old_one_does_not(accounts: Accounts, olga: Operator) -> None:
    anna, _ = await accounts.add_operator("anna", "Анна", Role.OPERATOR, PASSWORD)
    _, token = await accounts.login("anna", PASSWORD, ADDRESS)
    password, ended = await accounts.reset_password(olga, anna.id)
    assert ended == [token_hash(token)]
    await accounts.login("anna", password, ADDRESS)


async def test_ones_own_new_password_ends_the_other_sessions_only(accounts: Accounts, olga: Operator) -> None:
    _, here = await accounts.login("olga", PASSWORD, ADDRESS)
    _, there = await accounts.login("olga", PASSWORD, ADDRESS)
    assert await accounts.change_password(here, olga, PASSWORD, "another long password") == [token_hash(there)]
    assert await accounts.session(here) is not None
    assert await accounts.session(there) is None
    await accounts.login("olga", "another long password", ADDRESS)


async def test_guessing_the_old_password_is_slowed_down(accounts: Accounts, olga: Operator) -> None:
    _, token = await accounts.login("olga", PASSWORD, ADDRESS)
    for _ in range(5):
        with pytest.raises(Forbidden):
            await accounts.change_password(token, olga, "a wrong guess", "another long password")
    with pytest.raises(TooManyRequests):
        await accounts.change_password(token, olga, PASSWORD, "another long password")
