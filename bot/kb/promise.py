"""From "at most X of the answers wrong" to thresholds, and whether that can be promised yet; pure.

A promise is about the next answers, as many as the labels prove: with k wrong among n, the chance that of the next n at
most X are wrong comes from a beta-binomial law, which knows both how little n says of the true rate and how much the
next n may stray from it. What is not proven is answered by the best estimate: the same law, leaning on the model's own
belief; `can_promise` then says no, and `missing` how many labelled questions more it would take.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from bot.kb.confidence import WORD_FOR_WORD, Calibration
from bot.kb.curves import Interval, Outcome, Point, Step, area, log_loss, reliability_curve, risk_curve, wilson
from bot.kb.ladder import BELIEF_LIKELY, BELIEF_PROVEN, DOUBT, LIKELY, PROVEN, Ladder

PHRASED, BARE, USUAL = 0.7, 0.9, 0.03
"""Confidence from which a knowledge base without labels of its own answers at the usual limit or a laxer one: where
articles have phrasings, and where they have not. From PHRASED on, none of 177 golden questions about the shipped
articles was answered wrongly; of four public sets, which have no phrasings, up to one answer in nine was. From BARE on
that were one in 26 (rutube), none of 14 (yandex, ru), one of 14 (yandex, en) and none of 420 (stack). What would prove
3 % on all of them (.98 in Russian) leaves nine questions in ten to people. It is no promise, and is told so."""

WORDINGS = 3
"""Phrasings of an article from which its editor has said how customers ask for it."""

ASKED = 0.3
"""Confidence from which it asks back at the latest: below lay 2 % of the golden questions and nine in ten off-topic."""

_OWN = 50
"""Labels from which the shipped thresholds no longer bound those of the owner's own: on 400 Russian questions they
would have cost two thirds of the coverage."""

_TOLD = 0.2
"""Weight from which a wrong answer speaks against a threshold: what weighs less is a repetition with its article
hidden, which nobody asked, or a thumb that nobody confirmed."""

USELESS = 0.25
"""Below `none`, at most this share of questions has its answer among the first three: not worth asking back."""

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
    untold = _untold(calibration, max_wrong)
    if not calibration.proof:
        sure = calibration.sure if untold is None else untold
        none = min(calibration.none, sure) if untold is None else min(calibration.none, sure, ASKED)
        missing = _missing_from_nothing(max_wrong)
        return _limited(calibration, max_wrong, (sure, none), Reason.NO_LABELS, missing)
    ladder = Ladder.of(calibration.proof)
    proven = ladder.lowest(max_wrong, PROVEN, BELIEF_PROVEN)
    none = _worth_asking(calibration)
    if proven is not None:
        return _limited(calibration, max_wrong, (proven, min(none, proven)), None, 0)
    sure = _estimate(calibration, ladder, max_wrong, untold)
    missing = _missing(ladder, calibration.fitted_on, max_wrong)
    reason = Reason.FEW_LABELS if missing else Reason.WRONG_TOO_OFTEN
    return _limited(calibration, max_wrong, (sure, min(none, sure)), reason, missing)


def _untold(calibration: Calibration, max_wrong: float) -> float | None:
    """The bar without labels: whoever sets a limit below the usual one wants few answers rather than wrong ones. None
    for a calibration that knows of no other sets."""
    kept = [sure for share, sure in sorted(calibration.ladder) if share <= max_wrong + 1e-9]
    if not calibration.ladder:
        return None
    sure = kept[-1] if kept else WORD_FOR_WORD
    return min(sure, calibration.untold if max_wrong >= USUAL else WORD_FOR_WORD)


def untold_bar(phrasings: Sequence[int]) -> float:
    """The bar without labels for articles with so many phrasings each."""
    phrased = sum(count >= WORDINGS for count in phrasings)
    return PHRASED if 2 * phrased >= len(phrasings) else BARE


def _estimate(calibration: Calibration, ladder: Ladder, max_wrong: float, untold: float | None) -> float:
    """The bar while nothing is proven: from the one without labels to what the labels say, the more the more there are.
    Few labels that are all right never raise it, and what stands word for word in an article stays above it unless an
    answer as sure as that was wrong."""
    told = [one for one in calibration.proof if one.right or one.weight >= _TOLD]
    against = [one.confidence for one in told if not one.right]
    top = WORD_FOR_WORD if max(against, default=0.0) < WORD_FOR_WORD else _NO_ANSWER
    likely = ladder.lowest(max_wrong, LIKELY, BELIEF_LIKELY, steady=False)
    estimate = top if likely is None else min(likely, top)
    if untold is None or not told or calibration.fitted_on >= _OWN:
        return estimate
    if max(against, default=0.0) < untold:
        return untold
    few = Ladder.of(told).rising(max_wrong, untold)
    part = calibration.fitted_on / _OWN
    return (1 - part) * (top if few is None else min(few, top)) + part * max(estimate, untold)


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
    """The promise, or why there is none and what the bot does meanwhile, for the owner; `lang`: ru or en."""
    limit, missing = f"{quality.max_wrong * 100:.3g}", int(float(f"{quality.missing:.2g}"))
    said = _WORDS[lang][quality.reason].format(limit=limit, labels=quality.labels, missing=missing)
    return f"{said} {_meanwhile(quality, lang)}".rstrip()


def _meanwhile(quality: Quality, lang: str) -> str:
    if quality.sure > 1 and quality.reason:
        return _MEANWHILE[lang]["nothing"]
    none_answered = quality.labels > 0 and quality.answered == 0
    if quality.reason and (none_answered or quality.sure >= WORD_FOR_WORD):
        return _MEANWHILE[lang]["word_for_word"]
    return _MEANWHILE[lang].get(quality.reason or "", "")


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


def _worth_asking(calibration: Calibration) -> float:
    """The confidence below which three choices would hardly ever hold the answer, within reason."""
    ranked = sorted(calibration.proof, key=lambda outcome: outcome.confidence)
    weights = np.array([outcome.weight for outcome in ranked])
    near = np.cumsum(weights * np.array([outcome.near for outcome in ranked])) / np.cumsum(weights)
    useless = np.flatnonzero(near <= USELESS)
    found = ranked[int(useless[-1])].confidence if len(useless) else 0.0
    return float(np.clip(found, *_ASKING))


def _missing(ladder: Ladder, labels: int, max_wrong: float) -> int:
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
        if Ladder(every, every, every * 0, every * 0, every * DOUBT).chances(max_wrong, BELIEF_PROVEN)[0] >= PROVEN:
            return 2 * answers
    return 4_000


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0


_WORDS: dict[str, dict[Reason | None, str]] = {
    "en": {
        None: "At most {limit} % of the answers are wrong: proven on {labels} labelled questions.",
        Reason.NO_LABELS: "At most {limit} % wrong cannot be promised yet: there are no labelled questions of your "
        "own. About {missing} are needed.",
        Reason.FEW_LABELS: "At most {limit} % wrong cannot be promised yet: {labels} labelled questions prove too "
        "little. About {missing} more are needed.",
        Reason.WRONG_TOO_OFTEN: "At most {limit} % wrong cannot be promised: even the surest answers to the "
        "{labels} labelled questions are wrong more often. Merge articles that say the same, or write the missing "
        "ones; more labels alone will not help.",
    },
    "ru": {
        None: "Ошибочных ответов не больше {limit} %: проверено на размеченных вопросах, их {labels}.",
        Reason.NO_LABELS: "Обещать не больше {limit} % ошибок пока нельзя: своих размеченных вопросов нет. "
        "Нужно примерно {missing}.",
        Reason.FEW_LABELS: "Обещать не больше {limit} % ошибок пока нельзя: размеченных вопросов мало ({labels}). "
        "Нужно ещё примерно {missing}.",
        Reason.WRONG_TOO_OFTEN: "Обещать не больше {limit} % ошибок нельзя: даже самые уверенные ответы на размеченные "
        "вопросы ({labels}) ошибочны чаще. Объедините статьи, которые говорят об одном и том же, и допишите "
        "недостающие: одна только разметка здесь не поможет.",
    },
}

_MEANWHILE: dict[str, dict[str, str]] = {
    "en": {
        Reason.NO_LABELS: "Until then the bot answers by what was measured elsewhere; the true share may be higher.",
        Reason.FEW_LABELS: "Until then the bot answers by its best estimate; more may be wrong.",
        "word_for_word": "Until then the bot answers hardly anything but questions that stand word for word in an "
        "article.",
        "nothing": "Until then the bot answers nothing by itself.",
    },
    "ru": {
        Reason.NO_LABELS: "До тех пор бот опирается на измерения на чужих данных; на деле ошибок может быть больше.",
        Reason.FEW_LABELS: "До тех пор бот отвечает там, где уложится в предел по лучшей оценке; на деле ошибок может "
        "быть больше.",
        "word_for_word": "До тех пор бот почти не отвечает сам: только на вопросы, которые дословно стоят в статьях.",
        "nothing": "До тех пор бот сам не отвечает ни на что.",
    },
}
