"""The bus inside one process: what the product runs on when it is one machine."""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from bot.bus.model import LOST, Ring

WAITING_LIMIT = 256


class LocalSubscription:
    """Keeps at most 256 rings; past that the oldest are dropped and the next ring read is LOST."""

    def __init__(self, bus: "LocalBus", topics: tuple[str, ...]) -> None:
        self._bus = bus
        self._topics = set(topics)
        self._waiting: OrderedDict[tuple[str, str, str], Ring] = OrderedDict()
        self._lost = False
        self._some = asyncio.Event()
        for topic in topics:
            bus.listeners[topic].add(self)

    async def get(self) -> tuple[str, Ring]:
        while not self._waiting and not self._lost:
            self._some.clear()
            await self._some.wait()
        if self._lost:
            self._lost = False
            return "", {"type": LOST}
        (topic, _, _), ring = self._waiting.popitem(last=False)
        return topic, ring

    def add(self, topic: str) -> None:
        self._topics.add(topic)
        self._bus.listeners[topic].add(self)

    def drop(self, topic: str) -> None:
        self._topics.discard(topic)
        self._bus.forget(topic, self)
        for key in [key for key in self._waiting if key[0] == topic]:
            del self._waiting[key]

    def close(self) -> None:
        for topic in list(self._topics):
            self.drop(topic)

    def ring(self, topic: str, ring: Ring) -> None:
        self._waiting[topic, str(ring.get("type")), str(ring.get("id", ""))] = ring
        if len(self._waiting) > WAITING_LIMIT:
            self._waiting.popitem(last=False)
            self._lost = True
        self._some.set()


class LocalBus:
    """The Bus port for one event loop."""

    def __init__(self) -> None:
        self.listeners: defaultdict[str, set[LocalSubscription]] = defaultdict(set)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def publish(self, topic: str, ring: Ring) -> None:
        for listener in tuple(self.listeners.get(topic, ())):
            listener.ring(topic, ring)

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[LocalSubscription]:
        subscription = LocalSubscription(self, topics)
        try:
            yield subscription
        finally:
            subscription.close()

    @asynccontextmanager
    async def lock(self, name: str) -> AsyncIterator[None]:
        lock = self._locks.setdefault(name, asyncio.Lock())
        async with lock:
            yield

    def forget(self, topic: str, subscription: LocalSubscription) -> None:
        listeners = self.listeners.get(topic)
        if listeners is not None:
            listeners.discard(subscription)
            if not listeners:
                del self.listeners[topic]
