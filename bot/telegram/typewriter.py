"""Shows "typing…" in a chat while the bot or an operator writes there."""

import asyncio
from collections import OrderedDict

import structlog

from bot.bus.model import Bus, Subscription, conversation_topic
from bot.conversation.model import Author, Conversation
from bot.telegram.courier import Courier

log = structlog.get_logger(__name__)

WATCHED = 2_000
"""Conversations listened to, the latest active ones; an older one is back with its next message."""

EVERY = 4.0
"""Telegram shows the action for five seconds."""

WRITERS = frozenset({Author.BOT.value, Author.OPERATOR.value})


class Typewriter:
    def __init__(self, courier: Courier) -> None:
        self._courier = courier
        self._chats: OrderedDict[str, str] = OrderedDict()
        self._shown: dict[str, float] = {}
        self._rings: Subscription | None = None

    def watch(self, conversation: Conversation) -> None:
        """Listens for typing in this conversation from now on."""
        topic = conversation_topic(conversation.id)
        if topic not in self._chats and self._rings is not None:
            self._rings.add(topic)
        self._chats[topic] = conversation.address
        self._chats.move_to_end(topic)
        if len(self._chats) > WATCHED:
            oldest, chat = self._chats.popitem(last=False)
            self._shown.pop(chat, None)
            if self._rings is not None:
                self._rings.drop(oldest)

    async def run(self, bus: Bus) -> None:
        """Shows typing, for ever."""
        async with bus.subscribe(*self._chats) as rings:
            self._rings = rings
            try:
                while True:
                    topic, ring = await rings.get()
                    if ring.get("type") == "typing" and ring.get("who") in WRITERS and topic in self._chats:
                        self._show(self._chats[topic])
            finally:
                self._rings = None

    def _show(self, chat: str) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._shown.get(chat, -EVERY) >= EVERY:
            self._shown[chat] = now
            self._courier.typing(chat)
