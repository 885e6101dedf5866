"""The transcript and its doorbell: what the use cases of both sides stand on."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from bot.bus.model import DESK, OUTBOX, Bus, conversation_topic
from bot.conversation.model import Author, Channel, Conversation, Draft, Holder, Message
from bot.conversation.outbox_store import OutboxStore
from bot.conversation.ports import Listener
from bot.conversation.store import ConversationStore
from bot.storage.database import Database
from handoff.desk import Desk
from handoff.model import Ticket

# Half an emoji and the NUL character are strings in Python and errors in databases and on the wire.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class State:
    """Who answers next. `position`: place in the queue, 1 = next, only while the holder is the queue."""

    holder: Holder
    operator: str | None = None
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """What every use case of this room is built from."""

    database: Database
    bus: Bus
    desk: Desk
    listener: Listener
    clock: Callable[[], datetime]
    store: ConversationStore
    outbox: OutboxStore


class Transcript:
    """Appending, reading and ringing; both the customer's and the operator's use cases extend it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._database, self._bus, self._desk = parts.database, parts.bus, parts.desk
        self._store, self._outbox, self._listener = parts.store, parts.outbox, parts.listener
        self._now = parts.clock

    async def get(self, conversation_id: str) -> Conversation:
        """Raises NotFound."""
        return await self._database.read(lambda tx: self._store.get(tx, conversation_id))

    async def history(self, conversation_id: str, after: int = 0, limit: int = 200) -> list[Message]:
        """Rows with `seq` above `after`, in order, at most `limit`."""
        return await self._database.read(lambda tx: self._store.history(tx, conversation_id, after, limit))

    async def state(self, conversation_id: str) -> State:
        def work(tx: Connection) -> State:
            ticket = self._desk.holding(tx, conversation_id)
            return State(Holder.BOT) if ticket is None else self._held(tx, ticket)

        return await self._database.read(work)

    async def typing(self, conversation_id: str, who: Author, name: str = "") -> None:
        """Tells whoever looks at the conversation; nothing is stored."""
        ring = {"type": "typing", "id": who.value, "who": who.value, "name": name}
        await self._bus.publish(conversation_topic(conversation_id), ring)

    def append(self, tx: Connection, conversation: Conversation, draft: Draft) -> tuple[Message, bool]:
        """Stores the row and, for Telegram, the errand to deliver it, in one transaction."""
        storable = replace(draft, text=_UNSTORABLE.sub("\ufffd", draft.text))
        message, new = self._store.append(tx, conversation.id, storable, self._now())
        if new and conversation.channel is Channel.TELEGRAM and draft.author is not Author.CUSTOMER:
            self._outbox.add(tx, conversation.id, message.seq, message.created_at)
        return message, new

    def _held(self, tx: Connection, ticket: Ticket) -> State:
        if ticket.assignee is not None:
            return State(Holder.OPERATOR, operator=ticket.assignee.name)
        return State(Holder.QUEUE, position=self._desk.position(tx, ticket))

    async def ring(self, conversation: Conversation, *, ticket: Ticket | None = None) -> None:
        """After the commit: rows have changed, and with a ticket the holder has, too."""
        topic = conversation_topic(conversation.id)
        await self._bus.publish(topic, {"type": "message"})
        if conversation.channel is Channel.TELEGRAM:
            await self._bus.publish(OUTBOX, {"type": "message"})
        if ticket is not None:
            await self._bus.publish(topic, {"type": "state"})
            await self._bus.publish(DESK, {"type": "ticket", "id": ticket.id})
