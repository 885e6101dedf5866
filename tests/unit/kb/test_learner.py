"""The learner adopts what does better on held-back labels, says so in words, and lets people undo it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import BadRequest, Conflict
from bot.kb.confidence import WORD_FOR_WORD
from bot.kb.labels import Label, LabelSource, LabelState, NewLabel
from bot.kb.learner import Learner
from bot.kb.model import Verdict
from bot.kb.service import KnowledgeBase
from bot.kb.telling import Why, tell
from bot.kb.version_store import NewVersion, VersionStore
from bot.storage.database import Database
from tests.contract.backends import sqlite
from tests.unit.kb.school import EASY, START, TITLES, lessons_of_the_shop, said, school, store, taught
from tests.unit.kb.wordy import WordyEncoder

ASKED = "parcel roams"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with sqlite(tmp_path) as database:
        yield database


@pytest.fixture
async def shop(database: Database, tmp_path: Path) -> AsyncIterator[tuple[KnowledgeBase, Learner]]:
    async with school(database, tmp_path) as shop:
        yield shop


@pytest.fixture
def knowledge(shop: tuple[KnowledgeBase, Learner]) -> KnowledgeBase:
    return shop[0]


@pytest.fixture
def learner(shop: tuple[KnowledgeBase, Learner]) -> Learner:
    return shop[1]


async def answers(knowledge: KnowledgeBase, text: str = ASKED) -> str | None:
    """The article the bot would answer with."""
    evidence = await knowledge.search(text, "en")
    return evidence.hits[0].article if evidence.verdict is Verdict.SURE else None


async def test_what_customers_say_is_learned_and_answered_at_once(
    database: Database, knowledge: KnowledgeBase, learner: Learner
) -> None:
    assert await answers(knowledge) is None
    await taught(database, *lessons_of_the_shop())
    result = await learner.learn("en")
    assert result.adopted, result
    assert result.after.right > result.before.right
    assert await answers(knowledge) == "delivery"


async def test_too_little_is_said_to_be_too_little(database: Database, learner: Learner) -> None:
    await taught(database, *lessons_of_the_shop()[:5])
    result = await learner.learn("en")
    assert result.why is Why.TOO_FEW
    assert tell(result, "en") == "There is too little to learn from yet: 5 labelled questions."
    assert (await learner.state("en")).versions == []


async def test_labels_drawn_by_lot_open_no_answers(
    database: Database, knowledge: KnowledgeBase, learner: Learner
) -> None:
    texts = [f"{word}{number}" for number in range(12) for word in ("alpha", "beta")]
    names = ["delivery", "refund", "password", "invoice", "warranty", "shop"]
    await taught(database, *(said(text, names[at * 7 % 6], at) for at, text in enumerate(texts)))
    result = await learner.learn("en")
    assert (result.after.answered, result.after.wrong) == (0, 0)
    assert await answers(knowledge, "alpha99") is None


async def test_a_removed_label_is_searched_no_longer(
    database: Database, knowledge: KnowledgeBase, learner: Learner
) -> None:
    kept = await taught(database, *lessons_of_the_shop())
    await learner.learn("en")
    for label in kept:
        if label.article == "delivery":
            await database.write(
                lambda tx, number=label.id: store.set_state(tx, number, LabelState.REMOVED, "anna", START)  # type: ignore[misc]
            )
    await learner.tick("en")
    assert await answers(knowledge) is None


async def test_a_forgotten_customer_is_forgotten_by_the_search(
    database: Database, knowledge: KnowledgeBase, learner: Learner
) -> None:
    await taught(database, *lessons_of_the_shop())
    await learner.learn("en")
    assert "parcel" in repr(knowledge.learned.phrasings)
    for number in range(4):
        await database.write(lambda tx, one=number: store.forget(tx, f"c{one}", START))  # type: ignore[misc]
    await learner.tick("en")
    assert "parcel" not in repr(knowledge.learned.phrasings)
    assert await answers(knowledge) is None


async def test_one_visitor_teaches_nothing_alone(
    database: Database, knowledge: KnowledgeBase, learner: Learner
) -> None:
    """Forty thumbs of one conversation for the wrong article."""
    troll = [
        replace(said(f"{text} {number}", "shop", 0, LabelSource.RATING), message=number)
        for number, text in enumerate(["parcel lost"] * 40)
    ]
    await taught(database, *troll, *lessons_of_the_shop())
    await learner.learn("en")
    assert await answers(knowledge) == "delivery"
    assert not [
        key
        for key, texts in knowledge.learned.phrasings.items()
        if any("lost" in text for text in texts)
        if key[1] == "shop"
    ]


async def test_three_strangers_are_believed(database: Database, knowledge: KnowledgeBase, learner: Learner) -> None:
    everybody = [
        replace(label, source=LabelSource.RATING, conversation=f"{label.conversation}-{copy}")
        for label in lessons_of_the_shop()
        for copy in range(3)
    ]
    await taught(database, *everybody)
    assert (await learner.learn("en")).adopted
    assert await answers(knowledge) == "delivery"


async def test_people_go_back_and_forth_between_versions(
    database: Database, knowledge: KnowledgeBase, learner: Learner
) -> None:
    await taught(database, *lessons_of_the_shop())
    await learner.learn("en")
    (version,) = (await learner.state("en")).versions
    await learner.reset("en", "anna")
    assert await answers(knowledge) is None
    assert await learner.tick("en") is None, "what was put away must not come back from the same labels"
    state = await learner.state("en")
    assert state.last is not None
    assert tell(state.last, "ru") == "anna: возврат к прежней версии."
    await learner.roll_back(version.id, "anna")
    assert await answers(knowledge) == "delivery"


async def test_what_was_learned_survives_a_restart(database: Database, tmp_path: Path) -> None:
    async with school(database, tmp_path) as (_, learner):
        await taught(database, *lessons_of_the_shop())
        await learner.learn("en")
    encoder = WordyEncoder(dimension=512)
    async with school(database, tmp_path, encoder) as (knowledge, _):
        assert await answers(knowledge) == "delivery"


async def test_a_running_app_takes_up_what_another_process_learned(
    database: Database, knowledge: KnowledgeBase, tmp_path: Path
) -> None:
    await taught(database, *lessons_of_the_shop())
    async with school(database, tmp_path) as (_, elsewhere):
        await elsewhere.learn("en")
    await knowledge.refresh()
    await knowledge.relearn()
    assert await answers(knowledge) == "delivery"


async def test_another_encoder_keeps_the_phrasings_and_is_fitted_anew(database: Database, tmp_path: Path) -> None:
    async with school(database, tmp_path) as (_, learner):
        await taught(database, *lessons_of_the_shop())
        await learner.learn("en")
    async with school(database, tmp_path, WordyEncoder("other", dimension=1024)) as (knowledge, learner):
        assert "parcel" in repr(knowledge.learned.phrasings)
        (old,) = (await learner.state("en")).versions
        with pytest.raises(Conflict, match="another encoder"):
            await learner.roll_back(old.id, "anna")
        result = await learner.tick("en")
        assert result is not None
        assert result.adopted, result
        assert await learner.tick("en") is None


async def test_a_cycle_waits_for_enough_and_then_runs_by_itself(database: Database, learner: Learner) -> None:
    lessons = lessons_of_the_shop()
    await taught(database, *lessons[:9])
    assert await learner.tick("en") is None
    await taught(database, *lessons[9:])
    result = await learner.tick("en")
    assert result is not None
    assert result.adopted
    assert await learner.tick("en") is None


async def test_a_broken_cycle_leaves_everything_and_is_told(
    database: Database, knowledge: KnowledgeBase, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("disk on fire")

    monkeypatch.setattr("bot.kb.learner.attempt", broken)
    await taught(database, *lessons_of_the_shop())
    before = knowledge.version
    assert (await learner.learn("en")).why is Why.BROKE
    assert knowledge.version == before
    monkeypatch.undo()
    assert (await learner.learn("en")).adopted


async def test_two_cycles_do_not_run_at_once(database: Database, learner: Learner) -> None:
    await taught(database, *lessons_of_the_shop())
    first, second = await asyncio.gather(learner.learn("en"), learner.learn("en"))
    assert [first.adopted, second.adopted] == [True, False]


async def test_another_process_at_work_is_not_disturbed(database: Database, learner: Learner, tmp_path: Path) -> None:
    async with school(database, tmp_path) as (_, elsewhere):
        await database.write(lambda tx: elsewhere._journal.take_turn(tx, START))
        with pytest.raises(Conflict) as refused:
            await learner.learn("en")
    assert refused.value.code == "learning_busy"


async def test_the_owner_sets_how_many_answers_may_be_wrong(
    database: Database, knowledge: KnowledgeBase, learner: Learner
) -> None:
    assert await learner.max_wrong() == 0.03
    await learner.set_max_wrong(0.1, "anna")
    assert knowledge.learned.max_wrong == 0.1
    assert knowledge.learned.calibrations["en"].max_wrong == 0.1
    assert (await learner.state("en")).max_wrong == 0.1
    with pytest.raises(BadRequest) as refused:
        await learner.set_max_wrong(0.9, "anna")
    assert refused.value.code == "max_wrong_invalid"


async def test_customers_are_answered_while_the_bot_learns(
    database: Database, knowledge: KnowledgeBase, learner: Learner
) -> None:
    await taught(database, *lessons_of_the_shop())
    learning = asyncio.create_task(learner.learn("en"))
    found = [await answers(knowledge, "Track an order") for _ in range(3)]
    assert (found, learning.done()) == (["delivery"] * 3, False)
    assert (await learning).adopted


async def test_labels_of_articles_that_are_gone_do_no_harm(database: Database, learner: Learner) -> None:
    await taught(database, *lessons_of_the_shop(), said("old thing", "withdrawn", 99))
    assert (await learner.learn("en")).adopted


async def test_a_language_without_articles_says_so(database: Database, learner: Learner) -> None:
    ru: list[NewLabel] = [replace(label, lang="ru") for label in lessons_of_the_shop()]
    await taught(database, *ru)
    assert (await learner.learn("ru")).why is Why.NO_ARTICLES


async def searched_under(database: Database, knowledge: KnowledgeBase, *known: Label) -> None:
    """The texts of these labels become phrasings; fusion alone is never sure."""
    calibration = replace(EASY, intercept=-40.0).to_json()
    made = NewVersion("en", knowledge.encoder.name, calibration, tuple(one.id for one in known), {}, len(known))
    await database.write(lambda tx: VersionStore().add(tx, made, START))
    await knowledge.relearn()


async def test_what_visitors_alone_have_taught_is_never_answered_word_for_word(
    database: Database, knowledge: KnowledgeBase
) -> None:
    pressed = [said(ASKED, "refund", number, LabelSource.CONFIRMED) for number in (1, 2)]
    known = await taught(database, *pressed)
    await searched_under(database, knowledge, known[0])
    found = await knowledge.search(ASKED, "en")
    assert found.hits[0].article == "refund"
    assert found.confidence < WORD_FOR_WORD
    await taught(database, said(ASKED, "refund", 3, LabelSource.OPERATOR))
    await knowledge.relearn()
    assert (await knowledge.search(ASKED, "en")).confidence >= WORD_FOR_WORD


async def test_visitors_cannot_take_an_editors_words_from_an_article(
    database: Database, knowledge: KnowledgeBase
) -> None:
    title = TITLES["delivery"]
    known = await taught(database, *(said(title, "refund", number, LabelSource.CONFIRMED) for number in (1, 2)))
    await searched_under(database, knowledge, known[0])
    found = await knowledge.search(title, "en")
    assert found.hits[0].article == "delivery"
    assert found.confidence >= WORD_FOR_WORD
