"""Russian goes to the English encoder word by word."""

from importlib.resources import files

import pytest

from bot.kb.glossary import fingerprint, gloss
from bot.kb.lexical import is_russian


def test_english_stays_as_it_is() -> None:
    assert gloss("How do I pay,  by card?") == "How do I pay,  by card?"


def test_russian_becomes_english_words_in_any_form() -> None:
    assert gloss("Как вернуть деньги за роутер?") == "how return money for router ?"
    assert gloss("роутеру") == gloss("роутером") == "router"


def test_an_exact_form_wins_over_its_stem() -> None:
    assert gloss("долго") == "long time"
    assert gloss("долг") == "debt"


def test_unknown_words_go_over_in_latin_letters() -> None:
    assert gloss("кракозябра") == "krakozabra"


def test_names_and_numbers_stay() -> None:
    assert gloss("wi-fi на iPhone 15 не ловит").startswith("wi fi on iPhone 15 not ")


@pytest.mark.parametrize("source", ["ru_support.tsv", "ru_learned.tsv"])
def test_a_glossary_is_two_columns_russian_and_english_without_repeats(source: str) -> None:
    lines = files("bot.kb").joinpath("glossaries", source).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    assert all(len(row) == 2 and is_russian(row[0]) and row[1].isascii() for row in rows)
    assert len({row[0] for row in rows}) == len(rows) > 1_000


def test_the_fingerprint_is_stable_within_a_run() -> None:
    assert fingerprint() == fingerprint()
    assert len(fingerprint()) == 12
