"""One pass of all clocks: offers, silent and absent assignees, snoozes, SLA, reminders."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from handoff import presence, steps
from handoff.agenda import OPENED, matters, next_reminder
from handoff.calendar import hours
from handoff.errors import HandoffError
from handoff.model import Agent, Assignee, Mode, Presence, Status, Sweep, Ticket
from handoff.placing import Placing
from handoff.ports import Transaction
from handoff.routing import eligible, free, serves
from handoff.sla import hours_of, rehoused

AT_ONCE = 200
"""Tickets that one pass looks at: after a long stop the rest follows a second later."""

ORDER = ("offer", "wake", "silent", "rank", "breach", "warn", "lapsed", "update", "opened", "unclaimed")
"""A breach is told before the warning it makes needless, a lapsed promise before the reminder of it."""

BROKEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, HandoffError)
"""What a single ticket can be broken by; a database that fails stops the pass."""

AGAIN = timedelta(minutes=1)
"""A ticket that could not be looked at is left alone for so long."""


class Sweeps(Placing):
    def sweep(self, tx: Transaction, now: datetime) -> list[Sweep]:
        """Does whatever has come due by `now` and tells what happened; a second pass at once does nothing."""
        told = [*self._absent(tx, now), *self._come_due(tx, now)]
        offered = True
        while offered:
            made = self._offers(tx, now)
            told += made
            offered = any(one.kind == "offer" for one in made)
        return told

    def resume(self, tx: Transaction) -> None:
        """At the start of the product every page is closed: whoever was at the desk has the grace to come back before
        their tickets go to others."""
        now = self._clock()
        known = {agent.id: agent for agent in self._agents.all(tx)}
        holders = {one.id: one.name for one in self._tickets.holders(tx)}
        for agent in known.values():
            if agent.presence is not Presence.OFFLINE or agent.id in holders:
                self._agents.save(tx, replace(agent, seen_at=now, left_at=agent.left_at or now))
        for operator_id in holders.keys() - known.keys():
            self._agents.save(tx, Agent(operator_id, holders[operator_id], seen_at=now, left_at=now))

    def _absent(self, tx: Transaction, now: datetime) -> list[Sweep]:
        told: list[Sweep] = []
        for agent in self._agents.lapsed(tx, now - presence.GRACE):
            self._agents.save(tx, presence.lost(agent, now))
            told.append(Sweep("offline", None, agent_id=agent.id))
        for holder in self._tickets.holders(tx):
            known = self._agents.get(tx, holder.id)
            if known is None or presence.gone(known, now):
                for ticket in filter(_counts_on_its_assignee, self._tickets.held(tx, holder.id)):
                    told += self._apart(tx, ticket, now, partial(self._returned, tx, ticket, now, "gone"))
        return told

    def _come_due(self, tx: Transaction, now: datetime) -> list[Sweep]:
        told: list[Sweep] = []
        for ticket in self._tickets.due(tx, now, AT_ONCE):
            told += self._apart(tx, ticket, now, partial(self._looked_at, tx, ticket, now))
        return told

    def _apart(
        self, tx: Transaction, ticket: Ticket, now: datetime, act: Callable[[], Sweep | list[Sweep]]
    ) -> list[Sweep]:
        """What `act` tells; when the ticket is broken, nothing of it is done and the others do not suffer."""
        try:
            with self._tickets.apart(tx):
                made = act()
        except BROKEN as error:
            self._tickets.put_off(tx, ticket.id, now + AGAIN)
            return [Sweep("failed", ticket, type(error).__name__)]
        return made if isinstance(made, list) else [made]

    def _looked_at(self, tx: Transaction, ticket: Ticket, now: datetime) -> list[Sweep]:
        told: list[Sweep] = []
        policy = self.policy(tx)
        for _ in ORDER * 2:
            come = [kind for kind, at in matters(ticket, policy) if at <= now]
            if not come:
                break
            first = min(come, key=lambda kind: ORDER.index(kind.partition(":")[0]))
            sweep = self._act(tx, ticket, now, first)
            ticket = sweep.ticket or ticket
            told.append(sweep)
        if not told:
            # Nothing had come due after all: its clocks may never have been started, and its next look was too early.
            self._save(tx, ticket, rehoused(ticket, hours_of(ticket, policy), policy, now))
        return [sweep for sweep in told if sweep.kind]

    def _act(self, tx: Transaction, ticket: Ticket, now: datetime, matter: str) -> Sweep:
        kind, _, clock = matter.partition(":")
        acts: dict[str, Callable[[], Sweep]] = {
            "offer": lambda: self._expired(tx, ticket),
            "wake": lambda: self._overslept(tx, ticket, now),
            "silent": lambda: self._returned(tx, ticket, now, "silent"),
            "rank": lambda: self._risen(tx, ticket, now),
            "breach": lambda: self._reminded(tx, ticket, "breached", clock),
            "warn": lambda: self._reminded(tx, ticket, "sla", clock),
            "lapsed": lambda: self._reminded(tx, ticket, "update", "lapsed"),
            "update": lambda: self._reminded(tx, ticket, "update", "update"),
            "opened": lambda: self._people_back(tx, ticket, now),
            "unclaimed": lambda: self._unclaimed(tx, ticket, now),
        }
        return acts[kind]()

    def _expired(self, tx: Transaction, ticket: Ticket) -> Sweep:
        asked = ticket.offered_to or Assignee("", "")
        back = self._save(tx, ticket, steps.refused(ticket, asked.id))
        return Sweep("expired", self._note(tx, back, asked, "declined", why="timeout"), agent_id=asked.id)

    def _overslept(self, tx: Transaction, ticket: Ticket, now: datetime) -> Sweep:
        woken = self._woken(tx, ticket, "time", now)
        return Sweep("woke", woken, "queue" if woken.assignee is None else "assignee", _holder(woken))

    def _returned(self, tx: Transaction, ticket: Ticket, now: datetime, why: str) -> Sweep:
        """Back to the queue, because its assignee is silent or gone; they are not offered it again. Raised, if the
        customer waits; released quietly, if nobody does or nobody could answer now anyway."""
        policy, held = self.policy(tx), ticket.assignee or Assignee("", "")
        left = steps.passed_over(replace(ticket, returned=ticket.returned + 1), held.id)
        back, waits = steps.queued(left, policy, now), ticket.waiting_since is not None
        saved = self._save(tx, ticket, steps.raised(back, policy, now) if waits else back)
        kind = "returned" if waits and hours_of(ticket, policy).open_at(now) else "released"
        return Sweep(kind, self._note(tx, saved, None, "returned", why=why, held=held.name), why, held.id)

    def _risen(self, tx: Transaction, ticket: Ticket, now: datetime) -> Sweep:
        risen = self._save(tx, ticket, steps.reranked(ticket, self.policy(tx), now))
        return Sweep("ranked", self._note(tx, risen, None, "prioritised", priority=int(risen.priority)))

    def _reminded(self, tx: Transaction, ticket: Ticket, kind: str, about: str) -> Sweep:
        """Told once: what was said is kept on the ticket."""
        words = {"breached": (about, f"{about}!"), "sla": (about,), "update": ("update", about)}[kind]
        after = replace(ticket, warned=_with(ticket.warned, *words))
        if kind == "breached":
            after = replace(after, breached=_with(ticket.breached, about))
        saved = self._save(tx, ticket, after)
        return Sweep(kind, self._note(tx, saved, None, "reminded", about=f"{kind} {about}"), about, _holder(saved))

    def _unclaimed(self, tx: Transaction, ticket: Ticket, now: datetime) -> Sweep:
        """Nobody's still: whoever let it go may be asked again, for there may be nobody else."""
        policy = self.policy(tx)
        after = replace(ticket, declined=(), remind_at=next_reminder(ticket, policy, now))
        saved = self._save(tx, ticket, after)
        # A pass that comes late, after closing time, wakes nobody.
        return Sweep("unclaimed" if hours_of(ticket, policy).open_at(now) else "", saved)

    def _people_back(self, tx: Transaction, ticket: Ticket, now: datetime) -> Sweep:
        policy = self.policy(tx)
        told = hours_of(ticket, policy).open_at(now)
        after = replace(ticket, warned=_with(ticket.warned, OPENED), declined=()) if told else ticket
        saved = self._save(tx, ticket, replace(after, remind_at=next_reminder(after, policy, now)))
        return Sweep("opened" if told else "", saved)

    def _offers(self, tx: Transaction, now: datetime) -> list[Sweep]:
        """Offers the queues of push groups that are open: each ticket to one agent, each agent no more than fits."""
        policy = self.policy(tx)
        push = [
            group.id
            for group in policy.groups
            if group.mode is Mode.PUSH and hours(policy.calendar(group.id)).open_at(now)
        ]
        agents = {agent.id: agent for agent in self._agents.all(tx) if free(agent, now)} if push else {}
        slots = min(sum(agent.cap - agent.load for agent in agents.values()), AT_ONCE)
        wanted: dict[str, Ticket] = {}
        for alike in _alike(agents.values()):
            groups = [group for group in push if serves(alike[0], group)]
            wanted |= {ticket.id: ticket for ticket in self._tickets.offerable(tx, alike, groups, slots)}
        told: list[Sweep] = []
        for ticket in sorted(wanted.values(), key=lambda one: (one.priority, one.queued_at, one.number)):
            for agent in eligible(agents.values(), ticket, now)[:1]:
                told += self._apart(tx, ticket, now, partial(self._offer, tx, ticket, agent, now))
                agents[agent.id] = replace(agent, load=agent.load + 1, idle_since=now)
        return told

    def _offer(self, tx: Transaction, ticket: Ticket, agent: Agent, now: datetime) -> Sweep:
        self._free_agent(tx, agent.id, now)
        self._agents.given(tx, agent.id, now)
        seconds = self.policy(tx).group(ticket.group).offer_seconds
        asked = self._save(tx, ticket, steps.offered(ticket, Assignee(agent.id, agent.name), seconds, now))
        return Sweep("offer", self._note(tx, asked, None, "offered", to=agent.name), agent_id=agent.id)


def _alike(agents: Iterable[Agent]) -> list[list[Agent]]:
    """Agents by what they serve: people of one team read the queue once, not once each."""
    teams: dict[tuple[object, ...], list[Agent]] = {}
    for agent in agents:
        teams.setdefault((agent.groups, agent.skills, agent.langs, agent.tier), []).append(agent)
    return list(teams.values())


def _counts_on_its_assignee(ticket: Ticket) -> bool:
    """Whether the ticket stands still without its assignee: claimed, or put off while the customer waits."""
    unanswered = ticket.status is Status.SNOOZED and ticket.waiting_since is not None
    return ticket.status is Status.CLAIMED or unanswered


def _holder(ticket: Ticket) -> str:
    return "" if ticket.assignee is None else ticket.assignee.id


def _with(words: tuple[str, ...], *more: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*words, *more)))
