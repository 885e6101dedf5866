"""A ticket on its way between people: offers, transfers, tiers, bulk moves, and promises kept or not."""

from dataclasses import replace
from datetime import timedelta

from bot.accounts.model import Role
from handoff.model import Mode
from tests.waiting import until
from tests.web.house import House
from tests.web.shift import Person, call_person, customer, set_rules, working


async def answered(house: House, anna: Person, wait: timedelta) -> str:
    """A customer who calls, waits that long and is answered; returns the ticket's id."""
    async with customer(house) as visitor:
        await call_person(visitor)
        ticket = (await house.rooms.conversations.tickets())[-1]
        house.rooms.clock.turn(seconds=wait.total_seconds())
        await anna.act(ticket.id, "claim")
        await anna.says(ticket.id, "Здравствуйте")
        return ticket.id


async def test_a_promised_time_is_told_and_it_is_stored_whether_it_was_kept(house: House) -> None:
    async with working(house, "anna") as [anna]:
        for _ in range(6):
            ticket_id = await answered(house, anna, timedelta(minutes=2))
            await anna.act(ticket_id, "close", outcome="solved")
            house.rooms.clock.turn(minutes=1)
            await beat(house, anna)
        async with customer(house, "en") as visitor:
            await call_person(visitor)
            told = await visitor.until_row(kind="handoff")
            assert "we will answer in about" in told["text"]
            [ticket] = await house.rooms.conversations.tickets()
            assert ticket.promised_by is not None
            await anna.act(ticket.id, "claim")
            await anna.says(ticket.id, "Hello")
        await anna.act(ticket.id, "close", outcome="solved")
        late = await answered(house, anna, timedelta(hours=5))
        kept = [(await house.rooms.conversations.ticket(one)).promise_kept for one in (ticket.id, late)]
        assert kept == [True, False]
        team = (await anna.api.get("/api/desk/team")).json()
        assert (team["promises_made"], team["promises_kept"]) == (team["promises_kept"] + 1, team["promises_kept"])
        assert team["promises_kept"] >= 1


async def beat(house: House, *people: Person) -> None:
    """Everybody shows a sign of life, and the desk has seen it."""
    for one in people:
        await one.desk.send(type="presence", presence="online")
    now = house.rooms.clock()

    async def seen() -> bool:
        agents = await house.rooms.database.read(house.rooms.desk.agents)
        return all(agent.seen_at is not None and agent.seen_at >= now for agent in agents)

    await until(seen, "everybody to be seen")


async def test_an_offered_ticket_goes_to_one_and_when_let_go_to_the_next(house: House) -> None:
    await set_rules(house, mode=Mode.PUSH, offer_seconds=30)
    async with working(house, "anna", "boris") as people, customer(house) as visitor:
        await call_person(visitor)
        await house.rooms.conversations.sweeps.once()
        [ticket] = await house.rooms.conversations.tickets()
        assert ticket.offered_to is not None
        first = next(one for one in people if name(one) == ticket.offered_to.name)
        second = next(one for one in people if one is not first)
        await first.desk.until_event("reminder", kind="offer")
        refused = await second.act(ticket.id, "claim", status=409)
        assert (refused["code"], ticket.offered_to.name in refused["text"]) == ("already_offered", True)
        await first.act(ticket.id, "decline")
        await house.rooms.conversations.sweeps.once()
        await second.desk.until_event("reminder", kind="offer")
        await second.act(ticket.id, "claim")
        await visitor.until_event("state", holder="operator", operator=name(second))


def name(one: Person) -> str:
    """Who sits at this desk."""
    operator = next(event for event in one.desk.seen if event["type"] == "welcome")["operator"]
    return str(operator["name"])


async def test_an_unanswered_offer_ends_by_itself(house: House) -> None:
    await set_rules(house, mode=Mode.PUSH, offer_seconds=30)
    async with working(house, "anna", "boris") as people, customer(house) as visitor:
        await call_person(visitor)
        await house.rooms.conversations.sweeps.once()
        [before] = await house.rooms.conversations.tickets()
        house.rooms.clock.turn(seconds=31)
        await beat(house, *people)
        await house.rooms.conversations.sweeps.once()
        [after] = await house.rooms.conversations.tickets()
        assert before.offered_to is not None
        assert after.offered_to is not None
        assert after.offered_to.id != before.offered_to.id


async def test_a_transfer_names_the_new_person_to_the_customer_and_calls_them(house: House) -> None:
    async with working(house, "anna", "boris") as [anna, boris], customer(house) as visitor:
        await call_person(visitor)
        [ticket] = await house.rooms.conversations.tickets()
        await anna.act(ticket.id, "claim")
        ids = {one.name: one.id for one in await house.rooms.accounts.operators()}
        nobody = await anna.act(ticket.id, "transfer", status=400, why="Не моё")
        assert nobody["code"] == "target_unclear"
        moved = await anna.act(ticket.id, "transfer", why="Знает тарифы", operator=ids["Boris"])
        assert (moved["assignee_name"], moved["status"]) == ("Boris", "claimed")
        await visitor.until_row(kind="joined", text="Boris на связи, читает вашу переписку.")
        reminder = await boris.desk.until_event("reminder", kind="transferred")
        assert "Anna" in reminder["text"]
        detail = (await boris.api.get(f"/api/desk/tickets/{ticket.id}")).json()
        assert [event["act"] for event in detail["history"]] == ["opened", "claimed", "transferred"]
        assert (detail["may_write"], detail["history"][-1]["detail"]["why"]) == (True, "Знает тарифы")


async def test_an_escalated_ticket_waits_for_a_higher_tier(house: House) -> None:
    async with working(house, "anna") as [anna], customer(house) as visitor:
        await call_person(visitor)
        [ticket] = await house.rooms.conversations.tickets()
        await anna.act(ticket.id, "claim")
        up = await anna.act(ticket.id, "escalate", why="Нужен инженер")
        assert (up["tier"], up["status"], up["assignee"]) == (2, "queued", None)
        told = await visitor.until_row(kind="notice")
        assert "старшему специалисту" in told["text"]
        await visitor.until_event("state", holder="queue", position=1)


async def test_a_lead_moves_many_at_once_and_learns_which_stayed(house: House) -> None:
    leads = working(house, "lena", role=Role.LEAD)
    async with working(house, "anna") as [anna], leads as [lena], customer(house) as one, customer(house) as two:
        for visitor in (one, two):
            await call_person(visitor)
        first, second = await house.rooms.conversations.tickets()
        ids = {person.name: person.id for person in await house.rooms.accounts.operators()}
        body = {"tickets": [first.id, second.id, "no-such"], "operator": ids["Anna"], "why": "Разбираем очередь"}
        assert (await anna.api.post("/api/desk/assign", body)).status_code == 403
        moved = (await lena.api.post("/api/desk/assign", body)).json()
        assert {ticket["assignee_name"] for ticket in moved["moved"]} == {"Anna"}
        assert moved["refused"] == {"no-such": "ticket_unknown"}
        for visitor in (one, two):
            await visitor.until_event("state", holder="operator", operator="Anna")
        for ticket in (first, second):
            await anna.sees(ticket.id, assignee=ids["Anna"])
        log = (await lena.api.get("/api/desk/audit?act=assigned")).json()
        assert {(entry["actor_name"], entry["object_id"]) for entry in log["entries"]} == {
            ("Lena", first.id),
            ("Lena", second.id),
        }
        before = len(await house.rooms.conversations.history(first.conversation_id))
        await lena.api.post("/api/desk/assign", body)
        after = len(await house.rooms.conversations.history(first.conversation_id))
        assert after == before, "who already holds it is not announced again"
        team = (await lena.api.get("/api/desk/team")).json()
        assert {agent["name"]: agent["load"] for agent in team["agents"]} == {"Anna": 2, "Lena": 0}


async def test_nobody_holds_more_than_their_limit(house: House) -> None:
    async with working(house, "anna") as [anna]:
        agent = await house.rooms.database.read(lambda tx: house.rooms.desk.agents(tx)[0])
        async with customer(house) as one, customer(house) as two:
            await house.rooms.database.write(lambda tx: house.rooms.desk.place_agent(tx, replace(agent, cap=1)))
            for visitor in (one, two):
                await call_person(visitor)
            first, second = await house.rooms.conversations.tickets()
            await anna.act(first.id, "claim")
            refused = await anna.act(second.id, "claim", status=409)
            assert refused["code"] == "over_cap"
