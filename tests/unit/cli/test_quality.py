"""What labels prove is told in words, figures and a picture."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from bot.cli.drawing import draw
from bot.cli.quality import tell
from bot.kb.confidence import shipped
from bot.kb.curves import Outcome
from bot.kb.promise import Quality, quality, told, with_limits


def qualities(count: int) -> dict[str, Quality]:
    dice = np.random.default_rng(3)
    outcomes = tuple(Outcome(float(one), bool(dice.random() < one)) for one in dice.random(count))
    made = {}
    for lang in ("ru", "en"):
        calibration = with_limits(replace(shipped(False)[lang], proof=outcomes, fitted_on=count), 0.05)
        made[lang] = quality(outcomes, calibration)
    return made


@pytest.mark.parametrize("count", [0, 1, 7, 300])
def test_the_picture_is_whole_however_few_the_labels(count: int, tmp_path: Path) -> None:
    known = qualities(count)
    draw(known, tmp_path / "curves.svg")
    text = (tmp_path / "curves.svg").read_text(encoding="utf-8")
    ElementTree.fromstring(text)
    assert "nan" not in text
    assert "inf" not in text
    assert told(known["en"], "en").split(".")[0] in text
    assert "Risk and coverage" in text
    assert "Риск и охват" in text


def test_what_was_not_measured_is_a_dash(capsys: pytest.CaptureFixture[str]) -> None:
    tell("en", qualities(0)["en"])
    lines = capsys.readouterr().out.splitlines()
    assert "  answered rightly     – of the questions that have an answer" in lines
    assert "  wrong                – of the answers given" in lines
    assert "  answered, asked back –, – of all questions" in lines
    tell("en", qualities(300)["en"])
    assert "–," not in capsys.readouterr().out
