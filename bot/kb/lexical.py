"""Ranking by shared words and shared letters, for index: finds what an encoder does not know (Russian, slang, names).

Two views of the same texts, each a TF-IDF matrix of unit rows: stemmed words, and character n-grams of two to five
letters that forgive typos. Letters are compared in Latin script, so that «сторадж» meets `storage` and «рутуб» RUTUBE
(recall@1 of character n-grams rose .32 -> .36 and .46 -> .47 on the Russian development sets).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import numpy as np
import numpy.typing as npt
import snowballstemmer
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # ships no types
from sklearn.feature_extraction.text import HashingVectorizer

Floats = npt.NDArray[np.float32]

_BUCKETS = 2**20
"""Hash buckets: the shipped articles use about 60,000, so collisions are rare, and no vocabulary has to be stored."""

_WORD = re.compile(r"\w+")
_CYRILLIC = re.compile(r"[а-я]")
_LATIN = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфхцъыьэ", "abvgdeziiklmnoprstufhc_y_e", strict=True))
    | {"ж": "j", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "u", "я": "a", "ъ": "", "ь": ""}
)
_STEMMERS = {"ru": snowballstemmer.stemmer("russian"), "en": snowballstemmer.stemmer("english")}
# A stemmer keeps the word it works on in itself: two threads at once give wrong stems or an IndexError.
_STEMMING = Lock()


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


def _letters(text: str) -> str:
    return latin(tidy(text))


def _stems(text: str) -> list[str]:
    return [stem(word) for word in tidy(text).split()]


LETTERS = HashingVectorizer(
    preprocessor=_letters, analyzer="char_wb", ngram_range=(2, 5), n_features=_BUCKETS, alternate_sign=False, norm=None
)
WORDS = HashingVectorizer(analyzer=_stems, n_features=_BUCKETS, alternate_sign=False, norm=None)


@dataclass(frozen=True, slots=True)
class LexicalMatrix:
    """TF-IDF rows of texts over the hash buckets they use. `columns`: those buckets, ascending; `idf`: their weights;
    `rows`: unit rows, one for each text. An unknown feature of a query weighs as much as the rarest known one."""

    columns: npt.NDArray[np.int64]
    idf: Floats
    rows: csr_matrix

    @classmethod
    def build(cls, view: HashingVectorizer, texts: Sequence[str]) -> "LexicalMatrix":
        counts = view.transform(texts).tocsr() if texts else csr_matrix((0, _BUCKETS))
        columns, seen = np.unique(counts.indices, return_counts=True)
        idf = (np.log((1 + len(texts)) / (1 + seen)) + 1).astype(np.float32)
        weights = (1 + np.log(counts.data)) * idf[np.searchsorted(columns, counts.indices)]
        shape = (len(texts), len(columns))
        rows = csr_matrix((weights, np.searchsorted(columns, counts.indices), counts.indptr), shape, dtype=np.float32)
        norms = np.sqrt(np.bincount(_row_numbers(rows), rows.data**2, minlength=len(texts)))
        rows.data /= np.maximum(norms, 1e-9)[_row_numbers(rows)].astype(np.float32)
        return cls(columns.astype(np.int64), idf, rows)

    def match(self, counts: csr_matrix) -> Floats:
        """Cosines (0..1) of a query's counts, one row over all buckets, with every text."""
        if not len(self.columns):
            return np.zeros(self.rows.shape[0], np.float32)
        places = np.minimum(np.searchsorted(self.columns, counts.indices), len(self.columns) - 1)
        known = self.columns[places] == counts.indices
        weights = (1 + np.log(counts.data)) * np.where(known, self.idf[places], self.idf.max())
        query = np.zeros(len(self.columns), dtype=np.float32)
        query[places[known]] = weights[known]
        return np.asarray(self.rows @ query / max(float(np.linalg.norm(weights)), 1e-9), np.float32)


def _row_numbers(rows: csr_matrix) -> npt.NDArray[np.int64]:
    return np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
