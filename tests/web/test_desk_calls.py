"""Who is called to the desk: no handoff, deadline, mention or decision passes without somebody who hears of it."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import Connection

from bot.accounts.model import Role
from bot.accounts.store import AccountStore
from handoff.model import Presence, Ticket
from tests.web.house import House
from tests.web.shift import LEAD, Person, call_person, customer, set_rules, working


async def only_ticket(house: House) -> Ticket:
    [ticket] = await house.rooms.conversations.tickets()
    return ticket


async def minutes_pass(house: House, minutes: int, *there: str) -> None:
    """The desk's clocks run, a minute at a time; these people are at the desk all the while."""
    desk = house.rooms.desk
    for _ in range(minutes):
        house.rooms.clock.turn(minutes=1)
        await house.rooms.database.write(
            lambda tx: [desk.beat(tx, one.id) for one in desk.agents(tx) if one.name in there]
        )
        await house.rooms.conversations.sweeps.once()


async def place(lead: Person, **changes: object) -> None:
    """Gives everybody the same place at the desk."""
    for one in (await lead.api.get("/api/desk/people")).json()["people"]:
        answer = await lead.api.post(f"/api/desk/people/{one['id']}", changes)
        assert answer.status_code == 200, answer.text


async def called(house: House, kind: str) -> set[str]:
    """Names of those who were told."""
    names = {one.id: one.name for one in await house.rooms.database.read(house.rooms.desk.agents)}
    return {names.get(one.operator_id, "?") for one in house.rooms.told.kept if one.kind == kind}


async def remove_group_sales(house: House, lead: Person) -> None:
    """Everybody sits in a second group, which is then taken out of the rules."""
    database, desk = house.rooms.database, house.rooms.desk
    rules = await database.read(desk.policy)
    sales = replace(rules.groups[0], id="sales", name={"ru": "Продажи", "en": "Sales"})
    both = replace(rules, groups=(*rules.groups, sales))
    rules = await database.write(lambda tx: desk.set_policy(tx, both, LEAD))
    await place(lead, groups=["sales"])
    less = replace(rules, groups=rules.groups[:1])
    await database.write(lambda tx: desk.set_policy(tx, less, LEAD))


async def leaves_the_company(house: House, name: str) -> None:
    store = AccountStore()

    def work(tx: Connection) -> None:
        [person] = [one for one in store.everybody(tx) if one.name == name]
        store.change(tx, replace(person, active=False))

    await house.rooms.database.write(work)


def reminders(person: Person) -> list[tuple[str, str]]:
    return [(event["kind"], event["text"]) for event in person.desk.seen if event["type"] == "reminder"]


@pytest.mark.parametrize("gap", ["language", "tier", "group"])
async def test_a_handoff_that_nobody_serves_calls_the_leads_and_calls_them_again(house: House, gap: str) -> None:
    async with (
        working(house, "anna") as [anna],
        working(house, "lena", role=Role.LEAD) as [lena],
        customer(house, "en") as visitor,
    ):
        if gap == "language":
            await place(lena, langs=["ru"])
        if gap == "group":
            await remove_group_sales(house, lena)
        await call_person(visitor)
        ticket = await only_ticket(house)
        if gap == "tier":
            await anna.act(ticket.id, "claim")
            await anna.act(ticket.id, "escalate", why="hard")
        heard = await lena.desk.until_event("reminder", kind="new")
        assert heard["ticket"] == ticket.id
        assert "Lena" in await called(house, "new")
        await minutes_pass(house, 30, "Anna", "Lena")
        assert await called(house, "unclaimed") == {"Lena"}


async def test_a_ticket_that_comes_back_and_that_nobody_serves_any_more_calls_the_leads(house: House) -> None:
    async with (
        working(house, "anna") as [anna],
        working(house, "lena", role=Role.LEAD) as [lena],
        customer(house, "en") as visitor,
    ):
        await set_rules(house, silent_minutes=5)
        await call_person(visitor)
        await anna.act((await only_ticket(house)).id, "claim")
        await place(lena, langs=["ru"])
        await minutes_pass(house, 6, "Anna", "Lena")
        await lena.desk.until_event("reminder", kind="returned")
        assert await called(house, "returned") == {"Lena"}


async def test_without_leads_everybody_who_may_answer_is_called_and_nobody_who_has_left(house: House) -> None:
    async with (
        working(house, "anna", "boris") as [anna, boris],
        working(house, "lena", role=Role.LEAD) as [lena],
        working(house, "rita", role=Role.READ_ONLY),
        customer(house, "en") as visitor,
    ):
        await place(lena, langs=["ru"])
        await leaves_the_company(house, "Lena")
        await call_person(visitor)
        for person in (anna, boris):
            await person.desk.until_event("reminder", kind="new")
        assert await called(house, "new") == {"Anna", "Boris"}


async def test_a_missed_deadline_reaches_the_leads_and_a_near_one_only_when_its_operator_is_away(house: House) -> None:
    async with (
        working(house, "anna") as [anna],
        working(house, "lena", role=Role.LEAD) as [lena],
        customer(house) as visitor,
    ):
        await set_rules(house, silent_minutes=1440)
        await call_person(visitor)
        await anna.act((await only_ticket(house)).id, "claim")
        await minutes_pass(house, 8, "Anna", "Lena")
        assert await called(house, "sla") == {"Anna"}
        await minutes_pass(house, 10, "Anna", "Lena")
        assert await called(house, "breached") == {"Anna", "Lena"}
        assert "overdue" in (await lena.desk.until_event("reminder", kind="breached"))["text"]


async def test_leads_hear_of_a_near_deadline_whose_operator_is_offline(house: House) -> None:
    async with (
        working(house, "anna") as [anna],
        working(house, "lena", role=Role.LEAD) as [lena],
        customer(house) as visitor,
    ):
        await set_rules(house, silent_minutes=1440)
        await call_person(visitor)
        claimed = await anna.act((await only_ticket(house)).id, "claim")
        await minutes_pass(house, 7, "Anna", "Lena")
        house.rooms.clock.turn(minutes=1)
        offline = (claimed["assignee"], Presence.OFFLINE)
        await house.rooms.database.write(lambda tx: house.rooms.desk.set_presence(tx, *offline))
        await house.rooms.conversations.sweeps.once()
        await lena.desk.until_event("reminder", kind="sla")
        assert await called(house, "sla") == {"Anna", "Lena"}


async def test_a_mention_without_a_ticket_reaches_who_sits_at_the_desk_and_links_to_the_conversation(
    house: House,
) -> None:
    async with working(house, "anna", "boris") as [anna, boris], customer(house) as visitor:
        await visitor.say("router")
        conversation = (await visitor.until_row(seq=2))["conversation"]
        body = {"cid": uuid4().hex, "text": "@boris взгляни"}
        assert (await anna.api.post(f"/api/desk/conversations/{conversation}/notes", body)).status_code == 200
        heard = await boris.desk.until_event("reminder", kind="mention")
        assert (heard["ticket"], heard["number"], heard["conversation"]) == ("", 0, conversation)
        assert heard["text"] == "Anna calls you to a conversation"


async def test_the_author_of_a_fixed_issue_hears_it_at_the_desk(house: House) -> None:
    async with (
        working(house, "anna") as [anna],
        working(house, "lena", role=Role.LEAD) as [lena],
        customer(house) as visitor,
    ):
        await visitor.say("router")
        conversation = (await visitor.until_row(seq=2))["conversation"]
        report = {"kind": "bug", "title": "Не грузит"}
        filed = (await anna.api.post(f"/api/desk/conversations/{conversation}/issues", report)).json()
        for _ in range(2):
            assert (await lena.api.post(f"/api/desk/issues/{filed['id']}/fixed")).status_code == 200
        heard = await anna.desk.until_event("reminder", conversation=conversation)
        assert (heard["ticket"], "Не грузит" in heard["text"]) == ("", True)
        assert await called(house, "mention") == {"Anna"}


@pytest.mark.parametrize(("approved", "state"), [(True, "approved"), (False, "declined")])
async def test_a_decision_is_live_for_who_watches_tells_its_author_and_is_audited(
    house: House, approved: bool, state: str
) -> None:
    async with (
        working(house, "anna") as [anna],
        working(house, "lena", role=Role.LEAD) as [lena],
        customer(house) as visitor,
    ):
        await call_person(visitor)
        ticket = await only_ticket(house)
        await anna.desk.send(type="watch", conversation=ticket.conversation_id)
        body = {"cid": uuid4().hex, "text": "Скидка 10 %?", "approval": True}
        note = (await anna.api.post(f"/api/desk/conversations/{ticket.conversation_id}/notes", body)).json()
        await anna.desk.until_event("notes")
        for _ in range(2):
            answer = await lena.api.post(f"/api/desk/notes/{note['id']}/decide", {"approved": approved})
            assert answer.json()["approval"] == state
        shown = (await anna.desk.expect("notes"))["notes"]
        assert [(one["id"], one["approval"], one["decided_by"]) for one in shown] == [(note["id"], state, "Lena")]
        heard = await anna.desk.until_event("reminder", kind="decided")
        assert heard["text"] == f"Lena has {state} your proposal on ticket no. {ticket.number}"
        assert heard["ticket"] == ticket.id
        entries = await house.rooms.database.read(house.rooms.desk.audit_entries)
        assert [(one.act, one.actor_name, one.object_id) for one in entries] == [
            (f"proposal_{state}", "Lena", ticket.conversation_id)
        ]
        assert "decided" in {one.kind for one in house.rooms.told.kept}
        assert ("mention", heard["text"]) not in reminders(anna)
