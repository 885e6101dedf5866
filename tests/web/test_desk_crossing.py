"""Words and acts that cross each other: what the customer said last is answered by somebody, whatever happened then."""

from datetime import timedelta
from functools import partial

import pytest

from tests.waiting import until
from tests.web.house import House
from tests.web.shift import call_person, customer, press, working


async def talking(house: House, anna: object, visitor: object) -> str:
    """Anna holds the conversation and has answered; gives the ticket's id."""
    await call_person(visitor)  # type: ignore[arg-type]
    [ticket] = await house.rooms.conversations.tickets()
    await anna.act(ticket.id, "claim")  # type: ignore[attr-defined]
    await anna.says(ticket.id, "Здравствуйте!")  # type: ignore[attr-defined]
    return ticket.id


async def test_words_the_operator_has_not_seen_refuse_the_close(house: House) -> None:
    async with working(house, "anna") as [anna], customer(house) as visitor:
        ticket_id = await talking(house, anna, visitor)
        seen = (await house.rooms.conversations.ticket(ticket_id)).last_seq
        await visitor.say("подождите, ещё вопрос")
        refused = await anna.act(ticket_id, "close", status=409, outcome="solved", seen=seen)
        assert refused["code"] == "customer_wrote"
        now = (await house.rooms.conversations.ticket(ticket_id)).last_seq
        assert (await anna.act(ticket_id, "close", outcome="solved", seen=now))["status"] == "closed"


async def test_words_that_crossed_with_the_close_are_answered_by_somebody(house: House) -> None:
    async with working(house, "anna") as [anna], customer(house) as visitor:
        ticket_id = await talking(house, anna, visitor)
        await visitor.say("подождите, ещё вопрос")
        await anna.act(ticket_id, "close", outcome="solved")
        # Anna is there and has a free slot: the question brings her back.
        await until(partial(is_open, house, ticket_id), "the words to bring the same person back")


async def is_open(house: House, ticket_id: str) -> bool:
    return (await house.rooms.conversations.ticket(ticket_id)).is_open


async def test_what_was_left_unanswered_long_ago_is_closed_with_the_ticket(house: House) -> None:
    async with working(house, "anna") as [anna], customer(house) as visitor:
        ticket_id = await talking(house, anna, visitor)
        await visitor.say("спасибо, я сам разобрался")
        house.rooms.clock.turn(seconds=timedelta(seconds=10).total_seconds())
        await anna.act(ticket_id, "close", outcome="solved")
        await visitor.until_row(kind="rating_request")
        assert not await is_open(house, ticket_id)


async def test_the_bot_answers_what_was_open_when_it_got_the_conversation_back(house: House) -> None:
    async with working(house, "anna") as [anna], customer(house) as visitor:
        ticket_id = await talking(house, anna, visitor)
        await visitor.say("а как оплатить?")
        await anna.act(ticket_id, "to-bot")
        await visitor.until_row(kind="returned")
        answer = await visitor.until_row(author="bot")
        assert answer["seq"] > 5


async def test_pressing_an_old_rating_is_no_question(house: House) -> None:
    async with working(house, "anna") as [anna], customer(house) as visitor:
        ticket_id = await talking(house, anna, visitor)
        await anna.act(ticket_id, "close", outcome="solved")
        asked = await visitor.until_row(kind="rating_request")
        await call_person(visitor)
        await anna.says(ticket_id, "Снова здравствуйте!")
        await press(visitor, asked, "rate3")
        ticket = await house.rooms.conversations.ticket(ticket_id)
        assert (ticket.waiting_since, ticket.rating) == (None, 3)


async def test_a_ticket_put_off_by_somebody_who_has_left_calls_the_others(house: House) -> None:
    async with working(house, "boris") as [boris], customer(house) as visitor:
        async with working(house, "anna") as [anna]:
            ticket_id = await talking(house, anna, visitor)
            await anna.act(ticket_id, "snooze", until=None, note="ждём ответа")
        house.rooms.clock.turn(minutes=2)
        await boris.desk.send(type="beat")
        await house.rooms.conversations.sweeps.once()
        await visitor.say("это я, вернулся")
        called = await boris.desk.until_event("reminder", kind="returned")
        assert called["ticket"] == ticket_id


@pytest.mark.parametrize("acts", [1, 3])
async def test_editing_a_closed_ticket_is_no_second_end(house: House, acts: int) -> None:
    async with working(house, "anna") as [anna], customer(house) as visitor:
        ticket_id = await talking(house, anna, visitor)
        await anna.act(ticket_id, "close", outcome="solved")
        for number in range(acts):
            await anna.act(ticket_id, "tags", tags=[f"метка {number}"])
        counted = house.rooms.metrics.registry.get_sample_value("zeroline_tickets_closed_total", {"outcome": "solved"})
        assert counted == 1
