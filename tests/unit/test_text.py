"""Markdown and plain words become a tree of blocks in which nothing dangerous survives."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import Block, markdown_blocks, plain, plain_blocks
from bot.web import schemas


def paragraph(*inlines: dict[str, Any]) -> list[Block]:
    return [{"t": "p", "c": list(inlines)}]


def words(text: str) -> dict[str, Any]:
    return {"t": "text", "v": text}


def link(href: str, text: str) -> dict[str, Any]:
    return {"t": "a", "href": href, "c": [words(text)]}


def test_bold_italic_and_code_keep_their_form() -> None:
    assert markdown_blocks("**да** и *нет*, `код`", "ru") == paragraph(
        {"t": "b", "c": [words("да")]},
        words(" и "),
        {"t": "i", "c": [words("нет")]},
        words(", "),
        {"t": "code", "v": "код"},
    )


def test_html_stays_visible_as_text() -> None:
    source = "<b>x</b> <script>alert(1)</script>"
    assert markdown_blocks(source, "en") == paragraph(words(source))


@pytest.mark.parametrize(
    "href", ["https://versta.example/a?b=1", "http://x.example", "mailto:help@versta.example", "tel:+78000000000"]
)
def test_addresses_of_the_four_schemes_stay_links(href: str) -> None:
    assert markdown_blocks(f"[сюда]({href})", "ru") == paragraph(link(href, "сюда"))


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example",
        "/api/desk/tickets",
        "/help/ru/../../api",
        "https:",
        "http:///path",
        "ftp://x.example",
        "kb:../x",
        "relative",
    ],
)
def test_any_other_address_loses_the_link_and_keeps_the_words(href: str) -> None:
    assert markdown_blocks(f"[сюда]({href})", "ru") == paragraph(words("сюда"))


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_article_links_lead_to_the_article_in_the_readers_language(lang: str) -> None:
    assert markdown_blocks("[x](kb:wifi-weak)", lang) == paragraph(link(f"/help/{lang}/wifi-weak", "x"))


def test_a_help_path_of_ours_is_a_link() -> None:
    assert markdown_blocks("[x](/help/en/wifi-weak)", "ru") == paragraph(link("/help/en/wifi-weak", "x"))


def test_a_whole_web_address_becomes_a_link_and_half_of_one_does_not() -> None:
    assert markdown_blocks("см. https://versta.example/a).", "ru") == paragraph(
        words("см. "), link("https://versta.example/a", "https://versta.example/a"), words(").")
    )
    assert markdown_blocks("цена.today a@b.example", "ru") == paragraph(words("цена.today a@b.example"))


def test_lists_nest() -> None:
    assert markdown_blocks("1. a\n   - b\n2. c", "en") == [
        {
            "t": "ol",
            "items": [
                [*paragraph(words("a")), {"t": "ul", "items": [paragraph(words("b"))]}],
                paragraph(words("c")),
            ],
        }
    ]


def test_headings_quotes_and_code_blocks() -> None:
    assert markdown_blocks("## H\n\n> q\n\n```\na < b\n```", "en") == [
        {"t": "h", "c": [words("H")]},
        {"t": "quote", "blocks": paragraph(words("q"))},
        {"t": "code", "v": "a < b"},
    ]


def test_an_image_becomes_its_description() -> None:
    assert markdown_blocks("![схема](https://x.example/y.png)", "ru") == paragraph(words("схема"))


def test_a_table_becomes_a_list_that_reads_aloud() -> None:
    table = "| | Аренда | Покупка |\n|---|---|---|\n| Цена | 100 ₽ | 3 900 ₽ |"
    assert plain(table) == "– Цена – Аренда: 100 ₽; Покупка: 3 900 ₽"
    assert plain("| Сеть | Скорость |\n|---|---|\n| 5 ГГц | 600 |") == "– 5 ГГц – 600"


def test_plain_keeps_the_words_and_drops_the_form() -> None:
    assert plain("**Шаг**:\n\n1. [Кабинет](https://x.example)\n2. b\\\nc") == "Шаг:\n1. Кабинет\n2. b\nc"


def test_operators_words_are_not_markdown() -> None:
    assert plain_blocks("**не жирно** <b>\nстрока\n\nабзац") == [
        {"t": "p", "c": [words("**не жирно** <b>"), {"t": "br"}, words("строка")]},
        *paragraph(words("абзац")),
    ]


def test_operators_web_addresses_become_links() -> None:
    assert plain_blocks("вот https://versta.example/a(b), и ftp://x.example") == paragraph(
        words("вот "),
        link("https://versta.example/a(b)", "https://versta.example/a(b)"),
        words(", и ftp://x.example"),
    )


def test_nothing_but_spaces_has_no_blocks() -> None:
    assert plain_blocks(" \n \n") == []
    assert markdown_blocks(" \n", "ru") == []


@given(st.text(max_size=300))
def test_every_text_has_a_tree_the_wire_accepts(source: str) -> None:
    for block in [*markdown_blocks(source, "ru"), *plain_blocks(source)]:
        schemas.Block.model_validate(block)


@given(st.text(alphabet='[]()<>*_`#-!|\\:/kbjavascript\n" ', max_size=200))
def test_no_text_makes_a_link_outside_the_allowed_ones(source: str) -> None:
    for href in hrefs([*markdown_blocks(source, "ru"), *plain_blocks(source)]):
        assert href.startswith(("http://", "https://", "mailto:", "tel:", "/help/ru", "/help/en"))


def test_deep_nesting_is_cut_instead_of_breaking() -> None:
    tree = markdown_blocks(">" * 500 + " x\n" + "[" * 500 + "*" * 500, "ru")
    assert len(json.dumps(tree)) < 20_000


def test_shipped_articles_have_no_link_that_was_refused() -> None:
    for path in Path("data/kb").rglob("*.md"):
        body = path.read_text(encoding="utf-8").split("---\n", 2)[2]
        lang = path.name.split(".")[-2]
        assert len(hrefs(markdown_blocks(body, lang))) >= body.count("]("), path


def hrefs(tree: Any) -> list[str]:
    """Every href of a tree, wherever it is."""
    if isinstance(tree, list):
        return [href for part in tree for href in hrefs(part)]
    if not isinstance(tree, dict):
        return []
    own = [tree["href"]] if "href" in tree else []
    return own + [href for name in ("c", "items", "blocks") for href in hrefs(tree.get(name))]
