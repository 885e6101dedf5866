"""`zeroline kb labels` and `kb learn`: labelled questions in and out, and a learning cycle now."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from bot.clock import now
from bot.errors import BadRequest, NotFound
from bot.kb.label_files import read_labels, write_labels
from bot.kb.label_store import LabelStore, Wanted
from bot.kb.labels import Label, LabelState, NewLabel
from bot.kb.learner import LANGS, Learner
from bot.kb.promise import told
from bot.kb.service import KnowledgeBase
from bot.kb.store import ArticleStore
from bot.kb.telling import tell
from bot.settings import Settings, load_settings
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.sqlite import SqliteDatabase
from bot.wiring import open_knowledge

labels = typer.Typer(no_args_is_help=True, help="Questions whose right article is known.")

AUTHOR = "file"
_EVERYTHING = 1_000_000


@dataclass(frozen=True, slots=True)
class _Open:
    database: Database
    knowledge: KnowledgeBase


@labels.command("import")
def import_labels(
    path: Annotated[Path, typer.Argument(help="JSONL rows: lang, text, article (null when nothing answers it).")],
) -> None:
    """Take labelled questions in, all or none; repeated and contradicting ones are told."""

    async def work() -> tuple[int, int]:
        fresh = await asyncio.to_thread(read_labels, path, now(), AUTHOR)
        async with _opened(load_settings()) as parts:
            return await parts.database.write(lambda tx: _take(tx, fresh))

    taken, doubtful = asyncio.run(work())
    print(f"{taken} labelled questions taken in")
    if doubtful:
        print(f"{doubtful} of them contradict others: a person has to look at them at the desk, under Answers")


@labels.command("export")
def export_labels(path: Annotated[Path, typer.Argument(help="The JSONL file to write.")]) -> None:
    """Write every labelled question with where it comes from, without naming conversations."""

    async def work() -> list[Label]:
        async with _opened(load_settings()) as parts:
            return await parts.database.read(lambda tx: LabelStore().page(tx, Wanted(), limit=_EVERYTHING))

    print(f"{write_labels(reversed(asyncio.run(work())), path)} labelled questions written to {path}")


def learn(lang: Annotated[str | None, typer.Option(help="Only this language.")] = None) -> None:
    """Learn from the labelled questions now; a running app takes over what does better."""
    if lang not in (None, *LANGS):
        raise BadRequest("--lang is ru or en.")

    async def work() -> None:
        async with _opened(load_settings()) as parts:
            await parts.knowledge.start()
            learner = Learner(parts.database, parts.knowledge)
            try:
                for each in LANGS if lang is None else (lang,):
                    print(f"{each}: {tell(await learner.learn(each), 'en')}")
                    print(f"    {told((await learner.state(each)).quality, 'en')}")
            finally:
                await learner.close()

    asyncio.run(work())


def _take(tx: Connection, fresh: list[NewLabel]) -> tuple[int, int]:
    """How many were taken, and how many of these are doubtful. Raises NotFound for an article that is not published."""
    known = {(article.lang, article.id) for article in ArticleStore().published(tx)}
    unknown = sorted(
        {str(label.article) for label in fresh if label.article and (label.lang, label.article) not in known}
    )
    if unknown:
        raise NotFound(f"Nothing was taken in: no published article {', '.join(unknown[:5])}.", "article_unknown")
    store = LabelStore()
    taken = {store.add(tx, label).id for label in fresh}
    return len(taken), sum(store.get(tx, number).state is LabelState.DOUBTFUL for number in taken)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[_Open]:
    database = SqliteDatabase(settings.database)
    migrate(database.engine)
    knowledge = open_knowledge(settings, database)
    try:
        yield _Open(database, knowledge)
    finally:
        await knowledge.close()
        await database.close()
