"""One turn as the skills see it: what was said, what Rasa and the search made of it, what has gone before."""

import re
from dataclasses import dataclass
from typing import Any, Protocol

from actions.skills.evidence import Evidence, read_evidence

JOBS = {"check_outage": "outage", "check_balance": "balance", "check_visit": "visit"}
"""Intents that start a job, and the value of slot `job` that the rules turn into a form."""
CONTROL = frozenset({"ask_human", "bot_failed", "cancel", "choose_article", "none_of_these"})
ODD = frozenset({"gibberish", "out_of_scope"})
TALK = ODD | {
    "greet", "goodbye", "thank", "affirm", "deny", "bot_challenge", "how_are_you", "capabilities", "abuse", "praise",
    "switch_language", "rephrase",
}  # fmt: skip
FALLBACK = "nlu_fallback"
CLEAR_SIGN = 0.7
CLOSE = 0.5
"""Share of the first intent's confidence from which on the second is its rival."""
KNOWN = re.compile(r"[0-9A-Za-z\u00c0-\u024f\u0400-\u052f]")
"""Digits, Latin and Cyrillic letters: in other scripts the bot reads nothing."""


class Tracker(Protocol):
    """What is read of rasa_sdk's tracker; named here so that the decision table is testable without Rasa."""

    latest_message: dict[str, Any]
    events: list[dict[str, Any]]
    active_loop: dict[str, Any]

    def get_slot(self, key: str) -> Any: ...


@dataclass(frozen=True)
class Turn:
    """`text` is empty when a button was pressed; `rival`: the second intent, if it is nearly as likely. `misses`: turns
    without a helpful answer since the last answer; `failures`: how often the customer said that the bot is wrong;
    `odd`: turns of nonsense in a row."""

    text: str
    intent: str
    confidence: float
    lang: str
    evidence: Evidence
    form: str
    misses: int
    failures: int
    odd: int
    person_offered: bool
    rival: str = ""


def read_turn(tracker: Tracker) -> Turn:
    """The latest message of `tracker` with everything that decides about it."""
    message = tracker.latest_message
    text = message.get("text") or ""
    intent = message.get("intent") or {}
    evidence = read_evidence(message.get("metadata"))
    confidence = float(intent.get("confidence") or 0.0)
    # Without a letter or digit only a well-known sign means something (a thumb); the rest is a slip of the finger or a
    # language in which the nearest article would only be near by chance.
    wordless = not KNOWN.search(text) and confidence < CLEAR_SIGN
    return Turn(
        text="" if text.startswith("/") else text,
        intent="gibberish" if wordless else intent.get("name") or FALLBACK,
        confidence=1.0 if wordless else confidence,
        lang=tracker.get_slot("lang") or "ru",
        evidence=evidence,
        form=(tracker.active_loop or {}).get("name") or "",
        misses=_count(tracker, "misses"),
        failures=_count(tracker, "failures"),
        odd=_count(tracker, "odd"),
        person_offered=_person_offered(tracker),
        rival=_rival(message.get("intent_ranking") or []),
    )


def _count(tracker: Tracker, slot: str) -> int:
    return int(tracker.get_slot(slot) or 0)


def _rival(ranking: list[dict[str, Any]]) -> str:
    first, second, *_ = [*(one for one in ranking if one["name"] != FALLBACK), {}, {}]
    close = second and second["confidence"] >= CLOSE * first["confidence"]
    return str(second["name"]) if close else ""


def _person_offered(tracker: Tracker) -> bool:
    """True when the bot's last words had a button for a person, so that a plain «yes» means that button."""
    last: dict[str, Any] = next((event for event in reversed(tracker.events) if event.get("event") == "bot"), {})
    buttons = (last.get("data") or {}).get("buttons") or []
    return any(button.get("payload") == "/ask_human" for button in buttons)
