"""A sentence encoder as one ONNX file, run without PyTorch; the only place that knows ONNX Runtime when serving."""

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from bot.errors import Misconfigured

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Floats = npt.NDArray[np.float32]

LONGEST = 256
"""Word pieces read of one text; the rest of it is not looked at."""


class OnnxModel:
    """`folder` holds `model.onnx` (from `input_ids` and `attention_mask` to the unit `vector`), `tokenizer.json` and
    `card.json` (name, dimension, where it comes from). Nothing is opened before the first text. Safe to call from many
    threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opening = Lock()

    @cached_property
    def card(self) -> dict[str, Any]:
        """Raises Misconfigured when the folder holds no model."""
        try:
            card: dict[str, Any] = json.loads((self._folder / "card.json").read_text(encoding="utf-8"))
            # Retrained weights are another encoder, whatever the card says.
            digest = hashlib.sha256((self._folder / "model.onnx").read_bytes()).hexdigest()[:12]
        except (OSError, ValueError) as error:
            raise Misconfigured(
                f"there is no encoder in {self._folder}: run `make setup` ({error})", "encoder_unusable"
            ) from error
        return card | {"name": f"{card['name']}@{digest}"}

    @property
    def name(self) -> str:
        return str(self.card["name"])

    @property
    def dimension(self) -> int:
        return int(self.card["dimension"])

    def run(self, texts: Sequence[str]) -> Floats:
        """One text at a time: int8 arithmetic scales a batch as a whole, so that a neighbour would change a vector."""
        rows = [self._one(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), np.float32)

    def _one(self, text: str) -> Floats:
        session, tokenizer = self._open
        ids = np.array([tokenizer.encode(text).ids], np.int64)
        (vectors,) = session.run(["vector"], {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        return np.asarray(vectors[0], np.float32)

    @cached_property
    def _opened(self) -> "tuple[InferenceSession, Tokenizer]":
        from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415 - wanted by the first text only
        from tokenizers import Tokenizer  # noqa: PLC0415

        options = SessionOptions()
        # Two threads on a machine whose two cores are busy took longer than one.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
            session = InferenceSession(self._folder / "model.onnx", options, providers=["CPUExecutionProvider"])
        except Exception as error:
            # Neither library has an error of its own for a file that is missing or damaged.
            raise Misconfigured(
                f"the encoder in {self._folder} cannot be read: run `make setup` ({error})", "encoder_unusable"
            ) from error
        tokenizer.enable_truncation(LONGEST)
        tokenizer.no_padding()
        return session, tokenizer

    @property
    def _open(self) -> "tuple[InferenceSession, Tokenizer]":
        with self._opening:
            return self._opened
