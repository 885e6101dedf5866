"""Russian into English, word by word, for the English network of the embedded encoder.

The result is no translation a person would read, but its vector lands near the English one.
"""

import hashlib
import re
from functools import cache
from importlib.resources import files

from bot.kb.lexical import by_word, is_russian, latin, stem, tidy

_PIECE = re.compile(r"\w+|[?!.,;:]")
_SOURCES = ("ru_support.tsv", "ru_learned.tsv")


def gloss(text: str) -> str:
    """English words for a text with Russian in it; words no glossary has go over in Latin letters; other text stays."""
    return " ".join(map(_english, _PIECE.findall(text))) if is_russian(tidy(text)) else text


@cache
def fingerprint() -> str:
    """Twelve hex digits that change with the glossaries: vectors made with other words must not be mixed."""
    return hashlib.sha256("".join(map(_read, _SOURCES)).encode()).hexdigest()[:12]


@by_word
def _english(piece: str) -> str:
    word = tidy(piece)
    if not is_russian(word):
        return piece
    forms, stems = _glossary()
    return forms.get(word) or stems.get(stem(word)) or latin(word)


@cache
def _glossary() -> tuple[dict[str, str], dict[str, str]]:
    """The exact forms, and the first form of every stem."""
    forms: dict[str, str] = {}
    stems: dict[str, str] = {}
    for source in _SOURCES:
        for line in _read(source).splitlines():
            russian, english = line.split("\t")
            forms.setdefault(russian, english)
            stems.setdefault(stem(russian), english)
    return forms, stems


def _read(source: str) -> str:
    return files("bot.kb").joinpath("glossaries", source).read_text(encoding="utf-8")
