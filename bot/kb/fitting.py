"""Learns a calibration from questions whose right articles are known, for the evaluation, the learner and what ships.

Few questions are the rule (60-200), so everything starts from a prior and is pulled to it, and every number a threshold
is set on comes from a model that did not see its question.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from bot.kb.confidence import NEAREST, VIEWS, Calibration, fuse, probability, signals_of_all, standardised, views
from bot.kb.curves import Outcome
from bot.kb.promise import Quality, quality, with_limits

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

FOLDS = 10
UNANSWERABLE = 0.04
"""Least share of unanswerable questions a calibration is made for: a set that has fewer lends its own, with the article
hidden, so that a subject nobody wrote about is not taken for an easy one. With one in ten the promise of a set without
any (faq_stack, 5 %) came out at 1.1 % wrong; with this it also holds where one in ten then turns out to have none."""

_PULL_WEIGHTS = 0.1
_PULL_CURVE = 2.0
_ENOUGH = {"ftol": 1e-6, "maxiter": 200}


@dataclass(frozen=True, slots=True)
class Sample:
    """One question. `features`: articles by rankers; `relevant`: which articles answer it, none when nothing does;
    `length`: its words, unknown below zero; `ruled_out`: articles known not to answer it. With these and no relevant
    one, nobody knows what answers it, and it counts only where the model would give one of them."""

    features: npt.NDArray[np.float32]
    relevant: Mask
    weight: float = 1.0
    length: float = -1.0
    ruled_out: Mask | None = None

    @property
    def is_open(self) -> bool:
        """Whether something may answer it that nobody has named."""
        return self.ruled_out is not None and bool(self.ruled_out.any()) and not self.relevant.any()


def trimmed(sample: Sample, prior: Calibration) -> Sample:
    """The sample with its nearest articles only, beside those known to be right or wrong, so that thousands of labels
    on thousands of articles fit into memory; the best article and its odds stay what they are."""
    if len(sample.features) <= NEAREST:
        return sample
    wanted = fuse(views(sample.features), prior.weights)
    for known in (sample.relevant, sample.ruled_out):
        wanted = wanted if known is None else np.where(known, np.inf, wanted)
    return _only(sample, np.sort(np.argsort(-wanted, kind="stable")[:NEAREST]))


def calibrate(samples: Sequence[Sample], prior: Calibration, max_wrong: float) -> Calibration:
    """A calibration for these questions, with the thresholds that `max_wrong` (share of all given answers) allows.

    Without samples it is the prior. Every confidence the thresholds are set on comes from a model fitted without its
    question; they stay in `proof`, so that another `max_wrong` needs no samples.
    """
    if not samples:
        return with_limits(prior, max_wrong)
    lesson = _Lesson.of([trimmed(sample, prior) for sample in samples])
    proof = tuple(lesson.cross_fitted(prior))
    fitted = replace(lesson.fit(prior), proof=proof, fitted_on=len(samples), ladder=prior.ladder)
    return with_limits(fitted, max_wrong)


def reliability(samples: Sequence[Sample], calibration: Calibration) -> Quality:
    """What a calibration is worth on held-back questions; without any, on those it was made from, as its cross-fitted
    proof tells it."""
    return quality(outcomes_of(samples, calibration) if samples else calibration.proof, calibration)


def cross_fitted(samples: Sequence[Sample], prior: Calibration) -> list[Outcome]:
    """What models that did not see it say of every question, and of its repetition with the article hidden."""
    return _Lesson.of(samples).cross_fitted(prior)


def fit(samples: Sequence[Sample], prior: Calibration) -> Calibration:
    """Weights and curve of these questions, both pulled to the prior; the thresholds stay the prior's."""
    return _Lesson.of(samples).fit(prior)


def outcomes_of(samples: Sequence[Sample], calibration: Calibration) -> list[Outcome]:
    """What a calibration says of questions; open ones only where their answer is known to be wrong."""
    return _Batch.of(samples).outcomes(calibration) if samples else []


def with_hidden(samples: Sequence[Sample], weight: float) -> list[Sample]:
    """The questions, and the answerable ones once more, at `weight`, without the articles that answer them: whatever
    is answered then is wrong, ruled out by somebody or not."""
    hidden = [
        replace(_only(sample, np.flatnonzero(~sample.relevant)), weight=sample.weight * weight, ruled_out=None)
        for sample in samples
        if weight > 0 and sample.relevant.any() and not sample.relevant.all()
    ]
    return [*samples, *hidden]


def lent_weight(samples: Sequence[Sample]) -> float:
    """The weight hidden repetitions need so that UNANSWERABLE of all questions are."""
    closed = [sample for sample in samples if not sample.is_open]
    answerable = sum(bool(sample.relevant.any()) for sample in closed)
    return max(0.0, UNANSWERABLE * len(closed) - (len(closed) - answerable)) / max(answerable, 1)


def fit_weights(samples: Sequence[Sample], prior: tuple[float, ...]) -> tuple[float, ...]:
    """Weights, none below zero, under which a softmax over the articles believes most in the relevant ones and least
    in those ruled out."""
    return _fit_weights(_Batch.of(samples), prior) if samples else prior


def fit_curve(samples: Sequence[Sample], model: Calibration) -> Calibration:
    """The logistic curve over the signals of these questions."""
    return _fit_curve([_Batch.of(samples)] if samples else [], model)


def signals_and_truth(samples: Sequence[Sample], weights: tuple[float, ...]) -> tuple[Floats, Mask, Floats]:
    """Signals of the best article of every question whose truth is known, whether it is right, and its weight."""
    return _Batch.of(samples).truth(weights)


def _only(sample: Sample, places: npt.NDArray[np.int64]) -> Sample:
    ruled_out = None if sample.ruled_out is None else sample.ruled_out[places]
    return replace(sample, features=sample.features[places], relevant=sample.relevant[places], ruled_out=ruled_out)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Questions side by side, so that one product of matrices scores them all. `features`: questions by articles by
    rankers; `seen`: the same by views; the rest: questions by articles; `present` is false where a question has fewer
    articles than another."""

    features: npt.NDArray[np.float32]
    seen: npt.NDArray[np.float32]
    relevant: Mask
    ruled_out: Mask
    present: Mask
    is_open: Mask
    shares: Floats
    lengths: Floats

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> "_Batch":
        """At least one sample."""
        wide, rankers = max(len(sample.features) for sample in samples), samples[0].features.shape[1]
        shape = (len(samples), wide)
        features = np.zeros((*shape, rankers), np.float32)
        seen = np.zeros((*shape, rankers * len(VIEWS)), np.float32)
        relevant, ruled_out, present = (np.zeros(shape, np.bool_) for _ in range(3))
        for row, sample in enumerate(samples):
            count = len(sample.features)
            features[row, :count], seen[row, :count] = sample.features, views(sample.features)
            relevant[row, :count], present[row, :count] = sample.relevant, True
            if sample.ruled_out is not None:
                ruled_out[row, :count] = sample.ruled_out
        is_open = np.array([sample.is_open for sample in samples], np.bool_)
        shares = np.array([sample.weight for sample in samples])
        lengths = np.array([sample.length for sample in samples])
        return cls(features, seen, relevant, ruled_out, present, is_open, shares, lengths)

    def __len__(self) -> int:
        return len(self.shares)

    def pick(self, rows: Mask) -> "_Batch":
        return _Batch(*(getattr(self, field.name)[rows] for field in fields(self)))

    def scores(self, weights: Sequence[float] | Floats) -> Floats:
        return np.where(self.present, self.seen @ np.asarray(weights, np.float32), -np.inf).astype(np.float64)

    def signals(self, weights: tuple[float, ...]) -> tuple[Floats, npt.NDArray[np.int64]]:
        """Signals of every question, and its articles, best first."""
        return signals_of_all(self.features, self.scores(weights), self.lengths)

    def truth(self, weights: tuple[float, ...]) -> tuple[Floats, Mask, Floats]:
        """Signals of the questions whose truth is known, whether the best article is right, and their weights."""
        rows, order = self.signals(weights)
        known, right = self.is_known(order[:, 0]), self.relevant[np.arange(len(self)), order[:, 0]]
        return rows[known], right[known], self.shares[known]

    def outcomes(self, calibration: Calibration) -> list[Outcome]:
        rows, order = self.signals(calibration.weights)
        found = np.take_along_axis(self.relevant, order[:, :3], axis=1)
        right, near, answerable = found[:, 0], np.any(found, axis=1), np.any(self.relevant, axis=1)
        columns = np.column_stack([probability(rows, calibration), right, self.shares, near, answerable])
        return [
            Outcome(confidence, bool(right), share, bool(near), bool(answerable))
            for confidence, right, share, near, answerable in columns[self.is_known(order[:, 0])].tolist()
        ]

    def is_known(self, best: npt.NDArray[np.int64]) -> Mask:
        return np.asarray(~self.is_open | self.ruled_out[np.arange(len(best)), best])

    def surprise(self, weights: Floats) -> tuple[float, Floats]:
        """How little these weights believe what is known, and the slope of that."""
        scores = self.scores(weights)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        belief = powers / powers.sum(axis=1, keepdims=True)
        good = np.where(self.is_open[:, None], ~self.ruled_out & self.present, self.relevant)
        right = (belief * good).sum(axis=1) + 1e-12
        pulls = (belief - belief * good / right[:, None]) * self.shares[:, None]
        slope = pulls.astype(np.float32).ravel() @ self.seen.reshape(-1, self.seen.shape[2])
        return -float((self.shares * np.log(right)).sum()), slope.astype(np.float64)


@dataclass(frozen=True, slots=True)
class _Lesson:
    """Questions to learn from, `told`, and their repetitions with the article hidden, `hidden`; `owners`: whose."""

    told: _Batch
    hidden: _Batch | None
    owners: npt.NDArray[np.int64]

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> "_Lesson":
        lent = lent_weight(samples)
        copies = [with_hidden([sample], lent)[1:] for sample in samples]
        owners = np.array([owner for owner, copy in enumerate(copies) for _ in copy], np.int64)
        hidden = [sample for copy in copies for sample in copy]
        return cls(_Batch.of(samples), _Batch.of(hidden) if hidden else None, owners)

    def pick(self, rows: Mask) -> "_Lesson":
        kept = rows[self.owners]
        return _Lesson(self.told.pick(rows), self.hidden.pick(kept) if self.hidden else None, self.owners[kept])

    def parts(self) -> list[_Batch]:
        return [part for part in (self.told, self.hidden) if part is not None and len(part)]

    def fit(self, prior: Calibration, start: tuple[float, ...] = ()) -> Calibration:
        return _fit_curve(self.parts(), replace(prior, weights=_fit_weights(self.told, prior.weights, start)))

    def cross_fitted(self, prior: Calibration) -> list[Outcome]:
        folds = np.random.default_rng(0).permutation(len(self.told)) % FOLDS
        # The weights of all questions are where the search for those of most questions begins, not what it is pulled
        # to: the end is the same, and it is reached in a fifth of the time.
        start = _fit_weights(self.told, prior.weights)
        outcomes: list[Outcome] = []
        for fold in sorted(set(folds.tolist())):
            model = self.pick(folds != fold).fit(prior, start)
            outcomes += [each for part in self.pick(folds == fold).parts() for each in part.outcomes(model)]
        return outcomes


def _fit_weights(batch: _Batch, prior: tuple[float, ...], start: tuple[float, ...] = ()) -> tuple[float, ...]:
    pulled, told = np.array(prior), batch.pick(batch.relevant.any(axis=1) | batch.is_open)
    if not len(told):
        return prior

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = told.surprise(weights)
        moved = weights - pulled
        return total + _PULL_WEIGHTS * float((moved**2).sum()), slope + 2 * _PULL_WEIGHTS * moved

    from scipy.optimize import minimize  # type: ignore[import-untyped]  # noqa: PLC0415 - seconds that serving can spare

    bounds, begin = [(0, None)] * len(prior), np.array(start or prior)
    found = minimize(loss, begin, jac=True, method="L-BFGS-B", bounds=bounds, options=_ENOUGH)
    return tuple(float(weight) for weight in found.x)


def _fit_curve(parts: Sequence[_Batch], model: Calibration) -> Calibration:
    if not parts:
        return model
    rows, right, shares = (
        np.concatenate(each) for each in zip(*(part.truth(model.weights) for part in parts), strict=True)
    )
    from scipy.optimize import minimize  # noqa: PLC0415 - as above

    columns = np.column_stack([standardised(rows, model), np.ones(len(rows))])
    start = np.array([*model.slopes, model.intercept])
    # The intercept is left nearly free: how often questions have an answer differs most between knowledge bases.
    pull = _PULL_CURVE * np.array([1.0] * len(model.slopes) + [0.05])

    def loss(curve: Floats) -> tuple[float, Floats]:
        line = columns @ curve
        total = (shares * (np.logaddexp(0, line) - right * line)).sum() + (pull * (curve - start) ** 2).sum()
        slope = columns.T @ (shares * (1 / (1 + np.exp(-line)) - right)) + 2 * pull * (curve - start)
        return float(total), slope

    *slopes, intercept = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return replace(model, slopes=tuple(float(slope) for slope in slopes), intercept=float(intercept))
