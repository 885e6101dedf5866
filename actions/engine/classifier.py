"""Intent classifier for Rasa's pipeline: hands the features of messages to the understanding, keeps it as `.npz`.

Rasa's own LogisticRegressionClassifier imports skops (6 s), cannot set C, takes the counts as they are and calls the
softmax a confidence.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, vstack

from actions.engine.sentences import language
from actions.engine.understanding import Asked, Examples, Understanding, learn

WEIGHTS = "weights.npz"
LETTERS = "letters"
"""Property of a message: its n-grams in the vocabulary, as `Grams`."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """`C` is the inverse strength of regularisation; `leftovers` are the intents for what belongs to no other."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._understanding: Understanding | None = None

    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"C": 30.0, "leftovers": [], "ranking_length": 5}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        classifier = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder, np.load(folder / WEIGHTS) as stored:
            classifier._understanding = Understanding(
                **{field.name: stored[field.name] for field in fields(Understanding)}
            )
        return classifier

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on every example that has an intent and a text, and store the weights."""
        messages = [example for example in training_data.intent_examples if example.get(TEXT)]
        labels = [str(message.get(INTENT)) for message in messages]
        self._understanding = learn(_examples(messages), labels, self._config["leftovers"], self._config["C"])
        with self._storage.write_to(self._resource) as folder:
            np.savez_compressed(folder / WEIGHTS, **asdict(self._understanding))
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent` and `intent_ranking` (probabilities, best first); without a known feature, no intent at 0."""
        for message in messages:
            ranking = [{"name": name, "confidence": confidence} for name, confidence in self._ranked(_asked(message))]
            message.set("intent", ranking[0] if ranking else {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _ranked(self, message: Asked) -> list[tuple[str, float]]:
        # Vectors there are, and this one is empty: the message has no word of either language.
        unread = message.vector.size and not message.vector.any()
        if self._understanding is None or unread or not (len(message.letters[0]) or message.vector.size):
            return []
        return self._understanding.rank(message, self._config["ranking_length"])


def _asked(message: Message) -> Asked:
    """A message to be answered; its letters as they were counted for it alone, where they were."""
    letters = message.get(LETTERS)
    if letters is None:
        return _examples([message]).first
    return Asked(letters, _vector(message), language(message.get(TEXT) or "") == "ru")


def _examples(messages: list[Message]) -> Examples:
    counts = [_counts(message) for message in messages]
    vectors = [_vector(message) for message in messages]
    # A language without an encoder has no vectors; beside one that has, its rows are zero.
    dimension = max(len(vector) for vector in vectors)
    filled = [vector if len(vector) else np.zeros(dimension, dtype=np.float32) for vector in vectors]
    russian = np.array([language(message.get(TEXT) or "") == "ru" for message in messages])
    together = counts[0] if len(counts) == 1 else vstack(counts).tocsr()
    return Examples(together, np.stack(filled), russian)


def _counts(message: Message) -> csr_matrix:
    _, sentence = message.get_sparse_features(TEXT, [])
    return csr_matrix((1, 0)) if sentence is None else sentence.features.tocsr()


def _vector(message: Message) -> NDArray[np.float32]:
    found = [one for one in message.features if (one.attribute, one.type) == (TEXT, FEATURE_TYPE_SENTENCE)]
    dense = [one.features[0] for one in found if one.is_dense()]
    return np.concatenate(dense, dtype=np.float32) if dense else np.zeros(0, dtype=np.float32)
