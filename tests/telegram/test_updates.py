"""Updates come in repeated, shuffled, numbered anew, at a bad moment: each message is stored exactly once."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramConflictError

from bot.conversation.model import Incoming, Receipt
from bot.dialogue.model import Reply, Turn
from bot.errors import Unavailable
from bot.telegram.app import run_telegram
from bot.telegram.phrases import RU
from bot.telegram.polling import ATTEMPTS
from tests.telegram.room import Room, open_room
from tests.telegram_api import TOKEN
from tests.telegram_chats import BAD_GATEWAY, BROKEN, Failure


def _message(room: Room, text: str, number: int) -> dict[str, object]:
    return {"message": room.telegram.message(7, text=text) | {"message_id": number}}


async def test_repeated_and_shuffled_updates_are_stored_once_in_order(room: Room) -> None:
    await room.stop()
    room.telegram.shuffle = True
    for number in range(20):
        room.telegram.push(_message(room, f"слово {number}", 100 + number), times=3)
    room.telegram.push(_message(room, "/help", 200), times=3)
    room.start()
    await room.telegram.wait(lambda: len(room.telegram.heard(7)) == 21, "every answer")
    said = [text for text in await room.texts(7) if text.startswith("слово")]
    assert said == [f"слово {number}" for number in range(20)]
    assert room.telegram.heard(7).count(RU.help) == 1


async def test_numbers_that_start_again_lower_are_not_taken_for_old_ones(room: Room) -> None:
    room.telegram.push({"update_id": 900_000_000} | _message(room, "до недели тишины", 1))
    await room.telegram.next_message(7)
    room.telegram.push({"update_id": 17} | _message(room, "после недели тишины", 2))
    assert (await room.telegram.next_message(7)).text == "Вы написали: после недели тишины"


async def test_an_update_is_confirmed_only_after_it_is_stored(room: Room) -> None:
    receive, entered, gate = room.conversations.receive, asyncio.Event(), asyncio.Event()

    async def held_up(conversation_id: str, incoming: Incoming) -> Receipt:
        entered.set()
        await gate.wait()
        return await receive(conversation_id, incoming)

    room.conversations.receive = held_up  # type: ignore[method-assign]
    room.telegram.says(7, "привет")
    await entered.wait()
    assert len(room.telegram.made("getUpdates")) == room.telegram.polls, "nobody polls, so nothing is confirmed"
    assert room.telegram.waiting
    gate.set()
    await room.telegram.wait(lambda: not room.telegram.waiting, "the confirmation")
    assert "привет" in await room.texts(7)


async def test_a_database_that_cannot_be_written_is_waited_for(room: Room) -> None:
    receive, failures = room.conversations.receive, iter(range(ATTEMPTS + 1))

    async def locked(conversation_id: str, incoming: Incoming) -> Receipt:
        if next(failures, None) is not None:
            raise Unavailable("The database cannot be written just now.")
        return await receive(conversation_id, incoming)

    room.conversations.receive = locked  # type: ignore[method-assign]
    room.telegram.says(7, "привет")
    assert (await room.telegram.next_message(7)).text == "Вы написали: привет"


async def test_an_update_cut_off_between_its_number_and_its_storing_is_stored_after_the_restart(room: Room) -> None:
    await room.stop()
    await room.conversations.deliveries.seen_update(42, room.telegram.next_update)
    room.telegram.says(7, "привет")
    room.start()
    assert (await room.telegram.next_message(7)).text == "Вы написали: привет"


async def test_a_restart_before_the_confirmation_repeats_nothing(room: Room) -> None:
    updates = [_message(room, "привет", 1), _message(room, "/start", 2), _message(room, "/person", 3)]
    numbers = [room.telegram.push(update) for update in updates]
    await room.telegram.wait(lambda: len(room.telegram.heard(7)) == 4, "four messages")
    await room.stop()
    for number, update in zip(numbers, updates, strict=True):
        room.telegram.push({"update_id": number} | update)
    room.start()
    room.telegram.says(8, "hello there")
    await room.telegram.next_message(8)
    assert len(room.telegram.heard(7)) == 4
    assert len(await room.rows(7)) == 4


async def test_a_second_poller_does_not_stop_the_first_for_good(room: Room) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(room.telegram.url))
    async with Bot(TOKEN, session=session) as rival:
        await room.telegram.wait(lambda: room.telegram.polls > 0, "the first poll")
        polling = asyncio.create_task(rival.get_updates(timeout=20))
        with pytest.raises(TelegramConflictError):
            await polling
    assert [call.status for call in room.telegram.made("getUpdates")].count(409) == 2
    room.telegram.says(7, "привет")
    assert (await room.telegram.next_message(7)).text == "Вы написали: привет"


async def test_a_slow_chat_holds_nobody_up(room: Room) -> None:
    answer, released = room.engine.ask, asyncio.Event()

    async def slow_for_anna(turn: Turn) -> Reply:
        if "Анна" in turn.text:
            await released.wait()
        return await answer(turn)

    room.engine.ask = slow_for_anna  # type: ignore[method-assign]
    room.telegram.says(7, "это Анна")
    room.telegram.says(8, "this is bob")
    assert (await room.telegram.next_message(8)).text == "Вы написали: this is bob"
    released.set()
    assert (await room.telegram.next_message(7)).text == "Вы написали: это Анна"


async def test_an_update_that_cannot_be_read_is_skipped(room: Room) -> None:
    room.telegram.push({"message": {"message_id": "не число", "date": 1}})
    room.telegram.push({"some_event_of_2030": {"id": 1}})
    room.telegram.says(7, "привет")
    assert (await room.telegram.next_message(7)).text == "Вы написали: привет"
    await room.telegram.wait(lambda: not room.telegram.waiting, "the confirmation")


async def test_an_update_we_fail_on_is_given_up_with_an_apology_and_the_next_one_served(room: Room) -> None:
    receive = room.conversations.receive

    async def stumble(conversation_id: str, incoming: Incoming) -> Receipt:
        if incoming.text == "яд":
            raise ZeroDivisionError
        return await receive(conversation_id, incoming)

    room.conversations.receive = stumble  # type: ignore[method-assign]
    room.telegram.says(7, "яд")
    room.telegram.says(7, "привет")
    assert (await room.telegram.next_message(7)).text == RU.not_stored
    assert (await room.telegram.next_message(7)).text == "Вы написали: привет"


@pytest.mark.parametrize("token", ["43:WRONG", "no token at all"])
async def test_a_wrong_token_is_said_clearly_and_ends_only_the_channel(tmp_path: Path, token: str) -> None:
    async with open_room(tmp_path) as room:
        with structlog.testing.capture_logs() as logs:
            await run_telegram(room, replace(room.options, token=token, api_url=room.telegram.url))
        assert [entry["event"] for entry in logs] == ["telegram_token_refused"]
        assert token not in str(logs)


async def test_a_token_revoked_meanwhile_ends_the_channel(room: Room) -> None:
    await room.telegram.wait(lambda: room.telegram.polls > 0, "the first poll")
    room.telegram.token = "42:ANOTHER"
    await asyncio.wait_for(room.running(), 10)


@pytest.mark.parametrize("failure", [BROKEN, BAD_GATEWAY], ids=["500", "502 page"])
async def test_a_start_while_telegram_is_ill_succeeds_later(tmp_path: Path, failure: Failure) -> None:
    async with open_room(tmp_path) as room:
        room.telegram.fail("getMe", failure)
        room.start()
        room.telegram.says(7, "привет")
        assert (await room.telegram.next_message(7)).text == "Вы написали: привет"


async def test_polling_goes_on_after_telegram_was_away(room: Room) -> None:
    await room.telegram.wait(lambda: room.telegram.polls > 0, "the first poll")
    async with room.telegram.down():
        room.telegram.says(7, "привет")
    assert (await room.telegram.next_message(7)).text == "Вы написали: привет"
