"""Measures search and confidence on somebody's own articles and questions, for `zeroline evaluate`."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.kb.confidence import Calibration, judge, shipped
from bot.kb.encoder import Encoder
from bot.kb.fitting import Sample, calibrate
from bot.kb.index import LanguageIndex
from bot.kb.loader import Question, load, load_questions
from bot.kb.model import Verdict

Interval = tuple[float, float]


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
    `wrong_rate`: share of all given answers that are wrong; `*_95`: Wilson intervals; `unknown_ids`: relevant ids of
    test rows that no article has, which count as not being there; `*_ms_p50`: milliseconds for one question.
    """

    n: int
    answerable: int
    answered: int
    calibrated_on: int
    recall_at_1: float
    recall_at_3: float
    mrr_at_10: float
    coverage: float
    coverage_95: Interval
    wrong_rate: float
    wrong_rate_95: Interval
    oos_false_answer_rate: float
    threshold: float
    unknown_ids: int
    encode_ms_p50: float
    search_ms_p50: float


@dataclass(frozen=True, slots=True)
class _Answer:
    """`rank`: place of the first right article, 0 = best, None when it is not among the first ten."""

    answerable: bool
    given: bool
    rank: int | None
    encode_ms: float
    search_ms: float

    @property
    def right(self) -> bool:
        return self.rank == 0


def evaluate(files: Files, encoder: Encoder, max_wrong: float = 0.05, lang: str | None = None) -> dict[str, Report]:
    """A report for each language of the test file, or for `lang` only. Learns weights, curve and threshold from the dev
    file alone. Blocks for as long as encoding the articles takes. Raises loader.BadFiles."""
    articles, dev, test = load(files.articles), load_questions(files.dev), load_questions(files.test)
    reports = {}
    for each in sorted({question.lang for question in test if lang in (None, question.lang)}):
        index = LanguageIndex.build([article for article in articles if article.lang == each], encoder)
        samples = samples_of(index, [question for question in dev if question.lang == each], encoder)
        calibration = calibrate(samples, shipped(encoder.native)[each], max_wrong)
        asked = [question for question in test if question.lang == each]
        answers = [_ask(index, question, encoder, calibration) for question in asked]
        known = {article.id for article in index.articles}
        unknown = sum(len(question.relevant - known) for question in asked)
        reports[each] = _report(answers, calibration, len(samples), unknown)
    return reports


def samples_of(index: LanguageIndex, questions: Sequence[Question], encoder: Encoder) -> list[Sample]:
    """What the rankers see of every question, beside the articles that answer it."""
    if not index.articles:
        return []
    vectors = encoder.encode([question.text for question in questions])
    return [
        Sample(index.features(question.text, vector), _relevant(index, question))
        for question, vector in zip(questions, vectors, strict=True)
    ]


def _relevant(index: LanguageIndex, question: Question) -> npt.NDArray[np.bool_]:
    return np.array([article.id in question.relevant for article in index.articles], np.bool_)


def _ask(index: LanguageIndex, question: Question, encoder: Encoder, calibration: Calibration) -> _Answer:
    started = time.perf_counter()
    vector = encoder.question(question.text)
    encoded = time.perf_counter()
    judged = judge(index.features(question.text, vector), calibration)
    found = time.perf_counter()
    right = [place for place, at in enumerate(judged.order) if index.articles[at].id in question.relevant]
    return _Answer(
        answerable=bool(_relevant(index, question).any()),
        given=judged.verdict is Verdict.SURE,
        rank=right[0] if right else None,
        encode_ms=(encoded - started) * 1e3,
        search_ms=(found - encoded) * 1e3,
    )


def _report(answers: Sequence[_Answer], calibration: Calibration, calibrated_on: int, unknown: int) -> Report:
    answerable = [answer for answer in answers if answer.answerable]
    given = [answer for answer in answers if answer.given]
    right = sum(answer.right for answer in given)
    outside = [answer for answer in answers if not answer.answerable]
    ranks = [answer.rank for answer in answerable if answer.rank is not None]
    return Report(
        n=len(answers),
        answerable=len(answerable),
        answered=len(given),
        calibrated_on=calibrated_on,
        recall_at_1=_share(ranks.count(0), len(answerable)),
        recall_at_3=_share(sum(rank < 3 for rank in ranks), len(answerable)),
        mrr_at_10=_share(sum(1 / (rank + 1) for rank in ranks), len(answerable)),
        coverage=_share(right, len(answerable)),
        coverage_95=_interval(right, len(answerable)),
        wrong_rate=_share(len(given) - right, len(given)),
        wrong_rate_95=_interval(len(given) - right, len(given)),
        oos_false_answer_rate=_share(sum(answer.given for answer in outside), len(outside)),
        threshold=round(calibration.sure, 4),
        unknown_ids=unknown,
        encode_ms_p50=_median([answer.encode_ms for answer in answers]),
        search_ms_p50=_median([answer.search_ms for answer in answers]),
    )


def _share(part: float, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _median(values: Sequence[float]) -> float:
    return round(float(np.median(values)), 2) if values else 0.0


def _interval(part: int, whole: int, z: float = 1.96) -> Interval:
    """Wilson's 95 % interval of a share; everything is possible when nothing was counted."""
    if not whole:
        return 0.0, 1.0
    share, spread = part / whole, z * z / whole
    middle = (share + spread / 2) / (1 + spread)
    reach = z * (share * (1 - share) / whole + spread / (4 * whole)) ** 0.5 / (1 + spread)
    return round(max(0.0, middle - reach), 4), round(min(1.0, middle + reach), 4)
