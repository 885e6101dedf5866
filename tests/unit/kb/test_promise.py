"""A limit for wrong answers is promised only where it is kept, and what cannot be promised is said."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.kb.confidence import WORD_FOR_WORD, Calibration
from bot.kb.curves import Outcome
from bot.kb.promise import BARE, PHRASED, Reason, quality, told, untold_bar, with_limits

PRIOR = Calibration(
    weights=(1.0,) * 21,
    means=(0.0,) * 4,
    scales=(1.0,) * 4,
    slopes=(1.0, 0.0, 0.0, 0.0),
    intercept=0.0,
    sure=0.6,
    none=0.2,
)


def asked(count: int, seed: int, skill: float = 1.0, boast: float = 1.0) -> list[Outcome]:
    """Questions of which many are easy. `skill`: how far confidences spread; `boast`: above 1, they promise more than
    comes true."""
    dice = np.random.default_rng(seed)
    line = dice.normal(0.5, 2.5 * skill, count)
    right = dice.random(count) < 1 / (1 + np.exp(-line))
    believed = 1 / (1 + np.exp(-boast * line))
    return [
        Outcome(float(one), bool(is_right), near=bool(is_right)) for one, is_right in zip(believed, right, strict=True)
    ]


def proven(outcomes: list[Outcome], max_wrong: float) -> Calibration:
    return with_limits(replace(PRIOR, proof=tuple(outcomes), fitted_on=len(outcomes)), max_wrong)


def wrong_share(outcomes: list[Outcome], sure: float) -> float:
    given = [one for one in outcomes if one.confidence >= sure]
    return sum(not one.right for one in given) / len(given) if given else 0.0


@pytest.mark.parametrize("max_wrong", [0.03, 0.05, 0.1])
@pytest.mark.parametrize("count", [60, 150, 400])
@pytest.mark.parametrize("boast", [1.0, 1.6])
def test_of_many_promises_nearly_all_are_kept(max_wrong: float, count: int, boast: float) -> None:
    broken = 0
    for seed in range(120):
        calibration = proven(asked(count, seed, boast=boast), max_wrong)
        if calibration.can_promise:
            broken += wrong_share(asked(count, 10_000 + seed, boast=boast), calibration.sure) > max_wrong + 1e-9
    assert broken <= 0.1 * 120


def test_easy_questions_are_answered_while_the_promise_is_kept() -> None:
    tried = [(proven(asked(400, seed, skill=2.0), 0.05), asked(400, 500 + seed, skill=2.0)) for seed in range(10)]
    promised = [quality(coming, calibration).coverage for calibration, coming in tried if calibration.can_promise]
    assert len(promised) >= 8
    assert np.mean(promised) > 0.3  # An oracle reaches 0.44.


def test_too_few_labels_are_told_with_how_many_are_missing() -> None:
    few = proven([Outcome(0.99, True)] * 12 + [Outcome(0.3, False)] * 12, 0.03)
    assert (few.can_promise, few.reason) == (False, Reason.FEW_LABELS)
    parts = 1 + few.missing // 24 + 1
    assert proven(list(few.proof) * parts, 0.03).can_promise
    rounded = str(int(float(f"{few.missing:.2g}")))
    assert rounded in told(quality(few.proof, few), "en")
    assert rounded in told(quality(few.proof, few), "ru")


@pytest.mark.parametrize(("missing", "said"), [(4059, "4100"), (104, "100"), (39, "39"), (7, "7")])
def test_what_is_missing_is_told_in_two_digits(missing: int, said: str) -> None:
    few = replace(quality(asked(50, 1), PRIOR), reason=Reason.FEW_LABELS, labels=50, missing=missing)
    assert f"About {said} more" in told(few, "en")
    assert f"примерно {said}." in told(few, "ru")


def test_sure_answers_that_are_wrong_are_no_matter_of_more_labels() -> None:
    twins = [Outcome(0.98, at % 3 > 0) for at in range(300)]
    calibration = proven(twins, 0.03)
    assert (calibration.can_promise, calibration.reason, calibration.missing) == (False, Reason.WRONG_TOO_OFTEN, 0)
    assert calibration.sure == WORD_FOR_WORD


def test_articles_without_phrasings_are_answered_from_more_carefully_until_there_are_labels() -> None:
    assert (untold_bar([3, 0, 12, 1]), untold_bar([])) == (PHRASED, PHRASED)
    assert untold_bar([2, 0, 12]) == BARE


def of_shop(*outcomes: Outcome, labels: int = 0) -> list[Calibration]:
    """Few labels, at every usual limit, where the shipped bar is PHRASED."""
    some = replace(PRIOR, ladder=((0.01, 0.97),), untold=PHRASED, proof=outcomes, fitted_on=labels or len(outcomes))
    return [with_limits(some, limit) for limit in (0.03, 0.05, 0.1)]


@pytest.mark.parametrize("count", [1, 2, 4, 5, 10, 20, 30, 40, 49])
@pytest.mark.parametrize("confidence", [0.8, 0.9, 0.98])
def test_few_labels_that_are_all_right_never_raise_the_bar(count: int, confidence: float) -> None:
    right = [Outcome(confidence, True, near=True) for _ in range(count)]
    # A set without unanswerable questions lends its own, with the article hidden.
    hidden = [Outcome(0.8, False, weight=0.04, answerable=False) for _ in range(count // 4)]
    for calibration in of_shop(*right, *hidden, labels=count):
        assert calibration.sure <= PHRASED or calibration.can_promise


def test_wrong_answers_among_few_labels_raise_the_bar_and_the_more_the_more() -> None:
    right = [Outcome(0.72 + at / 50, True) for at in range(12)]
    one, three = of_shop(*right, Outcome(0.8, False)), of_shop(*right, *[Outcome(0.9, False)] * 3)
    for once, thrice in zip(one, three, strict=True):
        assert PHRASED < once.sure < thrice.sure <= WORD_FOR_WORD
        assert not once.can_promise


def test_word_for_word_is_answered_until_an_answer_as_sure_was_wrong() -> None:
    assert all(one.sure <= WORD_FOR_WORD for one in of_shop(Outcome(0.9, True), Outcome(0.98, False)))
    assert all(one.sure > WORD_FOR_WORD for one in of_shop(*[Outcome(0.995, False)] * 3))


def test_a_bot_that_answers_nothing_is_not_said_to_answer_by_its_best_estimate() -> None:
    nothing, hardly = of_shop(*[Outcome(0.995, False)] * 3)[0], of_shop(*[Outcome(0.98, False)] * 3)[0]
    usual = of_shop(*[Outcome(0.9, True)] * 3)[0]
    assert "answers nothing" in told(quality(nothing.proof, nothing), "en")
    assert "word for word" in told(quality(hardly.proof, hardly), "en")
    assert "best estimate" in told(quality(usual.proof, usual), "en")
    for calibration in (nothing, hardly):
        assert "best estimate" not in told(quality(calibration.proof, calibration), "en")
        assert "лучшей оценке" not in told(quality(calibration.proof, calibration), "ru")


def test_without_labels_the_shipped_ladder_decides_and_nothing_is_promised() -> None:
    shipped = replace(PRIOR, ladder=((0.02, 0.9), (0.1, 0.6)), untold=PHRASED)
    assert with_limits(shipped, 0.02).sure == 0.9
    assert with_limits(shipped, 0.05).sure == PHRASED
    assert with_limits(shipped, 0.1).sure == 0.6
    assert with_limits(shipped, 0.01).sure == WORD_FOR_WORD
    assert with_limits(shipped, 0.05).reason == Reason.NO_LABELS
    assert with_limits(shipped, 0.01).missing > with_limits(shipped, 0.1).missing > 0


@settings(max_examples=40, deadline=None)
@given(st.integers(5, 300), st.integers(0, 1_000), st.floats(0.005, 0.3), st.floats(0.005, 0.3))
def test_a_stricter_limit_never_lowers_the_bar(count: int, seed: int, one: float, other: float) -> None:
    outcomes = asked(count, seed)
    strict, lax = sorted((one, other))
    if proven(outcomes, strict).can_promise:
        assert proven(outcomes, lax).sure <= proven(outcomes, strict).sure


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 300), st.integers(0, 1_000), st.floats(0.005, 0.5))
def test_thresholds_are_in_order_whatever_the_labels_say(count: int, seed: int, max_wrong: float) -> None:
    calibration = proven(asked(count, seed), max_wrong)
    assert 0 <= calibration.none <= calibration.sure
    assert calibration.can_promise == (calibration.reason == "")
    assert calibration.can_promise or calibration.missing >= 0


def test_another_limit_needs_no_samples() -> None:
    once = proven(asked(300, 5), 0.03)
    assert with_limits(once, 0.1) == proven(asked(300, 5), 0.1)
    assert Calibration.from_json(once.to_json()) == once


@pytest.mark.parametrize("reason", [None, *Reason])
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_every_reason_has_words(lang: str, reason: Reason | None) -> None:
    some = replace(quality(asked(50, 1), PRIOR), reason=reason, labels=50, missing=40, max_wrong=0.035)
    assert "3.5 %" in told(some, lang)
    assert "{" not in told(some, lang)
