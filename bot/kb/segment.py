"""Some articles of one language in searchable form, made once and never changed; the only place that knows FAISS.

An index is a large segment that lies in files mapped into memory, and a small one with what was edited since.
"""

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from bot.errors import Unavailable
from bot.kb.chunker import Entry, Field, entries, whole
from bot.kb.encoder import Encoder
from bot.kb.lexical import Counts, LexicalMatrix, Rarity, View, count, letters, tidy, words
from bot.kb.lexicon import Lexicon, lexicons
from bot.kb.model import Article

Floats = npt.NDArray[np.float32]
Owners = npt.NDArray[np.int64]
Arrays = Mapping[str, npt.NDArray[Any]]

FLAT = 100_000
"""Vectors up to which every one is compared; beyond that a graph (HNSW) is walked, which misses a few."""

NEAREST, WALKED = 1_024, 512
"""Vectors looked at for one question, of a flat index and of a graph; an entry beyond them cannot win and counts as
near as the last of them."""

_LINKS, _CARE = 16, 80
"""Neighbours of a vector in the graph, and candidates looked at when it is linked."""

_VECTORS = ("question", "passage", "centre")
_VIEWS: Mapping[str, View] = {"letters": letters, "words": words}
_ALIGN = 64


class IndexUnusable(Unavailable):
    """The stored index is missing, damaged or made by another encoder; whoever loads it builds a new one."""

    code = "index_unusable"


@dataclass(frozen=True)
class Segment:
    """`vectors`: FAISS inner product of questions, passages and centres; `owners`: the article (position) of each
    question and passage; `matrices`: the lexical views of questions and of whole articles; `spoken`: how often each
    word stands in the articles; `stored`: the folder it lies in."""

    articles: tuple[Article, ...]
    vectors: Mapping[str, faiss.Index]
    owners: Mapping[str, Owners]
    matrices: Mapping[str, LexicalMatrix]
    spoken: Mapping[str, float]
    stored: Path | None = None

    @classmethod
    def build(
        cls, articles: Iterable[Article], encoder: Encoder, lang: str, beside: "Segment | None" = None
    ) -> "Segment":
        """`beside`: the segment these articles will be searched together with; words are as rare as they are there."""
        ordered = tuple(sorted(articles, key=lambda article: article.id))
        rows = [(place, entry) for place, article in enumerate(ordered) for entry in entries(article)]
        questions, passages = _of(Field.QUESTION, rows), _of(Field.PASSAGE, rows)
        asked = [entry.text for _, entry in questions]
        # One call for both, so that the encoder can fill its batches.
        encoded = encoder.encode([*asked, *(entry.text for _, entry in passages)], lang)
        owners = {"question": _owners(questions), "passage": _owners(passages)}
        vectors = {"question": encoded[: len(asked)], "passage": encoded[len(asked) :]}
        vectors["centre"] = _centres(vectors["question"], owners["question"], len(ordered))
        texts = [whole(article) for article in ordered]
        matrices = {
            name: LexicalMatrix.build(count(view, lines), beside.matrices[name].rarity if beside else None)
            for kind, view in _VIEWS.items()
            for name, lines in ((f"question_{kind}", asked), (kind, texts))
        }
        spoken = Counter(word for text in texts for word in tidy(text).split())
        return cls(ordered, {name: _index(rows) for name, rows in vectors.items()}, owners, matrices, spoken)

    @property
    def size(self) -> int:
        """Questions and passages."""
        return sum(map(len, self.owners.values()))

    @cached_property
    def lexicons(self) -> Mapping[str, Lexicon]:
        return lexicons(self.spoken)

    def features(self, counts: Mapping[str, Counts], vector: Floats) -> Floats:
        """One row for each article, one column for each ranker. `counts`: the question's, by view."""
        size, (asked, starts) = len(self.articles), self._runs["question"]
        matched = {name: matrix.match(counts[name.removeprefix("question_")]) for name, matrix in self.matrices.items()}
        columns = (
            *(self._near(name, vector) for name in _VECTORS),
            _highest(matched["question_letters"], asked, starts, size),
            matched["letters"],
            _highest(matched["question_words"], asked, starts, size),
            matched["words"],
        )
        return np.column_stack(columns)

    def save(self, folder: Path) -> None:
        """Writes every file of the segment into a new folder."""
        folder.mkdir(parents=True)
        rows = [asdict(article) for article in self.articles]
        (folder / "articles.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        (folder / "words.json").write_text(json.dumps(self.spoken, ensure_ascii=False), encoding="utf-8")
        for name, index in self.vectors.items():
            faiss.write_index(index, str(folder / f"{name}.faiss"))
        _pack(folder / "arrays.bin", _arrays(self))

    def moved(self, folder: Path) -> "Segment":
        """This segment, with what it has worked out, known to lie elsewhere."""
        segment = copy(self)
        object.__setattr__(segment, "stored", folder)
        return segment

    @classmethod
    def load(cls, folder: Path) -> "Segment":
        """Maps a stored segment into memory. Raises IndexUnusable when the files do not fit together,
        OSError, ValueError or KeyError when they cannot be read."""
        articles = tuple(_article(row) for row in json.loads((folder / "articles.json").read_text(encoding="utf-8")))
        spoken = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        arrays = _unpack(folder / "arrays.bin")
        owners = {name: arrays[f"owners.{name}"] for name in ("question", "passage")}
        matrices = {name: _matrix(name, arrays) for kind in _VIEWS for name in (f"question_{kind}", kind)}
        vectors = {name: _read(folder / f"{name}.faiss") for name in _VECTORS}
        expected = {name: len(rows) for name, rows in owners.items()} | {"centre": len(articles)}
        dimension = vectors["centre"].d
        for name, index in vectors.items():
            if index.d != dimension or index.ntotal != expected[name]:
                raise IndexUnusable(
                    f"{name}.faiss has {index.ntotal} vectors of {index.d} numbers, "
                    f"expected {expected[name]} of {dimension}"
                )
        return cls(articles, vectors, owners, matrices, spoken, folder)

    @cached_property
    def _runs(self) -> Mapping[str, tuple[Owners, Owners]]:
        """Of questions, passages and centres: the articles that have any, and where those of each begin."""
        centres = np.arange(len(self.articles))
        runs = {name: np.unique(owners, return_index=True) for name, owners in self.owners.items()}
        return {**runs, "centre": (centres, centres)}

    def _near(self, name: str, vector: Floats) -> Floats:
        index, (owners, starts) = self.vectors[name], self._runs[name]
        if not index.ntotal:
            return np.zeros(len(self.articles), np.float32)
        if not isinstance(index, faiss.IndexFlat):
            return self._walked(name, index, vector)
        cosines = np.empty(index.ntotal, np.float32)
        query = np.ascontiguousarray(vector, np.float32)
        # A search of the index compares the same way, and then sorts what the best of each article makes superfluous.
        faiss.fvec_inner_products_ny(  # type: ignore[attr-defined]  # its stubs leave this one out
            faiss.swig_ptr(cosines), faiss.swig_ptr(query), index.get_xb(), index.d, index.ntotal
        )
        beyond = index.ntotal - NEAREST
        floor = float(np.partition(cosines, beyond)[beyond]) if beyond > 0 else 0.0
        return np.maximum(_highest(cosines, owners, starts, len(self.articles), floor), floor)

    def _walked(self, name: str, index: faiss.Index, vector: Floats) -> Floats:
        cosines, places = index.search(vector[None], min(index.ntotal, WALKED))
        found = places[0] >= 0
        floor = float(cosines[0, found][-1]) if index.ntotal > WALKED else 0.0
        owners = self.owners[name] if name in self.owners else np.arange(len(self.articles))
        return _best(cosines[0, found], owners[places[0, found]], len(self.articles), floor)


def question_counts(text: str) -> dict[str, Counts]:
    """What the lexical views see of one question."""
    return {kind: view([text]) for kind, view in _VIEWS.items()}


def _of(field: Field, rows: Sequence[tuple[int, Entry]]) -> list[tuple[int, Entry]]:
    return [(place, entry) for place, entry in rows if entry.field is field]


def _owners(rows: Sequence[tuple[int, Entry]]) -> Owners:
    return np.array([place for place, _ in rows], np.int64)


def _centres(vectors: Floats, owners: Owners, size: int) -> Floats:
    """The unit mean of every article's question vectors."""
    sums = np.zeros((size, vectors.shape[1]), np.float32)
    np.add.at(sums, owners, vectors)
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9), np.float32)


def _highest(values: Floats, owners: Owners, starts: Owners, size: int, floor: float = 0.0) -> Floats:
    """The highest of each article's values, which stand together from `starts` on; `floor` for one without any."""
    best = np.full(size, floor, np.float32)
    if len(starts):
        best[owners] = np.maximum.reduceat(values, starts)
    return best


def _best(values: Floats, owners: Owners, size: int, floor: float = 0.0) -> Floats:
    """The highest value of every article; `floor` for one without any and for values below it."""
    best = np.full(size, floor, np.float32)
    np.maximum.at(best, owners, values)
    return best


def _index(vectors: Floats) -> faiss.Index:
    index = faiss.IndexFlatIP(vectors.shape[1]) if len(vectors) <= FLAT else _graph(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors, np.float32))
    return index


def _graph(dimension: int) -> faiss.Index:
    graph = faiss.IndexHNSWFlat(dimension, _LINKS, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction, graph.hnsw.efSearch = _CARE, WALKED
    return graph


def _read(path: Path) -> faiss.Index:
    if not path.exists():
        raise FileNotFoundError(2, os.strerror(2), str(path))
    try:
        return faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    except RuntimeError as error:
        raise IndexUnusable(f"{path.name} is not a FAISS index: {error}") from error


_RARITY, _COLUMNS = ("features", "idf"), ("features", "starts", "texts", "weights")


def _arrays(segment: Segment) -> Arrays:
    arrays: dict[str, npt.NDArray[Any]] = {f"owners.{name}": rows for name, rows in segment.owners.items()}
    for name, matrix in segment.matrices.items():
        arrays |= {f"{name}.{part}": getattr(matrix, part) for part in _COLUMNS}
        arrays |= {f"{name}.rarity.{part}": getattr(matrix.rarity, part) for part in _RARITY}
        arrays[f"{name}.size"] = np.array([matrix.size])
    return arrays


def _matrix(name: str, arrays: Arrays) -> LexicalMatrix:
    rarity = Rarity(*(arrays[f"{name}.rarity.{part}"] for part in _RARITY))
    features, starts, texts, weights = (arrays[f"{name}.{part}"] for part in _COLUMNS)
    return LexicalMatrix(rarity, features, starts, texts, weights, int(arrays[f"{name}.size"][0]))


def _pack(path: Path, arrays: Arrays) -> None:
    """All arrays in one file that can be mapped: a line of JSON that says what lies where, then the arrays."""
    plan, start = {}, 0
    for name, array in arrays.items():
        plan[name] = (array.dtype.str, len(array), start)
        start += array.nbytes + -array.nbytes % _ALIGN
    head = json.dumps(plan).encode() + b"\n"
    with path.open("wb") as file:
        file.write(head + b"\n" * (-len(head) % _ALIGN))
        for array in arrays.values():
            file.write(np.ascontiguousarray(array).data)
            file.write(b"\0" * (-array.nbytes % _ALIGN))


def _unpack(path: Path) -> Arrays:
    with path.open("rb") as file:
        head = file.readline()
    content = np.memmap(path, np.uint8, "r")
    first = len(head) + -len(head) % _ALIGN
    return {
        name: np.frombuffer(content, kind, length, first + start) if length else np.zeros(0, kind)
        for name, (kind, length, start) in json.loads(head).items()
    }


def _article(row: dict[str, Any]) -> Article:
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return Article(**fields)
