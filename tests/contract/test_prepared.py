"""A prepared statement gives what SQLAlchemy's own way gives: values, rows, errors, transactions."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.storage.database import Database, UtcDateTime
from bot.storage.prepared import Prepared

scratch = MetaData()
shelf = Table(
    "scratch_shelf",
    scratch,
    Column("id", Integer, primary_key=True),
    Column("words", Text, nullable=False),
    Column("told", JSON),
    Column("kept", Boolean, nullable=False),
    Column("at", UtcDateTime),
)
ADD = Prepared(insert(shelf))
ABOVE = select(shelf).where(shelf.c.id > bindparam("least"), shelf.c.kept.is_(True)).order_by(shelf.c.id).limit(2)
AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=3)))
TOLD = {"слово": ["🙂", 1, 0.1, None, True, {"a": "\ud83d"}], "beyond": float("inf")}


@pytest.fixture(autouse=True)
async def table(database: Database) -> None:
    await database.write(scratch.create_all)


def add(tx: Connection, number: int, *, kept: bool = True) -> int:
    return ADD.run(tx, id=number, words=f"слово {number}", told=TOLD if number % 2 else None, kept=kept, at=AT)


async def test_rows_and_values_are_those_of_an_ordinary_execution(database: Database) -> None:
    def both_ways(tx: Connection) -> None:
        assert [add(tx, 1), add(tx, 2), add(tx, 3, kept=False), add(tx, 4), add(tx, 5)] == [1] * 5
        values = {"id": 6, "words": "слово 6", "told": TOLD, "kept": False, "at": AT}
        tx.execute(insert(shelf), values)
        ADD.run(tx, **values | {"id": 7})
        raw = "SELECT told, kept, at FROM scratch_shelf WHERE id IN (6, 7)"
        sixth, seventh = tx.exec_driver_sql(raw).all()
        assert sixth == seventh, "the same bytes are stored"
        for least in (0, 1, 4, 9):
            ordinary = [tuple(row) for row in tx.execute(ABOVE, {"least": least})]
            assert Prepared(ABOVE).rows(tx, least=least) == ordinary
            assert Prepared(ABOVE).row(tx, least=least) == next(iter(ordinary), None)

    await database.write(both_ways)
    first = await database.read(lambda tx: Prepared(ABOVE).row(tx, least=0))
    assert first == (1, "слово 1", TOLD, True, AT)
    assert first[-1].tzinfo is UTC


async def test_what_an_update_gives_back_is_read_too(database: Database) -> None:
    change = Prepared(
        update(shelf).where(shelf.c.id == bindparam("one")).values(told=bindparam("new")).returning(shelf.c.told)
    )
    await database.write(lambda tx: add(tx, 1))
    assert await database.write(lambda tx: change.rows(tx, one=1, new={"a": 1})) == [({"a": 1},)]
    assert await database.write(lambda tx: change.row(tx, one=2, new={})) is None


async def test_a_broken_rule_is_sqlalchemys_error_and_repeats_no_words(database: Database) -> None:
    await database.write(lambda tx: add(tx, 1))
    with pytest.raises(IntegrityError) as failure:
        await database.write(lambda tx: add(tx, 1))
    assert "слово" not in str(failure.value)


async def test_a_value_that_was_forgotten_is_an_error_and_no_null(database: Database) -> None:
    with pytest.raises(KeyError, match="told"):
        await database.write(lambda tx: ADD.run(tx, id=1, words="", kept=True, at=AT))


async def test_it_is_part_of_the_transaction(database: Database) -> None:
    def half_done(tx: Connection) -> None:
        add(tx, 1)
        raise ValueError("half done")

    with pytest.raises(ValueError, match="half done"):
        await database.write(half_done)
    await database.read(lambda tx: add(tx, 2))
    assert await database.read(lambda tx: Prepared(ABOVE).rows(tx, least=0)) == []


async def test_a_missing_table_is_refused_as_ever(database: Database) -> None:
    nowhere = Prepared(select(Table("scratch_nowhere", MetaData(), Column("id", Integer))))
    with pytest.raises(Exception, match="cannot be read") as refusal:
        await database.read(nowhere.rows)
    assert isinstance(refusal.value.__cause__, OperationalError)
