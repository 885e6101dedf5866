"""The knowledge base for the rooms above: ask it a question, read its articles, bring articles in and out."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import structlog

from bot.clock import Clock, now
from bot.errors import Misconfigured
from bot.kb import followup, loader
from bot.kb.chunker import collection_hash
from bot.kb.confidence import Calibration, judge, shipped
from bot.kb.editor import Editor
from bot.kb.encoder import Encoder
from bot.kb.index import Index, LanguageIndex, hit_of, shown_in
from bot.kb.leaning import leans
from bot.kb.learned import Learned, Recall, with_phrasings
from bot.kb.lexical import tidy
from bot.kb.model import Article, Evidence, Import, Topic, Verdict
from bot.kb.nearest import Floats, IndexUnusable
from bot.kb.sections import sections
from bot.kb.shelf import Shelf
from bot.kb.spelling import Kind
from bot.kb.store import ArticleStore
from bot.storage.database import Database

T = TypeVar("T")

log = structlog.get_logger(__name__)

HITS = 10
_RANK = {Verdict.SURE: 2, Verdict.UNSURE: 1, Verdict.NONE: 0}


class KnowledgeBase:
    """`index_folder` holds index versions; `calibrations` replace the shipped ones, by language, until something is
    learned; `max_wrong`: at most this share of the answers given may be wrong, until somebody sets another one;
    `encoder`: or what opens the one chosen now, asked again when another one made the stored index.

    Call `start` before the first search and `close` at the end.
    """

    def __init__(
        self,
        database: Database,
        encoder: Encoder | Callable[[], Encoder],
        index_folder: Path,
        calibrations: Mapping[str, Calibration] | None = None,
        clock: Clock = now,
        max_wrong: float = 0.03,
    ) -> None:
        self._database = database
        self._reopen = encoder if callable(encoder) else None
        self._encoder = encoder() if callable(encoder) else encoder
        self._encoders: dict[str, Encoder] = {}
        self._shelf = Shelf(index_folder)
        self._shipped, self._max_wrong = calibrations, max_wrong
        self._known = Learned(calibrations or {}, {}, max_wrong)
        self._answers = Counter[str]()
        self._clock, self._store = clock, ArticleStore()
        self._editor = Editor(self._store, clock)
        self._index: Index | None = None
        self._starting: asyncio.Future[None] | None = None
        self._rebuilding = asyncio.Lock()
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="kb")

    @property
    def is_ready(self) -> bool:
        """Whether an index is loaded, be it an empty one, and the encoder is warm."""
        return self._index is not None and self._starting is None

    @property
    def version(self) -> str:
        """Name of the index being searched; empty before `start`."""
        return self._index.version if self._index else ""

    async def start(self) -> None:
        """Loads the stored index, or builds one when it is missing, damaged or older than the published articles; then
        warms the encoder, so that the first customer does not wait for it. Searches meanwhile wait for the index."""
        self._starting = asyncio.get_running_loop().create_future()
        try:
            await self._load()
            for language in self._index.languages.values() if self._index else ():
                await self._run(language.warm, self._encoder)
        finally:
            self._starting.set_result(None)
            self._starting = None

    async def _load(self) -> None:
        self._known = await self._database.read(self.recall.learned)
        articles = await self.searched()
        try:
            index = await self._run(self._shelf.load, self._encoder.name)
            if index.content_hash != collection_hash(articles):
                raise IndexUnusable("the published articles have changed")
            self._index = index
        except IndexUnusable as error:
            log.info("index_rebuilt", why=error.text)
            await self.rebuild()

    @cached_property
    def recall(self) -> Recall:
        """How what is in use is read. Naming the encoder may load it, so not before `start`."""
        return Recall(self._encoder.name, self._shipped or shipped(self._encoder.foreign), self._max_wrong)

    @property
    def encoder(self) -> Encoder:
        return self._encoder

    def index(self, lang: str) -> LanguageIndex | None:
        """What is searched now."""
        return self._index.languages.get(lang) if self._index else None

    def take_answers(self, lang: str) -> int:
        """How many sure answers were found since this was last asked."""
        return self._answers.pop(lang, 0)

    @property
    def learned(self) -> Learned:
        """What is in use: calibrations, learned phrasings, the limit."""
        return self._known

    def use(self, lang: str, calibration: Calibration) -> None:
        """Judges by another calibration from the next search on, until something is learned or the process ends."""
        calibrations = {**self._known.calibrations, lang: calibration}
        self._known = replace(self._known, calibrations=calibrations)

    async def relearn(self) -> None:
        """Takes up what has been learned, set or forgotten since; with other phrasings the index is built anew."""
        if self._index is None or await self._database.read(self.recall.stamp) == self._known.stamp:
            return
        known = await self._database.read(self.recall.learned)
        same = known.phrasings == self._known.phrasings
        self._known = known
        if not same:
            await self.rebuild()

    async def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)

    async def search(self, text: str, lang: str, topic: Topic | None = None) -> Evidence:
        """What the articles of `lang` say to a question. When they are not sure and the text is written in the letters
        of the other language, that one is asked as well and wins when it is surer; its hits are then shown in `lang`
        where they exist in it. What may only go on about the `topic` of the dialogue is asked together with it, unless
        the articles are sure about it as it stands and it does not point back. No index yet: no evidence. Safe to call
        while the index is being replaced."""
        if self._index is None and self._starting is not None:
            await asyncio.shield(self._starting)
        index = self._index
        if index is None or not text.strip():
            return Evidence(Verdict.NONE, 0.0, (), lang)
        found = await self._run(self._in_dialogue, index, text, lang, topic)
        self._answers[found.lang] += found.verdict is Verdict.SURE
        return found

    async def article(self, article_id: str, lang: str) -> Article | None:
        """The published article."""
        return await self._database.read(lambda tx: self._store.published_one(tx, article_id, lang))

    async def part(self, article_id: str, lang: str, question: str, said: Sequence[str] = ()) -> str:
        """The part of an article's body that comes nearest to a question, Markdown; parts found in what has been `said`
        are passed over. Empty when there is none."""
        article = await self.article(article_id, lang)
        fresh = [one for one in sections(article.body) if not any(one in text for text in said)] if article else []
        return await self._run(self._nearest, fresh, question, lang) if fresh else ""

    async def articles(self, lang: str) -> list[Article]:
        """All published articles of a language, by id."""
        return await self._published(lang)

    async def import_articles(self, path: Path) -> Import:
        """Takes a file or a folder into the database, all of it or nothing, and rebuilds the index. Articles an editor
        changed are kept and reported. Raises loader.BadFiles."""
        coming = await asyncio.to_thread(loader.load, path)
        done = await self._database.write(lambda tx: self._editor.take_files(tx, coming))
        if done.created or done.updated or not self.is_ready:
            await self.rebuild()
        return done

    async def export_articles(self, folder: Path) -> int:
        """Writes every published article as `<category>/<id>.<lang>.md`; returns how many."""
        articles = await self._published()
        await asyncio.to_thread(loader.write, articles, folder)
        return len(articles)

    async def rebuild(self) -> str:
        """Builds, stores and switches to an index of the articles published now; returns its version. Searches go on
        in the old one meanwhile."""
        async with self._rebuilding:
            articles = await self.searched()
            self._index = await self._run(self._build, articles)
            return self._index.version

    async def watch(self, every: float = 5.0) -> None:
        """Follows what other processes build and learn (`zeroline kb import` beside a running app); never returns."""
        while True:
            await asyncio.sleep(every)
            await self.refresh()
            await self.relearn()

    async def refresh(self) -> None:
        """Switches to the stored index when it is another one than is being searched; keeps this one when that cannot
        be used."""
        if await asyncio.to_thread(self._shelf.current) == self.version:
            return
        async with self._rebuilding:
            try:
                encoder, index = await self._run(self._stored)
            except (IndexUnusable, Misconfigured) as error:
                log.warning("index_refused", why=error.text)
                return
            if encoder is not self._encoder:
                await self._turn_to(encoder, index)
            self._index = index

    async def _turn_to(self, encoder: Encoder, index: Index) -> None:
        """Another encoder from the next search on, warm, with what was learned for it."""
        for language in index.languages.values():
            await self._run(language.warm, encoder)
        self._encoders = {self._encoder.name: self._encoder, encoder.name: encoder}
        self._encoder = encoder
        del self.recall
        self._known = await self._database.read(self.recall.learned)

    async def _published(self, lang: str | None = None) -> list[Article]:
        return await self._database.read(lambda tx: self._store.published(tx, lang))

    async def searched(self) -> list[Article]:
        """The published articles with what was learned to be asked about them."""
        return with_phrasings(await self._published(), self._known.phrasings)

    async def _run(self, work: Callable[..., T], *args: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)

    def _stored(self) -> tuple[Encoder, Index]:
        """The stored index and the encoder that made it."""
        same = self._shelf.encoder() == self._encoder.name
        encoder = self._encoder if same or self._reopen is None else self._reopen()
        return encoder, self._shelf.load(encoder.name)

    def _build(self, articles: list[Article]) -> Index:
        held = self._index
        index = held.edited(articles, self._encoder) if held else Index.build(articles, self._encoder)
        return self._shelf.save(index, self._clock())

    def _in_dialogue(self, index: Index, text: str, lang: str, topic: Topic | None) -> Evidence:
        alone = self._search(index, text, lang)
        language = index.languages.get(lang)
        if topic is None or language is None or (alone.verdict is Verdict.SURE and not followup.doubtful(text, topic)):
            return alone
        meant = language.reader.read(text).reading
        if not leans(meant, topic) or not followup.is_familiar(meant, language.known):
            return alone
        topic = followup.in_language(topic, lang, language.articles)
        return followup.settled(self._within(index, text, lang, topic), alone, topic, language.articles)

    def _within(self, index: Index, text: str, lang: str, topic: Topic) -> Evidence:
        language, question = index.languages[lang], followup.joined(topic, text)
        alone, both, before = (self._features(index, said, lang) for said in (text, question, topic.question))
        features = followup.blended(alone, both, before, followup.near(topic, language.articles))
        return replace(self._judged(index, lang, features, text), question=question)

    def _nearest(self, texts: Sequence[str], question: str, lang: str) -> str:
        asked = self._encoder.question(question, lang)
        return max(texts, key=lambda text: float(self._encoder.question(text, lang) @ asked))

    def _search(self, index: Index, text: str, lang: str) -> Evidence:
        best = self._in_language(index, text, lang)
        written = index.script(text, lang)
        if written in (None, lang) or best.verdict is Verdict.SURE:
            return best
        other = self._in_language(index, text, written)
        if _RANK[other.verdict] <= _RANK[best.verdict]:
            return best
        return replace(other, hits=tuple(shown_in(index, hit, lang) for hit in other.hits))

    def _in_language(self, index: Index, text: str, lang: str) -> Evidence:
        language = index.languages.get(lang)
        if language is None:
            return Evidence(Verdict.NONE, 0.0, (), lang, index.version)
        return self._judged(index, lang, self._features(index, text, lang), text)

    def _features(self, index: Index, text: str, lang: str) -> Floats:
        # While an encoder takes another one's place, a search goes on with the one its index was made by.
        return index.languages[lang].find(text, self._encoders.get(index.encoder, self._encoder)).features

    def _judged(self, index: Index, lang: str, features: Floats, text: str) -> Evidence:
        language = index.languages[lang]
        asked = language.reader.read(text)
        vouched = self._known.vouching(language.articles, (text, asked.reading, asked.text))
        judged = judge(features, self._known.calibrations[lang], HITS, len(tidy(text).split()), vouched)
        hits = tuple(map(hit_of, [language.articles[at] for at in judged.order], judged.scores))
        reading = asked.reading if asked.kind in {Kind.LAYOUT, Kind.TRANSLIT} else ""
        return Evidence(judged.verdict, judged.confidence, hits, lang, index.version, reading)
