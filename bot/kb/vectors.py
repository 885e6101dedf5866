"""A file of vectors by the hash of their text, so that a text that did not change is never encoded again.

One fixed-size record for each text, only ever appended: a crash can tear the last record, two processes can append at
once, and neither harms the others. A record whose checksum is wrong is skipped.
"""

import hashlib
import os
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


class VectorFile:
    """Vectors of one encoder and one dimension in `path`, which is created at the first addition."""

    def __init__(self, path: Path, dimension: int) -> None:
        self._path = path
        self._record = np.dtype([("key", "V32"), ("vector", "<f4", (dimension,)), ("check", "<u4")])
        self._known: dict[bytes, Floats] | None = None

    def find(self, texts: Sequence[str]) -> list[Floats | None]:
        """The vector of every text, None where there is none yet."""
        if self._known is None:
            self._known = self._load()
        return [self._known.get(_key(text)) for text in texts]

    def add(self, texts: Sequence[str], vectors: Floats) -> None:
        """Keeps `vectors`, one row for each text, in memory and on disk."""
        known = self._known if self._known is not None else self._load()
        records = np.zeros(len(texts), dtype=self._record)
        for record, text, vector in zip(records, texts, vectors, strict=True):
            record["key"], record["vector"] = np.void(_key(text)), vector
            record["check"] = _checksum(record)
            known[_key(text)] = np.asarray(vector, np.float32)
        self._known = known
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab", buffering=0) as file:
            file.write(b"\0" * (-os.fstat(file.fileno()).st_size % self._record.itemsize) + records.tobytes())
            os.fsync(file.fileno())

    def _load(self) -> dict[bytes, Floats]:
        content = self._path.read_bytes() if self._path.exists() else b""
        whole = len(content) // self._record.itemsize
        records = np.frombuffer(content, dtype=self._record, count=whole)
        return {
            record["key"].tobytes(): np.array(record["vector"], np.float32)
            for record in records
            if record["check"] == _checksum(record)
        }


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _checksum(record: np.void) -> int:
    return zlib.crc32(record["vector"].tobytes(), zlib.crc32(record["key"].tobytes()))
