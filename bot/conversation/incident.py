"""Incidents as pure values: what is broken, whom it concerns, and when a rush of questions looks like one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

RUSH = timedelta(minutes=15)
"""The time in which a rush is looked for, and the length of the slices it is compared with."""
SLICES = 96
"""A day of slices: what is usual for a topic is its mean over the day before."""
FEWEST = 5
"""Fewer customers than that are no rush, whatever is usual."""
TIMES = 3.0

_WORD = re.compile(r"\w+")


class IncidentState(StrEnum):
    ACTIVE = "active"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Update:
    """News told to everybody who asked for them; texts by language."""

    text: dict[str, str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Incident:
    """Something broken that many ask about. `title` and `text` by language; a question of one of the `topics`, or with
    a word that begins with one of `words`, is answered with `text`. `subscribers`: how many want to hear the end."""

    id: str
    number: int
    title: dict[str, str]
    text: dict[str, str]
    topics: tuple[str, ...]
    words: tuple[str, ...]
    state: IncidentState
    opened_at: datetime
    opened_by: str
    ended_at: datetime | None = None
    updates: tuple[Update, ...] = ()
    subscribers: int = 0

    def concerns(self, topic: str, text: str) -> bool:
        said = _WORD.findall(text.casefold())
        return bool(topic and topic in self.topics) or any(
            word.startswith(begin.casefold()) for begin in self.words for word in said
        )


@dataclass(frozen=True, slots=True)
class Rush:
    """`customers` asked about `topic` within RUSH, where `usual` is the mean; `page` is where most of them were."""

    topic: str
    customers: int
    usual: float
    page: str = ""


def rushes(recent: dict[str, int], day: dict[str, int], pages: dict[str, str], known: Iterable[str]) -> list[Rush]:
    """Topics asked about far more than usual, the greatest rush first.

    `recent` and `day`: customers by topic within RUSH and within the day before; `known`: topics of active incidents.
    """
    quiet = set(known)
    found = [
        Rush(topic, customers, day.get(topic, 0) / SLICES, pages.get(topic, ""))
        for topic, customers in recent.items()
        if topic and topic not in quiet
    ]
    return sorted(
        (rush for rush in found if rush.customers >= max(FEWEST, TIMES * rush.usual)), key=lambda rush: -rush.customers
    )
