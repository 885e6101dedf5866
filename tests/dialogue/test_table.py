"""The decision table as a pure function: what the evidence, the intent and the past make of a turn."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from actions.skills.decision import OVER_JOB, Do, decide, evidence_wins, gives_up, interrupts, is_doubtful, weighed
from actions.skills.evidence import Evidence, Hit, read_evidence
from actions.skills.turn import Turn, read_turn

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
        ("out_of_scope", 0.75, SURE, Do.TALK),
        ("out_of_scope", 0.75, replace(SURE, confidence=0.99), Do.ANSWER),
        ("thank", 0.96, replace(SURE, confidence=0.99), Do.TALK),
        ("out_of_scope", 0.95, replace(SURE, confidence=0.97), Do.TALK),
        ("out_of_scope", 0.4, UNSURE, Do.TALK),
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
    assert evidence_wins(replace(TURN, intent="check_balance", confidence=0.4, evidence=SURE), OVER_JOB)
    assert not evidence_wins(replace(TURN, intent="check_balance", confidence=0.6, evidence=SURE), OVER_JOB)
    assert not evidence_wins(replace(TURN, intent="check_balance", confidence=0.1, evidence=UNSURE), OVER_JOB)


@pytest.mark.parametrize(("article", "intent", "wanted"), [(0.9, 0.5, 0.9), (0.9, 0.9, 0.5), (0, 0, 0), (1, 1, 0)])
def test_two_probabilities_of_one_message_are_weighed_by_their_odds(
    article: float, intent: float, wanted: float
) -> None:
    turn = replace(TURN, intent="greet", confidence=intent, evidence=replace(SURE, confidence=article))
    assert weighed(turn) == pytest.approx(wanted)


def test_a_wish_for_a_job_is_asked_back_below_an_even_chance() -> None:
    assert is_doubtful(replace(TURN, intent="check_visit", confidence=0.49))
    assert not is_doubtful(replace(TURN, intent="check_visit", confidence=0.5))


@dataclass
class Heard:
    """What the action server knows of one message."""

    latest_message: dict[str, Any]
    events: list[dict[str, Any]] = field(default_factory=list)
    active_loop: dict[str, Any] = field(default_factory=dict)

    def get_slot(self, key: str) -> Any:
        return None


@pytest.mark.parametrize(("second", "wanted"), [(0.3, "ask_bill"), (0.1, "")])
def test_a_second_intent_nearly_as_likely_is_a_rival(second: float, wanted: str) -> None:
    ranking = [("nlu_fallback", 0.3), ("check_balance", 0.4), ("ask_bill", second)]
    named = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    assert read_turn(Heard({"text": "счёт", "intent": named[0], "intent_ranking": named})).rival == wanted


@pytest.mark.parametrize(("text", "wanted"), [("你好", "gibberish"), ("?!", "gibberish"), ("12", "x"), ("ці", "x")])
def test_a_script_that_the_bot_cannot_read_is_not_guessed_at(text: str, wanted: str) -> None:
    assert read_turn(Heard({"text": text, "intent": {"name": "x", "confidence": 0.3}})).intent == wanted


@pytest.mark.parametrize(
    ("intent", "confidence", "evidence", "wanted"),
    [
        ("nlu_fallback", 0.3, SURE, True),
        ("give_details", 0.9, NONE, False),
        ("give_details", 0.9, SURE, False),
        ("give_details", 0.4, SURE, True),
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


@pytest.mark.parametrize(
    ("text", "wanted"), [("my account is 4081722", False), ("where do I find that number 42", True)]
)
def test_a_number_in_a_question_is_no_detail(text: str, wanted: bool) -> None:
    turn = replace(TURN, text=text, form="balance_form", intent="give_details", confidence=0.95, evidence=SURE)
    assert interrupts(turn) is wanted


def test_evidence_without_a_usable_hit_is_no_evidence() -> None:
    read = read_evidence({"evidence": {"verdict": "sure", "confidence": 0.9, "hits": [{"article": "a"}]}})
    assert not read.sure
    assert read_evidence(None) == NONE


def test_a_follow_up_that_sounds_like_nonsense_is_answered() -> None:
    follows = replace(SURE, confidence=0.7, follows=True)
    odd = replace(TURN, intent="out_of_scope", confidence=0.9, evidence=follows)
    assert decide(odd) is Do.ANSWER
    assert decide(replace(odd, evidence=replace(follows, follows=False))) is Do.TALK
    assert decide(replace(odd, intent="thank")) is Do.TALK
    assert decide(replace(odd, intent="affirm", confidence=0.6)) is Do.ANSWER
    assert interrupts(replace(odd, intent="gibberish"))


def test_a_follow_up_that_is_not_sure_is_asked_back_about_and_no_small_talk() -> None:
    follows = replace(SURE, verdict="unsure", confidence=0.5, follows=True)
    odd = replace(TURN, intent="bot_challenge", confidence=0.8, evidence=follows)
    assert decide(odd) is Do.CLARIFY
    assert decide(replace(odd, evidence=replace(follows, verdict="none"))) is Do.CLARIFY
    assert decide(replace(odd, confidence=0.95)) is Do.TALK
    assert decide(replace(odd, misses=1)) is Do.SECOND_MISS


def test_an_answer_to_one_of_two_questions_outweighs_what_the_other_sounds_like() -> None:
    strange = replace(TURN, intent="out_of_scope", confidence=0.95, evidence=replace(SURE, confidence=0.7, partly=True))
    assert decide(strange) is Do.ANSWER
    assert decide(replace(strange, evidence=replace(SURE, confidence=0.7))) is Do.TALK


def test_the_same_question_again_is_said_otherwise_and_then_handed_over() -> None:
    again = replace(TURN, evidence=replace(SURE, again=True, repeated=True))
    assert decide(again) is Do.AGAIN
    assert decide(replace(again, misses=1)) is Do.SECOND_MISS
    assert decide(replace(TURN, evidence=replace(SURE, again=True, longer="more"))) is Do.ANSWER


def test_two_questions_at_once_are_no_small_talk() -> None:
    assert decide(replace(TURN, intent="thank", confidence=0.99, evidence=replace(SURE, also=(UNSURE,)))) is Do.ANSWER
