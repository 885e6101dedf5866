"""A shift at the desk from outside: stepping in, passing on, putting off, closing, coming back."""

import asyncio
from datetime import timedelta
from functools import partial
from uuid import uuid4

from tests.waiting import until
from tests.web.house import House
from tests.web.shift import call_person, customer, says, set_rules, working


async def test_an_operator_steps_in_while_the_bot_is_thinking_and_its_answer_is_dropped(house: House) -> None:
    async with working(house, "anna") as [anna], customer(house) as visitor:
        house.rooms.engine.go.clear()
        await visitor.say("router")
        await until(lambda: len(house.rooms.engine.turns) == 1, "the bot to think")
        conversation = (await visitor.until_row(seq=1))["conversation"]
        taken = (await anna.api.post(f"/api/desk/conversations/{conversation}/take")).json()
        assert (taken["status"], taken["reason"], taken["assignee_name"]) == ("claimed", "taken", "Anna")
        await anna.says(taken["id"], "Здравствуйте, я уже смотрю")
        house.rooms.engine.go.set()
        await visitor.until_row(author="operator")
        await until(lambda: suppressed(house) == 1, "the bot's answer to be dropped")
        assert {row["author"] for row in visitor.rows().values()} == {"customer", "system", "operator"}


def suppressed(house: House) -> float:
    count = house.rooms.metrics.registry.get_sample_value
    return count("zeroline_turn_seconds_count", {"outcome": "suppressed"}) or 0


async def test_two_operators_never_answer_one_customer_at_once(house: House) -> None:
    async with working(house, "anna", "boris") as [anna, boris], customer(house) as visitor:
        await call_person(visitor)
        ticket = (await anna.desk.until_event("ticket"))["ticket"]
        await boris.desk.send(type="watch", conversation=ticket["conversation"])
        await anna.desk.send(type="watch", conversation=ticket["conversation"])
        await boris.desk.until_event("lookers", people=[looker(house, "Anna", await ids(house))])
        await anna.act(ticket["id"], "claim")
        await anna.sees(ticket["id"], status="claimed")
        await anna.desk.send(type="typing", conversation=ticket["conversation"])
        typing = [looker(house, "Anna", await ids(house), typing=True)]
        await boris.desk.until_event("lookers", people=typing)
        await visitor.until_event("typing", who="operator")
        refused = await boris.act(ticket["id"], "claim", status=409)
        assert (refused["code"], "Anna" in refused["text"]) == ("already_claimed", True)
        unheard = await boris.act(ticket["id"], "messages", status=403, cid=uuid4().hex, text="Я тоже")
        assert unheard["code"] == "not_your_ticket"
        await anna.says(ticket["id"], "Отвечаю я")
        await visitor.until_row(author="operator", author_name="Anna")
        assert len([row for row in visitor.rows().values() if row["author"] == "operator"]) == 1


async def ids(house: House) -> dict[str, str]:
    return {one.name: one.id for one in await house.rooms.accounts.operators()}


def looker(house: House, name: str, known: dict[str, str], typing: bool = False) -> dict[str, object]:
    return {"id": known[name], "name": name, "typing": typing}


async def test_only_who_answers_sees_what_the_customer_is_typing_and_how_far_they_have_read(house: House) -> None:
    async with working(house, "anna", "boris") as [anna, boris], customer(house) as visitor:
        await call_person(visitor)
        ticket = (await anna.desk.until_event("ticket"))["ticket"]
        await anna.act(ticket["id"], "claim")
        await anna.sees(ticket["id"], status="claimed")
        for one in (anna, boris):
            await one.desk.send(type="watch", conversation=ticket["conversation"])
            await one.desk.until_event("messages", conversation=ticket["conversation"])
        await visitor.send(type="typing", text="Мой номер…")
        assert (await anna.desk.expect("typing", who="customer"))["text"] == "Мой номер…"
        assert (await boris.desk.expect("typing", who="customer"))["text"] == ""
        await anna.says(ticket["id"], "Слушаю вас")
        said = await visitor.until_row(author="operator")
        await visitor.send(type="read", seq=said["seq"])
        await anna.desk.until_event("read", read=said["seq"], delivered=said["seq"])


async def test_a_conversation_given_back_to_the_bot_is_answered_by_it_again(house: House) -> None:
    async with working(house, "anna") as [anna], customer(house) as visitor:
        await visitor.say("human")
        await visitor.until_row(kind="handoff")
        [ticket] = await house.rooms.conversations.tickets()
        await anna.act(ticket.id, "claim")
        given = await anna.act(ticket.id, "to-bot")
        assert (given["status"], given["outcome"]) == ("closed", "to_bot")
        told = await visitor.until_row(kind="returned")
        assert "Anna" in told["text"]
        await visitor.until_event("state", holder="bot")
        await visitor.say("router")
        answer = await visitor.until_row(author="bot", kind="answer")
        assert answer["source"]["article"] == "router-reset"
        assert house.rooms.engine.turns[-1].sender.endswith(".2"), "the bot starts afresh"


async def test_who_comes_back_within_the_window_gets_the_same_person_and_thanks_do_not_count(house: House) -> None:
    house.rooms.engine.script["спасибо"] = lambda: says("Пожалуйста!", "thank")
    async with working(house, "anna") as [anna], customer(house) as visitor:
        await call_person(visitor)
        [ticket] = await house.rooms.conversations.tickets()
        await anna.act(ticket.id, "claim")
        await anna.act(ticket.id, "close", outcome="solved", tags=["question"])
        await visitor.until_row(kind="rating_request")
        await visitor.say("спасибо")
        await visitor.until_row(text="Пожалуйста!")
        await visitor.say("опять не грузится")
        await visitor.until_event("state", holder="operator", operator="Anna")
        back = await visitor.until_row(text="Anna снова на связи и продолжит с того места, где вы остановились.")
        again = await house.rooms.conversations.ticket(ticket.id)
        assert (again.status, again.outcome, again.reopened) == ("claimed", None, 1)
        assert again.waiting_since is not None, "the words that brought them back wait for an answer"
        await anna.desk.until_event("reminder", kind="reopened")
        assert "You said" not in visitor.rows()[back["seq"] - 1]["text"], "the bot's own answer is dropped"


async def test_who_comes_back_after_the_window_is_answered_by_the_bot(house: House) -> None:
    await set_rules(house, reopen_minutes=5)
    async with working(house, "anna") as [anna], customer(house) as visitor:
        await call_person(visitor)
        [ticket] = await house.rooms.conversations.tickets()
        await anna.act(ticket.id, "claim")
        await anna.act(ticket.id, "close", outcome="solved")
        house.rooms.clock.turn(minutes=6)
        await anna.desk.send(type="beat")
        await visitor.say("опять не грузится")
        await visitor.until_row(text="You said: опять не грузится")
        assert (await house.rooms.conversations.ticket(ticket.id)).status == "closed"


async def test_words_said_while_the_ticket_is_being_closed_are_lost_to_nobody(house: House) -> None:
    async with working(house, "anna") as [anna], customer(house) as visitor:
        for number in range(6):
            await call_person(visitor)
            [ticket] = await house.rooms.conversations.tickets()
            await anna.act(ticket.id, "claim")
            sides = [visitor.say(f"и ещё {number}"), anna.act(ticket.id, "close", outcome="solved")]
            await asyncio.gather(*(sides if number % 2 else sides[::-1]))
            said = await number_of(house, ticket.conversation_id, f"и ещё {number}")
            farewell = await number_of(house, ticket.conversation_id, "", kind="farewell")
            if said > farewell:
                await until(partial(reopened, house, ticket.id), "the words to bring the same person back")
                await anna.act(ticket.id, "close", outcome="solved")


async def number_of(house: House, conversation_id: str, text: str, kind: str = "text") -> int:
    """The number of the newest row of this kind, with this text if one is given."""
    rows = await house.rooms.conversations.history(conversation_id)
    return next(row.seq for row in reversed(rows) if row.kind == kind and (not text or row.text == text))


async def reopened(house: House, ticket_id: str) -> bool:
    return (await house.rooms.conversations.ticket(ticket_id)).is_open


async def test_a_snoozed_ticket_wakes_with_its_note(house: House) -> None:
    async with working(house, "anna") as [anna], customer(house) as visitor:
        await call_person(visitor)
        [ticket] = await house.rooms.conversations.tickets()
        await anna.act(ticket.id, "claim")
        until_then = (house.rooms.clock() + timedelta(hours=1)).isoformat()
        asleep = await anna.act(ticket.id, "snooze", until=until_then, note="перезвонить монтажнику")
        assert asleep["status"] == "snoozed"
        house.rooms.clock.turn(hours=1, seconds=1)
        await anna.desk.send(type="beat")
        await until(lambda: online(house), "Anna to be seen")
        await house.rooms.conversations.sweeps.once()
        woken = await anna.desk.until_event("reminder", kind="woke")
        assert "перезвонить монтажнику" in woken["text"]
        assert (await house.rooms.conversations.ticket(ticket.id)).status == "claimed"


async def online(house: House) -> bool:
    agents = await house.rooms.database.read(house.rooms.desk.agents)
    return all(agent.presence == "online" for agent in agents)
