"""Ranking by shared words and shared letters, for index: finds what an encoder does not know (Russian, slang, names).

Two views of the same texts, each a TF-IDF matrix of unit rows: stemmed words, and character n-grams of two to five
letters that forgive typos. A matrix is stored by column, so that a question reads only the columns of its own features.
Letters are compared in Latin script, so that «сторадж» meets `storage` and «рутуб» RUTUBE (recall@1 of character
n-grams rose .32 -> .36 and .46 -> .47 on the Russian development sets).
"""

import re
import unicodedata
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, update_wrapper
from threading import Lock
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import snowballstemmer

T = TypeVar("T")
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

_BITS = 22
"""Of a hash: the shipped articles use about 60,000 features, so collisions are rare, and no vocabulary is stored."""

_GRAMS = (2, 5)
_LOT = 2_000
_COMMON, _COMMON_SHARE = 5_000, 20
"""A feature in more texts than both this number and a twentieth of all tells little and costs much: it is left out."""

_WORD_LENGTH, _WORDS_KEPT = 32, 16_384
"""Letters of a word that is remembered at most, and how many words are: 2 to 6 MB when it is full."""

_PRIME, _MIX = np.uint64(1_099_511_628_211), np.uint64(0x9E37_79B9_7F4A_7C15)

_WORD = re.compile(r"\w+")
_CYRILLIC = re.compile(r"[а-я]")
_LATIN = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфхцъыьэ", "abvgdeziiklmnoprstufhc_y_e", strict=True))
    | {"ж": "j", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "u", "я": "a", "ъ": "", "ь": ""}
)
_STEMMERS = {"ru": snowballstemmer.stemmer("russian"), "en": snowballstemmer.stemmer("english")}
# A stemmer keeps the word it works on in itself: two threads at once give wrong stems or an IndexError.
_STEMMING = Lock()


def by_word(work: Callable[[str], T]) -> Callable[[str], T]:
    """Remembers what was made of words: a search looks at each of a question's ten times and more."""
    known = lru_cache(maxsize=_WORDS_KEPT)(work)

    def made(text: str) -> T:
        return known(text) if len(text) <= _WORD_LENGTH else work(text)

    return update_wrapper(made, work)


@by_word
def tidy(text: str) -> str:
    """Lower case, one form of every letter, words only: what both views compare."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")))


def is_russian(tidied: str) -> bool:
    """Whether a tidied text has Russian letters in it."""
    return _CYRILLIC.search(tidied) is not None


def script(text: str) -> str | None:
    """`ru` for a text with Russian letters in it, `en` for one with Latin letters only, None for neither."""
    tidied = tidy(text)
    if is_russian(tidied):
        return "ru"
    return "en" if re.search(r"[a-z]", tidied) else None


def latin(tidied: str) -> str:
    """A tidied text in Latin letters, as it sounds."""
    return tidied.translate(_LATIN)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of one tidied Russian or English word."""
    stemmer = _STEMMERS["ru" if is_russian(word) else "en"]
    with _STEMMING:
        return str(stemmer.stemWord(word))


@dataclass(frozen=True, slots=True)
class Counts:
    """How often features stand in texts, ordered by feature: `texts` (numbers), `features` (hashes), `times`."""

    texts: Ints
    features: Ints
    times: Floats
    size: int

    @classmethod
    def of(cls, texts: npt.NDArray[np.int64], features: npt.NDArray[np.int64], size: int) -> "Counts":
        pairs, times = np.unique(features * max(size, 1) + texts, return_counts=True)
        owners, kinds = pairs % max(size, 1), pairs // max(size, 1)
        return cls(owners.astype(np.int32), kinds.astype(np.int32), times.astype(np.float32), size)

    @classmethod
    def of_one(cls, features: Ints) -> "Counts":
        """Those of one text: as `of`, which takes twice as long."""
        ordered = np.sort(features)
        fresh = np.ones(len(ordered), np.bool_)
        np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
        first = np.flatnonzero(fresh)
        times = np.append(first[1:], len(ordered)) - first
        return cls(np.zeros(len(first), np.int32), ordered[first], times.astype(np.float32), 1)

    @classmethod
    def together(cls, parts: Sequence["Counts"]) -> "Counts":
        """Several lots of texts as one, numbered on."""
        firsts = np.cumsum([0, *(part.size for part in parts)], dtype=np.int32)
        features = np.concatenate([part.features for part in parts])
        order = np.argsort(features, kind="stable")
        texts = np.concatenate([part.texts + first for part, first in zip(parts, firsts[:-1], strict=True)])
        times = np.concatenate([part.times for part in parts])
        return cls(texts[order], features[order], times[order], int(firsts[-1]))


View = Callable[[Sequence[str]], Counts]


def words(texts: Sequence[str]) -> Counts:
    """The stems of texts."""
    if len(texts) == 1:
        return Counts.of_one(np.array([_stem_feature(word) for word in tidy(texts[0]).split()], np.int32))
    found = [[_stem_feature(word) for word in tidy(text).split()] for text in texts]
    owners = np.repeat(np.arange(len(texts)), [len(each) for each in found])
    return Counts.of(owners, np.array([feature for each in found for feature in each], np.int64), len(texts))


def _stem_feature(word: str) -> int:
    return int(zlib.crc32(stem(word).encode()) & (2**_BITS - 1))


def letters(texts: Sequence[str]) -> Counts:
    """The rows of two to five letters within the words of texts; a space before and after each word is a letter."""
    if len(texts) != 1:
        return _letters(texts)
    # A question's words are seldom new, and each has its rows of letters to itself.
    found = [_letters_of_word(word) for word in tidy(texts[0]).split()]
    return Counts.of_one(np.concatenate([np.zeros(0, np.int32), *found]))


@by_word
def _letters_of_word(word: str) -> Ints:
    counts = _letters([word])
    return np.repeat(counts.features, counts.times.astype(np.int64))


def _letters(texts: Sequence[str]) -> Counts:
    # Two spaces between texts: whatever reaches over them has a space inside or two at its ends, and is left out.
    padded = [f" {latin(tidy(text))} " for text in texts]
    codes = np.frombuffer("".join(padded).encode("utf-32-le"), np.uint32).astype(np.uint64)
    owners = np.repeat(np.arange(len(texts)), [len(text) for text in padded])
    spaces = np.concatenate([[0], np.cumsum(codes == ord(" "))])
    hashes, features, places = codes * _PRIME, [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for length in range(_GRAMS[0], min(_GRAMS[1], len(codes)) + 1):
        starts = np.arange(len(codes) - length + 1)
        hashes = (hashes[: len(starts)] ^ codes[length - 1 :]) * _PRIME
        inside = spaces[starts + length - 1] - spaces[starts + 1]
        whole = (inside == 0) & (spaces[starts + length] - spaces[starts] < 2 if length == 2 else True)
        features.append(((hashes[whole] * _MIX) >> np.uint64(64 - _BITS)).astype(np.int64))
        places.append(owners[starts[whole]])
    return Counts.of(np.concatenate(places), np.concatenate(features), len(texts))


def count(view: View, texts: Sequence[str]) -> Counts:
    """Any number of texts, counted lot by lot, so that the memory of one lot is all it takes beside the result."""
    lots = [view(texts[start : start + _LOT]) for start in range(0, len(texts), _LOT)]
    return Counts.together(lots) if lots else view([])


@dataclass(frozen=True)
class Rarity:
    """What each feature weighs. `features`: those seen, ascending; `idf`: their weights. A feature never seen weighs as
    much as the rarest one."""

    features: Ints
    idf: Floats

    @classmethod
    def of(cls, counts: Counts) -> "Rarity":
        features, seen = np.unique(counts.features, return_counts=True)
        return cls(features, (np.log((1 + counts.size) / (1 + seen)) + 1).astype(np.float32))

    def weights(self, counts: Counts) -> Floats:
        """The weights of counted features, those of each text a unit vector."""
        idf = np.full(len(counts.features), self._most, np.float32)
        if len(self.features):
            places = np.minimum(np.searchsorted(self.features, counts.features), len(self.features) - 1)
            idf = np.where(self.features[places] == counts.features, self.idf[places], idf)
        weights = (1 + np.log(counts.times)) * idf
        norms = np.sqrt(np.bincount(counts.texts, weights**2, minlength=counts.size))
        return np.asarray(weights / np.maximum(norms, 1e-9)[counts.texts], np.float32)

    @cached_property
    def _most(self) -> np.float32:
        return np.float32(self.idf.max()) if len(self.idf) else np.float32(1)


@dataclass(frozen=True, slots=True)
class LexicalMatrix:
    """Texts by features, column after column. `rarity`: of the collection; `features`: those of these texts, ascending;
    `starts`: where the column of each begins in `texts` and `weights`, and one end more; `size`: how many texts."""

    rarity: Rarity
    features: Ints
    starts: npt.NDArray[np.int64]
    texts: Ints
    weights: npt.NDArray[np.float16]
    size: int

    @classmethod
    def build(cls, counts: Counts, rarity: Rarity | None = None) -> "LexicalMatrix":
        """`rarity`: that of a collection the texts are added to; without it, their own."""
        rarity = rarity or Rarity.of(counts)
        features, first, lengths = np.unique(counts.features, return_index=True, return_counts=True)
        weights = rarity.weights(counts).astype(np.float16)
        if len(lengths) and lengths.max() > (most := max(_COMMON, counts.size // _COMMON_SHARE)):
            kept = np.repeat(lengths <= most, lengths)
            counts, weights = (
                Counts(counts.texts[kept], counts.features[kept], counts.times[kept], counts.size),
                weights[kept],
            )
            features, first = np.unique(counts.features, return_index=True)
        starts = np.append(first, len(counts.features)).astype(np.int64)
        return cls(rarity, features, starts, counts.texts, weights, counts.size)

    def match(self, question: Counts) -> Floats:
        """Cosines (0..1) of one counted question with every text."""
        if not len(self.features):
            return np.zeros(self.size, np.float32)
        places = np.minimum(np.searchsorted(self.features, question.features), len(self.features) - 1)
        known = self.features[places] == question.features
        starts, ends = self.starts[places[known]], self.starts[places[known] + 1]
        lengths = ends - starts
        # Where every entry of the wanted columns lies, column after column.
        wanted = np.arange(lengths.sum()) + np.repeat(starts - np.cumsum(lengths) + lengths, lengths)
        weights = np.repeat(self.rarity.weights(question)[known], lengths) * self.weights[wanted].astype(np.float32)
        return np.bincount(self.texts[wanted], weights, minlength=self.size).astype(np.float32)
