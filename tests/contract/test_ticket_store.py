"""What every backend owes the desk: one open ticket per conversation, one winner per claim, an honest queue."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from bot.storage.database import Database
from handoff.model import Assignee, Outcome, Reason, Request, Status, Ticket
from handoff.store import TicketStore
from tests.contract.backends import Opener

AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
LATER = AT + timedelta(minutes=1)
STORE = TicketStore()
ANNA, BORIS = Assignee("op-anna", "Анна"), Assignee("op-boris", "Борис")
REQUEST = Request(
    conversation_id="c1",
    reason=Reason.SECOND_MISS,
    lang="ru",
    channel="widget",
    subject="Не работает интернет 🙂",
    customer_name="Пётр",
    summary={"tried": [{"article": "router-reset", "score": 0.5}], "fields": {"account_number": "123"}},
)


async def add(database: Database, conversation_id: str = "c1", at: datetime = AT) -> Ticket:
    request = replace(REQUEST, conversation_id=conversation_id)
    return await database.write(partial(STORE.add, request=request, at=at))


async def claim(database: Database, ticket: Ticket, assignee: Assignee = ANNA) -> Ticket | None:
    return await database.write(lambda tx: STORE.claim(tx, ticket.id, assignee, LATER))


async def close(database: Database, ticket: Ticket) -> Ticket | None:
    return await database.write(lambda tx: STORE.close(tx, ticket.id, Outcome.SOLVED, LATER))


async def test_a_ticket_comes_back_as_it_went_in(database: Database) -> None:
    ticket = await add(database)
    assert await database.read(lambda tx: STORE.get(tx, ticket.id)) == ticket
    assert (ticket.status, ticket.opened_at, ticket.assignee) == (Status.QUEUED, AT, None)
    assert ticket.opened_at.tzinfo is UTC
    for name in Request.__slots__:
        assert getattr(ticket, name) == getattr(REQUEST, name)


async def test_an_unknown_ticket_is_nothing(database: Database) -> None:
    assert await database.read(lambda tx: STORE.get(tx, "nobody")) is None
    assert await database.write(lambda tx: STORE.claim(tx, "nobody", ANNA, AT)) is None
    assert await database.write(lambda tx: STORE.close(tx, "nobody", Outcome.SOLVED, AT)) is None


async def test_tickets_are_numbered_one_after_another_even_at_once(database: Database) -> None:
    opened = await asyncio.gather(*(add(database, f"c{n}") for n in range(30)))
    assert sorted(ticket.number for ticket in opened) == list(range(1, 31))


async def test_the_database_itself_refuses_a_second_open_ticket(database: Database) -> None:
    first = await add(database)
    with pytest.raises(IntegrityError):
        await add(database)
    await claim(database, first)
    with pytest.raises(IntegrityError):
        await add(database)
    await close(database, first)
    assert (await add(database)).number == 2


async def test_the_open_ticket_is_found_by_its_conversation(database: Database) -> None:
    ticket = await add(database)
    await add(database, "c2")
    assert await database.read(lambda tx: STORE.open_one(tx, "c1")) == ticket
    await close(database, ticket)
    assert await database.read(lambda tx: STORE.open_one(tx, "c1")) is None


async def test_a_claim_has_one_winner_among_fifty_from_two_processes(
    database: Database, opener: Opener, tmp_path: Path
) -> None:
    ticket = await add(database)
    async with opener(tmp_path) as other:
        claims = [claim((database, other)[n % 2], ticket, Assignee(f"op-{n}", f"Operator {n}")) for n in range(50)]
        answers = await asyncio.gather(*claims)
    [winner] = [answer for answer in answers if answer is not None]
    assert winner.assignee is not None
    assert answers[int(winner.assignee.id.removeprefix("op-"))] is winner
    stored = await database.read(lambda tx: STORE.get(tx, ticket.id))
    assert stored == winner
    assert (winner.status, winner.claimed_at) == (Status.CLAIMED, LATER)


async def test_a_closed_ticket_cannot_be_claimed_or_closed_again(database: Database) -> None:
    ticket = await add(database)
    closed = await close(database, ticket)
    assert closed is not None
    assert (closed.status, closed.outcome, closed.closed_at) == (Status.CLOSED, Outcome.SOLVED, LATER)
    assert await claim(database, ticket) is None
    assert await close(database, ticket) is None


async def test_a_claim_races_with_a_closing_and_one_of_them_wins(database: Database) -> None:
    for n in range(10):
        ticket = await add(database, f"c{n}")
        claimed, closed = await asyncio.gather(claim(database, ticket), close(database, ticket))
        assert closed is not None, "a closing always succeeds on an open ticket"
        stored = await database.read(partial(STORE.get, ticket_id=ticket.id))
        assert stored is not None
        assert stored.status is Status.CLOSED
        assert (stored.assignee is not None) == (claimed is not None)


async def test_only_the_assignee_can_give_a_ticket_back(database: Database) -> None:
    ticket = await add(database)
    await claim(database, ticket)
    assert await database.write(lambda tx: STORE.unclaim(tx, ticket.id, BORIS.id)) is None
    assert await database.write(lambda tx: STORE.unclaim(tx, ticket.id, ANNA.id)) == ticket


async def test_the_queue_is_ordered_by_waiting_time_and_counts_who_is_ahead(database: Database) -> None:
    first, second, third = await add(database, "c1"), await add(database, "c2"), await add(database, "c3")

    async def ahead(ticket: Ticket) -> int:
        return await database.read(lambda tx: STORE.ahead(tx, ticket))

    async def queue() -> list[int]:
        return [ticket.number for ticket in await database.read(STORE.open_ones)]

    assert [await ahead(first), await ahead(second), await ahead(third)] == [0, 1, 2]
    await claim(database, first)
    assert [await ahead(second), await ahead(third)] == [0, 1]
    assert await queue() == [1, 2, 3], "claimed tickets stay in sight"
    await close(database, second)
    assert await ahead(third) == 0
    assert await queue() == [1, 3]
    await database.write(lambda tx: STORE.unclaim(tx, first.id, ANNA.id))
    assert await ahead(third) == 1, "a ticket given back has kept its place"


async def test_a_ticket_is_rated_once(database: Database) -> None:
    ticket = await add(database)
    await close(database, ticket)
    rated = await database.write(lambda tx: STORE.rate(tx, ticket.id, 3))
    assert rated is not None
    assert rated.rating == 3
    assert await database.write(lambda tx: STORE.rate(tx, ticket.id, 1)) is None
    assert await database.read(lambda tx: STORE.get(tx, ticket.id)) == rated
