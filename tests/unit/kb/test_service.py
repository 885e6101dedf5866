"""The knowledge base answers while articles come in, indexes break and other processes build new ones."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.clock import now
from bot.conversation.compose import turn_evidence
from bot.errors import Misconfigured
from bot.kb.confidence import SIGNALS, VIEWS, Calibration, rankers
from bot.kb.index import Index
from bot.kb.loader import BadFiles, dump, load
from bot.kb.model import Article, Verdict
from bot.kb.promise import BARE, PHRASED
from bot.kb.service import KnowledgeBase
from bot.kb.shelf import Shelf
from bot.storage.database import Database
from tests.contract.backends import sqlite
from tests.unit.kb.samples import ALL, OUTAGE_EN, PAY, PAY_EN, WIFI
from tests.unit.kb.wordy import WordyEncoder

RANKERS = rankers(1)

_SLOPES = (2.0, *[0.0] * (len(SIGNALS) - 1))
COSINES_ONLY = (*[4.0] * len(RANKERS), *[0.0] * len(RANKERS) * (len(VIEWS) - 1))
EASY = Calibration(COSINES_ONLY, (0.0,) * len(SIGNALS), (1.0,) * len(SIGNALS), _SLOPES, -2.0, sure=0.8, none=0.5)

STRICT = ((0.03, 0.98),)
"""What other sets would have needed for 3 %."""


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with sqlite(tmp_path) as database:
        yield database


def write(folder: Path, *articles: Article) -> Path:
    folder.mkdir(exist_ok=True)
    for article in articles:
        (folder / f"{article.id}.{article.lang}.md").write_text(dump(article), encoding="utf-8")
    return folder


def knowledge(database: Database, tmp_path: Path, encoder: WordyEncoder | None = None) -> KnowledgeBase:
    return KnowledgeBase(database, encoder or WordyEncoder(dimension=512), tmp_path / "index", {"ru": EASY, "en": EASY})


@pytest.fixture
async def kb(database: Database, tmp_path: Path) -> AsyncIterator[KnowledgeBase]:
    kb = knowledge(database, tmp_path)
    await kb.start()
    await kb.import_articles(write(tmp_path / "files", *ALL))
    yield kb
    await kb.close()


async def test_a_customers_words_find_the_article(kb: KnowledgeBase) -> None:
    evidence = await kb.search("забыл пароль вайфай", "ru")
    assert evidence.verdict is Verdict.SURE
    assert evidence.confidence > 0.8
    assert evidence.index_version == kb.version
    best = evidence.hits[0]
    assert (best.article, best.lang, best.title) == (WIFI.id, "ru", WIFI.title)
    assert (best.short_answer, best.url) == (WIFI.short_answer, "/help/ru/wifi-password")
    assert 0 < evidence.hits[1].score < best.score <= 1


@pytest.mark.parametrize(("typed", "meant"), [("pf,sk gfhjkm dfqafq", "забыл пароль вайфай"), ("забыл пароль", "")])
async def test_the_engine_is_told_what_was_meant_in_another_layout(kb: KnowledgeBase, typed: str, meant: str) -> None:
    evidence = await kb.search(typed, "ru")
    assert evidence.reading == meant
    assert turn_evidence(evidence, confirmed=False).get("reading", "") == meant


async def test_one_language_is_searched(kb: KnowledgeBase) -> None:
    assert {hit.lang for hit in (await kb.search("pay by card", "en")).hits} == {"en"}


async def test_words_in_the_other_language_are_understood_and_shown_in_the_conversations(kb: KnowledgeBase) -> None:
    evidence = await kb.search("pay by card", "ru")
    assert evidence.verdict is Verdict.SURE
    assert evidence.hits[0].article == PAY.id
    assert evidence.hits[0].title == PAY.title


async def test_an_article_that_exists_in_one_language_is_shown_in_that(kb: KnowledgeBase) -> None:
    evidence = await kb.search("is there an outage at my address", "ru")
    assert (evidence.hits[0].article, evidence.hits[0].lang) == (OUTAGE_EN.id, "en")


@pytest.mark.parametrize("text", ["", "   ", "щщщ ъъъ ыыы", "🙂", "?"])
async def test_nothing_like_a_question_has_no_answer(kb: KnowledgeBase, text: str) -> None:
    assert (await kb.search(text, "ru")).verdict is Verdict.NONE


async def test_before_the_start_there_is_no_evidence(database: Database, tmp_path: Path) -> None:
    kb = knowledge(database, tmp_path)
    assert not kb.is_ready
    assert (await kb.search("оплата", "ru")).verdict is Verdict.NONE
    await kb.close()


async def test_an_unknown_language_has_no_answer(kb: KnowledgeBase) -> None:
    assert (await kb.search("12345", "de")).hits == ()


async def test_articles_are_read_one_by_one_and_all_together(kb: KnowledgeBase) -> None:
    assert await kb.article("pay-how", "en") == PAY_EN
    assert await kb.article("wifi-password", "en") is None
    assert [article.id for article in await kb.articles("ru")] == ["pay-how", "wifi-password"]


async def test_a_second_start_loads_what_the_first_built(kb: KnowledgeBase, database: Database, tmp_path: Path) -> None:
    encoder = WordyEncoder(dimension=512)
    again = knowledge(database, tmp_path, encoder)
    await again.start()
    assert again.version == kb.version
    assert encoder.asked == []
    await again.close()


async def test_a_damaged_index_is_built_again(kb: KnowledgeBase, database: Database, tmp_path: Path) -> None:
    next((tmp_path / "index" / kb.version).rglob("question.faiss")).write_bytes(b"torn")
    again = knowledge(database, tmp_path)
    await again.start()
    assert again.version != kb.version
    assert (await again.search("забыл пароль вайфай", "ru")).verdict is Verdict.SURE
    await again.close()


async def test_another_encoder_gets_its_own_index(kb: KnowledgeBase, database: Database, tmp_path: Path) -> None:
    other = knowledge(database, tmp_path, WordyEncoder("other", dimension=32))
    await other.start()
    assert other.version != kb.version
    assert (await other.search("забыл пароль вайфай", "ru")).verdict is Verdict.SURE
    await other.close()


async def test_a_running_app_takes_over_another_encoder_with_its_index(
    kb: KnowledgeBase, database: Database, tmp_path: Path
) -> None:
    chosen = [WordyEncoder(dimension=512)]
    running = KnowledgeBase(database, lambda: chosen[-1], tmp_path / "index", {"ru": EASY, "en": EASY})
    await running.start()
    chosen.append(WordyEncoder("other", dimension=32))
    shelf = Shelf(tmp_path / "index")
    saved = await asyncio.to_thread(shelf.save, Index.build(ALL, chosen[-1]), now())
    late = asyncio.create_task(running.search("забыл пароль вайфай", "ru"))
    await running.refresh()
    assert (await late).verdict is Verdict.SURE
    assert running.version == saved.version
    assert running.encoder.name == "other"
    assert (await running.search("забыл пароль вайфай", "ru")).verdict is Verdict.SURE
    await running.close()


async def test_an_index_of_an_encoder_that_cannot_be_opened_is_left_alone(
    kb: KnowledgeBase, database: Database, tmp_path: Path
) -> None:
    def broken() -> WordyEncoder:
        if (tmp_path / "gone").exists():
            raise Misconfigured("the encoder cannot be loaded", "encoder_unusable")
        return WordyEncoder(dimension=512)

    running = KnowledgeBase(database, broken, tmp_path / "index", {"ru": EASY, "en": EASY})
    await running.start()
    before = running.version
    (tmp_path / "gone").touch()
    Shelf(tmp_path / "index").save(Index.build(ALL, WordyEncoder("other")), now())
    await running.refresh()
    assert running.version == before
    assert (await running.search("забыл пароль вайфай", "ru")).verdict is Verdict.SURE
    await running.close()


async def test_an_import_without_changes_builds_nothing(kb: KnowledgeBase, tmp_path: Path) -> None:
    before = kb.version
    done = await kb.import_articles(tmp_path / "files")
    assert len(done.unchanged) == len(ALL)
    assert kb.version == before


async def test_a_changed_file_is_found_at_once(kb: KnowledgeBase, tmp_path: Path) -> None:
    changed = replace(PAY, phrasings=("закинуть деньжат",))
    done = await kb.import_articles(write(tmp_path / "more", changed))
    assert done.updated == ("pay-how.ru",)
    assert (await kb.search("закинуть деньжат", "ru")).hits[0].article == PAY.id


async def test_one_bad_file_leaves_everything_as_it_was(kb: KnowledgeBase, tmp_path: Path) -> None:
    folder = write(tmp_path / "more", replace(PAY, title="Другое"))
    (folder / "bad.ru.md").write_text("no head")
    before = kb.version
    with pytest.raises(BadFiles, match=r"bad\.ru\.md"):
        await kb.import_articles(folder)
    assert await kb.article("pay-how", "ru") == PAY
    assert kb.version == before


async def test_the_export_can_be_imported_again(kb: KnowledgeBase, tmp_path: Path) -> None:
    assert await kb.export_articles(tmp_path / "out") == len(ALL)
    assert (tmp_path / "out" / "router" / "wifi-password.ru.md").exists()
    assert sorted(load(tmp_path / "out"), key=repr) == sorted(ALL, key=repr)
    assert len((await kb.import_articles(tmp_path / "out")).unchanged) == len(ALL)


async def test_questions_are_answered_while_the_index_is_replaced(kb: KnowledgeBase) -> None:
    async def ask() -> set[Verdict]:
        return {(await kb.search("забыл пароль вайфай", "ru")).verdict for _ in range(30)}

    *verdicts, version = await asyncio.gather(ask(), ask(), kb.rebuild())
    assert verdicts == [{Verdict.SURE}, {Verdict.SURE}]
    assert kb.version == version


async def test_an_index_built_by_another_process_is_taken_up(
    kb: KnowledgeBase, database: Database, tmp_path: Path
) -> None:
    other = knowledge(database, tmp_path)
    await other.import_articles(write(tmp_path / "more", replace(PAY, title="Чем платить?")))
    assert (await kb.search("чем платить", "ru")).hits[0].title == PAY.title
    await kb.refresh()
    assert (await kb.search("чем платить", "ru")).hits[0].title == "Чем платить?"
    await other.close()


async def test_a_new_index_that_cannot_be_used_is_not_taken_up(kb: KnowledgeBase, tmp_path: Path) -> None:
    before = kb.version
    (tmp_path / "index" / "current").write_text("nowhere")
    await kb.refresh()
    assert kb.version == before


async def test_a_question_asked_while_the_index_is_being_loaded_waits_for_it(
    kb: KnowledgeBase, database: Database, tmp_path: Path
) -> None:
    restarted = knowledge(database, tmp_path)
    starting = asyncio.create_task(restarted.start())
    await asyncio.sleep(0)
    assert not restarted.is_ready
    assert (await restarted.search("забыл пароль вайфай", "ru")).verdict is Verdict.SURE
    await starting
    await restarted.close()


async def test_the_bar_without_labels_follows_the_phrasings_that_editors_write(
    database: Database, tmp_path: Path
) -> None:
    kb = KnowledgeBase(database, WordyEncoder(dimension=512), tmp_path / "index", {"ru": replace(EASY, ladder=STRICT)})
    await kb.start()
    for phrasings, bar in (((), BARE), (("пароль", "забыл пароль", "какой пароль"), PHRASED)):
        await kb.import_articles(write(tmp_path / "files", replace(WIFI, phrasings=phrasings)))
        await kb.relearn()
        assert kb.learned.calibrations["ru"].sure == bar
    await kb.close()
