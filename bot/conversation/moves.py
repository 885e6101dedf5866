"""Passing a ticket on: to a colleague, a group, a higher tier, the queue, the bot, or to a later hour."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.accounts.model import Operator, Permission
from bot.conversation import moments, texts
from bot.conversation.model import Conversation, Kind
from bot.conversation.reminders import Reminder
from bot.conversation.transcript import Change, Transcript, the_ticket
from handoff.model import Assignee, Destination, Priority, Ticket

Told = Callable[[Connection, Conversation, Ticket], tuple[Reminder, ...]]
"""What is told after the move, in its transaction: to the customer by appending, to operators by reminders."""


class Moves(Transcript):
    """Every method answers the ticket as it is afterwards and raises the desk's refusals."""

    async def give_back(self, ticket_id: str, operator: Operator) -> Ticket:
        """Back to the queue at its old place; the customer is told."""
        return await self._move(
            lambda tx: self._desk.give_back(tx, ticket_id, operator.id),
            self._says(Kind.HANDOFF, texts.GIVEN_BACK, "new"),
        )

    async def decline(self, ticket_id: str, operator: Operator) -> Ticket:
        """The offer goes to the next; the customer notices nothing."""
        return await self._move(lambda tx: self._desk.decline(tx, ticket_id, operator.id))

    async def transfer(self, ticket_id: str, operator: Operator, why: str, to: Destination) -> Ticket:
        """Sideways: to a person, whose it is at once, or to a group's queue."""

        by = _as_assignee(operator)
        return await self._move(lambda tx: self._desk.transfer(tx, ticket_id, by, why, to), self._passed_on(operator))

    async def escalate(self, ticket_id: str, operator: Operator, why: str, party: str = "") -> Ticket:
        """Up a tier; above the third it is handed to an outside `party` and stays with its assignee."""

        by = _as_assignee(operator)

        def tell(tx: Connection, conversation: Conversation, ticket: Ticket) -> tuple[Reminder, ...]:
            if not ticket.waits:
                return ()
            self.announce(tx, conversation, Kind.NOTICE, texts.ESCALATED[conversation.lang])
            return self._reminders.to_team(tx, "new", ticket)

        return await self._move(lambda tx: self._desk.escalate(tx, ticket_id, by, why, party), tell)

    async def to_bot(self, ticket_id: str, operator: Operator) -> Ticket:
        """The bot answers again, from a fresh start; the customer is told."""

        def tell(tx: Connection, conversation: Conversation, ticket: Ticket) -> tuple[Reminder, ...]:
            text = texts.TO_BOT[conversation.lang].format(name=operator.name)
            self.announce(tx, conversation, Kind.RETURNED, text)
            self._store.start_epoch(tx, conversation.id)
            return ()

        def work(tx: Connection) -> Change:
            waits = self.unanswered(tx, self._desk.get(tx, ticket_id))
            ticket = self._desk.to_bot(tx, ticket_id, operator.id)
            conversation = self._store.get(tx, ticket.conversation_id)
            tell(tx, conversation, ticket)
            if waits is not None:
                # What nobody has answered yet is the bot's to answer: it must not begin by falling silent.
                self._store.owe(tx, waits, None)
            return Change(conversation, ticket, moved=True, closed=True)

        return the_ticket(await self.done(work))

    async def snooze(self, ticket_id: str, operator: Operator, until: datetime | None, note: str) -> Ticket:
        """Out of sight until then, or until the customer writes."""
        return await self._move(lambda tx: self._desk.snooze(tx, ticket_id, operator.id, until, note))

    async def wake(self, ticket_id: str, operator: Operator) -> Ticket:
        return await self._move(lambda tx: self._desk.wake(tx, ticket_id, _as_assignee(operator)))

    async def assign(
        self, ticket_ids: Sequence[str], operator: Operator, why: str, to: Destination
    ) -> tuple[list[Ticket], dict[str, str]]:
        """In bulk, for leads: what has moved, and the code of why each other stayed."""

        def work(tx: Connection) -> tuple[list[Change], dict[str, str]]:
            held = {one.id: (one.assignee, one.group) for one in self._desk.queue(tx)}
            by, tell, changes = _as_assignee(operator), self._passed_on(operator), []
            moved, refused = self._desk.assign(tx, ticket_ids, by, why, to)
            for ticket in moved:
                conversation = self._store.get(tx, ticket.conversation_id)
                same = held.get(ticket.id) == (ticket.assignee, ticket.group)
                reminders = () if same else tell(tx, conversation, ticket)
                changes.append(Change(conversation, ticket, moved=True, reminders=reminders))
                about = ("ticket", ticket.id)
                where = to.operator_id or to.group or ""
                self._desk.audit(tx, by, "assigned", about, {"number": ticket.number, "to": where, "why": why})
            return changes, refused

        changes, refused = await self._database.write(work)
        for change in changes:
            await self.told(change)
        return [change.ticket for change in changes if change.ticket is not None], refused

    async def prioritise(self, ticket_id: str, operator: Operator, priority: Priority) -> Ticket:
        by = _as_assignee(operator)
        return await self._move(lambda tx: self._desk.prioritise(tx, ticket_id, by, priority))

    async def tag(self, ticket_id: str, operator: Operator, tags: Sequence[str]) -> Ticket:
        """Replaces the tags."""
        wanted = tuple(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))
        return await self._move(lambda tx: self._desk.tag(tx, ticket_id, _as_assignee(operator), wanted))

    async def promise_news(self, ticket_id: str, operator: Operator, at: datetime | None) -> Ticket:
        """The operator names the time of the next news; the customer is told. None takes it back."""

        def tell(tx: Connection, conversation: Conversation, ticket: Ticket) -> tuple[Reminder, ...]:
            if at is not None:
                zone = self._desk.policy(tx).calendar(ticket.group).zone
                when = moments.when(at, self._now(), zone, conversation.lang)
                text = texts.NEWS_BY[conversation.lang].format(name=operator.name, when=when)
                self.announce(tx, conversation, Kind.NOTICE, text)
            return ()

        return await self._move(lambda tx: self._desk.promise_update(tx, ticket_id, operator.id, at), tell)

    async def _move(self, act: Callable[[Connection], Ticket], tell: Told | None = None) -> Ticket:
        def work(tx: Connection) -> Change:
            ticket = act(tx)
            conversation = self._store.get(tx, ticket.conversation_id)
            reminders = tell(tx, conversation, ticket) if tell else ()
            return Change(conversation, ticket, moved=True, reminders=reminders)

        return the_ticket(await self.done(work))

    def _says(self, kind: Kind, text: dict[str, str], call: str) -> Told:
        """Tells the customer `text`, and the ticket's team that it is there to be taken."""

        def tell(tx: Connection, conversation: Conversation, ticket: Ticket) -> tuple[Reminder, ...]:
            self.announce(tx, conversation, kind, text[conversation.lang])
            return self._reminders.to_team(tx, call, ticket)

        return tell

    def _passed_on(self, by: Operator) -> Told:
        """To a person: who it is now. To a group: that somebody who knows better will answer."""
        to_group = self._says(Kind.NOTICE, texts.TRANSFERRED, "new")

        def tell(tx: Connection, conversation: Conversation, ticket: Ticket) -> tuple[Reminder, ...]:
            if ticket.assignee is None:
                return to_group(tx, conversation, ticket)
            text = texts.JOINED[conversation.lang].format(name=ticket.assignee.name)
            self.announce(tx, conversation, Kind.JOINED, text)
            if ticket.assignee.id == by.id:
                return ()
            return self._reminders.make(tx, "transferred", ticket, [ticket.assignee.id], by.name)

        return tell


def _as_assignee(operator: Operator) -> Assignee:
    return Assignee(operator.id, operator.name, lead=operator.may(Permission.ASSIGN))
