"""A conversation of hundreds of messages costs, at each of them, what it cost at its beginning."""

import json
import sqlite3
import subprocess
from collections.abc import Callable

import psutil
import pytest

from tests.dialogue.engine import PYTHON, Customer, Engine, evidence
from tests.product import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

EVENTS = 50
"""More than the history ever holds, with what one turn adds and the slots it restates."""


def spent(engine: Engine) -> float:
    times = psutil.Process(engine.processes["rasa"].pid).cpu_times()
    return float(times.user + times.system)


def stored(engine: Engine, sender: str) -> list[dict[str, object]]:
    with sqlite3.connect(engine.trackers) as trackers:
        row = trackers.execute("SELECT events FROM trackers WHERE sender = ?", (sender,)).fetchone()
    events: list[dict[str, object]] = json.loads(row[0])
    return events


def test_message_500_costs_what_message_5_costs(engine: Engine, customer: Callable[[str], Customer]) -> None:
    found = evidence("sure", 0.9, "wifi-password", "router-reset")

    def conversation(visitor: Customer, turns: int) -> float:
        """Seconds of CPU that Rasa spends on so many messages."""
        before = spent(engine)
        for _ in range(turns):
            visitor.say("how do I change the wifi password", found)
        return spent(engine) - before

    conversation(customer("en"), 10)
    # Six conversations of twelve messages each, against the last part of one of five hundred.
    young = sum(conversation(customer("en"), 12) for _ in range(6)) / 72
    old = customer("en")
    longest = 0
    for _ in range(17):
        conversation(old, 25)
        longest = max(longest, len(stored(engine, old.sender)))
    late = conversation(old, 75) / 75
    assert longest <= EVENTS
    assert late <= 1.5 * young


def test_serving_never_loads_tensorflow() -> None:
    """Of the shipped pipeline: what stands in for TensorFlow is in no component's way."""
    program = f"""
import yaml
from actions.engine import no_tensorflow
no_tensorflow.install()
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.utils.common import class_from_module_path
config = yaml.safe_load(open({str(ROOT / "config.yml")!r}))
import rasa.engine.recipes.default_components
for part in config["pipeline"] + config["policies"]:
    name = part["name"]
    component = class_from_module_path(name) if "." in name else DefaultV1Recipe._from_registry(name).clazz
    assert not no_tensorflow.needs_tensorflow(component), name
for name in ("DIETClassifier", "ResponseSelector", "TEDPolicy", "UnexpecTEDIntentPolicy"):
    assert no_tensorflow.needs_tensorflow(DefaultV1Recipe._from_registry(name).clazz), name
print("none")
"""
    command = [str(PYTHON), "-W", "ignore", "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=200)
    assert (done.stdout.strip(), done.returncode) == ("none", 0), done.stderr
