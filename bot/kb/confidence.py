"""From what rankers saw to one number: how likely the best article answers the question, and what to do then; pure.

Seven cosines of an article become one score by weights that differ by language (an encoder that knows one language well
and another badly must not weigh the same in both). The scores of all articles become the probability of the best one
by a logistic curve over three signals, and two thresholds turn that into a verdict. The shipped numbers
(`calibrations.json`) come from `benchmarks/fit_confidence.py`: the development halves of seven public sets, each with
equal weight, every answerable question counted once more, at a quarter of the weight, with its article hidden, so that
a question outside the knowledge base looks as it does in life.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.kb.model import Verdict

Floats = npt.NDArray[np.float64]

RANKERS = ("question", "passage", "centre", "question_letters", "letters", "question_words", "words")
"""Columns of the features: vector of the nearest question, of the nearest passage, of all questions together; letters
and words of the nearest question, and of the whole article."""

SIGNALS = ("odds", "closeness", "words")
"""Of the best article: log-odds of its score among all, its nearest vector's cosine, its words' cosine."""

_NEAREST, _PASSAGE, _WORDS = 0, 1, 6


@dataclass(frozen=True, slots=True)
class Calibration:
    """Everything learned about one language. `weights`: one for each ranker; `means`, `scales`, `slopes`: one for each
    signal; `sure`, `none`: confidence from which the bot answers, and below which it has nothing to offer."""

    weights: tuple[float, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    slopes: tuple[float, ...]
    intercept: float
    sure: float
    none: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """`order`: articles, best first; `scores`: their relevance in 0..1, in that order."""

    order: list[int]
    scores: list[float]
    confidence: float
    verdict: Verdict


def judge(features: npt.NDArray[np.float32], calibration: Calibration, limit: int = 10) -> Judgement:
    """What a search is worth. `features`: one row for each article, one column for each ranker."""
    if not len(features):
        return Judgement([], [], 0.0, Verdict.NONE)
    scores = fuse(features, calibration.weights)
    order = np.argsort(-scores, kind="stable")[:limit]
    confidence = float(probability(signals(features, scores)[None], calibration)[0])
    relevance = np.clip(scores[order] / max(sum(calibration.weights), 1e-9), 0, 1)
    return Judgement(order.tolist(), relevance.tolist(), confidence, _verdict(confidence, calibration))


def fuse(features: npt.NDArray[np.float32], weights: tuple[float, ...]) -> Floats:
    """One score for each article, on a scale where a softmax over all articles is the share of belief in each."""
    return np.asarray(features.astype(np.float64) @ np.array(weights))


def signals(features: npt.NDArray[np.float32], scores: Floats) -> Floats:
    """The signals of the best article; a lone article is judged as if one more with no likeness stood beside it."""
    best = int(np.argmax(scores))
    others = np.append(np.delete(scores, best), 0.0) if len(scores) == 1 else np.delete(scores, best)
    top = float(others.max())
    odds = float(scores[best]) - top - float(np.log(np.exp(others - top).sum()))
    closeness = float(max(features[best, _NEAREST], features[best, _PASSAGE]))
    return np.array([odds, closeness, float(features[best, _WORDS])])


def probability(rows: Floats, calibration: Calibration) -> Floats:
    """Confidence in 0..1 for each row of signals."""
    standard = (rows - np.array(calibration.means)) / np.array(calibration.scales)
    return np.asarray(1 / (1 + np.exp(-(standard @ np.array(calibration.slopes) + calibration.intercept))))


@cache
def shipped(native: bool) -> Mapping[str, Calibration]:
    """The calibration of each language. `native`: the encoder knows Russian as well as English; then both languages
    start from what was learned on English, where the encoder leads and words only help."""
    known = json.loads(files("bot.kb").joinpath("calibrations.json").read_text(encoding="utf-8"))
    fitted = {lang: _calibration(values) for lang, values in known.items()}
    return {lang: fitted["en" if native else lang] for lang in fitted}


def _calibration(values: Mapping[str, Any]) -> Calibration:
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
    return Calibration(**fields)


def _verdict(confidence: float, calibration: Calibration) -> Verdict:
    if confidence >= calibration.sure:
        return Verdict.SURE
    return Verdict.UNSURE if confidence >= calibration.none else Verdict.NONE
