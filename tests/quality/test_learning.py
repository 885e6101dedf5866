"""The shipped articles, the real encoder and half of the golden questions as labels: the other half gains, or loses
nothing, and customers are answered while the bot learns."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.kb.encoder import SentenceEncoder
from bot.kb.label_store import LabelStore
from bot.kb.labels import LabelSource, NewLabel
from bot.kb.learner import Learner
from bot.kb.model import Verdict
from bot.kb.service import KnowledgeBase
from bot.kb.telling import Why
from bot.storage.database import Database
from tests.contract.backends import sqlite

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
GOLDEN = Path(__file__).parent / "golden"
AT = datetime(2026, 5, 1, tzinfo=UTC)


def golden(lang: str) -> list[tuple[str, str]]:
    lines = (GOLDEN / f"{lang}.tsv").read_text(encoding="utf-8").splitlines()
    return [(question, article) for question, article in (line.split("\t") for line in lines)]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with sqlite(tmp_path) as database:
        yield database


@pytest.fixture
async def knowledge(
    database: Database, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[KnowledgeBase]:
    encoder = SentenceEncoder(cache=tmp_path_factory.getbasetemp() / "vectors")
    knowledge = KnowledgeBase(database, encoder, tmp_path / "index")
    await knowledge.import_articles(Path("data/kb"))
    await knowledge.start()
    yield knowledge
    await knowledge.close()


async def marks(knowledge: KnowledgeBase, questions: list[tuple[str, str]], lang: str) -> tuple[int, int]:
    """Right and wrong answers."""
    found = [(await knowledge.search(text, lang), article) for text, article in questions]
    given = [(evidence.hits[0].article, wanted) for evidence, wanted in found if evidence.verdict is Verdict.SURE]
    return sum(one == other for one, other in given), sum(one != other for one, other in given)


@pytest.mark.parametrize("lang", ["ru", "en"])
async def test_learning_from_half_of_the_golden_questions_serves_the_other_half(
    database: Database, knowledge: KnowledgeBase, lang: str
) -> None:
    taught, asked = golden(lang)[::2], golden(lang)[1::2]
    labels = [NewLabel(lang, text, article, LabelSource.OPERATOR, AT, by="anna") for text, article in taught]
    await database.write(lambda tx: [LabelStore().add(tx, label) for label in labels])
    right, wrong = await marks(knowledge, asked, lang)
    learner = Learner(database, knowledge)
    learning = asyncio.create_task(learner.learn(lang))
    meanwhile = await marks(knowledge, asked[:5], lang)
    assert not learning.done()
    assert sum(meanwhile) > 0
    result = await learning
    await learner.close()
    assert result.why is not Why.BROKE
    right_after, wrong_after = await marks(knowledge, asked, lang)
    assert right_after >= right - 1
    assert wrong_after <= wrong + 1
