"""How much a stranger may send: token buckets and counted slots, in memory, on the monotonic clock.

The `limits` package was tried: its memory storage counts on the wall clock, wakes a thread a hundred times a second and
never bounds its keys.
"""

import ipaddress
import math
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.errors import TooManyRequests

KEYS = 50_000
"""Keys a limiter remembers; past that the idle ones go first, then the oldest."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, then one every `period` seconds."""

    period: float
    burst: int


class Limiter:
    """Token buckets by key, one per rate; something is allowed when every bucket has a token for it."""

    def __init__(self, *rates: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rates = rates
        self._clock = clock
        # The moment at which each bucket will be full again: one float a bucket holds its whole state.
        self._full_at: dict[str, tuple[float, ...]] = {}

    def take(self, key: str = "") -> float:
        """0.0 and one token less, or the seconds until there is one; refused attempts cost nothing."""
        now = self._clock()
        full_at = self._full_at.get(key) or (now,) * len(self._rates)
        after = tuple(max(now, at) + rate.period for at, rate in zip(full_at, self._rates, strict=True))
        wait = max(at - now - rate.period * rate.burst for at, rate in zip(after, self._rates, strict=True))
        # A float's rounding must not refuse the last token of a burst.
        if wait > 1e-6:
            return wait
        self._full_at[key] = after
        if len(self._full_at) > KEYS:
            self._forget(now)
        return 0.0

    def check(self, key: str, text: str, code: str = "too_many_requests") -> None:
        """Raises TooManyRequests with this text and code when `key` has no token left."""
        wait = self.take(key)
        if wait:
            raise TooManyRequests(text, math.ceil(wait), code)

    def _forget(self, now: float) -> None:
        """Makes room for a tenth of the keys, so that a crowd of new ones does not sweep at every step."""
        self._full_at = {key: at for key, at in self._full_at.items() if max(at) > now}
        for key in list(self._full_at)[: len(self._full_at) - KEYS * 9 // 10]:
            del self._full_at[key]


class Slots:
    """At most `limit` of something open at once for each key."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._open: Counter[str] = Counter()

    @contextmanager
    def hold(self, key: str) -> Iterator[bool]:
        """Yields whether there was a slot; it is held until the block ends."""
        free = self._open[key] < self._limit
        if free:
            self._open[key] += 1
        try:
            yield free
        finally:
            if free:
                self._open[key] -= 1
            if not self._open[key]:
                del self._open[key]


def network(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that one IPv6 customer gets."""
    try:
        ip = ipaddress.ip_address(address.strip("[]").split("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ip.ipv4_mapped) if ip.ipv4_mapped else str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)
