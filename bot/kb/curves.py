"""What a row of judged questions proves: honest shares, how true the confidence is, what risk buys; pure.

Every share here is counted over weights, since a question can stand for a part of one (a repetition with its article
hidden). Intervals are Wilson's at 95 %.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Interval = tuple[float, float]

_Z = 1.96

BINS = 8
"""Points of a reliability curve, each with the same number of questions: 60 labels give 7 or 8 to a point."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an honest model said of a question it was not fitted on. `right`: its best article answers; `near`: one of
    its best three does; `answerable`: an article does at all; `weight`: how many questions it stands for."""

    confidence: float
    right: bool
    weight: float = 1.0
    near: bool = False
    answerable: bool = True


@dataclass(frozen=True, slots=True)
class Point:
    """Questions of one neighbourhood of confidence: how often the best article was believed right, and was."""

    believed: float
    right: float
    right_95: Interval
    count: int


@dataclass(frozen=True, slots=True)
class Step:
    """Answering from `threshold` on: right answers among the answerable, all answers among all, wrong among answers."""

    threshold: float
    coverage: float
    answered: float
    wrong: float
    wrong_95: Interval


def wilson(part: float, whole: float) -> Interval:
    """The 95 % interval of a share; everything is possible when nothing was counted."""
    if whole <= 0:
        return 0.0, 1.0
    share, spread = part / whole, _Z * _Z / whole
    middle = (share + spread / 2) / (1 + spread)
    reach = _Z * (share * (1 - share) / whole + spread / (4 * whole)) ** 0.5 / (1 + spread)
    return round(max(0.0, middle - reach), 4), round(min(1.0, middle + reach), 4)


def reliability_curve(outcomes: Sequence[Outcome]) -> tuple[Point, ...]:
    """Believed against true shares, from the least sure questions to the surest."""
    ranked = sorted(outcomes, key=lambda outcome: outcome.confidence)
    parts = np.array_split(np.arange(len(ranked)), min(BINS, max(1, len(ranked) // 5)))
    return tuple(_point([ranked[place] for place in part]) for part in parts if len(part))


def risk_curve(outcomes: Sequence[Outcome]) -> tuple[Step, ...]:
    """One step for every confidence that occurs, from the surest down."""
    if not outcomes:
        return ()
    confidences, weights, right, answerable = columns(outcomes)
    given, good = np.cumsum(weights), np.cumsum(weights * right)
    last = np.flatnonzero(np.append(confidences[1:] < confidences[:-1], True))
    whole, known = float(weights.sum()), max(float((weights * answerable).sum()), 1e-9)
    return tuple(
        Step(
            threshold=float(confidences[at]),
            coverage=float(good[at]) / known,
            answered=float(given[at]) / whole,
            wrong=float(given[at] - good[at]) / float(given[at]),
            wrong_95=wilson(float(given[at] - good[at]), float(given[at])),
        )
        for at in last.tolist()
    )


def area(outcomes: Sequence[Outcome]) -> float:
    """Area under the risk-coverage curve: the wrong share, averaged over answering 1, 2, ... all questions."""
    if not outcomes:
        return 0.0
    _, weights, right, _ = columns(outcomes)
    risks = np.cumsum(weights * ~right) / np.cumsum(weights)
    return float(np.average(risks, weights=weights))


def log_loss(outcomes: Sequence[Outcome]) -> float:
    """Mean surprise of a model that gave these confidences, in nats; lower is better."""
    if not outcomes:
        return 0.0
    confidences, weights, right, _ = columns(outcomes)
    given = np.clip(np.where(right, confidences, 1 - confidences), 1e-6, 1)
    return float(np.average(-np.log(given), weights=weights))


def columns(outcomes: Sequence[Outcome]) -> tuple[Floats, Floats, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Confidences, weights, whether right and whether answerable; the surest first."""
    confidences = np.array([outcome.confidence for outcome in outcomes])
    order = np.argsort(-confidences, kind="stable")
    weights = np.array([outcome.weight for outcome in outcomes])
    right = np.array([outcome.right for outcome in outcomes], np.bool_)
    answerable = np.array([outcome.answerable for outcome in outcomes], np.bool_)
    return confidences[order], weights[order], right[order], answerable[order]


def _point(outcomes: Sequence[Outcome]) -> Point:
    weights = np.array([outcome.weight for outcome in outcomes])
    whole = float(weights.sum())
    right = float(sum(outcome.weight for outcome in outcomes if outcome.right))
    believed = float(np.average([outcome.confidence for outcome in outcomes], weights=weights))
    return Point(round(believed, 4), round(right / whole, 4), wilson(right, whole), len(outcomes))
