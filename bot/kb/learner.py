"""Learns from labelled questions beside the running product, and keeps only what does better on held-back ones."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.clock import Clock, now
from bot.kb.label_store import LabelStore
from bot.kb.labels import LabelSource, LabelState
from bot.kb.service import KnowledgeBase
from bot.kb.telling import Result
from bot.kb.version_store import Version, VersionStore
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class LearningState:
    """Everything a screen shows about one language. `max_wrong`: the owner's limit, a share; `counts`: labels by source
    and state; `versions`: newest first; `quality`: confidence.Quality on the labels there are, None before any; `last`:
    the last cycle, to be told with `telling.tell`; `waiting`: labels that have come or changed since."""

    lang: str
    max_wrong: float
    counts: Mapping[LabelSource, Mapping[LabelState, int]]
    versions: Sequence[Version]
    quality: Any | None
    learning_now: bool
    last: Result | None
    waiting: int


class Learner:
    """One cycle at a time. Call `run` once for the background; everything else may be called at any moment."""

    def __init__(
        self, database: Database, knowledge: KnowledgeBase, max_wrong: float = 0.03, clock: Clock = now
    ) -> None:
        self._database, self._knowledge, self._clock = database, knowledge, clock
        self._default = max_wrong
        self._labels, self._versions = LabelStore(), VersionStore()
        self._turn = asyncio.Lock()

    async def state(self, lang: str) -> LearningState:
        """What a screen shows."""
        raise NotImplementedError

    async def max_wrong(self) -> float:
        """The owner's limit: the one set at the desk, else the setting."""
        raise NotImplementedError

    async def set_max_wrong(self, share: float, by: str) -> None:
        """At most this share of the answers given may be wrong; takes effect at once. Raises BadRequest
        `max_wrong_invalid` outside 0.005 to 0.5."""
        raise NotImplementedError

    async def learn(self, lang: str) -> Result:
        """One cycle, now; waits for one that is running."""
        raise NotImplementedError

    async def roll_back(self, version: int, by: str) -> Version:
        """Uses an earlier (or later) version. Raises NotFound `version_unknown`, Conflict `version_outdated` for one of
        another encoder."""
        raise NotImplementedError

    async def reset(self, lang: str, by: str) -> None:
        """Goes back to what the product came with; labels stay."""
        raise NotImplementedError

    async def run(self) -> None:
        """Learns whenever enough has changed, for ever."""
        raise NotImplementedError
