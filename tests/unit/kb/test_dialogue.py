"""The knowledge base within a dialogue: the topic helps what leans on it, and nothing else; more of an article."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.kb.model import Topic, Verdict
from bot.kb.service import KnowledgeBase
from bot.storage.database import Database
from tests.contract.backends import sqlite
from tests.unit.kb.samples import ALL, PAY, PAY_EN, WIFI
from tests.unit.kb.test_service import knowledge, write

ABOUT_PAYING = Topic("куда платить за инет", PAY.id)
FIRST = "## Сколько идут деньги\n\nОбычно пятнадцать минут, банковским переводом до трёх рабочих дней."
SECOND = "## Комиссия\n\nВ терминале до трёх процентов, картой в личном кабинете комиссии нет."


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with sqlite(tmp_path) as database:
        yield database


@pytest.fixture
async def kb(database: Database, tmp_path: Path) -> AsyncIterator[KnowledgeBase]:
    kb = knowledge(database, tmp_path)
    await kb.start()
    longer = replace(PAY, body=f"{FIRST}\n\n{SECOND}")
    await kb.import_articles(write(tmp_path / "files", *(longer if one is PAY else one for one in ALL)))
    yield kb
    await kb.close()


async def test_a_follow_up_is_searched_together_with_its_topic(kb: KnowledgeBase) -> None:
    alone = await kb.search("а как?", "ru")
    assert alone.verdict is not Verdict.SURE
    together = await kb.search("а как?", "ru", ABOUT_PAYING)
    assert together.confidence > alone.confidence
    assert (together.hits[0].article, together.question) == (PAY.id, "куда платить за инет а как?")


async def test_a_follow_up_typed_on_the_wrong_keyboard_is_one_all_the_same(kb: KnowledgeBase) -> None:
    assert (await kb.search("f rfr?", "ru", ABOUT_PAYING)).question == "куда платить за инет f rfr?"


async def test_a_question_that_is_sure_alone_is_about_itself(kb: KnowledgeBase) -> None:
    evidence = await kb.search("забыл пароль вайфай", "ru", ABOUT_PAYING)
    assert (evidence.hits[0].article, evidence.question) == (WIFI.id, "")


async def test_strange_words_are_no_follow_up(kb: KnowledgeBase) -> None:
    assert await kb.search("а погода?", "ru", ABOUT_PAYING) == await kb.search("а погода?", "ru")


async def test_a_topic_is_followed_into_the_other_language(kb: KnowledgeBase) -> None:
    evidence = await kb.search("and my?", "en", ABOUT_PAYING)
    assert evidence.question == f"{PAY_EN.title} and my?"


async def test_the_part_nearest_to_the_question_is_given_once(kb: KnowledgeBase) -> None:
    assert await kb.part(PAY.id, "ru", "какая комиссия в терминале") == SECOND
    assert await kb.part(PAY.id, "ru", "какая комиссия в терминале", [f"Вот: {SECOND}"]) == FIRST
    assert await kb.part(PAY.id, "ru", "какая комиссия", [FIRST, SECOND]) == ""
    assert await kb.part("gone", "ru", "какая комиссия") == ""
