"""Waiting in Telegram: choices that stay, a place that is kept true, /status, edits that change nothing."""

import pytest

from bot.conversation.model import Holder, Kind
from bot.conversation.waiting import State
from bot.telegram.phrases import RU
from handoff.model import Outcome
from tests.telegram.room import BORIS, Room
from tests.telegram_chats import Failure, Sent, too_many
from tests.waiting import until


async def _handed_over(room: Room, chat_id: int = 7) -> Sent:
    room.telegram.says(chat_id, "/person")
    return await room.telegram.next_message(chat_id)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.telegram.waiting.EVERY", 0.05)
    monkeypatch.setattr("bot.telegram.waiting.TICK", 0.01)


async def test_the_handoff_message_follows_the_place_in_the_queue(room: Room) -> None:
    await _handed_over(room, 8)
    first = await _handed_over(room)
    assert "вы 2-й в очереди" in first.text
    bob = await room.conversation(8)
    ticket = next(one for one in await room.conversations.tickets() if one.conversation_id == bob.id)
    await room.conversations.accept(ticket.id, BORIS)
    await room.telegram.wait(lambda: "вы 1-й в очереди" in room.telegram.text(first), "the new place")
    assert "2-й" not in room.telegram.text(first)
    assert room.telegram.keys(first) == ["Подожду здесь", "Напишите мне позже", "Вернуться к боту"]
    assert len([sent for sent in room.telegram.heard(7) if "в очереди" in sent]) == 1


async def test_a_choice_leaves_the_others_that_still_mean_something(room: Room) -> None:
    first = await _handed_over(room)
    room.telegram.presses(7, first, "Подожду здесь")
    assert "остаётесь в очереди" in (await room.telegram.next_message(7)).text
    await room.telegram.wait(
        lambda: room.telegram.keys(first) == ["✓ Подожду здесь", "Напишите мне позже", "Вернуться к боту"], "the keys"
    )
    room.telegram.presses(7, first, "Напишите мне позже")
    assert "в этот чат" in (await room.telegram.next_message(7)).text
    await room.telegram.wait(
        lambda: room.telegram.keys(first) == ["✓ Напишите мне позже", "Вернуться к боту"], "the keys"
    )
    room.telegram.presses(7, first, "Вернуться к боту")
    assert "Я снова с вами" in (await room.telegram.next_message(7)).text
    await room.telegram.wait(lambda: room.telegram.keys(first) == ["✓ Вернуться к боту"], "the keys")


async def test_an_edit_keeps_the_keys_as_they_are_by_then(room: Room) -> None:
    first = await _handed_over(room)
    room.telegram.presses(7, first, "Напишите мне позже")
    await room.telegram.next_message(7)
    await room.telegram.wait(lambda: room.telegram.keys(first)[0].startswith("✓"), "the marked choice")
    _promise(room, "Вы 7-й в очереди.")
    await room.telegram.wait(lambda: "7-й в очереди" in room.telegram.text(first), "the new place")
    assert room.telegram.keys(first) == ["✓ Напишите мне позже", "Вернуться к боту"]


def _promise(room: Room, text: str) -> None:
    """From now on everybody who waits is promised this."""

    async def state(conversation_id: str) -> State:
        return State(Holder.QUEUE, position=1, text=text)

    room.conversations.state = state  # type: ignore[method-assign]


@pytest.mark.parametrize("failure", [too_many(1), Failure(502)])
async def test_an_edit_that_telegram_did_not_take_is_made_later(room: Room, failure: Failure) -> None:
    first = await _handed_over(room)
    room.telegram.fail("editMessageText", failure, chat_id=7)
    _promise(room, "Вы 7-й в очереди.")
    await room.telegram.wait(lambda: "7-й в очереди" in room.telegram.text(first), "the new place")


async def test_a_message_that_cannot_be_edited_is_left_alone(room: Room) -> None:
    await _handed_over(room)
    room.telegram.fail("editMessageText", Failure(400, "Bad Request: message can't be edited"), chat_id=7)
    _promise(room, "Вы 7-й в очереди.")
    await room.telegram.wait(lambda: len(room.telegram.made("editMessageText")) == 1, "the attempt")
    _promise(room, "Вы 6-й в очереди.")
    room.telegram.says(8, "/help")
    await room.telegram.next_message(8)
    assert len(room.telegram.made("editMessageText")) == 1


async def test_status_tells_who_answers(room: Room) -> None:
    room.telegram.says(7, "/status")
    assert (await room.telegram.next_message(7)).text == RU.with_bot
    await _handed_over(room)
    room.telegram.says(7, "/status")
    assert (await room.telegram.next_message(7)).text.startswith("Вы 1-й в очереди")
    await room.conversations.accept((await room.ticket()).id, BORIS)
    await room.telegram.next_message(7)
    room.telegram.says(7, "/status")
    assert (await room.telegram.next_message(7)).text == RU.with_named.format(name=BORIS.name)


async def test_an_edit_without_new_words_is_not_answered_again(room: Room) -> None:
    message = room.telegram.says(7, "смотрите https://example.org")
    await room.telegram.next_message(7)
    room.telegram.edits(message, "смотрите https://example.org")
    room.telegram.edits(message | {"edit_date": 5}, "смотрите сюда")
    assert (await room.telegram.next_message(7)).text == "Вы написали: смотрите сюда"
    room.telegram.edits(message, "смотрите сюда")
    room.telegram.says(7, "/help")
    assert (await room.telegram.next_message(7)).text == RU.help
    kinds = [row.kind for row in await room.rows(7)]
    assert kinds.count(Kind.EDIT) == 1


async def test_what_has_arrived_is_marked_as_delivered(room: Room) -> None:
    room.telegram.says(7, "привет")
    await room.telegram.next_message(7)

    async def delivered() -> bool:
        conversation = await room.conversation(7)
        return conversation.delivered_seq == conversation.last_seq == 2

    await until(delivered, "the mark")


async def test_a_bad_rating_is_asked_about_with_keys_two_in_a_row(room: Room) -> None:
    await _handed_over(room)
    ticket = await room.ticket()
    await room.conversations.accept(ticket.id, BORIS)
    await room.telegram.next_message(7)
    await room.conversations.close(ticket.id, BORIS, Outcome.UNSOLVED)
    await room.telegram.next_message(7)
    room.telegram.presses(7, await room.telegram.next_message(7), "Плохо")
    why = await room.telegram.next_message(7)
    assert [len(row) for row in why.keys] == [2, 2]
    room.telegram.presses(7, why, "Скорость")
    assert "передам команде" in (await room.telegram.next_message(7)).text
