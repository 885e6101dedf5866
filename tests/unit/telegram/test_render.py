"""Rows of a transcript as Telegram letters."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.model import Act, Author, Button, Format, Kind, Message, Source
from bot.telegram.phrases import EN, RU
from bot.telegram.render import letter, reachable
from tests.telegram_html import Refused, parse_html, read_text

SITE = "https://help.example"


def row(text: str, author: Author = Author.BOT, **more: Any) -> Message:
    return Message("c1", 12, "cid", author, text, datetime.now(UTC), **more)


def markdown(text: str, site: str = SITE) -> str:
    (chunk,) = letter(row(text, format=Format.MARKDOWN), "ru", site).chunks
    return chunk.html


def test_markdown_becomes_the_tags_telegram_knows() -> None:
    source = "# Роутер & Wi-Fi\n\n1. **Выключите**\n2. подождите *минуту*\n   - да\n   - нет\n\n"
    source += "> цитата `код`\n\n```\na < b\n```"
    assert markdown(source) == (
        "<b>Роутер &amp; Wi-Fi</b>\n\n1. <b>Выключите</b>\n2. подождите <i>минуту</i>\n   • да\n   • нет\n\n"
        "<blockquote>цитата </blockquote><code>код</code>\n\n<pre>a &lt; b</pre>"
    )


def test_our_own_links_need_a_site_and_foreign_ones_do_not() -> None:
    source = "[статья](kb:router) [сайт](https://versta.example/?a=1&b=2) [почта](mailto:a@b.example)"
    assert markdown(source) == (
        '<a href="https://help.example/help/ru/router">статья</a> '
        '<a href="https://versta.example/?a=1&amp;b=2">сайт</a> почта'
    )
    assert markdown(source, "").startswith("статья <a")


def test_plain_words_are_never_taken_for_markup() -> None:
    (chunk,) = letter(row("**1 < 2** & <b>x</b>", Author.OPERATOR, author_name="Анна & Ко"), "ru").chunks
    assert chunk.html == "<b>Анна &amp; Ко</b>\n**1 &lt; 2** &amp; &lt;b&gt;x&lt;/b&gt;"


def test_the_source_is_named_even_when_nobody_could_open_it() -> None:
    answer = row("Ответ.", kind=Kind.ANSWER, source=Source("router", "Роутер <1>", "/help/ru/router"))
    assert letter(answer, "ru", SITE).chunks[0].html == (
        'Ответ.\n\nИсточник: <a href="https://help.example/help/ru/router">Роутер &lt;1&gt;</a>'
    )
    assert letter(answer, "en").chunks[0].html == "Ответ.\n\nSource: Роутер &lt;1&gt;"


def test_buttons_are_rows_ratings_share_one_and_the_way_to_a_person_is_last() -> None:
    buttons = (
        Button("person", "Человека!", Act.PERSON),
        Button("a1", "Да", Act.ARTICLE),
        Button("c1", " ", Act.INTENT),
    )
    keys = letter(row("Что ближе?", kind=Kind.CLARIFY, buttons=buttons), "ru").keys
    assert [[(key.title, key.data) for key in keys_row] for keys_row in keys] == [
        [("Да", "12:a1")],
        [("…", "12:c1")],
        [(RU.person, "person")],
    ]
    scores = tuple(Button(f"rate{score}", str(score), Act.RATE, str(score)) for score in (1, 2, 3))
    request = letter(row("Как вам помогли?", Author.SYSTEM, kind=Kind.RATING_REQUEST, buttons=scores), "ru").keys
    assert [[key.data for key in keys_row] for keys_row in request] == [["12:rate1", "12:rate2", "12:rate3"]]


def test_a_button_that_telegram_would_refuse_does_not_take_the_message_with_it() -> None:
    buttons = (Button("x" * 80, "Длинный", Act.ARTICLE), Button("a1", "Да", Act.ARTICLE))
    keys = letter(row("Что ближе?", buttons=buttons), "ru").keys
    assert [key.title for keys_row in keys for key in keys_row] == ["Да"]


@pytest.mark.parametrize("text", ["\u200b", "\u2060\u200f", "**\u200b**"])
def test_a_text_without_anything_to_see_is_said_to_be_so(text: str) -> None:
    assert letter(row(text), "en").chunks[0].plain in (EN.blank, text)
    read_text(letter(row(text), "en").chunks[0].html, "HTML")


@given(st.text(max_size=300), st.sampled_from(Format), st.sampled_from([Author.BOT, Author.OPERATOR]))
def test_any_text_of_bot_or_operator_can_be_sent(text: str, form: Format, author: Author) -> None:
    for chunk in letter(row(text, author, format=form, author_name="<&>"), "ru", SITE).chunks:
        read_text(chunk.html, "HTML")
        read_text(chunk.plain, "")


@given(st.text(alphabet="ab*_`#>-[]()!|\n 1.<&~", max_size=120))
def test_any_markdown_makes_sound_html(text: str) -> None:
    for chunk in letter(row(text, format=Format.MARKDOWN), "ru", SITE).chunks:
        assert parse_html(chunk.html)[0] == chunk.plain


def test_the_reader_of_these_tests_does_refuse() -> None:
    with pytest.raises(Refused):
        read_text("<b>", "HTML")


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://help.example/", "https://help.example"),
        ("http://1.1.1.1:8080", "http://1.1.1.1:8080"),
        ("http://localhost:8080", ""),
        ("http://127.0.0.1:8080", ""),
        ("http://192.168.1.5", ""),
        ("http://desk", ""),
        ("http://nas.local", ""),
        ("ftp://help.example", ""),
        ("http://[broken", ""),
        ("", ""),
    ],
)
def test_only_an_address_a_phone_can_open_is_linked(url: str, site: str) -> None:
    assert reachable(url) == site
