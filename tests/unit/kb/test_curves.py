"""Intervals cover what they say, and curves count what was answered."""

import numpy as np
import pytest

from bot.kb.curves import Outcome, area, log_loss, reliability_curve, risk_curve, wilson


@pytest.mark.parametrize("share", [0.01, 0.05, 0.3])
def test_intervals_hold_the_truth_nineteen_times_in_twenty(share: float) -> None:
    counts = np.random.default_rng(1).binomial(80, share, 2_000)
    held = [low <= share <= high for low, high in (wilson(int(count), 80) for count in counts)]
    assert np.mean(held) > 0.92


def test_nothing_counted_leaves_everything_possible() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert not risk_curve([])
    assert not reliability_curve([])
    assert area([]) == log_loss([]) == 0.0


def test_a_step_tells_what_answering_from_there_on_means() -> None:
    outcomes = [Outcome(0.9, True), Outcome(0.8, False), Outcome(0.8, True), Outcome(0.1, False, answerable=False)]
    first, second, last = risk_curve(outcomes)
    assert (first.threshold, first.answered, first.wrong) == (0.9, 0.25, 0.0)
    assert first.coverage == pytest.approx(1 / 3)
    assert second.answered == 0.75
    assert second.wrong == pytest.approx(1 / 3)
    assert (last.answered, last.wrong) == (1.0, 0.5)


def test_a_question_of_half_a_weight_counts_half() -> None:
    whole = [Outcome(0.9, True), Outcome(0.5, False)]
    halved = [Outcome(0.9, True), *[Outcome(0.5, False, weight=0.5)] * 2]
    assert risk_curve(halved)[-1].wrong == risk_curve(whole)[-1].wrong == 0.5
    assert log_loss(halved) == pytest.approx(log_loss(whole))


def test_an_order_that_puts_the_right_ones_first_has_the_least_area() -> None:
    good = [Outcome(0.9, True), Outcome(0.8, True), Outcome(0.2, False)]
    bad = [Outcome(0.9, False), Outcome(0.8, True), Outcome(0.2, True)]
    assert area(good) == pytest.approx(1 / 9)
    assert area(good) < area(bad)


def test_points_of_reliability_lie_where_confidence_comes_true() -> None:
    dice = np.random.default_rng(2)
    confidences = dice.random(2_000)
    points = reliability_curve([Outcome(float(one), bool(dice.random() < one)) for one in confidences])
    assert len(points) == 8
    assert all(low - 0.05 <= point.believed <= high + 0.05 for point in points for low, high in [point.right_95])
