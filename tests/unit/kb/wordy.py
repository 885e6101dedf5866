"""An encoder without a model for tests of the index: texts with the same words have the same vector."""

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.kb.lexical import tidy


class WordyEncoder:
    """A unit vector of hashed words. `asked` collects what was encoded in bulk."""

    def __init__(self, name: str = "wordy", dimension: int = 64, foreign: bool = False) -> None:
        self.name, self.dimension, self.foreign = name, dimension, foreign
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str], lang: str = "") -> npt.NDArray[np.float32]:
        self.asked += texts
        return np.array([self.question(text) for text in texts], np.float32).reshape(len(texts), self.dimension)

    def question(self, text: str, lang: str = "") -> npt.NDArray[np.float32]:
        vector = np.full(self.dimension, 1e-6, np.float32)
        for word in tidy(text).split():
            vector[zlib.crc32(word.encode()) % self.dimension] += 1
        return np.asarray(vector / np.linalg.norm(vector), np.float32)

    def remembered(self, text: str) -> None:
        """The dialogue engine does not know this encoder."""
