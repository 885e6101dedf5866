"""What the clocks have in store for a ticket: every matter that can come due, and when; pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from handoff.model import Status, Ticket
from handoff.policy import Policy
from handoff.priority import next_wait
from handoff.sla import hours_of, running, target_of, warn_at

BEFORE_UPDATE = timedelta(minutes=2)
REMIND_AGAIN = timedelta(minutes=5)
OPENED = "opened"
"""Stands in `warned` once it was told that people are back, until one of them takes the ticket."""

Matter = tuple[str, datetime]
"""A kind, as `sweeps` knows them, and the moment it is due. Clocks are told as "warn:first" and "breach:first"."""


def matters(ticket: Ticket, policy: Policy) -> Iterator[Matter]:
    """Everything that will happen to the ticket if nobody touches it; moments may be past when it is overdue."""
    if ticket.is_open:
        yield from _state(ticket, policy)
        yield from _updates(ticket)
        yield from _clocks(ticket, policy)


def next_look(ticket: Ticket, policy: Policy) -> datetime | None:
    """When a sweep must look at the ticket next; None when time changes nothing."""
    return min((at for _, at in matters(ticket, policy)), default=None)


def first_reminder(ticket: Ticket, policy: Policy, at: datetime) -> datetime | None:
    """When operators are told that a ticket queued at `at` is still nobody's: at half of its first target, or once
    before that, when their hours begin."""
    return _reminder(ticket, policy, at, timedelta(minutes=target_of(ticket, policy).first) / 2)


def next_reminder(ticket: Ticket, policy: Policy, at: datetime) -> datetime | None:
    return _reminder(ticket, policy, at, REMIND_AGAIN)


def _reminder(ticket: Ticket, policy: Policy, at: datetime, after: timedelta) -> datetime | None:
    calendar = hours_of(ticket, policy)
    due = calendar.add_working(at, after)
    opening = None if OPENED in ticket.warned else calendar.opening_after(at)
    return min((one for one in (due, opening) if one is not None), default=None)


def _state(ticket: Ticket, policy: Policy) -> Iterator[Matter]:
    if ticket.status is Status.OFFERED and ticket.offer_until is not None:
        yield "offer", ticket.offer_until
    if ticket.status is Status.SNOOZED and ticket.snoozed_until is not None:
        yield "wake", ticket.snoozed_until
    if ticket.assignee is not None and (silent := _silent_at(ticket, policy)) is not None:
        # Put off or not: a snooze is no answer.
        yield "silent", silent
    if ticket.waits:
        yield from _queue(ticket, policy)


def _queue(ticket: Ticket, policy: Policy) -> Iterator[Matter]:
    if ticket.remind_at is not None:
        opening = OPENED not in ticket.warned and hours_of(ticket, policy).opens_at(ticket.remind_at)
        yield "opened" if opening else "unclaimed", ticket.remind_at
    if (rises := _rises_at(ticket, policy)) is not None:
        yield "rank", rises


def _silent_at(ticket: Ticket, policy: Policy) -> datetime | None:
    """When an assignee has left the customer waiting for too long; a running promise of news counts as an answer."""
    if ticket.waiting_since is None:
        return None
    since = max(at for at in (ticket.waiting_since, ticket.claimed_at, ticket.next_update_at) if at is not None)
    minutes = policy.group(ticket.group).silent_minutes
    return hours_of(ticket, policy).add_working(since, timedelta(minutes=minutes))


def _rises_at(ticket: Ticket, policy: Policy) -> datetime | None:
    minutes = next_wait(ticket, policy)
    if minutes is None:
        return None
    return hours_of(ticket, policy).add_working(ticket.queued_at or ticket.opened_at, timedelta(minutes=minutes))


def _updates(ticket: Ticket) -> Iterator[Matter]:
    if ticket.next_update_at is not None:
        if "update" not in ticket.warned:
            yield "update", ticket.next_update_at - BEFORE_UPDATE
        if "lapsed" not in ticket.warned:
            yield "lapsed", ticket.next_update_at


def _clocks(ticket: Ticket, policy: Policy) -> Iterator[Matter]:
    for clock, due in running(ticket):
        if f"{clock.value}!" not in ticket.warned:
            yield f"breach:{clock.value}", due
            if clock.value not in ticket.warned:
                yield f"warn:{clock.value}", warn_at(ticket, clock, due, policy)
