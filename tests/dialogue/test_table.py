"""The decision table as a pure function: what the evidence, the intent and the past make of a turn."""

from dataclasses import replace

import pytest

from actions.skills.decision import Do, decide, evidence_wins, gives_up, interrupts
from actions.skills.evidence import Evidence, Hit, read_evidence
from actions.skills.turn import Turn

HIT = Hit("router-reset", "Hold Reset for 10 seconds.")
SURE = Evidence("sure", 0.9, hits=(HIT,))
UNSURE = Evidence("unsure", 0.5, hits=(HIT,))
NONE = Evidence()
TURN = Turn("text", "nlu_fallback", 0.3, "ru", NONE, "", misses=0, failures=0, odd=0, person_offered=False)


@pytest.mark.parametrize(
    ("intent", "confidence", "evidence", "wanted"),
    [
        ("ask_router", 0.9, SURE, Do.ANSWER),
        ("ask_router", 0.9, UNSURE, Do.CLARIFY),
        ("ask_router", 0.9, NONE, Do.NOT_FOUND),
        ("nlu_fallback", 0.3, SURE, Do.ANSWER),
        ("greet", 0.69, SURE, Do.ANSWER),
        ("greet", 0.7, SURE, Do.TALK),
        ("greet", 0.5, replace(SURE, confidence=0.79), Do.TALK),
        ("greet", 0.5, UNSURE, Do.TALK),
        ("gibberish", 0.6, SURE, Do.ANSWER),
        ("greet", 0.99, replace(UNSURE, confirmed=True), Do.ANSWER),
        ("choose_article", 1.0, Evidence("none", 0.0, confirmed=True), Do.NOT_FOUND),
    ],
)
def test_intent_and_evidence_decide(intent: str, confidence: float, evidence: Evidence, wanted: Do) -> None:
    assert decide(replace(TURN, intent=intent, confidence=confidence, evidence=evidence)) is wanted


def test_the_second_miss_is_handed_over() -> None:
    assert decide(replace(TURN, evidence=UNSURE, misses=1)) is Do.SECOND_MISS


def test_yes_to_an_offered_person_asks_for_one() -> None:
    assert decide(replace(TURN, intent="affirm", confidence=0.9, person_offered=True)) is Do.ASKED
    assert decide(replace(TURN, intent="affirm", confidence=0.9)) is Do.TALK


@pytest.mark.parametrize(("failures", "misses", "wanted"), [(0, 0, False), (1, 0, True), (0, 1, True)])
def test_a_complaint_is_handed_over_after_another_failure(failures: int, misses: int, wanted: bool) -> None:
    assert gives_up(replace(TURN, failures=failures, misses=misses)) is wanted


def test_a_doubtful_wish_for_a_job_gives_way_to_an_article() -> None:
    assert evidence_wins(replace(TURN, intent="check_balance", confidence=0.4, evidence=SURE), 0.5)
    assert not evidence_wins(replace(TURN, intent="check_balance", confidence=0.9, evidence=SURE), 0.5)


@pytest.mark.parametrize(
    ("intent", "confidence", "evidence", "wanted"),
    [
        ("nlu_fallback", 0.3, SURE, True),
        ("give_details", 0.9, NONE, False),
        ("ask_router", 0.9, UNSURE, True),
        ("ask_router", 0.9, NONE, False),
        ("ask_human", 0.5, NONE, True),
        ("cancel", 0.9, NONE, True),
        ("cancel", 0.3, NONE, False),
        ("thank", 0.9, NONE, True),
        ("check_visit", 0.9, NONE, True),
        ("gibberish", 0.9, UNSURE, False),
        ("affirm", 0.9, NONE, False),
    ],
)
def test_what_interrupts_a_form(intent: str, confidence: float, evidence: Evidence, wanted: bool) -> None:
    turn = replace(TURN, form="balance_form", intent=intent, confidence=confidence, evidence=evidence)
    assert interrupts(turn) is wanted


def test_evidence_without_a_usable_hit_is_no_evidence() -> None:
    read = read_evidence({"evidence": {"verdict": "sure", "confidence": 0.9, "hits": [{"article": "a"}]}})
    assert not read.sure
    assert read_evidence(None) == NONE
