"""Which language a customer writes in, by the letters alone."""

import pytest

from bot.conversation.language import LANGS, supported, written_in


@pytest.mark.parametrize(
    "text", ["не работает", "Ёж", "мой wifi router broken", "ok да", "что значит WAN light blinking red"]
)
@pytest.mark.parametrize("before", LANGS)
def test_any_russian_word_makes_it_russian(text: str, before: str) -> None:
    assert written_in(text, before) == "ru"


@pytest.mark.parametrize("text", ["my internet is down", "Hello there", "what's up", "wifi router"])
@pytest.mark.parametrize("before", LANGS)
def test_two_english_words_make_it_english(text: str, before: str) -> None:
    assert written_in(text, before) == "en"


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
