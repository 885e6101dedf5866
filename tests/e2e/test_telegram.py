"""A customer in Telegram, from the first question to the bot answering again after the rating; all parts real."""

import pytest

from tests.e2e.desk_api import desk_of
from tests.product import Product
from tests.telegram_chats import BLOCKED, Sent, too_many
from tests.telegram_thread import TelegramThread

pytestmark = pytest.mark.slow


def heard_until(telegram: TelegramThread, chat: int, words: str) -> Sent:
    """Reads the chat's messages until one holds these words."""
    for _ in range(6):
        message = telegram.next_message(chat)
        if words in message.text:
            return message
    raise AssertionError(f"{words!r} was never said: {telegram.do(lambda t: t.heard(chat))}")


def test_the_whole_road_in_telegram(product: Product, telegram: TelegramThread) -> None:
    chat = 7001
    telegram.do(lambda t: t.add_customer(chat, "Мария", lang="ru"))
    telegram.do(lambda t: t.says(chat, "/start"))
    assert "автоматический помощник" in telegram.next_message(chat).text

    telegram.do(lambda t: t.says(chat, "как поменять тариф на другой?"))
    heard_until(telegram, chat, "один раз за расчётный месяц")

    telegram.do(lambda t: t.fail("sendMessage", too_many(1), chat_id=chat))
    telegram.do(lambda t: t.says(chat, "позовите живого оператора, пожалуйста"))
    handoff = heard_until(telegram, chat, "повторять ничего не нужно")
    assert "Вернуться к боту" in handoff.titles

    password = product.add_operator("vera", "Вера")
    with desk_of(product, "vera", password) as desk:
        ticket = desk.ticket_of("живого оператора")
        detail = desk.detail(ticket)
        assert (ticket["channel"], ticket["lang"], ticket["reason"]) == ("telegram", "ru", "asked")
        assert [m["author"] for m in detail["messages"]][:2] == ["customer", "bot"]
        assert detail["tried"]
        desk.claim(ticket)
        heard_until(telegram, chat, "Вера на связи")
        desk.say(ticket, "Добрый день! " + "Смотрю ваш договор. " * 300)
        parts = [telegram.next_message(chat), telegram.next_message(chat)]
        assert all(len(part.text) <= 4096 for part in parts)
        telegram.do(lambda t: t.says(chat, "жду, спасибо"))
        desk.close(ticket)

    request = heard_until(telegram, chat, "Как вам помогли")
    telegram.do(lambda t: t.presses(chat, request, "Отлично"))
    heard_until(telegram, chat, "Спасибо за оценку")
    telegram.do(lambda t: t.says(chat, "а как узнать номер лицевого счёта?"))
    assert "8" in heard_until(telegram, chat, "счёт").text


def test_an_update_that_comes_twice_is_answered_once(product: Product, telegram: TelegramThread) -> None:
    chat = 7002
    telegram.do(lambda t: t.add_customer(chat, "Ann", lang="en"))
    message = {
        "message_id": 900_001,
        "date": 1,
        "chat": {"id": chat, "type": "private"},
        "from": {"id": chat, "is_bot": False, "first_name": "Ann", "language_code": "en"},
        "text": "how do I set up autopay?",
    }
    telegram.do(lambda t: t.push({"message": message}, times=3))
    assert "autopay" in telegram.next_message(chat).text.lower()
    telegram.do(lambda t: t.says(chat, "thank you very much"))
    telegram.next_message(chat)
    assert len(telegram.do(lambda t: t.heard(chat))) == 2


def test_a_chat_that_blocked_the_bot_does_not_stop_the_others(product: Product, telegram: TelegramThread) -> None:
    blocked, other = 7003, 7004
    telegram.do(lambda t: t.add_customer(blocked, "Ann", lang="en"))
    telegram.do(lambda t: t.add_customer(other, "Bob", lang="en"))
    telegram.do(lambda t: t.fail("sendMessage", BLOCKED, chat_id=blocked))
    telegram.do(lambda t: t.says(blocked, "how do I pay my bill?"))
    telegram.do(lambda t: t.says(other, "how do I pay my bill?"))
    assert telegram.next_message(other).text
