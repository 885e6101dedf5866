"""Questions about the customer's own records are told from questions about how things are done."""

import time

import pytest

from bot.conversation.model import TEXT_LIMIT
from bot.conversation.personal import asks_own_records

OWN = [
    "сколько я должен", "какой у меня баланс?", "мой баланс", "баланс", "есть ли у меня задолженность",
    "сколько денег на счету", "когда придёт мой мастер", "где мастер, жду с утра", "во сколько приедет монтажник",
    "статус моей заявки", "how much do I owe", "what's my balance?", "balance", "am I in the red",
    "when does my technician come",
    "where is the engineer", "what time is my appointment",
]  # fmt: skip
OTHERS = [
    "как пополнить баланс", "как вызвать мастера", "можно ли перенести визит мастера на завтра",
    "как оплатить интернет", "какие у вас тарифы", "не работает интернет", "how do I top up my balance",
    "how do I book a technician",
    "can I move the technician's visit to tomorrow", "what tariffs do you have", "my internet is down", "",
]  # fmt: skip


@pytest.mark.parametrize("text", OWN)
def test_own_records_are_recognised(text: str) -> None:
    assert asks_own_records(text)


@pytest.mark.parametrize("piece", ["сколько ", "when my ", "сколько мастер ", " "])
def test_no_letter_holds_up_the_others(piece: str) -> None:
    started = time.thread_time()
    asks_own_records((piece * TEXT_LIMIT)[:TEXT_LIMIT])
    assert time.thread_time() - started < 0.25


@pytest.mark.parametrize("text", OTHERS)
def test_how_things_are_done_is_no_record(text: str) -> None:
    assert not asks_own_records(text)
