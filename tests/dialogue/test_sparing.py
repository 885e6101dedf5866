"""What takes the place of a loaded rule policy, letter counter and tracker answers as Rasa's own, on everything there
is."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.dialogue.engine import PYTHON, environment
from tests.product import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

PROGRAM = """
import asyncio, json, random, sys
from actions.engine import no_tensorflow
no_tensorflow.install()
from rasa.core.agent import load_agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.importers.importer import TrainingDataImporter
from actions.engine import letters, sparing
from actions.engine.lean import lean
from actions.engine.light import LightTracker
from actions.engine.tracker import CompactTrackerStore

def everything(tracker):
    return tracker.current_state(EventVerbosity.ALL), tracker.applied_events(), tracker.active_loop

async def kept(store, tracker, conversation):
    metadata = {"turn": "7", "evidence": {"hits": [1]}}
    parsed = {"text": "a", "intent": {"name": "greet"}, "entities": [], "intent_ranking": [1], "metadata": metadata}
    tracker.sender_id = f"kept {conversation}"
    tracker.update(UserUttered("a", {"name": "greet"}, [], parsed, metadata=metadata))
    tracker.update(ActiveLoop("balance_form"))
    await store.save(tracker)
    row = store._db.execute("SELECT events FROM trackers WHERE sender = ?", (tracker.sender_id,)).fetchone()[0]
    read = DialogueStateTracker.from_dict(tracker.sender_id, json.loads(row), store.domain.slots)
    given = await store.retrieve(tracker.sender_id)
    assert everything(given) == everything(read)
    assert given is not await store.retrieve(tracker.sender_id), "it can be asked for once"
    await store.save(given)
    assert await store.retrieve(tracker.sender_id) is given
    await store.save(given)
    given.update(SlotSet("job", "visit"))
    again = await store.retrieve(tracker.sender_id)
    assert everything(again) == everything(read), "what was not saved is gone"

async def main(model):
    agent = await load_agent(model_path=model)
    stock, ours = agent.processor, (await load_agent(model_path=model))
    ours = lean(ours)
    run = {node._fn for node in ours.graph_runner._nodes.values()}
    assert {sparing.RulePolicy.predict_action_probabilities, letters.CountVectorsFeaturizer.process} <= run
    files = TrainingDataImporter.load_from_config("config.yml", "domain.yml", ["data/nlu", "data/dialogue"])
    texts = sorted({str(example.get("text")) for example in files.get_nlu_data().intent_examples})
    odd = ["123", "\\U0001f44d", "\\u3042", "...", "5", "\\ufb01 \\u00bd\\u00a8a", "\\u0391\\u03a3 10'000.00 a@b.com"]
    for text in [*texts, *odd]:
        theirs, mine = [await one.parse_message(UserMessage(text)) for one in (stock, ours)]
        for parsed in (theirs, mine):
            parsed.pop("message_id", None)
        assert repr(theirs) == repr(mine), text
    chance, domain, store = random.Random(0), stock.domain, CompactTrackerStore(stock.domain, db=sys.argv[2])
    for conversation in range(150):
        tracker = DialogueStateTracker.from_events("x", [ActionExecuted("action_listen")], domain.slots)
        light = LightTracker.from_events("x", list(tracker.events), domain.slots)
        for _ in range(25):
            steps = [
                UserUttered(chance.choice(texts), {"name": chance.choice(domain.intents), "confidence": 1.0}),
                ActionExecuted(chance.choice(domain.action_names_or_texts)),
                SlotSet("job", chance.choice(["outage", "balance", "visit", None])),
                ActiveLoop(chance.choice([*domain.form_names, None])),
                ActionExecuted("action_listen"),
            ]
            event = chance.choice(steps)
            for one in (tracker, light):
                one.update(event, domain)
            theirs, mine = stock._predict_next_with_tracker(tracker), ours._predict_next_with_tracker(light)
            assert theirs == mine, list(tracker.events)
            copies = [tracker, light, light.copy(), DialogueStateTracker.copy(light)]
            assert all(everything(one) == everything(tracker) for one in copies), list(tracker.events)
        copied = light.copy()
        copied.update(SlotSet("job", "none of these"), domain)
        copied.update(ActiveLoop("balance_form"), domain)
        copied.update(ActionExecuted("balance_form"), domain)
        assert everything(tracker) == everything(light)
        await kept(store, light, conversation)
    print("the same of", len(texts))

asyncio.run(main(sys.argv[1]))
"""


def test_loaded_components_answer_as_those_they_replace(tmp_path: Path, model: Path) -> None:
    command = [str(PYTHON), "-W", "ignore", "-c", PROGRAM, str(model), str(tmp_path / "trackers.db")]
    given = {**os.environ, **environment(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False, timeout=380)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "the same of" in done.stdout
