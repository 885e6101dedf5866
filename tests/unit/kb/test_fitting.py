"""Calibrations are learned from few questions without believing too much."""

from dataclasses import replace

import numpy as np
import pytest

from bot.kb.confidence import Calibration
from bot.kb.fitting import Sample, calibrate, fit, outcomes_of, with_hidden

PRIOR = Calibration(
    weights=(3.0,) * 7 + (0.0,) * 14,
    means=(0.0,) * 4,
    scales=(1.0,) * 4,
    slopes=(1.0, 0.0, 0.0, 0.0),
    intercept=0.0,
    sure=0.6,
    none=0.2,
)


def questions(count: int, good: int, answerable: float = 1.0, articles: int = 20) -> list[Sample]:
    """Questions whose article stands out in the column `good` and nowhere else."""
    dice = np.random.default_rng(5)
    samples = []
    for number in range(count):
        features = dice.uniform(0, 0.5, (articles, 7)).astype(np.float32)
        relevant = np.zeros(articles, np.bool_)
        if number < answerable * count:
            features[number % articles, good] += 0.5
            relevant[number % articles] = True
        samples.append(Sample(features, relevant))
    return samples


def share_right(samples: list[Sample], calibration: Calibration) -> float:
    return float(np.mean([outcome.right for outcome in outcomes_of(samples, calibration)]))


def test_the_ranker_that_knows_is_given_the_weight() -> None:
    train, test = questions(100, good=3)[:50], questions(100, good=3)[50:]
    fitted = fit(train, PRIOR)
    assert int(np.argmax(fitted.weights)) % 7 == 3
    assert share_right(test, fitted) > share_right(test, PRIOR)


def test_no_weight_falls_below_zero() -> None:
    assert min(fit(questions(60, good=1), PRIOR).weights) >= 0


def test_two_questions_hardly_move_the_prior() -> None:
    def moved(count: int) -> float:
        return float(np.abs(np.array(fit(questions(count, good=3), PRIOR).weights) - np.array(PRIOR.weights)).max())

    assert moved(2) < 2.5 < moved(100)


def test_without_questions_the_prior_stays() -> None:
    kept = calibrate([], PRIOR, 0.05)
    assert (kept.weights, kept.slopes, kept.intercept) == (PRIOR.weights, PRIOR.slopes, PRIOR.intercept)
    assert not kept.can_promise


def test_confidence_is_what_happens() -> None:
    train, test = questions(300, good=2, answerable=0.7)[::2], questions(300, good=2, answerable=0.7)[1::2]
    outcomes = outcomes_of(test, fit(train, PRIOR))
    believed = np.mean([outcome.confidence for outcome in outcomes])
    assert believed == pytest.approx(np.mean([outcome.right for outcome in outcomes]), abs=0.12)


@pytest.mark.parametrize("max_wrong", [0.05, 0.15])
def test_given_answers_are_as_right_as_was_asked_for(max_wrong: float) -> None:
    samples = questions(600, good=2, answerable=0.7)
    calibration = calibrate(samples[::2], PRIOR, max_wrong)
    given = [outcome for outcome in outcomes_of(samples[1::2], calibration) if outcome.confidence >= calibration.sure]
    assert len(given) > 50
    assert np.mean([not outcome.right for outcome in given]) <= max_wrong


def test_a_stricter_demand_never_lowers_the_threshold() -> None:
    samples = questions(120, good=2, answerable=0.6)
    assert calibrate(samples, PRIOR, 0.02).sure >= calibrate(samples, PRIOR, 0.2).sure


def test_a_set_without_unanswerable_questions_still_expects_some() -> None:
    easy = questions(100, good=2)
    assert calibrate(easy, PRIOR, 0.05).sure > 0.1


def test_a_repeated_question_counts_whatever_somebody_has_ruled_out() -> None:
    ruled = [replace(one, ruled_out=np.roll(one.relevant, 1)) for one in questions(20, good=3)]
    judged = outcomes_of(with_hidden(ruled, 0.25), PRIOR)
    assert [outcome.answerable for outcome in judged] == [True] * 20 + [False] * 20


def test_a_question_is_repeated_with_its_article_hidden() -> None:
    samples = questions(10, good=2, answerable=0.5)
    seen = with_hidden(samples, 0.25)
    assert len(seen) == 15
    assert all(not sample.relevant.any() and sample.weight == 0.25 for sample in seen[10:])
    assert all(len(sample.features) == 19 for sample in seen[10:])
