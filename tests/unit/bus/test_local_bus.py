"""The bus inside one process: rings reach who listens, wait in bounds, and locks are fair."""

import asyncio
import gc

import pytest

from bot.bus.local import WAITING_LIMIT, LocalBus
from bot.bus.model import DESK, LOST, Ring, Subscription, conversation_topic
from tests.waiting import until


@pytest.fixture
def bus() -> LocalBus:
    return LocalBus()


async def waiting(subscription: Subscription) -> list[tuple[str, Ring]]:
    """Everything that waits for this subscriber right now."""
    rings = []
    while True:
        try:
            rings.append(await asyncio.wait_for(subscription.get(), 0.02))
        except TimeoutError:
            return rings


async def test_a_ring_reaches_everybody_who_listens_to_its_topic_and_nobody_else(bus: LocalBus) -> None:
    async with bus.subscribe("a") as first, bus.subscribe("a", "b") as second, bus.subscribe("c") as third:
        await bus.publish("a", {"type": "message"})
        assert await waiting(first) == [("a", {"type": "message"})]
        assert await waiting(second) == [("a", {"type": "message"})]
        assert await waiting(third) == []


async def test_a_ring_nobody_waits_for_is_forgotten(bus: LocalBus) -> None:
    await bus.publish("a", {"type": "message"})
    async with bus.subscribe("a") as late:
        assert await waiting(late) == []
    assert not bus.listeners


async def test_a_waiting_subscriber_wakes_up(bus: LocalBus) -> None:
    async with bus.subscribe("a") as subscription:
        got = asyncio.create_task(subscription.get())
        await asyncio.sleep(0)
        await bus.publish("a", {"type": "state"})
        assert await got == ("a", {"type": "state"})


async def test_rings_of_one_kind_that_wait_together_become_the_newest_one(bus: LocalBus) -> None:
    async with bus.subscribe("a") as subscription:
        for seq in (1, 2, 3):
            await bus.publish("a", {"type": "message", "seq": seq})
        assert await waiting(subscription) == [("a", {"type": "message", "seq": 3})]
        await bus.publish("a", {"type": "message", "seq": 4})
        assert await waiting(subscription) == [("a", {"type": "message", "seq": 4})]


async def test_rings_of_different_topic_type_or_id_stay_apart_in_order(bus: LocalBus) -> None:
    rings: list[tuple[str, Ring]] = [
        ("a", {"type": "message"}),
        ("b", {"type": "message"}),
        ("a", {"type": "state"}),
        ("a", {"type": "typing", "id": "bot"}),
        ("a", {"type": "typing", "id": "operator"}),
        ("a", {"type": "ticket", "id": "1"}),
    ]
    async with bus.subscribe("a", "b") as subscription:
        for topic, ring in rings:
            await bus.publish(topic, ring)
        assert await waiting(subscription) == rings


async def test_a_slow_subscriber_keeps_a_bounded_number_of_rings_and_learns_that_some_are_lost(bus: LocalBus) -> None:
    async with bus.subscribe(DESK) as slow:
        for number in range(10 * WAITING_LIMIT):
            await bus.publish(DESK, {"type": "ticket", "id": number})
        rings = await waiting(slow)
    tickets = [ring["id"] for _, ring in rings if ring["type"] == "ticket"]
    assert rings[0] == ("", {"type": LOST}), "said once, and first"
    assert tickets == list(range(9 * WAITING_LIMIT, 10 * WAITING_LIMIT)), "the newest are kept, in order"
    assert len(rings) == len(tickets) + 1


async def test_a_subscriber_at_the_limit_has_lost_nothing(bus: LocalBus) -> None:
    async with bus.subscribe(DESK) as busy:
        for number in range(WAITING_LIMIT):
            await bus.publish(DESK, {"type": "ticket", "id": number})
        assert [ring["id"] for _, ring in await waiting(busy)] == list(range(WAITING_LIMIT))


async def test_a_slow_subscriber_does_not_hold_up_the_others(bus: LocalBus) -> None:
    async with bus.subscribe(DESK) as slow, bus.subscribe(DESK) as quick:
        for number in range(2 * WAITING_LIMIT):
            await bus.publish(DESK, {"type": "ticket", "id": number})
            assert await quick.get() == (DESK, {"type": "ticket", "id": number})
        assert LOST in [ring["type"] for _, ring in await waiting(slow)]


async def test_topics_are_added_and_dropped_on_the_way(bus: LocalBus) -> None:
    async with bus.subscribe("a") as subscription:
        subscription.add("b")
        subscription.drop("a")
        await bus.publish("a", {"type": "message"})
        await bus.publish("b", {"type": "message"})
        assert await waiting(subscription) == [("b", {"type": "message"})]


async def test_a_dropped_topic_no_longer_rings_not_even_what_waited(bus: LocalBus) -> None:
    async with bus.subscribe("a", "b") as subscription:
        await bus.publish("a", {"type": "message"})
        await bus.publish("b", {"type": "message"})
        subscription.drop("a")
        subscription.drop("never listened to")
        assert await waiting(subscription) == [("b", {"type": "message"})]


async def test_who_leaves_is_forgotten_even_after_an_error(bus: LocalBus) -> None:
    async def listen_and_fail() -> None:
        async with bus.subscribe("a", "b") as subscription:
            subscription.add("c")
            raise RuntimeError("gone")

    with pytest.raises(RuntimeError, match="gone"):
        await listen_and_fail()
    assert not bus.listeners


async def test_a_cancelled_wait_loses_no_ring(bus: LocalBus) -> None:
    async with bus.subscribe("a") as subscription:
        impatient = asyncio.create_task(subscription.get())
        await asyncio.sleep(0)
        await bus.publish("a", {"type": "message"})
        impatient.cancel()
        with pytest.raises(asyncio.CancelledError):
            await impatient
        assert await waiting(subscription) == [("a", {"type": "message"})]


async def test_a_lock_is_held_by_one_task_at_a_time_in_the_order_of_asking(bus: LocalBus) -> None:
    order: list[int] = []
    inside = 0

    async def turn(number: int) -> None:
        nonlocal inside
        async with bus.lock("turn:c1"):
            inside += 1
            assert inside == 1
            order.append(number)
            await asyncio.sleep(0)
            inside -= 1

    tasks = []
    for number in range(20):
        tasks.append(asyncio.create_task(turn(number)))
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert order == list(range(20))


async def test_locks_of_different_names_do_not_wait_for_each_other(bus: LocalBus) -> None:
    async with bus.lock("turn:c1"), asyncio.timeout(5), bus.lock("turn:c2"):
        pass


async def test_a_lock_is_free_again_after_an_error_or_a_cancelled_wait(bus: LocalBus) -> None:
    async def fail() -> None:
        async with bus.lock("turn:c1"):
            raise RuntimeError("inside")

    async def wait() -> None:
        async with bus.lock("turn:c1"):
            pass

    with pytest.raises(RuntimeError):
        await fail()
    async with bus.lock("turn:c1"):
        impatient = asyncio.create_task(wait())
        await asyncio.sleep(0)
        impatient.cancel()
        await asyncio.gather(impatient, return_exceptions=True)
    await asyncio.wait_for(wait(), 5)


async def test_locks_nobody_holds_take_no_room(bus: LocalBus) -> None:
    for number in range(100):
        async with bus.lock(f"turn:{number}"):
            pass
    gc.collect()
    await until(lambda: len(bus._locks) == 0, "unused locks to go")


def test_a_conversation_has_a_topic_of_its_own() -> None:
    assert conversation_topic("c1") != conversation_topic("c2")
    assert conversation_topic("c1") != DESK
