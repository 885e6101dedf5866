"""Learns from labelled questions beside the running product, and keeps only what does better on held-back ones."""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace

import structlog
from sqlalchemy import Connection

from bot.clock import Clock, now
from bot.errors import BadRequest, Conflict
from bot.kb.journal import Entry, Journal
from bot.kb.label_store import Extent, LabelStore
from bot.kb.labels import Label, LabelSource, LabelState
from bot.kb.learned import MAX_WRONG
from bot.kb.model import Article
from bot.kb.promise import Quality, quality, with_limits
from bot.kb.service import KnowledgeBase
from bot.kb.store import ArticleStore
from bot.kb.teaching import lessons
from bot.kb.telling import Result, Why
from bot.kb.trial import FOLDS, LEAST, Bench, Finding, attempt
from bot.kb.version_store import NewVersion, Version, VersionStore
from bot.storage.database import Database

LANGS = ("ru", "en")
LOWEST, HIGHEST = 0.005, 0.5
"""Limits for wrong answers that can be set: below, thousands of labels would have to prove it."""

EVERY = 30.0
"""Seconds between two looks at whether there is something to learn."""

ENOUGH_NEW, SHARE_NEW = 20, 0.15
"""Changed labels that start a cycle: so many, and so large a part of all."""

NOTHING = Extent()

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LearningState:
    """Everything a screen shows about one language. `max_wrong`: the owner's limit, a share; `counts`: labels by source
    and state; `versions`: newest first; `quality`: of what is in use, as its labels prove it; `last`: the last
    cycle, to be told with `telling.tell`; `waiting`: labels that have come or gone since."""

    lang: str
    max_wrong: float
    counts: Mapping[LabelSource, Mapping[LabelState, int]]
    versions: Sequence[Version]
    quality: Quality
    learning_now: bool
    last: Result | None
    waiting: int


@dataclass(frozen=True, slots=True)
class _Read:
    """What a cycle works on, of one snapshot."""

    labels: list[Label]
    articles: list[Article]
    version: Version | None
    extent: Extent
    answers: int
    ratings: int


class Learner:
    """One cycle at a time. Call `run` once for the background and `close` at the end; call the rest at any moment."""

    def __init__(self, database: Database, knowledge: KnowledgeBase, clock: Clock = now) -> None:
        self._database, self._knowledge, self._clock = database, knowledge, clock
        self._labels, self._versions, self._articles = LabelStore(), VersionStore(), ArticleStore()
        self._journal = Journal()
        self._turn = asyncio.Lock()
        # A thread of its own: searches never wait behind a cycle.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="learner")

    async def state(self, lang: str) -> LearningState:
        """What a screen shows."""

        def read(tx: Connection) -> LearningState:
            last, known = self._journal.last(tx, lang), self._knowledge.learned.calibrations
            calibration = known.get(lang) or self._knowledge.recall.shipped[lang]
            return LearningState(
                lang=lang,
                max_wrong=self._knowledge.recall.limit(tx),
                counts=self._labels.counts(tx, lang),
                versions=self._versions.all(tx, lang),
                quality=quality(calibration.proof, calibration),
                learning_now=self._turn.locked(),
                last=last.result if last else None,
                waiting=self._labels.changed(tx, lang, last.extent if last else NOTHING),
            )

        return await self._database.read(read)

    async def max_wrong(self) -> float:
        """The owner's limit: the one set at the desk, else the setting."""
        return await self._database.read(self._knowledge.recall.limit)

    async def set_max_wrong(self, share: float, by: str) -> None:
        """At most this share of the answers given may be wrong; takes effect at once. Raises BadRequest
        `max_wrong_invalid` outside 0.005 to 0.5."""
        _check(share)
        at = self._clock()
        await self._database.write(lambda tx: self._versions.set(tx, MAX_WRONG, share, by, at))
        await self._knowledge.relearn()

    async def preview(self, lang: str, share: float) -> Quality:
        """What another limit would do. Raises BadRequest `max_wrong_invalid`."""
        _check(share)
        calibration = self._knowledge.learned.calibrations.get(lang) or self._knowledge.recall.shipped[lang]

        def weigh() -> Quality:
            return quality(calibration.proof, with_limits(calibration, share))

        return await asyncio.to_thread(weigh)

    async def learn(self, lang: str) -> Result:
        """One cycle, now; waits for one that is running. Raises Conflict `learning_busy` while another process is at
        it."""
        async with self._turn:
            await self._database.write(lambda tx: self._journal.take_turn(tx, self._clock()))
            try:
                return await self._learn(lang)
            finally:
                await self._database.write(lambda tx: self._journal.end_turn(tx, self._clock()))

    async def roll_back(self, version: int, by: str) -> Version:
        """Uses an earlier, or later, version. Raises NotFound `version_unknown`, Conflict `version_outdated` for one of
        another encoder."""

        def work(tx: Connection) -> Version:
            wanted = self._versions.get(tx, version)
            if wanted.made.encoder != self._knowledge.encoder.name:
                raise Conflict("This version was fitted to another encoder.", "version_outdated")
            self._note_return(tx, wanted.made.lang, by)
            return self._versions.choose(tx, version, by)

        chosen = await self._database.write(work)
        await self._knowledge.relearn()
        return chosen

    async def reset(self, lang: str, by: str) -> None:
        """Goes back to what the product came with; labels and versions stay."""

        def work(tx: Connection) -> None:
            self._note_return(tx, lang, by)
            self._versions.choose_shipped(tx, lang)

        await self._database.write(work)
        await self._knowledge.relearn()

    async def run(self) -> None:
        """Learns whenever enough has changed, for ever."""
        while True:
            await asyncio.sleep(EVERY)
            for lang in LANGS:
                await self.tick(lang)

    async def tick(self, lang: str) -> Result | None:
        """A cycle if it is time for one. What breaks is logged and told on the screen; nothing is tried again before
        something changes."""
        try:
            if answers := self._knowledge.take_answers(lang):
                await self._database.write(lambda tx: self._journal.count_answers(tx, lang, answers, self._clock()))
            # What was removed or forgotten is searched no longer, whether or not it is time for a cycle.
            await self._knowledge.relearn()
            return await self.learn(lang) if await self._database.read(lambda tx: self._is_time(tx, lang)) else None
        except Conflict:
            return None
        except Exception:
            log.exception("learning_failed", lang=lang)
            return None

    async def close(self) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)

    async def _learn(self, lang: str) -> Result:
        read = await self._database.read(lambda tx: self._read(tx, lang))
        try:
            result, made = await self._try(lang, read)
        except Exception:
            log.exception("learning_failed", lang=lang)
            result, made = Result(Why.BROKE, self._clock()), None

        def keep(tx: Connection) -> None:
            if made is not None:
                self._versions.add(tx, made, self._clock())
            self._note(tx, lang, result, read.extent)

        await self._database.write(keep)
        await self._knowledge.relearn()
        log.info("learned", lang=lang, why=result.why.value, labels=result.labels)
        return result

    async def _try(self, lang: str, read: _Read) -> tuple[Result, NewVersion | None]:
        taught, limit = lessons(read.labels, FOLDS, read.answers / max(read.ratings, 1)), await self.max_wrong()
        index = self._knowledge.index(lang)
        if index is None or not read.articles or len(taught) < LEAST:
            why = Why.TOO_FEW if read.articles else Why.NO_ARTICLES
            return Result(why, self._clock(), len(taught), limit), None
        recall, known = self._knowledge.recall, self._knowledge.learned
        fitted = recall.calibration(read.version)
        bench = Bench(
            articles=read.articles,
            index=index,
            encoder=self._knowledge.encoder,
            prior=replace(recall.shipped[lang], untold=self._knowledge.learned.calibrations[lang].untold),
            current=known.calibrations[lang],
            current_labels=frozenset(read.version.made.labels if read.version else ()),
            max_wrong=limit,
        )
        renewed = read.version is not None and fitted is None
        finding = await asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: attempt(bench, taught, renewed=renewed)
        )
        result = Result(finding.why, self._clock(), len(taught), limit, finding.before, finding.after)
        return result, self._made(lang, finding, len(read.labels)) if result.adopted else None

    def _made(self, lang: str, finding: Finding, count: int) -> NewVersion:
        figures = {"why": finding.why.value, "before": asdict(finding.before), "after": asdict(finding.after)}
        encoder = self._knowledge.encoder.name
        return NewVersion(lang, encoder, finding.calibration.to_json(), finding.labels, figures, count)

    def _read(self, tx: Connection, lang: str) -> _Read:
        return _Read(
            labels=self._labels.active(tx, lang),
            articles=self._articles.published(tx, lang),
            version=self._versions.current(tx, lang),
            extent=self._labels.extent(tx, lang),
            answers=self._journal.answers(tx, lang),
            ratings=sum(self._labels.counts(tx, lang)[LabelSource.RATING].values()),
        )

    def _is_time(self, tx: Connection, lang: str) -> bool:
        last, version = self._journal.last(tx, lang), self._versions.current(tx, lang)
        encoder, extent = self._knowledge.encoder.name, self._labels.extent(tx, lang)
        if version is not None and version.made.encoder != encoder and (last is None or last.encoder != encoder):
            return True
        changed = self._labels.changed(tx, lang, last.extent if last else NOTHING)
        return changed >= max(ENOUGH_NEW, SHARE_NEW * extent.count)

    def _note_return(self, tx: Connection, lang: str, by: str) -> None:
        """The labels there are now are known: what was put away is not adopted again from them alone."""
        self._note(tx, lang, Result(Why.ROLLED_BACK, self._clock(), by=by), self._labels.extent(tx, lang))

    def _note(self, tx: Connection, lang: str, result: Result, extent: Extent) -> None:
        self._journal.note(tx, lang, Entry(result, extent, self._knowledge.encoder.name))


def _check(share: float) -> None:
    if not LOWEST <= share <= HIGHEST:
        raise BadRequest(f"The share of wrong answers allowed is between {LOWEST} and {HIGHEST}.", "max_wrong_invalid")
