"""An encoder without a model for tests of the index: texts with the same words have the same vector."""

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.kb.lexical import tidy


class WordyEncoder:
    """A unit vector of hashed words. `asked` collects what was encoded in bulk; `russian`: networks that read Russian,
    three where the shipped numbers are to fit."""

    def __init__(self, name: str = "wordy", dimension: int = 64, foreign: bool = False, russian: int = 1) -> None:
        self.name, self.dimension, self.foreign, self.russian = name, dimension, foreign, russian
        self.asked: list[str] = []

    def parts(self, lang: str = "") -> tuple[int, ...]:
        return (self.dimension,) * self._networks(lang)

    def encode(self, texts: Sequence[str], lang: str = "") -> npt.NDArray[np.float32]:
        self.asked += texts
        rows = [self.question(text, lang) for text in texts]
        return np.array(rows, np.float32).reshape(len(texts), self.dimension * self._networks(lang))

    def question(self, text: str, lang: str = "") -> npt.NDArray[np.float32]:
        vector = np.full(self.dimension, 1e-6, np.float32)
        for word in tidy(text).split():
            vector[zlib.crc32(word.encode()) % self.dimension] += 1
        whole = np.tile(vector, self._networks(lang))
        return np.asarray(whole / np.linalg.norm(whole), np.float32)

    def remembered(self, text: str) -> None:
        """The dialogue engine does not know this encoder."""

    def _networks(self, lang: str) -> int:
        return self.russian if lang == "ru" else 1
