"""Who has which conversation open at this moment, so that two operators never answer at once."""

import asyncio
from collections import Counter
from dataclasses import dataclass

from bot.accounts.model import Operator
from bot.bus.model import Bus, conversation_topic

TYPING_SECONDS = 5.0
"""How long a key press shows; desks repeat it every 2 s while somebody types."""


@dataclass(slots=True)
class Look:
    """One page of one operator on one conversation. `typed_at`: loop time of the last key press."""

    conversation: str
    operator: Operator
    typed_at: float = -TYPING_SECONDS


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    typing: bool


class Lookers:
    """In this process's memory: a desk that comes back after a restart says again what it shows."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._looks: dict[object, Look] = {}
        self._pages: Counter[str] = Counter()

    def came(self, operator: Operator) -> None:
        """A page of the desk has been opened."""
        self._pages[operator.id] += 1

    def went(self, operator: Operator) -> bool:
        """A page has been closed; True when it was the operator's last one."""
        self._pages[operator.id] -= 1
        if self._pages[operator.id] <= 0:
            del self._pages[operator.id]
            return True
        return False

    async def look(self, page: object, operator: Operator, conversation: str) -> None:
        """This page shows that conversation now, and no other one; an empty one means none."""
        before = self._looks.pop(page, None)
        if conversation:
            self._looks[page] = Look(conversation, operator)
        for shown in {before.conversation if before else "", conversation} - {""}:
            await self._ring(shown)

    async def types(self, page: object) -> None:
        """A key was pressed on this page, in the reply or in a note."""
        look = self._looks.get(page)
        if look is not None:
            look.typed_at = _now()
            await self._ring(look.conversation)

    def at(self, conversation: str, but: str) -> list[Person]:
        """Who looks, by name, without the operator who asks."""
        people: dict[str, Person] = {}
        for look in self._looks.values():
            if look.conversation == conversation and look.operator.id != but:
                typing = _now() - look.typed_at < TYPING_SECONDS
                known = people.get(look.operator.id)
                people[look.operator.id] = Person(
                    look.operator.id, look.operator.name, typing or (known is not None and known.typing)
                )
        return sorted(people.values(), key=lambda person: (person.name, person.id))

    async def _ring(self, conversation: str) -> None:
        await self._bus.publish(conversation_topic(conversation), {"type": "looking"})


def _now() -> float:
    return asyncio.get_running_loop().time()
