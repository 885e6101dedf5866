"""What a channel we push to (Telegram) needs: rows to deliver in order, and a memory of updates."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.bus.model import conversation_topic
from bot.conversation.model import Conversation, Message
from bot.conversation.parts import Parts

REMEMBER = timedelta(hours=48)
"""Telegram keeps undelivered updates for 24 hours; twice that covers every repetition."""


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One message to send. `attempts` counts the sends begun before; above 0 an earlier one may have arrived."""

    id: int
    conversation: Conversation
    message: Message
    attempts: int


class Deliveries:
    """The outbox and the inbox as use cases."""

    def __init__(self, parts: Parts) -> None:
        self._database, self._bus, self._clock = parts.database, parts.bus, parts.clock
        self._outbox, self._store = parts.outbox, parts.store

    async def claim_outbox(self, limit: int = 20) -> list[OutboxItem]:
        """Rows that are due, at most one per conversation and in order; nobody else gets them for 90 s."""

        def work(tx: Connection) -> list[OutboxItem]:
            return [
                OutboxItem(
                    claimed.id,
                    self._store.get(tx, claimed.conversation_id),
                    self._store.message(tx, claimed.conversation_id, claimed.seq),
                    claimed.attempts,
                )
                for claimed in self._outbox.claim(tx, self._clock(), limit)
            ]

        return await self._database.write(work)

    async def outbox_sent(self, item_id: int, message_ids: list[int]) -> None:
        """Delivered, which operators see."""

        def work(tx: Connection) -> str:
            self._outbox.settle(tx, item_id, "sent", message_ids=message_ids)
            place = self._outbox.place(tx, item_id)
            moved = place is not None and self._store.reached(tx, *place, read=False)
            return place[0] if place is not None and moved else ""

        conversation_id = await self._database.write(work)
        if conversation_id:
            await self._bus.publish(conversation_topic(conversation_id), {"type": "read"})

    async def outbox_retry(self, item_id: int, at: datetime) -> None:
        """Certainly not delivered; due again at `at`."""
        await self._settle(item_id, "pending", due_at=at)

    async def outbox_unknown(self, item_id: int) -> None:
        """Perhaps delivered: the connection broke after the request was sent. Due again at once, marked."""
        await self._settle(item_id, "unknown", due_at=self._clock())

    async def outbox_dead(self, item_id: int, why: str) -> None:
        """Can never be delivered; the next message of the conversation may go."""
        await self._settle(item_id, "dead", why=why)

    async def chat_dead(self, conversation_id: str, why: str) -> None:
        """The customer has blocked the bot: everything waiting for this chat is dead."""
        await self._database.write(lambda tx: self._outbox.bury(tx, conversation_id, why))

    async def seen_update(self, bot_id: int, update_id: int) -> bool:
        """Records the update; True when it is new."""
        now = self._clock()
        return await self._database.write(lambda tx: self._outbox.seen(tx, bot_id, update_id, now))

    async def forget_updates(self) -> None:
        """Drops what is too old to be repeated."""
        before = self._clock() - REMEMBER
        await self._database.write(lambda tx: self._outbox.forget_seen(tx, before))

    async def _settle(self, item_id: int, state: str, **values: object) -> None:
        await self._database.write(lambda tx: self._outbox.settle(tx, item_id, state, **values))
