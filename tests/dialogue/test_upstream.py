"""Every patch of Rasa is written down with its reason and refuses to work on another Rasa than it was written for."""

import ast
import re
import subprocess
from collections.abc import Iterator

import pytest

from tests.dialogue.engine import PYTHON
from tests.product import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

ENGINE = ROOT / "actions" / "engine"
LISTED = (ROOT / "docs" / "rasa-patches.md").read_text(encoding="utf-8")

PROGRAM = """
from actions.engine import no_tensorflow
no_tensorflow.install()
from actions.engine import {module}
from actions.engine.upstream import UpstreamChanged
{change}
try:
    {module}.{install}()
except UpstreamChanged as error:
    print(error)
else:
    print("installed")
"""
INSTALLS = {
    "no_tensorflow": "forbid_components",
    "speed": "apply",
    "strict": "apply",
    "lean": "check",
    "sparing": "check",
    "letters": "check",
    "light": "check",
    "link": "check",
}
HOMES = {
    "GraphNode": ("rasa.engine.graph", "GraphNode"),
    "ActionExtractSlots": ("rasa.core.actions.action", "ActionExtractSlots"),
    "RemoteAction": ("rasa.core.actions.action", "RemoteAction"),
    "Event": ("rasa.shared.core.events", "Event"),
    "MessageProcessor": ("rasa.core.processor", "MessageProcessor"),
    "DaskGraphRunner": ("rasa.engine.runner.dask", "DaskGraphRunner"),
    "EndpointConfig": ("rasa.utils.endpoints", "EndpointConfig"),
    "FailSafeTrackerStore": ("rasa.core.tracker_store", "FailSafeTrackerStore"),
    "Domain": ("rasa.shared.core.domain", "Domain"),
    "DialogueStateTracker": ("rasa.shared.core.trackers", "DialogueStateTracker"),
    "Policy": ("rasa.core.policies.policy", "Policy"),
    "MaxHistoryTrackerFeaturizer": ("rasa.core.featurizers.tracker_featurizers", "MaxHistoryTrackerFeaturizer"),
    "RasaRulePolicy": ("rasa.core.policies.rule_policy", "RulePolicy"),
    "CountVectorizer": ("sklearn.feature_extraction.text", "CountVectorizer"),
    "RasaCounts": ("rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer", "CountVectorsFeaturizer"),
}
"""Where a class of Rasa's is, and its name there."""


def expected() -> dict[str, tuple[str, str]]:
    """`Class.method` with its module of ours and its digest, for every `expect` in the engine."""
    found = {}
    for path in ENGINE.glob("*.py"):
        for method, digest in re.findall(r'expect\((\w+\.\w+), "([0-9a-f]{12})"\)', path.read_text(encoding="utf-8")):
            found[method] = (path.stem, digest)
    return found


def replaced() -> Iterator[str]:
    """`Class.method` for every attribute of a class of Rasa's that the engine assigns."""
    for path in ENGINE.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
        foreign = {name.name for node in imported if (node.module or "").startswith("rasa.") for name in node.names}
        for node in ast.walk(tree):
            for target in node.targets if isinstance(node, ast.Assign) else ():
                owner = target.value if isinstance(target, ast.Attribute) else None
                if isinstance(target, ast.Attribute) and isinstance(owner, ast.Name) and owner.id in foreign:
                    yield f"{owner.id}.{target.attr}"


def said(module: str, change: str = "") -> str:
    program = PROGRAM.format(module=module, install=INSTALLS[module], change=change)
    command = [str(PYTHON), "-W", "ignore", "-c", program]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=200).stdout.strip()


def test_every_replaced_method_is_looked_at_first() -> None:
    assert set(replaced()) >= {"RemoteAction._validate_action_result", "MessageProcessor._run_action"}
    assert not set(replaced()) - set(expected())


@pytest.mark.parametrize(("method", "digest"), [(method, digest) for method, (_, digest) in expected().items()])
def test_every_method_is_in_the_list_with_its_digest(method: str, digest: str) -> None:
    assert re.search(rf"^\| `{re.escape(method)}` \| `{digest}` \| \S.{{20,}}\|$", LISTED, re.MULTILINE)


def test_the_list_names_nothing_that_is_gone() -> None:
    assert set(re.findall(r"^\| `(\w+\.\w+)` \|", LISTED, re.MULTILINE)) == set(expected())


@pytest.mark.parametrize("module", INSTALLS)
def test_the_installed_rasa_is_the_known_one(module: str) -> None:
    assert said(module) == "installed"


@pytest.mark.parametrize(("method", "module"), [(method, module) for method, (module, _) in expected().items()])
def test_a_changed_method_is_refused_by_name(method: str, module: str) -> None:
    owner, name = method.split(".")
    home, own_name = HOMES[owner]
    change = f"from {home} import {own_name} as owner\nfrom json import JSONEncoder\nowner.{name} = JSONEncoder.encode"
    refusal = said(module, change)
    assert "has changed" in refusal
    assert "Read the new method" in refusal
