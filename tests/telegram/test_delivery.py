"""The outbox against everything Telegram does to a bot: floods, broken lines, blocked chats, refusals, long texts."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import Connection, select

from bot.conversation.outbox_store import outbox
from bot.telegram.phrases import RU
from tests.telegram.room import BORIS, Room
from tests.telegram_chats import BAD_GATEWAY, BROKEN, DROPPED, Failure, too_many
from tests.waiting import until


async def _operator(room: Room, chat_id: int = 7) -> str:
    """A claimed ticket of this customer; both announcements have been read."""
    room.telegram.says(chat_id, "/person")
    await room.telegram.next_message(chat_id)
    ticket = (await room.conversations.tickets())[-1]
    await room.conversations.accept(ticket.id, BORIS)
    await room.telegram.next_message(chat_id)
    return ticket.id


async def _say(room: Room, ticket: str, *texts: str) -> None:
    for text in texts:
        await room.conversations.say(ticket, BORIS, f"cid-{text[:40]}", text)


async def _states(room: Room) -> list[tuple[str, str | None]]:
    def work(tx: Connection) -> list[tuple[str, str | None]]:
        return [(row.state, row.why) for row in tx.execute(select(outbox).order_by(outbox.c.id))]

    return await room.database.read(work)


async def _settled(room: Room) -> bool:
    return all(state in ("sent", "dead") for state, _ in await _states(room))


async def _refusal(room: Room) -> float:
    """When Telegram first said 429."""
    await room.telegram.wait(lambda: any(call.status == 429 for call in room.telegram.calls), "the refusal")
    return next(call.at for call in room.telegram.calls if call.status == 429)


def _bodies(room: Room, chat_id: int = 7) -> list[str]:
    return [text.removeprefix(f"{BORIS.name}\n") for text in room.telegram.heard(chat_id)]


async def test_a_flood_limit_is_waited_out_exactly_in_order_and_alone(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.outbox.POLL", 60.0)
    ticket = await _operator(room)
    room.telegram.fail("sendMessage", too_many(3), chat_id=7)
    await _say(room, ticket, "раз", "два", "три")
    refused = await _refusal(room)
    room.telegram.says(8, "hello there")
    elsewhere = await room.telegram.next_message(8)
    first = await room.telegram.next_message(7, 30)
    for _ in range(2):
        await room.telegram.next_message(7)
    assert _bodies(room)[-3:] == ["раз", "два", "три"]
    assert first.at - refused >= 3.0
    assert elsewhere.at < first.at


async def test_a_reply_of_the_room_waits_for_a_flood_limit_too(room: Room) -> None:
    ticket = await _operator(room)
    room.telegram.fail("sendMessage", too_many(1), chat_id=7)
    await _say(room, ticket, "раз")
    refused = await _refusal(room)
    room.telegram.says(7, "/help")
    await room.telegram.wait(lambda: RU.help in room.telegram.heard(7), "the help")
    assert min(sent.at for sent in room.telegram.customers[7].heard[2:]) - refused >= 1.0


@pytest.mark.parametrize("failure", [BROKEN, BAD_GATEWAY], ids=["500", "502 page"])
async def test_a_broken_server_is_tried_again_without_losing_or_doubling(room: Room, failure: Failure) -> None:
    ticket = await _operator(room)
    room.telegram.fail("sendMessage", failure, failure)
    await _say(room, ticket, "раз", "два")
    await room.telegram.next_message(7)
    await room.telegram.next_message(7)
    assert _bodies(room)[-2:] == ["раз", "два"]
    await until(lambda: _settled(room), "everything marked as sent")


async def test_nobody_listening_is_waited_out(room: Room) -> None:
    ticket = await _operator(room)
    async with room.telegram.down():
        await _say(room, ticket, "раз", "два")
        await until(lambda: _tried(room, 3), "an attempt")
    await room.telegram.next_message(7, 30)
    await room.telegram.next_message(7)
    assert _bodies(room)[-2:] == ["раз", "два"]


async def _tried(room: Room, number: int) -> bool:
    def work(tx: Connection) -> bool:
        row = tx.execute(select(outbox).where(outbox.c.id == number)).one()
        return bool(row.state == "pending" and row.attempts > 0)

    return await room.database.read(work)


async def test_a_line_broken_after_sending_costs_one_double_at_most(room: Room) -> None:
    ticket = await _operator(room)
    room.telegram.fail("sendMessage", DROPPED)
    await _say(room, ticket, "раз", "два")
    await room.telegram.wait(lambda: "два" in _bodies(room), "the next message")
    assert _bodies(room)[2:] == ["раз", "раз", "два"]
    await until(lambda: _settled(room), "everything marked")
    assert {state for state, _ in await _states(room)} == {"sent"}


async def test_a_line_broken_twice_gives_up_and_the_next_message_goes(room: Room) -> None:
    ticket = await _operator(room)
    room.telegram.fail("sendMessage", DROPPED, DROPPED)
    await _say(room, ticket, "раз", "два")
    await room.telegram.wait(lambda: "два" in _bodies(room), "the next message")
    assert _bodies(room)[2:] == ["раз", "раз", "два"]
    await until(lambda: _settled(room), "everything marked")
    assert (await _states(room))[2:] == [("dead", "unconfirmed"), ("sent", None)]


async def test_a_blocked_chat_is_buried_and_comes_back_when_it_is_unblocked(room: Room) -> None:
    ticket = await _operator(room)
    room.telegram.block(7)
    await _say(room, ticket, "раз", "два")
    await until(lambda: _settled(room), "both given up")
    assert (await _states(room))[2:] == [("dead", "blocked"), ("dead", "blocked")]
    room.telegram.block(7, blocked=False)
    await _say(room, ticket, "три")
    assert (await room.telegram.next_message(7)).text.endswith("три")


async def test_a_refused_form_is_sent_as_bare_words(room: Room) -> None:
    ticket = await _operator(room)
    room.telegram.fail("sendMessage", Failure(400, "Bad Request: can't parse entities"))
    await _say(room, ticket, "1 < 2")
    said = await room.telegram.next_message(7)
    assert (said.text, said.parse_mode) == ("Борис <3\n1 < 2", "")


async def test_refused_keys_do_not_take_the_words_with_them(room: Room) -> None:
    room.telegram.fail("sendMessage", Failure(400, "Bad Request: BUTTON_DATA_INVALID"), Failure(400, "Bad Request"))
    room.telegram.says(7, "/person")
    handover = await room.telegram.next_message(7)
    assert "зову специалиста" in handover.text
    assert handover.keys == ()


async def test_a_chat_that_does_not_exist_is_given_up_with_the_reason(room: Room) -> None:
    ticket = await _operator(room)
    anna = room.telegram.customers.pop(7)
    await _say(room, ticket, "раз")
    await until(lambda: _settled(room), "the row given up")
    room.telegram.customers[7] = anna
    assert (await _states(room))[-1] == ("dead", "Bad Request: chat not found")


async def test_a_long_answer_comes_in_whole_pieces_and_goes_on_after_a_flood_limit(room: Room) -> None:
    ticket = await _operator(room)
    text = "\n\n".join(f"Абзац {number}. " + "Слово & слово 😀. " * 40 for number in range(13))[:9_900]
    room.telegram.fail("sendMessage", None, too_many(1), chat_id=7)
    await _say(room, ticket, text)
    await until(lambda: _settled(room), "every piece sent")
    pieces = _bodies(room)[2:]
    assert len(pieces) == 3
    assert " ".join(pieces).split() == text.split()
    assert all(piece.endswith(("😀.", "Слово", "&")) for piece in pieces)


async def test_what_was_waiting_when_the_channel_stopped_is_sent_after_the_start(room: Room) -> None:
    ticket = await _operator(room)
    await room.stop()
    await _say(room, ticket, "раз", "два", "три")
    room.start()
    for _ in range(3):
        await room.telegram.next_message(7)
    assert _bodies(room)[-3:] == ["раз", "два", "три"]


async def test_a_chat_gets_one_message_a_second(room: Room) -> None:
    await room.stop()
    room.options = replace(room.options, per_chat=1.0)
    room.start()
    for chat in (7, 8):
        room.telegram.says(chat, "/start")
    for _ in range(2):
        await asyncio.gather(room.telegram.next_message(7), room.telegram.next_message(8))
    for chat in (7, 8):
        first, second = room.telegram.customers[chat].heard
        # Seen from the other end of the line: the first may have travelled longer than the second.
        assert second.at - first.at >= 0.5
