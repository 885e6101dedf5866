"""How a customer feels, what kind of request it is and how to reach them: read from their words."""

import pytest

from bot.conversation.contacts import find_contacts, is_only_contact, way_to_reach
from bot.conversation.mood import mood_of, worse
from bot.conversation.tags import kinds_of
from handoff.model import Mood


@pytest.mark.parametrize(
    "text",
    [
        "Как оплатить интернет?",
        "Не работает интернет!",
        "Оператор",
        "Позовите человека, пожалуйста",
        "У меня роутер TP-LINK, горит WAN",
        "I need an agent, please",
        "My IPTV box shows HDMI",
        "потребление ближайшего района",
        "",
    ],
)
def test_a_plain_question_is_calm(text: str) -> None:
    assert mood_of(text) is Mood.CALM


@pytest.mark.parametrize(
    "text",
    [
        "сколько можно ждать",
        "ПОЧЕМУ НЕ РАБОТАЕТ ИНТЕРНЕТ",
        "опять не работает",
        "Где мой интернет!!!",
        "this is ridiculous",
        "I want to complain",
        "Я буду жаловаться",
    ],
)
def test_one_sign_is_annoyance(text: str) -> None:
    assert mood_of(text) is Mood.ANNOYED


@pytest.mark.parametrize(
    "text",
    [
        "оператора!!!",
        "ОПЕРАТОРА",
        "human!!",
        "вы идиоты",
        "fuck you",
        "СКОЛЬКО МОЖНО ЖДАТЬ",
        "Сколько можно!!!",
    ],
)
def test_two_signs_abuse_or_a_shout_for_a_person_is_anger(text: str) -> None:
    assert mood_of(text) is Mood.ANGRY


def test_the_same_question_again_annoys_and_another_one_does_not() -> None:
    asked = ["почему не работает интернет", "какой у меня тариф"]
    assert mood_of("не работает интернет почему", asked) is Mood.ANNOYED
    assert mood_of("как подключить телевидение", asked) is Mood.CALM


def test_who_rated_the_last_talk_badly_begins_annoyed() -> None:
    assert mood_of("Как оплатить?", rated_badly=True) is Mood.ANNOYED
    assert mood_of("сколько можно", rated_badly=True) is Mood.ANGRY


def test_nobody_is_calmed_by_one_polite_word() -> None:
    assert worse(Mood.ANGRY, Mood.CALM) is Mood.ANGRY
    assert worse(Mood.CALM, Mood.ANNOYED) is Mood.ANNOYED


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Пишите на Ivan.Petrov@Example.com, спасибо", {"email": "ivan.petrov@example.com"}),
        ("8 (916) 123-45-67", {"phone": "+79161234567"}),
        ("+7 916 1234567", {"phone": "+79161234567"}),
        ("call +44 20 7946 0958", {"phone": "+442079460958"}),
        ("договор № 12-345-678, тел 89161234567", {"account": "12345678", "phone": "+79161234567"}),
        ("account number 12345678", {"account": "12345678"}),
        ("Заказ 1234567890123", {}),
        ("роутер 192.168.1.1, 100 Мбит", {}),
        ("в 10:30 12.03.2026", {}),
    ],
)
def test_contacts_are_found_and_numbers_that_are_none_are_not(text: str, found: dict[str, str]) -> None:
    assert find_contacts(text) == found


def test_an_address_is_better_than_a_phone_and_a_question_is_more_than_a_contact() -> None:
    assert way_to_reach("89161234567 или a@b.ru") == "a@b.ru"
    assert is_only_contact("моя почта a@b.ru")
    assert not is_only_contact("a@b.ru, а почему так долго не работает телевидение")
    assert not is_only_contact("это ваш адрес a@b.ru?")
    assert not is_only_contact("договор 12345678")


@pytest.mark.parametrize(
    ("text", "mood", "kinds"),
    [
        ("Как оплатить?", Mood.CALM, ("question",)),
        ("Предлагаю добавить тёмную тему", Mood.CALM, ("suggestion",)),
        ("Приложение вылетает", Mood.CALM, ("bug",)),
        ("Верните деньги", Mood.CALM, ("complaint",)),
        ("Ну где же", Mood.ANGRY, ("complaint",)),
        ("Great service, well done", Mood.CALM, ("review",)),
    ],
)
def test_a_ticket_comes_pre_tagged(text: str, mood: Mood, kinds: tuple[str, ...]) -> None:
    assert kinds_of(text, mood) == kinds
