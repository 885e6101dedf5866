"""The decision table: what the evidence, the intent and the past make of a turn; pure."""

from enum import Enum

from actions.skills.turn import CONTROL, FALLBACK, JOBS, ODD, TALK, Turn

MISSES = 2
"""The second miss in a row brings a person."""
STRONG_EVIDENCE = 0.8
CLEAR_TALK = 0.7
CLEAR_JOB = 0.5
"""Below this an article that surely answers is said instead of starting a form, with a button for the form."""
INTERRUPTION = 0.45
"""From this confidence on, something said inside a form that is no answer to it is taken for what it seems to be."""


class Do(Enum):
    """What to do with a turn that neither starts a job nor asks for a person."""

    ANSWER = "answer"
    AGAIN = "again"
    CLARIFY = "clarify"
    TALK = "talk"
    NOT_FOUND = "not_found"
    SECOND_MISS = "second_miss"
    ASKED = "asked"


def decide(turn: Turn) -> Do:
    """The evidence decides, except about small talk; strong evidence overrules small talk that is not clear."""
    articles = turn.evidence.confirmed or turn.evidence.also or evidence_wins(turn, CLEAR_TALK)
    if turn.intent in TALK and not articles:
        return Do.ASKED if turn.intent == "affirm" and turn.person_offered else Do.TALK
    return by_evidence(turn)


def by_evidence(turn: Turn) -> Do:
    """Sure: answer. Unsure, or asked again although it was answered: ask back or say it otherwise, and at the second
    miss call a person. Nothing found: call a person."""
    if turn.evidence.sure and not turn.evidence.repeated:
        return Do.ANSWER
    if turn.evidence.sure or turn.evidence.unsure:
        once_more = Do.AGAIN if turn.evidence.sure else Do.CLARIFY
        return Do.SECOND_MISS if turn.misses + 1 >= MISSES else once_more
    return Do.NOT_FOUND


def evidence_wins(turn: Turn, clear: float) -> bool:
    """True when an article surely answers and the intent is less certain than `clear`."""
    strong = turn.evidence.sure and turn.evidence.confidence >= STRONG_EVIDENCE
    return strong and turn.confidence < clear


def gives_up(turn: Turn) -> bool:
    """Whether a customer who says that the bot is wrong is handed over: the second time, or after another miss."""
    return turn.failures + 1 >= MISSES or turn.misses + 1 >= MISSES


def interrupts(turn: Turn) -> bool:
    """Whether something said inside a form, and no answer to it, is a matter of its own."""
    if turn.evidence.sure:
        return True
    if turn.intent in {FALLBACK, "give_details", "affirm", "deny", "gibberish"}:
        return False
    matter = turn.intent in CONTROL or turn.intent in TALK or turn.intent in JOBS or turn.evidence.unsure
    return matter and turn.confidence >= INTERRUPTION


def odd_again(turn: Turn) -> bool:
    """Whether this is nonsense after nonsense, when a person is offered."""
    return turn.intent in ODD and turn.odd >= 1
