"""Counted words say what is likely, what is one slip away and what sounds alike."""

import pytest

from bot.kb.alphabet import cyrillic, other_layout, sounds
from bot.kb.lexicon import Lexicon, is_one_slip, language, shipped

WORDS = Lexicon({"оплата": 5.0, "оплатить": 9.0, "работает": 7.0, "роутер": 1.0, "щит": 2.0})


@pytest.mark.parametrize("typed", ["работат", "рабботает", "рабоатет", "работаит", "работает"])
def test_a_word_is_found_from_one_slip_away(typed: str) -> None:
    assert WORDS.near(typed) == {"работает"}


@pytest.mark.parametrize("typed", ["рабтат", "ртуоер", ""])
def test_two_slips_are_too_far(typed: str) -> None:
    assert WORDS.near(typed) == set()


@pytest.mark.parametrize(("typed", "meant"), [("аб", "аб"), ("аб", "ба"), ("абв", "аб"), ("абв", "агв"), ("", "а")])
def test_one_slip(typed: str, meant: str) -> None:
    assert is_one_slip(typed, meant)
    assert is_one_slip(meant, typed)


@pytest.mark.parametrize(("typed", "meant"), [("абв", "вба"), ("абв", "а"), ("абвг", "бавгд")])
def test_more_than_one_slip(typed: str, meant: str) -> None:
    assert not is_one_slip(typed, meant)


@pytest.mark.parametrize("spelled", ["oplatit", "oplatit'", "OPLATIT".lower()])
def test_a_word_is_found_by_its_sound(spelled: str) -> None:
    assert WORDS.sounding(spelled) == ["оплатить"]


def test_all_schemes_sound_alike() -> None:
    keys = [set(sounds(word)) for word in ("подключить", "podklyuchit'", "podkluchit", "podkljuchit", "podklu4it")]
    assert set.intersection(*keys)
    assert set(sounds("жизнь")) & set(sounds("jizn")) & set(sounds("zhizn'"))


def test_a_form_of_a_counted_word_is_known() -> None:
    words = shipped("ru")[0]
    assert "платежами" in words
    assert "кврзплт" not in words


def test_an_empty_lexicon_knows_nothing() -> None:
    empty = Lexicon({})
    assert "слово" not in empty
    assert (empty.near("слово"), empty.sounding("slovo"), empty.chance("слово")) == (set(), [], None)


def test_likely_letters_are_likelier() -> None:
    letters = shipped("ru")[1]
    assert letters.chance("виртуалка") > letters.chance("вкирлатау") + 5


@pytest.mark.parametrize(
    ("word", "lang"), [("слово", "ru"), ("word", "en"), ("wifi6", None), ("сloвo", None), ("", None)]
)
def test_the_letters_of_a_word_tell_its_language(word: str, lang: str | None) -> None:
    assert language(word) == lang


@pytest.mark.parametrize(("typed", "keys"), [("ghbdtn", "привет"), ("руддщ", "hello"), ("Gh", "Пр")])
def test_the_same_keys_on_the_other_keyboard(typed: str, keys: str) -> None:
    assert other_layout(typed) == keys


def test_an_unknown_word_is_spelled_letter_for_letter() -> None:
    assert cyrillic("shchuka") == "щука"
    assert cyrillic("xoroshiy") == "хороший"
