"""What a message means, as a vector: Rasa's featurizer over the product's own sentence encoders, by ONNX Runtime.

The same two small encoders serve the search of the app, one for each language; here they run in Rasa's process, three
milliseconds a message on one core, without PyTorch and without TensorFlow.
"""

from __future__ import annotations

import binascii
import hashlib
import json
import logging
import re
import unicodedata
from base64 import b64decode
from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

logger = logging.getLogger(__name__)

TOKENS = 256
"""Where a text is cut, as where the app searches with it."""
TOGETHER = 16
"""Texts in one run of the model while training."""
FORETOLD = 64
"""Vectors waiting for the turn they came with; a turn that fails leaves its own behind."""
_foretold: dict[str, tuple[str, NDArray[np.float32]]] = {}
CYRILLIC = re.compile("[\u0400-\u052f]")
KNOWN = re.compile("[0-9A-Za-z\u00c0-\u024f\u0400-\u052f]")
"""Digits and the letters that either encoder has seen."""


def language(text: str) -> str:
    """`ru` for anything with a Cyrillic letter, else `en`."""
    return "ru" if CYRILLIC.search(text) else "en"


def spelt_out(text: str) -> str:
    """The text, or, when it has no word but signs, their names: a thumb down becomes «thumbs down sign»."""
    if KNOWN.search(text):
        return text
    names = [unicodedata.name(sign, "") for sign in text if unicodedata.category(sign) == "So"]
    return " ".join(names).lower()


def foretell(text: str, meaning: dict[str, Any]) -> None:
    """Note what the app's search has made of the text of the turn that begins: `model`, its name, and `vector`, its
    32-bit floats in base64. What cannot be read is as good as nothing."""
    try:
        vector = np.frombuffer(b64decode(str(meaning.get("vector", "")), validate=True), np.float32)
    except (binascii.Error, ValueError):
        return
    if np.isfinite(vector).all():
        _foretold[text] = (str(meaning.get("model", "")), vector)
    while len(_foretold) > FORETOLD:
        del _foretold[next(iter(_foretold))]


class Encoder:
    """One language's model: a folder with `model.onnx` (tokens in, one unit vector out) and `tokenizer.json`."""

    def __init__(self, folder: Path) -> None:
        from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415  no model, no library
        from tokenizers import Tokenizer  # noqa: PLC0415

        options = SessionOptions()
        # One core a conversation: a second thread gains nothing on twenty tokens and takes the core from the others.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        self._session = InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(TOKENS)
        self._tokenizer.no_padding()
        (self.dimension,) = self._session.get_outputs()[0].shape[1:]
        digest = hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()[:12]
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        self.name = f"{card['name']}@{digest}"

    def meant(self, texts: list[str]) -> NDArray[np.float32]:
        """As `encode`, for the text of a turn without work when the app has said what this very model makes of it."""
        told = _foretold.pop(texts[0], None) if len(texts) == 1 else None
        if told is None or told[0] != self.name or len(told[1]) != self.dimension:
            return self.encode(texts)
        return told[1][None, :]

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """Unit rows, one for each text; texts of one length run together, so that nothing is padded."""
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(texts)]
        alike: defaultdict[int, list[int]] = defaultdict(list)
        for row, ids in enumerate(tokens):
            alike[len(ids)].append(row)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for rows in alike.values():
            for start in range(0, len(rows), TOGETHER):
                part = rows[start : start + TOGETHER]
                ids = np.array([tokens[row] for row in part], dtype=np.int64)
                vectors[part] = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0]
        return vectors


@lru_cache(maxsize=4)
def _encoder(folder: Path) -> Encoder | None:
    if not (folder / "model.onnx").exists():
        logger.warning("No encoder in %s: intents in that language are told by their letters alone.", folder)
        return None
    return Encoder(folder)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(DenseFeaturizer, GraphComponent):
    """`models`: the folder with one encoder for each language; a language without one gets no vectors."""

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, config)
        folder = Path(config["models"]).resolve()
        self._encoders = {lang: _encoder(folder / lang) for lang in ("ru", "en")}

    @staticmethod
    def required_packages() -> list[str]:
        return ["onnxruntime", "tokenizers"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**DenseFeaturizer.get_default_config(), "models": "bot/kb/models"}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None: ...

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        return cls(config, execution_context.node_name)

    def process(self, messages: list[Message]) -> list[Message]:
        """Give every message with a text its vector, 1 × dimension: zeros when no word of it is known."""
        written: defaultdict[str, list[tuple[Message, str]]] = defaultdict(list)
        for message in messages:
            if message.get(TEXT):
                text = spelt_out(message.get(TEXT))
                written[language(text)].append((message, text))
        for lang, some in written.items():
            encoder = self._encoders[lang]
            if encoder is None:
                continue
            vectors = encoder.meant([text for _, text in some])
            for (message, text), vector in zip(some, vectors, strict=True):
                known = vector if text else np.zeros_like(vector)
                message.add_features(Features(known[None, :], FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data
