"""The letter counter of a loaded model, for one who reads the counts of whole messages: a word seen before is not cut
into n-grams again, and the counts travel as two plain arrays.

It takes the place of Rasa's own in the graph (`actions/engine/lean.py`); training runs Rasa's.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer as RasaCounts
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from sklearn.feature_extraction.text import CountVectorizer

from actions.engine.classifier import LETTERS
from actions.engine.understanding import Grams
from actions.engine.upstream import expect

WORDS = 16_384
"""Words whose n-grams are remembered: some 5 MB. Half of the words that customers write are among a few hundred."""


class CountVectorsFeaturizer(RasaCounts):
    """Rasa's, for a pipeline whose classifier reads the arrays."""

    @classmethod
    def of(cls, featurizer: RasaCounts) -> CountVectorsFeaturizer:
        """The same, of a trained featurizer of character n-grams within words."""
        sparing = cls.__new__(cls)
        sparing.__dict__.update(featurizer.__dict__)
        sparing._cut = featurizer.vectorizers[TEXT].build_analyzer()
        sparing._vocabulary = {gram: int(place) for gram, place in featurizer._get_attribute_vocabulary(TEXT).items()}
        sparing._known = lru_cache(WORDS)(sparing._places)
        return sparing

    @staticmethod
    def can_replace(featurizer: RasaCounts) -> bool:
        """Whether a word's n-grams are told without its neighbours, and there is a vocabulary to tell them by."""
        return (
            type(featurizer) is RasaCounts
            and featurizer.analyzer == "char_wb"
            and featurizer._get_attribute_vocabulary(TEXT) is not None
        )

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `letters` of every message with words."""
        for message in messages:
            words = self._get_message_tokens_by_attribute(message, TEXT)
            if words and message.get(TEXT) is not None:
                message.set(LETTERS, self._counted(words))
        return messages

    def _counted(self, words: list[str]) -> Grams:
        """How often each n-gram of the vocabulary is in the words, in the order of the vocabulary."""
        places = np.concatenate([self._known(word) for word in words])
        places.sort()
        first = np.flatnonzero(np.diff(places, prepend=-1))
        return places[first], np.diff(first, append=len(places))

    def _places(self, word: str) -> NDArray[np.intp]:
        """Of each n-gram of a word that is in the vocabulary, its place there."""
        (text,) = self._process_tokens([word])
        vocabulary: dict[str, int] = self._vocabulary
        return np.array([vocabulary[gram] for gram in self._cut(text) if gram in vocabulary], dtype=np.intp)


def check() -> None:
    """Look at what is imitated here. Error: UpstreamChanged when it is not as known."""
    expect(RasaCounts.process, "95cd0baaa70c")
    expect(RasaCounts._create_features, "d841f50f6649")
    expect(RasaCounts._process_tokens, "d51355736276")
    expect(RasaCounts._get_processed_message_tokens_by_attribute, "261c79b91368")
    expect(CountVectorizer._char_wb_ngrams, "0530d945dc03")
