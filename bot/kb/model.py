"""Articles and evidence as pure values: what editors write and what a search found."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What to do with a search: answer, ask back, or admit there is no answer."""

    SURE = "sure"
    UNSURE = "unsure"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Article:
    """One article in one language. `short_answer` is what the bot says; `body` is Markdown."""

    id: str
    lang: str
    title: str
    short_answer: str
    body: str = ""
    category: str = ""
    type: str = "faq"
    phrasings: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    revision: int = 1


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found, best first. `score` is the fused relevance in 0..1; `url` is a path on our own host."""

    article: str
    lang: str
    title: str
    short_answer: str
    url: str
    score: float


@dataclass(frozen=True, slots=True)
class Again:
    """The article has been given already, in row `answer`. `longer`: another part of it, Markdown, empty for none.
    `miss`: the same was asked again, so that it was of no help; a question that goes on about it is none."""

    answer: int
    longer: str
    miss: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything a turn needs from a search. `confidence`: calibrated probability that hits[0] answers the question.

    `reading`: what the message was read as, when it was typed in the other keyboard layout or in Latin letters.
    What a dialogue adds: `question`: what was searched when it is not the message as it stands; `again`: hits[0] is
    nothing new; `also`: what was found for the other questions of the same message; `partly`: hits[0] answers one
    question of the message, and nothing was found for another.
    """

    verdict: Verdict
    confidence: float
    hits: tuple[Hit, ...]
    lang: str
    index_version: str = ""
    reading: str = ""
    question: str = ""
    again: Again | None = None
    also: tuple["Evidence", ...] = ()
    partly: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """What a dialogue is about: the `question` asked last and the `article` that answered it, empty while none has;
    `offered`: the articles it was asked back about."""

    question: str
    article: str = ""
    offered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """One saved state of an article and who saved it: an operator's login, or `file`."""

    article: Article
    author: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Clash:
    """A file and an editor changed the same article: `stored` stays, `file` was not taken."""

    stored: Revision
    file: Article


@dataclass(frozen=True, slots=True)
class Import:
    """What an import did with each article, as `id.lang`."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    clashes: tuple[Clash, ...] = ()
