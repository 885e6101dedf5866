"""The way to a person and through their hands: queue, claim, words, giving back, closing."""

import asyncio

import pytest

from bot.accounts.model import Operator, Role
from bot.bus.model import DESK, conversation_topic
from bot.conversation import texts
from bot.conversation.handover import ANSWER_LIMIT
from bot.conversation.model import Act, Author, Channel, Conversation, Holder, Kind
from bot.errors import BadRequest
from handoff.errors import AlreadyClaimed, NotYourTicket, TicketClosed, TicketUnknown
from handoff.model import Destination, Mood, Outcome, Reason, Status, Ticket
from tests.unit.conversation.stage import ANNA, BORIS, QUESTION, START, Stage, lines, new_cid


async def queue_up(room: Stage, people: int) -> list[tuple[Conversation, Ticket]]:
    """That many customers waiting for a person, in this order."""
    waiting = []
    for number in range(people):
        thread = await room.conversations.open(f"waiting-{number}", Channel.WIDGET, "ru")
        await room.conversations.ask_person(thread.id, new_cid())
        ticket = next(t for t in await room.conversations.tickets() if t.conversation_id == thread.id)
        waiting.append((thread, ticket))
        room.clock.turn(60)
    return waiting


async def positions(room: Stage, waiting: list[tuple[Conversation, Ticket]]) -> list[int | None]:
    return [(await room.conversations.state(thread.id)).position for thread, _ in waiting]


async def test_the_permanent_control_calls_a_person_and_says_what_happens_next(room: Stage) -> None:
    await room.ask(QUESTION)
    async with room.bus.subscribe(conversation_topic(room.thread.id), DESK) as ear:
        ticket = await room.call_person()
        rings = [await ear.get() for _ in range(3)]
    called, told = (await room.rows())[2:]
    assert (called.author, called.text) == (Author.CUSTOMER, texts.PERSON["ru"])
    assert (told.author, told.kind) == (Author.SYSTEM, Kind.HANDOFF)
    assert f"№{ticket.number}" in told.text
    assert "вы 1-й в очереди" in told.text
    assert [button.act for button in told.buttons] == [Act.WAIT, Act.WRITE, Act.BOT]
    assert (ticket.reason, ticket.subject, ticket.opened_at) == (Reason.ASKED, QUESTION, START)
    assert [ring["type"] for _, ring in rings] == ["message", "state", "ticket"]
    state = await room.conversations.state(room.thread.id)
    assert (state.holder, state.position, state.operator) == (Holder.QUEUE, 1, None)
    assert len(room.engine.turns) == 1


async def test_a_call_for_a_person_with_nothing_asked_before_is_its_own_subject(room: Stage) -> None:
    assert (await room.call_person()).subject == texts.PERSON["ru"]


async def test_calling_again_while_waiting_tells_the_place_and_opens_no_second_ticket(room: Stage) -> None:
    ticket = await room.call_person()
    before = len(await room.rows())
    assert (await room.call_person()).id == ticket.id
    called, told = (await room.rows())[before:]
    assert (called.author, told.author, told.kind) == (Author.CUSTOMER, Author.SYSTEM, Kind.NOTICE)
    assert f"№{ticket.number}" in told.text
    assert "Вы 1-й в очереди" in told.text
    assert room.counted("tickets_opened_total", reason="asked", channel="widget") == 1


async def test_the_same_call_twice_is_one_call(room: Stage) -> None:
    cid = new_cid()
    calls = (room.conversations.ask_person(room.thread.id, cid) for _ in range(5))
    receipts = await asyncio.gather(*calls)
    assert sorted(receipt.repeated for receipt in receipts) == [False, True, True, True, True]
    assert len(await room.rows()) == 2
    assert len(await room.conversations.tickets()) == 1


async def test_a_call_resent_after_everything_is_over_calls_nobody(room: Stage) -> None:
    cid = new_cid()
    await room.conversations.ask_person(room.thread.id, cid)
    [ticket] = await room.conversations.tickets()
    await room.conversations.accept(ticket.id, ANNA)
    await room.conversations.close(ticket.id, ANNA, Outcome.SOLVED)
    assert (await room.conversations.ask_person(room.thread.id, cid)).repeated
    assert await room.conversations.tickets() == []


async def test_the_queue_moves_up_when_somebody_ahead_is_served(room: Stage) -> None:
    waiting = await queue_up(room, 4)
    assert await positions(room, waiting) == [1, 2, 3, 4]
    async with room.bus.subscribe(DESK) as ear:
        await room.conversations.accept(waiting[0][1].id, ANNA)
        assert await ear.get() == (DESK, {"type": "ticket", "id": waiting[0][1].id}), "those who wait listen to it"
    assert await positions(room, waiting) == [None, 1, 2, 3]
    await room.conversations.give_back(waiting[0][1].id, ANNA)
    assert await positions(room, waiting) == [1, 2, 3, 4], "a customer given back keeps the place"
    assert [ticket.id for ticket in await room.conversations.tickets()] == [ticket.id for _, ticket in waiting]


async def test_a_claim_tells_the_customer_who_has_joined(room: Stage) -> None:
    ticket = await room.call_person()
    async with room.bus.subscribe(conversation_topic(room.thread.id), DESK) as ear:
        claimed = await room.conversations.accept(ticket.id, ANNA)
        rings = [(await ear.get())[1]["type"] for _ in range(3)]
    assert rings == ["message", "state", "ticket"]
    assert claimed.status is Status.CLAIMED
    joined = (await room.rows())[-1]
    assert (joined.author, joined.kind) == (Author.SYSTEM, Kind.JOINED)
    assert joined.text.startswith("Анна ")
    state = await room.conversations.state(room.thread.id)
    assert (state.holder, state.operator, state.position) == (Holder.OPERATOR, "Анна", None)


async def test_claiming_ones_own_ticket_again_does_not_announce_twice(room: Stage) -> None:
    ticket = await room.call_person()
    first = await room.conversations.accept(ticket.id, ANNA)
    assert await room.conversations.accept(ticket.id, ANNA) == first
    assert [row.kind for row in await room.rows()].count(Kind.JOINED) == 1


async def test_fifty_operators_at_once_have_one_winner_and_the_others_learn_the_name(room: Stage) -> None:
    ticket = await room.call_person()
    operators = [Operator(f"op-{n}", f"op{n}", f"Operator {n}", Role.OPERATOR) for n in range(50)]
    claims = (room.conversations.accept(ticket.id, operator) for operator in operators)
    answers = await asyncio.gather(*claims, return_exceptions=True)
    [winner] = [answer.assignee for answer in answers if isinstance(answer, Ticket)]
    assert winner is not None
    refusals = [answer for answer in answers if isinstance(answer, AlreadyClaimed)]
    assert len(refusals) == 49
    assert all(refusal.winner == winner.name and winner.name in refusal.text for refusal in refusals)
    rows = await room.rows()
    assert [row.kind for row in rows].count(Kind.JOINED) == 1
    assert rows[-1].text.startswith(winner.name)


async def test_an_operators_words_reach_the_customer_under_their_name(room: Stage) -> None:
    ticket = await room.call_person()
    await room.conversations.accept(ticket.id, ANNA)
    async with room.bus.subscribe(conversation_topic(room.thread.id)) as ear:
        receipt = await room.conversations.say(ticket.id, ANNA, "op-00000001", "Здравствуйте, сейчас посмотрю.")
        assert (await ear.get())[1]["type"] == "message"
    row = (await room.rows())[-1]
    assert (row.seq, row.cid) == (receipt.seq, "op-00000001")
    assert (row.author, row.author_name, row.kind) == (Author.OPERATOR, "Анна", Kind.TEXT)
    assert room.counted("messages_total", author="operator", channel="widget") == 1


async def test_the_customer_and_the_operator_talk_without_the_bot(room: Stage) -> None:
    ticket = await room.call_person()
    await room.conversations.accept(ticket.id, ANNA)
    await room.conversations.say(ticket.id, ANNA, new_cid(), "Какой у вас роутер?")
    await room.say("Чёрный, с антеннами")
    await room.quiet()
    assert [row.author for row in await room.rows()][-2:] == [Author.OPERATOR, Author.CUSTOMER]
    assert room.engine.turns == []


async def test_the_same_words_sent_twice_are_said_once_even_after_the_closing(room: Stage) -> None:
    ticket = await room.call_person()
    await room.conversations.accept(ticket.id, ANNA)
    first = await room.conversations.say(ticket.id, ANNA, "op-00000001", "Готово.")
    again = await room.conversations.say(ticket.id, ANNA, "op-00000001", "Готово.")
    await room.conversations.close(ticket.id, ANNA, Outcome.SOLVED)
    late = await room.conversations.say(ticket.id, ANNA, "op-00000001", "Готово.")
    assert (first.repeated, again.repeated, late.repeated) == (False, True, True)
    assert first.seq == again.seq == late.seq
    assert [row.text for row in await room.rows()].count("Готово.") == 1
    assert room.counted("messages_total", author="operator", channel="widget") == 1


async def test_after_the_closing_an_operator_has_nothing_more_to_say(room: Stage) -> None:
    ticket = await room.call_person()
    await room.conversations.accept(ticket.id, ANNA)
    await room.conversations.close(ticket.id, ANNA, Outcome.SOLVED)
    before = await room.rows()
    for use in (
        room.conversations.say(ticket.id, ANNA, new_cid(), "Ещё одно"),
        room.conversations.close(ticket.id, ANNA, Outcome.SOLVED),
        room.conversations.give_back(ticket.id, ANNA),
        room.conversations.accept(ticket.id, BORIS),
    ):
        with pytest.raises(TicketClosed):
            await use
    assert await room.rows() == before


@pytest.mark.parametrize("text", ["", "  \n"])
async def test_an_operators_empty_message_is_refused(room: Stage, text: str) -> None:
    ticket = await room.call_person()
    await room.conversations.accept(ticket.id, ANNA)
    with pytest.raises(BadRequest) as refusal:
        await room.conversations.say(ticket.id, ANNA, new_cid(), text)
    assert refusal.value.code == "text_empty"


async def test_an_operators_message_has_a_length_too(room: Stage) -> None:
    ticket = await room.call_person()
    await room.conversations.accept(ticket.id, ANNA)
    await room.conversations.say(ticket.id, ANNA, new_cid(), "я" * ANSWER_LIMIT)
    with pytest.raises(BadRequest) as refusal:
        await room.conversations.say(ticket.id, ANNA, new_cid(), "я" * (ANSWER_LIMIT + 1))
    assert refusal.value.code == "text_too_long"


async def test_only_who_holds_the_ticket_may_say_give_back_or_close(room: Stage) -> None:
    ticket = await room.call_person()
    for _ in ("while it is queued", "while Anna holds it"):
        before = await room.rows()
        for use in (
            room.conversations.say(ticket.id, BORIS, new_cid(), "Я помогу"),
            room.conversations.give_back(ticket.id, BORIS),
            room.conversations.close(ticket.id, BORIS, Outcome.SOLVED),
        ):
            with pytest.raises(NotYourTicket):
                await use
        assert await room.rows() == before
        await room.conversations.accept(ticket.id, ANNA)


async def test_a_ticket_given_back_waits_for_the_next_operator_and_the_customer_knows(room: Stage) -> None:
    ticket = await room.call_person()
    await room.conversations.accept(ticket.id, ANNA)
    back = await room.conversations.give_back(ticket.id, ANNA)
    assert (back.status, back.assignee, back.opened_at) == (Status.QUEUED, None, ticket.opened_at)
    told = (await room.rows())[-1]
    assert (told.kind, told.text) == (Kind.HANDOFF, texts.GIVEN_BACK["ru"])
    with pytest.raises(NotYourTicket):
        await room.conversations.say(ticket.id, ANNA, new_cid(), "Ещё одно")
    await room.conversations.accept(ticket.id, BORIS)
    assert (await room.conversations.state(room.thread.id)).operator == "Борис"


async def test_a_closing_says_farewell_asks_for_a_rating_and_gives_the_bot_a_fresh_start(room: Stage) -> None:
    ticket = await room.call_person()
    await room.conversations.accept(ticket.id, ANNA)
    async with room.bus.subscribe(conversation_topic(room.thread.id), DESK) as ear:
        closed = await room.conversations.close(ticket.id, ANNA, Outcome.UNSOLVED)
        rings = [(await ear.get())[1]["type"] for _ in range(3)]
    assert rings == ["message", "state", "ticket"]
    assert (closed.status, closed.outcome, closed.closed_at) == (Status.CLOSED, Outcome.UNSOLVED, START)
    farewell, rating = (await room.rows())[-2:]
    assert lines([farewell, rating]) == [(Author.SYSTEM, Kind.FAREWELL), (Author.SYSTEM, Kind.RATING_REQUEST)]
    assert farewell.text.startswith("Анна ")
    assert (await room.conversations.state(room.thread.id)).holder is Holder.BOT
    assert await room.conversations.tickets() == []
    assert room.counted("tickets_closed_total", outcome="unsolved") == 1
    [answer] = await room.ask("Спасибо, и ещё вопрос")
    assert answer.author is Author.BOT


async def test_the_product_speaks_the_customers_language(room: Stage) -> None:
    await room.ask("my internet is down")
    ticket = await room.call_person()
    await room.conversations.accept(ticket.id, ANNA)
    await room.conversations.give_back(ticket.id, ANNA)
    await room.conversations.accept(ticket.id, ANNA)
    await room.conversations.close(ticket.id, ANNA, Outcome.SOLVED)
    said = " ".join(row.text for row in await room.rows() if row.author is Author.SYSTEM)
    assert ticket.lang == "en"
    assert not {letter for letter in said.replace("Анна", "").lower() if "а" <= letter <= "я"}
    assert "your place in the queue is 1" in said


async def test_an_unknown_ticket_is_unknown_to_every_use_case(room: Stage) -> None:
    desk = room.conversations
    for use in (
        desk.ticket("x"),
        desk.board.detail("", "x"),
        desk.board.row("x"),
        desk.accept("x", ANNA),
        desk.say("x", ANNA, new_cid(), "hello"),
        desk.give_back("x", ANNA),
        desk.close("x", ANNA, Outcome.SOLVED),
        desk.transfer("x", ANNA, "why", Destination(group="support")),
        desk.escalate("x", ANNA, "why"),
        desk.snooze("x", ANNA, None, ""),
        desk.wake("x", ANNA),
        desk.to_bot("x", ANNA),
        desk.tag("x", ANNA, ["bug"]),
    ):
        with pytest.raises(TicketUnknown):
            await use


async def test_pressing_the_control_after_one_question_is_no_repetition(room: Stage) -> None:
    await room.ask("как поменять тариф на подешевле?")
    ticket = await room.call_person()
    assert (ticket.mood, ticket.subject) == (Mood.CALM, "как поменять тариф на подешевле?")


async def test_the_inbox_shows_what_was_asked_not_the_pressed_control(room: Stage) -> None:
    await room.ask(QUESTION)
    ticket = await room.call_person()
    assert (ticket.last_text, ticket.last_author) == (QUESTION, "customer")
