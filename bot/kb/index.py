"""The searchable form of all published articles, in memory; the only place that knows FAISS.

A language is searched alone. Each of its articles gets one number from each ranker of `confidence.RANKERS`.
"""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

import faiss
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # ships no types

from bot.errors import Unavailable
from bot.kb.chunker import Entry, Field, collection_hash, entries, whole
from bot.kb.encoder import Encoder
from bot.kb.lexical import LETTERS, WORDS, LexicalMatrix
from bot.kb.model import Article

Floats = npt.NDArray[np.float32]
Owners = npt.NDArray[np.int64]

NEAREST = 1_024
"""Vectors looked at for one question; an entry beyond them cannot win and counts as near as the last of them."""

_MATRICES = ("question_letters", "letters", "question_words", "words")


class IndexUnusable(Unavailable):
    """The stored index is missing, damaged or made by another encoder; whoever loads it builds a new one."""

    code = "index_unusable"


@dataclass(frozen=True, slots=True)
class LanguageIndex:
    """Articles of one language, ordered by id. `vectors`: FAISS flat inner product of questions, passages and centres;
    `owners`: the article (position) of each question and passage; `matrices`: the four lexical views."""

    articles: tuple[Article, ...]
    vectors: Mapping[str, faiss.IndexFlatIP]
    owners: Mapping[str, Owners]
    matrices: Mapping[str, LexicalMatrix]

    @classmethod
    def build(cls, articles: Sequence[Article], encoder: Encoder) -> "LanguageIndex":
        ordered = tuple(sorted(articles, key=lambda article: article.id))
        rows = [(place, entry) for place, article in enumerate(ordered) for entry in entries(article)]
        questions, passages = _of(Field.QUESTION, rows), _of(Field.PASSAGE, rows)
        asked = [entry.text for _, entry in questions]
        # One call for both, so that the encoder can fill its batches.
        encoded = encoder.encode([*asked, *(entry.text for _, entry in passages)])
        owners = {"question": _owners(questions), "passage": _owners(passages)}
        vectors = {"question": encoded[: len(asked)], "passage": encoded[len(asked) :]}
        vectors["centre"] = _centres(vectors["question"], owners["question"], len(ordered))
        texts = [whole(article) for article in ordered]
        matrices = {
            "question_letters": LexicalMatrix.build(LETTERS, asked),
            "letters": LexicalMatrix.build(LETTERS, texts),
            "question_words": LexicalMatrix.build(WORDS, asked),
            "words": LexicalMatrix.build(WORDS, texts),
        }
        flat = {name: _flat(rows, encoder.dimension) for name, rows in vectors.items()}
        return cls(ordered, flat, owners, matrices)

    @property
    def size(self) -> int:
        return sum(index.ntotal for name, index in self.vectors.items() if name != "centre")

    def features(self, text: str, vector: Floats) -> Floats:
        """One row for each article, one column for each ranker, all cosines; `vector`: the question's unit vector."""
        letters, words = LETTERS.transform([text]).tocsr(), WORDS.transform([text]).tocsr()
        count, asked = len(self.articles), self.owners["question"]
        everyone = np.arange(count)
        columns = (
            self._near("question", vector, asked),
            self._near("passage", vector, self.owners["passage"]),
            self._near("centre", vector, everyone),
            _best(self.matrices["question_letters"].match(letters), asked, count),
            self.matrices["letters"].match(letters),
            _best(self.matrices["question_words"].match(words), asked, count),
            self.matrices["words"].match(words),
        )
        return np.column_stack(columns).astype(np.float32)

    def _near(self, name: str, vector: Floats, owners: Owners) -> Floats:
        index = self.vectors[name]
        if not index.ntotal:
            return np.zeros(len(self.articles), np.float32)
        cosines, places = index.search(vector[None], min(index.ntotal, NEAREST))
        floor = float(cosines[0, -1]) if index.ntotal > NEAREST else 0.0
        return _best(cosines[0], owners[places[0]], len(self.articles), floor)

    def to_files(self) -> dict[str, bytes]:
        """Contents by file name; read back by `from_files`."""
        arrays: dict[str, npt.NDArray[np.generic]] = {f"owners.{name}": rows for name, rows in self.owners.items()}
        for name, matrix in self.matrices.items():
            rows = matrix.rows
            parts = (matrix.columns, matrix.idf, rows.data, rows.indices, rows.indptr)
            arrays |= {f"{name}.{part}": array for part, array in zip(_PARTS, parts, strict=True)}
        packed = io.BytesIO()
        np.savez(packed, allow_pickle=False, **arrays)
        articles = json.dumps([asdict(article) for article in self.articles], ensure_ascii=False)
        flat = {f"{name}.faiss": faiss.serialize_index(index).tobytes() for name, index in self.vectors.items()}
        return {"articles.json": articles.encode(), "lexical.npz": packed.getvalue(), **flat}

    @classmethod
    def from_files(cls, files: Mapping[str, bytes], dimension: int) -> "LanguageIndex":
        """Raises IndexUnusable when the vectors have another dimension or the files do not fit together."""
        articles = tuple(_article(row) for row in json.loads(files["articles.json"]))
        with np.load(io.BytesIO(files["lexical.npz"]), allow_pickle=False) as arrays:
            owners = {name: arrays[f"owners.{name}"] for name in ("question", "passage")}
            matrices = {name: _matrix([arrays[f"{name}.{part}"] for part in _PARTS]) for name in _MATRICES}
        vectors = {name: _read(files[f"{name}.faiss"]) for name in ("question", "passage", "centre")}
        expected = {"question": len(owners["question"]), "passage": len(owners["passage"]), "centre": len(articles)}
        for name, index in vectors.items():
            if index.d != dimension or index.ntotal != expected[name]:
                raise IndexUnusable(
                    f"{name}.faiss has {index.ntotal} vectors of {index.d} numbers, "
                    f"expected {expected[name]} of {dimension}"
                )
        return cls(articles, vectors, owners, matrices)


@dataclass(frozen=True, slots=True)
class Index:
    """All languages. `encoder`, `dimension`: what made the vectors; `content_hash`: of the articles it holds."""

    languages: Mapping[str, LanguageIndex]
    encoder: str
    dimension: int
    content_hash: str
    version: str = ""

    @classmethod
    def build(cls, articles: Iterable[Article], encoder: Encoder) -> "Index":
        """Encodes what the encoder has not seen yet; blocks, so call it in a thread."""
        known = list(articles)
        languages = {
            lang: LanguageIndex.build([article for article in known if article.lang == lang], encoder)
            for lang in sorted({article.lang for article in known})
        }
        return cls(languages, encoder.name, encoder.dimension, collection_hash(known))


_PARTS = ("columns", "idf", "data", "indices", "indptr")


def _of(field: Field, rows: list[tuple[int, Entry]]) -> list[tuple[int, Entry]]:
    return [(place, entry) for place, entry in rows if entry.field is field]


def _owners(rows: list[tuple[int, Entry]]) -> Owners:
    return np.array([place for place, _ in rows], np.int64)


def _centres(vectors: Floats, owners: Owners, count: int) -> Floats:
    """The unit mean of every article's question vectors."""
    sums = np.zeros((count, vectors.shape[1]), np.float32)
    np.add.at(sums, owners, vectors)
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9), np.float32)


def _best(values: Floats, owners: Owners, count: int, floor: float = 0.0) -> Floats:
    """The highest value of every article; `floor` for one without any and for values below it."""
    best = np.full(count, floor, np.float32)
    np.maximum.at(best, owners, values)
    return best


def _flat(vectors: Floats, dimension: int) -> faiss.IndexFlatIP:
    index = faiss.IndexFlatIP(dimension)
    index.add(np.ascontiguousarray(vectors, np.float32))
    return index


def _read(content: bytes) -> faiss.IndexFlatIP:
    try:
        return cast(faiss.IndexFlatIP, faiss.deserialize_index(np.frombuffer(content, np.uint8)))
    except RuntimeError as error:
        raise IndexUnusable(f"not a FAISS index: {error}") from error


def _matrix(parts: list[npt.NDArray[Any]]) -> LexicalMatrix:
    columns, idf, data, indices, indptr = parts
    return LexicalMatrix(columns, idf, csr_matrix((data, indices, indptr), (len(indptr) - 1, len(columns))))


def _article(row: dict[str, Any]) -> Article:
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return Article(**fields)
