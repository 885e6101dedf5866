"""Stand-ins for the two neighbours of the conversation room that are not ours to run in quick tests."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.clock import now
from bot.dialogue.model import Reply, Turn, Utterance, Wish
from bot.kb.model import Article, Evidence, Hit, Topic, Verdict
from bot.notices.model import Notice, Notices

ROUTER = Article(
    "router-reset",
    "ru",
    "Как сбросить роутер?",
    "Держите **Reset** 10 секунд. [Подробнее](kb:router-lights)",
    "1. Найдите кнопку **Reset**\n2. Держите 10 секунд\n\n<script>alert(1)</script> [зло](javascript:alert(1))",
    "router",
    related=("router-lights", "gone-article"),
)
LIGHTS = Article("router-lights", "ru", "Что значат лампочки?", "Красная — нет сигнала.", "Текст", "router")
PAYMENT = Article("pay-how", "ru", "Как оплатить?", "Картой.", "Текст", "payment")
STRANGE = Article("odd-one", "ru", "Разное <b>", "Ответ.", "Текст", "new-category")
ENGLISH = Article("router-reset", "en", "How do I reset the router?", "Hold **Reset** for 10 s.", "Text", "router")


class Clock:
    """The world's clock, which a test may turn."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return now() + self.ahead

    def turn(self, **ahead: float) -> None:
        """Forward, by what timedelta takes."""
        self.ahead += timedelta(**ahead)


class Told:
    """Notices, passed on and kept for the test to look at."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices
        self.kept: list[Notice] = []

    def need(self, tx: Connection, notice: Notice) -> None:
        self.kept.append(notice)
        self._notices.need(tx, notice)


class Shelf:
    """A knowledge base of five articles; every search finds the router article."""

    def __init__(self) -> None:
        self.stored = (ROUTER, LIGHTS, PAYMENT, STRANGE, ENGLISH)

    async def search(self, text: str, lang: str, topic: Topic | None = None) -> Evidence:
        hit = Hit(ROUTER.id, lang, ROUTER.title, ROUTER.short_answer, f"/help/{lang}/{ROUTER.id}", 0.91)
        return Evidence(Verdict.SURE, 0.91, (hit,), lang)

    async def article(self, article_id: str, lang: str) -> Article | None:
        return next((one for one in self.stored if (one.id, one.lang) == (article_id, lang)), None)

    async def part(self, article_id: str, lang: str, question: str, said: Sequence[str] = ()) -> str:
        return next((text for text in ("Держите кнопку Reset скрепкой.",) if text not in said), "")

    async def articles(self, lang: str) -> list[Article]:
        return [one for one in self.stored if one.lang == lang]


class ScriptedEngine:
    """A dialogue engine that says what the test wants; it repeats the customer's words when nothing is scripted.

    `hold` makes every turn wait until `go` is set.
    """

    def __init__(self) -> None:
        self.script: dict[str, Callable[[], Reply]] = {
            "router": lambda: Reply(
                (Utterance(ROUTER.short_answer, Wish.ANSWER, article=ROUTER.id),), "ask_router", 0.9
            ),
            "human": lambda: Reply((Utterance("", Wish.HANDOFF, reason="asked"),), "ask_human", 0.99),
            "unsure": lambda: Reply((Utterance("Which one?", Wish.CLARIFY, articles=(ROUTER.id,)),), "ask_router", 0.4),
        }
        self.turns: list[Turn] = []
        self.go = asyncio.Event()
        self.go.set()

    async def ask(self, turn: Turn) -> Reply:
        self.turns.append(turn)
        await self.go.wait()
        said = self.script.get(turn.payload or turn.text)
        return said() if said else Reply((Utterance(f"You said: {turn.text}"),))
