"""Tickets and the people who answer them, as pure values and rules."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"
    CLOSED = "closed"


class Reason(StrEnum):
    """Why the bot handed a conversation over."""

    ASKED = "asked"
    NOT_FOUND = "not_found"
    SECOND_MISS = "second_miss"
    FRUSTRATION = "frustration"
    JOB_FAILED = "job_failed"
    DEGRADED = "degraded"


class Outcome(StrEnum):
    """How a ticket ended; exactly one per ticket so that reports add up."""

    SOLVED = "solved"
    UNSOLVED = "unsolved"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Assignee:
    """The operator who holds a ticket, as the desk needs to know them."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Request:
    """What the bot hands over: `summary` holds what it tried (articles with scores, collected fields)."""

    conversation_id: str
    reason: Reason
    lang: str
    channel: str
    subject: str = ""
    customer_name: str = ""
    summary: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ticket:
    """One episode of human help. `number` is the reference people quote; `rating`: 1 bad, 2 good, 3 excellent."""

    id: str
    number: int
    conversation_id: str
    status: Status
    reason: Reason
    lang: str
    channel: str
    subject: str
    customer_name: str
    summary: dict[str, Any]
    opened_at: datetime
    assignee: Assignee | None = None
    claimed_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: Outcome | None = None
    rating: int | None = None

    @property
    def is_open(self) -> bool:
        return self.status is not Status.CLOSED
