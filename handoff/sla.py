"""SLA clocks of a ticket: deadlines in working time, the moment to warn, pause and resumption; pure.

Every function takes the ticket as it is and gives it back with its clocks set; `policy` says targets and calendars.
A calendar that never opens has no deadlines.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from handoff.calendar import Hours, hours
from handoff.model import Clock, Ticket
from handoff.policy import Policy, Target

LAST_PART = 4
"""Operators are warned when a quarter of the target's working time is left."""


def hours_of(ticket: Ticket, policy: Policy) -> Hours:
    return hours(policy.calendar(ticket.group))


def target_of(ticket: Ticket, policy: Policy) -> Target:
    return policy.targets[ticket.priority]


def begun(ticket: Ticket, policy: Policy, at: datetime) -> Ticket:
    """At the opening: the first answer and the resolution are due."""
    calendar, target = hours_of(ticket, policy), target_of(ticket, policy)
    return replace(
        ticket,
        waiting_since=at,
        first_due=calendar.add_working(at, timedelta(minutes=target.first)),
        resolve_due=calendar.add_working(at, timedelta(minutes=target.resolution)),
    )


def asked(ticket: Ticket, policy: Policy, at: datetime) -> Ticket:
    """The customer wrote: from now on they wait, unless they waited before."""
    ticket = resumed(ticket, policy, at)
    if ticket.waiting_since is not None:
        return ticket
    ticket = replace(ticket, waiting_since=at)
    if ticket.responded_at is None:
        return ticket
    amount = timedelta(minutes=target_of(ticket, policy).next)
    return replace(ticket, next_due=hours_of(ticket, policy).add_working(at, amount))


def answered(ticket: Ticket, policy: Policy, at: datetime) -> Ticket:
    """A person wrote: the ball is in the customer's court, the resolution clock stands still."""
    if ticket.responded_at is None:
        kept = None if ticket.promised_by is None else at <= ticket.promised_by
        ticket = replace(ticket, responded_at=at, promise_kept=kept)
    ticket = replace(ticket, waiting_since=None, first_due=None, next_due=None, next_update_at=None)
    return paused(ticket, policy, at)


def paused(ticket: Ticket, policy: Policy, at: datetime) -> Ticket:
    """Stops the resolution clock; what is left of it is kept in working seconds."""
    if ticket.resolve_left is not None:
        return ticket
    left = target_of(ticket, policy).resolution * 60
    if ticket.resolve_due is not None:
        left = int(hours_of(ticket, policy).working_between(at, ticket.resolve_due))
    return replace(ticket, resolve_due=None, resolve_left=left)


def resumed(ticket: Ticket, policy: Policy, at: datetime) -> Ticket:
    """Lets a paused resolution clock run on."""
    if ticket.resolve_left is None:
        return ticket
    due = hours_of(ticket, policy).add_working(at, timedelta(seconds=ticket.resolve_left))
    return replace(ticket, resolve_due=due, resolve_left=None)


def retargeted(before: Ticket, after: Ticket, policy: Policy, at: datetime) -> Ticket:
    """`after` with deadlines of its new priority. A more urgent one gets the new target from now on, never later than
    it was due: nobody has broken a promise that did not exist. A less urgent one is due as if it always had been."""
    if before.priority == after.priority:
        return after
    old, new, calendar = target_of(before, policy), target_of(after, policy), hours_of(after, policy)
    more = timedelta(minutes=new.resolution - old.resolution)
    urgent = after.priority < before.priority

    def moved(due: datetime | None, start: datetime | None, minutes: int) -> datetime | None:
        if due is None or start is None:
            return due
        fresh = calendar.add_working(at if urgent else start, timedelta(minutes=minutes))
        return fresh if fresh is None or not urgent else min(due, fresh)

    left = after.resolve_left
    if left is not None:
        left = min(left, new.resolution * 60) if urgent else left + int(more.total_seconds())
    resolve = moved(after.resolve_due, after.resolve_due, new.resolution)
    if not urgent and after.resolve_due is not None:
        resolve = calendar.add_working(after.resolve_due, more)
    return replace(
        after,
        first_due=moved(after.first_due, after.opened_at, new.first),
        next_due=moved(after.next_due, after.waiting_since, new.next),
        resolve_due=resolve,
        resolve_left=left,
    )


def rehoused(ticket: Ticket, before: Hours, policy: Policy, at: datetime) -> Ticket:
    """Under another calendar: running clocks keep the working time they had left under `before`; a clock that could
    never run starts now. What is overdue stays overdue."""
    calendar, target = hours_of(ticket, policy), target_of(ticket, policy)

    def moved(due: datetime | None, runs: bool, minutes: int) -> datetime | None:
        if not runs or (due is not None and due <= at):
            return due
        left = timedelta(minutes=minutes) if due is None else timedelta(seconds=before.working_between(at, due))
        return calendar.add_working(at, left)

    waits, fresh = ticket.waiting_since is not None, ticket.responded_at is None
    return replace(
        ticket,
        first_due=moved(ticket.first_due, waits and fresh, target.first),
        next_due=moved(ticket.next_due, waits and not fresh, target.next),
        resolve_due=moved(ticket.resolve_due, ticket.resolve_left is None, target.resolution),
    )


def running(ticket: Ticket) -> Iterator[tuple[Clock, datetime]]:
    """Every clock that runs, with its deadline."""
    dues = (ticket.first_due, ticket.next_due, ticket.resolve_due)
    for clock, due in zip((Clock.FIRST, Clock.NEXT, Clock.RESOLUTION), dues, strict=True):
        if due is not None:
            yield clock, due


def warn_at(ticket: Ticket, clock: Clock, due: datetime, policy: Policy) -> datetime:
    """When operators are warned of a deadline: a quarter of its target before it, in working time."""
    minutes = getattr(target_of(ticket, policy), clock.value)
    return hours_of(ticket, policy).before_working(due, timedelta(minutes=minutes) / LAST_PART) or due


def told_anew(before: Ticket, after: Ticket) -> Ticket:
    """`after` without the warnings of clocks that now end later, or run again: those are told afresh."""
    old = dict(running(before))
    later = {clock.value for clock, due in running(after) if clock not in old or due > old[clock]}
    kept = tuple(word for word in after.warned if word.rstrip("!") not in later)
    return after if kept == after.warned else replace(after, warned=kept)
