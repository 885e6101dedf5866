"""The decision table: what the evidence, the intent and the past make of a turn; pure."""

import re
from enum import Enum

from actions.skills.turn import CONTROL, FALLBACK, JOBS, ODD, TALK, Turn

MISSES = 2
"""The second miss in a row brings a person."""
OVER_TALK = 0.8
"""How probable an answer must be, all things weighed, to be said to what sounds like no question at all."""
OVER_JOB = 0.9
"""The same, to be said instead of starting a form; a button for the form comes with it."""
SUREST = 0.97
"""What an article's confidence counts here at most: a plain «thank you» stays one, whatever was found for it."""
DETAIL_WORDS = 4
"""Words beside the numbers up to which details are details («my account is …»); with more they are in a question."""
CLEAR_JOB = 0.5
"""Below this a wish for a job is asked back."""
CLEAR_WISH = 0.9
"""From here on even the few words of a follow-up are a wish of their own."""
INTERRUPTION = 0.45
"""From this confidence on, something said inside a form that is no answer to it is taken for what it seems to be."""
PARTS = frozenset({"give_details", "affirm", "deny", "gibberish"})
"""What answers a form's questions, understood or not."""


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
    """The evidence decides, except about small talk and what is out of scope; there it must outweigh the intent."""
    evidence = turn.evidence
    articles = evidence.confirmed or evidence.also or evidence.partly or goes_on(turn) or evidence_wins(turn, OVER_TALK)
    if turn.intent in TALK and not articles:
        return Do.ASKED if turn.intent == "affirm" and turn.person_offered else Do.TALK
    return by_evidence(turn)


def by_evidence(turn: Turn) -> Do:
    """Sure: answer. Unsure, asked again although it was answered, or too little to go by after what was asked before:
    ask back or say it otherwise, and at the second miss call a person. Nothing found: call a person."""
    if turn.evidence.sure and not turn.evidence.repeated:
        return Do.ANSWER
    if turn.evidence.sure or turn.evidence.unsure or (turn.evidence.follows and turn.evidence.hits):
        once_more = Do.AGAIN if turn.evidence.sure else Do.CLARIFY
        return Do.SECOND_MISS if turn.misses + 1 >= MISSES else once_more
    return Do.NOT_FOUND


def weighed(turn: Turn) -> float:
    """Probability that the first article answers what was said and not, as the intent has it, something else.

    Two calibrated probabilities of two views of one message: their odds multiply. An article at 0.9 beside small talk
    at 0.5 stays at 0.9, beside small talk at 0.9 it is 0.5.
    """
    article, other = min(turn.evidence.confidence, SUREST), turn.confidence
    for_it, against = article * (1 - other), (1 - article) * other
    return for_it / (for_it + against) if for_it else 0.0


def evidence_wins(turn: Turn, needed: float) -> bool:
    """True when an article surely answers, and still does with probability `needed` when the intent speaks for
    something else."""
    return turn.evidence.sure and weighed(turn) >= needed


def goes_on(turn: Turn) -> bool:
    """Whether a message goes on about what was asked before («а почём?»). Its intent is told from the bare words, which
    sound like nonsense or like anybody's wish («сколько?»): of 113 such questions 26 were taken for one, 24 of them
    below CLEAR_WISH, while a real wish in as few words had 0.91 to 0.96."""
    return turn.evidence.follows and (turn.intent in ODD or turn.confidence < CLEAR_WISH)


def follows_up(turn: Turn) -> bool:
    """Whether an article surely answers such a message."""
    return turn.evidence.sure and goes_on(turn)


def before_details(turn: Turn) -> bool:
    """Whether an article is said to what sounds like details, or like another answer to a form's question."""
    asks = turn.intent == "give_details" and len(re.findall(r"[^\W\d_]+", turn.text)) > DETAIL_WORDS
    return evidence_wins(turn, OVER_TALK) or (asks and turn.evidence.sure)


def is_doubtful(turn: Turn) -> bool:
    """Whether a wish for a job is so uncertain that the customer is asked first."""
    return turn.confidence < CLEAR_JOB


def gives_up(turn: Turn) -> bool:
    """Whether a customer who says that the bot is wrong is handed over: the second time, or after another miss."""
    return turn.failures + 1 >= MISSES or turn.misses + 1 >= MISSES


def interrupts(turn: Turn) -> bool:
    """Whether something said inside a form, and no answer to it, is a matter of its own."""
    if turn.intent in PARTS:
        return follows_up(turn) or before_details(turn)
    if turn.evidence.sure:
        return True
    if turn.intent == FALLBACK:
        return False
    matter = turn.intent in CONTROL or turn.intent in TALK or turn.intent in JOBS or turn.evidence.unsure
    return matter and turn.confidence >= INTERRUPTION


def odd_again(turn: Turn) -> bool:
    """Whether this is nonsense after nonsense, when a person is offered."""
    return turn.intent in ODD and turn.odd >= 1
