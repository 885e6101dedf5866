"""A turn as the dialogue engine sees it and what it may answer; wishes are fields, never phrases."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.errors import Unavailable


class DialogueDown(Unavailable):
    """The engine refused, timed out or answered nonsense; the evidence in hand decides instead."""

    code = "dialogue_down"


class DialogueSilent(DialogueDown):
    """The engine said 200 and nothing: a crashed turn, never an answer. `job`: what crashed was to look something up
    for this very customer, which no article can stand in for."""

    code = "dialogue_silent"

    def __init__(self, text: str, *, job: bool = False) -> None:
        super().__init__(text)
        self.job = job


class Wish(StrEnum):
    """What the engine wants done beside the words it says."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    HANDOFF = "handoff"


@dataclass(frozen=True, slots=True)
class Turn:
    """One customer message on its way to the engine. `id` makes a retry safe; `payload` (`/intent`) replaces the text
    when a button was pressed; `sender` changes with every episode."""

    id: str
    sender: str
    text: str
    lang: str
    channel: str
    evidence: dict[str, Any]
    payload: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A button the engine offers: `payload` is `/intent` for the engine, or empty for plain text `title`."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing the engine says. `article`: the hit it came from; `articles`: the hits a clarification offers."""

    text: str
    wish: Wish | None = None
    reason: str = ""
    article: str = ""
    articles: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """Everything one turn produced; `fields` are slots worth showing an operator (account number, address)."""

    utterances: tuple[Utterance, ...]
    intent: str = ""
    intent_confidence: float = 0.0
    active_form: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
