"""From hand to hand: decline, transfer, escalate, give back, put off, and what a lead assigns in bulk."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from handoff import steps
from handoff.errors import GroupUnknown, HandoffError, NotYourTicket, check_ahead
from handoff.model import Assignee, Destination, Presence, Status, Ticket
from handoff.placing import Placing
from handoff.ports import Transaction
from handoff.presence import shown
from handoff.routing import serves

HIGHEST_TIER = 4


class Moves(Placing):
    def decline(self, tx: Transaction, ticket_id: str, operator_id: str) -> Ticket:
        """Refuses an offer: queued again at its old place, this operator is not asked again. An offer that has ended
        meanwhile changes nothing. Raises TicketUnknown, TicketClosed."""
        ticket = self._open(tx, ticket_id)
        if ticket.offered_to is None or ticket.offered_to.id != operator_id:
            return ticket
        self._agents.seen(tx, operator_id, self._clock())
        declined = self._save(tx, ticket, steps.refused(ticket, operator_id))
        return self._note(tx, declined, ticket.offered_to, "declined")

    def give_back(self, tx: Transaction, ticket_id: str, operator_id: str) -> Ticket:
        """Back to the queue at its old place. Raises as `held_by`."""
        ticket = self.held_by(tx, ticket_id, operator_id)
        now = self._clock()
        back = steps.queued(steps.passed_over(ticket, operator_id), self.policy(tx), now)
        self._agents.seen(tx, operator_id, now)
        return self._note(tx, self._save(tx, ticket, back), ticket.assignee, "given_back")

    def transfer(self, tx: Transaction, ticket_id: str, by: Assignee, why: str, to: Destination) -> Ticket:
        """Sideways: to a person, who holds it from now on, or to a group's queue, keeping its wait.

        By its assignee or a lead; where the group is not locked also by any member while the assignee is not online.
        Raises TicketUnknown, TicketClosed, NotYourTicket, AgentUnavailable, GroupUnknown.
        """
        ticket = self._open(tx, ticket_id)
        self._check_mover(tx, ticket, by)
        return self._passed(tx, ticket, by, to, ("transferred", why))

    def assign(
        self, tx: Transaction, ticket_ids: Iterable[str], actor: Assignee, why: str, to: Destination
    ) -> tuple[list[Ticket], dict[str, str]]:
        """A lead's bulk transfer: the tickets moved, and of the others the code of the refusal by id."""
        moved: list[Ticket] = []
        refused: dict[str, str] = {}
        for ticket_id in dict.fromkeys(ticket_ids):
            try:
                moved.append(self._passed(tx, self._open(tx, ticket_id), actor, to, ("assigned", why)))
            except HandoffError as refusal:
                refused[ticket_id] = refusal.code
        return moved, refused

    def escalate(self, tx: Transaction, ticket_id: str, by: Assignee, why: str, party: str = "") -> Ticket:
        """One tier up, to the queue for agents of that tier; from tier 3 on it is handed to an outside `party` and
        stays with its assignee. Rights and errors as `transfer`."""
        ticket = self._open(tx, ticket_id)
        self._check_mover(tx, ticket, by)
        policy, now = self.policy(tx), self._clock()
        if ticket.tier >= HIGHEST_TIER - 1:
            out = self._save(tx, ticket, replace(ticket, tier=HIGHEST_TIER))
            return self._note(tx, out, by, "handed_out", why=why, party=party)
        up = steps.queued(replace(ticket, tier=ticket.tier + 1, declined=()), policy, now)
        if ticket.assignee is not None:
            up = steps.passed_over(up, ticket.assignee.id)
        return self._note(tx, self._save(tx, ticket, up), by, "escalated", why=why, tier=up.tier)

    def snooze(
        self, tx: Transaction, ticket_id: str, operator_id: str, until: datetime | None, note: str = ""
    ) -> Ticket:
        """Puts the ticket off until a moment or, with None, until the customer writes; it frees a slot.

        Raises as `held_by`; MomentPast, MomentFar.
        """
        ticket = self.held_by(tx, ticket_id, operator_id)
        now = self._clock()
        if until is not None:
            check_ahead(until, now)
        self._agents.seen(tx, operator_id, now)
        off = self._save(tx, ticket, steps.snoozed(ticket, until, note, self.policy(tx), now))
        told = None if until is None else until.isoformat()
        return self._note(tx, off, ticket.assignee, "snoozed", until=told, note=note)

    def _check_mover(self, tx: Transaction, ticket: Ticket, by: Assignee) -> None:
        """Raises NotYourTicket."""
        if by.lead or (ticket.assignee is not None and ticket.assignee.id == by.id):
            return
        if ticket.assignee is None or self.policy(tx).group(ticket.group).locked:
            raise NotYourTicket
        holder, mover = self._agents.get(tx, ticket.assignee.id), self._agents.get(tx, by.id)
        there = holder is not None and shown(holder, self._clock()) is Presence.ONLINE
        if there or mover is None or not serves(mover, ticket.group):
            raise NotYourTicket

    def _passed(self, tx: Transaction, ticket: Ticket, by: Assignee, to: Destination, told: tuple[str, str]) -> Ticket:
        policy, now = self.policy(tx), self._clock()
        act, why = told
        if to.operator_id is None:
            if to.group not in {group.id for group in policy.groups}:
                raise GroupUnknown
            there = steps.moved(ticket, to.group, policy, now)
            return self._note(tx, self._save(tx, ticket, there), by, act, why=why, group=to.group)
        if ticket.status is Status.CLAIMED and ticket.assignee and ticket.assignee.id == to.operator_id:
            return ticket
        agent = self._free_agent(tx, to.operator_id, now)
        self._agents.given(tx, agent.id, now)
        held = self._save(tx, ticket, steps.given(ticket, Assignee(agent.id, agent.name), policy, now))
        return self._note(tx, held, by, act, why=why, to=agent.name)
