"""What a waiting customer may be told: an interval from how fast people were really served lately; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from handoff.calendar import Hours
from handoff.model import Agent, Promise, Served
from handoff.routing import free

KNOWN = 5
"""Fewer answers than this are no rate: the customer is told the place only."""

EARLY, LATE = -0.84, 1.28
"""Normal quantiles of the interval's ends: one in five is served before it, nine in ten before its end."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """The queue as one customer sees it: their place, those who serve it and what lately was served."""

    position: int
    agents: Sequence[Agent]
    served: Sequence[Served]


def expected(line: Outlook, hours: Hours, now: datetime) -> Promise:
    """The place, and the interval in which a person will answer; no interval when nobody is there or too little is
    known; while closed, only when people return."""
    if not hours.open_at(now):
        return Promise(line.position, opens_at=hours.next_open(now))
    each = _minutes_each(line, hours, now)
    if each is None:
        return Promise(line.position)
    early, late = (timedelta(minutes=_quantile(line.position, z) * each) for z in (EARLY, LATE))
    return Promise(line.position, hours.add_working(now, early), hours.add_working(now, late))


def _minutes_each(line: Outlook, hours: Hours, now: datetime) -> float | None:
    """Working minutes that one place of the queue takes. Once everybody's slots are taken, places move no faster than
    conversations end."""
    there = [agent for agent in line.agents if agent.cap > 0 and (agent.load > 0 or free(agent, now))]
    if not there or len(line.served) < KNOWN:
        return None
    each = _mean_gap(line.served, hours)
    slots = sum(max(agent.cap - agent.load, 0) for agent in there if free(agent, now))
    handled = [
        hours.working_between(one.responded_at, one.closed_at) / 60 for one in line.served if one.closed_at is not None
    ]
    if line.position > slots and handled:
        each = max(each, median(handled) / sum(max(agent.cap, agent.load) for agent in there))
    return each


def _mean_gap(served: Sequence[Served], hours: Hours) -> float:
    """How long an answer took since the one before, or since its own customer came, whichever was later: the pace of
    the desk while somebody waited, idle time left out. What came before the first of them is not known."""
    ordered = sorted(served, key=lambda one: one.responded_at)
    gaps = [
        hours.working_between(max(last.responded_at, one.opened_at), one.responded_at)
        for last, one in pairwise(ordered)
    ]
    return sum(gaps) / len(gaps) / 60


def _quantile(places: int, z: float) -> float:
    """Quantile of the time until the `places`-th of events that come at rate 1 (Wilson and Hilferty's gamma)."""
    return float(places * (1 - 1 / (9 * places) + z / (3 * places**0.5)) ** 3)
