"""A known trouble: its card instead of an article, news and the end for whoever asked, a line in the audit log."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from bot.accounts.model import Operator, Role
from bot.accounts.store import AccountStore
from bot.bus.model import agent_topic
from bot.conversation.incident import Incident, IncidentState
from bot.conversation.incident_store import IncidentStore, topic_hits
from bot.conversation.incidents import Declaration
from bot.conversation.model import Act, Author, Channel, Kind
from bot.errors import BadRequest, NotFound
from bot.kb.editor import Editor
from bot.kb.model import Article
from bot.kb.store import ArticleStore
from handoff.history_store import HistoryStore
from tests.unit.conversation.stage import START, Stage, new_cid
from tests.waiting import until

LENA = Operator("op-lena", "lena", "Лена", Role.LEAD)
TITLE = {"ru": "Авария на узле", "en": "Outage"}
TEXT = {"ru": "Знаем об аварии, чиним до 18:00.", "en": "We know and are on it until 6 pm."}
FIXED = {"ru": "Починили, спасибо за терпение!", "en": "Fixed, thank you for your patience!"}
BREAKDOWN = Declaration(TITLE, TEXT, words=("интернет",))
COMPLAINT = "интернета нет с утра"


@asynccontextmanager
async def telling(room: Stage) -> AsyncIterator[None]:
    task = asyncio.create_task(room.conversations.incidents.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def news(room: Stage) -> list[str]:
    return [row.text for row in await room.rows() if row.kind is Kind.NOTICE]


async def subscribed(room: Stage) -> Incident:
    incident = await room.conversations.incidents.declare(LENA, BREAKDOWN)
    card = (await room.ask(COMPLAINT))[-1]
    await room.press(card.seq, "subscribe")
    return incident


async def test_a_question_about_a_known_trouble_gets_its_card_with_a_way_to_hear_the_end(room: Stage) -> None:
    await room.conversations.incidents.declare(LENA, BREAKDOWN)
    card = (await room.ask(COMPLAINT))[-1]
    assert (card.author, card.text, card.source) == (Author.BOT, TEXT["ru"], None)
    assert [button.act for button in card.buttons] == [Act.SUBSCRIBE]
    assert room.engine.turns[-1].evidence["incident"] is True


async def test_other_questions_are_answered_from_the_articles(room: Stage) -> None:
    await room.conversations.incidents.declare(LENA, BREAKDOWN)
    answer = (await room.ask("как сбросить роутер?"))[-1]
    assert answer.source is not None
    assert room.engine.turns[-1].evidence["incident"] is False


async def test_whoever_asked_hears_the_news_and_the_end_once(room: Stage) -> None:
    incident = await subscribed(room)
    async with telling(room):
        await room.conversations.incidents.tell(LENA, incident.id, {"ru": "Бригада на месте.", "en": "On site."})
        await until(lambda: _has(room, "Бригада на месте."), "the news")
        await room.conversations.incidents.end(LENA, incident.id, FIXED)
        await until(lambda: _has(room, FIXED["ru"]), "the end")
    async with telling(room):
        await room.ask("как дела?")
    assert await news(room) == ["Бригада на месте.", FIXED["ru"]]


async def _has(room: Stage, text: str) -> bool:
    return text in await news(room)


async def test_whoever_did_not_ask_hears_nothing(room: Stage) -> None:
    incident = await room.conversations.incidents.declare(LENA, BREAKDOWN)
    await room.ask(COMPLAINT)
    other = await room.conversations.open("visitor-2", Channel.WIDGET, "ru")
    await room.conversations.incidents.end(LENA, incident.id, FIXED)
    async with telling(room):
        await until(lambda: _over(room, incident.id), "the incident to be over")
    assert await news(room) == []
    assert await room.conversations.history(other.id) == []


async def _over(room: Stage, incident_id: str) -> bool:
    return any(one.id == incident_id and one.state is IncidentState.OVER for one in await all_of(room))


async def all_of(room: Stage) -> list[Incident]:
    return await room.conversations.incidents.recent()


async def test_after_the_end_the_articles_answer_again(room: Stage) -> None:
    incident = await room.conversations.incidents.declare(LENA, BREAKDOWN)
    await room.conversations.incidents.end(LENA, incident.id, FIXED)
    answer = (await room.ask(COMPLAINT))[-1]
    assert answer.source is not None


async def test_asking_for_news_of_what_is_over_says_so(room: Stage) -> None:
    incident = await room.conversations.incidents.declare(LENA, BREAKDOWN)
    card = (await room.ask(COMPLAINT))[-1]
    await room.conversations.incidents.end(LENA, incident.id, FIXED)
    await room.press(card.seq, "subscribe")
    assert (await room.rows())[-1].text == "Это уже исправлено."
    assert (await all_of(room))[0].subscribers == 0


async def test_new_askers_get_the_newest_news(room: Stage) -> None:
    incident = await room.conversations.incidents.declare(LENA, BREAKDOWN)
    later = {"ru": "Чиним до 20:00.", "en": "Until 8 pm."}
    await room.conversations.incidents.tell(LENA, incident.id, later)
    assert (await room.ask(COMPLAINT))[-1].text == later["ru"]


@pytest.mark.parametrize(
    "declaration",
    [
        Declaration(TITLE, {"ru": "Чиним.", "en": " "}, words=("сеть",)),
        Declaration({"ru": "", "en": ""}, TEXT, words=("сеть",)),
        Declaration(TITLE, TEXT),
        Declaration(TITLE, {"ru": "а" * 2_001, "en": "b"}, topics=("outage",)),
    ],
)
async def test_an_incident_nobody_could_be_told_of_is_refused(room: Stage, declaration: Declaration) -> None:
    with pytest.raises(BadRequest) as refused:
        await room.conversations.incidents.declare(LENA, declaration)
    assert refused.value.code == "incident_invalid"


async def test_news_of_what_is_over_are_refused(room: Stage) -> None:
    incident = await room.conversations.incidents.declare(LENA, BREAKDOWN)
    await room.conversations.incidents.end(LENA, incident.id, FIXED)
    with pytest.raises(NotFound):
        await room.conversations.incidents.tell(LENA, incident.id, FIXED)


async def test_the_audit_log_says_who_declared_and_ended(room: Stage) -> None:
    incident = await room.conversations.incidents.declare(LENA, BREAKDOWN)
    await room.conversations.incidents.end(LENA, incident.id, FIXED)

    def read(tx: Connection) -> list[tuple[str, str, str]]:
        return [(one.actor_name, one.act, one.object_id) for one in HistoryStore().entries(tx, None, 10, "", "")]

    assert await room.database.read(read) == [
        ("Лена", "incident_ended", incident.id),
        ("Лена", "incident_declared", incident.id),
    ]


async def test_a_rush_of_questions_is_noticed_and_a_declared_one_is_not(room: Stage) -> None:
    store, incidents = IncidentStore(), room.conversations.incidents

    def ask(tx: Connection) -> None:
        for number in range(6):
            store.note_topic(tx, f"conversation-{number}", "outage", "/city/north", room.clock())

    await room.database.write(ask)
    room.clock.turn(60)
    assert [(rush.topic, rush.customers, rush.page) for rush in await incidents.rushes()] == [
        ("outage", 6, "/city/north")
    ]
    await incidents.declare(LENA, Declaration(TITLE, TEXT, topics=("outage",)))
    assert await incidents.rushes() == []
    room.clock.turn(timedelta(hours=1).total_seconds())
    assert await incidents.rushes() == []


async def test_a_question_is_counted_by_its_topic_once_it_is_answered(room: Stage) -> None:
    article = Article("router-reset", "ru", "Роутер", "Нажмите кнопку.", category="equipment")
    await room.database.write(lambda tx: Editor(ArticleStore(), room.clock).take_files(tx, [article]))
    await room.ask("роутер завис")
    await room.conversations.incidents.declare(LENA, BREAKDOWN)
    await room.ask(COMPLAINT)
    until = room.clock() + timedelta(seconds=1)
    counted = await room.database.read(lambda tx: tx.execute(select(topic_hits.c.topic, topic_hits.c.at)).all())
    assert [tuple(row) for row in counted] == [("equipment", room.clock())] * 2
    assert await room.database.read(lambda tx: IncidentStore().asked(tx, START, until)) == {"equipment": 1}


async def test_the_banner_names_the_newest_trouble(room: Stage) -> None:
    assert await room.conversations.incidents.banner("ru") == ""
    await room.conversations.incidents.declare(LENA, BREAKDOWN)
    assert "Авария на узле" in await room.conversations.incidents.banner("ru")


async def test_a_press_repeated_by_a_lost_connection_counts_once(room: Stage) -> None:
    await room.conversations.incidents.declare(LENA, BREAKDOWN)
    card = (await room.ask(COMPLAINT))[-1]
    cid = new_cid()
    receipts = [await room.press(card.seq, "subscribe", cid) for _ in range(2)]
    assert [one.repeated for one in receipts] == [False, True]
    assert (await all_of(room))[0].subscribers == 1


async def test_leads_are_called_to_a_rush_once_an_hour(room: Stage) -> None:
    store, incidents = IncidentStore(), room.conversations.incidents

    def ask(tx: Connection) -> None:
        AccountStore().add(tx, LENA, "no password", room.clock())
        for number in range(6):
            store.note_topic(tx, f"conversation-{number}", "outage", "", room.clock())

    await room.database.write(ask)
    room.clock.turn(60)
    async with room.bus.subscribe(agent_topic(LENA.id)) as ear:
        await incidents.notice_rushes()
        _, ring = await ear.get()
        assert (ring["kind"], "outage" in ring["en"]) == ("rush", True)
        await incidents.notice_rushes()
        await room.bus.publish(agent_topic(LENA.id), {"type": "end"})
        assert (await ear.get())[1]["type"] == "end"
