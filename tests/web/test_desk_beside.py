"""What the desk shows beside a conversation: articles, older rows, what was read, and what onlookers may do."""

import pytest

from bot.accounts.model import Role
from tests.web.house import House
from tests.web.shift import call_person, customer, working
from tests.web.sockets import at_desk


async def test_articles_come_for_what_the_customer_just_wrote_and_for_a_typed_search(house: House) -> None:
    async with working(house, "anna") as [anna], customer(house) as visitor:
        await call_person(visitor)
        [ticket] = await house.rooms.conversations.tickets()
        await anna.desk.send(type="watch", conversation=ticket.conversation_id)
        told = await anna.desk.until_event("suggestions", conversation=ticket.conversation_id)
        assert told["articles"][0]["article"] == "router-reset"
        await visitor.say("а что с лампочками")
        await anna.desk.until_event("messages")
        beside = (await anna.api.get(f"/api/desk/suggestions?conversation={ticket.conversation_id}")).json()
        assert beside["articles"][0]["text"].startswith("Держите")
        found = (await anna.api.get("/api/desk/suggestions?q=router")).json()
        assert [article["article"] for article in found["articles"]] == ["router-reset"]
        assert (await anna.api.get("/api/desk/suggestions")).json() == {"articles": []}


async def test_a_conversation_the_bot_holds_opens_in_full_without_a_ticket(house: House) -> None:
    async with working(house, "anna") as [anna], customer(house, "en") as visitor:
        await visitor.say("router")
        conversation = (await visitor.until_row(seq=2))["conversation"]
        detail = (await anna.api.get(f"/api/desk/conversations/{conversation}")).json()
        assert (detail["ticket"], detail["may_write"], detail["earlier"]) == (None, False, False)
        assert [tried["article"] for tried in detail["tried"]] == ["router-reset"]
        assert [row["seq"] for row in detail["messages"]] == [1, 2]
        unknown = await anna.api.get("/api/desk/conversations/no-such")
        assert unknown.json()["code"] == "conversation_unknown"


async def test_older_rows_come_page_by_page(house: House) -> None:
    async with working(house, "anna") as [anna], customer(house) as visitor:
        await call_person(visitor)
        for number in range(5):
            await visitor.say(f"строка {number}")
        conversation = (await visitor.until_row(seq=2))["conversation"]
        page = (await anna.api.get(f"/api/desk/conversations/{conversation}/messages?before=4")).json()
        assert ([row["seq"] for row in page["messages"]], page["earlier"]) == ([1, 2, 3], False)
        wrong = await anna.api.get(f"/api/desk/conversations/{conversation}/messages?before=soon")
        assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid_body")


async def test_what_one_tab_has_read_is_read_in_the_other_and_after_a_reload(house: House) -> None:
    async with working(house, "anna") as [anna], customer(house) as visitor:
        await call_person(visitor)
        [ticket] = await house.rooms.conversations.tickets()
        async with at_desk(house, anna.api) as second:
            await second.send(type="seen", conversation=ticket.conversation_id, seq=2)
            await anna.desk.until_event("seen", conversation=ticket.conversation_id, seq=2)
        async with at_desk(house, anna.api) as reloaded:
            assert reloaded.seen[-1]["seen"] == {ticket.conversation_id: 2}


async def test_an_operators_last_page_takes_them_from_the_desk_and_no_earlier_one(house: House) -> None:
    async with working(house, "anna") as [anna]:
        async with at_desk(house, anna.api):
            pass
        [agent] = await house.rooms.database.read(house.rooms.desk.agents)
        assert agent.left_at is None


@pytest.mark.parametrize("act", ["claim", "wake", "decline"])
async def test_who_may_only_look_sees_everything_and_acts_on_nothing(house: House, act: str) -> None:
    async with working(house, "rita", role=Role.READ_ONLY) as [rita], customer(house) as visitor:
        await call_person(visitor)
        ticket = (await rita.desk.until_event("ticket"))["ticket"]
        refused = await rita.act(ticket["id"], act, status=403)
        assert refused["code"] == "forbidden"
        assert (await rita.api.get(f"/api/desk/tickets/{ticket['id']}")).status_code == 200
        assert await house.rooms.database.read(house.rooms.desk.agents) == [], "who only looks is given no work"
