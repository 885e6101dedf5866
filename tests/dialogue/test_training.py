"""Rasa's own judgement: the data hold together, the stories play, the intents are understood, TensorFlow stays out."""

import json
import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.dialogue.engine import PYTHON, environment, rasa
from tests.product import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

STORIES, PHRASES = "tests/dialogue/test_stories.yml", "tests/dialogue/test_nlu.yml"
ACCURACY = {"ru": 0.7, "en": 0.77}
"""Share of phrases, written to be unlike the examples, whose intent comes first among 38."""
WRONG_KIND = 0.11
"""Share of phrases taken, above the fallback threshold, for something that leads elsewhere."""


def language(text: str) -> str:
    return "ru" if re.search("[а-яё]", text, re.IGNORECASE) else "en"


def kind(intent: str) -> str:
    """Topics share one road: the evidence decides, whichever topic was understood."""
    topics = {path.name.split(".")[0] for path in (ROOT / "data/nlu/topics").glob("*.yml")}
    return "topic" if intent in topics else intent


def test_the_data_hold_together(tmp_path: Path) -> None:
    done = rasa("data", "validate", "--data", "data/nlu", "data/dialogue", environment=environment(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    warnings = re.findall(r"UserWarning: (.*)", done.stdout + done.stderr)
    # The skills say the responses, which Rasa cannot see; three intents are buttons only.
    expected = r"utterance '\w+' is not used|intent '(choose_article|none_of_these|rephrase)' is listed in the domain"
    assert not [warning for warning in warnings if not re.search(expected, warning)]
    assert "No story structure conflicts found" in done.stdout + done.stderr


def test_every_story_plays(tmp_path: Path, model: Path) -> None:
    done = rasa(
        "test", "core", "--stories", STORIES, "--model", str(model), "--out", str(tmp_path), "--no-plot",
        "--fail-on-prediction-errors", environment=environment(tmp_path),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((tmp_path / "story_report.json").read_text())
    assert report["conversation_accuracy"]["correct"] == report["conversation_accuracy"]["total"] >= 7


@pytest.fixture(scope="module")
def mistakes(tmp_path_factory: pytest.TempPathFactory, model: Path) -> list[dict[str, Any]]:
    out = tmp_path_factory.mktemp("nlu")
    arguments = ("test", "nlu", "--nlu", PHRASES, "--model", str(model), "--out", str(out), "--no-plot")
    done = rasa(*arguments, environment=environment(out))
    assert done.returncode == 0, done.stdout + done.stderr
    found: list[dict[str, Any]] = json.loads((out / "intent_errors.json").read_text())
    return found


def asked() -> Counter[str]:
    entries = yaml.safe_load((ROOT / PHRASES).read_text(encoding="utf-8"))["nlu"]
    return Counter(language(line) for entry in entries for line in entry["examples"].splitlines())


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_unheard_phrases_are_understood(mistakes: list[dict[str, Any]], lang: str) -> None:
    missed = sum(language(one["text"]) == lang for one in mistakes)
    assert 1 - missed / asked()[lang] >= ACCURACY[lang]


def test_few_phrases_are_taken_for_something_else_with_confidence(mistakes: list[dict[str, Any]]) -> None:
    (threshold,) = [
        step["threshold"]
        for step in yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
        if step["name"] == "FallbackClassifier"
    ]
    wrong = [
        one
        for one in mistakes
        if kind(one["intent"]) != kind(one["intent_prediction"]["name"])
        and one["intent_prediction"]["confidence"] >= threshold
    ]
    assert len(wrong) / asked().total() <= WRONG_KIND


@pytest.mark.parametrize(
    ("component", "policy"), [("DIETClassifier", "RulePolicy"), ("KeywordIntentClassifier", "TEDPolicy")]
)
def test_a_pipeline_that_needs_tensorflow_is_refused_with_a_sentence(
    tmp_path: Path, component: str, policy: str
) -> None:
    pipeline = [{"name": "WhitespaceTokenizer"}, {"name": "CountVectorsFeaturizer"}, {"name": component}]
    policies = [{"name": "RulePolicy", "core_fallback_action_name": "action_reply"}]
    policies += [{"name": policy}] if policy != "RulePolicy" else []
    config = {"recipe": "default.v1", "language": "en", "assistant_id": "x", "pipeline": pipeline, "policies": policies}
    (tmp_path / "config.yml").write_text(yaml.safe_dump(config))
    done = rasa(
        "train", "--config", str(tmp_path / "config.yml"), "--data", "data/nlu/control", "data/dialogue",
        "--skip-validation", "--out", str(tmp_path), environment=environment(tmp_path),
    )  # fmt: skip
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert re.search(r"(DIETClassifier|TEDPolicy) needs TensorFlow, which this Rasa runs without", said)


def test_a_changed_rasa_is_refused_with_a_sentence() -> None:
    program = """
from actions.engine import no_tensorflow
no_tensorflow.install()
from actions.engine import speed, strict
from rasa.core.actions.action import RemoteAction
from rasa.core.processor import MessageProcessor
RemoteAction._validate_action_result = MessageProcessor._run_action = MessageProcessor.save_tracker
for patch in (speed, strict):
    try:
        patch.apply()
    except Exception as error:
        print(patch.__name__, type(error).__name__, error)
"""
    command = [str(PYTHON), "-W", "ignore", "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    speed, strict = done.stdout.splitlines()
    assert speed.startswith("actions.engine.speed UpstreamChanged")
    assert strict.startswith("actions.engine.strict UpstreamChanged")
    assert "Read the new method" in speed
