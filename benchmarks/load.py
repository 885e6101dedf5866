"""Senders that wait for each answer before they write again, and what the processes they write to weigh."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from itertools import cycle

import psutil

from benchmarks.figures import MEGABYTE

CONVERSATION = 10
"""Lines of one conversation: as many as a visitor may send in one breath."""
SEED = 5

Talk = Callable[[str, Iterator[str]], AsyncGenerator[float, None]]
"""One conversation in this language over these lines; yields the seconds that each answered line took."""

TAILS = {
    "ru": ("сегодня", "с утра", "на даче", "у мамы", "в офисе", "вечером", "после грозы", "уже неделю", "дома", "опять",
           "второй раз", "в четверг", "на кухне", "на ноутбуке", "после переезда", "скажите", "пожалуйста",
           "если можно"),
    "en": ("today", "since morning", "at the cottage", "at my mother's", "in the office", "in the evening", "again",
           "after the storm", "for a week now", "at home", "for the second time", "on Thursday", "in the kitchen",
           "on my laptop", "after we moved", "please", "if possible", "tell me"),
}  # fmt: skip


@dataclass(slots=True)
class Pressed:
    """Seconds of every answer that came within the time, and that time."""

    senders: int
    answers: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: "Pressed") -> None:
        self.answers += other.answers
        self.seconds += other.seconds

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.answers) / self.seconds

    def part(self, share: float) -> float:
        """Milliseconds within which this share of the answers came."""
        ordered = sorted(self.answers)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def streams(texts: dict[str, list[str]], start: int) -> Callable[[str], Iterator[str]]:
    """Streams by language in which no line comes twice, so that nothing can be answered from a cache; the same
    `start` gives the same streams."""

    def stream(lang: str) -> Iterator[str]:
        chance = random.Random(f"{SEED} {start} {lang}")
        while True:
            yield " ".join((chance.choice(texts[lang]), *chance.sample(TAILS[lang], 3)))

    known = {lang: stream(lang) for lang in texts}
    return known.__getitem__


async def press(talk: Talk, stream: Callable[[str], Iterator[str]], senders: int, seconds: float) -> Pressed:
    """So many senders at once, each in one conversation after another, every other one Russian."""
    done, langs = Pressed(senders, seconds=seconds), cycle(("ru", "en"))
    deadline = time.monotonic() + seconds

    async def sender() -> None:
        while time.monotonic() < deadline:
            async with aclosing(talk(lang := next(langs), stream(lang))) as answers:
                async for took in answers:
                    if time.monotonic() > deadline:
                        break
                    done.answers.append(took)

    # Who is still waiting for an answer hears it, so that the next round starts with nobody in the way.
    await asyncio.gather(*(sender() for _ in range(senders)))
    return done


def weight(roots: Iterable[int]) -> dict[str, float]:
    """Megabytes of these processes and all their children: proportional (`pss`) and resident (`rss`)."""
    total = {"pss": 0.0, "rss": 0.0}
    for root in roots:
        for process in (psutil.Process(root), *psutil.Process(root).children(recursive=True)):
            with suppress(psutil.Error):
                memory = process.memory_full_info()
                total["pss"] += memory.pss / MEGABYTE
                total["rss"] += memory.rss / MEGABYTE
    return total


def cpu(roots: Iterable[int]) -> float:
    """Seconds of CPU that these processes and their children have taken since they started."""
    seconds = 0.0
    for root in roots:
        for process in (psutil.Process(root), *psutil.Process(root).children(recursive=True)):
            with suppress(psutil.Error):
                seconds += process.cpu_times().user + process.cpu_times().system
    return seconds
