"""A conversation room on a real SQLite file, with a scripted engine, scripted knowledge and a clock the test turns."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from bot.accounts.model import Operator, Role
from bot.analytics.metrics import Metrics
from bot.bus.local import LocalBus
from bot.conversation.model import Author, Channel, Conversation, Incoming, Kind, Message, Receipt
from bot.conversation.parts import Outside, open_parts
from bot.conversation.service import Conversations
from bot.conversation.store import ConversationStore
from bot.dialogue.model import Reply, Turn, Utterance, Wish
from bot.files.service import Files
from bot.kb.model import Article, Evidence, Hit, Topic, Verdict
from bot.notices.service import Errands
from bot.storage.sqlite import SqliteDatabase
from handoff.desk import open_desk
from handoff.model import Ticket
from tests.contract.backends import sqlite
from tests.waiting import until

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANNA = Operator("op-anna", "anna", "Анна", Role.OPERATOR)
BORIS = Operator("op-boris", "boris", "Борис", Role.OPERATOR)
QUESTION = "Как перезагрузить роутер?"
_numbers = count(1)


def hit(article: str = "router-reset", score: float = 0.9, lang: str = "ru") -> Hit:
    return Hit(article, lang, f"Title of {article}", f"Short answer of {article}.", f"/help/{lang}/{article}", score)


def evidence(verdict: Verdict, confidence: float, *hits: Hit) -> Evidence:
    return Evidence(verdict, confidence, hits, "ru", "index-1")


SURE = evidence(Verdict.SURE, 0.93, hit())
UNSURE = evidence(Verdict.UNSURE, 0.41, hit("a", 0.5), hit("b", 0.4), hit("c", 0.3), hit("d", 0.2))
NOTHING = evidence(Verdict.NONE, 0.05)


class Clock:
    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def turn(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class ScriptedKnowledge:
    """Finds what the test wrote down for a text, else the evidence it is sure of; breaks on request."""

    def __init__(self) -> None:
        self.found: dict[str, Evidence] = {}
        self.otherwise = SURE
        self.articles: dict[str, Article] = {}
        self.failure: Exception | None = None
        self.searched: list[tuple[str, str]] = []
        self.topics: list[Topic | None] = []
        self.parts: list[str] = []

    async def search(self, text: str, lang: str, topic: Topic | None = None) -> Evidence:
        self.searched.append((text, lang))
        self.topics.append(topic)
        if self.failure is not None:
            raise self.failure
        return self.found.get(text, self.otherwise)

    async def part(self, article_id: str, lang: str, question: str, said: Sequence[str] = ()) -> str:
        return next((part for part in self.parts if part not in said), "")

    async def article(self, article_id: str, lang: str) -> Article | None:
        if self.failure is not None:
            raise self.failure
        return self.articles.get(article_id)


class ScriptedEngine:
    """Follows the evidence like the real engine and answers a repeated turn from memory; can be held up or broken."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.script: dict[str, Reply] = {}
        self.failure: BaseException | None = None
        self.remembered: dict[str, Reply] = {}
        self._free = asyncio.Event()
        self._free.set()

    def hold(self) -> None:
        """From now on answers are kept back until `release`, as if the line were slow."""
        self._free.clear()

    def release(self) -> None:
        self._free.set()

    async def thinking(self, turns: int = 1) -> None:
        """Returns once the engine has been asked that many turns in all."""
        await until(lambda: len(self.turns) >= turns, f"turn {turns} to reach the engine")

    async def ask(self, turn: Turn) -> Reply:
        self.turns.append(turn)
        if self.failure is not None:
            raise self.failure
        reply = self.remembered.setdefault(turn.id, self.script.get(turn.text) or self._follow(turn))
        await self._free.wait()
        return reply

    @staticmethod
    def _follow(turn: Turn) -> Reply:
        hits = turn.evidence["hits"]
        if turn.evidence["verdict"] == "sure":
            return Reply((Utterance(hits[0]["short_answer"], Wish.ANSWER, article=hits[0]["article"]),), "ask", 0.9)
        if turn.evidence["verdict"] == "unsure":
            return Reply((Utterance("What is closest?", Wish.CLARIFY, articles=tuple(h["article"] for h in hits)),))
        return Reply((Utterance("", Wish.HANDOFF, "not_found"),))


@dataclass
class Stage:
    """Everything on stage; `thread` is the conversation most tests need."""

    database: SqliteDatabase
    bus: LocalBus
    clock: Clock
    metrics: Metrics
    knowledge: ScriptedKnowledge
    engine: ScriptedEngine
    conversations: Conversations
    thread: Conversation

    async def say(self, text: str = QUESTION, cid: str = "") -> Receipt:
        return await self.conversations.receive(self.thread.id, Incoming(cid or new_cid(), text))

    async def press(self, seq: int, button: str, cid: str = "") -> Receipt:
        incoming = Incoming(cid or new_cid(), button_seq=seq, button=button)
        return await self.conversations.receive(self.thread.id, incoming)

    async def ask(self, text: str = QUESTION) -> list[Message]:
        """Says it and gives what came back once the bot owes nothing more."""
        receipt = await self.say(text)
        await self.quiet()
        return await self.conversations.history(self.thread.id, receipt.seq)

    async def quiet(self, conversation_id: str = "") -> None:
        """Returns when every turn of the conversation is settled."""
        store, wanted = ConversationStore(), conversation_id or self.thread.id

        async def settled() -> bool:
            return await self.database.read(lambda tx: store.owed(tx, wanted)) is None

        await until(settled, "every turn to be settled")

    async def rows(self) -> list[Message]:
        return await self.conversations.history(self.thread.id, limit=1000)

    async def call_person(self) -> Ticket:
        """The customer presses the permanent control; gives the ticket it opened."""
        await self.conversations.ask_person(self.thread.id, new_cid())
        return next(t for t in await self.conversations.tickets() if t.conversation_id == self.thread.id)

    def counted(self, name: str, **labels: str) -> float:
        return self.metrics.registry.get_sample_value(f"zeroline_{name}", labels) or 0


def new_cid() -> str:
    return f"new-{next(_numbers):08d}"


def lines(rows: list[Message]) -> list[tuple[Author, Kind]]:
    return [(row.author, row.kind) for row in rows]


@asynccontextmanager
async def stage(
    place: Path, channel: Channel = Channel.WIDGET, engine: ScriptedEngine | None = None, clock: Clock | None = None
) -> AsyncIterator[Stage]:
    """The room on the database in `place`, sweeping in the background as the product does; leaving cuts turns off."""
    clock, engine, knowledge = clock or Clock(), engine or ScriptedEngine(), ScriptedKnowledge()
    async with sqlite(place) as database:
        bus, metrics = LocalBus(), Metrics()
        notices, files = Errands(database, clock, lambda *_: False), Files(database, place / "files", "secret", clock)
        parts = open_parts(database, bus, open_desk(clock), Outside(metrics, notices, files), clock)
        conversations = Conversations(parts, knowledge, engine)
        sweeping = asyncio.create_task(conversations.run())
        try:
            thread = await conversations.open("visitor-1", channel, "ru", address="5", customer_name="Пётр")
            yield Stage(database, bus, clock, metrics, knowledge, engine, conversations, thread)
        finally:
            sweeping.cancel()
            await asyncio.gather(sweeping, return_exceptions=True)
