"""What people type into the search field is data, whatever it is; and what is found is marked where it stands."""

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.stems import SNIPPET, parse, snippet, stemmed, words

TYPED = st.text(st.sampled_from('абвёa1 "*#:()^-+{}\x00🙂«»tagNEAROR'), max_size=40) | st.text(max_size=60)
TEXT = "Не работает роутер после грозы, и «красная» лампочка мигает с самого утра без конца и края"


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    """The index as the migration makes it, with one row."""
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE message_search USING fts5(stems, words, tokenize='unicode61 remove_diacritics 2')"
    )
    connection.execute("INSERT INTO message_search VALUES (?, ?)", (stemmed(TEXT), words(TEXT)))
    yield connection
    connection.close()


def finds(index: sqlite3.Connection, typed: str) -> bool:
    match = "SELECT 1 FROM message_search WHERE message_search MATCH ?"
    return all(index.execute(match, (term,)).fetchone() for term in parse(typed).terms)


@given(typed=TYPED)
def test_every_text_makes_terms_that_the_index_can_read(index: sqlite3.Connection, typed: str) -> None:
    finds(index, typed)


@given(typed=TYPED)
def test_a_snippet_is_a_piece_of_its_text_with_marks_in_pairs(typed: str) -> None:
    shown = snippet(TEXT, parse(typed))
    assert shown.count("«") == shown.count("»")
    bare = shown.translate(str.maketrans("", "", "«»…"))
    assert bare in " ".join(TEXT.replace("«", "“").replace("»", "”").split())
    assert len(bare) <= SNIPPET


@pytest.mark.parametrize("typed", ["роутеры", "РОУТЕРУ", "гроза", "грозой рабо", "лампочки красные", "утр", "утру"])
def test_any_form_of_a_word_is_found(index: sqlite3.Connection, typed: str) -> None:
    assert finds(index, typed)


@pytest.mark.parametrize("typed", ["рой", "оутер", '"роутер работает"', "грозный"])
def test_other_words_are_not(index: sqlite3.Connection, typed: str) -> None:
    assert not finds(index, typed)


def test_numbers_and_tags_are_no_words() -> None:
    query = parse('#12 tag:bug tag:"возврат денег" роутер #abc')
    assert (query.numbers, query.tags) == ((12,), ("bug", "возврат денег"))
    assert len(query.terms) == 2
    assert not parse("  ")


def test_a_long_text_is_cut_around_the_first_match() -> None:
    shown = snippet("слово " * 100 + "роутер " + "слово " * 100, parse("роутеры"))
    assert shown.startswith("…слово")
    assert "«роутер»" in shown
    assert shown.endswith("…")
