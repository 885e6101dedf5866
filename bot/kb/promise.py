"""From "at most X of the answers wrong" to thresholds, and whether that can be promised yet; pure.

A promise is about the next answers, as many as the labels prove: with k wrong among n, the chance that of the next n at
most X are wrong comes from a beta-binomial law, which knows both how little n says of the true rate and how much the
next n may stray from it. What is not proven is answered by the best estimate: the same law, leaning on the model's own
belief; `can_promise` then says no, and `missing` how many labelled questions more it would take.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from bot.kb.confidence import Calibration
from bot.kb.curves import Interval, Outcome, Point, Step, area, columns, log_loss, reliability_curve, risk_curve, wilson

Floats = npt.NDArray[np.float64]

PROVEN, LIKELY = 0.95, 0.6
"""Chance of keeping within the limit from which it is promised, and from which, unpromised, it is answered."""

_BELIEF_PROVEN, _BELIEF_LIKELY = 5.0, 160.0
"""Questions' worth of trust in the curve beside the counted wrong answers. What is not promised is a best estimate:
where three public sets proved nothing, whole and with articles hidden, 5.1 % of the answers were wrong at a limit of
5 %. A chance of .7 made that 3.5 % for a quarter fewer answers, one of .5 made it 7 %."""

UNTOLD, USUAL = 0.7, 0.03
"""Confidence from which a knowledge base without labels of its own answers at the usual limit or a laxer one. What
would prove 3 % on public sets of near-duplicates (.98 in Russian) left four fifths of the golden questions about the
shipped articles without an answer, and none of the answers from .7 on was wrong. It is no promise, and is told so."""

ASKED = 0.3
"""Confidence from which it asks back at the latest: below lay 2 % of the golden questions and nine in ten off-topic."""

_DOUBT = 0.03
"""The doubt no curve can take away, since two articles may say the same."""

_STEADY = 0.1
"""A threshold is proven when it also was for up to this share fewer answers: of many thresholds tried some pass by
luck. Of 20 random halves of each public set, 3 broke the promise without this at the worst, 1 with it."""

_LEAST, _OWN = 5.0, 50
"""Answers below which nothing is judged; labels from which the shipped thresholds no longer bound those of the owner's
own: on 400 Russian questions they would have cost two thirds of the coverage."""

USELESS = 0.25
"""Below `none`, at most this share of questions has its answer among the first three: not worth asking back."""

_FACTORS = [*np.geomspace(1.05, 30, 40).tolist()]
_RUNGS = 300
_ASKING = 0.05, 0.4
_NO_ANSWER = 1.01


class Reason(StrEnum):
    """Why a limit cannot be promised: no label, too few labels, or sure answers that are wrong too often."""

    NO_LABELS = "no_labels"
    FEW_LABELS = "few_labels"
    WRONG_TOO_OFTEN = "wrong_too_often"


@dataclass(frozen=True, slots=True)
class Quality:
    """What a calibration is worth on questions it was not fitted on; shares in 0..1 with 95 % intervals.

    `coverage`: right answers among answerable questions; `wrong`: wrong ones among given answers; `answered`, `asked`:
    shares of all questions that are answered, and asked back; `missing`: labelled questions more before `max_wrong` can
    be promised, 0 when it is or when more would not help; `area`: under the risk-coverage curve, lower is better.
    """

    labels: int
    max_wrong: float
    sure: float
    none: float
    can_promise: bool
    reason: Reason | None
    missing: int
    coverage: float
    coverage_95: Interval
    wrong: float
    wrong_95: Interval
    answered: float
    asked: float
    area: float
    log_loss: float
    points: tuple[Point, ...]
    steps: tuple[Step, ...]

    @property
    def why_not(self) -> str:
        """The reason in English words; empty when it can be promised."""
        return told(self, "en") if self.reason else ""


def with_limits(calibration: Calibration, max_wrong: float) -> Calibration:
    """The calibration with the thresholds that `max_wrong`, a share of the given answers, allows; needs no samples."""
    least = _rung(calibration, max_wrong)
    if not calibration.proof:
        sure = calibration.sure if least is None else _untold(least, max_wrong)
        none = min(calibration.none, sure) if least is None else min(calibration.none, sure, ASKED)
        missing = _missing_from_nothing(max_wrong)
        return _limited(calibration, max_wrong, (sure, none), Reason.NO_LABELS, missing)
    ladder = _Ladder.of(calibration.proof)
    proven = ladder.lowest(max_wrong, PROVEN, _BELIEF_PROVEN)
    none = _worth_asking(calibration)
    if proven is not None:
        return _limited(calibration, max_wrong, (proven, min(none, proven)), None, 0)
    likely = ladder.lowest(max_wrong, LIKELY, _BELIEF_LIKELY, steady=False)
    floor = _untold(least, max_wrong) if least is not None and calibration.fitted_on < _OWN else 0.0
    sure = _NO_ANSWER if likely is None else max(likely, floor)
    missing = _missing(ladder, calibration.fitted_on, max_wrong)
    reason = Reason.FEW_LABELS if missing else Reason.WRONG_TOO_OFTEN
    return _limited(calibration, max_wrong, (sure, min(none, sure)), reason, missing)


def _untold(sure: float, max_wrong: float) -> float:
    """The bar without labels: whoever sets a limit below the usual one wants few answers rather than wrong ones."""
    return min(sure, UNTOLD) if max_wrong >= USUAL else sure


def quality(outcomes: Sequence[Outcome], calibration: Calibration) -> Quality:
    """What the thresholds of a calibration do to questions it was not fitted on."""
    whole = sum(outcome.weight for outcome in outcomes)
    answerable = sum(outcome.weight for outcome in outcomes if outcome.answerable)
    given = [outcome for outcome in outcomes if outcome.confidence >= calibration.sure]
    answers, right = sum(one.weight for one in given), sum(one.weight for one in given if one.right)
    asked = sum(one.weight for one in outcomes if calibration.none <= one.confidence < calibration.sure)
    return Quality(
        labels=calibration.fitted_on,
        max_wrong=calibration.max_wrong,
        sure=calibration.sure,
        none=calibration.none,
        can_promise=calibration.can_promise,
        reason=Reason(calibration.reason) if calibration.reason else None,
        missing=calibration.missing,
        coverage=_share(right, answerable),
        coverage_95=wilson(right, answerable),
        wrong=_share(answers - right, answers),
        wrong_95=wilson(answers - right, answers),
        answered=_share(answers, whole),
        asked=_share(asked, whole),
        area=round(area(outcomes), 4),
        log_loss=round(log_loss(outcomes), 4),
        points=reliability_curve(outcomes),
        steps=risk_curve(outcomes),
    )


def told(quality: Quality, lang: str) -> str:
    """The promise, or why there is none, for the owner; `lang`: ru or en."""
    limit = f"{quality.max_wrong * 100:.3g}"
    text = _WORDS[lang][quality.reason]
    return text.format(limit=limit, labels=quality.labels, missing=quality.missing)


@dataclass(frozen=True, slots=True)
class _Ladder:
    """Every confidence one could answer from, the highest first: how many answers, wrong ones, ones the curve believes
    wrong, and ones there is reason to doubt."""

    confidences: Floats
    given: Floats
    wrong: Floats
    believed: Floats
    doubted: Floats

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> "_Ladder":
        confidences, weights, right, _ = columns(outcomes)
        last = np.flatnonzero(np.append(confidences[1:] < confidences[:-1], True))
        if len(last) > _RUNGS:
            last = last[np.linspace(0, len(last) - 1, _RUNGS).astype(np.int64)]
        doubts = weights * (1 - confidences), weights * np.maximum(1 - confidences, _DOUBT)
        sums = (np.cumsum(each)[last] for each in (weights, weights * ~right, *doubts))
        return cls(confidences[last], *sums)

    def factor(self, max_wrong: float) -> float:
        """How many times the questions it takes to prove `max_wrong`; 0 when thirty times would not do."""

        def proves(factor: float) -> bool:
            return self.grown(factor).lowest(max_wrong, PROVEN, _BELIEF_PROVEN) is not None

        place = bisect_left(_FACTORS, True, key=proves)
        return _FACTORS[place] if place < len(_FACTORS) else 0.0

    def grown(self, factor: float) -> "_Ladder":
        """As if there were `factor` times as many questions, of which as many were wrong as is now likely."""
        rate = (self.wrong + _BELIEF_PROVEN * self.believed / self.given) / (self.given + _BELIEF_PROVEN)
        given = self.given * factor
        return _Ladder(self.confidences, given, rate * given, self.believed * factor, self.doubted * factor)

    def lowest(self, max_wrong: float, chance: float, belief: float, steady: bool = True) -> float | None:
        """The lowest confidence from which answers keep within `max_wrong` with that chance; None when there is none.
        `belief`: questions' worth of trust in the confidences themselves."""
        good = (self.chances(max_wrong, belief) >= chance) & (self.given >= _LEAST)
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


def _limited(
    calibration: Calibration, max_wrong: float, limits: tuple[float, float], reason: Reason | None, missing: int
) -> Calibration:
    return replace(
        calibration,
        max_wrong=max_wrong,
        sure=limits[0],
        none=limits[1],
        can_promise=reason is None,
        reason=reason.value if reason else "",
        missing=missing,
    )


def _rung(calibration: Calibration, max_wrong: float) -> float | None:
    """The confidence that kept to the next stricter share on sets the calibration was not fitted on."""
    kept = [sure for share, sure in sorted(calibration.ladder) if share <= max_wrong + 1e-9]
    if kept:
        return kept[-1]
    return _NO_ANSWER if calibration.ladder else None


def _worth_asking(calibration: Calibration) -> float:
    """The confidence below which three choices would hardly ever hold the answer, within reason."""
    ranked = sorted(calibration.proof, key=lambda outcome: outcome.confidence)
    weights = np.array([outcome.weight for outcome in ranked])
    near = np.cumsum(weights * np.array([outcome.near for outcome in ranked])) / np.cumsum(weights)
    useless = np.flatnonzero(near <= USELESS)
    found = ranked[int(useless[-1])].confidence if len(useless) else 0.0
    return float(np.clip(found, *_ASKING))


def _missing(ladder: _Ladder, labels: int, max_wrong: float) -> int:
    """Labelled questions more until the limit is proven, if they are like those there are; 0 when more will not do."""
    factor = ladder.factor(max_wrong)
    if factor:
        return int(np.ceil((factor - 1) * max(labels, 1)))
    # Where there are very few, what was wrong may be bad luck.
    usual = _missing_from_nothing(max_wrong)
    return usual - labels if 2 * labels < usual else 0


def _missing_from_nothing(max_wrong: float) -> int:
    """Labelled questions it takes when one in two is answered and hardly one of these wrongly."""
    for answers in range(10, 2_000, 5):
        every = np.array([float(answers)])
        if _Ladder(every, every, every * 0, every * 0, every * _DOUBT).chances(max_wrong, _BELIEF_PROVEN)[0] >= PROVEN:
            return 2 * answers
    return 4_000


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0


_WORDS: dict[str, dict[Reason | None, str]] = {
    "en": {
        None: "At most {limit} % of the answers are wrong: proven on {labels} labelled questions.",
        Reason.NO_LABELS: "At most {limit} % wrong cannot be promised yet: there are no labelled questions of your "
        "own. About {missing} are needed. Until then the bot answers by what was measured elsewhere; the true share "
        "may be higher.",
        Reason.FEW_LABELS: "At most {limit} % wrong cannot be promised yet: {labels} labelled questions prove too "
        "little. About {missing} more are needed. Until then the bot answers by its best estimate; more may be wrong.",
        Reason.WRONG_TOO_OFTEN: "At most {limit} % wrong cannot be promised: even the surest answers to the "
        "{labels} labelled questions are wrong more often. Merge articles that say the same, or write the missing "
        "ones; more labels alone will not help.",
    },
    "ru": {
        None: "Ошибочных ответов не больше {limit} %: проверено на размеченных вопросах, их {labels}.",
        Reason.NO_LABELS: "Обещать не больше {limit} % ошибок пока нельзя: своих размеченных вопросов нет. "
        "Нужно примерно {missing}. До тех пор бот опирается на измерения на чужих данных; на деле ошибок может быть "
        "больше.",
        Reason.FEW_LABELS: "Обещать не больше {limit} % ошибок пока нельзя: размеченных вопросов мало ({labels}). "
        "Нужно ещё примерно {missing}. До тех пор бот отвечает там, где уложится в предел по лучшей оценке; на деле "
        "ошибок может быть больше.",
        Reason.WRONG_TOO_OFTEN: "Обещать не больше {limit} % ошибок нельзя: даже самые уверенные ответы на размеченные "
        "вопросы ({labels}) ошибочны чаще. Объедините статьи, которые говорят об одном и том же, и допишите "
        "недостающие: одна только разметка здесь не поможет.",
    },
}
