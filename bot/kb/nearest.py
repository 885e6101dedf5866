"""The vectors of one kind of entry of all articles, and how near each article comes to a question; the only place that
knows FAISS."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from bot.errors import Unavailable

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

FLAT = 100_000
"""Vectors up to which every one is compared; beyond that a graph (HNSW) is walked, which misses a few."""

NEAREST, WALKED = 1_024, 512
"""Vectors looked at for one question, of a flat index and of a graph; an entry beyond them cannot win and counts as
near as the last of them."""

_LINKS, _CARE = 16, 80
"""Neighbours of a vector in the graph, and candidates looked at when it is linked."""


class IndexUnusable(Unavailable):
    """The stored index is missing, damaged or made by another encoder; whoever loads it builds a new one."""

    code = "index_unusable"


@dataclass(frozen=True)
class Owners:
    """`each`: the article (position) of every entry; entries of one article stand together."""

    each: Places

    @cached_property
    def _runs(self) -> tuple[Places, Places]:
        """The articles that have any entry, and where those of each begin."""
        articles, starts = np.unique(self.each, return_index=True)
        return articles, starts.astype(np.int64)

    def highest(self, values: Floats, size: int, floor: Floats) -> Floats:
        """Values of entries, one row for each, as one row for each of `size` articles: the highest of every column;
        `floor`, one number for each column, for an article without any."""
        best = np.full((size, values.shape[1]), floor, np.float32)
        articles, starts = self._runs
        if len(articles):
            best[articles] = np.maximum.reduceat(values, starts)
        return best


@dataclass(frozen=True)
class Vectors:
    """`indexes`: unit vectors of each network of the encoder in a flat index of its own, or all networks' together in
    one graph; `parts`: how many numbers of a whole vector each network gave."""

    indexes: tuple[faiss.Index, ...]
    parts: tuple[int, ...]

    @classmethod
    def build(cls, rows: Floats, parts: tuple[int, ...]) -> "Vectors":
        if len(rows) > FLAT:
            return cls((_filled(_graph(rows.shape[1]), rows),), parts)
        split = _split(rows, parts)
        return cls(tuple(_filled(faiss.IndexFlatIP(part.shape[1]), part) for part in split), parts)

    def __len__(self) -> int:
        return int(self.indexes[0].ntotal)

    @property
    def graph(self) -> faiss.IndexHNSW | None:
        first = self.indexes[0]
        return first if isinstance(first, faiss.IndexHNSW) else None

    def near(self, vector: Floats, owners: Owners, size: int) -> Floats:
        """One row for each of `size` articles, one column for each network: the cosine of its nearest entry."""
        if not len(self):
            return np.zeros((size, len(self.parts)), np.float32)
        return self._walked(vector, owners, size) if self.graph else self._compared(vector, owners, size)

    def save(self, folder: Path, name: str) -> None:
        for index, file in zip(self.indexes, _files(folder, name, len(self.indexes)), strict=True):
            faiss.write_index(index, str(file))

    @classmethod
    def load(cls, folder: Path, name: str, parts: tuple[int, ...], count: int) -> "Vectors":
        """Maps the files into memory. Raises IndexUnusable when they are not `count` vectors of these parts, OSError
        when they cannot be read."""
        first = _read(_files(folder, name, 1)[0])
        others = [] if isinstance(first, faiss.IndexHNSW) else _files(folder, name, len(parts))[1:]
        indexes = (first, *map(_read, others))
        widths = parts if others else (sum(parts),)
        for index, width in zip(indexes, widths, strict=True):
            if index.d != width or index.ntotal != count:
                raise IndexUnusable(
                    f"{name}.faiss has {index.ntotal} vectors of {index.d} numbers, expected {count} of {width}"
                )
        return cls(indexes, parts)

    def _compared(self, vector: Floats, owners: Owners, size: int) -> Floats:
        cosines = np.empty((len(self.parts), len(self)), np.float32)
        for index, part, row in zip(self.indexes, _split(vector[None], self.parts), cosines, strict=True):
            # A search of the index compares the same way, and then sorts what the best of each article makes
            # superfluous.
            stored: Any = index
            faiss.fvec_inner_products_ny(  # type: ignore[attr-defined]  # its stubs leave this one out
                faiss.swig_ptr(row), faiss.swig_ptr(part), stored.get_xb(), index.d, index.ntotal
            )
        beyond = len(self) - NEAREST
        floor = np.zeros(len(self.parts), np.float32)
        if beyond > 0:
            floor = np.partition(cosines, beyond, axis=1)[:, beyond]
        return np.maximum(owners.highest(np.ascontiguousarray(cosines.T), size, floor), floor)

    def _walked(self, vector: Floats, owners: Owners, size: int) -> Floats:
        graph = self.indexes[0]
        _, places = graph.search(np.ascontiguousarray(vector[None], np.float32), min(len(self), WALKED))
        found = np.sort(places[0][places[0] >= 0])
        rows = _split(graph.reconstruct_batch(found), self.parts)
        asked = _split(vector[None], self.parts)
        cosines = np.hstack([row @ part.T for row, part in zip(rows, asked, strict=True)])
        floor = cosines.min(axis=0) if len(self) > WALKED else np.zeros(len(self.parts), np.float32)
        best = Owners(owners.each[found]).highest(cosines, size, floor)
        return np.asarray(np.maximum(best, floor), np.float32)


def centres(vectors: Floats, owners: Owners, size: int, parts: tuple[int, ...]) -> Floats:
    """The mean of every article's vectors, each network's part as long as in a unit vector."""
    sums = np.zeros((size, vectors.shape[1]), np.float32)
    np.add.at(sums, owners.each, vectors)
    rows = np.split(sums, np.cumsum(parts)[:-1], axis=1)
    units = [row / np.maximum(np.linalg.norm(row, axis=1, keepdims=True), 1e-9) for row in rows]
    return np.asarray(np.hstack(units) / np.sqrt(len(parts)), np.float32)


def _split(rows: Floats, parts: tuple[int, ...]) -> list[Floats]:
    """Whole unit vectors as unit vectors of each network."""
    return [
        np.ascontiguousarray(part * np.sqrt(len(parts)), np.float32)
        for part in np.split(rows, np.cumsum(parts)[:-1], axis=1)
    ]


def _filled(index: faiss.Index, rows: Floats) -> faiss.Index:
    index.add(np.ascontiguousarray(rows, np.float32))
    return index


def _graph(dimension: int) -> faiss.Index:
    graph = faiss.IndexHNSWFlat(dimension, _LINKS, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction, graph.hnsw.efSearch = _CARE, WALKED
    return graph


def _files(folder: Path, name: str, count: int) -> Sequence[Path]:
    return [folder / (f"{name}.{number}.faiss" if number else f"{name}.faiss") for number in range(count)]


def _read(path: Path) -> faiss.Index:
    if not path.exists():
        raise FileNotFoundError(2, os.strerror(2), str(path))
    try:
        return faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    except RuntimeError as error:
        raise IndexUnusable(f"{path.name} is not a FAISS index: {error}") from error
