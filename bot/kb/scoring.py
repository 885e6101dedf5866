"""How well a system ranks and when it keeps silent: the figures of the evaluation, with 95 % intervals; pure.

Counted shares carry Wilson's interval; a mean rank and an area, which are no counts, the middle 95 % of 400 draws of
the same questions with replacement.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.kb.curves import Interval, Outcome, wilson

LIMITS = (0.05, 0.03)
"""Shares of wrong answers at which systems are compared."""

_DRAWS = 400


@dataclass(frozen=True, slots=True)
class Seen:
    """What a system made of one test question. `rank`: place of the first right article, 0 = best, None when it is not
    among the first ten; `confidence`: whatever the system orders its answers by."""

    confidence: float
    rank: int | None
    answerable: bool

    @property
    def right(self) -> bool:
        return self.rank == 0

    @property
    def outcome(self) -> Outcome:
        near = self.rank is not None and self.rank < 3
        return Outcome(self.confidence, self.right, near=near, answerable=self.answerable)


@dataclass(frozen=True, slots=True)
class Selective:
    """Answering from one threshold on. `coverage`: right answers among answerable questions; `wrong_rate`: wrong ones
    among given answers; `oos_false_answer_rate`: answered ones among those nothing answers."""

    threshold: float
    answered: int
    coverage: float
    coverage_95: Interval
    wrong_rate: float
    wrong_rate_95: Interval
    oos_false_answer_rate: float
    oos_false_answer_rate_95: Interval


@dataclass(frozen=True, slots=True)
class Ranking:
    """Order of the articles, over answerable questions; `area`: under the risk-coverage curve of all questions, lower
    is better."""

    recall_at_1: float
    recall_at_1_95: Interval
    recall_at_3: float
    recall_at_3_95: Interval
    mrr_at_10: float
    mrr_at_10_95: Interval
    area: float
    area_95: Interval


@dataclass(frozen=True, slots=True)
class System:
    """One row of a comparison: how a system ranks, and what it answers when it may be wrong in 5 % and in 3 % of its
    answers."""

    name: str
    ranking: Ranking
    at_95: Selective
    at_97: Selective


@dataclass(frozen=True, slots=True)
class Run:
    """What one system made of the test questions, with thresholds learned from others, by allowed wrong share."""

    name: str
    seen: Sequence[Seen]
    thresholds: Mapping[float, float]


def summed(runs: Sequence[Run]) -> System:
    """Runs of one system on different questions as one row; each run keeps its own thresholds."""
    seen = [one for run in runs for one in run.seen]

    def at(limit: float) -> Selective:
        return selective(seen, [run.thresholds[limit] for run in runs for _ in run.seen])

    return System(runs[0].name, ranking(seen), at(LIMITS[0]), at(LIMITS[1]))


def selective(seen: Sequence[Seen], thresholds: Sequence[float]) -> Selective:
    """`thresholds`: one for each question. Shares of nothing are 0."""
    answers = [one.confidence >= threshold for one, threshold in zip(seen, thresholds, strict=True)]
    given = [one for one, answered in zip(seen, answers, strict=True) if answered]
    right, false = sum(one.right for one in given), sum(not one.answerable for one in given)
    answerable = sum(one.answerable for one in seen)
    wrong, outside = len(given) - right, len(seen) - answerable
    return Selective(
        threshold=round(max(thresholds, default=0.0), 4),
        answered=len(given),
        coverage=share(right, answerable),
        coverage_95=wilson(right, answerable),
        wrong_rate=share(wrong, len(given)),
        wrong_rate_95=wilson(wrong, len(given)),
        oos_false_answer_rate=share(false, outside),
        oos_false_answer_rate_95=wilson(false, outside),
    )


def ranking(seen: Sequence[Seen]) -> Ranking:
    answerable = [one for one in seen if one.answerable]
    first, third = (sum(one.rank is not None and one.rank < best for one in answerable) for best in (1, 3))
    reciprocal = np.array([0.0 if one.rank is None else 1 / (one.rank + 1) for one in answerable])
    pairs = np.array([(one.confidence, one.right) for one in seen], np.float64).reshape(len(seen), 2)
    return Ranking(
        recall_at_1=share(first, len(answerable)),
        recall_at_1_95=wilson(first, len(answerable)),
        recall_at_3=share(third, len(answerable)),
        recall_at_3_95=wilson(third, len(answerable)),
        mrr_at_10=share(float(reciprocal.sum()), len(answerable)),
        mrr_at_10_95=_drawn(reciprocal, lambda rows: float(rows.mean())),
        area=round(_area(pairs), 4),
        area_95=_drawn(pairs, _area),
    )


def share(part: float, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _area(pairs: npt.NDArray[np.float64]) -> float:
    """Mean wrong share of answering the surest 1, 2, ... of (confidence, right) rows."""
    if not len(pairs):
        return 0.0
    wrong = 1 - pairs[np.argsort(-pairs[:, 0], kind="stable"), 1]
    return float((np.cumsum(wrong) / np.arange(1, len(wrong) + 1)).mean())


def _drawn(rows: npt.NDArray[np.float64], figure: Callable[[npt.NDArray[np.float64]], float]) -> Interval:
    if not len(rows):
        return 0.0, 1.0
    dice = np.random.default_rng(0)
    figures = [figure(rows[dice.integers(0, len(rows), len(rows))]) for _ in range(_DRAWS)]
    low, high = np.percentile(figures, [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)
