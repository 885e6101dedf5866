"""What every backend owes the outbox: order, one in flight per conversation, leases, and an update seen once."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.conversation.outbox_store import LEASE, Claimed, OutboxStore
from bot.storage.database import Database

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SOON = AT + timedelta(seconds=1)
STORE = OutboxStore()


async def fill(database: Database, *rows: tuple[str, int]) -> None:
    for conversation_id, seq in rows:
        await database.write(partial(STORE.add, conversation_id=conversation_id, seq=seq, at=AT))


async def claim(database: Database, now: datetime = SOON, limit: int = 20) -> list[Claimed]:
    return await database.write(lambda tx: STORE.claim(tx, now, limit))


async def settle(database: Database, item: Claimed, state: str, **values: object) -> None:
    await database.write(lambda tx: STORE.settle(tx, item.id, state, **values))


def places(claimed: list[Claimed]) -> list[tuple[str, int]]:
    return [(item.conversation_id, item.seq) for item in claimed]


async def test_each_conversation_has_one_message_on_its_way_and_in_order(database: Database) -> None:
    await fill(database, ("a", 2), ("a", 4), ("b", 7), ("a", 5))
    first = await claim(database)
    assert places(first) == [("a", 2), ("b", 7)]
    assert await claim(database) == []
    await settle(database, first[0], "sent", message_ids=[11, 12])
    second = await claim(database)
    assert places(second) == [("a", 4)]
    await settle(database, second[0], "sent")
    assert places(await claim(database)) == [("a", 5)]


async def test_rows_added_out_of_order_still_leave_in_order(database: Database) -> None:
    await fill(database, ("a", 5), ("a", 2))
    assert places(await claim(database)) == [("a", 2)]


async def test_a_claim_takes_no_more_than_asked_and_the_oldest_first(database: Database) -> None:
    await fill(database, ("a", 1), ("b", 1), ("c", 1))
    assert places(await claim(database, limit=2)) == [("a", 1), ("b", 1)]
    assert places(await claim(database, limit=2)) == [("c", 1)]


async def test_fifty_senders_at_once_get_every_row_once(database: Database) -> None:
    await fill(database, *((f"c{n}", 1) for n in range(40)))
    taken = await asyncio.gather(*(claim(database, limit=3) for _ in range(50)))
    places_taken = [place for rows in taken for place in places(rows)]
    assert sorted(places_taken) == sorted((f"c{n}", 1) for n in range(40))


async def test_a_row_is_not_due_before_its_time(database: Database) -> None:
    await fill(database, ("a", 1))
    assert await claim(database, now=AT - timedelta(seconds=1)) == []


async def test_a_message_told_to_wait_holds_back_its_own_conversation_only(database: Database) -> None:
    await fill(database, ("a", 1), ("a", 2), ("b", 1))
    item, _ = await claim(database)
    await settle(database, item, "pending", due_at=AT + timedelta(seconds=30))
    assert places(await claim(database, now=AT + timedelta(seconds=29))) == []
    assert places(await claim(database, now=AT + timedelta(seconds=30))) == [("a", 1)]


async def test_a_lease_that_ran_out_gives_the_row_to_the_next_sender_and_counts_the_attempt(database: Database) -> None:
    await fill(database, ("a", 1))
    [taken] = await claim(database)
    assert taken.attempts == 0
    assert await claim(database, now=SOON + LEASE - timedelta(seconds=1)) == []
    [again] = await claim(database, now=SOON + LEASE)
    assert (again.id, again.attempts) == (taken.id, 1)


async def test_a_send_of_unknown_fate_is_tried_again_and_counted(database: Database) -> None:
    await fill(database, ("a", 1), ("a", 2))
    [taken] = await claim(database)
    await settle(database, taken, "unknown", due_at=SOON)
    [again] = await claim(database)
    assert (again.seq, again.attempts) == (1, 1)


async def test_a_dead_message_lets_the_next_one_go(database: Database) -> None:
    await fill(database, ("a", 1), ("a", 2))
    [taken] = await claim(database)
    await settle(database, taken, "dead", why="message is too long")
    assert places(await claim(database)) == [("a", 2)]


async def test_a_dead_chat_takes_everything_waiting_for_it_along(database: Database) -> None:
    await fill(database, ("a", 1), ("a", 2), ("b", 1))
    await claim(database, limit=1)
    await database.write(lambda tx: STORE.bury(tx, "a", "bot was blocked by the user"))
    assert places(await claim(database, now=SOON + LEASE)) == [("b", 1)]
    await fill(database, ("a", 3))
    assert places(await claim(database)) == [("a", 3)], "a customer who comes back is heard again"


async def test_a_sender_who_wakes_up_late_cannot_send_a_settled_message_again(database: Database) -> None:
    await fill(database, ("a", 1))
    [late] = await claim(database)
    [quick] = await claim(database, now=SOON + LEASE)
    await settle(database, quick, "sent")
    await settle(database, late, "pending", due_at=SOON)
    assert await claim(database, now=SOON + 2 * LEASE) == []


async def test_an_update_is_new_once_for_each_bot(database: Database) -> None:
    async def seen(bot_id: int, update_id: int) -> bool:
        return await database.write(lambda tx: STORE.seen(tx, bot_id, update_id, AT))

    assert [await seen(1, 10), await seen(1, 10), await seen(2, 10), await seen(1, 9)] == [True, False, True, True]
    assert sum(await asyncio.gather(*(seen(1, 2**40) for _ in range(20)))) == 1


async def test_only_old_updates_are_forgotten(database: Database) -> None:
    async def seen(update_id: int, at: datetime) -> bool:
        return await database.write(lambda tx: STORE.seen(tx, 1, update_id, at))

    assert await seen(1, AT)
    assert await seen(2, SOON)
    await database.write(lambda tx: STORE.forget_seen(tx, SOON))
    assert await seen(1, SOON)
    assert not await seen(2, SOON)
