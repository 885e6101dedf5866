"""The steps of a ticket from hand to hand, as pure changes of the value; whoever calls them has checked the rights."""

from dataclasses import replace
from datetime import datetime, timedelta

from handoff.agenda import OPENED, first_reminder
from handoff.model import Assignee, Outcome, Priority, Request, Status, Ticket
from handoff.policy import Policy
from handoff.priority import ranked
from handoff.routing import group_for
from handoff.sla import asked, begun, hours_of, paused, rehoused, resumed, retargeted


def opened(request: Request, policy: Policy, at: datetime) -> Ticket:
    """A new ticket in the queue of its group, its clocks running; `id` and `number` are the store's to give."""
    ticket = Ticket(
        id="",
        number=0,
        conversation_id=request.conversation_id,
        status=Status.QUEUED,
        reason=request.reason,
        lang=request.lang,
        channel=request.channel,
        subject=request.subject,
        customer_name=request.customer_name,
        summary=request.summary,
        opened_at=at,
        queued_at=at,
        group=group_for(request.topic, policy).id,
        topic=request.topic,
        mood=request.mood,
        vip=request.vip,
        tags=tuple(dict.fromkeys(request.tags)),
    )
    return queued(begun(ranked(ticket, policy), policy, at), policy, at)


def queued(ticket: Ticket, policy: Policy, at: datetime) -> Ticket:
    """To the queue, at the place it had: `queued_at` stays."""
    back = resumed(_free(ticket), policy, at)
    return replace(back, status=Status.QUEUED, claimed_at=None, remind_at=first_reminder(back, policy, at))


def given(ticket: Ticket, person: Assignee, policy: Policy, at: datetime) -> Ticket:
    """To a person who answers it from now on."""
    held = _taken(resumed(_free(ticket), policy, at))
    person = Assignee(person.id, person.name)
    return replace(held, status=Status.CLAIMED, assignee=person, claimed_at=at, remind_at=None)


def offered(ticket: Ticket, person: Assignee, seconds: int, at: datetime) -> Ticket:
    until = at + timedelta(seconds=seconds)
    return replace(ticket, status=Status.OFFERED, offered_to=person, offer_until=until)


def refused(ticket: Ticket, operator_id: str) -> Ticket:
    """Queued again after an offer; whoever let it go is not asked again."""
    back = replace(ticket, status=Status.QUEUED, offered_to=None, offer_until=None)
    return passed_over(back, operator_id)


def passed_over(ticket: Ticket, operator_id: str) -> Ticket:
    return replace(ticket, declined=tuple(dict.fromkeys((*ticket.declined, operator_id))))


def raised(ticket: Ticket, policy: Policy, at: datetime) -> Ticket:
    """One step up, because the customer was left waiting; one set by hand stays."""
    return reranked(replace(ticket, raised=min(ticket.raised + 1, Priority.LOW - Priority.URGENT)), policy, at)


def reranked(ticket: Ticket, policy: Policy, at: datetime) -> Ticket:
    """With the priority of the rules as they match now, and its deadlines moved accordingly."""
    waited = hours_of(ticket, policy).working_between(ticket.queued_at or ticket.opened_at, at) / 60
    return retargeted(ticket, ranked(ticket, policy, waited if ticket.waits else 0.0), policy, at)


def moved(ticket: Ticket, group: str, policy: Policy, at: datetime) -> Ticket:
    """To another group's queue, keeping its wait; its people have declined nothing yet."""
    before = hours_of(ticket, policy)
    there = rehoused(replace(_taken(ticket), group=group, declined=()), before, policy, at)
    return queued(there, policy, at)


def snoozed(ticket: Ticket, until: datetime | None, note: str, policy: Policy, at: datetime) -> Ticket:
    still = paused(ticket, policy, at)
    return replace(still, status=Status.SNOOZED, snoozed_until=until, snooze_note=note)


def closed(ticket: Ticket, outcome: Outcome, policy: Policy, at: datetime) -> Ticket:
    """Ended; what is left of the resolution clock is kept for a reopening."""
    still = replace(paused(ticket, policy, at), first_due=None, next_due=None, waiting_since=None, next_update_at=None)
    late = still.promise_kept is None and still.promised_by is not None and at > still.promised_by
    return replace(
        _free(still),
        assignee=ticket.assignee,
        status=Status.CLOSED,
        outcome=outcome,
        closed_at=at,
        remind_at=None,
        snooze_note="",
        promise_kept=False if late else still.promise_kept,
    )


def reopened(ticket: Ticket, person: Assignee, policy: Policy, at: datetime) -> Ticket:
    again = replace(ticket, outcome=None, closed_at=None, queued_at=at, reopened=ticket.reopened + 1)
    return asked(given(again, person, policy, at), policy, at)


def _free(ticket: Ticket) -> Ticket:
    return replace(ticket, assignee=None, offered_to=None, offer_until=None, snoozed_until=None)


def _taken(ticket: Ticket) -> Ticket:
    """The next time it waits for people to come back, that is told again."""
    return replace(ticket, warned=tuple(word for word in ticket.warned if word != OPENED))
