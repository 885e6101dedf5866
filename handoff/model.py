"""Tickets, the people who answer them and the rules of the desk, as pure values."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any


class Status(StrEnum):
    """`queued`: nobody's; `offered`: one operator is asked to take it; `snoozed`: its assignee put it off."""

    QUEUED = "queued"
    OFFERED = "offered"
    CLAIMED = "claimed"
    SNOOZED = "snoozed"
    CLOSED = "closed"


class Reason(StrEnum):
    """Why a conversation went to a person."""

    ASKED = "asked"
    NOT_FOUND = "not_found"
    SECOND_MISS = "second_miss"
    FRUSTRATION = "frustration"
    JOB_FAILED = "job_failed"
    DEGRADED = "degraded"
    TAKEN = "taken"


class Outcome(StrEnum):
    """How a ticket ended; exactly one per ticket so that reports add up."""

    SOLVED = "solved"
    UNSOLVED = "unsolved"
    WITHDRAWN = "withdrawn"
    TO_BOT = "to_bot"


class Priority(IntEnum):
    """What goes first, by possible damage; 1 is the most urgent."""

    URGENT = 1
    HIGH = 2
    NORMAL = 3
    LOW = 4

    @property
    def raised(self) -> "Priority":
        return Priority(max(self.value - 1, 1))


class Mood(StrEnum):
    CALM = "calm"
    ANNOYED = "annoyed"
    ANGRY = "angry"


class Wish(StrEnum):
    """What a customer in the queue chose: to wait here, or to be written to later."""

    WAIT = "wait"
    WRITE = "write"


class Presence(StrEnum):
    ONLINE = "online"
    AWAY = "away"
    OFFLINE = "offline"


class Mode(StrEnum):
    """How a group gets work: its people claim it, or it is offered to the least loaded of them."""

    PULL = "pull"
    PUSH = "push"


class Clock(StrEnum):
    """Which SLA target a deadline belongs to."""

    FIRST = "first"
    NEXT = "next"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True)
class Assignee:
    """The operator who holds a ticket, or who acts on one. `lead`: acts with a lead's rights; never stored."""

    id: str
    name: str
    lead: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Agent:
    """An operator as routing sees them. Empty `groups`, `skills` and `langs` mean all; `load`: tickets claimed by or
    offered to them, snoozed ones not counted; `tier`: the highest tier they serve. `since`: when `presence` was last
    chosen, None if lost since; `left_at`: their last page closed, None while one is open; `idle_since`: last given
    work, or arrived."""

    id: str
    name: str
    presence: Presence = Presence.OFFLINE
    since: datetime | None = None
    seen_at: datetime | None = None
    left_at: datetime | None = None
    idle_since: datetime | None = None
    cap: int = 5
    load: int = 0
    groups: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    tier: int = 1


@dataclass(frozen=True, slots=True)
class Request:
    """What is handed over: `summary` holds what the bot tried (articles with scores, collected fields)."""

    conversation_id: str
    reason: Reason
    lang: str
    channel: str
    subject: str = ""
    topic: str = ""
    customer_name: str = ""
    mood: Mood = Mood.CALM
    vip: bool = False
    tags: tuple[str, ...] = ()
    summary: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ticket:
    """One episode of human help. `number` is the reference people quote; `rating`: 1 bad, 2 good, 3 excellent.

    `waiting_since`: the customer has waited for a person's words since then, None while the ball is in their court.
    `first_due`, `next_due`, `resolve_due`: deadlines, None when met, not running or paused; `resolve_left`: working
    seconds left of a paused resolution clock. `promised_by`: the end of the interval the customer was told;
    `promise_kept` is known with the first answer. `next_update_at`: when the operator promised news. `returned`: how
    often it went back to the queue because its assignee was silent or gone; `raised`: steps of priority it gained by
    that, above what the rules say. `warned`: what the operators have been told about its clocks; `remind_at`: when they
    are told again that nobody has taken it.
    """

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
    group: str = ""
    tier: int = 1
    topic: str = ""
    priority: Priority = Priority.NORMAL
    manual_priority: bool = False
    raised: int = 0
    mood: Mood = Mood.CALM
    vip: bool = False
    tags: tuple[str, ...] = ()
    assignee: Assignee | None = None
    offered_to: Assignee | None = None
    offer_until: datetime | None = None
    declined: tuple[str, ...] = ()
    queued_at: datetime | None = None
    claimed_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: Outcome | None = None
    rating: int | None = None
    rating_reason: str = ""
    waiting_since: datetime | None = None
    responded_at: datetime | None = None
    first_due: datetime | None = None
    next_due: datetime | None = None
    resolve_due: datetime | None = None
    resolve_left: int | None = None
    warned: tuple[str, ...] = ()
    breached: tuple[str, ...] = ()
    remind_at: datetime | None = None
    snoozed_until: datetime | None = None
    snooze_note: str = ""
    next_update_at: datetime | None = None
    wish: Wish = Wish.WAIT
    contact: str = ""
    promised_by: datetime | None = None
    promise_kept: bool | None = None
    returned: int = 0
    reopened: int = 0
    last_seq: int = 0
    last_author: str = ""
    last_text: str = ""
    last_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.status is not Status.CLOSED

    @property
    def waits(self) -> bool:
        """In the queue: nobody has taken it yet."""
        return self.status in (Status.QUEUED, Status.OFFERED)

    @property
    def due(self) -> tuple[Clock, datetime] | None:
        """The deadline that comes next."""
        running = [
            (clock, at)
            for clock, at in (
                (Clock.FIRST, self.first_due),
                (Clock.NEXT, self.next_due),
                (Clock.RESOLUTION, self.resolve_due),
            )
            if at is not None
        ]
        return min(running, key=lambda one: one[1], default=None)


@dataclass(frozen=True, slots=True)
class Line:
    """A new row of the transcript, as far as the desk shows it: `author` is customer, bot, operator or system."""

    seq: int
    author: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a ticket is passed on to: a person, or a group's queue; exactly one of them."""

    operator_id: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Sweep:
    """What the clocks have done. `kind`, with the `text_key` of the case: offer; expired (an offer nobody answered);
    returned: silent or gone; released: the same, while nobody waits or the group is closed; woke: assignee or queue;
    ranked; sla (before the breach) and breached: the clock; update: update (due soon) or lapsed; opened (people are
    back); unclaimed; failed (left as it was): the error; offline (an agent; no ticket). `agent_id`: whom it concerns,
    empty for the whole group."""

    kind: str
    ticket: Ticket | None
    text_key: str = ""
    agent_id: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a ticket's history: who did what. `actor_id` is empty for the product itself."""

    ticket_id: str
    at: datetime
    actor_id: str
    actor_name: str
    act: str
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Promise:
    """What a waiting customer may be told. `position`: 1 = next. `earliest` and `latest`: when a person is expected,
    None when too little is known. `opens_at`: set while the group is closed: when people return."""

    position: int
    earliest: datetime | None = None
    latest: datetime | None = None
    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who changed what outside a ticket: a person, a rule, a reply. `id` grows with time; 0 before it is stored."""

    at: datetime
    actor_id: str
    actor_name: str
    act: str
    object_kind: str
    object_id: str
    detail: dict[str, Any] = field(default_factory=dict)
    id: int = 0


@dataclass(frozen=True, slots=True)
class Served:
    """A first answer of the past: when the ticket was opened, answered and closed, for the promise to the next one."""

    opened_at: datetime
    responded_at: datetime
    closed_at: datetime | None
