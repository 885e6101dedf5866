"""What a replay measured: times, fates and refusals out of the ledgers, memory of the product's processes."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psutil

from tests.crowd import fates
from tests.ledger import Ledger
from tests.product import Product

CHILDREN = ("app", "rasa", "actions")
MEGABYTE = 1024 * 1024
PARTS = {"p50": 0.5, "p95": 0.95, "max": 1.0}


@dataclass(slots=True)
class Appetite:
    """Of each process: resident megabytes, the largest seen and the last, and seconds of CPU since its (re)start."""

    peak: dict[str, float] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)

    async def watch(self, product: Product) -> None:
        """Looks every two seconds until cancelled."""
        while True:
            for name, process in (await asyncio.to_thread(_processes, product)).items():
                with suppress(psutil.Error):
                    self.last[name] = round(process.memory_info().rss / MEGABYTE, 1)
                    self.peak[name] = max(self.last[name], self.peak.get(name, 0))
                    self.cpu[name] = round(process.cpu_times().user + process.cpu_times().system, 1)
            await asyncio.sleep(2)


def figures(ledgers: Sequence[Ledger]) -> dict[str, Any]:
    """Milliseconds count from the moment at which the customer sent the line, or was allowed to send it again."""
    lines = [line for ledger in ledgers for line in ledger.lines]
    answered = [(line, line.replied_at - line.sent_at) for line in lines if line.replied_at]
    acks = [line.acked_at - line.sent_at for line in lines if line.acked_at]
    return {
        "stored": sum(line.seq is not None for line in lines),
        "acked": len(acks),
        **fates(ledgers),
        "reply_ms": spread([seconds for _, seconds in answered]),
        "bot_reply_ms": spread([seconds for line, seconds in answered if line.fate == "bot"]),
        "ack_ms": spread(acks),
        "refusals": dict(sum((ledger.refusals for ledger in ledgers), Counter())),
        "connections": sum(ledger.connections for ledger in ledgers),
        "jumps": sum(ledger.jumps for ledger in ledgers),
        "repeats": sum(ledger.repeats for ledger in ledgers),
    }


def spread(seconds: Sequence[float]) -> dict[str, int]:
    """Milliseconds at the median, the 95th percentile and the worst."""
    ordered = sorted(seconds)
    last = len(ordered) - 1
    return {name: round(ordered[min(last, int(part * len(ordered)))] * 1000) for name, part in PARTS.items() if ordered}


def _processes(product: Product) -> dict[str, psutil.Process]:
    pids = {name: product.pid(name) for name in CHILDREN} | {"run": product.process.pid}
    pids["supervisor"] = next((child.pid for child in psutil.Process(product.process.pid).children()), None)
    found: dict[str, psutil.Process] = {}
    for name, pid in pids.items():
        with suppress(psutil.Error):
            found |= {name: psutil.Process(pid)} if pid else {}
    return found
