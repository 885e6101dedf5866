"""`zeroline kb encoder`: which model reads the questions, and how another one is tried and taken."""

import asyncio
from dataclasses import dataclass, replace
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection

from bot.clock import now
from bot.errors import BadRequest, Misconfigured
from bot.kb.confidence import shipped
from bot.kb.encoder import SentenceEncoder
from bot.kb.evaluation import Report, Room, measure
from bot.kb.hub import check
from bot.kb.index import Index, LanguageIndex
from bot.kb.label_store import LabelStore
from bot.kb.labels import Label
from bot.kb.learner import LANGS
from bot.kb.lexical import tidy
from bot.kb.loader import Question
from bot.kb.model import Article
from bot.kb.shelf import Shelf
from bot.settings import Settings, load_settings
from bot.storage.migrate import migrate
from bot.storage.sqlite import SqliteDatabase
from bot.wiring import encoder_source, open_encoder, open_knowledge

encoder = typer.Typer(no_args_is_help=True, help="The model that reads questions and articles.")

EMBEDDED = "embedded"
FEW = 40
"""Labelled questions of a language below which phrasings of the articles are asked as well."""

WORSE = 0.01
"""Recall@1 that another encoder may lose before it is refused."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What both encoders are tried on: articles as they are searched, and labelled questions."""

    articles: list[Article]
    asked: list[Question]
    limit: float


@encoder.command("show")
def show() -> None:
    """Say which encoder is in use."""
    settings = load_settings()
    print(f"{encoder_source(settings) or EMBEDDED}: {open_encoder(settings).name}")


@encoder.command("use")
def use(
    name: Annotated[str, typer.Argument(help="A sentence-transformers name or folder, or `embedded`.")],
    force: Annotated[bool, typer.Option("--force", help="Take it even when it does worse.")] = False,
) -> None:
    """Try another encoder on your own questions beside the one in use, and take it when it does no worse."""
    settings = load_settings()
    if settings.kb.encoder:
        raise BadRequest("ZEROLINE_KB__ENCODER decides: take it out of the settings first.")
    source, used = _named(name), encoder_source(settings)
    if source == used:
        print(f"{used or EMBEDDED} is in use already")
        return
    if source:
        check(source)
    held, other = open_encoder(settings), SentenceEncoder(source, cache=settings.data_dir / "vectors")
    other.question("", LANGS[0])
    known = asyncio.run(_known(settings))
    better = _lost(used) or _compared(known, held, other)
    if not better and not force:
        print(f"kept {used or EMBEDDED}: {name} finds fewer right articles; --force takes it all the same")
        raise typer.Exit(1)
    shelf = Shelf(settings.data_dir / "index")
    index = Index.build(known.articles, other)
    shelf.choose(source)
    print(f"index {shelf.save(index, now()).version}; a running app takes it over by itself")


def _named(name: str) -> str:
    """The source of an encoder, empty for the embedded one."""
    source = name.strip()
    if not source:
        raise BadRequest(f"Name a model or its folder, or `{EMBEDDED}` for the encoder that Zeroline brings.")
    return "" if source == EMBEDDED else source


def _lost(used: str) -> bool:
    """Whether the encoder in use is there no longer, which nothing can be compared with."""
    try:
        if used:
            check(used)
    except Misconfigured as error:
        print(f"{error.text}; nothing to compare with")
        return True
    return False


async def _known(settings: Settings) -> _Known:
    database = SqliteDatabase(settings.database)
    migrate(database.engine)
    knowledge = open_knowledge(settings, database)
    try:
        articles = await knowledge.searched()
        labels = await database.read(_labels)
        limit = await database.read(knowledge.recall.limit)
    finally:
        await knowledge.close()
        await database.close()
    labelled = [Question(one.lang, one.text, frozenset([one.article])) for one in labels if one.right and one.article]
    return _Known(articles, labelled, limit)


def _labels(tx: Connection) -> list[Label]:
    return [label for lang in LANGS for label in LabelStore().active(tx, lang)]


def _compared(known: _Known, held: SentenceEncoder, other: SentenceEncoder) -> bool:
    """Prints both beside each other; whether the other one does no worse."""
    table = Table(title="on your own questions, half of them learned from", title_justify="left")
    for column in ("language", "encoder", "questions", "recall@1", "recall@3", "MRR", "coverage", "wrong", "ms"):
        table.add_column(column)
    lost = []
    for lang in sorted({article.lang for article in known.articles}):
        before, after = (_measured(known, lang, each) for each in (held, other))
        lost.append(before.recall_at_1 - after.recall_at_1)
        for each, report in ((held, before), (other, after)):
            figures = (report.recall_at_1, report.recall_at_3, report.mrr_at_10, report.coverage, report.wrong_rate)
            shown = [*(f"{figure:.3f}" for figure in figures), f"{report.encode_ms_p50:.1f}"]
            table.add_row(lang, each.name[:40], str(report.n), *shown)
    Console(width=160).print(table)
    return all(each <= WORSE for each in lost)


def _measured(known: _Known, lang: str, each: SentenceEncoder) -> Report:
    own = [article for article in known.articles if article.lang == lang]
    articles, asked = _held_back(own, [question for question in known.asked if question.lang == lang])
    room = Room(LanguageIndex.build(articles, each), asked[::2], asked[1::2])
    return measure(room, each, shipped(each.foreign)[lang], known.limit, compare=False)[0]


def _held_back(articles: list[Article], labelled: list[Question]) -> tuple[list[Article], list[Question]]:
    """Articles without the questions they are tried on. Few labels: the last phrasing of every article is one."""
    asked = list(labelled)
    if len(asked) < FEW:
        asked += [Question(one.lang, one.phrasings[-1], frozenset([one.id])) for one in articles if one.phrasings]
    texts = {tidy(question.text) for question in asked}
    bare = [
        replace(one, phrasings=tuple(text for text in one.phrasings if tidy(text) not in texts)) for one in articles
    ]
    return bare, asked
