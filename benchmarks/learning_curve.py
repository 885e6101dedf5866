"""The learning curve on real questions: `python -m benchmarks.learning_curve FOLDER... [--picture FILE.svg]`.

FOLDER holds `kb.jsonl` and `queries.jsonl` of a FAQ set, or `train.jsonl` of utterances with intents (an intent stands
for an article with nothing but its name). The sets have no moments, and some files are sorted by article: the order of
asking is drawn by lot, `--orders` times, and counts as time. A new installation answers one question after another
through its own knowledge base, learner and SQLite file, nothing of them is imitated. Around them people are: a customer
rates one answer in three and presses the wrong thumb once in ten times, picks the right article under "did you mean"
four times in five, and else an operator answers, who takes the article nine times in ten. Held beside it: the same
questions asked of an installation that never learns.
"""

import argparse
import asyncio
import json
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from benchmarks.learning_picture import Curve, draw
from bot.kb.curves import wilson
from bot.kb.encoder import SentenceEncoder
from bot.kb.label_store import LabelStore
from bot.kb.labels import LabelSource, NewLabel
from bot.kb.learner import Learner
from bot.kb.loader import Question, load, load_questions
from bot.kb.model import Article, Evidence, Verdict
from bot.kb.service import KnowledgeBase
from bot.storage.database import Work
from bot.storage.migrate import migrate
from bot.storage.sqlite import SqliteDatabase

RATES, MISTAKEN, PICKS, BORROWS, COMPLAINS = 0.33, 0.1, 0.8, 0.9, 0.5
"""Shares of customers who rate an answer, who press the wrong thumb, who pick the right one of three, of operators who
take the article, and of wrongly answered customers who go on to a person."""

SHOWN = 3
LATEST = 2_000
"""Questions of one set at most."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of one question."""

    answerable: bool
    given: bool
    right: bool


@dataclass(frozen=True, slots=True)
class Set:
    name: str
    lang: str
    articles: list[Article]
    questions: list[Question]


def read(folder: Path, lang: str | None) -> Set:
    """A FAQ set in its language (or the wanted one), or an intent set."""
    if not (folder / "kb.jsonl").exists():
        return _intents(folder, lang or "en")
    articles, questions = load(folder / "kb.jsonl"), load_questions(folder / "queries.jsonl")
    chosen = lang or articles[0].lang
    return Set(
        folder.name,
        chosen,
        [article for article in articles if article.lang == chosen],
        [question for question in questions if question.lang == chosen],
    )


def _intents(folder: Path, lang: str) -> Set:
    rows = [json.loads(line) for line in (folder / "train.jsonl").read_text(encoding="utf-8").splitlines()]
    names = sorted({row["label"] for row in rows} - {"oos"})
    articles = [Article(name, lang, name.replace("_", " "), name.replace("_", " ")) for name in names]
    questions = [Question(lang, row["text"], frozenset({row["label"]} - {"oos"})) for row in rows]
    return Set(folder.name, lang, articles, random.Random(0).sample(questions, min(LATEST, len(questions))))


class Street:
    """People around one installation. `learner` None: nobody learns."""

    def __init__(self, database: SqliteDatabase, knowledge: KnowledgeBase, learner: Learner | None, seed: int) -> None:
        self._database, self._knowledge, self._learner = database, knowledge, learner
        self._dice, self._labels = random.Random(seed), LabelStore()
        self._at = datetime(2026, 1, 1, tzinfo=UTC)
        self._number = 0

    def clock(self) -> datetime:
        return self._at

    async def ask(self, question: Question) -> Asked:
        """One customer's question, and what they and the operators make of the answer."""
        self._number += 1
        self._at += timedelta(minutes=1)
        evidence = await self._knowledge.search(question.text, question.lang)
        given = evidence.verdict is Verdict.SURE
        right = bool(evidence.hits) and evidence.hits[0].article in question.relevant
        if self._learner is not None:
            await self._taught(question, evidence, given=given, right=right)
            await self._learner.tick(question.lang)
        return Asked(bool(question.relevant), given, given and right)

    async def _taught(self, question: Question, evidence: Evidence, *, given: bool, right: bool) -> None:
        if given:
            if self._dice.random() < RATES:
                says = right != (self._dice.random() < MISTAKEN)
                await self._label(question, evidence.hits[0].article, LabelSource.RATING, right=says)
            if right or self._dice.random() >= COMPLAINS:
                return
        offered = [hit.article for hit in evidence.hits[:SHOWN]] if evidence.verdict is Verdict.UNSURE else []
        wanted = next((article for article in offered if article in question.relevant), None)
        if wanted is not None and self._dice.random() < PICKS:
            await self._label(question, wanted, LabelSource.CONFIRMED)
        elif question.relevant and self._dice.random() < BORROWS:
            await self._label(question, min(question.relevant), LabelSource.OPERATOR)

    async def _label(self, question: Question, article: str, source: LabelSource, right: bool = True) -> None:
        where = {"conversation": f"c{self._number}", "message": 2}
        label = NewLabel(question.lang, question.text, article, source, self._at, right=right, **where)  # type: ignore[arg-type]
        keep: Work[object] = lambda tx: self._labels.add(tx, label)  # noqa: E731
        await self._database.write(keep)


def order(data: Set, seed: int | None) -> list[int]:
    """Places of the questions in an order drawn by lot; as they stand for None."""
    places = range(len(data.questions))
    return list(places) if seed is None else random.Random(seed).sample(places, len(places))


async def run(data: Set, encoder: SentenceEncoder, max_wrong: float, seed: int | None) -> list[Asked]:
    """A new installation lives through all questions and learns; for the seed None it does not."""
    with TemporaryDirectory() as folder:
        database = SqliteDatabase(Path(folder) / "zeroline.sqlite3")
        migrate(database.engine)
        (Path(folder) / "kb.jsonl").write_text("\n".join(_row(article) for article in data.articles), encoding="utf-8")
        knowledge = KnowledgeBase(database, encoder, Path(folder) / "index", max_wrong=max_wrong)
        learner = Learner(database, knowledge)
        try:
            await knowledge.import_articles(Path(folder) / "kb.jsonl")
            await knowledge.start()
            street = Street(database, knowledge, None if seed is None else learner, seed or 0)
            return [await street.ask(data.questions[place]) for place in order(data, seed)]
        finally:
            await learner.close()
            await knowledge.close()
            await database.close()


def _row(article: Article) -> str:
    return json.dumps(
        {"id": article.id, "lang": article.lang, "question": article.title, "answer_md": article.body or article.title}
    )


def windows(lives: Sequence[Sequence[Asked]], count: int) -> list[list[Asked]]:
    """The questions of equal stretches of all lives together."""
    size = len(lives[0])
    cuts = [size * at // count for at in range(count + 1)]
    return [[one for life in lives for one in life[low:high]] for low, high in pairwise(cuts)]


def coverage(asked: Sequence[Asked]) -> tuple[float, float]:
    """Right answers, and questions that have one."""
    return float(sum(one.right for one in asked)), float(sum(one.answerable for one in asked))


def wrong(asked: Sequence[Asked]) -> tuple[float, float]:
    """Wrong answers, and answers."""
    given = sum(one.given for one in asked)
    return float(given - sum(one.right for one in asked)), float(given)


def table(title: str, learning: list[list[Asked]], frozen: list[list[Asked]]) -> None:
    print(
        f"\n{title}\n{'questions':>12} {'coverage':>21} {'unlearned':>9} {'wrong':>21} {'unlearned':>9} {'answers':>7}"
    )
    everything = [list(chain.from_iterable(learning))], [list(chain.from_iterable(frozen))]
    until = 0
    for taught, untaught in chain(zip(learning, frozen, strict=True), zip(*everything, strict=True)):
        first, until = (1, until) if until == len(everything[0][0]) else (until + 1, until + len(taught))
        parts = coverage(taught), wrong(taught), coverage(untaught), wrong(untaught)
        covered, bad, before, bad_before = (part / whole if whole else 0.0 for part, whole in parts)
        low, high = wilson(*parts[0])
        worst = wilson(*parts[1])
        shown = f"{covered:6.3f} ({low:.3f}-{high:.3f}) {before:9.3f} {bad:6.3f} ({worst[0]:.3f}-{worst[1]:.3f})"
        print(f"{first:5d}-{until:<6d} {shown} {bad_before:9.3f} {int(parts[1][1]):7d}")


def curve(data: Set, learning: list[list[Asked]], frozen: list[list[Asked]], orders: int) -> Curve:
    ends = [sum(len(window) for window in learning[: at + 1]) // orders for at in range(len(learning))]
    return Curve(
        title=f"{data.name} ({data.lang})",
        asked=ends,
        coverage=[(part / max(whole, 1), *wilson(part, whole)) for part, whole in map(coverage, learning)],
        frozen=[part / max(whole, 1) for part, whole in map(coverage, frozen)],
        wrong=[(part / max(whole, 1), *wilson(part, whole)) for part, whole in map(wrong, learning)],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--lang", choices=("ru", "en"))
    parser.add_argument("--max-wrong", type=float, default=0.05)
    parser.add_argument("--orders", type=int, default=3)
    parser.add_argument("--windows", type=int, default=6)
    parser.add_argument("--cache", type=Path, default=Path("var/cache"))
    parser.add_argument("--picture", type=Path)
    arguments = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    encoder = SentenceEncoder(cache=arguments.cache)
    curves = []
    for folder in arguments.folders:
        data = read(folder, arguments.lang)
        encoder.encode([question.text for question in data.questions], data.lang)
        # Whoever does not learn answers alike in every order.
        untaught = asyncio.run(run(data, encoder, arguments.max_wrong, None))
        lives = [asyncio.run(run(data, encoder, arguments.max_wrong, seed)) for seed in range(arguments.orders)]
        unlearned = [[untaught[place] for place in order(data, seed)] for seed in range(arguments.orders)]
        learning, frozen = windows(lives, arguments.windows), windows(unlearned, arguments.windows)
        title = f"{data.name} ({data.lang}), at most {arguments.max_wrong:.0%} wrong, {arguments.orders} orders"
        table(title, learning, frozen)
        curves.append(curve(data, learning, frozen, arguments.orders))
    if arguments.picture:
        draw(curves, arguments.max_wrong, arguments.picture)


if __name__ == "__main__":
    main()
