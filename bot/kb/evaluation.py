"""Measures search and confidence on somebody's own articles and questions, for `zeroline evaluate`."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.kb.confidence import Calibration, judge, shipped
from bot.kb.curves import Interval
from bot.kb.encoder import Encoder
from bot.kb.fitting import Sample, calibrate, reliability
from bot.kb.index import LanguageIndex
from bot.kb.lexical import tidy
from bot.kb.loader import Question, load, load_questions
from bot.kb.promise import untold_bar, with_limits
from bot.kb.scoring import LIMITS, Run, Seen, System, ranking, selective, summed
from bot.kb.teaching import Lesson

OURS = "Zeroline"


@dataclass(frozen=True, slots=True)
class Files:
    """`articles`: JSONL rows or a folder of Markdown; `dev`: questions to learn from; `test`: to measure on."""

    articles: Path
    dev: Path
    test: Path


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of one language on the test questions, shares in 0..1; a share of nothing is 0.

    `recall_*`, `mrr_at_10`: over answerable questions; `coverage`: share of these answered rightly without a person;
    `wrong_rate`: share of all given answers that are wrong; `*_95`: 95 % intervals; `can_promise`, `why_not`,
    `missing`: whether the dev questions prove that the limit is kept, why not, how many more it takes; `expected_*`:
    what the dev questions led to expect; `unknown_ids`: relevant ids of test rows that no article has, which count as
    not being there; `*_ms_p50`: milliseconds for one question, to encode it and to do
    the rest; `systems`: baselines if asked for, ours last.
    """

    n: int
    answerable: int
    answered: int
    calibrated_on: int
    recall_at_1: float
    recall_at_1_95: Interval
    recall_at_3: float
    recall_at_3_95: Interval
    mrr_at_10: float
    mrr_at_10_95: Interval
    coverage: float
    coverage_95: Interval
    wrong_rate: float
    wrong_rate_95: Interval
    oos_false_answer_rate: float
    oos_false_answer_rate_95: Interval
    area_under_risk_coverage: float
    area_under_risk_coverage_95: Interval
    threshold: float
    max_wrong: float
    can_promise: bool
    why_not: str
    missing: int
    expected_coverage: float
    expected_wrong_rate: float
    unknown_ids: int
    encode_ms_p50: float
    search_ms_p50: float
    systems: tuple[System, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    seen: Seen
    encode_ms: float
    search_ms: float


@dataclass(frozen=True, slots=True)
class Room:
    """One language: its index, the questions to learn from and those to measure on."""

    index: LanguageIndex
    dev: list[Question]
    test: list[Question]


def evaluate(
    files: Files, encoder: Encoder, max_wrong: float = 0.05, lang: str | None = None, compare: bool = False
) -> dict[str, Report]:
    """A report for each language of the test file, or for `lang` only. Learns weights, curve and threshold from the dev
    file alone. `compare`: with the baselines beside it. Blocks for as long as encoding the articles takes. Raises
    loader.BadFiles."""
    return {
        each: measure(room, encoder, shipped(encoder.foreign)[each], max_wrong, compare)[0]
        for each, room in rooms(files, encoder, lang).items()
    }


def rooms(files: Files, encoder: Encoder, lang: str | None = None) -> dict[str, Room]:
    """What is measured, by language; one without articles is searched in vain. Raises loader.BadFiles."""
    articles, dev, test = load(files.articles), load_questions(files.dev), load_questions(files.test)
    return {
        each: Room(
            LanguageIndex.build([article for article in articles if article.lang == each], encoder, each),
            [question for question in dev if question.lang == each],
            [question for question in test if question.lang == each],
        )
        for each in sorted({question.lang for question in test if lang in (None, question.lang)})
    }


def measure(
    room: Room, encoder: Encoder, prior: Calibration, max_wrong: float, compare: bool
) -> tuple[Report, list[Run]]:
    """The report, and the runs its comparison is made of: baselines if asked for, ours last."""
    samples = samples_of(room.index, room.dev, encoder)
    bar = untold_bar([len(article.phrasings) for article in room.index.articles])
    calibration = calibrate(samples, replace(prior, untold=bar), max_wrong)
    asked = [_ask(room.index, question, encoder, calibration) for question in room.test]
    thresholds = {limit: with_limits(calibration, limit).sure for limit in LIMITS}
    runs = [*(_others(room, encoder) if compare else ()), Run(OURS, [one.seen for one in asked], thresholds)]
    known = {article.id for article in room.index.articles}
    unknown = sum(len(question.relevant - known) for question in room.test)
    return _report(asked, calibration, unknown, tuple(summed([run]) for run in runs)), runs


def samples_of(index: LanguageIndex, questions: Sequence[Question], encoder: Encoder) -> list[Sample]:
    """What the rankers see of every question, beside the articles that answer it."""
    if not index.articles or not questions:
        return []
    found = index.find_all([question.text for question in questions], encoder)
    return [
        Sample(one.features, _relevant(index, question), length=length(question.text))
        for question, one in zip(questions, found, strict=True)
    ]


def lessons_of(index: LanguageIndex, lessons: Sequence[Lesson], encoder: Encoder) -> list[Sample]:
    """As `samples_of`, for what was learned from customers, operators and editors."""
    if not index.articles or not lessons:
        return []
    ids = [article.id for article in index.articles]
    found = index.find_all([lesson.text for lesson in lessons], encoder)
    return [
        Sample(
            features=one.features,
            relevant=np.array([each in lesson.right for each in ids], np.bool_),
            weight=lesson.weight,
            length=length(lesson.text),
            ruled_out=np.array([each in lesson.wrong for each in ids], np.bool_) if lesson.wrong else None,
        )
        for lesson, one in zip(lessons, found, strict=True)
    ]


def _relevant(index: LanguageIndex, question: Question) -> npt.NDArray[np.bool_]:
    return np.array([article.id in question.relevant for article in index.articles], np.bool_)


def length(text: str) -> float:
    """Words of a question, as the confidence counts them."""
    return float(len(tidy(text).split()))


def _others(room: Room, encoder: Encoder) -> list[Run]:
    # scikit-learn takes a second to import, which no other command should wait for.
    from bot.kb.baselines import baselines  # noqa: PLC0415

    if not room.index.articles or not room.dev:
        return []
    return [
        Run(one.name, one.test, {limit: one.threshold(limit) for limit in LIMITS})
        for one in baselines(room.index.articles, room.dev, room.test, encoder)
    ]


def _ask(index: LanguageIndex, question: Question, encoder: Encoder, calibration: Calibration) -> _Asked:
    started = time.perf_counter()
    views = index.views(index.reader.read(question.text))
    vectors = [encoder.question(view, question.lang) for view in views]
    encoded = time.perf_counter()
    features = index.together([index.features(view, vector) for view, vector in zip(views, vectors, strict=True)])
    judged = judge(features, calibration, length=length(question.text))
    found = time.perf_counter()
    right = [place for place, at in enumerate(judged.order) if index.articles[at].id in question.relevant]
    answerable = bool(_relevant(index, question).any())
    seen = Seen(judged.confidence, right[0] if right else None, answerable)
    return _Asked(seen, (encoded - started) * 1e3, (found - encoded) * 1e3)


def _report(asked: Sequence[_Asked], calibration: Calibration, unknown: int, systems: tuple[System, ...]) -> Report:
    seen = [one.seen for one in asked]
    order, given = ranking(seen), selective(seen, [calibration.sure] * len(seen))
    expected = reliability([], calibration)
    return Report(
        n=len(asked),
        answerable=sum(one.answerable for one in seen),
        answered=given.answered,
        calibrated_on=calibration.fitted_on,
        recall_at_1=order.recall_at_1,
        recall_at_1_95=order.recall_at_1_95,
        recall_at_3=order.recall_at_3,
        recall_at_3_95=order.recall_at_3_95,
        mrr_at_10=order.mrr_at_10,
        mrr_at_10_95=order.mrr_at_10_95,
        coverage=given.coverage,
        coverage_95=given.coverage_95,
        wrong_rate=given.wrong_rate,
        wrong_rate_95=given.wrong_rate_95,
        oos_false_answer_rate=given.oos_false_answer_rate,
        oos_false_answer_rate_95=given.oos_false_answer_rate_95,
        area_under_risk_coverage=order.area,
        area_under_risk_coverage_95=order.area_95,
        threshold=round(calibration.sure, 4),
        max_wrong=calibration.max_wrong,
        can_promise=calibration.can_promise,
        why_not=expected.why_not,
        missing=calibration.missing,
        expected_coverage=expected.coverage,
        expected_wrong_rate=expected.wrong,
        unknown_ids=unknown,
        encode_ms_p50=_median([one.encode_ms for one in asked]),
        search_ms_p50=_median([one.search_ms for one in asked]),
        systems=systems,
    )


def _median(values: Sequence[float]) -> float:
    return round(float(np.median(values)), 2) if values else 0.0
