"""`zeroline evaluate` and `kb score`: how good search and confidence are, in figures and as a picture."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection

from bot.cli.drawing import draw
from bot.errors import BadRequest
from bot.kb.curves import Step, wilson
from bot.kb.encoder import SentenceEncoder
from bot.kb.evaluation import Files, Report, lessons_of, samples_of
from bot.kb.evaluation import evaluate as measure
from bot.kb.fitting import calibrate, reliability
from bot.kb.hub import check
from bot.kb.index import LanguageIndex
from bot.kb.label_store import LabelStore
from bot.kb.labels import Label
from bot.kb.learner import LANGS
from bot.kb.loader import Question, load_questions
from bot.kb.model import Article
from bot.kb.promise import Quality, told
from bot.kb.scoring import System
from bot.kb.service import KnowledgeBase
from bot.kb.store import ArticleStore
from bot.kb.teaching import lessons
from bot.kb.trial import FOLDS
from bot.settings import Settings, load_settings
from bot.storage.migrate import migrate
from bot.storage.sqlite import SqliteDatabase
from bot.wiring import encoder_source, open_knowledge

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Share = Annotated[float | None, typer.Option(help="Most wrong answers allowed, as a share of those given.")]

COLUMNS = ("recall@1", "recall@3", "MRR", "area", "coverage 5 %", "wrong", "false", "coverage 3 %", "wrong", "false")
"""Of the comparison. `area`: under the risk-coverage curve, lower is better; `wrong`: share of the answers given;
`false`: share of the questions nothing answers that got an answer."""

UNMEASURED = "–"
"""In place of a share of nothing."""


def cells(system: System) -> list[tuple[float, tuple[float, float]]]:
    """Every figure of a system with its 95 % interval, in the order of COLUMNS."""
    order = system.ranking
    figures = [
        (order.recall_at_1, order.recall_at_1_95),
        (order.recall_at_3, order.recall_at_3_95),
        (order.mrr_at_10, order.mrr_at_10_95),
        (order.area, order.area_95),
    ]
    for limited in (system.at_95, system.at_97):
        figures += [
            (limited.coverage, limited.coverage_95),
            (limited.wrong_rate, limited.wrong_rate_95),
            (limited.oos_false_answer_rate, limited.oos_false_answer_rate_95),
        ]
    return figures


def evaluate(  # noqa: PLR0913, PLR0917 - each is an option of the command
    kb_file: Annotated[Path, typer.Option("--kb", help="Articles: JSONL rows or a folder of Markdown.")],
    dev: Annotated[Path, typer.Option("--calibrate", help="Questions with known answers to learn from, JSONL.")],
    test: Annotated[Path, typer.Option("--test", help="Questions with known answers to measure on, JSONL.")],
    max_wrong: Share = 0.05,
    lang: Annotated[str | None, typer.Option(help="Only this language.")] = None,
    baselines: Annotated[bool, typer.Option("--baselines", help="Beside plain ways to search.")] = False,
    as_json: Json = False,
) -> None:
    """Measure search and confidence on labelled questions, calibrated on others, with the encoder in use."""
    limit = _limit(max_wrong, 0.05)
    source = encoder_source(load_settings())
    if source:
        check(source)
    encoder = SentenceEncoder(source)
    reports = measure(Files(kb_file, dev, test), encoder, limit, _known(lang), compare=baselines)
    if not reports:
        raise BadRequest(f"There is no question in {lang!r} in {test}.")
    if as_json:
        _print({language: asdict(report) for language, report in reports.items()})
        return
    for language, report in reports.items():
        _show(language, report)


def score(
    questions: Annotated[
        Path | None, typer.Option(help="Questions with known answers, JSONL, instead of the labels kept here.")
    ] = None,
    plot: Annotated[Path | None, typer.Option(help="An .svg file for the curves.")] = None,
    max_wrong: Share = None,
    lang: Annotated[str | None, typer.Option(help="Only this language.")] = None,
    as_json: Json = False,
) -> None:
    """Show what labelled questions prove: expected coverage, wrong answers, and whether the limit can be promised."""
    if plot and plot.suffix.lower() != ".svg":
        raise BadRequest("--plot writes an .svg file; every browser shows it.")
    settings = load_settings()
    limit = _limit(max_wrong, settings.kb.max_wrong) if max_wrong is not None else None
    qualities = asyncio.run(_qualities(settings, questions, limit, _known(lang)))
    if plot:
        draw(qualities, plot)
    if as_json:
        _print(
            {language: asdict(quality) | {"told": told(quality, language)} for language, quality in qualities.items()}
        )
        return
    for language, quality in qualities.items():
        tell(language, quality)


async def _qualities(
    settings: Settings, path: Path | None, limit: float | None, lang: str | None
) -> dict[str, Quality]:
    """By language, of the published articles as they are, without learned phrasings."""
    wanted = [lang] if lang else list(LANGS)
    asked = await asyncio.to_thread(load_questions, path) if path else None
    database = SqliteDatabase(settings.database)
    migrate(database.engine)
    knowledge = open_knowledge(settings, database)
    try:
        owner = await database.read(knowledge.recall.limit)
        rows = {each: await database.read(partial(_read, lang=each)) for each in wanted}
        return {
            each: await asyncio.to_thread(
                _quality, knowledge, each, rows[each], asked, owner if limit is None else limit
            )
            for each in wanted
        }
    finally:
        await knowledge.close()
        await database.close()


def _read(tx: Connection, lang: str) -> tuple[list[Article], list[Label]]:
    return ArticleStore().published(tx, lang), LabelStore().active(tx, lang)


def _quality(
    knowledge: KnowledgeBase,
    lang: str,
    known: tuple[list[Article], list[Label]],
    asked: Sequence[Question] | None,
    limit: float,
) -> Quality:
    encoder, bar = knowledge.encoder, knowledge.learned.calibrations[lang].untold
    prior = replace(knowledge.recall.shipped[lang], untold=bar)
    if not known[0]:
        return reliability([], calibrate([], prior, limit))
    index = LanguageIndex.build(known[0], encoder)
    if asked is None:
        samples = lessons_of(index, lessons(known[1], FOLDS), encoder)
    else:
        samples = samples_of(index, [question for question in asked if question.lang == lang], encoder)
    return reliability([], calibrate(samples, prior, limit))


def _limit(given: float | None, usual: float) -> float:
    limit = usual if given is None else given
    if not 0 < limit < 1:
        raise BadRequest("--max-wrong is a share between 0 and 1, for example 0.05.")
    return limit


def _known(lang: str | None) -> str | None:
    if lang not in (None, *LANGS):
        raise BadRequest("--lang is ru or en.")
    return lang


def tell(lang: str, quality: Quality) -> None:
    """Prints what is proven, a dash where nothing was counted."""
    print(f"{lang}: {told(quality, lang)}")
    print(f"  labelled questions   {quality.labels}")
    print(
        f"  answered rightly     {_share(quality.coverage, quality.coverage_95)} of the questions that have an answer"
    )
    print(f"  wrong                {_share(quality.wrong, quality.wrong_95)} of the answers given")
    given = f"{quality.answered:.0%}, {quality.asked:.0%}" if quality.steps else f"{UNMEASURED}, {UNMEASURED}"
    print(f"  answered, asked back {given} of all questions")
    print(f"  answers from         {quality.sure:.2f}, asks back from {quality.none:.2f}")
    if quality.points:
        print(f"  area under risk-coverage {quality.area:.3f}, log loss {quality.log_loss:.3f}")
        print("  confidence → right:  " + ", ".join(f"{one.believed:.2f} → {one.right:.2f}" for one in quality.points))
        print(
            "  answered → wrong:    " + ", ".join(f"{one.answered:.0%} → {one.wrong:.1%}" for one in _thinned(quality))
        )


def _thinned(quality: Quality) -> list[Step]:
    """The steps nearest to answering 10, 20, ... 100 %."""
    return list(
        dict.fromkeys(min(quality.steps, key=lambda step: abs(step.answered - part / 10)) for part in range(1, 11))
    )


def _share(value: float, interval: tuple[float, float]) -> str:
    if interval == wilson(0, 0):
        return UNMEASURED
    return f"{value:.1%} ({interval[0]:.1%}–{interval[1]:.1%})"


def _show(language: str, report: Report) -> None:
    print(f"{language}:")
    for name, value in asdict(report).items():
        if name != "systems":
            shown = f"{value:.3f}" if isinstance(value, float) else value
            shown = "–".join(f"{end:.3f}" for end in value) if isinstance(value, tuple) else shown
            print(f"  {name:28} {shown}")
    table = Table(title=f"{language}: limits of 5 % and 3 % wrong answers, 95 % intervals", title_justify="left")
    for column in ("system", *COLUMNS):
        table.add_column(column)
    for system in report.systems:
        table.add_row(system.name, *(f"{value:.3f} ({low:.2f}–{high:.2f})" for value, (low, high) in cells(system)))
    Console(width=240).print(table)


def _print(value: Any) -> None:
    print(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())
