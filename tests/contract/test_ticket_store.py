"""What every backend owes the desk: one open ticket per conversation, one winner per claim, an honest queue."""

import asyncio
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot.storage.database import Database
from handoff.desk import Desk, open_desk
from handoff.errors import AlreadyClaimed, HandoffError, PolicyChanged, TicketClosed
from handoff.model import (
    Agent,
    Assignee,
    Mood,
    Outcome,
    Presence,
    Priority,
    Reason,
    Request,
    Status,
    Ticket,
    Wish,
)
from handoff.policy import Calendar, Group, Policy
from handoff.store import TicketStore
from tests.contract.backends import Opener

T = TypeVar("T")
AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
LATER = AT + timedelta(minutes=1)
STORE = TicketStore()
ANNA, BORIS = Assignee("op-anna", "Анна"), Assignee("op-boris", "Борис")
LEAD = Assignee("op-lead", "Ольга", lead=True)
REQUEST = Request(
    conversation_id="c1",
    reason=Reason.SECOND_MISS,
    lang="ru",
    channel="widget",
    subject="Не работает интернет 🙂",
    customer_name="Пётр",
    summary={"tried": [{"article": "router-reset", "score": 0.5}], "fields": {"account_number": "123"}},
)


@pytest.fixture
def desk() -> Desk:
    return open_desk(lambda: AT)


async def opened(database: Database, desk: Desk, conversation_id: str = "c1") -> Ticket:
    request = replace(REQUEST, conversation_id=conversation_id)
    return await database.write(lambda tx: desk.open(tx, request))


async def attempt(database: Database, act: Callable[[Connection], T]) -> T | HandoffError:
    try:
        return await database.write(act)
    except HandoffError as refusal:
        return refusal


async def test_a_ticket_comes_back_as_it_went_in(database: Database, desk: Desk) -> None:
    ticket = await opened(database, desk)
    assert await database.read(lambda tx: STORE.get(tx, ticket.id)) == ticket
    for name in Request.__slots__:
        assert getattr(ticket, name) == getattr(REQUEST, name)


async def test_every_field_of_a_ticket_is_stored(database: Database, desk: Desk) -> None:
    before = await opened(database, desk)
    moments = {one.name: LATER for one in fields(Ticket) if one.type in (datetime, datetime | None)}
    numbers = {one.name: 7 for one in fields(Ticket) if one.type in (int, int | None) and one.name != "number"}
    words = {one.name: ("a", 'б"в') for one in fields(Ticket) if one.type == tuple[str, ...]}
    texts = {one.name: "слово" for one in fields(Ticket) if one.type is str and one.name not in ("id", "group")}
    rest: dict[str, Any] = {
        "status": Status.SNOOZED,
        "priority": Priority.URGENT,
        "mood": Mood.ANGRY,
        "wish": Wish.WRITE,
        "outcome": Outcome.TO_BOT,
        "manual_priority": True,
        "vip": True,
        "promise_kept": False,
        "assignee": ANNA,
        "offered_to": BORIS,
    }
    after = replace(before, **{**moments, **numbers, **words, **texts, **rest})
    untouched = {"id", "number", "group", "summary", "reason"}
    same = {one.name for one in fields(Ticket) if getattr(before, one.name) == getattr(after, one.name)}
    assert same <= untouched, "the test itself must change every field"
    assert await database.write(lambda tx: STORE.change(tx, before, after, None))
    assert await database.read(lambda tx: STORE.get(tx, before.id)) == after


async def test_an_unknown_ticket_is_nothing(database: Database) -> None:
    assert await database.read(lambda tx: STORE.get(tx, "nobody")) is None
    assert await database.read(lambda tx: STORE.last(tx, "nobody")) is None


async def test_tickets_are_numbered_one_after_another_even_at_once(database: Database, desk: Desk) -> None:
    found = await asyncio.gather(*(opened(database, desk, f"c{n}") for n in range(30)))
    assert sorted(ticket.number for ticket in found) == list(range(1, 31))


async def test_the_database_itself_refuses_a_second_open_ticket(database: Database, desk: Desk) -> None:
    first = await opened(database, desk)
    again = replace(first, id="")
    with pytest.raises(IntegrityError):
        await database.write(lambda tx: STORE.add(tx, again, None))
    await database.write(lambda tx: desk.close(tx, first.id, Outcome.SOLVED))
    assert (await database.write(lambda tx: STORE.add(tx, again, None))).number == 2


async def test_a_change_of_what_somebody_else_has_moved_is_refused(database: Database, desk: Desk) -> None:
    seen = await opened(database, desk)
    await database.write(lambda tx: desk.claim(tx, seen.id, ANNA))
    for after in (replace(seen, status=Status.CLAIMED, assignee=BORIS), replace(seen, subject="late")):
        assert not await database.write(partial(STORE.change, before=seen, after=after, look=None))
    stored = await database.read(lambda tx: STORE.get(tx, seen.id))
    assert stored is not None
    assert (stored.assignee, stored.subject) == (ANNA, REQUEST.subject)


async def test_a_claim_has_one_winner_among_fifty_from_two_processes(
    database: Database, desk: Desk, opener: Opener, tmp_path: Path
) -> None:
    ticket = await opened(database, desk)
    crowd = [Assignee(f"op-{n}", f"Operator {n}") for n in range(50)]
    async with opener(tmp_path) as other:
        claims = [
            attempt((database, other)[n % 2], partial(desk.claim, ticket_id=ticket.id, assignee=one))
            for n, one in enumerate(crowd)
        ]
        answers = await asyncio.gather(*claims)
    [winner] = [one for one, answer in zip(crowd, answers, strict=True) if not isinstance(answer, HandoffError)]
    refusals = [answer for answer in answers if isinstance(answer, AlreadyClaimed)]
    assert len(refusals) == 49
    assert {refusal.winner for refusal in refusals} == {winner.name}
    stored = await database.read(lambda tx: STORE.get(tx, ticket.id))
    assert stored is not None
    assert (stored.status, stored.assignee) == (Status.CLAIMED, winner)


async def test_one_agent_claiming_everything_at_once_stops_at_the_cap(database: Database, desk: Desk) -> None:
    await database.write(lambda tx: desk.place_agent(tx, Agent(ANNA.id, ANNA.name, cap=3)))
    tickets = [await opened(database, desk, f"c{n}") for n in range(8)]
    answers = await asyncio.gather(
        *(attempt(database, partial(desk.claim, ticket_id=one.id, assignee=ANNA)) for one in tickets)
    )
    assert [getattr(one, "code", "") for one in answers].count("over_cap") == 5
    agent = await database.read(lambda tx: desk.agent(tx, ANNA.id))
    assert agent is not None
    assert agent.load == 3


async def test_a_claim_races_with_a_closing_and_one_of_them_wins(database: Database, desk: Desk) -> None:
    for n in range(10):
        ticket = await opened(database, desk, f"c{n}")
        claimed, closed = await asyncio.gather(
            attempt(database, partial(desk.claim, ticket_id=ticket.id, assignee=Assignee(f"op-{n}", "x"))),
            attempt(database, partial(desk.close, ticket_id=ticket.id, outcome=Outcome.SOLVED)),
        )
        assert isinstance(closed, Ticket), "a closing always succeeds on an open ticket"
        stored = await database.read(partial(STORE.get, ticket_id=ticket.id))
        assert stored is not None
        assert stored.status is Status.CLOSED
        assert (stored.assignee is None) == isinstance(claimed, TicketClosed)


async def test_the_queue_is_ordered_by_priority_then_waiting_time(database: Database, desk: Desk) -> None:
    _, second, third = [await opened(database, desk, f"c{n}") for n in range(3)]
    older = replace(second, queued_at=AT - timedelta(minutes=1))
    await database.write(lambda tx: STORE.change(tx, second, older, None))
    await database.write(lambda tx: desk.prioritise(tx, third.id, LEAD, Priority.URGENT))

    def look(tx: Connection) -> tuple[list[int], list[int | None]]:
        queue = desk.queue(tx)
        return [one.number for one in queue], [desk.position(tx, one) for one in queue]

    assert await database.read(look) == ([3, 2, 1], [1, 2, 3])
    await database.write(lambda tx: desk.claim(tx, second.id, ANNA))
    assert await database.read(look) == ([3, 2, 1], [1, None, 2]), "claimed tickets stay in sight"
    await database.write(lambda tx: desk.close(tx, third.id, Outcome.SOLVED))
    assert await database.read(look) == ([2, 1], [None, 1])
    await database.write(lambda tx: desk.give_back(tx, second.id, ANNA.id))
    assert await database.read(look) == ([2, 1], [1, 2]), "a ticket given back has kept its place"


async def test_the_queue_never_shows_what_was_undone_nor_misses_what_another_process_did(
    database: Database, desk: Desk, opener: Opener, tmp_path: Path
) -> None:
    ticket = await opened(database, desk)

    def undone(tx: Connection) -> None:
        desk.claim(tx, ticket.id, ANNA)
        assert [one.assignee for one in desk.queue(tx)] == [ANNA], "the transaction sees its own changes"
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(undone)
    assert [one.assignee for one in await database.read(desk.queue)] == [None]
    async with opener(tmp_path) as other:
        await other.write(lambda tx: open_desk(lambda: AT).claim(tx, ticket.id, BORIS))
        assert [one.assignee for one in await database.read(desk.queue)] == [BORIS]
        await other.write(lambda tx: open_desk(lambda: AT).close(tx, ticket.id, Outcome.SOLVED))
        assert await database.read(desk.queue) == []


async def test_agents_and_history_come_back_as_they_went_in(database: Database, desk: Desk) -> None:
    agent = Agent("op-x", "Икс", Presence.AWAY, AT, AT, LATER, AT, 7, 0, ("a",), ("b", "c"), ("ru",), 3)
    await database.write(lambda tx: desk.place_agent(tx, agent))
    assert await database.read(lambda tx: desk.agent(tx, "op-x")) == agent
    ticket = await opened(database, desk)
    await database.write(lambda tx: desk.tag(tx, ticket.id, ANNA, ("bug",)))
    first, second = await database.read(lambda tx: desk.history(tx, ticket.id))
    assert (first.act, first.actor_id, first.detail) == ("opened", "", {"reason": "second_miss", "group": "support"})
    assert (second.act, second.actor_name, second.at, second.detail) == ("tagged", "Анна", AT, {"tags": "bug"})
    for n in range(5):
        await database.write(lambda tx, n=n: desk.audit(tx, LEAD, "did", ("thing", str(n)), {"n": n}))  # type: ignore[misc]
    page = await database.read(lambda tx: desk.audit_entries(tx, limit=2))
    assert [entry.object_id for entry in page] == ["4", "3"]
    rest = await database.read(lambda tx: desk.audit_entries(tx, before=page[-1].id, actor=LEAD.id, act="did"))
    assert [entry.object_id for entry in rest] == ["2", "1", "0"]
    assert await database.read(lambda tx: desk.audit_entries(tx, actor="nobody")) == []


async def test_rules_are_stored_whole_and_never_overwritten_unseen(database: Database, desk: Desk) -> None:
    office = Calendar("office", "Офис", "Europe/Berlin", {"mon": (("09:00", "24:00"),)}, {"2026-12-25": ()})
    policy = Policy((Group("support", {"en": "Support", "ru": "Поддержка"}, ("billing",), "office"),), (office,))
    stored = await database.write(lambda tx: desk.set_policy(tx, policy, LEAD))
    assert stored == replace(policy, version=1)
    other = open_desk(lambda: AT)
    assert await database.read(other.policy) == stored, "another process reads the same"
    with pytest.raises(PolicyChanged):
        await database.write(lambda tx: desk.set_policy(tx, policy, LEAD))
    again = await database.write(lambda tx: other.set_policy(tx, replace(stored, tags=("vip",)), LEAD))
    assert await database.read(desk.policy) == again
    [entry, _] = await database.read(desk.audit_entries)
    assert (entry.act, entry.detail) == ("policy_changed", {"changed": "tags"})


async def test_rules_of_a_transaction_that_was_undone_are_never_seen(database: Database, desk: Desk) -> None:
    def broken(tx: Connection) -> None:
        desk.set_policy(tx, Policy(tags=("undone",)), LEAD)
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(broken)
    assert (await database.read(desk.policy)).tags == ()
    await database.write(lambda tx: desk.set_policy(tx, Policy(tags=("done",)), LEAD))
    assert (await database.read(desk.policy)).tags == ("done",)
