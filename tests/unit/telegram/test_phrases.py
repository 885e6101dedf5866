"""The room's own sentences fit where Telegram shows them, in both languages."""

from dataclasses import asdict

import pytest

from bot.telegram.phrases import EN, RU, Words, profile_language, refusal


@pytest.mark.parametrize("said", [RU, EN], ids=["ru", "en"])
def test_every_sentence_is_there_and_short_enough_for_an_alert(said: Words) -> None:
    for name, text in asdict(said).items():
        assert text, name
        assert name in ("help", "commands") or len(text) <= 200, name
    assert len(said.placeholder) <= 64


@pytest.mark.parametrize(
    ("code", "lang"), [("ru", "ru"), ("ru-RU", "ru"), (None, "ru"), ("be", "ru"), ("en-GB", "en"), ("de", "en")]
)
def test_the_profile_decides_the_first_language(code: str | None, lang: str) -> None:
    assert profile_language(code) == lang


def test_an_unknown_refusal_still_gets_a_sentence() -> None:
    assert refusal("en", "text_too_long") == EN.too_long
    assert refusal("ru", "something_new") == RU.refused
