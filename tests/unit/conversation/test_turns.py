"""The bot's turns: answered in order, by the evidence when the engine fails, by a person when that fails too."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.bus.local import LocalBus
from bot.bus.model import DESK, conversation_topic
from bot.conversation.model import Author, Channel, Incoming, Kind
from bot.conversation.service import Conversations
from bot.dialogue.model import Choice, Reply, Utterance, Wish
from bot.kb.model import Evidence
from bot.storage.database import Work
from handoff.model import Outcome, Reason
from tests.unit.conversation.stage import (
    ANNA,
    NOTHING,
    QUESTION,
    START,
    SURE,
    UNSURE,
    Stage,
    lines,
    new_cid,
)
from tests.waiting import until


async def test_a_question_is_answered_with_its_source(room: Stage) -> None:
    [answer] = await room.ask(QUESTION)
    assert (answer.author, answer.kind, answer.in_reply_to) == (Author.BOT, Kind.ANSWER, 1)
    assert answer.source is not None
    assert answer.source.article == "router-reset"
    assert answer.evidence is not None
    assert answer.evidence["verdict"] == "sure"
    await until(lambda: room.counted("turn_seconds_count", outcome="answered") == 1, "the turn to be counted")


async def test_the_engine_gets_the_evidence_the_language_and_a_sender_of_its_own(room: Stage) -> None:
    await room.ask(QUESTION)
    [turn] = room.engine.turns
    assert (turn.text, turn.payload, turn.lang, turn.channel) == (QUESTION, None, "ru", "widget")
    assert turn.sender == f"{room.thread.id}.1"
    assert turn.evidence == {
        "verdict": "sure",
        "confidence": 0.93,
        "confirmed": False,
        "incident": False,
        "hits": [
            {
                "article": "router-reset",
                "title": "Title of router-reset",
                "short_answer": "Short answer of router-reset.",
                "url": "/help/ru/router-reset",
                "score": 0.9,
            }
        ],
    }


async def test_the_engine_gets_no_more_hits_than_can_be_offered(room: Stage) -> None:
    room.knowledge.otherwise = UNSURE
    await room.ask(QUESTION)
    assert [hit["article"] for hit in room.engine.turns[0].evidence["hits"]] == ["a", "b", "c"]


async def test_everything_the_engine_says_becomes_a_message_in_its_order(room: Stage) -> None:
    room.engine.script["привет"] = Reply(
        (Utterance("Здравствуйте!"), Utterance("О чём вы?", choices=(Choice("Счёт", ""),)))
    )
    rows = await room.ask("привет")
    assert [row.text for row in rows] == ["Здравствуйте!", "О чём вы?"]
    assert {row.in_reply_to for row in rows} == {1}


async def test_messages_sent_in_a_row_are_answered_one_after_another(room: Stage) -> None:
    room.engine.hold()
    receipts = [await room.say(f"вопрос {n}") for n in range(5)]
    await room.engine.thinking(1)
    assert len(room.engine.turns) == 1, "one turn at a time"
    room.engine.release()
    await room.quiet()
    assert [turn.text for turn in room.engine.turns] == [f"вопрос {n}" for n in range(5)]
    answers = [row.in_reply_to for row in await room.rows() if row.author is Author.BOT]
    assert answers == [receipt.seq for receipt in receipts]


async def test_conversations_do_not_wait_for_each_other(room: Stage) -> None:
    room.engine.hold()
    threads = [await room.conversations.open(f"v{n}", Channel.WIDGET, "ru") for n in range(8)]
    for thread in threads:
        await room.conversations.receive(thread.id, Incoming(new_cid(), QUESTION))
    await room.engine.thinking(8)
    assert {turn.sender for turn in room.engine.turns} == {f"{thread.id}.1" for thread in threads}
    room.engine.release()
    for thread in threads:
        await room.quiet(thread.id)


async def test_two_workers_on_one_bus_do_not_take_the_same_turn(room: Stage) -> None:
    other = Conversations(room.conversations._parts, room.knowledge, room.engine)
    room.engine.hold()
    await room.say("раз")
    await room.engine.thinking()
    await other.receive(room.thread.id, Incoming(new_cid(), "два"))
    room.engine.release()
    await room.quiet()
    assert [turn.text for turn in room.engine.turns] == ["раз", "два"]
    await until(lambda: not other._turns._running, "the other worker to be done")


@pytest.mark.parametrize("found", [SURE, NOTHING], ids=["an answer", "a handoff"])
async def test_two_workers_without_a_common_lock_say_it_once(room: Stage, found: Evidence) -> None:
    parts = replace(room.conversations._parts, bus=LocalBus())
    other = Conversations(parts, room.knowledge, room.engine)
    room.knowledge.otherwise = found
    room.engine.hold()
    await room.say()
    await room.engine.thinking()
    other._turns.wake(room.thread.id)
    await room.engine.thinking(2)
    room.engine.release()
    await until(lambda: not room.conversations._turns._running and not other._turns._running, "both to be done")
    assert len(await room.rows()) == 2
    assert len({turn.id for turn in room.engine.turns}) == 1
    await until(lambda: room.counted("turn_seconds_count", outcome="answered") == 1, "the turn to be counted")
    await until(lambda: room.counted("turn_seconds_count", outcome="suppressed") == 1, "the turn to be counted")
    assert room.counted("tickets_opened_total", reason="not_found", channel="widget") == (1 if found is NOTHING else 0)


async def test_a_message_that_arrives_as_the_bot_finishes_is_answered_too(
    room: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, late = room.database.write, iter(["два"])

    async def write_then_receive(work: Work[Any]) -> Any:
        done = await write(work)
        if isinstance(done, tuple) and (text := next(late, None)):
            await room.say(text)
        return done

    monkeypatch.setattr(room.database, "write", write_then_receive)
    await room.say("раз")
    await room.engine.thinking(2)
    await room.quiet()
    assert [row.author for row in await room.rows()] == [Author.CUSTOMER, Author.BOT] * 2


async def test_two_messages_at_once_are_answered_once_each_in_their_order(room: Stage) -> None:
    for n in range(5):
        await asyncio.gather(room.say(f"раз {n}"), room.say(f"два {n}"))
        await room.quiet()
    rows = await room.rows()
    said = [row.seq for row in rows if row.author is Author.CUSTOMER]
    assert [row.in_reply_to for row in rows if row.author is Author.BOT] == said
    assert [turn.text for turn in room.engine.turns] == [f"{word} {n}" for n in range(5) for word in ("раз", "два")]


async def test_a_question_behind_one_that_was_left_over_is_answered_after_it(
    room: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as asleep:
        asleep.setattr(room.conversations._turns, "wake", lambda *_: None)
        await room.say("раз")
    await room.say("два")
    await room.quiet()
    assert [turn.text for turn in room.engine.turns] == ["раз", "два"]


async def test_a_person_who_comes_while_the_question_waits_for_its_turn_is_noticed(
    room: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room.conversations._turns, "_slots", asyncio.Semaphore(1))
    room.engine.hold()
    other = await room.conversations.open("v2", Channel.WIDGET, "ru")
    await room.conversations.receive(other.id, Incoming(new_cid(), QUESTION))
    await room.engine.thinking()
    await room.say("кто там?")
    await room.conversations.take(room.thread.id, ANNA)
    room.engine.release()
    await room.quiet()
    assert [turn.text for turn in room.engine.turns] == [QUESTION]
    assert [row.author for row in await room.rows()] == [Author.CUSTOMER, Author.SYSTEM]


async def test_the_bot_is_seen_typing_before_it_answers(room: Stage) -> None:
    async with room.bus.subscribe(conversation_topic(room.thread.id)) as ear:
        room.engine.hold()
        await room.say()
        await room.engine.thinking()
        rings = [(await ear.get())[1] for _ in range(2)]
        room.engine.release()
        answered = (await ear.get())[1]
    assert [ring["type"] for ring in rings] == ["message", "typing"]
    assert rings[1]["who"] == "bot"
    assert answered["type"] == "message"


async def test_the_engines_wish_hands_over_with_everything_the_operator_needs(room: Stage) -> None:
    room.knowledge.found["счёт"] = UNSURE
    await room.ask("счёт")
    room.engine.script["человека!"] = Reply(
        (Utterance("Понимаю вас."), Utterance("", Wish.HANDOFF, "frustration")),
        "anger",
        fields={"account_number": "123456"},
    )
    async with room.bus.subscribe(DESK) as ear:
        rows = await room.ask("человека!")
        topic, ring = await ear.get()
    [ticket] = await room.conversations.tickets()
    assert (topic, ring) == (DESK, {"type": "ticket", "id": ticket.id})
    assert lines(rows) == [(Author.BOT, Kind.TEXT), (Author.SYSTEM, Kind.HANDOFF)]
    assert (ticket.reason, ticket.subject, ticket.lang, ticket.channel) == (
        Reason.FRUSTRATION,
        "человека!",
        "ru",
        "widget",
    )
    assert (ticket.customer_name, ticket.opened_at) == ("Пётр", START)
    detail = await room.conversations.board.detail("", ticket.id)
    assert detail.fields == {"account_number": "123456"}
    assert {tried["article"]: tried["score"] for tried in detail.tried} == {
        "router-reset": 0.9,
        "a": 0.5,
        "b": 0.4,
        "c": 0.3,
    }
    assert [tried["score"] for tried in detail.tried] == [0.9, 0.5, 0.4, 0.3]
    assert [message.seq for message in detail.messages] == [1, 2, 3, 4, 5]
    assert detail.conversation.id == room.thread.id


async def test_after_a_closing_the_engine_knows_the_customer_by_a_new_sender(room: Stage) -> None:
    await room.ask(QUESTION)
    ticket = await room.call_person()
    await room.conversations.accept(ticket.id, ANNA)
    await room.conversations.close(ticket.id, ANNA, Outcome.SOLVED)
    [answer] = await room.ask("и ещё вопрос")
    assert answer.author is Author.BOT
    assert [turn.sender for turn in room.engine.turns] == [f"{room.thread.id}.1", f"{room.thread.id}.2"]
    assert (await room.conversations.get(room.thread.id)).epoch == 2


async def test_a_button_from_an_earlier_episode_still_works_in_the_new_one(room: Stage) -> None:
    room.engine.script["долг"] = Reply((Utterance("Показать?", choices=(Choice("Да", "/affirm"),)),))
    room.engine.script["Да"] = Reply((Utterance("О чём вы?"),))
    [asked] = await room.ask("долг")
    ticket = await room.call_person()
    await room.conversations.accept(ticket.id, ANNA)
    await room.conversations.close(ticket.id, ANNA, Outcome.SOLVED)
    await room.press(asked.seq, "c1")
    await room.quiet()
    assert (await room.rows())[-1].text == "О чём вы?"
    assert room.engine.turns[-1].sender.endswith(".2")


async def test_fields_the_engine_collected_are_kept_until_the_episode_ends(room: Stage) -> None:
    room.engine.script["счёт 123"] = Reply((Utterance("Понял."),), fields={"account_number": "123"})
    room.engine.script["адрес"] = Reply((Utterance("Понял."),), fields={"address": "Мира, 1"})
    await room.ask("счёт 123")
    await room.ask("адрес")
    first = await room.call_person()
    assert (await room.conversations.board.detail("", first.id)).fields == {
        "account_number": "123",
        "address": "Мира, 1",
    }
    await room.conversations.accept(first.id, ANNA)
    await room.conversations.close(first.id, ANNA, Outcome.SOLVED)
    second = await room.call_person()
    assert (await room.conversations.board.detail("", second.id)).fields == {}
    assert (await room.conversations.board.detail("", second.id)).tried == []


async def test_a_cross_customer_is_not_asked_back_but_handed_over(room: Stage) -> None:
    room.knowledge.otherwise = UNSURE
    rows = await room.ask("сколько можно ждать роутер")
    assert lines(rows) == [(Author.SYSTEM, Kind.HANDOFF)]
    [ticket] = await room.conversations.tickets()
    assert (ticket.reason, ticket.mood) == (Reason.FRUSTRATION, "annoyed")


async def test_a_calm_customer_is_asked_back(room: Stage) -> None:
    room.knowledge.otherwise = UNSURE
    rows = await room.ask("роутер")
    assert lines(rows) == [(Author.BOT, Kind.CLARIFY)]
