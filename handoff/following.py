"""A ticket follows its conversation: who said what last, the customer's mood, tags, priorities, promises of news."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from handoff import sla, steps
from handoff.errors import check_ahead
from handoff.model import Assignee, Line, Mood, Priority, Ticket, Wish
from handoff.placing import Placing
from handoff.ports import Transaction

PREVIEW = 200
DESCRIBED = {"topic", "vip", "customer_name", "subject", "lang"}


class Following(Placing):
    def heard(self, tx: Transaction, conversation_id: str, line: Line) -> Ticket | None:
        """After a customer's message: they wait for an answer, a snoozed ticket wakes. None without an open ticket."""
        held = self.holding(tx, conversation_id)
        if held is None:
            return None
        ticket = self._woken(tx, self._open(tx, held.id), "customer", self._clock())
        return self._save(tx, ticket, sla.asked(_told(ticket, line), self.policy(tx), line.at))

    def spoke(self, tx: Transaction, ticket_id: str, line: Line) -> Ticket:
        """After the assignee's message: answered. Raises TicketUnknown, TicketClosed."""
        ticket = self._open(tx, ticket_id)
        if ticket.assignee is not None:
            self._agents.seen(tx, ticket.assignee.id, line.at)
        said = replace(sla.answered(_told(ticket, line), self.policy(tx), line.at), snooze_note="")
        return self._save(tx, ticket, said)

    def noticed(self, tx: Transaction, conversation_id: str, line: Line) -> Ticket | None:
        """After a row of the bot or of the product: only the preview changes. None without an open ticket."""
        held = self.holding(tx, conversation_id)
        if held is None:
            return None
        ticket = self._open(tx, held.id)
        return self._save(tx, ticket, _told(ticket, line))

    def tag(self, tx: Transaction, ticket_id: str, actor: Assignee | None, tags: tuple[str, ...]) -> Ticket:
        """Sets the tags, of closed tickets too; no actor: the product itself. Raises TicketUnknown, and NotYourTicket
        as `prioritise`."""
        ticket = self._any(tx, ticket_id)
        if actor is not None:
            self._check_unlocked(tx, ticket, actor)
        tagged = self._save(tx, ticket, replace(ticket, tags=tuple(dict.fromkeys(tags))))
        return self._note(tx, tagged, actor, "tagged", tags=", ".join(tagged.tags))

    def prioritise(self, tx: Transaction, ticket_id: str, actor: Assignee, priority: Priority) -> Ticket:
        """Sets the priority by hand; the rules leave it alone from now on.

        Raises TicketUnknown, TicketClosed; NotYourTicket in a locked group for who is neither its assignee nor a lead.
        """
        ticket, policy = self._open(tx, ticket_id), self.policy(tx)
        self._check_unlocked(tx, ticket, actor)
        set_by_hand = replace(ticket, priority=priority, manual_priority=True)
        after = sla.retargeted(ticket, set_by_hand, policy, self._clock())
        return self._note(tx, self._save(tx, ticket, after), actor, "prioritised", priority=int(priority))

    def promise_update(self, tx: Transaction, ticket_id: str, operator_id: str, at: datetime | None) -> Ticket:
        """The assignee promises news by `at`; None takes it back. Raises as `held_by`; MomentPast, MomentFar."""
        ticket = self.held_by(tx, ticket_id, operator_id)
        if at is not None:
            check_ahead(at, self._clock())
        left = tuple(word for word in ticket.warned if word not in ("update", "lapsed"))
        promised = self._save(tx, ticket, replace(ticket, next_update_at=at, warned=left))
        told = None if at is None else at.isoformat()
        return self._note(tx, promised, ticket.assignee, "promised", at=told)

    def wish(self, tx: Transaction, ticket_id: str, wish: Wish, contact: str = "") -> Ticket:
        """What a waiting customer chose; an empty contact keeps the known one. Raises TicketUnknown, TicketClosed."""
        ticket = self._open(tx, ticket_id)
        return self._save(tx, ticket, replace(ticket, wish=wish, contact=contact or ticket.contact))

    def feel(self, tx: Transaction, ticket_id: str, mood: Mood) -> Ticket:
        """The customer's mood, which may change the ticket's priority. Raises TicketUnknown, TicketClosed."""
        return self._described(tx, ticket_id, mood=mood)

    def describe(self, tx: Transaction, ticket_id: str, **changes: Any) -> Ticket:
        """Sets `topic`, `vip`, `customer_name`, `subject` or `lang`, which may change the priority.

        Raises TicketUnknown, TicketClosed, TypeError for another field.
        """
        if unknown := changes.keys() - DESCRIBED:
            raise TypeError(f"describe() does not set {', '.join(sorted(unknown))}")
        return self._described(tx, ticket_id, **changes)

    def _described(self, tx: Transaction, ticket_id: str, **changes: Any) -> Ticket:
        ticket, policy = self._open(tx, ticket_id), self.policy(tx)
        return self._save(tx, ticket, steps.reranked(replace(ticket, **changes), policy, self._clock()))


def _told(ticket: Ticket, line: Line) -> Ticket:
    """With the newest row of the transcript; rows told out of order do not turn it back."""
    if line.seq < ticket.last_seq:
        return ticket
    preview = line.text[:PREVIEW]
    return replace(ticket, last_seq=line.seq, last_author=line.author, last_text=preview, last_at=line.at)
