"""`zeroline kb …` and `ask`: articles in and out, and what the bot would make of a question."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import orjson
import typer

from bot.cli import encoder, learning, quality
from bot.conversation.compose import turn_evidence, without_engine
from bot.conversation.language import supported, written_in
from bot.conversation.texts import why_handed_over
from bot.dialogue.client import Rasa
from bot.dialogue.model import DialogueDown, Reply, Turn, Wish
from bot.errors import BadRequest
from bot.kb.model import Evidence, Import
from bot.kb.service import KnowledgeBase
from bot.settings import Settings, load_settings
from bot.storage.migrate import migrate
from bot.storage.sqlite import SqliteDatabase
from bot.wiring import open_knowledge

kb = typer.Typer(no_args_is_help=True, help="The knowledge base.")
kb.add_typer(learning.labels, name="labels")
kb.add_typer(encoder.encoder, name="encoder")
kb.command("learn")(learning.learn)
kb.command("score")(quality.score)

Lang = Annotated[str | None, typer.Option(help="ru or en; found out from the text when left out.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@kb.command("import")
def import_articles(path: Annotated[Path, typer.Argument(help="A .md or .jsonl file, or a folder of them.")]) -> None:
    """Take articles in, all or none; an article changed by an editor since is kept and reported."""

    async def work() -> Import:
        async with _opened(load_settings()) as knowledge:
            return await knowledge.import_articles(path)

    done = asyncio.run(work())
    print(f"created {len(done.created)}, updated {len(done.updated)}, unchanged {len(done.unchanged)}")
    for clash in done.clashes:
        here = clash.stored.article
        print(f"kept {here.id}.{here.lang}: {clash.stored.author} changed it here (revision {here.revision})")
        print(f"    here: {here.short_answer}\n    file: {clash.file.short_answer}")
    raise typer.Exit(1 if done.clashes else 0)


@kb.command("export")
def export_articles(folder: Annotated[Path, typer.Argument(help="Where to write the files.")]) -> None:
    """Write every published article as Markdown."""

    async def work() -> int:
        async with _opened(load_settings()) as knowledge:
            return await knowledge.export_articles(folder)

    print(f"{asyncio.run(work())} articles written to {folder}")


@kb.command("search")
def search(text: str, lang: Lang = None, as_json: Json = False) -> None:
    """Show what the search finds and how sure it is."""
    evidence = asyncio.run(_search(load_settings(), text, _language(text, lang)))
    if as_json:
        _print(asdict(evidence))
        return
    print(f"{evidence.verdict} ({evidence.confidence:.2f})")
    for hit in evidence.hits:
        print(f"  {hit.score:.3f}  {hit.article}  {hit.title}")


@kb.command("rebuild")
def rebuild() -> None:
    """Build the index anew from the published articles; a running app takes it over by itself."""

    async def work() -> str:
        async with _opened(load_settings()) as knowledge:
            return await knowledge.rebuild()

    print(f"index {asyncio.run(work())}")


@kb.command("prepare", hidden=True)
def prepare() -> None:
    """What the first start needs: the shipped articles in an empty database, and an index of what is published."""

    async def work(settings: Settings) -> None:
        async with _opened(settings) as knowledge:
            if not any([await knowledge.articles(lang) for lang in ("ru", "en")]):
                await knowledge.import_articles(settings.kb.articles)
            await knowledge.start()

    asyncio.run(work(load_settings()))


def ask(text: str, lang: Lang = None, as_json: Json = False) -> None:
    """Show what the bot would answer; without a running Rasa, what the evidence alone would."""
    settings, language = load_settings(), _language(text, lang)
    evidence = asyncio.run(_search(settings, text, language))
    reply = asyncio.run(_reply(settings, text, language, evidence))
    answer = _answer(reply, evidence, language)
    if as_json:
        _print(answer)
        return
    print(answer["reply"])
    print(f"[{answer['verdict']} {answer['confidence']:.2f}] {answer['article'] or ''} {answer['wish'] or ''}".rstrip())


async def _search(settings: Settings, text: str, lang: str) -> Evidence:
    if not text.strip():
        raise BadRequest("Write a question.")
    async with _opened(settings) as knowledge:
        await knowledge.start()
        return await knowledge.search(text, lang)


async def _reply(settings: Settings, text: str, lang: str, evidence: Evidence) -> Reply:
    rasa = Rasa(f"http://127.0.0.1:{settings.rasa.port}", settings.secret("rasa"), settings.rasa.timeout)
    stranger = uuid4().hex
    turn = Turn(stranger, f"ask.{stranger}", text, lang, "widget", turn_evidence(evidence, confirmed=False))
    try:
        return await rasa.ask(turn)
    except DialogueDown:
        return without_engine(evidence)
    finally:
        await rasa.close()


def _answer(reply: Reply, evidence: Evidence, lang: str) -> dict[str, Any]:
    wishes = [said for said in reply.utterances if said.wish]
    wish = wishes[0] if wishes else None
    said = "\n\n".join(one.text for one in reply.utterances if one.text)
    if wish and wish.wish is Wish.HANDOFF:
        said = f"{said}\n\n{why_handed_over(lang, wish.reason)}".strip()
    return {
        "reply": said,
        "verdict": evidence.verdict.value,
        "confidence": round(evidence.confidence, 4),
        "article": (wish.article if wish else "") or None,
        "alternatives": [
            {"article": hit.article, "title": hit.title, "score": round(hit.score, 4)} for hit in evidence.hits[:3]
        ],
        "wish": wish.wish.value if wish and wish.wish else None,
    }


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[KnowledgeBase]:
    database = SqliteDatabase(settings.database)
    migrate(database.engine)
    knowledge = open_knowledge(settings, database)
    try:
        yield knowledge
    finally:
        await knowledge.close()
        await database.close()


def _language(text: str, lang: str | None) -> str:
    if lang not in (None, "ru", "en"):
        raise BadRequest("--lang is ru or en.")
    return supported(lang or written_in(text, "en"))


def _print(value: Any) -> None:
    print(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())
