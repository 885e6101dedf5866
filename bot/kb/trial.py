"""Tries what could be learned from labels on labels held back, beside what is in use now; blocks, for a thread.

Every lesson is held back once: its features are taken on an index that has no phrasing learned from its fold, its
confidence comes from a calibration that was fitted without its fold. The version in use is measured in the same way,
on the phrasings it has without those of the fold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import numpy.typing as npt

from bot.kb.confidence import Calibration
from bot.kb.curves import Outcome, wilson
from bot.kb.encoder import Encoder
from bot.kb.fitting import Sample, fit, lent_weight, outcomes_of, trimmed, with_hidden
from bot.kb.index import LanguageIndex
from bot.kb.learned import Phrasings, with_phrasings
from bot.kb.lexical import tidy
from bot.kb.model import Article
from bot.kb.promise import with_limits
from bot.kb.teaching import Lesson, phrasings
from bot.kb.telling import Figures, Why

FOLDS = 4
LEAST = 20
"""Lessons below which nothing is tried: a held-back fifth of them would say nothing."""

WORTH = 0.005
"""Nats of surprise a new version has to spare at every question: less is no reason to change anything."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bench:
    """What a trial needs. `articles`: published, of one language, without learned phrasings; `index`: the one
    that is searched now, of which trials share what they can; `prior`: what the product
    came with; `current`, `current_labels`: calibration in use, and the labels whose texts are phrasings."""

    articles: Sequence[Article]
    index: LanguageIndex
    encoder: Encoder
    prior: Calibration
    current: Calibration
    current_labels: frozenset[int]
    max_wrong: float


@dataclass(frozen=True, slots=True)
class Finding:
    """The better one of what was tried. `labels`: whose texts become phrasings, when it is adopted."""

    why: Why
    before: Figures
    after: Figures
    calibration: Calibration
    labels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    """What one version said of every lesson while it was held back: the same questions in the same order for every
    version, but for those that only tell an answer to be wrong. `given`: whether it answered."""

    outcomes: list[Outcome]
    given: npt.NDArray[np.bool_]
    known: int

    @property
    def weights(self) -> Floats:
        return np.array([outcome.weight for outcome in self.outcomes])

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        return np.array([outcome.right for outcome in self.outcomes], np.bool_)

    @property
    def losses(self) -> Floats:
        """Surprise at every question that all versions have in common."""
        believed = np.array([outcome.confidence for outcome in self.outcomes[: self.known]])
        true = np.where(self.right[: self.known], believed, 1 - believed)
        return np.asarray(-np.log(np.clip(true, 1e-4, 1)))

    @property
    def wrong(self) -> tuple[float, float]:
        """Weight of wrong answers, and of all answers."""
        weights = self.weights * self.given
        return float(weights[~self.right].sum()), float(weights.sum())

    def figures(self) -> Figures:
        weights, (wrong, given) = self.weights, self.wrong
        answerable = np.array([outcome.answerable for outcome in self.outcomes], np.bool_)
        return Figures(
            answered=_share(given, float(weights.sum())),
            right=_share(float(weights[self.given & self.right].sum()), float(weights[answerable].sum())),
            wrong=_share(wrong, given),
            doubt=round(float(np.average(self.losses, weights=weights[: self.known])), 4) if self.known else 0.0,
        )


def attempt(bench: Bench, lessons: Sequence[Lesson], *, renewed: bool = False) -> Finding:
    """Tries a calibration fitted to these lessons, phrasings chosen from them, and both. `renewed`: the calibration in
    use was made for another encoder, so that one as good as it is better."""
    now = [lesson for lesson in lessons if not bench.current_labels.isdisjoint(lesson.labels)]
    old = _samples(bench, lessons, now)
    before = _judged(old, lessons, [bench.current] * FOLDS)
    wanted = phrasings(lessons, _useful(old, lessons, bench.current))
    new = _samples(bench, lessons, wanted)

    def found(samples: list[Sample], taught: list[Lesson], fitted: bool) -> Finding:
        whole, parts = _fitted(samples, lessons, bench) if fitted else (bench.current, [bench.current] * FOLDS)
        after = _judged(samples, lessons, parts)
        why = _verdict(before, after, bench.max_wrong, renewed)
        labels = tuple(lesson.labels[0] for lesson in taught)
        return Finding(why, before.figures(), after.figures(), whole, labels)

    findings = [found(old, now, True), found(new, wanted, False), found(new, wanted, True)]
    return max(findings, key=lambda finding: (_RANK[finding.why], finding.after.right, -finding.after.doubt))


_RANK = {Why.MORE_WRONG: 0, Why.NOT_BETTER: 1, Why.REFITTED: 2, Why.SAFER: 3, Why.BETTER: 4}


def _verdict(before: _Held, after: _Held, max_wrong: float, renewed: bool) -> Why:
    """Better is what is surer of the truth by more than chance and answers no less; no more wrong than allowed, or than
    now, but for what chance adds to so few answers."""
    (wrong, given), (wrong_now, given_now) = after.wrong, before.wrong
    allowed = max(max_wrong, _share(wrong_now, given_now)) * given
    if wrong > allowed + allowed**0.5:
        return Why.MORE_WRONG
    weights = before.weights[: before.known]
    gains = before.losses - after.losses
    gain = float(np.average(gains, weights=weights)) if len(gains) else 0.0
    chance = float(np.sqrt((weights**2 * (gains - gain) ** 2).sum()) / max(weights.sum(), 1e-9))
    if gain > max(chance, WORTH) and after.figures().right >= before.figures().right:
        return Why.BETTER
    if wilson(wrong_now, given_now)[0] > max_wrong and _share(wrong, given) < _share(wrong_now, given_now):
        return Why.SAFER
    return Why.REFITTED if renewed and gain >= -chance else Why.NOT_BETTER


def _samples(bench: Bench, lessons: Sequence[Lesson], taught: Sequence[Lesson]) -> list[Sample]:
    """Every lesson as an index that was taught these, but none of its own fold, sees it."""
    samples: dict[int, Sample] = {}
    for fold in range(FOLDS):
        known = _texts(bench.articles[0].lang, [lesson for lesson in taught if lesson.fold != fold])
        index = bench.index.edited(with_phrasings(bench.articles, known), bench.encoder)
        held = [place for place, lesson in enumerate(lessons) if lesson.fold == fold]
        found = index.find_all([lessons[place].text for place in held], bench.encoder)
        for place, one in zip(held, found, strict=True):
            samples[place] = trimmed(_sample(index, lessons[place], one.features), bench.prior)
    return [samples[place] for place in range(len(lessons))]


def _sample(index: LanguageIndex, lesson: Lesson, features: npt.NDArray[np.float32]) -> Sample:
    ids = [article.id for article in index.articles]
    return Sample(
        features=features,
        relevant=np.array([each in lesson.right for each in ids], np.bool_),
        weight=lesson.weight,
        length=float(len(tidy(lesson.text).split())),
        ruled_out=np.array([each in lesson.wrong for each in ids], np.bool_) if lesson.wrong else None,
    )


def _fitted(samples: list[Sample], lessons: Sequence[Lesson], bench: Bench) -> tuple[Calibration, list[Calibration]]:
    """A calibration of all lessons with the proof of what models that did not see them say of each, and for each fold
    one that has neither seen nor proof of it."""
    lent, parts = lent_weight(samples), list[Calibration]()
    said: list[list[Outcome]] = []
    for fold in range(FOLDS):
        held = [sample for sample, lesson in zip(samples, lessons, strict=True) if lesson.fold == fold]
        seen = [sample for sample, lesson in zip(samples, lessons, strict=True) if lesson.fold != fold]
        parts.append(replace(fit(seen, bench.prior), fitted_on=len(seen)))
        said.append(outcomes_of(with_hidden(held, lent), parts[-1]))
    whole = replace(fit(samples, bench.prior), fitted_on=len(samples), encoder=bench.encoder.name)
    others = [tuple(chain.from_iterable(said[:fold] + said[fold + 1 :])) for fold in range(FOLDS)]
    return (
        with_limits(replace(whole, proof=tuple(chain.from_iterable(said))), bench.max_wrong),
        [with_limits(replace(part, proof=proof), bench.max_wrong) for part, proof in zip(parts, others, strict=True)],
    )


def _judged(samples: list[Sample], lessons: Sequence[Lesson], calibrations: Sequence[Calibration]) -> _Held:
    """`calibrations`: for each fold, one that did not see it."""
    lent = lent_weight(samples)
    closed: list[Outcome] = []
    told: list[Outcome] = []
    given: tuple[list[bool], list[bool]] = ([], [])
    for fold in range(FOLDS):
        calibration = calibrations[fold]
        held = [sample for sample, lesson in zip(samples, lessons, strict=True) if lesson.fold == fold]
        parts = with_hidden([one for one in held if not one.is_open], lent), [one for one in held if one.is_open]
        for part, kept, answered in zip(parts, (closed, told), given, strict=True):
            said = outcomes_of(part, calibration)
            kept.extend(said)
            answered.extend(outcome.confidence >= calibration.sure for outcome in said)
    return _Held([*closed, *told], np.array([*given[0], *given[1]], np.bool_), len(closed))


def _useful(samples: Sequence[Sample], lessons: Sequence[Lesson], calibration: Calibration) -> Mapping[str, float]:
    """What the search gains by knowing a text: little, when it was answered rightly without."""
    closed = [(sample, lesson.text) for sample, lesson in zip(samples, lessons, strict=True) if not sample.is_open]
    outcomes = outcomes_of([sample for sample, _ in closed], calibration)
    return {
        text: 0.2 if outcome.right and outcome.confidence >= calibration.sure else 1.0
        for (_, text), outcome in zip(closed, outcomes, strict=True)
    }


def _texts(lang: str, taught: Sequence[Lesson]) -> Phrasings:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for lesson in taught:
        for article in lesson.right:
            found[lang, article] = (*found.get((lang, article), ()), lesson.text)
    return found


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole > 0 else 0.0
