"""From what rankers saw to one number: how likely the best article answers the question, and what to do then; pure.

The cosines of an article, seen three ways, become one score by weights that differ by language (an encoder that knows
one language well and another badly must not weigh the same in both). The scores of all articles become the probability
of the best one by a logistic curve over a few signals, and two thresholds turn that into a verdict. The shipped numbers
(`calibrations.json`) come from `benchmarks/fit_confidence.py`: the development halves of seven public sets, each with
equal weight, every answerable question counted once more, at a quarter of the weight, with its article hidden, so that
a question outside the knowledge base looks as it does in life. `docs/confidence.md` tells it to owners.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, astuple, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.kb.curves import Outcome
from bot.kb.model import Verdict

Floats = npt.NDArray[np.float64]

MEANINGS = ("question", "passage", "centre")
"""Rankers of each network: vector of the nearest question, of the nearest passage, of all questions together."""

WORDINGS = ("question_letters", "letters", "question_words", "words")
"""Rankers beside them: letters and words of the nearest question, and of the whole article."""


def rankers(networks: int) -> tuple[str, ...]:
    """Columns of the features: those of each network of the encoder in turn, then the words and letters."""
    return (*MEANINGS * networks, *WORDINGS)


VIEWS = ("cosine", "spread", "rank")
"""How each ranker is seen: its cosines; the same in units of their spread over the articles, since some encoders have
all their cosines between .85 and .92; and the reciprocal of the article's rank. Beside cosines alone, the other two
raised recall@1 from .48 to .54 and .60 to .63 on the Russian sets with such an encoder, and cost nothing in English."""

SIGNALS = ("odds", "closeness", "words", "length")
"""Of the best article: log-odds of its score among the nearest, the cosine of its nearest vector, the mean of what each
network says, its words' cosine; of the question: the logarithm of its number of words."""

NEAREST = 200
"""Articles among which the odds are taken. The belief in those behind them is nil, and a label need not keep them."""

_LETTERS, _WORDS = (WORDINGS.index(name) - len(WORDINGS) for name in ("question_letters", "words"))
_SAME = 0.999

WORD_FOR_WORD = 0.99
"""Confidence in an article under whose own phrasing a question stands: an editor or an operator has said that it
answers."""

_SPREAD, _UNIT, _PSEUDO, _RANK = 0.05, 0.1, 5, 0.15
"""Spread of a ranker in a base of no articles, which counts as much as this many; scales of the two other views, about
that of a cosine, so that one pull holds the weights of all three."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Everything learned about one language. `weights`: one for each view of each ranker; `means`, `scales`, `slopes`:
    one for each signal; `sure`, `none`: confidence from which the bot answers, and below which it has nothing to offer.

    `max_wrong`: the share of wrong answers the thresholds were made for; `can_promise`, `reason`, `missing`: whether
    that is proven, why not (promise.Reason), and how many labelled questions more it takes; `proof`: what models that
    did not see them said of the labelled questions; `ladder`: shares of wrong answers with the confidence that kept to
    them on sets the shipped numbers were not fitted on; `untold`: the confidence from which it answers at the usual
    limit while there are no labels (promise.untold_bar); `encoder`, `fitted_on`, `version`: which vectors, how many
    questions, which edition.
    """

    weights: tuple[float, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    slopes: tuple[float, ...]
    intercept: float
    sure: float
    none: float
    max_wrong: float = 0.03
    encoder: str = ""
    fitted_on: int = 0
    version: str = ""
    can_promise: bool = False
    reason: str = ""
    missing: int = 0
    ladder: tuple[tuple[float, float], ...] = ()
    untold: float = 0.9
    proof: tuple[Outcome, ...] = ()

    def to_json(self) -> str:
        """Read back by `from_json`."""
        return json.dumps(asdict(self) | {"proof": [astuple(outcome) for outcome in self.proof]})

    @classmethod
    def from_json(cls, text: str) -> "Calibration":
        """Raises ValueError or TypeError for what `to_json` did not write."""
        values: dict[str, Any] = json.loads(text)
        values["proof"] = tuple(Outcome(*row) for row in values.get("proof", ()))
        values["ladder"] = tuple((float(share), float(sure)) for share, sure in values.get("ladder", ()))
        fields: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
        }
        return cls(**fields)


@dataclass(frozen=True, slots=True)
class Judgement:
    """`order`: articles, best first; `scores`: their relevance in 0..1, in that order."""

    order: list[int]
    scores: list[float]
    confidence: float
    verdict: Verdict


def judge(
    features: npt.NDArray[np.float32],
    calibration: Calibration,
    limit: int = 10,
    length: float = -1,
    vouched: Callable[[int], bool] = lambda place: True,
) -> Judgement:
    """What a search is worth. `features`: one row for each article, one column for each ranker; `length`: words of the
    question, unknown below zero; `vouched`: whether somebody of the house has put these very words to the article of a
    row, where they stand under it."""
    if not len(features):
        return Judgement([], [], 0.0, Verdict.NONE)
    scores = fuse(views(features), calibration.weights)
    rows, order = signals_of_all(features[None], scores[None], np.array([length]))
    best, confidence = order[0, :limit], float(probability(rows, calibration)[0])
    if (said := _word_for_word(features, vouched)) is not None:
        best, confidence = np.append(said, best[best != said])[:limit], max(confidence, WORD_FOR_WORD)
    cosines = np.array(calibration.weights[: features.shape[1]])
    relevance = np.clip(features[best] @ cosines / max(float(cosines.sum()), 1e-9), 0, 1)
    return Judgement(best.tolist(), relevance.tolist(), confidence, _verdict(confidence, calibration))


def _word_for_word(features: npt.NDArray[np.float32], vouched: Callable[[int], bool]) -> int | None:
    """The only article to which an editor or operator has put the very words of the question."""
    same = [place for place in np.flatnonzero(features[:, _LETTERS] >= _SAME).tolist() if vouched(place)]
    return same[0] if len(same) == 1 else None


def views(features: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Every view of every ranker, one row for each article: all cosines, all spreads, all ranks."""
    count = len(features)
    near = features if count <= NEAREST else np.partition(features, count - NEAREST, axis=0)[-NEAREST:]
    known = len(near)
    spread = np.sqrt((near.var(axis=0) * known + _PSEUDO * _SPREAD**2) / (known + _PSEUDO))
    leaders = np.argpartition(-features, known - 1, axis=0)[:known]
    order = np.take_along_axis(leaders, np.argsort(-np.take_along_axis(features, leaders, axis=0), axis=0), axis=0)
    ranks = np.zeros_like(features)
    np.put_along_axis(ranks, order, (_RANK / np.arange(1, known + 1, dtype=np.float32))[:, None], axis=0)
    return np.hstack([features, (features - near.mean(axis=0)) / spread * _UNIT, ranks], dtype=np.float32)


def fuse(seen: npt.NDArray[np.float32], weights: tuple[float, ...]) -> Floats:
    """One score for each article, on a scale where a softmax over all articles is the share of belief in each; `seen`:
    all views, one row for each article."""
    return np.asarray(seen.astype(np.float64) @ np.array(weights))


def signals_of_all(
    features: npt.NDArray[np.float32], scores: Floats, lengths: Floats
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """The signals of every question, one row for each, and its articles, best first.

    `features`: questions by articles by rankers; `scores`: questions by articles, minus infinity for an article that is
    not there; `lengths`: words of each question. A lone article is judged as if one more with no likeness stood beside
    it. A length that is not known is NaN.
    """
    order = np.argsort(-scores, axis=1, kind="stable")
    ranked = np.take_along_axis(scores, order[:, :NEAREST], axis=1)
    others = ranked[:, 1:] if ranked.shape[1] > 1 else np.zeros((len(ranked), 1))
    alone = ~np.isfinite(others[:, :1])
    others = np.where(alone & (np.arange(others.shape[1]) == 0), 0.0, others)
    odds = ranked[:, 0] - others[:, 0] - np.log(np.exp(others - others[:, :1]).sum(axis=1))
    best = features[np.arange(len(features)), order[:, 0]].astype(np.float64)
    meanings = best[:, : -len(WORDINGS)].reshape(len(best), -1, len(MEANINGS))
    closeness = meanings[:, :, :2].max(axis=2).mean(axis=1)
    length = np.where(lengths < 0, np.nan, np.log1p(np.maximum(lengths, 0)))
    return np.column_stack([odds, closeness, best[:, _WORDS], length]), order


def standardised(rows: Floats, calibration: Calibration) -> Floats:
    """Signals in units of their spread; what is not known counts as usual."""
    return np.asarray(np.nan_to_num((rows - np.array(calibration.means)) / np.array(calibration.scales)))


def probability(rows: Floats, calibration: Calibration) -> Floats:
    """Confidence in 0..1 for each row of signals."""
    line = standardised(rows, calibration) @ np.array(calibration.slopes) + calibration.intercept
    return np.asarray(1 / (1 + np.exp(-line)))


@cache
def shipped(foreign: bool) -> Mapping[str, Calibration]:
    """The calibration of each language. `foreign`: the encoder knows Russian as well as English; then both languages
    start from what was learned on English, where the encoder leads and words only help."""
    known = json.loads(files("bot.kb").joinpath("calibrations.json").read_text(encoding="utf-8"))
    fitted = {lang: Calibration.from_json(json.dumps(values)) for lang, values in known.items()}
    return {lang: fitted["en" if foreign else lang] for lang in fitted}


def _verdict(confidence: float, calibration: Calibration) -> Verdict:
    if confidence >= calibration.sure:
        return Verdict.SURE
    return Verdict.UNSURE if confidence >= calibration.none else Verdict.NONE
