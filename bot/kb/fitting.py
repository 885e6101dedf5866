"""Learns a calibration from questions whose right articles are known, for the evaluation and the shipped numbers.

Few questions are the rule (60-200), so everything starts from a prior and is pulled to it, and every number a threshold
is set on comes from a model that did not see its question.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize  # type: ignore[import-untyped]  # ships no types

from bot.kb.confidence import SIGNALS, Calibration, fuse, probability, signals

Floats = npt.NDArray[np.float64]

FOLDS = 10
UNANSWERABLE = 0.1
"""Least share of unanswerable questions a calibration is made for: a set that has fewer lends its own, with the article
hidden, so that a subject nobody wrote about is not taken for an easy one."""

_BELIEF, _DOUBT = 40.0, 0.03
"""Questions' worth of trust in the curve beside the counted wrong answers, since 130 questions alone are a lottery; and
the doubt no curve can take away, since two articles may say the same."""

_MARGIN = 0.8
"""Part of the allowed wrong share a threshold may use up. Allowed 0.05, sixteen random halves of each public set gave
0.015-0.06 of wrong answers, 0.075 where near-duplicates of hidden articles stay."""

_PULL_WEIGHTS = 0.1
_PULL_CURVE = 2.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One question. `features`: articles by rankers; `relevant`: which articles answer it, none when nothing does."""

    features: npt.NDArray[np.float32]
    relevant: npt.NDArray[np.bool_]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an honest model said of a question: its confidence, and whether its best article is right."""

    confidence: float
    right: bool
    weight: float


def calibrate(samples: Sequence[Sample], prior: Calibration, max_wrong: float) -> Calibration:
    """A calibration for these questions, whose `sure` keeps wrong answers to `max_wrong` of all given answers.

    Without samples it is the prior. Every confidence the threshold is set on comes from a model fitted without its
    question.
    """
    if not samples:
        return prior
    lent = _lent(samples)
    folds = np.random.default_rng(0).permutation(len(samples)) % FOLDS
    outcomes: list[Outcome] = []
    for fold in range(FOLDS):
        seen, held = _split(samples, folds == fold)
        if held:
            outcomes += outcomes_of(with_hidden(held, lent), fit(seen, prior))
    return replace(fit(samples, prior), sure=threshold(outcomes, max_wrong))


def fit(samples: Sequence[Sample], prior: Calibration) -> Calibration:
    """Weights and curve of these questions, both pulled to the prior; the thresholds stay the prior's."""
    weights = fit_weights([sample for sample in samples if sample.relevant.any()], prior.weights)
    return fit_curve(with_hidden(samples, _lent(samples)), replace(prior, weights=weights))


def outcomes_of(samples: Sequence[Sample], calibration: Calibration) -> list[Outcome]:
    rows, right = signals_of(samples, calibration.weights)
    confidences = probability(rows, calibration)
    return [
        Outcome(float(confidence), bool(is_right), sample.weight)
        for sample, confidence, is_right in zip(samples, confidences, right, strict=True)
    ]


def with_hidden(samples: Sequence[Sample], weight: float) -> list[Sample]:
    """The questions, and the answerable ones once more, at `weight`, without the articles that answer them."""
    hidden = [
        Sample(kept, np.zeros(len(kept), np.bool_), sample.weight * weight)
        for sample in samples
        if sample.relevant.any() and len(kept := sample.features[~sample.relevant])
    ]
    return [*samples, *hidden]


def threshold(outcomes: Sequence[Outcome], max_wrong: float) -> float:
    """The lowest confidence from which wrong answers stay within `max_wrong`; above 1 when no answer would be safe."""
    lowest, answered, wrong, doubted = 1.01, 0.0, 0.0, 0.0
    ranked = sorted(outcomes, key=lambda outcome: -outcome.confidence)
    for outcome, after in zip(ranked, [*ranked[1:], None], strict=True):
        answered += outcome.weight
        wrong += outcome.weight * (not outcome.right)
        doubted += outcome.weight * max(1 - outcome.confidence, _DOUBT)
        expected = (wrong + _BELIEF * doubted / answered) / (answered + _BELIEF)
        if expected <= max_wrong * _MARGIN and (after is None or after.confidence < outcome.confidence):
            lowest = outcome.confidence
    return lowest


def _lent(samples: Sequence[Sample]) -> float:
    """The weight hidden repetitions need so that UNANSWERABLE of all questions are."""
    answerable = sum(bool(sample.relevant.any()) for sample in samples)
    return max(0.0, UNANSWERABLE * len(samples) - (len(samples) - answerable)) / max(answerable, 1)


def _split(samples: Sequence[Sample], chosen: npt.NDArray[np.bool_]) -> tuple[list[Sample], list[Sample]]:
    """The samples not chosen, and the chosen ones."""
    return (
        [sample for sample, held in zip(samples, chosen, strict=True) if not held],
        [sample for sample, held in zip(samples, chosen, strict=True) if held],
    )


def fit_weights(samples: Sequence[Sample], prior: tuple[float, ...]) -> tuple[float, ...]:
    """Weights, none below zero, under which a softmax over the articles believes most in the relevant ones."""
    start = np.array(prior)

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = _PULL_WEIGHTS * ((weights - start) ** 2).sum(), 2 * _PULL_WEIGHTS * (weights - start)
        for sample in samples:
            belief = _softmax(sample.features @ weights)
            right = float(belief[sample.relevant].sum()) + 1e-12
            wanted = np.where(sample.relevant, belief / right, 0.0)
            total -= sample.weight * float(np.log(right))
            slope = slope + sample.weight * ((belief - wanted) @ sample.features)
        return total, slope

    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(prior))
    return tuple(float(weight) for weight in found.x)


def fit_curve(samples: Sequence[Sample], model: Calibration) -> Calibration:
    """The logistic curve over the signals of these questions."""
    rows, right = signals_of(samples, model.weights)
    standard = (rows - np.array(model.means)) / np.array(model.scales)
    columns = np.column_stack([standard, np.ones(len(samples))])
    shares = np.array([sample.weight for sample in samples])
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


def signals_of(samples: Sequence[Sample], weights: tuple[float, ...]) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Signals of the best article of every question, and whether it is right."""
    rows = np.zeros((len(samples), len(SIGNALS)))
    right = np.zeros(len(samples), np.bool_)
    for number, sample in enumerate(samples):
        scores = fuse(sample.features, weights)
        rows[number] = signals(sample.features, scores)
        right[number] = sample.relevant[int(np.argmax(scores))]
    return rows, right


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum())
