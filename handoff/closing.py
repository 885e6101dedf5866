"""How a ticket ends, is rated, and comes back to the same person."""

from dataclasses import replace
from datetime import timedelta

from handoff import steps
from handoff.errors import AlreadyRated
from handoff.model import Assignee, Outcome, Ticket
from handoff.placing import Placing
from handoff.ports import Transaction
from handoff.routing import free


class Closing(Placing):
    def close(
        self,
        tx: Transaction,
        ticket_id: str,
        outcome: Outcome,
        *,
        actor: Assignee | None = None,
        tags: tuple[str, ...] = (),
    ) -> Ticket:
        """Ends the ticket with its one outcome. Raises TicketUnknown, TicketClosed."""
        ticket = self._open(tx, ticket_id)
        ended = steps.closed(ticket, outcome, self.policy(tx), self._clock())
        ended = replace(ended, tags=tuple(dict.fromkeys((*ticket.tags, *tags))))
        if actor is not None:
            self._agents.seen(tx, actor.id, self._clock())
        return self._note(tx, self._save(tx, ticket, ended), actor, "closed", outcome=outcome.value)

    def to_bot(self, tx: Transaction, ticket_id: str, operator_id: str) -> Ticket:
        """Gives the conversation back to the bot. Raises as `held_by`."""
        ticket = self.held_by(tx, ticket_id, operator_id)
        ended = steps.closed(ticket, Outcome.TO_BOT, self.policy(tx), self._clock())
        return self._note(tx, self._save(tx, ticket, ended), ticket.assignee, "to_bot")

    def rate(self, tx: Transaction, ticket_id: str, score: int) -> Ticket:
        """Rates a ticket once: 1 bad, 2 good, 3 excellent. Raises TicketUnknown, AlreadyRated."""
        ticket = self._any(tx, ticket_id)
        if ticket.rating is not None:
            raise AlreadyRated
        return self._note(tx, self._save(tx, ticket, replace(ticket, rating=score)), None, "rated", score=score)

    def rate_reason(self, tx: Transaction, ticket_id: str, text: str) -> Ticket:
        """Why it was rated so; the last word counts. Raises TicketUnknown."""
        ticket = self._any(tx, ticket_id)
        return self._save(tx, ticket, replace(ticket, rating_reason=text))

    def reopen(self, tx: Transaction, conversation_id: str) -> Ticket | None:
        """The customer is back: their last ticket again with the same person, if it was solved or not within the
        group's time and that person is online with a free slot; else None."""
        last = self.last(tx, conversation_id)
        if last is None or last.closed_at is None or last.assignee is None:
            return None
        policy, now = self.policy(tx), self._clock()
        window = timedelta(minutes=policy.group(last.group).reopen_minutes)
        if last.outcome not in (Outcome.SOLVED, Outcome.UNSOLVED) or now - last.closed_at > window:
            return None
        agent = self._agents.locked(tx, last.assignee.id)
        if agent is None or not free(agent, now):
            return None
        ticket = self._any(tx, last.id)
        self._agents.given(tx, agent.id, now)
        again = self._save(tx, ticket, steps.reopened(ticket, last.assignee, policy, now))
        return self._note(tx, again, None, "reopened", to=agent.name)
