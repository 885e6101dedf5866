"""domain.yml against the skills, the rules and the examples: nothing is said that is not written, in both languages."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.skills.turn import JOBS, TALK
from tests.dialogue.engine import domain
from tests.product import ROOT

SKILLS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "actions/skills").glob("*.py"))
RESPONSES: dict[str, list[dict[str, Any]]] = domain()["responses"]
WRONG_NUMBERS = ("missing", "length", "start", "phone", "unknown")
PROBLEMS = ["street", "house", "refused", *(f"account_{why}" for why in WRONG_NUMBERS)]
BUTTONS_ONLY = {"choose_article", "none_of_these", "rephrase"}
OFFERS_A_PERSON = re.compile(r"\bпозову (человека|специалиста)|\bcall a person\b|Позвать человека")
CHOOSES = {"utter_again", "utter_capabilities"}
"""Said with choices of its own, the person among them, and with what the bot can do."""


def composed() -> set[str]:
    """The responses whose names the skills put together."""
    names = {f"utter_{intent}" for intent in TALK} | {f"utter_offer_{intent}" for intent in JOBS}
    names |= {f"utter_{how}_{slot}" for how in ("ask", "again") for slot in ("street", "house", "account")}
    names |= {f"utter_confirm_{slot}" for slot in ("street", "account")} | {f"utter_bad_{why}" for why in PROBLEMS}
    return (
        names
        | {f"utter_outage_{kind}" for kind in ("works", "accident")}
        | {f"utter_balance_{state}" for state in ("debt", "low", "fine")}
    )


def examples(folder: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in folder.rglob("*.yml"):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            found.setdefault(entry["intent"], set()).update(entry["examples"].splitlines())
    return found


def test_every_response_the_skills_say_is_written_and_none_is_left_over() -> None:
    literal = set(re.findall(r"utter_\w+(?<!_)(?=\")", SKILLS))
    assert literal | composed() == set(RESPONSES)


@pytest.mark.parametrize("name", RESPONSES)
def test_every_response_is_written_in_both_languages(name: str) -> None:
    written: dict[str, list[str]] = {"ru": [], "en": []}
    for variation in RESPONSES[name]:
        (condition,) = variation["condition"]
        assert (condition["type"], condition["name"]) == ("slot", "lang")
        written[condition["value"]].append(variation["text"])
    assert len(written["ru"]) == len(written["en"]) >= 1
    assert all(re.search("[а-яё]", text) for text in written["ru"])
    assert not any(re.search("[а-яё]", text, re.IGNORECASE) for text in written["en"])
    values = [sorted(re.findall(r"{\w+}", texts[0])) for texts in written.values()]
    assert values[0] == values[1]


@pytest.mark.parametrize("intent", sorted(TALK - {"rephrase", "capabilities"}))
def test_small_talk_does_not_repeat_itself(intent: str) -> None:
    assert len(RESPONSES[f"utter_{intent}"]) >= 4


def test_every_button_is_an_intent() -> None:
    pressed = {button["payload"] for said in RESPONSES.values() for one in said for button in one.get("buttons", [])}
    assert pressed <= {f"/{intent}" for intent in domain()["intents"]}


@pytest.mark.parametrize("name", sorted(set(RESPONSES) - CHOOSES))
def test_whoever_is_offered_a_person_has_a_button_for_it(name: str) -> None:
    for said in RESPONSES[name]:
        if OFFERS_A_PERSON.search(said["text"]):
            assert "/ask_human" in [button["payload"] for button in said.get("buttons", [])]


def test_every_intent_has_examples_and_every_example_an_intent() -> None:
    learnt = examples(ROOT / "data/nlu")
    assert set(learnt) == set(domain()["intents"]) - BUTTONS_ONLY


def test_every_intent_has_a_rule() -> None:
    rules = (ROOT / "data/dialogue/rules.yml").read_text(encoding="utf-8")
    ruled = set(re.findall(r"intent: (\w+)", rules))
    assert ruled == {*domain()["intents"], "nlu_fallback"}


def test_no_tested_phrase_was_learnt() -> None:
    learnt = {line.strip() for lines in examples(ROOT / "data/nlu").values() for line in lines}
    tested = yaml.safe_load((ROOT / "tests/dialogue/test_nlu.yml").read_text(encoding="utf-8"))["nlu"]
    asked = {line.strip() for entry in tested for line in entry["examples"].splitlines()}
    assert not learnt & asked
