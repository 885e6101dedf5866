"""The priority matrix: what goes first, by topic, customer, mood, reason and waiting time; pure."""

from collections.abc import Iterable
from dataclasses import replace

from handoff.model import Priority, Ticket
from handoff.policy import Policy, PriorityRule


def matches(rule: PriorityRule, ticket: Ticket) -> bool:
    """Whether every condition but the waiting time holds."""
    conditions = (
        not rule.topic or rule.topic == ticket.topic,
        not rule.mood or rule.mood == ticket.mood.value,
        not rule.reason or rule.reason == ticket.reason.value,
        not rule.vip or ticket.vip,
    )
    return all(conditions)


def rank(ticket: Ticket, rules: Iterable[PriorityRule], waited: float = 0.0) -> Priority:
    """The most urgent priority of the matching rules, normal without any, then as many steps up as it was raised.

    `waited`: working minutes in the queue.
    """
    found = [rule.priority for rule in rules if rule.waited <= waited and matches(rule, ticket)]
    return Priority(max(min(found, default=Priority.NORMAL) - ticket.raised, Priority.URGENT))


def ranked(ticket: Ticket, policy: Policy, waited: float = 0.0) -> Ticket:
    """The ticket with the priority that the rules give it; one set by hand stays until it is changed by hand."""
    return ticket if ticket.manual_priority else replace(ticket, priority=rank(ticket, policy.rules, waited))


def next_wait(ticket: Ticket, policy: Policy) -> int | None:
    """Working minutes in the queue at which a rule next raises the ticket; None when none will."""
    if ticket.manual_priority:
        return None
    steps = [
        rule.waited
        for rule in policy.rules
        if rule.waited and rule.priority - ticket.raised < ticket.priority > Priority.URGENT and matches(rule, ticket)
    ]
    return min(steps, default=None)
