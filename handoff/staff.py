"""The people and the rules: who is at the desk, what they may hold, and the policy a lead sets."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from handoff import presence, sla
from handoff.agenda import first_reminder
from handoff.calendar import hours
from handoff.errors import PolicyChanged
from handoff.model import Agent, Assignee, AuditEntry, Mode, Presence, Status, Ticket
from handoff.placing import Placing
from handoff.policy import Policy
from handoff.policy_rules import check
from handoff.ports import Transaction

PARTS = ("groups", "calendars", "targets", "rules", "tags")


class Staff(Placing):
    def arrive(self, tx: Transaction, operator_id: str, name: str) -> Agent:
        """Opened the desk: online, or away or offline as before when it was only a reload."""
        known = self._agents.get(tx, operator_id) or Agent(operator_id, name)
        return self._kept(tx, presence.arrived(replace(known, name=name), self._clock()))

    def beat(self, tx: Transaction, operator_id: str) -> Agent | None:
        """A sign of life; None for who was never at the desk."""
        known = self._agents.get(tx, operator_id)
        return None if known is None else self._kept(tx, presence.beaten(known, self._clock()))

    def set_presence(self, tx: Transaction, operator_id: str, chosen: Presence) -> Agent | None:
        known = self._agents.get(tx, operator_id)
        return None if known is None else self._kept(tx, presence.chosen(known, chosen, self._clock()))

    def leave(self, tx: Transaction, operator_id: str) -> Agent | None:
        """The last page closed: nothing more is offered; offline after the grace, unless they come back."""
        known = self._agents.get(tx, operator_id)
        if known is None:
            return None
        now = self._clock()
        return self._kept(tx, replace(known, left_at=known.left_at or now, seen_at=now))

    def place_agent(self, tx: Transaction, agent: Agent) -> Agent:
        """Stores name, cap, groups, skills, langs and tier; presence stays as it is."""
        known = self._agents.get(tx, agent.id)
        if known is not None:
            kept = {
                name: getattr(known, name) for name in ("presence", "since", "seen_at", "left_at", "idle_since", "load")
            }
            agent = replace(agent, **kept)
        return self._kept(tx, agent)

    def dismiss(self, tx: Transaction, operator_id: str) -> None:
        """Takes a person off the desk; assign what `held` lists to their groups first."""
        self._agents.forget(tx, operator_id)

    def set_policy(self, tx: Transaction, policy: Policy, actor: Assignee) -> Policy:
        """Stores the rules and moves open tickets along: out of groups that are gone, deadlines out of time that is
        closed now. `policy.version` must be the one that was read.

        Raises PolicyInvalid naming the place, PolicyChanged.
        """
        now, before = self._clock(), self.policy(tx)
        check(policy, now)
        stored = self._policies.save(tx, policy, now, actor.name)
        if stored is None:
            raise PolicyChanged
        changed = [name for name in PARTS if getattr(before, name) != getattr(stored, name)]
        for ticket in self._tickets.open_ones(tx) if set(changed) - {"tags"} else ():
            self._save(tx, ticket, _resettled(ticket, before, stored, now))
        self.audit(tx, actor, "policy_changed", ("policy", "desk"), {"changed": ", ".join(changed)})
        return stored

    def audit(
        self, tx: Transaction, actor: Assignee, act: str, about: tuple[str, str], detail: dict[str, Any] | None = None
    ) -> None:
        """A line of the audit log; `about`: kind and id of what was changed."""
        self._history.audit(tx, AuditEntry(self._clock(), actor.id, actor.name, act, *about, detail or {}))

    def _kept(self, tx: Transaction, agent: Agent) -> Agent:
        self._agents.save(tx, agent)
        return agent


def _resettled(ticket: Ticket, before: Policy, after: Policy, now: datetime) -> Ticket:
    """The ticket under new rules: in a group that exists, its clocks in that group's hours."""
    old = before.calendar(ticket.group)
    ticket = replace(ticket, group=after.group(ticket.group).id)
    if ticket.status is Status.OFFERED and after.group(ticket.group).mode is not Mode.PUSH:
        ticket = replace(ticket, status=Status.QUEUED, offered_to=None, offer_until=None)
    if after.calendar(ticket.group) == old:
        return ticket
    settled = sla.rehoused(ticket, hours(old), after, now)
    return replace(settled, remind_at=first_reminder(settled, after, now)) if settled.waits else settled
