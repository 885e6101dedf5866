"""From a row of the transcript to the letter a customer reads in Telegram; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from ipaddress import ip_address
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from bot.conversation.model import Act, Author, Button, Format, Kind, Message
from bot.conversation.model import Mark as Thumb
from bot.telegram.letter import DATA_LIMIT, Key, Keys, Letter, Mark, Run, chunks, clean, visible
from bot.telegram.phrases import words
from bot.text import Block, Inline, markdown_blocks, plain_blocks

PERSON_DATA = "person"
INDENT = "   "


def letter(message: Message, lang: str, site: str = "") -> Letter:
    """The row as messages and keys. `site`: the address to put before our own paths, or "" to leave such links out."""
    blocks = markdown_blocks(message.text, lang) if message.format is Format.MARKDOWN else plain_blocks(message.text)
    runs = [replace(run, text=clean(run.text)) for run in _blocks(blocks, site)]
    if not visible("".join(run.text for run in runs)):
        runs = [] if message.files else [Run(words(lang).blank)]
    if message.author is Author.OPERATOR and message.author_name.strip():
        runs = [Run(clean(message.author_name), (("b", ""),)), Run("\n"), *runs]
    if message.source is not None:
        link = _address(message.source.url, site)
        title = Run(clean(message.source.title), (("a", link),) if link else ())
        runs += [Run(f"\n\n{words(lang).source}: "), title]
    return Letter(chunks(runs), _keys(message, lang), message.files)


def reachable(public_url: str) -> str:
    """`public_url` when a customer's phone can open it, else "": localhost and private addresses lead nowhere."""
    try:
        parts = urlsplit(public_url)
    except ValueError:
        return ""
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not _is_public(host):
        return ""
    return public_url.rstrip("/")


def _is_public(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".local", ".internal", ".test"))


def _address(href: str, site: str) -> str:
    """An absolute http(s) address or ""; Telegram makes links of nothing else."""
    if href.startswith("/") and not href.startswith("//"):
        return site + href if site else ""
    return href if href.startswith(("http://", "https://")) else ""


def _keys(message: Message, lang: str) -> Keys:
    buttons = [button for button in message.buttons if button.act is not Act.PERSON]
    rating = tuple(_key(message.seq, button) for button in buttons if button.act is Act.RATE)
    reasons = [_key(message.seq, button) for button in buttons if button.act is Act.RATE_REASON]
    rows = [tuple(reasons[at : at + 2]) for at in range(0, len(reasons), 2)]
    rows += [(_key(message.seq, button),) for button in buttons if button.act not in (Act.RATE, Act.RATE_REASON)]
    offers = message.author is Author.BOT and message.kind in (Kind.ANSWER, Kind.CLARIFY)
    if offers or len(buttons) < len(message.buttons):
        # One way to a person for every message that may need it, whether or not the row itself offers one.
        rows.append((Key(words(lang).person, PERSON_DATA),))
    thumbs = thumb_keys(message.seq, message.mark, lang) if message.can_be_marked else ()
    fitting = [tuple(key for key in row if len(key.data.encode()) <= DATA_LIMIT) for row in [thumbs, rating, *rows]]
    return tuple(row for row in fitting if row)


def thumb_keys(seq: int, mark: Thumb | None, lang: str) -> tuple[Key, ...]:
    """Whether the answer helped; the one that is chosen takes itself back."""
    said = words(lang)
    titles = {Thumb.UP: ("👍", said.helped), Thumb.DOWN: ("👎", said.not_helped)}
    return tuple(
        Key(f"✓ {title}", f"none:{seq}") if thumb is mark else Key(f"{face} {title}", f"{thumb}:{seq}")
        for thumb, (face, title) in titles.items()
    )


def _key(seq: int, button: Button) -> Key:
    return Key(clean(button.title) if visible(button.title) else "…", f"{seq}:{button.id}")


def _blocks(blocks: Iterable[Block], site: str, gap: str = "\n\n", marks: tuple[Mark, ...] = ()) -> Iterator[Run]:
    for number, block in enumerate(blocks):
        if number:
            yield Run(gap, marks)
        yield from _block(block, site, gap, marks)


def _block(block: Block, site: str, gap: str, marks: tuple[Mark, ...]) -> Iterator[Run]:
    match block["t"]:
        case "h":
            yield from _inlines(block["c"], site, (*marks, ("b", "")))
        case "ul" | "ol":
            yield from _list(block, site, gap, marks)
        case "code":
            # Telegram allows no other tag around code, so what encloses it ends here and starts again after it.
            yield Run(block["v"], (("pre", ""),))
        case "quote":
            # Quotes cannot be nested: an inner one goes on in the outer one.
            quoted = marks if ("blockquote", "") in marks else (*marks, ("blockquote", ""))
            yield from _blocks(block["blocks"], site, "\n", quoted)
        case _:
            yield from _inlines(block["c"], site, marks)


def _list(block: Block, site: str, gap: str, marks: tuple[Mark, ...]) -> Iterator[Run]:
    line = "\n" if gap == "\n\n" else gap
    for number, item in enumerate(block["items"], start=1):
        bullet = f"{number}. " if block["t"] == "ol" else "• "
        yield Run(bullet if number == 1 else line + bullet, marks)
        yield from _blocks(item, site, line + INDENT, marks)


def _inlines(inlines: Iterable[Inline], site: str, marks: tuple[Mark, ...]) -> Iterator[Run]:
    return chain.from_iterable(_inline(piece, site, marks) for piece in inlines)


def _inline(piece: dict[str, Any], site: str, marks: tuple[Mark, ...]) -> Iterator[Run]:
    match piece["t"]:
        case "br":
            yield Run("\n", marks)
        case "text":
            yield Run(piece["v"], marks)
        case "code":
            yield Run(piece["v"], (("code", ""),))
        case "a":
            link = _address(piece["href"] or "", site)
            yield from _inlines(piece["c"], site, (*marks, ("a", link)) if link else marks)
        case _:
            mark = (piece["t"], "")
            yield from _inlines(piece["c"], site, marks if mark in marks else (*marks, mark))
