"""A piece of Telegram mail as pure values: styled runs of text, the messages they make, the keys under them."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from pathlib import Path

from bot.conversation.model import Attachment

LIMIT = 4_096
"""UTF-16 units of one Telegram message, counted after its tags are parsed."""

CAPTION_LIMIT = 1_024
"""The same of the words under a picture or a document."""

PHOTOS = frozenset({"image/jpeg", "image/png"})
"""What Telegram shows in place; everything else goes as a document, with its name."""

DATA_LIMIT = 64
"""Bytes of `callback_data`; with more Telegram refuses the whole message."""

# From the border a reader likes most to the one they mind; the first three only in the second half of a message.
BORDERS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…])[»”\")]?\s"))
SPACE = re.compile(r"\s")
INVISIBLE = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}

Mark = tuple[str, str]
"""A tag and its link: ("b", "") or ("a", "https://…")."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text that shares its marks, outermost mark first."""

    text: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """One message: as Telegram HTML, and its bare words for the day the HTML is refused."""

    html: str
    plain: str


@dataclass(frozen=True, slots=True)
class Key:
    """One inline button; `data` comes back when it is pressed."""

    title: str
    data: str


Keys = tuple[tuple[Key, ...], ...]


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file as a message of its own. `path`: where its bytes lie, known only just before it is sent."""

    file: Attachment
    caption: Chunk | None = None
    path: Path | None = None


Piece = Chunk | Enclosure


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything one transcript row becomes; the keys belong under the last piece."""

    chunks: tuple[Chunk, ...]
    keys: Keys = ()
    files: tuple[Attachment, ...] = ()

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """One message each, in order. A short text goes under its only file."""
        texts = self.chunks
        if len(self.files) == 1 and len(texts) <= 1 and all(units(text.plain) <= CAPTION_LIMIT for text in texts):
            return (Enclosure(self.files[0], texts[0] if texts else None),)
        return (*texts, *(Enclosure(file) for file in self.files))


def sentence(text: str) -> Chunk:
    """A short text without any form."""
    return Chunk(escape(text, quote=False), text)


def clean(text: str) -> str:
    """`text` without what cannot be encoded: lone surrogates become the replacement character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def units(text: str) -> int:
    """The length Telegram counts: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def visible(text: str) -> bool:
    """Whether Telegram would find anything to show; it refuses a message of blanks."""
    return any(unicodedata.category(character) not in INVISIBLE for character in text)


def chunks(runs: Sequence[Run], limit: int = LIMIT) -> tuple[Chunk, ...]:
    """Messages of at most `limit` UTF-16 units, cut between paragraphs, lines, sentences or words, never in a tag."""
    text = "".join(run.text for run in runs)
    cut = ((start, end) for start, end in _pieces(text, limit) if visible(text[start:end]))
    return tuple(Chunk(_html(_between(runs, start, end)), text[start:end]) for start, end in cut)


def _pieces(text: str, limit: int) -> Iterator[tuple[int, int]]:
    ends = list(accumulate(2 if character > "\uffff" else 1 for character in text))
    start = 0
    while start < len(text):
        start += len(text[start:]) - len(text[start:].lstrip())
        used = ends[start - 1] if start else 0
        furthest = bisect_right(ends, used + limit)
        end = furthest if furthest == len(text) else start + _border(text[start:furthest])
        yield start, start + len(text[start:end].rstrip())
        start = end


def _border(window: str) -> int:
    """Where to end the message: behind the last border in its second half, else at a space, else at the very end."""
    for border in BORDERS:
        last = max((found.end() for found in border.finditer(window)), default=0)
        if last > len(window) // 2:
            return last
    return max((found.end() for found in SPACE.finditer(window)), default=len(window))


def _between(runs: Iterable[Run], start: int, end: int) -> Iterator[Run]:
    at = 0
    for run in runs:
        text = run.text[max(0, start - at) : max(0, end - at)]
        if text:
            yield Run(text, run.marks)
        at += len(run.text)


def _html(runs: Iterable[Run]) -> str:
    out: list[str] = []
    marks: tuple[Mark, ...] = ()
    for run in runs:
        shared = sum(1 for _ in _common(marks, run.marks))
        out += [f"</{tag}>" for tag, _ in reversed(marks[shared:])]
        out += [_opening(mark) for mark in run.marks[shared:]]
        out.append(escape(run.text, quote=False))
        marks = run.marks
    return "".join(out) + "".join(f"</{tag}>" for tag, _ in reversed(marks))


def _common(one: Sequence[Mark], other: Sequence[Mark]) -> Iterator[Mark]:
    for left, right in zip(one, other, strict=False):
        if left != right:
            return
        yield left


def _opening(mark: Mark) -> str:
    tag, href = mark
    return f'<a href="{escape(href)}">' if tag == "a" else f"<{tag}>"
