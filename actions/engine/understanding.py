"""How intents are told apart: logistic regression over letters and meaning, with a probability that can be believed.

Letters (TF-IDF of character n-grams) know the words of the trade, vectors know the paraphrases; together they are right
more often and refuse better than either alone (docs/intents.md). Numbers only, nothing of Rasa.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Grams = tuple[NDArray[np.intp], NDArray[np.intp]]
"""Places in the vocabulary, ascending, and how often each is there."""

LETTERS = 0.35
"""Share of the letters beside the meaning, as squared length; 0.2 to 0.4 do equally well on four public sets."""
DIRECTIONS = 256
"""Of the letters, kept while training: as good as all 30,000 and ten times as fast."""
FOLDS = 4
STRANGERS = 0.5
"""Weight of a question whose intent was hidden, beside one whose intent was not, when the probability is fitted."""


@dataclass(frozen=True)
class Examples:
    """Rows of `counts` (character n-grams), `vectors` (unit rows; no columns without an encoder) and `russian` (the
    encoder's language) belong together."""

    counts: csr_matrix
    vectors: Floats
    russian: NDArray[np.bool_]

    @property
    def first(self) -> Asked:
        row = self.counts[0]
        return Asked((row.indices, row.data), self.vectors[0], bool(self.russian[0]))


@dataclass(frozen=True)
class Asked:
    """One message: its n-grams, its vector (empty without an encoder) and whether that is the Russian encoder's."""

    letters: Grams
    vector: Floats
    russian: bool


@dataclass(frozen=True)
class Understanding:
    """Linear scores of `intents` from letters (`letters`: features × intents, `idf`) and from vectors (`meaning`:
    English, Russian × dimensions × intents). `calibration`: weights of the log share, of the score, a constant."""

    intents: NDArray[np.str_]
    idf: Floats
    letters: Floats
    meaning: Floats
    bias: Floats
    calibration: Doubles

    @cached_property
    def names(self) -> list[str]:
        """The intents as words."""
        return [str(intent) for intent in self.intents]

    def rank(self, message: Asked, most: int | None = None) -> list[tuple[str, float]]:
        """Intents of one message, best first. The first has the probability that it is the right one and not
        another or none at all; the others keep their odds to it within what is left. `most`: no more than so many."""
        scores = self._scores(message)
        logs = _log_shares(scores[None, :])[0]
        order = np.argsort(-scores, kind="stable")
        first = order[0]
        sure = float(_sigmoid(np.array([[logs[first], scores[first], 1.0]]) @ self.calibration)[0])
        shares = np.exp(logs)
        rest = min(sure / shares[first], (1 - sure) / max(1 - shares[first], 1e-9))
        return [(self.names[i], sure if i == first else float(shares[i] * rest)) for i in order[:most].tolist()]

    def _scores(self, message: Asked) -> Doubles:
        places, counts = message.letters
        scores = self.bias.astype(np.float64)
        if len(places):
            weights = (1 + np.log(counts)) * self.idf[places]
            weights /= np.sqrt(np.add.reduceat(weights * weights, [0]))
            scores += np.sqrt(LETTERS) * (weights[:, None] * self.letters[places]).sum(axis=0)
        if message.vector.size and self.meaning.size:
            scores += np.sqrt(1 - LETTERS) * (message.vector @ self.meaning[int(message.russian)])
        return scores


def learn(examples: Examples, labels: Sequence[str], leftovers: Collection[str], strength: float) -> Understanding:
    """Fit on labelled examples of at least two intents. `leftovers`: intents that gather what belongs nowhere;
    `strength`: inverse regularisation."""
    from sklearn.utils.extmath import randomized_svd  # noqa: PLC0415  serving needs no sklearn

    seen_in = np.bincount(examples.counts.indices, minlength=examples.counts.shape[1])
    idf = (np.log((1 + len(labels)) / (1 + seen_in)) + 1).astype(np.float32)
    rows = weighted(examples.counts, idf).astype(np.float32)
    kept = min(DIRECTIONS, *rows.shape)
    left, sizes, right = randomized_svd(rows, kept, n_iter=2, random_state=0)
    meant = _shared_and_own(examples)
    features = np.hstack([np.sqrt(LETTERS) * left * sizes, np.sqrt(1 - LETTERS) * meant]).astype(np.float32)
    names = np.array(labels)
    calibration = _calibrate(features, names, leftovers, strength)
    model = _Linear(features, names, strength)
    return Understanding(
        intents=np.array([str(name) for name in model.labels]),
        idf=idf,
        letters=np.ascontiguousarray(right.T @ model.weights[:kept], dtype=np.float32),
        meaning=_of_each_language(model.weights[kept:], examples.vectors.shape[1]),
        bias=model.bias.astype(np.float32),
        calibration=calibration,
    )


def weighted(counts: csr_matrix, idf: Floats) -> csr_matrix:
    """Sublinear TF-IDF with rows of length 1, as `Understanding._scores` makes it of one message."""
    rows = csr_matrix(counts, dtype=np.float64, copy=True)
    rows.data = (1 + np.log(rows.data)) * idf[rows.indices]
    sizes = np.diff(rows.indptr)
    filled = np.flatnonzero(sizes)
    if len(filled):
        lengths = np.sqrt(np.add.reduceat(rows.data * rows.data, rows.indptr[filled]))
        rows.data /= np.repeat(lengths, sizes[filled])
    return rows


def _shared_and_own(examples: Examples) -> Floats:
    """The vectors once for both languages, which learn from one another, and once for each: 4 in 100 more are right in
    English than with shared weights alone. One language needs no such thing."""
    vectors, russian = examples.vectors, examples.russian[:, None]
    if russian.all() or not russian.any():
        return vectors
    return np.hstack([vectors, vectors * ~russian, vectors * russian]) / np.float32(np.sqrt(2))


def _of_each_language(weights: Doubles, dimension: int) -> Floats:
    """English, Russian × dimension × intents, from weights learnt of `_shared_and_own`."""
    if len(weights) == dimension:
        return np.stack([weights, weights]).astype(np.float32)
    shared, *own = weights.reshape(3, dimension, -1) / np.sqrt(2)
    return np.stack([shared + one for one in own]).astype(np.float32)


class _Linear:
    """Multinomial logistic regression. `trust`: weight of each row; `weights`: features × labels."""

    def __init__(self, features: Floats, labels: NDArray[Any], strength: float, trust: Doubles | None = None) -> None:
        self.labels, found, counts = np.unique(labels, return_inverse=True, return_counts=True)
        # Unless told otherwise, a rare label is as important as a frequent one.
        each = (len(labels) / len(counts) / counts)[found] if trust is None else trust
        wanted = np.eye(len(self.labels))[found]
        shape = (features.shape[1] + 1, len(self.labels))

        def loss(flat: Doubles) -> tuple[float, Doubles]:
            weights = flat.reshape(shape)
            logs = _log_shares(features @ weights[:-1].astype(np.float32) + weights[-1])
            missing = (each[:, None] * (np.exp(logs) - wanted)).astype(np.float32)
            slope = np.vstack([features.T @ missing + weights[:-1] / strength, missing.sum(axis=0)])
            value = -(each * logs[np.arange(len(found)), found]).sum() + (weights[:-1] ** 2).sum() / (2 * strength)
            return float(value), slope.astype(np.float64).ravel()

        # Closer to the optimum than this changes one answer in two thousand and takes twice as long.
        options = {"maxiter": 200, "gtol": 0.05, "maxcor": 10}
        best = minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options=options).x.reshape(shape)
        self.weights: Doubles = best[:-1]
        self.bias: Doubles = best[-1]

    def best(self, features: Floats) -> tuple[NDArray[Any], Doubles]:
        """The first label of each row, and what its probability is told from."""
        scores = features @ self.weights + self.bias
        first = scores.argmax(axis=1)
        at = (np.arange(len(scores)), first)
        return self.labels[first], _signals(_log_shares(scores)[at], scores[at])


def _calibrate(features: Floats, labels: NDArray[np.str_], leftovers: Collection[str], strength: float) -> Doubles:
    """Weights of the two signals and a constant, fitted on answers to examples that were not learnt from.

    A quarter of the intents is hidden whole in each fold: their examples are what a stranger's question looks like,
    right only where it is left over. So nobody has to write out-of-scope examples to be protected from them.
    """
    signals, right, weights = [], [], []
    for learnt, tried, hidden in _folds(labels, leftovers):
        model = _Linear(features[learnt], labels[learnt], strength)
        found, signal = model.best(features[tried])
        signals.append(signal[:, :2])
        right.append(np.where(hidden[tried], np.isin(found, list(leftovers)), found == labels[tried]))
        weights.append(np.where(hidden[tried], STRANGERS, 1.0))
    outcome = np.concatenate(right) if right else np.zeros(0)
    if not 0 < outcome.sum() < len(outcome):
        # Too little to learn from: the share as it is.
        return np.array([1.0, 0.0, 0.0])
    seen = np.vstack(signals)
    spread = seen.std(axis=0) + 1e-9
    model = _Linear((seen / spread).astype(np.float32), outcome, 1.0, np.concatenate(weights))
    (wrong, right_weights), (against, for_it) = model.weights.T, model.bias
    return np.array([*np.maximum(right_weights - wrong, 0) / spread, for_it - against])


def _folds(labels: NDArray[np.str_], leftovers: Collection[str]) -> list[tuple[Any, Any, Any]]:
    """Of each fold: the examples learnt from, those tried, and which examples have a hidden intent (masks)."""
    random = np.random.RandomState(0)
    names = np.array(sorted(set(labels) - set(leftovers)))
    random.shuffle(names)
    # With few intents there is none to spare.
    fold_of = {name: i % FOLDS for i, name in enumerate(names)} if len(names) >= 2 * FOLDS else {}
    intent_fold = np.array([fold_of.get(label, -1) for label in labels])
    example_fold = np.zeros(len(labels), dtype=int)
    for name in sorted(set(labels)):
        rows = np.flatnonzero(labels == name)
        random.shuffle(rows)
        example_fold[rows] = np.arange(len(rows)) % FOLDS
    folds = []
    for fold in range(FOLDS):
        hidden, tried = intent_fold == fold, example_fold == fold
        learnt = ~hidden & ~tried
        if len(set(labels[learnt])) >= 2 and tried.any():
            folds.append((learnt, tried, hidden))
    return folds


def _signals(logs: Doubles, scores: Doubles) -> Doubles:
    """Of the first intent: the log of its share, which knows of rivals, and its score, which knows of strangers."""
    return np.column_stack([logs, scores, np.ones(len(scores))])


def _log_shares(scores: Doubles) -> Doubles:
    above = scores - scores.max(axis=1, keepdims=True)
    shares: Doubles = above - np.log(np.exp(above).sum(axis=1, keepdims=True))
    return shares


def _sigmoid(values: Doubles) -> Doubles:
    result: Doubles = 1 / (1 + np.exp(-np.clip(values, -30, 30)))
    return result
