"""The words of one language: how likely each is, and which are one slip of the finger away; for readings of a question.

A word is likely as often as it was counted; an unknown one as likely as its letters follow each other in the counted
words, so that «фывапр» and «сервак» differ though neither is known.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from math import log

import numpy as np
import numpy.typing as npt

from bot.kb.alphabet import sounds
from bot.kb.lexical import stem

LETTERS = {"ru": "абвгдежзийклмнопрстуфхцчшщъыьэюя", "en": "abcdefghijklmnopqrstuvwxyz"}
_ALPHABETS = {lang: re.compile(f"[{letters}]+") for lang, letters in LETTERS.items()}

UNKNOWN = log(2e-2)
"""Share of words in customers' questions that the lists do not know: 0.02 in English, 0.13 in Russian."""

_FORMS = 30
"""Words with the same beginning that are looked at for another form of a word; stems have fewer forms than that."""

_COMMON = 3_000
"""Words that show which endings there are; stemming all of them takes seconds."""

Hashes = npt.NDArray[np.uint64]
_PRIME = np.uint64(1_099_511_628_211)
_INVERSE = np.uint64(pow(1_099_511_628_211, -1, 2**64))


class Letters:
    """How letters follow two others in the words of a language."""

    def __init__(self, lang: str, counts: Mapping[str, float]) -> None:
        self._place = {letter: place for place, letter in enumerate(LETTERS[lang], start=1)}
        size = len(self._place) + 1
        seen = np.zeros((size, size, size))
        places = np.concatenate([self._places(word) for word in counts])
        weights = np.repeat([1 + log(1 + times) for times in counts.values()], [len(word) + 3 for word in counts])
        # Rows of letters begin with two blanks, so what lies across two words says only that a word begins.
        np.add.at(seen, (places[:-2], places[1:-1], places[2:]), weights[2:])
        single = seen.sum(axis=(0, 1)) / seen.sum()
        pairs = seen.sum(axis=0) + 5 * single
        pairs /= pairs.sum(axis=1, keepdims=True)
        table = seen + 5 * pairs[None]
        self._table = np.log(table / table.sum(axis=2, keepdims=True)).astype(np.float32)

    def chance(self, word: str) -> float:
        """Log-probability of a lower-case word as a row of letters."""
        places = self._places(word)
        return float(self._table[places[:-2], places[1:-1], places[2:]].sum())

    def _places(self, word: str) -> npt.NDArray[np.int64]:
        return np.array([0, 0, *(self._place.get(letter, 0) for letter in word), 0], np.int64)


class Lexicon:
    """Counted words of one language; what it answers never changes, so threads may share it."""

    def __init__(self, counts: Mapping[str, float]) -> None:
        self._counts = counts
        self._total = max(sum(counts.values()), 1e4)
        """A knowledge base of a few articles does not make each of its words a likely one."""

    def __contains__(self, word: str) -> bool:
        if word in self._counts:
            return True
        root = stem(word)
        return word[len(root) :] in self._endings and self._has_form_of(root)

    def chance(self, word: str) -> float | None:
        """Log-probability of a word that was counted."""
        times = self._counts.get(word)
        return None if times is None else log(times / self._total)

    def near(self, word: str) -> set[str]:
        """Counted words that one letter more, less, other or swapped makes of `word`."""
        words, hashes, owners = self._one_less
        found = set()
        keys = _one_less([word])[0]
        for first, last in zip(np.searchsorted(hashes, keys), np.searchsorted(hashes, keys, "right"), strict=True):
            found |= {words[owner] for owner in owners[first:last] if is_one_slip(word, words[owner])}
        return found

    def sounding(self, word: str) -> list[str]:
        """Counted words that a word in Latin letters may stand for."""
        return [found for key in sounds(word) for found in self._by_sound.get(key, ())]

    def _has_form_of(self, root: str) -> bool:
        words = self._in_order
        start = bisect_left(words, root)
        return any(stem(word) == root for word in words[start : start + _FORMS] if word.startswith(root))

    @cached_property
    def _endings(self) -> frozenset[str]:
        commonest = sorted(self._counts, key=lambda word: -self._counts[word])[:_COMMON]
        seen = Counter(word[len(stem(word)) :] for word in commonest)
        return frozenset(ending for ending, times in seen.items() if times > 2)

    @cached_property
    def _in_order(self) -> list[str]:
        return sorted(self._counts)

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        if not self._counts:
            return found
        # All words in one text: thirteen passes over it instead of thirteen over each word.
        for word, key in zip(self._counts, sounds("\n".join(self._counts))[0].split("\n"), strict=True):
            found.setdefault(key, []).append(word)
        return found

    @cached_property
    def _one_less(self) -> tuple[list[str], Hashes, npt.NDArray[np.int64]]:
        words = sorted((word for word in self._counts if len(word) >= 3), key=len)
        lengths = np.array([len(word) for word in words], np.int64)
        hashes, owners = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
        for length in np.unique(lengths):
            places = np.flatnonzero(lengths == length)
            keys = _one_less([words[place] for place in places])
            hashes.append(keys.ravel())
            owners.append(np.repeat(places, keys.shape[1]))
        keys, places = np.concatenate(hashes), np.concatenate(owners)
        order = np.argsort(keys, kind="stable")
        return words, keys[order], places[order]


def is_one_slip(typed: str, meant: str) -> bool:
    """Whether one letter more, less, other or swapped with its neighbour makes one word of the other."""
    shorter, longer = sorted((typed, meant), key=len)
    start = next((at for at, pair in enumerate(zip(shorter, longer, strict=False)) if len(set(pair)) > 1), len(shorter))
    rest, other = shorter[start:], longer[start:]
    if len(rest) != len(other):
        return rest == other[1:]
    return rest[1:] == other[1:] or (rest[:2] == other[1::-1] and rest[2:] == other[2:])


def _one_less(words: Sequence[str]) -> Hashes:
    """One row for each word, all of one length: the hash of the word and of what each left out letter leaves."""
    codes = np.array([[ord(letter) for letter in word] for word in words], np.uint64)
    powers = np.cumprod(np.full(codes.shape[1], _PRIME), dtype=np.uint64)
    parts = np.zeros((len(words), codes.shape[1] + 1), np.uint64)
    np.cumsum(codes * powers, axis=1, out=parts[:, 1:])
    left, total = parts[:, :-1], parts[:, -1:]
    return np.column_stack([total, left + (total - parts[:, 1:]) * _INVERSE])


def lexicons(counts: Mapping[str, float]) -> dict[str, Lexicon]:
    """The counted words of a knowledge base, by language."""
    found: dict[str, dict[str, float]] = {lang: {} for lang in LETTERS}
    for word, times in counts.items():
        if (lang := language(word)) is not None:
            found[lang][word] = times
    return {lang: Lexicon(words) for lang, words in found.items()}


@lru_cache(maxsize=50_000)
def language(word: str) -> str | None:
    """The language whose letters alone make a tidied word."""
    return next((lang for lang, alphabet in _ALPHABETS.items() if alphabet.fullmatch(word)), None)


@cache
def shipped(lang: str) -> tuple[Lexicon, Letters]:
    """The shipped words of a language."""
    rows = files("bot.kb").joinpath("wordlists", f"{lang}.tsv").read_text(encoding="utf-8").splitlines()
    counts = {word: float(times) for word, times in (row.split("\t") for row in rows)}
    return Lexicon(counts), Letters(lang, counts)
