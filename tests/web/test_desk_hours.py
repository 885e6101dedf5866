"""Handoff while nobody works, while nobody is there, and as the very first words."""

from tests.web.house import House
from tests.web.shift import NEVER, call_person, customer, press, set_rules, working


async def test_at_night_the_customer_hears_when_people_return_and_the_bot_goes_on_helping(house: House) -> None:
    await set_rules(house, calendar=NEVER)
    async with working(house, "anna") as [anna], customer(house) as visitor:
        await visitor.say("human")
        told = await visitor.until_row(kind="handoff")
        assert "вернутся" in told["text"]
        assert "10:00" in told["text"]
        assert [button["act"] for button in told["buttons"]] == ["write", "bot"]
        state = await visitor.until_event("state", holder="queue")
        assert "вернутся" in state["text"]
        await visitor.say("router")
        answer = await visitor.until_row(author="bot", kind="answer")
        assert answer["source"]["article"] == "router-reset"
        [ticket] = await house.rooms.conversations.tickets()
        assert ticket.waits, "the answer does not end the wait"
        assert not [event for event in anna.desk.seen if event["type"] == "reminder"], "nobody is called at night"


async def test_a_contact_given_at_night_is_stored_confirmed_and_not_answered_by_the_bot(house: House) -> None:
    await set_rules(house, calendar=NEVER)
    async with customer(house) as visitor:
        await visitor.say("human")
        told = await visitor.until_row(kind="handoff")
        await press(visitor, told, "write")
        await visitor.until_row(kind="contact_request")
        seq = await visitor.say("моя почта anna@example.ru")
        noted = await visitor.until_row(seq=seq + 1)
        assert (noted["author"], noted["kind"]) == ("system", "notice")
        assert "anna@example.ru" in noted["text"]
        [ticket] = await house.rooms.conversations.tickets()
        assert (ticket.wish.value, ticket.contact) == ("write", "anna@example.ru")
        await visitor.say("router")
        await visitor.until_row(author="bot", kind="answer")
        assert [turn.text for turn in house.rooms.engine.turns] == ["human", "router"]


async def test_at_night_a_second_wish_for_a_person_adds_to_the_ticket_that_waits(house: House) -> None:
    await set_rules(house, calendar=NEVER)
    async with customer(house, "en") as visitor:
        await visitor.say("human")
        await visitor.until_row(kind="handoff")
        await visitor.say("human")
        added = await visitor.until_row(kind="notice")
        assert "no. 1" in added["text"]
        assert len(await house.rooms.conversations.tickets()) == 1


async def test_the_first_words_of_all_may_call_a_person_and_operators_notice(house: House) -> None:
    async with working(house, "anna") as [anna], customer(house) as visitor:
        await call_person(visitor)
        told = await visitor.until_row(kind="handoff")
        assert "Обращение №1" in told["text"]
        row = (await anna.desk.until_event("ticket"))["ticket"]
        assert (row["status"], row["reason"], row["last_author"]) == ("queued", "asked", "customer")
        reminder = await anna.desk.until_event("reminder", kind="new")
        assert (reminder["ticket"], reminder["number"]) == (row["id"], 1)
        assert not house.rooms.engine.turns


async def test_with_nobody_online_everybody_of_the_team_is_told_where_they_are(house: House) -> None:
    async with working(house, "anna", "boris"):
        pass
    house.rooms.clock.turn(minutes=2)
    async with customer(house) as visitor:
        await call_person(visitor)
        told = await visitor.until_row(kind="handoff")
        assert "минут" not in told["text"], "nobody there: no time is promised"
        state = await visitor.until_event("state", holder="queue", position=1)
        assert state["text"]
    names = {one.id: one.name for one in await house.rooms.accounts.operators()}
    assert sorted(names[notice.operator_id] for notice in house.rooms.told.kept) == ["Anna", "Boris"]
    assert {notice.kind for notice in house.rooms.told.kept} == {"new"}


async def test_who_waits_may_stay_be_written_to_or_go_back_to_the_bot(house: House) -> None:
    async with working(house, "anna"), customer(house, "en") as visitor:
        await call_person(visitor)
        told = await visitor.until_row(kind="handoff")
        assert [button["id"] for button in told["buttons"]] == ["wait", "write", "bot"]
        await press(visitor, told, "wait")
        assert "Your place in the queue is 1" in (await visitor.until_row(kind="notice"))["text"]
        await press(visitor, told, "write")
        await visitor.until_row(kind="contact_request")
        await visitor.say("+44 20 7946 0958")
        [ticket] = await house.rooms.conversations.tickets()
        assert ticket.contact == "+442079460958"
        await press(visitor, told, "bot")
        await visitor.until_event("state", holder="bot")
        assert (await house.rooms.conversations.ticket(ticket.id)).outcome == "withdrawn"


async def test_called_again_in_the_queue_the_place_is_told_again(house: House) -> None:
    async with customer(house) as visitor:
        await call_person(visitor)
        await call_person(visitor)
        again = await visitor.until_row(kind="notice")
        assert "вы 1-й в очереди" in again["text"].lower()
        assert len(await house.rooms.conversations.tickets()) == 1
