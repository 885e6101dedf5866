"""A person steps in while the bot is thinking: whoever holds the conversation is not talked over."""

import asyncio
from functools import partial

import pytest

from bot.conversation.model import Author, Kind, Receipt
from handoff.model import Outcome
from tests.unit.conversation.stage import ANNA, NOTHING, QUESTION, Stage, lines, new_cid
from tests.waiting import busy_writer, until


async def test_a_conversation_knows_whether_it_ever_had_a_ticket(room: Stage) -> None:
    await room.ask(QUESTION)
    assert not (await room.conversations.get(room.thread.id)).helped
    ticket = await room.call_person()
    assert (await room.conversations.get(room.thread.id)).helped
    await room.conversations.accept(ticket.id, ANNA)
    await room.conversations.close(ticket.id, ANNA, Outcome.SOLVED)
    assert (await room.conversations.get(room.thread.id)).helped


async def test_while_a_person_holds_the_conversation_the_bot_is_silent(room: Stage) -> None:
    await room.call_person()
    before = len(await room.rows())
    await room.ask("вот ещё подробности")
    assert len(room.engine.turns) == 0
    assert len(await room.rows()) == before + 1


async def test_a_person_called_while_the_bot_is_thinking_silences_its_answer(room: Stage) -> None:
    room.engine.hold()
    await room.say(QUESTION)
    await room.engine.thinking()
    ticket = await room.call_person()
    room.engine.release()
    await room.quiet()
    rows = await room.rows()
    assert [row.author for row in rows] == [Author.CUSTOMER, Author.CUSTOMER, Author.SYSTEM]
    assert ticket.subject == QUESTION
    await until(lambda: room.counted("turn_seconds_count", outcome="suppressed") == 1, "the turn to be counted")


async def test_an_operator_who_joined_while_the_bot_was_thinking_is_not_talked_over(room: Stage) -> None:
    room.engine.hold()
    await room.say(QUESTION)
    await room.engine.thinking()
    ticket = await room.call_person()
    await room.conversations.accept(ticket.id, ANNA)
    room.engine.release()
    await room.quiet()
    assert not [row for row in await room.rows() if row.author is Author.BOT]
    assert (await room.conversations.state(room.thread.id)).operator == "Анна"


async def test_an_answer_from_before_the_farewell_is_not_said_after_it(room: Stage) -> None:
    room.engine.hold()
    await room.say(QUESTION)
    await room.engine.thinking()
    ticket = await room.call_person()
    await room.conversations.accept(ticket.id, ANNA)
    await room.conversations.close(ticket.id, ANNA, Outcome.SOLVED)
    room.engine.release()
    await room.quiet()
    rows = await room.rows()
    assert rows[-1].kind is Kind.RATING_REQUEST
    assert not [row for row in rows if row.author is Author.BOT]


async def test_a_wish_for_a_person_and_the_customers_own_call_make_one_ticket(room: Stage) -> None:
    room.knowledge.otherwise = NOTHING
    room.engine.hold()
    await room.say("погода на Марсе")
    await room.engine.thinking()
    ticket = await room.call_person()
    room.engine.release()
    await room.quiet()
    assert await room.conversations.tickets() == [ticket]
    assert [row.kind for row in await room.rows()].count(Kind.HANDOFF) == 1


def reached(room: Stage, jobs: int) -> bool:
    return room.database._jobs.qsize() == jobs


@pytest.mark.parametrize("bot_is_first", [True, False])
async def test_an_answer_and_a_call_for_a_person_at_the_same_instant_keep_their_order(
    room: Stage, bot_is_first: bool
) -> None:
    room.engine.hold()
    await room.say(QUESTION)
    await room.engine.thinking()
    async with busy_writer(room.database):
        calling: asyncio.Task[Receipt] | None = None
        for bots_turn in (bot_is_first, not bot_is_first):
            before = room.database._jobs.qsize()
            if bots_turn:
                room.engine.release()
            else:
                calling = asyncio.create_task(room.conversations.ask_person(room.thread.id, new_cid()))
            await until(partial(reached, room, before + 1), "both to reach the writer")
    assert calling is not None
    await calling
    await room.quiet()
    kinds = [row.kind for row in (await room.rows())[1:]]
    assert kinds == ([Kind.ANSWER] if bot_is_first else []) + [Kind.TEXT, Kind.HANDOFF]


async def test_questions_that_waited_behind_the_one_handed_over_are_the_operators(room: Stage) -> None:
    room.knowledge.otherwise = NOTHING
    room.engine.hold()
    for text in ("раз", "два", "три"):
        await room.say(text)
    await room.engine.thinking()
    room.engine.release()
    await room.quiet()
    assert len(room.engine.turns) == 1
    assert lines(await room.rows())[3:] == [(Author.SYSTEM, Kind.HANDOFF)]
