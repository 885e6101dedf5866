"""The fake Bot API refuses what the real one refuses; without this the other tests would prove little."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from tests.telegram_api import TOKEN, FakeTelegram
from tests.telegram_chats import DROPPED, too_many
from tests.telegram_thread import telegram_thread


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as telegram:
        telegram.add_customer(7)
        yield telegram


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    async with Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(telegram.url))) as bot:
        yield bot


@pytest.mark.parametrize(
    "html",
    ["<b>открыт", "закрыт</b>", "<b><i>крест</b></i>", "<script>x</script>", "1 < 2", "<br>", "<>", "", " \u200b\n"],
)
async def test_broken_html_and_blank_messages_are_refused(bot: Bot, telegram: FakeTelegram, html: str) -> None:
    with pytest.raises(TelegramBadRequest):
        await bot.send_message(7, html, parse_mode="HTML")
    assert telegram.heard(7) == []


async def test_length_is_counted_in_utf16_units_after_parsing(bot: Bot, telegram: FakeTelegram) -> None:
    await bot.send_message(7, "<b>" + "&lt;" * 4_096 + "</b>", parse_mode="HTML")
    await bot.send_message(7, "😀" * 2_048)
    for text in ("я" * 4_097, "😀" * 2_048 + "!"):
        with pytest.raises(TelegramBadRequest, match="too long"):
            await bot.send_message(7, text)
    assert telegram.customers[7].heard[0].text == "<" * 4_096


async def test_bad_keys_unknown_chats_and_wrong_tokens_are_refused(bot: Bot, telegram: FakeTelegram) -> None:
    keys = [[InlineKeyboardButton(text="да", callback_data="я" * 33)]]
    with pytest.raises(TelegramBadRequest, match="BUTTON_DATA_INVALID"):
        await bot.send_message(7, "текст", reply_markup=InlineKeyboardMarkup(inline_keyboard=keys))
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(404, "текст")
    with pytest.raises(TelegramNotFound):
        await bot.log_out()
    telegram.token = "42:OTHER"
    with pytest.raises(TelegramUnauthorizedError):
        await bot.get_me()


async def test_scripted_failures_come_in_order_for_their_chat(bot: Bot, telegram: FakeTelegram) -> None:
    telegram.add_customer(8)
    telegram.fail("sendMessage", too_many(30), DROPPED, chat_id=7)
    await bot.send_message(8, "мимо")
    with pytest.raises(TelegramRetryAfter) as flood:
        await bot.send_message(7, "раз")
    assert flood.value.retry_after == 30
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(7, "два")
    telegram.block(7)
    with pytest.raises(TelegramForbiddenError):
        await bot.send_message(7, "три")
    assert (telegram.heard(7), telegram.heard(8)) == (["два"], ["мимо"])


async def test_updates_wait_until_an_offset_confirms_them(bot: Bot, telegram: FakeTelegram) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=20))
    await telegram.wait(lambda: telegram.polls == 1, "the poll")
    telegram.says(7, "раз")
    telegram.says(7, "два")
    first = await waiting
    again = await bot.get_updates(timeout=0)
    assert [update.update_id for update in again] == [1, 2]
    assert first[0].update_id == 1
    assert [update.update_id for update in await bot.get_updates(offset=2, timeout=0)] == [2]
    assert await bot.get_updates(offset=3, timeout=0) == []
    assert telegram.waiting == []


async def test_a_later_poller_cuts_the_earlier_one_off(bot: Bot, telegram: FakeTelegram) -> None:
    earlier = asyncio.create_task(bot.get_updates(timeout=20))
    await telegram.wait(lambda: telegram.polls == 1, "the first poll")
    assert await bot.get_updates(timeout=0) == []
    with pytest.raises(TelegramConflictError):
        await earlier


def test_the_server_runs_in_a_thread_for_tests_that_are_no_coroutines() -> None:
    async def greet(url: str) -> None:
        async with Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(url))) as bot:
            await bot.send_message(7, "привет")

    with telegram_thread() as thread:
        thread.do(lambda telegram: telegram.add_customer(7))
        asyncio.run(greet(thread.url))
        assert thread.next_message(7).text == "привет"
