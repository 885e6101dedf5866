"""A small shop whose customers say things differently from its articles, for the tests of the learner."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.kb.confidence import SIGNALS, VIEWS, Calibration, rankers
from bot.kb.label_store import LabelStore
from bot.kb.labels import Label, LabelSource, NewLabel
from bot.kb.learner import Learner
from bot.kb.loader import dump
from bot.kb.model import Article
from bot.kb.service import KnowledgeBase
from bot.storage.database import Database
from tests.unit.kb.wordy import WordyEncoder

RANKERS = rankers(1)

START = datetime(2026, 5, 1, tzinfo=UTC)
SLOPES = (1.0, 4.0, *[0.0] * (len(SIGNALS) - 2))
COSINES_ONLY = (*[6.0] * len(RANKERS), *[0.0] * len(RANKERS) * (len(VIEWS) - 1))
EASY = Calibration(COSINES_ONLY, (0.0,) * len(SIGNALS), (1.0,) * len(SIGNALS), SLOPES, -4.0, sure=0.8, none=0.3)
SLANG = {
    "delivery": ("parcel", "courier lost my parcel", "where my parcel roams", "parcel truck vanished today"),
    "refund": ("moneyback", "give moneyback now", "wanna moneyback for shoes", "moneyback still missing"),
    "password": ("locked", "locked outside my profile", "profile locked again help", "why locked profile"),
    "invoice": ("paperwork", "need paperwork for boss", "send paperwork monthly please", "paperwork for accountant"),
    "warranty": ("broke", "thing broke yesterday", "gadget broke after week", "my gadget broke again"),
    "shop": ("hours", "what hours you work", "weekend hours maybe", "holiday hours anybody"),
}
"""What customers say, by article; none of these words stands in any article."""

TITLES = {
    "delivery": "Track an order",
    "refund": "Return goods",
    "password": "Sign in to the account",
    "invoice": "Tax documents",
    "warranty": "Repair within guarantee",
    "shop": "Opening times",
}
ARTICLES = [Article(name, "en", title, f"Answer about {name}.") for name, title in TITLES.items()]

store = LabelStore()


class Clock:
    """Moves one minute at every look."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at


@asynccontextmanager
async def school(
    database: Database, folder: Path, encoder: WordyEncoder | None = None, articles: list[Article] = ARTICLES
) -> AsyncIterator[tuple[KnowledgeBase, Learner]]:
    """A knowledge base with its articles, searched, and its learner."""
    clock = Clock()
    calibrations = {"ru": EASY, "en": EASY}
    knowledge = KnowledgeBase(database, encoder or WordyEncoder(dimension=512), folder / "index", calibrations, clock)
    files = folder / "files"
    files.mkdir(exist_ok=True)
    for article in articles:
        (files / f"{article.id}.en.md").write_text(dump(article), encoding="utf-8")
    await knowledge.import_articles(files)
    await knowledge.start()
    learner = Learner(database, knowledge, clock)
    try:
        yield knowledge, learner
    finally:
        await learner.close()
        await knowledge.close()


def said(text: str, article: str | None, number: int, source: LabelSource = LabelSource.OPERATOR) -> NewLabel:
    """A label of a conversation of its own."""
    return NewLabel("en", text, article, source, START, conversation=f"c{number}", message=1)


def lessons_of_the_shop(source: LabelSource = LabelSource.OPERATOR) -> list[NewLabel]:
    texts = [(text, name) for name, texts in SLANG.items() for text in texts]
    return [said(text, name, number, source) for number, (text, name) in enumerate(texts)]


async def taught(database: Database, *fresh: NewLabel) -> list[Label]:
    return await database.write(lambda tx: [store.add(tx, one) for one in fresh])
