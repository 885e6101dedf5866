"""Seven cosines of every article become an order, a probability and a verdict."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from bot.kb.confidence import (
    SIGNALS,
    VIEWS,
    Calibration,
    fuse,
    judge,
    probability,
    rankers,
    shipped,
    signals_of_all,
    views,
)
from bot.kb.model import Verdict

PLAIN = Calibration(
    weights=(4.0,) * 7 + (0.0,) * 14,
    means=(0.0,) * 4,
    scales=(1.0,) * 4,
    slopes=(1.0, 0.0, 0.0, 0.0),
    intercept=0.0,
    sure=0.8,
    none=0.2,
)


def cosines(*articles: float) -> npt.NDArray[np.float32]:
    """The same cosine from every ranker."""
    return np.repeat(np.array(articles, np.float32)[:, None], 7, axis=1)


def test_articles_come_in_the_order_of_their_weighted_cosines() -> None:
    judged = judge(cosines(0.2, 0.9, 0.5), PLAIN)
    assert judged.order == [1, 2, 0]
    assert judged.scores == pytest.approx([0.9, 0.5, 0.2])


def test_a_weight_of_zero_silences_a_ranker() -> None:
    features = np.zeros((2, 7), np.float32)
    features[0, 0], features[1, 1] = 1.0, 0.5
    assert judge(features, replace(PLAIN, weights=(0.0,) + (4.0,) * 6 + (0.0,) * 14)).order[0] == 1


@pytest.mark.parametrize(
    ("articles", "verdict"),
    [((0.9, 0.1, 0.1), Verdict.SURE), ((0.5, 0.49), Verdict.UNSURE), ((0.1,) * 20, Verdict.NONE)],
)
def test_one_that_stands_out_is_sure_and_many_alike_are_not(articles: tuple[float, ...], verdict: Verdict) -> None:
    assert judge(cosines(*articles), PLAIN).verdict is verdict


def test_a_lone_article_is_judged_against_nothing() -> None:
    assert judge(cosines(0.9), PLAIN).verdict is Verdict.SURE
    assert judge(cosines(0.0), PLAIN).confidence == pytest.approx(0.5)


def test_no_articles_mean_no_answer() -> None:
    judged = judge(np.zeros((0, 7), np.float32), PLAIN)
    assert (judged.order, judged.verdict, judged.confidence) == ([], Verdict.NONE, 0.0)


def test_no_more_hits_than_asked_for() -> None:
    assert len(judge(cosines(*np.linspace(0, 1, 30)), PLAIN, limit=3).order) == 3


def test_relevance_stays_between_zero_and_one() -> None:
    assert judge(cosines(-0.5, 1.5), PLAIN).scores == [1.0, 0.0]


def test_odds_fall_when_a_rival_comes_near() -> None:
    def odds(rival: float) -> float:
        features = cosines(0.8, rival)
        rows, _ = signals_of_all(features[None], fuse(views(features), PLAIN.weights)[None], np.array([-1.0]))
        return float(rows[0, 0])

    assert odds(0.1) > odds(0.5) > odds(0.79) > 0


def test_probability_grows_with_the_odds_and_never_leaves_its_range() -> None:
    rows = np.array([[odds, 0.0, 0.0, 0.0] for odds in (-50, 0, 1, 50)])
    values = probability(rows, PLAIN)
    assert values.tolist() == sorted(values.tolist())
    assert values[1] == pytest.approx(0.5)
    assert 0 <= values[0] < values[3] <= 1


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("foreign", [True, False])
def test_shipped_calibrations_are_whole(lang: str, foreign: bool) -> None:
    calibration = shipped(foreign)[lang]
    networks = 3 if lang == "ru" and not foreign else 1
    assert len(calibration.weights) == len(rankers(networks)) * len(VIEWS)
    assert len(calibration.means) == len(calibration.scales) == len(calibration.slopes) == len(SIGNALS)
    assert min(calibration.weights) >= 0
    assert min(calibration.scales) > 0
    assert 0 < calibration.none < calibration.sure < 1


def test_an_encoder_that_knows_russian_is_trusted_as_in_english() -> None:
    assert shipped(foreign=True)["ru"] == shipped(foreign=True)["en"] == shipped(foreign=False)["en"]
    assert shipped(foreign=False)["ru"] != shipped(foreign=False)["en"]


def test_a_question_in_an_editors_own_words_is_answered_by_that_article() -> None:
    columns = rankers(3)
    features = np.full((3, len(columns)), 0.4, np.float32)
    features[0] = 0.8
    features[2, columns.index("question_letters")] = 1.0
    judged = judge(features, shipped(False)["ru"])
    assert judged.order[0] == 2
    assert judged.confidence >= 0.99
    features[1, columns.index("question_letters")] = 1.0
    assert judge(features, shipped(False)["ru"]).order[0] == 0
