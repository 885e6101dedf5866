"""Markdown and operators' plain words as one small tree of blocks that widget and Telegram draw; pure.

A block or inline is a plain dict of the shape of `Block` and `Inline` in `bot.web.schemas`. Nothing in the tree is
HTML: raw HTML in the source stays visible as text, images become their description, tables become lists.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from linkify_it import LinkifyIt  # type: ignore[import-untyped]  # ships no types
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

Block = dict[str, Any]
Inline = dict[str, Any]


def _web_addresses() -> LinkifyIt:
    """Finds whole http(s) addresses only: guessing that `price.today` is a link turns typing mistakes into links."""
    finder = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    for scheme in ("ftp:", "//", "mailto:"):
        finder.add(scheme, None)
    return finder


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        """Every link is kept so that a refused one leaves its words behind; `_href` decides what survives."""
        return True


_MARKDOWN = _Parser("commonmark", {"html": False, "linkify": True}).enable(["table", "strikethrough", "linkify"])
_MARKDOWN.linkify = _ADDRESSES = _web_addresses()

_ARTICLE = re.compile(r"kb:([A-Za-z0-9][A-Za-z0-9._-]{0,99})")
_HELP = re.compile(r"/help/(ru|en)(/[A-Za-z0-9][A-Za-z0-9._-]{0,99})?")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
_MARKS = {"strong": "b", "em": "i"}


def markdown_blocks(source: str, lang: str) -> list[Block]:
    """The tree of a Markdown text. `kb:<id>` links lead to the article of `lang`; only these, our /help paths, http,
    https, mailto and tel survive as links, any other loses the link and keeps the words."""
    return _blocks(SyntaxTreeNode(_MARKDOWN.parse(source)), lang)


def plain_blocks(text: str) -> list[Block]:
    """Paragraphs of words nobody meant as Markdown, line breaks kept, http(s) addresses made links."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return [_paragraph(_linked(part)) for part in paragraphs if part.strip()]


def plain(source: str) -> str:
    """The words of a Markdown text without its form, one line for each paragraph and list item."""
    return "\n".join(_lines(markdown_blocks(source, "ru")))


def _paragraph(inlines: list[Inline]) -> Block:
    return {"t": "p", "c": inlines}


def _blocks(node: SyntaxTreeNode, lang: str) -> list[Block]:
    return [block for child in node.children if (block := _block(child, lang)) is not None]


def _block(node: SyntaxTreeNode, lang: str) -> Block | None:
    block: Block | None = None
    match node.type:
        case "paragraph":
            block = _paragraph(_content(node, lang))
        case "heading":
            block = {"t": "h", "c": _content(node, lang)}
        case "bullet_list" | "ordered_list":
            kind = "ul" if node.type == "bullet_list" else "ol"
            block = {"t": kind, "items": [_blocks(item, lang) for item in node.children]}
        case "fence" | "code_block":
            block = {"t": "code", "v": node.content.rstrip("\n")}
        case "blockquote":
            block = {"t": "quote", "blocks": _blocks(node, lang)}
        case "table":
            block = {"t": "ul", "items": [[_paragraph(row)] for row in _rows(node, lang)]}
    return block


def _rows(table: SyntaxTreeNode, lang: str) -> Iterator[list[Inline]]:
    """Each body row as "first cell – heading: value; heading: value", since narrow screens and Telegram have no tables.

    With two columns the heading of the second says nothing new and is left out.
    """
    heading, *body = [
        [_content(cell, lang) for cell in row.children] for part in table.children for row in part.children
    ]
    for cells in body or [heading]:
        row = [{"t": "b", "c": cells[0]}] if cells[0] else []
        for name, cell in zip(heading[1:], cells[1:], strict=False):
            named = len(heading) > 2 and body and name
            row += [_text("; " if cell is not cells[1] else " – ")] if row else []
            row += ([*name, _text(": ")] if named else []) + cell
        yield row


def _content(node: SyntaxTreeNode, lang: str) -> list[Inline]:
    """The inline pieces of a paragraph, heading or cell, which hold one `inline` node."""
    return [piece for inline in node.children for piece in _inlines(inline, lang)]


def _inlines(node: SyntaxTreeNode, lang: str) -> list[Inline]:
    pieces: list[Inline] = []
    for child in node.children:
        for piece in _inline(child, lang):
            if pieces and piece["t"] == pieces[-1]["t"] == "text":
                pieces[-1] = _text(pieces[-1]["v"] + piece["v"])
            else:
                pieces.append(piece)
    return pieces


def _inline(node: SyntaxTreeNode, lang: str) -> list[Inline]:
    pieces: list[Inline]
    match node.type:
        case "softbreak":
            pieces = [_text(" ")]
        case "hardbreak":
            pieces = [{"t": "br"}]
        case "code_inline":
            pieces = [{"t": "code", "v": node.content}]
        case "strong" | "em":
            pieces = [{"t": _MARKS[node.type], "c": _inlines(node, lang)}]
        case "link":
            pieces = _link(_inlines(node, lang), _href(str(node.attrs.get("href", "")), lang))
        case _:
            pieces = [_text(node.content)] if node.content else _inlines(node, lang)
    return pieces


def _link(words: list[Inline], href: str | None) -> list[Inline]:
    return [{"t": "a", "href": href, "c": words}] if href and words else words


def _text(words: str) -> Inline:
    return {"t": "text", "v": words}


def _href(address: str, lang: str) -> str | None:
    if article := _ARTICLE.fullmatch(address):
        return f"/help/{lang}/{article[1]}"
    return address if _HELP.fullmatch(address) or _leads_outside(address) else None


def _leads_outside(address: str) -> bool:
    if _UNSAFE.search(address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.netloc if parts.scheme in ("http", "https") else parts.scheme in ("mailto", "tel") and parts.path)


def _linked(paragraph: str) -> list[Inline]:
    pieces: list[Inline] = []
    at = 0
    for found in _ADDRESSES.match(paragraph) or []:
        pieces += _lines_of(paragraph[at : found.index])
        pieces += _link([_text(found.text)], found.url if _leads_outside(found.url) else None)
        at = found.last_index
    return pieces + _lines_of(paragraph[at:])


def _lines_of(words: str) -> list[Inline]:
    pieces: list[Inline] = []
    for number, line in enumerate(words.split("\n")):
        pieces += [{"t": "br"}] if number else []
        pieces += [_text(line)] if line else []
    return pieces


def _lines(blocks: list[Block]) -> Iterator[str]:
    for block in blocks:
        if "items" in block:
            for number, item in enumerate(block["items"], start=1):
                mark = f"{number}." if block["t"] == "ol" else "–"
                yield f"{mark} " + "\n".join(_lines(item))
        elif "blocks" in block:
            yield from _lines(block["blocks"])
        else:
            yield block["v"] if "v" in block else _words(block["c"])


def _words(inlines: list[Inline]) -> str:
    return "".join("\n" if piece["t"] == "br" else piece.get("v") or _words(piece.get("c", [])) for piece in inlines)
