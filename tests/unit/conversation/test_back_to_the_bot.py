"""Leaving the queue by oneself, rating who helped, and the races around both."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest

from bot.conversation import texts
from bot.conversation.model import Act, Author, Holder, Kind, Message
from handoff.errors import AlreadyRated, TicketClosed
from handoff.model import Outcome, Status, Ticket
from tests.unit.conversation.stage import ANNA, QUESTION, Stage, lines, new_cid
from tests.waiting import busy_writer, until


async def last_with(room: Stage, act: Act) -> Message:
    return next(row for row in reversed(await room.rows()) if any(button.act is act for button in row.buttons))


async def in_order(room: Stage, racers: Sequence[Callable[[], Coroutine[Any, Any, object]]]) -> list[object]:
    """Runs them all within one group commit, in this order."""
    tasks: list[asyncio.Task[object]] = []
    async with busy_writer(room.database):
        for racer in racers:
            tasks.append(asyncio.create_task(racer()))
            await until(lambda: room.database._jobs.qsize() == len(tasks), "the racer to reach the writer")
    return list(await asyncio.gather(*tasks, return_exceptions=True))


async def served(room: Stage) -> tuple[Ticket, Message]:
    """A ticket that was opened, claimed and closed, and the request to rate it."""
    ticket = await room.call_person()
    await room.conversations.accept(ticket.id, ANNA)
    await room.conversations.close(ticket.id, ANNA, Outcome.SOLVED)
    return ticket, await last_with(room, Act.RATE)


async def test_who_goes_back_to_the_bot_is_told_so_and_answered_by_it(room: Stage) -> None:
    ticket = await room.call_person()
    offered = await last_with(room, Act.BOT)
    await room.press(offered.seq, "bot")
    pressed, told = (await room.rows())[-2:]
    assert (pressed.author, pressed.text) == (Author.CUSTOMER, texts.BACK_TO_BOT["ru"])
    assert (told.author, told.kind) == (Author.SYSTEM, Kind.RETURNED)
    assert f"№{ticket.number}" in told.text
    assert (await room.conversations.state(room.thread.id)).holder is Holder.BOT
    assert (await room.conversations.ticket(ticket.id)).outcome is Outcome.WITHDRAWN
    assert room.counted("tickets_closed_total", outcome="withdrawn") == 1
    [answer] = await room.ask(QUESTION)
    assert answer.author is Author.BOT
    assert room.engine.turns[-1].sender.endswith(".2")


async def test_going_back_twice_with_one_client_id_is_one_step(room: Stage) -> None:
    await room.call_person()
    offered = await last_with(room, Act.BOT)
    cid = new_cid()
    first, again = await asyncio.gather(*(room.press(offered.seq, "bot", cid) for _ in range(2)))
    assert {first.repeated, again.repeated} == {False, True}
    assert [row.kind for row in await room.rows()].count(Kind.RETURNED) == 1
    assert (await room.conversations.get(room.thread.id)).epoch == 2


async def test_once_an_operator_has_joined_the_way_back_is_only_words_for_them(room: Stage) -> None:
    ticket = await room.call_person()
    offered = await last_with(room, Act.BOT)
    await room.conversations.accept(ticket.id, ANNA)
    await room.press(offered.seq, "bot")
    assert (await room.rows())[-1].text == texts.BACK_TO_BOT["ru"]
    assert (await room.conversations.ticket(ticket.id)).status is Status.CLAIMED
    assert (await room.conversations.state(room.thread.id)).operator == "Анна"


async def test_an_old_way_back_pressed_with_the_bot_at_hand_gets_a_reply(room: Stage) -> None:
    await room.call_person()
    offered = await last_with(room, Act.BOT)
    await room.press(offered.seq, "bot")
    await room.press(offered.seq, "bot")
    pressed, told = (await room.rows())[-2:]
    assert (pressed.author, told.author) == (Author.CUSTOMER, Author.SYSTEM)
    assert told.text == texts.HERE["ru"]
    assert (await room.conversations.state(room.thread.id)).holder is Holder.BOT
    assert (await room.conversations.get(room.thread.id)).epoch == 2, "nothing ended, so nothing starts afresh"


@pytest.mark.parametrize("customer_is_first", [True, False])
async def test_withdrawing_races_with_a_claim_and_both_learn_the_one_outcome(
    room: Stage, customer_is_first: bool
) -> None:
    ticket = await room.call_person()
    offered = await last_with(room, Act.BOT)
    racers = [lambda: room.press(offered.seq, "bot"), lambda: room.conversations.accept(ticket.id, ANNA)]
    answers = await in_order(room, racers if customer_is_first else racers[::-1])
    final = await room.conversations.ticket(ticket.id)
    state = await room.conversations.state(room.thread.id)
    kinds = [row.kind for row in await room.rows() if row.seq > offered.seq]
    if customer_is_first:
        assert isinstance(answers[1], TicketClosed)
        assert (final.outcome, final.assignee, state.holder) == (Outcome.WITHDRAWN, None, Holder.BOT)
        assert kinds == [Kind.TEXT, Kind.RETURNED]
    else:
        assert not [answer for answer in answers if isinstance(answer, Exception)]
        assert (final.status, state.operator) == (Status.CLAIMED, "Анна")
        assert kinds == [Kind.JOINED, Kind.TEXT]


@pytest.mark.parametrize("customer_is_first", [True, False])
async def test_a_message_racing_with_the_closing_is_the_operators_or_the_bots_never_nobodys(
    room: Stage, customer_is_first: bool
) -> None:
    ticket = await room.call_person()
    await room.conversations.accept(ticket.id, ANNA)
    racers = [lambda: room.say(QUESTION), lambda: room.conversations.close(ticket.id, ANNA, Outcome.SOLVED)]
    await in_order(room, racers if customer_is_first else racers[::-1])
    await room.quiet()
    kinds = [row.kind for row in (await room.rows())[3:]]
    closing = [Kind.FAREWELL, Kind.RATING_REQUEST]
    assert kinds == ([Kind.TEXT, *closing, Kind.ANSWER] if customer_is_first else [*closing, Kind.TEXT, Kind.ANSWER])


async def test_a_rating_is_stored_with_its_ticket_and_thanked_for(room: Stage) -> None:
    ticket, request = await served(room)
    await room.press(request.seq, "rate3")
    assert lines(await room.rows())[-2:] == [(Author.CUSTOMER, Kind.RATING), (Author.SYSTEM, Kind.TEXT)]
    asked = (await room.rows())[-1]
    assert [row.text for row in await room.rows()][-2:] == [texts.RATINGS["ru"]["3"], texts.REASON_REQUEST["ru"][3]]
    assert {button.act for button in asked.buttons} == {Act.RATE_REASON}
    await room.press(asked.seq, "why_speed")
    assert (await room.rows())[-1].text == texts.REASON_THANKS["ru"]
    assert (await room.conversations.ticket(ticket.id)).rating_reason == "speed"
    assert (await room.conversations.ticket(ticket.id)).rating == 3
    await room.quiet()
    assert room.engine.turns == [], "a rating is not a question"


async def test_a_ticket_is_rated_once(room: Stage) -> None:
    ticket, request = await served(room)
    cid = new_cid()
    first, again = await asyncio.gather(*(room.press(request.seq, "rate3", cid) for _ in range(2)))
    assert {first.repeated, again.repeated} == {False, True}
    before = await room.rows()
    with pytest.raises(AlreadyRated):
        await room.press(request.seq, "rate1")
    assert await room.rows() == before
    assert (await room.conversations.ticket(ticket.id)).rating == 3


async def test_a_late_rating_goes_to_the_ticket_it_was_asked_for(room: Stage) -> None:
    first, request = await served(room)
    withdrawn = await room.call_person()
    await room.press((await last_with(room, Act.BOT)).seq, "bot")
    second, _ = await served(room)
    await room.press(request.seq, "rate1")
    ratings = [(await room.conversations.ticket(ticket.id)).rating for ticket in (first, withdrawn, second)]
    assert ratings == [1, None, None]


async def test_rating_the_last_talk_does_not_disturb_the_next_one(room: Stage) -> None:
    ticket, request = await served(room)
    waiting = await room.call_person()
    await room.press(request.seq, "rate2")
    assert (await room.conversations.ticket(ticket.id)).rating == 2
    assert (await room.conversations.ticket(waiting.id)).rating is None
    state = await room.conversations.state(room.thread.id)
    assert (state.holder, state.position) == (Holder.QUEUE, 1)
