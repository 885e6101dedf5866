"""The end of a ticket and what may follow: farewell, rating, its reason, and the customer who comes back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import Connection

from bot.accounts.model import Operator, Permission
from bot.accounts.store import AccountStore
from bot.conversation import compose, texts
from bot.conversation.customer_store import CustomerStore
from bot.conversation.model import Author, Button, Conversation, Draft, Kind, Message, Receipt
from bot.conversation.reminders import Reminder
from bot.conversation.transcript import Change, Transcript, as_line, receipt, the_ticket
from bot.errors import Conflict
from handoff.model import Assignee, Outcome, Status, Ticket

BAD = 1
CROSSED = timedelta(seconds=3)
"""Words this young may still have been on their way to the screen of whoever closes."""


class Closing(Transcript):
    """Both sides' ways to end a ticket."""

    async def close(
        self, ticket_id: str, operator: Operator, outcome: Outcome, tags: Sequence[str] = (), seen: int | None = None
    ) -> Ticket:
        """Farewell, a request for a rating and a fresh episode for the bot.

        `seen`: the last row the operator had before them; words of the customer after it are not closed over. Raises
        the desk's refusals, Conflict `customer_wrote`.
        """

        def work(tx: Connection) -> Change:
            held = self._desk.held_by(tx, ticket_id, operator.id)
            by = Assignee(operator.id, operator.name)
            unseen = self._unseen(tx, held, seen)
            ticket = self._desk.close(tx, ticket_id, outcome, actor=by, tags=tuple(tags))
            conversation = self._store.get(tx, held.conversation_id)
            lang = conversation.lang
            self.announce(tx, conversation, Kind.FAREWELL, texts.FAREWELL[lang].format(name=operator.name))
            if ticket.rating is None:
                self.append(tx, conversation, compose.rating_draft(uuid4().hex, lang, ticket))
            self._store.start_epoch(tx, conversation.id)
            if unseen is not None:
                self._store.owe(tx, unseen, None)
            return Change(conversation, ticket, moved=True, closed=True)

        return the_ticket(await self.done(work))

    async def rate(self, conversation_id: str, cid: str, button: Button) -> Receipt:
        """The customer's judgement, once a ticket; a bad one is a complaint and reaches the leads.

        Raises AlreadyRated.
        """

        def work(tx: Connection) -> Change:
            conversation = self._store.get(tx, conversation_id)
            stored = self._store.by_cid(tx, conversation_id, cid)
            if stored is not None:
                return Change(conversation, message=stored, new=False)
            score, _, ticket_id = button.value.partition(" ")
            ticket = self._desk.rate(tx, ticket_id, int(score))
            self._remember(tx, conversation, int(score))
            draft = Draft(cid, Author.CUSTOMER, button.title, kind=Kind.RATING)
            message, new = self.append(tx, conversation, draft, asks=False)
            self.append(tx, conversation, compose.reason_draft(uuid4().hex, conversation.lang, ticket))
            if ticket.rating != BAD:
                return Change(conversation, ticket, message, new)
            tagged = self._desk.tag(tx, ticket.id, None, (*ticket.tags, "complaint"))
            return Change(conversation, tagged, message, new, reminders=self._to_leads(tx, "rated", tagged))

        return receipt(await self.done(work))

    async def rate_reason(self, conversation_id: str, cid: str, button: Button) -> Receipt:
        """Why they rated so; said again, the last word counts."""

        def work(tx: Connection) -> Change:
            conversation = self._store.get(tx, conversation_id)
            stored = self._store.by_cid(tx, conversation_id, cid)
            if stored is not None:
                return Change(conversation, message=stored, new=False)
            reason, _, ticket_id = button.value.partition(" ")
            ticket = self._desk.rate_reason(tx, ticket_id, reason)
            draft = Draft(cid, Author.CUSTOMER, button.title, kind=Kind.RATING)
            message, new = self.append(tx, conversation, draft, asks=False)
            self.announce(tx, conversation, Kind.TEXT, texts.REASON_THANKS[conversation.lang])
            return Change(conversation, ticket, message, new)

        return receipt(await self.done(work))

    def reopen(self, tx: Connection, conversation: Conversation, message: Message) -> Change | None:
        """The customer is back soon after the end: to the same person, when the desk finds them free.

        None when it is too late or they are not there; the bot or the queue takes the customer then.
        """
        last = self._desk.last(tx, conversation.id) if conversation.helped else None
        if last is None or last.status is not Status.CLOSED:
            return None
        ticket = self._desk.reopen(tx, conversation.id)
        if ticket is None or ticket.assignee is None:
            return None
        self._desk.heard(tx, conversation.id, as_line(message))
        text = texts.BACK_AGAIN[conversation.lang].format(name=ticket.assignee.name)
        self.announce(tx, conversation, Kind.JOINED, text)
        ticket = self._desk.get(tx, ticket.id)
        called = [ticket.assignee.id] if ticket.assignee else []
        reminders = self._reminders.make(tx, "reopened", ticket, called)
        return Change(conversation, ticket, moved=True, reminders=reminders)

    def _unseen(self, tx: Connection, held: Ticket, seen: int | None) -> Message | None:
        """Words that crossed with the close. Who does not say what they saw has not seen the last seconds: the bot, or
        the same person again, answers those."""
        last = self.unanswered(tx, held)
        if last is None:
            return None
        if seen is None:
            return last if self._now() - last.created_at < CROSSED else None
        if last.seq > seen:
            raise Conflict("The customer has just written something. Read it before you close.", "customer_wrote")
        return None

    def _remember(self, tx: Connection, conversation: Conversation, score: int) -> None:
        """On the customer's card, so that whoever was unhappy is met with more care."""
        customers = CustomerStore()
        customer = customers.of(tx, conversation.id)
        if customer is not None:
            customers.keep(tx, replace(customer, last_rating=score))

    def _to_leads(self, tx: Connection, kind: str, ticket: Ticket) -> tuple[Reminder, ...]:
        leads = [one.id for one in AccountStore().everybody(tx) if one.may(Permission.ASSIGN)]
        return self._reminders.make(tx, kind, ticket, leads)
