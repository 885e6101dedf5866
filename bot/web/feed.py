"""What a widget is told: rows after its cursor, who holds the conversation, who is typing."""

import asyncio
from typing import Any, Literal

from bot.bus.model import DESK, INCIDENTS, LOST, Subscription, conversation_topic
from bot.conversation.model import Author, Channel, Conversation, Holder
from bot.web import schemas, views
from bot.web.door import Door
from bot.web.line import Line

PAGE = 100
"""Rows of one `messages` frame."""


class Feed:
    """The outgoing half of one widget. `conversation` is None until its visitor has said something in any tab."""

    def __init__(self, door: Door, line: Line, rings: Subscription) -> None:
        self._conversations = door.services.conversations
        self._bus = door.services.bus
        self._address = door.services.files.url
        self._timings = door.options.timings
        self._line = line
        self._rings = rings
        self._visitor = ""
        self._cursor = 0
        self._state: schemas.State | None = None
        self._state_due: float | None = None
        self.conversation: Conversation | None = None

    async def listen(self, visitor: str, after: int) -> tuple[int, bool]:
        """Finds the visitor's conversation; subscribes first and reads after, so that nothing falls between the two.

        Returns its last seq (0: nothing said yet) and whether `after` is from another life, so that the browser must
        drop what it kept.
        """
        self._visitor = visitor
        self._rings.add(_visitor_topic(visitor))
        self._rings.add(INCIDENTS)
        found = await self._conversations.find(visitor, Channel.WIDGET)
        if found is not None:
            self.attach(found)
            found = await self._conversations.get(found.id)
        last = found.last_seq if found else 0
        self._cursor = after if after <= last else 0
        return last, after > last

    def attach(self, conversation: Conversation) -> None:
        self.conversation = conversation
        self._rings.add(conversation_topic(conversation.id))

    async def announce(self) -> None:
        """Tells the visitor's other tabs that there is a conversation now."""
        await self._bus.publish(_visitor_topic(self._visitor), {"type": "opened"})

    async def follow(self) -> None:
        """Sends what is new as the bus rings; without a ring, looks by itself now and then."""
        await self._everything()
        while True:
            if self._state_due is not None and self._state_due <= _now():
                await self._tell_state()
            try:
                async with asyncio.timeout(self._patience()):
                    topic, ring = await self._rings.get()
            except TimeoutError:
                topic, ring = "", {"type": LOST}
            await self._hear(topic, ring)

    async def _hear(self, topic: str, ring: dict[str, Any]) -> None:
        match ring["type"]:
            case "message":
                await self._catch_up()
            case "state":
                await self._tell_state()
            case "typing" | "mark":
                await self._pass_on(ring)
            case "opened" if self.conversation is None:
                found = await self._conversations.find(self._visitor, Channel.WIDGET)
                if found is not None:
                    self.attach(found)
                    await self._everything()
            case "ticket" if topic == DESK and self._state_due is None:
                # Another ticket moved, so the place in the queue may have: asked every 2 s at most on a busy desk.
                self._state_due = _now() + self._timings.position
            case "lost":
                await self._everything()

    async def _everything(self) -> None:
        await self._catch_up()
        await self._tell_state()

    async def _catch_up(self) -> None:
        """Sends every row after the cursor, read from the database whatever the ring said."""
        while self.conversation is not None:
            rows = await self._conversations.history(self.conversation.id, self._cursor, PAGE)
            if not rows:
                return
            shown = [views.message_view(row, self.conversation.lang, self._address) for row in rows]
            await self._line.send(schemas.Messages(type="messages", messages=shown))
            self._cursor = rows[-1].seq
            # Only an operator looks whether their words have arrived; a commit for each of the bot's would be in vain.
            if any(row.author is Author.OPERATOR for row in rows):
                await self._conversations.reached(self.conversation.id, self._cursor, read=False)
            if len(rows) < PAGE:
                return  # what came meanwhile rings by itself

    async def _tell_state(self) -> None:
        self._state_due = None
        if self.conversation is None:
            return
        state = await self._conversations.state(self.conversation.id)
        # Only those who wait in the queue care about the tickets of others.
        (self._rings.add if state.holder is Holder.QUEUE else self._rings.drop)(DESK)
        view = views.state_view(state)
        if view != self._state:
            self._state = view
            await self._line.send(view)

    async def _pass_on(self, ring: dict[str, Any]) -> None:
        """What the ring itself says: somebody types, or a thumb was set in another tab."""
        if ring["type"] == "mark":
            await self._line.send(schemas.Marked(type="marked", seq=ring["seq"], mark=ring["mark"]))
        else:
            await self._tell_typing(ring["who"], ring["name"])

    async def _tell_typing(self, who: Literal["customer", "bot", "operator"], name: str) -> None:
        if self.conversation is not None and who != Author.CUSTOMER.value:
            conversation = self.conversation.id
            await self._line.send(schemas.SomeoneTyping(type="typing", conversation=conversation, who=who, name=name))

    def _patience(self) -> float:
        if self._state_due is not None:
            return max(0.0, self._state_due - _now())
        waits = self._state is not None and self._state.holder == Holder.QUEUE.value
        return min(self._timings.promise, self._timings.resync) if waits else self._timings.resync


def _visitor_topic(visitor: str) -> str:
    return f"visitor:{visitor}"


def _now() -> float:
    return asyncio.get_running_loop().time()
