"""Which language a customer writes in, by the letters alone."""

import pytest

from bot.conversation.language import LANGS, supported, written_in


@pytest.mark.parametrize(
    "text", ["не работает", "Ёж", "мой wifi router broken", "ok да", "что значит WAN light blinking red"]
)
@pytest.mark.parametrize("before", LANGS)
def test_any_russian_word_makes_it_russian(text: str, before: str) -> None:
    assert written_in(text, before) == "ru"


@pytest.mark.parametrize(
    "text", ["my internet is down", "Hello there", "what's up", "cancel my order", "reset router password now"]
)
@pytest.mark.parametrize("before", LANGS)
def test_an_english_sentence_makes_it_english(text: str, before: str) -> None:
    assert written_in(text, before) == "en"


@pytest.mark.parametrize(
    "text", ["ne rabotaet inet", "yt hf,jnftn bynthytn", "kak oplatit' schet?", "pomogite pozhaluysta"]
)
@pytest.mark.parametrize("before", LANGS)
def test_russian_in_latin_letters_is_russian(text: str, before: str) -> None:
    assert written_in(text, before) == "ru"


def test_english_on_the_russian_keyboard_is_english() -> None:
    assert written_in("ьн штеуктуе шы тще цщклштп", "ru") == "en"


@pytest.mark.parametrize(
    "name",
    ["Google Pay", "apple pay", "Yandex Cloud Object Storage", "samsung smart tv", "wifi router", "TP-Link Archer"],
)
def test_the_name_of_a_product_does_not_turn_a_conversation(name: str) -> None:
    assert written_in(name, "ru") == "ru"
    assert written_in(name, "en") == "en"


@pytest.mark.parametrize(
    "text",
    [
        "wifi",
        "ok",
        "OK!!!",
        "123456",
        "🙂",
        "?",
        "a b c",
        "1-A7",
        "x",
        "anna@example.org",
        "https://a.example/b-c/d",
        "router_photo.final.png",
    ],
)
@pytest.mark.parametrize("before", LANGS)
def test_too_few_letters_change_nothing(text: str, before: str) -> None:
    assert written_in(text, before) == before


@pytest.mark.parametrize(
    ("tag", "lang"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("EN_us", "en"),
        ("ru", "ru"),
        ("ru-RU", "ru"),
        ("uk", "ru"),
        ("de", "ru"),
        ("", "ru"),
    ],
)
def test_a_browsers_language_tag_becomes_one_of_ours(tag: str, lang: str) -> None:
    assert supported(tag) == lang
