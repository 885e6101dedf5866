"""What leaves through Telegram: every word the customer should read, in order, and nothing twice."""

import asyncio
from datetime import timedelta

from bot.bus.model import OUTBOX
from bot.conversation.deliveries import REMEMBER, OutboxItem
from bot.conversation.model import Author, Channel, Incoming, Kind
from bot.conversation.outbox_store import LEASE
from handoff.model import Outcome
from tests.unit.conversation.stage import ANNA, QUESTION, Stage, new_cid


async def claim_one(room: Stage) -> OutboxItem:
    [item] = await room.conversations.deliveries.claim_outbox()
    return item


async def deliver_everything(room: Stage) -> list[OutboxItem]:
    """Sends like the telegram room does, until nothing is due."""
    sent: list[OutboxItem] = []
    while items := await room.conversations.deliveries.claim_outbox():
        for item in items:
            await room.conversations.deliveries.outbox_sent(item.id, [len(sent)])
        sent += items
    return sent


async def test_everything_said_to_the_customer_is_delivered_once_and_in_order(telegram: Stage) -> None:
    await telegram.ask(QUESTION)
    ticket = await telegram.call_person()
    await telegram.conversations.accept(ticket.id, ANNA)
    await telegram.say("Пишу оператору")
    await telegram.conversations.say(ticket.id, ANNA, new_cid(), "Здравствуйте!")
    await telegram.conversations.close(ticket.id, ANNA, Outcome.SOLVED)
    rows = await telegram.rows()
    await telegram.press(rows[-1].seq, "rate3")
    sent = await deliver_everything(telegram)
    expected = [row for row in await telegram.rows() if row.author is not Author.CUSTOMER]
    assert [item.message for item in sent] == expected
    assert {item.conversation.address for item in sent} == {"5"}
    assert len(expected) == 7


async def test_what_is_said_in_the_widget_is_not_telegrams_business(room: Stage) -> None:
    await room.ask(QUESTION)
    await room.call_person()
    assert await room.conversations.deliveries.claim_outbox() == []


async def test_the_outbox_is_rung_when_there_is_something_to_send(telegram: Stage) -> None:
    async with telegram.bus.subscribe(OUTBOX) as ear:
        await telegram.ask(QUESTION)
        assert (await ear.get())[0] == OUTBOX
    assert (await claim_one(telegram)).message.kind is Kind.ANSWER


async def test_a_conversation_waits_for_its_own_message_and_others_do_not(telegram: Stage) -> None:
    other = await telegram.conversations.open("visitor-2", Channel.TELEGRAM, "ru", address="6")
    await telegram.ask("раз")
    await telegram.ask("два")
    first = await claim_one(telegram)
    await telegram.conversations.receive(other.id, Incoming(new_cid(), QUESTION))
    await telegram.quiet(other.id)
    second = await claim_one(telegram)
    assert (first.conversation.id, second.conversation.id) == (telegram.thread.id, other.id)
    assert first.message.in_reply_to == 1
    await telegram.conversations.deliveries.outbox_sent(first.id, [1])
    assert (await claim_one(telegram)).message.in_reply_to == 3


async def test_a_message_telegram_wants_later_is_sent_then_and_not_before(telegram: Stage) -> None:
    await telegram.ask(QUESTION)
    item = await claim_one(telegram)
    await telegram.conversations.deliveries.outbox_retry(item.id, telegram.clock.at + timedelta(seconds=30))
    telegram.clock.turn(29)
    assert await telegram.conversations.deliveries.claim_outbox() == []
    telegram.clock.turn(1)
    assert (await claim_one(telegram)).id == item.id


async def test_a_sender_that_died_leaves_its_message_to_the_next_one_marked(telegram: Stage) -> None:
    await telegram.ask(QUESTION)
    item = await claim_one(telegram)
    telegram.clock.turn(LEASE.total_seconds() - 1)
    assert await telegram.conversations.deliveries.claim_outbox() == []
    telegram.clock.turn(1)
    again = await claim_one(telegram)
    assert (item.attempts, again.id, again.attempts) == (0, item.id, 1)


async def test_a_message_of_unknown_fate_is_due_again_at_once_and_marked(telegram: Stage) -> None:
    await telegram.ask(QUESTION)
    item = await claim_one(telegram)
    await telegram.conversations.deliveries.outbox_unknown(item.id)
    again = await claim_one(telegram)
    assert (again.id, again.attempts) == (item.id, 1)


async def test_a_message_that_can_never_arrive_does_not_hold_up_the_next(telegram: Stage) -> None:
    await telegram.ask("раз")
    await telegram.ask("два")
    item = await claim_one(telegram)
    await telegram.conversations.deliveries.outbox_dead(item.id, "message is too long")
    assert (await claim_one(telegram)).message.in_reply_to == 3


async def test_a_chat_that_blocked_the_bot_is_left_alone_until_it_writes_again(telegram: Stage) -> None:
    for text in ("раз", "два", "три"):
        await telegram.ask(text)
    await claim_one(telegram)
    await telegram.conversations.deliveries.chat_dead(telegram.thread.id, "bot was blocked by the user")
    telegram.clock.turn(LEASE.total_seconds())
    assert await telegram.conversations.deliveries.claim_outbox() == []
    await telegram.ask("я вернулся")
    assert [item.message.in_reply_to for item in await deliver_everything(telegram)] == [7]


async def test_two_senders_at_once_never_take_the_same_message(telegram: Stage) -> None:
    for number in range(10):
        thread = await telegram.conversations.open(f"v{number}", Channel.TELEGRAM, "ru", address=str(number))
        await telegram.conversations.ask_person(thread.id, new_cid())
    claims = (telegram.conversations.deliveries.claim_outbox(3) for _ in range(8))
    taken = [item.id for items in await asyncio.gather(*claims) for item in items]
    assert len(taken) == len(set(taken)) == 10


async def test_an_update_is_new_once_and_remembered_longer_than_telegram_repeats_it(telegram: Stage) -> None:
    deliveries = telegram.conversations.deliveries
    assert [await deliveries.seen_update(1, 100) for _ in range(3)] == [True, False, False]
    assert await deliveries.seen_update(1, 99), "an update that comes late is not an old one"
    assert await deliveries.seen_update(2, 100), "another bot counts for itself"
    telegram.clock.turn(REMEMBER.total_seconds())
    await deliveries.forget_updates()
    assert not await deliveries.seen_update(1, 100)
    telegram.clock.turn(1)
    await deliveries.forget_updates()
    assert await deliveries.seen_update(1, 100)
