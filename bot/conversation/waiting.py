"""What a customer in the queue is told and may choose: place and time, to wait, to be written to, or the bot."""

from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import Connection

from bot.conversation import texts
from bot.conversation.contacts import is_only_contact, way_to_reach
from bot.conversation.handover import Handover
from bot.conversation.model import Author, Button, Channel, Conversation, Draft, Holder, Kind, Message, Receipt
from bot.conversation.mood import worse
from bot.conversation.reminders import Reminder
from bot.conversation.transcript import Change, receipt
from handoff.model import Outcome, Status, Ticket, Wish


@dataclass(frozen=True, slots=True)
class State:
    """Who answers next. `position`: place in the queue, 1 = next, only while the holder is the queue. `text`: what the
    customer is told meanwhile about place and time; empty when nobody waits."""

    holder: Holder
    operator: str | None = None
    position: int | None = None
    text: str = ""


class Waiting(Handover):
    """The customer's side of the queue."""

    async def state(self, conversation_id: str) -> State:
        def work(tx: Connection) -> State:
            ticket = self._desk.holding(tx, conversation_id)
            if ticket is None:
                return State(Holder.BOT)
            if ticket.assignee is not None:
                return State(Holder.OPERATOR, operator=ticket.assignee.name)
            lang = self._store.get(tx, conversation_id).lang
            position = self._desk.position(tx, ticket)
            return State(Holder.QUEUE, position=position, text=texts.sentence(self.promise(tx, ticket, lang)))

        return await self._database.read(work)

    async def stay(self, conversation_id: str, cid: str, button: Button, wish: Wish) -> Receipt:
        """The customer waits here, or wants to be written to: how that will be, and a way to reach them."""

        def work(tx: Connection) -> Change:
            conversation = self._store.get(tx, conversation_id)
            message, new = self.append(tx, conversation, Draft(cid, Author.CUSTOMER, button.title), asks=False)
            ticket = self._desk.holding(tx, conversation_id)
            if not new or (ticket is not None and not ticket.waits):
                return Change(conversation, ticket, message, new)
            if ticket is None:
                self.announce(tx, conversation, Kind.TEXT, texts.HERE[conversation.lang])
                return Change(conversation, None, message)
            self._desk.wish(tx, ticket.id, wish)
            self._answer_wish(tx, conversation, ticket, wish)
            return Change(conversation, ticket, message, moved=True)

        return receipt(await self.done(work))

    async def withdraw(self, conversation_id: str, cid: str, title: str) -> Receipt:
        """The customer goes back to the bot while nobody has claimed the ticket yet."""

        def work(tx: Connection) -> Change:
            conversation = self._store.get(tx, conversation_id)
            message, new = self.append(tx, conversation, Draft(cid, Author.CUSTOMER, title), asks=False)
            ticket = self._desk.holding(tx, conversation_id)
            if new and ticket is None:
                self.announce(tx, conversation, Kind.TEXT, texts.HERE[conversation.lang])
            if not new or ticket is None or ticket.assignee is not None:
                return Change(conversation, ticket, message, new)
            closed = self._desk.close(tx, ticket.id, Outcome.WITHDRAWN)
            text = texts.RETURNED[conversation.lang].format(number=ticket.number)
            self.announce(tx, conversation, Kind.RETURNED, text)
            self._store.start_epoch(tx, conversation_id)
            return Change(conversation, closed, message, moved=True, closed=True)

        return receipt(await self.done(work))

    def take_contact(self, tx: Connection, conversation: Conversation, ticket: Ticket, message: Message) -> bool:
        """Notes a way to reach who will not wait here. True when the line was that and nothing more: nobody has to
        answer it."""
        wanted = ticket.wish is Wish.WRITE or self._desk.bot_helps(tx, ticket)
        contact = way_to_reach(message.text) if wanted and ticket.waits else ""
        if not contact or contact == ticket.contact:
            return False
        self._desk.wish(tx, ticket.id, Wish.WRITE, contact)
        text = texts.CONTACT_TAKEN[conversation.lang].format(contact=contact, number=ticket.number)
        self.announce(tx, conversation, Kind.NOTICE, text)
        return is_only_contact(message.text)

    def feel(self, tx: Connection, conversation: Conversation, ticket: Ticket, text: str) -> None:
        """A customer who grows cross in the queue moves up in it; nobody is calmed by one polite word."""
        rows = self._store.episode(tx, conversation.id)[:-1]
        mood = worse(ticket.mood, self.mood(tx, conversation, text, rows))
        if mood is not ticket.mood:
            self._desk.feel(tx, ticket.id, mood)

    def woken(self, tx: Connection, conversation: Conversation, held: Ticket, ticket: Ticket) -> tuple[Reminder, ...]:
        """Calls whoever put the ticket off, or everybody else when they are not there any more."""
        if held.status is not Status.SNOOZED or ticket.status is Status.SNOOZED:
            return ()
        if ticket.assignee is None:
            self.announce(tx, conversation, Kind.NOTICE, texts.LOST[conversation.lang])
            return self._reminders.to_team(tx, "returned", ticket)
        return self._reminders.make(tx, "woke", held, [ticket.assignee.id])

    def still_waiting(self, tx: Connection, conversation: Conversation, ticket: Ticket, text: dict[str, str]) -> None:
        """Says again where the customer stands; `text` has places for number and promise."""
        promise = texts.sentence(self.promise(tx, ticket, conversation.lang))
        said = text[conversation.lang].format(number=ticket.number, promise=promise)
        self.announce(tx, conversation, Kind.NOTICE, said.strip())

    def _answer_wish(self, tx: Connection, conversation: Conversation, ticket: Ticket, wish: Wish) -> None:
        if wish is Wish.WAIT:
            self.still_waiting(tx, conversation, ticket, texts.STAYS)
        elif conversation.channel is Channel.TELEGRAM:
            self.announce(tx, conversation, Kind.NOTICE, texts.WILL_WRITE[conversation.lang])
        else:
            text = texts.CONTACT_REQUEST[conversation.lang]
            self.append(tx, conversation, Draft(uuid4().hex, Author.SYSTEM, text, kind=Kind.CONTACT_REQUEST))
