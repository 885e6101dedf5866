"""Cuts an article into the short texts that are searched: its questions and its passages; pure, for the index."""

import hashlib
import json
import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from dataclasses import fields as fields_of
from enum import StrEnum
from functools import lru_cache

from bot.kb.model import Article
from bot.text import plain

PASSAGE = 600
"""Characters of a passage. The embedded encoder reads 256 word pieces; a Russian letter can cost it a whole piece."""


class Field(StrEnum):
    """What an entry is: a way to ask (title, phrasing), or a part of the answer under its title."""

    QUESTION = "question"
    PASSAGE = "passage"


@dataclass(frozen=True, slots=True)
class Entry:
    """One searchable text of the article `article`."""

    article: str
    field: Field
    text: str


def entries(article: Article) -> list[Entry]:
    """Every entry of an article, without repeats; a passage carries the title so that it is understood alone."""
    questions = dict.fromkeys(_tidy(text) for text in (article.title, *article.phrasings))
    answers = dict.fromkeys(_passages(article))
    return [
        *(Entry(article.id, Field.QUESTION, text) for text in questions if text),
        *(Entry(article.id, Field.PASSAGE, f"{_tidy(article.title)}\n{text}") for text in answers),
    ]


def whole(article: Article) -> str:
    """All words of an article as one text, for rankers that weigh words and need no short pieces."""
    return "\n".join((article.title, *article.phrasings, plain(article.short_answer), plain(article.body)))


@lru_cache(maxsize=1 << 18)
def content_hash(article: Article) -> str:
    """SHA-256 (hex) of everything an editor can change; the revision number is not part of it. Remembered, since every
    edit asks for the hashes of all articles."""
    fields = {field.name: getattr(article, field.name) for field in fields_of(article) if field.name != "revision"}
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def collection_hash(articles: Iterable[Article]) -> str:
    """SHA-256 (hex) of a set of articles, whatever their order."""
    return hashlib.sha256("".join(sorted(content_hash(article) for article in articles)).encode()).hexdigest()


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _passages(article: Article) -> Iterator[str]:
    short, body = _tidy(plain(article.short_answer)), plain(article.body)
    if short and not _tidy(body).startswith(short):
        yield short
    held = ""
    for piece in _pieces(body):
        if held and len(held) + len(piece) > PASSAGE:
            yield held
            held = ""
        held = f"{held} {piece}".strip()
    if held:
        yield held


def _pieces(body: str) -> Iterator[str]:
    """Lines of a body; one that is longer than a passage is cut after sentences, and a sentence after words."""
    for line in filter(None, map(_tidy, body.split("\n"))):
        if len(line) <= PASSAGE:
            yield line
            continue
        for sentence in re.split(r"(?<=[.!?…]) ", line):
            yield from textwrap.wrap(sentence, PASSAGE)
