"""Reads the four-bit weights and the word pieces of multilingual-e5-small out of the package that carries them."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_MAGIC = b"E5S1"
_HEAD = struct.Struct("<I7ifi")
_BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])
"""Thirty-two weights: one scale, and sixteen bytes that hold two numbers of four bits each."""


@dataclass(frozen=True, slots=True)
class Weights:
    """`pieces`: the unigram vocabulary with log probabilities, by number; `tensors`: flat, by name; `width`, `layers`,
    `heads`, `inner`, `longest`: the shape of the network."""

    pieces: list[tuple[str, float]]
    tensors: dict[str, Floats]
    width: int
    layers: int
    heads: int
    inner: int
    longest: int


class _Reader:
    def __init__(self, content: bytes) -> None:
        self.content, self.at = content, 0

    def take(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from(form, self.content, self.at)
        self.at += struct.calcsize(form)
        return values

    def array(self, kind: npt.DTypeLike, count: int) -> npt.NDArray[np.generic]:
        values = np.frombuffer(self.content, kind, count, self.at)
        self.at += values.nbytes
        return values


def read(path: Path) -> Weights:
    """Raises ValueError for a file of another format."""
    reader = _Reader(path.read_bytes())
    if reader.content[:4] != _MAGIC:
        raise ValueError(f"{path} does not begin with {_MAGIC!r}")
    reader.at = len(_MAGIC)
    _, width, layers, heads, inner, _, longest, *_ = reader.take(_HEAD.format)
    pieces = _pieces(reader)
    return Weights(pieces, dict(_tensors(reader)), width, layers, heads, inner, longest)


def _pieces(reader: _Reader) -> list[tuple[str, float]]:
    (count, *_specials) = reader.take("<5i")
    (length,) = reader.take("<Q")
    ends = reader.array(np.uint32, count + 1)
    scores = reader.array(np.float32, count)
    letters = reader.content[reader.at : reader.at + length]
    reader.at += length
    _, size = reader.take("<iI")
    # The map of odd characters is left out: NFKC does the same for Russian and English.
    reader.at += size
    texts = (letters[start:end].decode("utf-8", "replace") for start, end in pairwise(ends))
    return list(zip(texts, map(float, scores), strict=True))


def _tensors(reader: _Reader) -> Iterator[tuple[str, Floats]]:
    (count,) = reader.take("<i")
    for _ in range(count):
        (letters,) = reader.take("<H")
        name = reader.content[reader.at : reader.at + letters].decode()
        reader.at += letters
        packed, numbers, start, size = reader.take("<BIQQ")
        yield name, _unpacked(reader.content, start, size) if packed else _plain(reader.content, start, numbers)


def _plain(content: bytes, start: int, numbers: int) -> Floats:
    return np.frombuffer(content, np.float32, numbers, start).copy()


def _unpacked(content: bytes, start: int, size: int) -> Floats:
    blocks = np.frombuffer(content, _BLOCK, size // _BLOCK.itemsize, start)
    halves = np.concatenate([blocks["halves"] & 15, blocks["halves"] >> 4], axis=1).astype(np.float32) - 8
    return np.asarray((halves * blocks["scale"].astype(np.float32)[:, None]).ravel(), np.float32)
