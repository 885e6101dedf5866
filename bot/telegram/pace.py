"""How fast we may speak to Telegram and how fast a stranger may speak to us; times are the event loop's seconds."""

import asyncio
from collections.abc import Hashable

PER_CHAT = 1.0
OVERALL = 1 / 30
"""Telegram's published limits: one message a second in a chat, thirty a second in all."""

FORGET_ABOVE = 1_000


class Pace:
    """Lets sends through evenly, in the order of asking within a chat; chats do not wait for each other."""

    def __init__(self, per_chat: float = PER_CHAT, overall: float = OVERALL) -> None:
        self._per_chat, self._overall = per_chat, overall
        self._chats: dict[Hashable, float] = {}
        self._next = 0.0

    async def turn(self, chat: Hashable) -> None:
        """Waits until one more message may go to `chat`."""
        loop = asyncio.get_running_loop()
        at = max(loop.time(), self._chats.get(chat, 0.0))
        self._chats[chat] = at + self._per_chat
        await asyncio.sleep(at - loop.time())
        at = max(loop.time(), self._next)
        self._next = at + self._overall
        await asyncio.sleep(at - loop.time())
        self.hold(chat, self._per_chat)

    def hold(self, chat: Hashable, seconds: float) -> None:
        """Nothing goes to `chat` for so long: Telegram said so, or something has just gone."""
        now = asyncio.get_running_loop().time()
        self._chats[chat] = max(self._chats.get(chat, 0.0), now + seconds)
        if len(self._chats) > FORGET_ABOVE:
            self._chats = {known: free_at for known, free_at in self._chats.items() if free_at > now}


class Allowance:
    """A bucket of `burst` messages per chat, refilled in `burst` seconds times `seconds_each`."""

    def __init__(self, burst: int, seconds_each: float = PER_CHAT) -> None:
        self._burst, self._each = burst, seconds_each
        self._empty_until: dict[Hashable, float] = {}

    def take(self, chat: Hashable) -> bool:
        """Whether one more message is allowed now; counts it if so."""
        now = asyncio.get_running_loop().time()
        # Kept as the moment when the bucket is full again; it is empty when that is `burst` refills away.
        full_at = max(now, self._empty_until.get(chat, 0.0)) + self._each
        if full_at - now > self._burst * self._each:
            return False
        self._empty_until[chat] = full_at
        if len(self._empty_until) > FORGET_ABOVE:
            self._empty_until = {known: at for known, at in self._empty_until.items() if at > now}
        return True
