"""What every backend owes the transcript: gap-free numbers, one row per client id, turns owed and settled once."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, insert
from sqlalchemy.exc import IntegrityError

from bot.conversation.model import (
    Act,
    Author,
    Button,
    Channel,
    Conversation,
    Draft,
    Format,
    Kind,
    Message,
    Source,
)
from bot.conversation.store import ConversationStore, messages
from bot.errors import NotFound
from bot.storage.database import Database

AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
STORE = ConversationStore()
THREAD = Conversation(
    id="c1",
    visitor_id="v1",
    channel=Channel.TELEGRAM,
    lang="ru",
    epoch=1,
    last_seq=0,
    created_at=AT,
    address="-1001234567890",
    customer_name="Анна «О’Нил» 🙂",
    page={"url": "https://shop.example/?q=1", "title": "Тарифы"},
)
FULL = Draft(
    cid="bot-1",
    author=Author.BOT,
    text="**Перезагрузите** роутер\n\u2028<b>&amp;",
    author_name="",
    kind=Kind.CLARIFY,
    format=Format.MARKDOWN,
    buttons=(Button("a1", "Роутер", Act.ARTICLE, "router-reset"), Button("person", "Человек", Act.PERSON)),
    source=Source("router-reset", "Перезагрузка", "/help/ru/router-reset"),
    in_reply_to=1,
    evidence={"verdict": "unsure", "confidence": 0.4321, "tried": [{"article": "router-reset", "score": 0.5}]},
)


@pytest.fixture(autouse=True)
async def thread(database: Database) -> None:
    await database.write(lambda tx: STORE.add(tx, THREAD))


def append(tx: Connection, cid: str, text: str = "hello", conversation_id: str = "c1") -> tuple[Message, bool]:
    return STORE.append(tx, conversation_id, Draft(cid, Author.CUSTOMER, text), AT)


async def history(database: Database, conversation_id: str = "c1", after: int = 0, limit: int = 1000) -> list[Message]:
    return await database.read(lambda tx: STORE.history(tx, conversation_id, after, limit))


async def test_a_conversation_comes_back_as_it_went_in(database: Database) -> None:
    assert await database.read(lambda tx: STORE.get(tx, "c1")) == THREAD
    assert await database.read(lambda tx: STORE.of_visitor(tx, "v1", Channel.TELEGRAM)) == THREAD
    assert await database.read(lambda tx: STORE.of_visitor(tx, "v1", Channel.WIDGET)) is None


async def test_an_unknown_conversation_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound) as refusal:
        await database.read(lambda tx: STORE.get(tx, "nobody"))
    assert refusal.value.code == "conversation_unknown"
    with pytest.raises(NotFound):
        await database.write(lambda tx: append(tx, "x", conversation_id="nobody"))


async def test_a_visitor_has_one_conversation_in_a_channel(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await database.write(lambda tx: STORE.add(tx, replace(THREAD, id="c2")))
    await database.write(lambda tx: STORE.add(tx, replace(THREAD, id="c3", channel=Channel.WIDGET)))


async def test_a_message_comes_back_as_it_went_in(database: Database) -> None:
    written, new = await database.write(lambda tx: STORE.append(tx, "c1", FULL, AT))
    assert new
    assert (written.seq, written.created_at) == (1, AT)
    assert await history(database) == [written]
    assert await database.read(lambda tx: STORE.message(tx, "c1", 1)) == written
    assert written.buttons == FULL.buttons
    assert written.source == FULL.source
    assert written.evidence == FULL.evidence


async def test_an_unknown_message_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound) as refusal:
        await database.read(lambda tx: STORE.message(tx, "c1", 1))
    assert refusal.value.code == "message_unknown"


async def test_two_hundred_appends_at_once_are_numbered_without_a_gap_and_stored_once_per_client_id(
    database: Database,
) -> None:
    cids = [f"cid-{n % 150:03d}" for n in range(200)]
    answers = await asyncio.gather(*(database.write(partial(append, cid=cid, text=cid)) for cid in cids))
    given = {cid: message.seq for cid, (message, _) in zip(cids, answers, strict=True)}
    assert sorted(given.values()) == list(range(1, 151))
    assert sum(new for _, new in answers) == 150
    assert all(message.seq == given[cid] for cid, (message, _) in zip(cids, answers, strict=True))
    rows = await history(database)
    assert [row.seq for row in rows] == list(range(1, 151))
    assert {row.cid: row.seq for row in rows} == given
    assert all(row.text == row.cid for row in rows)
    assert (await database.read(lambda tx: STORE.get(tx, "c1"))).last_seq == 150


async def test_the_first_words_win_when_a_client_id_comes_twice(database: Database) -> None:
    await database.write(lambda tx: append(tx, "same", "first"))
    message, new = await database.write(lambda tx: append(tx, "same", "second"))
    assert (message.seq, message.text, new) == (1, "first", False)
    assert (await database.read(lambda tx: STORE.get(tx, "c1"))).last_seq == 1


async def test_a_client_id_belongs_to_one_conversation(database: Database) -> None:
    await database.write(lambda tx: STORE.add(tx, replace(THREAD, id="c2", visitor_id="v2")))
    await database.write(lambda tx: append(tx, "same"))
    message, new = await database.write(lambda tx: append(tx, "same", conversation_id="c2"))
    assert (message.conversation_id, message.seq, new) == ("c2", 1, True)


async def test_the_database_itself_refuses_a_second_row_for_a_client_id(database: Database) -> None:
    await database.write(lambda tx: append(tx, "same"))

    def behind_the_stores_back(tx: Connection) -> None:
        row = dict(tx.execute(messages.select()).mappings().one())
        tx.execute(insert(messages).values(row | {"seq": 2}))

    with pytest.raises(IntegrityError):
        await database.write(behind_the_stores_back)


async def test_a_refused_transaction_leaves_no_gap(database: Database) -> None:
    def broken(tx: Connection) -> None:
        append(tx, "lost")
        raise RuntimeError

    await database.write(lambda tx: append(tx, "one"))
    with pytest.raises(RuntimeError):
        await database.write(broken)
    message, _ = await database.write(lambda tx: append(tx, "two"))
    assert message.seq == 2


async def test_history_is_read_from_a_cursor_in_pages(database: Database) -> None:
    for n in range(1, 8):
        await database.write(partial(append, cid=f"cid-{n}"))
    assert [row.seq for row in await history(database, limit=3)] == [1, 2, 3]
    assert [row.seq for row in await history(database, after=3, limit=3)] == [4, 5, 6]
    assert [row.seq for row in await history(database, after=6)] == [7]
    assert await history(database, after=7) == []


async def test_a_new_epoch_forgets_the_fields_and_starts_a_new_episode(database: Database) -> None:
    def talk(tx: Connection) -> None:
        append(tx, "old-1")
        STORE.change(tx, "c1", fields={"account_number": "123"})
        STORE.start_epoch(tx, "c1")

    await database.write(talk)
    assert await database.read(lambda tx: STORE.fields(tx, "c1")) == {}
    assert await database.read(lambda tx: STORE.episode(tx, "c1")) == []
    await database.write(lambda tx: append(tx, "new-1"))
    conversation = await database.read(lambda tx: STORE.get(tx, "c1"))
    assert (conversation.epoch, conversation.last_seq) == (2, 2)
    assert [row.cid for row in await database.read(lambda tx: STORE.episode(tx, "c1"))] == ["new-1"]


async def test_an_episode_is_its_last_hundred_rows_in_order(database: Database) -> None:
    await database.write(lambda tx: [append(tx, f"cid-{n}") for n in range(1, 121)])
    assert [row.seq for row in await database.read(lambda tx: STORE.episode(tx, "c1"))] == list(range(21, 121))


async def owe(database: Database, cid: str, press: dict[str, str] | None = None) -> Message:
    def work(tx: Connection) -> Message:
        message, _ = append(tx, cid)
        STORE.owe(tx, message, press)
        return message

    return await database.write(work)


async def test_turns_are_owed_oldest_first_and_settled_once(database: Database) -> None:
    await owe(database, "one")
    await owe(database, "two", {"payload": "/affirm"})
    first = await database.read(lambda tx: STORE.owed(tx, "c1"))
    assert first is not None
    assert (first.seq, first.press) == (1, None)
    assert await database.write(lambda tx: STORE.settle(tx, first, "done"))
    assert not await database.write(lambda tx: STORE.settle(tx, first, "suppressed"))
    second = await database.read(lambda tx: STORE.owed(tx, "c1"))
    assert second is not None
    assert (second.seq, second.press) == (2, {"payload": "/affirm"})
    assert second.id != first.id
    await database.write(lambda tx: STORE.settle(tx, second, "suppressed"))
    assert await database.read(lambda tx: STORE.owed(tx, "c1")) is None


async def test_the_sweep_finds_every_conversation_that_is_overdue_once(database: Database) -> None:
    await owe(database, "one")
    await owe(database, "two")
    assert await database.read(lambda tx: list(STORE.owing(tx, AT))) == []
    assert await database.read(lambda tx: list(STORE.owing(tx, AT + timedelta(seconds=1)))) == ["c1"]
