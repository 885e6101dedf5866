"""Splitting and styling of Telegram messages, checked by a reader that knows Telegram's rules."""

from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.letter import Run, chunks, clean
from tests.telegram_html import parse_html, units

MARKS = st.lists(
    st.sampled_from([("b", ""), ("i", ""), ("blockquote", ""), ("a", "https://x.example/?a=1&b=<\"'>")]),
    max_size=3,
    unique=True,
).map(tuple)
RUNS = st.lists(st.builds(Run, st.text(alphabet="аб z<>&\"'\n.😀\u0301", max_size=60), MARKS), max_size=12)


@given(RUNS, st.integers(8, 60))
def test_every_piece_is_sound_short_enough_and_nothing_but_blanks_is_lost(runs: list[Run], limit: int) -> None:
    pieces = chunks(runs, limit)
    texts = [parse_html(piece.html)[0] for piece in pieces]
    assert texts == [piece.plain for piece in pieces]
    assert all(0 < units(text) <= limit for text in texts)
    assert "".join("".join(texts).split()) == "".join("".join(run.text for run in runs).split())


@given(RUNS)
def test_every_mark_covers_its_own_text(runs: list[Run]) -> None:
    html = "".join(piece.html for piece in chunks(runs, 10_000))
    text, entities = parse_html(html)
    covered = sum(entity.length for entity in entities if entity.type == "b")
    bold = sum(units(run.text) for run in runs if ("b", "") in run.marks)
    blanks = units("".join(run.text for run in runs)) - units(text)
    assert bold - blanks <= covered <= bold


def test_a_cut_falls_between_paragraphs_before_lines_before_sentences_before_words() -> None:
    paragraphs = "Один два. Три\nчетыре. Пять.\n\nшесть семь. восемь девять"
    assert chunks([Run(paragraphs)], 45)[0].plain == "Один два. Три\nчетыре. Пять."
    lines = "Один два. Три четыре.\nПять шесть. Семь"
    assert chunks([Run(lines)], 35)[0].plain == "Один два. Три четыре."
    sentences = "Один два три. Четыре пять шесть"
    assert chunks([Run(sentences)], 20)[0].plain == "Один два три."
    assert [piece.plain for piece in chunks([Run("Один два три четыре")], 13)] == ["Один два три", "четыре"]
    assert [piece.plain for piece in chunks([Run("я" * 10)], 4)] == ["яяяя", "яяяя", "яя"]


def test_an_early_border_does_not_make_a_tiny_message() -> None:
    assert chunks([Run("Да.\n\nОдин два три четыре")], 20)[0].plain == "Да.\n\nОдин два три"


def test_a_bold_passage_goes_on_in_the_next_piece() -> None:
    pieces = chunks([Run("слово " * 4, (("b", ""),))], 12)
    assert [piece.html for piece in pieces] == ["<b>слово слово</b>", "<b>слово слово</b>"]


def test_an_emoji_counts_twice_and_is_never_torn() -> None:
    assert [piece.plain for piece in chunks([Run("😀" * 5)], 5)] == ["😀😀", "😀😀", "😀"]


def test_a_lone_surrogate_becomes_something_that_can_be_sent() -> None:
    assert clean("a\ud83db").encode() == "a\ufffdb".encode()
    assert clean("\ud83d\ude00") == "😀"
