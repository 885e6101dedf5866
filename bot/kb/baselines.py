"""The plain ways to search that ours has to beat, each given the same questions to learn from, for the evaluation.

BM25 over stems, TF-IDF of character n-grams, the product's own encoder with nothing around it, and fixed or weighted
sums of these. A score threshold, or a logistic curve over score and margin, decides when such a system answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.kb.encoder import Encoder
from bot.kb.lexical import stem, tidy
from bot.kb.loader import Question
from bot.kb.model import Article
from bot.kb.scoring import Seen
from bot.text import plain

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_K1, _B = 1.5, 0.75
_RANK_FUSION = 60
_STEPS = np.linspace(0, 1, 11)


@dataclass(frozen=True, slots=True)
class Baseline:
    """One system: its name, and what it makes of the questions to learn from and of those to measure on."""

    name: str
    dev: list[Seen]
    test: list[Seen]

    def threshold(self, max_wrong: float) -> float:
        """The lowest score from which at most this share of the answers to `dev` was wrong; infinite when none is."""
        confidences = np.array([one.confidence for one in self.dev])
        order = np.argsort(-confidences, kind="stable")
        ranked, wrong = confidences[order], np.array([not one.right for one in self.dev])[order]
        kept = np.cumsum(wrong) <= max_wrong * np.arange(1, len(wrong) + 1)
        kept &= np.append(ranked[1:] < ranked[:-1], True)
        return float(ranked[np.flatnonzero(kept)[-1]]) if kept.any() else float("inf")


@dataclass(frozen=True, slots=True)
class _Half:
    """Questions of one half. `scores`: questions by articles, for each plain ranker; `relevant`: the same shape."""

    scores: Mapping[str, Floats]
    relevant: Mask


def baselines(
    articles: Sequence[Article], dev: Sequence[Question], test: Sequence[Question], encoder: Encoder
) -> list[Baseline]:
    """Every baseline, in the order of their tables. Articles and questions are of one language, none of them empty."""
    taught, asked = (_half(articles, questions, encoder) for questions in (dev, test))
    fusion = [_ranks([half.scores[name] for name in ("bm25", "letters", "mean")]) for half in (taught, asked)]
    lexical = _weighted(taught, asked, ("bm25", "letters"))
    both = _weighted(taught, asked, ("bm25", "letters", "mean"))
    systems = {
        "BM25, stemmed": (taught.scores["bm25"], asked.scores["bm25"]),
        "character n-gram TF-IDF (2-5)": (taught.scores["letters"], asked.scores["letters"]),
        "encoder, mean of question and answer": (taught.scores["mean"], asked.scores["mean"]),
        "encoder, best of question and answer": (taught.scores["max"], asked.scores["max"]),
        "rank fusion BM25 + n-grams + encoder": (fusion[0], fusion[1]),
        "weighted lexical": lexical,
        "weighted lexical + encoder": both,
    }
    plainly = [
        Baseline(name, _seen(one, taught.relevant), _seen(two, asked.relevant)) for name, (one, two) in systems.items()
    ]
    curved = {"weighted lexical + logistic": lexical, "weighted lexical + encoder + logistic": both}
    return plainly + [_curved(name, taught, asked, scores) for name, scores in curved.items()]


def _half(articles: Sequence[Article], questions: Sequence[Question], encoder: Encoder) -> _Half:
    asked = [question.text for question in questions]
    texts = [f"{article.title} {plain(article.body or article.short_answer)}" for article in articles]
    relevant = np.array([[article.id in question.relevant for article in articles] for question in questions])
    vectors = encoder.encode(asked, articles[0].lang)
    titles = vectors @ encoder.encode([article.title for article in articles], articles[0].lang).T
    answers = [plain(article.body or article.short_answer) or article.title for article in articles]
    bodies = vectors @ encoder.encode(answers, articles[0].lang).T
    scores = {
        "bm25": _bm25(texts, asked),
        "letters": _letters(texts, asked),
        "mean": np.asarray((titles + bodies) / 2, np.float64),
        "max": np.asarray(np.maximum(titles, bodies), np.float64),
    }
    return _Half(scores, relevant.reshape(len(questions), len(articles)))


def _bm25(texts: Sequence[str], asked: Sequence[str]) -> Floats:
    stems = [[stem(word) for word in tidy(text).split()] for text in texts]
    places = {word: place for place, word in enumerate(sorted({word for text in stems for word in text}))}
    counts = np.zeros((len(texts), len(places)), np.float32)
    for row, text in enumerate(stems):
        np.add.at(counts[row], [places[word] for word in text], 1)
    seen, lengths = (counts > 0).sum(axis=0), counts.sum(axis=1, keepdims=True)
    idf = np.log(1 + (len(texts) - seen + 0.5) / (seen + 0.5))
    weights = idf * counts * (_K1 + 1) / (counts + _K1 * (1 - _B + _B * lengths / lengths.mean()))
    scores = np.zeros((len(asked), len(texts)))
    for row, question in enumerate(asked):
        known = [places[word] for word in map(stem, tidy(question).split()) if word in places]
        scores[row] = weights[:, known].sum(axis=1)
    return scores


def _letters(texts: Sequence[str], asked: Sequence[str]) -> Floats:
    view = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    rows = view.fit_transform(texts)
    return np.asarray((view.transform(asked) @ rows.T).toarray(), np.float64)


def _ranks(rankers: Sequence[Floats]) -> Floats:
    """Reciprocal rank fusion."""
    places = [np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1) for scores in rankers]
    return np.asarray(sum(1 / (_RANK_FUSION + 1 + place) for place in places))


def _weighted(taught: _Half, asked: _Half, names: Sequence[str]) -> tuple[Floats, Floats]:
    """The sum whose weights rank the questions to learn from best; BM25 in units of its best article."""

    def summed(half: _Half, weights: Sequence[float]) -> Floats:
        parts = (half.scores[name] / (_top(half.scores[name]) if name == "bm25" else 1) for name in names)
        return np.asarray(sum(weight * part for weight, part in zip(weights, parts, strict=True)))

    def worth(weights: Sequence[float]) -> tuple[float, float]:
        seen = [one for one in _seen(summed(taught, weights), taught.relevant) if one.answerable]
        right = float(np.mean([one.right for one in seen])) if seen else 0.0
        return right, float(np.mean([0 if one.rank is None else 1 / (one.rank + 1) for one in seen])) if seen else 0.0

    grid = [(*weights, 1 - sum(weights)) for weights in product(_STEPS, repeat=len(names) - 1) if sum(weights) <= 1]
    best = max(grid, key=worth)
    return summed(taught, best), summed(asked, best)


def _top(scores: Floats) -> Floats:
    return np.asarray(np.maximum(scores.max(axis=1, keepdims=True), 1e-9))


def _curved(name: str, taught: _Half, asked: _Half, scores: tuple[Floats, Floats]) -> Baseline:
    """The system with a logistic curve over score and margin, learned from the same questions, as its confidence."""
    dev, test = _seen(scores[0], taught.relevant), _seen(scores[1], asked.relevant)
    right = [one.right for one in dev]
    if len(set(right)) < 2:
        return Baseline(name, dev, test)
    curve = LogisticRegression().fit(_margins(scores[0]), right)

    def believed(seen: Sequence[Seen], rows: Floats) -> list[Seen]:
        chances = curve.predict_proba(_margins(rows))[:, 1]
        return [Seen(float(chance), one.rank, one.answerable) for one, chance in zip(seen, chances, strict=True)]

    return Baseline(name, believed(dev, scores[0]), believed(test, scores[1]))


def _margins(scores: Floats) -> Floats:
    ranked = -np.sort(-scores, axis=1)
    second = ranked[:, 1] if ranked.shape[1] > 1 else np.zeros(len(ranked))
    return np.column_stack([ranked[:, 0], ranked[:, 0] - second])


def _seen(scores: Floats, relevant: Mask) -> list[Seen]:
    found = []
    for row, right in zip(scores, relevant, strict=True):
        order = np.argsort(-row, kind="stable")[:10]
        places = np.flatnonzero(right[order])
        found.append(Seen(float(row[order[0]]), int(places[0]) if len(places) else None, bool(right.any())))
    return found
