"""Learns a calibration from questions whose right articles are known, for the evaluation, the learner and what ships.

Few questions are the rule (60-200), so everything starts from a prior and is pulled to it, and every number a threshold
is set on comes from a model that did not see its question.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize  # type: ignore[import-untyped]  # ships no types

from bot.kb.confidence import NEAREST, SIGNALS, Calibration, fuse, probability, signals_of_all, standardised
from bot.kb.curves import Outcome
from bot.kb.promise import Quality, quality, with_limits

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

FOLDS = 10
UNANSWERABLE = 0.1
"""Least share of unanswerable questions a calibration is made for: a set that has fewer lends its own, with the article
hidden, so that a subject nobody wrote about is not taken for an easy one."""

_PULL_WEIGHTS = 0.1
_PULL_CURVE = 2.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One question. `features`: articles by rankers; `relevant`: which articles answer it, none when nothing does;
    `length`: its words, unknown below zero; `ruled_out`: articles known not to answer it. With these and no relevant
    one, nobody knows what answers it, and it counts only where the model would give one of them."""

    features: npt.NDArray[np.float32]
    relevant: Mask
    weight: float = 1.0
    length: float = -1.0
    ruled_out: Mask | None = None

    @property
    def is_open(self) -> bool:
        """Whether something may answer it that nobody has named."""
        return self.ruled_out is not None and bool(self.ruled_out.any()) and not self.relevant.any()


def trimmed(sample: Sample, prior: Calibration, keep: int = 2 * NEAREST) -> Sample:
    """The sample with its best articles only, beside those known to be right or wrong, so that thousands of labels on
    thousands of articles fit into memory; the best article and its odds stay what they are."""
    if len(sample.features) <= keep:
        return sample
    wanted = fuse(sample.features, prior.weights)
    for known in (sample.relevant, sample.ruled_out):
        wanted = wanted if known is None else np.where(known, np.inf, wanted)
    kept = np.sort(np.argsort(-wanted, kind="stable")[:keep])
    return _only(sample, kept)


def calibrate(samples: Sequence[Sample], prior: Calibration, max_wrong: float) -> Calibration:
    """A calibration for these questions, with the thresholds that `max_wrong` (share of all given answers) allows.

    Without samples it is the prior. Every confidence the thresholds are set on comes from a model fitted without its
    question; they stay in `proof`, so that another `max_wrong` needs no samples.
    """
    known = [trimmed(sample, prior) for sample in samples]
    if not known:
        return with_limits(prior, max_wrong)
    fitted = replace(fit(known, prior), proof=tuple(cross_fitted(known, prior)), fitted_on=len(known))
    return with_limits(fitted, max_wrong)


def reliability(samples: Sequence[Sample], calibration: Calibration) -> Quality:
    """What a calibration is worth on held-back questions; without any, on those it was made from, as its cross-fitted
    proof tells it."""
    return quality(outcomes_of(samples, calibration) if samples else calibration.proof, calibration)


def cross_fitted(samples: Sequence[Sample], prior: Calibration) -> list[Outcome]:
    """What models that did not see it say of every question, and of its repetition with the article hidden."""
    lent = lent_weight(samples)
    folds = np.random.default_rng(0).permutation(len(samples)) % FOLDS
    outcomes: list[Outcome] = []
    for fold in range(FOLDS):
        held = [sample for sample, at in zip(samples, folds, strict=True) if at == fold]
        seen = [sample for sample, at in zip(samples, folds, strict=True) if at != fold]
        if held:
            outcomes += outcomes_of(with_hidden(held, lent), fit(seen, prior))
    return outcomes


def fit(samples: Sequence[Sample], prior: Calibration) -> Calibration:
    """Weights and curve of these questions, both pulled to the prior; the thresholds stay the prior's."""
    weights = fit_weights(samples, prior.weights)
    return fit_curve(with_hidden(samples, lent_weight(samples)), replace(prior, weights=weights))


def outcomes_of(samples: Sequence[Sample], calibration: Calibration) -> list[Outcome]:
    """What a calibration says of questions; open ones only where their answer is known to be wrong."""
    if not samples:
        return []
    batch = _Batch.of(samples)
    rows, order = batch.signals(calibration.weights)
    found = np.take_along_axis(batch.relevant, order[:, :3], axis=1)
    confidences = probability(rows, calibration)
    return [
        Outcome(
            float(confidences[at]),
            bool(found[at, 0]),
            samples[at].weight,
            bool(found[at].any()),
            bool(samples[at].relevant.any()),
        )
        for at in np.flatnonzero(batch.is_known(order[:, 0])).tolist()
    ]


def with_hidden(samples: Sequence[Sample], weight: float) -> list[Sample]:
    """The questions, and the answerable ones once more, at `weight`, without the articles that answer them."""
    hidden = [
        replace(_only(sample, np.flatnonzero(~sample.relevant)), weight=sample.weight * weight)
        for sample in samples
        if weight > 0 and sample.relevant.any() and not sample.relevant.all()
    ]
    return [*samples, *hidden]


def lent_weight(samples: Sequence[Sample]) -> float:
    """The weight hidden repetitions need so that UNANSWERABLE of all questions are."""
    closed = [sample for sample in samples if not sample.is_open]
    answerable = sum(bool(sample.relevant.any()) for sample in closed)
    return max(0.0, UNANSWERABLE * len(closed) - (len(closed) - answerable)) / max(answerable, 1)


def fit_weights(samples: Sequence[Sample], prior: tuple[float, ...]) -> tuple[float, ...]:
    """Weights, none below zero, under which a softmax over the articles believes most in the relevant ones and least
    in those ruled out."""
    start = np.array(prior)
    told = [sample for sample in samples if sample.relevant.any() or sample.is_open]
    if not told:
        return prior
    batch = _Batch.of(told)

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = batch.surprise(weights)
        moved = weights - start
        return total + _PULL_WEIGHTS * float((moved**2).sum()), slope + 2 * _PULL_WEIGHTS * moved

    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(prior))
    return tuple(float(weight) for weight in found.x)


def fit_curve(samples: Sequence[Sample], model: Calibration) -> Calibration:
    """The logistic curve over the signals of these questions."""
    rows, right, shares = signals_and_truth(samples, model.weights)
    columns = np.column_stack([standardised(rows, model), np.ones(len(rows))])
    start = np.array([*model.slopes, model.intercept])
    # The intercept is left nearly free: how often questions have an answer differs most between knowledge bases.
    pull = _PULL_CURVE * np.array([1.0] * len(model.slopes) + [0.05])

    def loss(curve: Floats) -> tuple[float, Floats]:
        line = columns @ curve
        total = (shares * (np.logaddexp(0, line) - right * line)).sum() + (pull * (curve - start) ** 2).sum()
        slope = columns.T @ (shares * (1 / (1 + np.exp(-line)) - right)) + 2 * pull * (curve - start)
        return float(total), slope

    *slopes, intercept = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return replace(model, slopes=tuple(float(slope) for slope in slopes), intercept=float(intercept))


def signals_and_truth(samples: Sequence[Sample], weights: tuple[float, ...]) -> tuple[Floats, Mask, Floats]:
    """Signals of the best article of every question whose truth is known, whether it is right, and its weight."""
    if not samples:
        return np.zeros((0, len(SIGNALS))), np.zeros(0, np.bool_), np.zeros(0)
    batch = _Batch.of(samples)
    rows, order = batch.signals(weights)
    known = batch.is_known(order[:, 0])
    right = batch.relevant[np.arange(len(samples)), order[:, 0]]
    return rows[known], right[known], batch.shares[known]


def _only(sample: Sample, places: npt.NDArray[np.int64]) -> Sample:
    ruled_out = None if sample.ruled_out is None else sample.ruled_out[places]
    return replace(sample, features=sample.features[places], relevant=sample.relevant[places], ruled_out=ruled_out)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Questions side by side, so that one product of matrices scores them all. `features`: questions by articles by
    rankers; the rest: questions by articles; `present` is false where a question has fewer articles than another."""

    features: npt.NDArray[np.float32]
    relevant: Mask
    ruled_out: Mask
    present: Mask
    is_open: Mask
    shares: Floats
    lengths: Floats

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> "_Batch":
        wide = max(len(sample.features) for sample in samples)
        shape = (len(samples), wide)
        features = np.zeros((*shape, samples[0].features.shape[1]), np.float32)
        relevant, ruled_out, present = (np.zeros(shape, np.bool_) for _ in range(3))
        for row, sample in enumerate(samples):
            count = len(sample.features)
            features[row, :count], relevant[row, :count], present[row, :count] = sample.features, sample.relevant, True
            if sample.ruled_out is not None:
                ruled_out[row, :count] = sample.ruled_out
        is_open = np.array([sample.is_open for sample in samples], np.bool_)
        shares = np.array([sample.weight for sample in samples])
        lengths = np.array([sample.length for sample in samples])
        return cls(features, relevant, ruled_out, present, is_open, shares, lengths)

    def scores(self, weights: Sequence[float] | Floats) -> Floats:
        return np.where(self.present, self.features @ np.asarray(weights, np.float32), -np.inf).astype(np.float64)

    def signals(self, weights: tuple[float, ...]) -> tuple[Floats, npt.NDArray[np.int64]]:
        """Signals of every question, and its articles, best first."""
        return signals_of_all(self.features, self.scores(weights), self.lengths)

    def is_known(self, best: npt.NDArray[np.int64]) -> Mask:
        return np.asarray(~self.is_open | self.ruled_out[np.arange(len(best)), best])

    def surprise(self, weights: Floats) -> tuple[float, Floats]:
        """How little these weights believe what is known, and the slope of that."""
        scores = self.scores(weights)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        belief = powers / powers.sum(axis=1, keepdims=True)
        good = np.where(self.is_open[:, None], ~self.ruled_out & self.present, self.relevant)
        right = (belief * good).sum(axis=1) + 1e-12
        wanted = belief * good / right[:, None]
        pulls = (belief - wanted) * self.shares[:, None]
        slope = pulls.astype(np.float32).ravel() @ self.features.reshape(-1, self.features.shape[2])
        return -float((self.shares * np.log(right)).sum()), slope.astype(np.float64)
