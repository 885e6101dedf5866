"""How Telegram reads a message: its HTML, its limits, its refusals; for the fake server and the render tests."""

import json
import re
import unicodedata
from dataclasses import dataclass
from html import unescape
from typing import Any

TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "a", "span", "blockquote"}
TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?P<rest>[^<>]*)>")
HREF = re.compile(r"""\shref=(?:"([^"]*)"|'([^']*)')""")
ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,8}|#x[0-9a-fA-F]{1,8});")
TEXT_LIMIT = 4_096
CAPTION_LIMIT = 1_024
DATA_LIMIT = 64
BLANK = {"Cc", "Cf", "Zs", "Zl", "Zp"}


class Refused(Exception):
    """The description of a 400."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A styled stretch of the text; offset and length in UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str = ""


def units(text: str) -> int:
    """The length Telegram counts: UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The bare text and its entities. Raises Refused in the server's words for what it cannot parse."""
    text, at = "", 0
    opened: list[tuple[str, int, str]] = []
    entities: list[Entity] = []
    while at < len(source):
        if source[at] != "<":
            until = source.find("<", at)
            until = len(source) if until < 0 else until
            text += ENTITY.sub(lambda found: unescape(found[0]), source[at:until])
            at = until
            continue
        tag, byte = TAG.match(source, at), len(source[:at].encode())
        if tag is None or tag["name"].lower() not in TAGS:
            name = tag["name"] if tag else ""
            raise Refused(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {byte}')
        at = tag.end()
        if not tag["end"]:
            href = HREF.search(tag["rest"])
            opened.append((tag["name"].lower(), units(text), unescape(href[1] or href[2] or "") if href else ""))
            continue
        if not opened or opened[-1][0] != tag["name"].lower():
            raise Refused(f"can't parse entities: Unmatched end tag at byte offset {byte}")
        name, offset, url = opened.pop()
        entities.append(Entity(name, offset, units(text) - offset, url))
    if opened:
        raise Refused(f"can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1][0]}\"")
    return text, sorted(entities, key=lambda entity: (entity.offset, -entity.length))


def read_text(source: str, parse_mode: str) -> tuple[str, list[Entity]]:
    """What a sendMessage shows. Raises Refused."""
    if parse_mode not in ("", "HTML"):
        raise Refused("unsupported parse_mode")
    text, entities = parse_html(source) if parse_mode else (source, [])
    text = text.strip()
    if all(unicodedata.category(character) in BLANK for character in text):
        raise Refused("message text is empty")
    if units(text) > TEXT_LIMIT:
        raise Refused("message is too long")
    return text, entities


def read_caption(source: str, parse_mode: str) -> tuple[str, list[Entity]]:
    """What stands under a picture or a document; nothing may. Raises Refused."""
    if not source:
        return "", []
    text, entities = read_text(source, parse_mode)
    if units(text) > CAPTION_LIMIT:
        raise Refused("message caption is too long")
    return text, entities


def read_markup(raw: str) -> dict[str, Any]:
    """A checked reply_markup, {} for none. Raises Refused."""
    markup: dict[str, Any] = json.loads(raw) if raw else {}
    for key in (key for row in markup.get("inline_keyboard", []) for key in row):
        if not key.get("text", "").strip():
            raise Refused("can't parse inline keyboard button: text must be non-empty")
        data = key.get("callback_data")
        if data is not None and not 1 <= len(data.encode()) <= DATA_LIMIT:
            raise Refused("BUTTON_DATA_INVALID")
    for key in (key for row in markup.get("keyboard", []) for key in row):
        if not key.get("text", "").strip():
            raise Refused("can't parse keyboard button: text must be non-empty")
    return markup
