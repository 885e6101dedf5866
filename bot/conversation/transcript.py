"""The transcript and its doorbell: what the use cases of both sides stand on."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from sqlalchemy import Connection

from bot.bus.model import DESK, OUTBOX, conversation_topic
from bot.conversation import texts
from bot.conversation.model import Attachment, Author, Channel, Conversation, Draft, Kind, Message, Receipt
from bot.conversation.parts import Parts
from bot.conversation.reminders import Reminder, Reminders
from bot.conversation.store import Owed
from handoff.model import Line, Ticket

# Half an emoji and the NUL character are strings in Python and errors in databases and on the wire.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
LOOK_BACK = 30
"""Rows within which the customer's last words are looked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A bot turn with everything it needs, read at one moment. `before`: the rows of the episode before the message;
    `held`: a person holds the conversation already."""

    owed: Owed
    conversation: Conversation
    message: Message
    before: Sequence[Message]
    held: bool = False

    @property
    def typed(self) -> bool:
        """Whether these are the customer's own words, not a button's."""
        return not self.owed.press


@dataclass(frozen=True, slots=True)
class Change:
    """What a use case did, to be told after its commit.

    `ticket`: the conversation's ticket whose row in the inbox has changed; `moved`: so has its holder, or what the
    customer is told about it; `opened`: it is new. `message` is what the caller asked to store, `new` False when it had
    been stored before. `reminders`: who is called to the desk. `asked`: the turn it makes the bot owe, when that is the
    next one.
    """

    conversation: Conversation
    ticket: Ticket | None = None
    message: Message | None = None
    new: bool = True
    moved: bool = False
    opened: bool = False
    closed: bool = False
    reminders: tuple[Reminder, ...] = ()
    asked: Asked | None = None


class Transcript:
    """Appending, reading and ringing; both the customer's and the operator's use cases extend it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._database, self._bus, self._desk = parts.database, parts.bus, parts.desk
        self._store, self._outbox, self._listener = parts.store, parts.outbox, parts.listener
        self._now = parts.clock
        self._reminders = Reminders(parts)

    async def get(self, conversation_id: str) -> Conversation:
        """Raises NotFound."""
        return await self._database.read(lambda tx: self._store.get(tx, conversation_id))

    async def history(self, conversation_id: str, after: int = 0, limit: int = 200) -> list[Message]:
        """Rows with `seq` above `after`, in order, at most `limit`."""
        return await self._database.read(lambda tx: self._store.history(tx, conversation_id, after, limit))

    async def older(self, conversation_id: str, before: int, limit: int = 100) -> list[Message]:
        """The last rows with `seq` below `before`, in order. Raises NotFound."""

        def work(tx: Connection) -> list[Message]:
            self._store.get(tx, conversation_id)
            return self._store.before(tx, conversation_id, before, limit)

        return await self._database.read(work)

    async def last_words(self, conversation_id: str) -> tuple[str, str]:
        """What the customer wrote last, empty for nothing, and the conversation's language. Raises NotFound."""

        def work(tx: Connection) -> tuple[str, str]:
            conversation = self._store.get(tx, conversation_id)
            rows = self._store.before(tx, conversation_id, conversation.last_seq + 1, LOOK_BACK)
            said = (row.text for row in reversed(rows) if row.author is Author.CUSTOMER and row.kind is not Kind.RATING)
            return next((text for text in said if text), ""), conversation.lang

        return await self._database.read(work)

    async def typing(self, conversation_id: str, who: Author, name: str = "", text: str = "") -> None:
        """Tells whoever looks at the conversation; nothing is stored. `text`: a customer's words not sent yet."""
        ring = {"type": "typing", "id": who.value, "who": who.value, "name": name, "text": text}
        await self._bus.publish(conversation_topic(conversation_id), ring)

    async def reached(self, conversation_id: str, seq: int, *, read: bool) -> None:
        """The customer has seen (`read`) everything up to `seq`, or it has reached their channel."""
        moved = await self._database.write(lambda tx: self._store.reached(tx, conversation_id, seq, read=read))
        if moved:
            await self._bus.publish(conversation_topic(conversation_id), {"type": "read"})

    def holding(self, tx: Connection, conversation: Conversation) -> Ticket | None:
        """The open ticket of a conversation read in this transaction."""
        return self._desk.holding(tx, conversation.id) if conversation.helped else None

    def append(
        self, tx: Connection, conversation: Conversation, draft: Draft, *, asks: bool = True
    ) -> tuple[Message, bool]:
        """Stores the row and, in the same transaction, whatever hangs on it: the inbox row with its clocks, the search
        index and, for Telegram, the errand to deliver it. `asks` False: a pressed choice that nobody has to answer, or
        there is no ticket."""
        storable = replace(draft, text=_UNSTORABLE.sub("\ufffd", draft.text))
        message, new = self._store.append(tx, conversation.id, storable, self._now())
        if new:
            self._parts.search.index(tx, message, conversation.lang)
            if asks:
                self._tell_desk(tx, message)
            if conversation.channel is Channel.TELEGRAM and draft.author is not Author.CUSTOMER:
                self._outbox.add(tx, conversation.id, message.seq, message.created_at)
        return message, new

    def unanswered(self, tx: Connection, ticket: Ticket) -> Message | None:
        """The customer's newest words since a person joined or last wrote; None when there are none. What was said
        before the person came is what they came for, and theirs to judge."""
        for row in reversed(self._store.episode(tx, ticket.conversation_id)):
            if row.author is Author.OPERATOR or row.kind is Kind.JOINED:
                return None
            if row.author is Author.CUSTOMER and row.kind in (Kind.TEXT, Kind.EDIT) and row.text:
                return row
        return None

    def attached(self, tx: Connection, conversation: Conversation, ids: Sequence[str]) -> tuple[Attachment, ...]:
        """The uploaded files a new message carries. Raises NotFound `file_unknown`."""
        taken = self._parts.files.take(tx, ids, conversation.id) if ids else ()
        return tuple(Attachment(file.id, file.name, file.type, file.size) for file in taken)

    def announce(self, tx: Connection, conversation: Conversation, kind: Kind, text: str) -> None:
        """The product's own words to the customer."""
        self.append(tx, conversation, Draft(uuid4().hex, Author.SYSTEM, text, kind=kind))

    def promise(self, tx: Connection, ticket: Ticket, lang: str) -> str:
        """What a waiting customer is told about their place and time; empty when nobody waits."""
        promise = self._desk.promise(tx, ticket)
        if promise is None:
            return ""
        zone = self._desk.policy(tx).calendar(ticket.group).zone
        return texts.promise_text(lang, promise, self._desk.bot_helps(tx, ticket), self._now(), zone)

    async def done(self, work: Callable[[Connection], Change]) -> Change:
        """Commits the use case, then counts and rings for what it changed."""
        change = await self._database.write(work)
        await self.told(change)
        return change

    async def told(self, change: Change) -> None:
        """After the commit: counts it and rings for it."""
        if not change.new:
            return
        ticket, channel = change.ticket, change.conversation.channel
        if change.message is not None:
            self._listener.message_stored(change.message.author, channel)
        if change.opened and ticket is not None:
            self._listener.ticket_opened(ticket.reason.value, channel)
        if change.closed and ticket is not None and ticket.outcome is not None:
            self._listener.ticket_closed(ticket.outcome.value)
        if change.closed:
            self.answer(change.conversation.id)
        await self.ring(change.conversation, ticket=ticket, moved=change.moved)
        if change.message is not None and change.message.seq == 1:
            await self._bus.publish(DESK, {"type": "counts"})
        await self._reminders.ring(change.reminders)

    def answer(self, conversation_id: str) -> None:
        """Whatever the bot owes this conversation is due now; only the service knows who answers."""

    async def ring(self, conversation: Conversation, *, ticket: Ticket | None = None, moved: bool = True) -> None:
        """After the commit: rows have changed; with a ticket its inbox row has, and when `moved` its holder, too."""
        topic = conversation_topic(conversation.id)
        await self._bus.publish(topic, {"type": "message"})
        if conversation.channel is Channel.TELEGRAM:
            await self._bus.publish(OUTBOX, {"type": "message"})
        if ticket is not None:
            if moved:
                await self._bus.publish(topic, {"type": "state"})
            await self._bus.publish(DESK, {"type": "ticket", "id": ticket.id})

    def _tell_desk(self, tx: Connection, message: Message) -> None:
        """The product's own lines are no news to an operator, so that they neither mark a row unread nor fill it."""
        line = as_line(message)
        match message.author:
            case Author.CUSTOMER:
                self._desk.heard(tx, message.conversation_id, line)
            case Author.OPERATOR:
                ticket = self._desk.holding(tx, message.conversation_id)
                if ticket is not None:
                    self._desk.spoke(tx, ticket.id, line)
            case Author.BOT:
                self._desk.noticed(tx, message.conversation_id, line)


def receipt(change: Change) -> Receipt:
    """What the sender of a message is acknowledged with."""
    assert change.message is not None
    return Receipt(change.message.cid, change.message.seq, not change.new)


def the_ticket(change: Change) -> Ticket:
    """The ticket of a use case that always has one."""
    assert change.ticket is not None
    return change.ticket


def as_line(message: Message) -> Line:
    """A row as the desk previews it: its words, or the names of its files."""
    words = message.text or ", ".join(file.name for file in message.files)
    return Line(message.seq, message.author.value, words, message.created_at)
