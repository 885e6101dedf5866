"""Every confidence one could answer from, and how likely answers from there on keep within a limit; pure."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.kb.curves import Outcome, columns

Floats = npt.NDArray[np.float64]

PROVEN, LIKELY = 0.95, 0.6
"""Chance of keeping within the limit from which it is promised, and from which, unpromised, it is answered."""

BELIEF_PROVEN, BELIEF_LIKELY = 5.0, 160.0
"""Questions' worth of trust in the curve beside the counted wrong answers. What is not promised is a best estimate:
where three public sets proved nothing, whole and with articles hidden, 5.1 % of the answers were wrong at a limit of
5 %. A chance of .7 made that 3.5 % for a quarter fewer answers, one of .5 made it 7 %."""

LEAST = 5.0
"""Answers below which nothing is judged."""

DOUBT = 0.03
"""The doubt no curve can take away, since two articles may say the same."""

_STEADY = 0.1
"""A threshold is proven when it also was for up to this share fewer answers: of many thresholds tried some pass by
luck. Of 20 random halves of each public set, 3 broke the promise without this at the worst, 1 with it."""

_FACTORS = [*np.geomspace(1.05, 30, 40).tolist()]
_RUNGS = 300


@dataclass(frozen=True, slots=True)
class Ladder:
    """Every confidence one could answer from, the highest first: how many answers, wrong ones, ones the curve believes
    wrong, and ones there is reason to doubt."""

    confidences: Floats
    given: Floats
    wrong: Floats
    believed: Floats
    doubted: Floats

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> "Ladder":
        confidences, weights, right, _ = columns(outcomes)
        last = np.flatnonzero(np.append(confidences[1:] < confidences[:-1], True))
        if len(last) > _RUNGS:
            last = last[np.linspace(0, len(last) - 1, _RUNGS).astype(np.int64)]
        doubts = weights * (1 - confidences), weights * np.maximum(1 - confidences, DOUBT)
        sums = (np.cumsum(each)[last] for each in (weights, weights * ~right, *doubts))
        return cls(confidences[last], *sums)

    def factor(self, max_wrong: float) -> float:
        """How many times the questions it takes to prove `max_wrong`; 0 when thirty times would not do."""

        def proves(factor: float) -> bool:
            return self.grown(factor).lowest(max_wrong, PROVEN, BELIEF_PROVEN) is not None

        place = bisect_left(_FACTORS, True, key=proves)
        return _FACTORS[place] if place < len(_FACTORS) else 0.0

    def grown(self, factor: float) -> "Ladder":
        """As if there were `factor` times as many questions, of which as many were wrong as is now likely."""
        rate = (self.wrong + BELIEF_PROVEN * self.believed / self.given) / (self.given + BELIEF_PROVEN)
        given = self.given * factor
        return Ladder(self.confidences, given, rate * given, self.believed * factor, self.doubted * factor)

    def lowest(self, max_wrong: float, chance: float, belief: float, steady: bool = True) -> float | None:
        """The lowest confidence from which answers keep within `max_wrong` with that chance; None when there is none.
        `belief`: questions' worth of trust in the confidences themselves."""
        good = (self.chances(max_wrong, belief) >= chance) & (self.given >= LEAST)
        for place in np.flatnonzero(good)[::-1].tolist():
            first = int(np.searchsorted(self.given, self.given[place] * (1 - _STEADY))) if steady else place
            if good[first : place + 1].all():
                return float(self.confidences[place])
        return None

    def chances(self, max_wrong: float, belief: float) -> Floats:
        """Of keeping within `max_wrong` in as many answers again, for every confidence."""
        from scipy.special import betaln, gammaln  # type: ignore[import-untyped]  # noqa: PLC0415 - as in fitting

        doubt = belief * self.doubted / self.given
        bad, good = 0.5 + doubt + self.wrong, 0.5 + belief - doubt + self.given - self.wrong
        coming = np.maximum(np.round(self.given), 1)
        allowed = np.floor(max_wrong * coming + 1e-9)
        counts = np.arange(allowed.max() + 1)[:, None]
        left = np.maximum(coming - counts, 0)
        ways = gammaln(coming + 1) - gammaln(counts + 1) - gammaln(left + 1)
        mass = np.exp(ways + betaln(counts + bad, left + good) - betaln(bad, good))
        return np.asarray(np.where(counts <= allowed, mass, 0.0).sum(axis=0))

    def rising(self, max_wrong: float, start: float) -> float | None:
        """Where answering begins when a few questions speak against `start`, the confidence it began from without any:
        the lowest from there on at which the wrong answers keep within `max_wrong`, counted together with LEAST answers
        of which `start` allows as many and a higher confidence fewer. None when there is none."""
        above = self.confidences >= start
        confidences = np.append(self.confidences[above], start)
        given, wrong = (np.append(each[above], each[above].max(initial=0.0)) for each in (self.given, self.wrong))
        believed = LEAST * max_wrong * (1 - confidences) / (1 - start)
        kept = np.flatnonzero(wrong + believed <= max_wrong * (given + LEAST) + 1e-9)
        return float(confidences[kept[-1]]) if len(kept) else None
