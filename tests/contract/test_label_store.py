"""Labelled questions: who says what is kept, doubted, decided by people, taken back and forgotten."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import BadRequest, NotFound
from bot.kb.label_store import LabelStore, Wanted
from bot.kb.labels import Label, LabelSource, LabelState, NewLabel
from bot.storage.database import Database

AT = datetime(2026, 5, 1, 12, 30, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
RATED = NewLabel("ru", "Не приходит код?", "login-code", LabelSource.RATING, AT, conversation="c1", message=4)

store = LabelStore()


async def added(database: Database, *fresh: NewLabel) -> list[Label]:
    return [await database.write(lambda tx, one=one: store.add(tx, one)) for one in fresh]  # type: ignore[misc]


async def active(database: Database, lang: str = "ru") -> list[str | None]:
    return [label.article for label in await database.read(lambda tx: store.active(tx, lang))]


async def states(database: Database) -> list[str]:
    return [label.state.value for label in reversed(await database.read(lambda tx: store.page(tx, Wanted())))]


async def test_a_label_is_kept_with_where_it_comes_from(database: Database) -> None:
    (label,) = await added(database, RATED)
    assert label == Label(
        id=label.id,
        lang="ru",
        text="Не приходит код?",
        article="login-code",
        right=True,
        source=LabelSource.RATING,
        conversation="c1",
        message=4,
        at=AT,
        state=LabelState.ACTIVE,
        by="",
        reviewed_by="",
    )


@pytest.mark.parametrize("text", ["", " ?! ", "а" * 2_001])
async def test_a_text_that_teaches_nothing_is_refused(database: Database, text: str) -> None:
    with pytest.raises(BadRequest) as refused:
        await added(database, replace(RATED, text=text))
    assert refused.value.code == "label_invalid"


async def test_a_changed_mind_replaces_what_was_said(database: Database) -> None:
    await added(database, RATED, replace(RATED, right=False, at=LATER))
    (label,) = await database.read(lambda tx: store.active(tx, "ru"))
    assert not label.right


async def test_a_thumb_taken_back_leaves_nothing(database: Database) -> None:
    await added(database, RATED)
    await database.write(lambda tx: store.retract(tx, "c1", 4, LabelSource.RATING, LATER))
    assert await active(database) == []


async def test_the_same_said_again_in_one_conversation_is_one_label(database: Database) -> None:
    first, again, elsewhere = await added(
        database, RATED, replace(RATED, text="не приходит КОД", message=9), replace(RATED, conversation="c2")
    )
    assert first.id == again.id != elsewhere.id


async def test_of_two_articles_for_one_text_both_are_doubtful(database: Database) -> None:
    await added(database, RATED, replace(RATED, article="sms-delay", conversation="c2"))
    assert await states(database) == ["doubtful", "doubtful"]
    assert await active(database) == []


async def test_an_operator_outweighs_a_thumb(database: Database) -> None:
    said = replace(RATED, article="sms-delay", source=LabelSource.OPERATOR, conversation="c2", by="anna")
    await added(database, RATED, said)
    assert await active(database) == ["sms-delay"]


async def test_one_visitor_cannot_cast_doubt_on_many(database: Database) -> None:
    await added(database, *(replace(RATED, conversation=f"c{number}") for number in range(3)))
    await added(database, replace(RATED, conversation="troll", right=False))
    assert await states(database) == ["active"] * 3 + ["doubtful"]


async def test_doubt_is_over_when_its_cause_is_gone(database: Database) -> None:
    await added(database, RATED, replace(RATED, article="sms-delay", conversation="c2"))
    await database.write(lambda tx: store.forget(tx, "c2", LATER))
    assert await active(database) == ["login-code"]


async def test_a_person_decides_and_strangers_cannot_undo_it(database: Database) -> None:
    first, _ = await added(database, RATED, replace(RATED, article="sms-delay", conversation="c2"))
    decided = await database.write(lambda tx: store.set_state(tx, first.id, LabelState.ACTIVE, "anna", LATER))
    assert decided.reviewed_by == "anna"
    await added(database, replace(RATED, right=False, conversation="c3"))
    assert await states(database) == ["active", "doubtful", "doubtful"]


async def test_a_reviewed_label_stays_when_its_customer_changes_their_mind(database: Database) -> None:
    (label,) = await added(database, RATED)
    await database.write(lambda tx: store.set_state(tx, label.id, LabelState.REMOVED, "anna", LATER))
    await added(database, RATED)
    await database.write(lambda tx: store.retract(tx, "c1", 4, LabelSource.RATING, LATER))
    assert await states(database) == ["removed"]


async def test_what_a_person_removed_comes_back_only_as_doubtful(database: Database) -> None:
    (label,) = await added(database, RATED)
    await database.write(lambda tx: store.set_state(tx, label.id, LabelState.REMOVED, "anna", LATER))
    await added(database, replace(RATED, conversation="c2"))
    assert await states(database) == ["removed", "doubtful"]


async def test_an_unsure_label_waits_for_a_person(database: Database) -> None:
    (label,) = await added(database, replace(RATED, unsure=True))
    await added(database, replace(RATED, conversation="c2"))
    assert await states(database) == ["doubtful", "active"]
    await database.write(lambda tx: store.set_state(tx, label.id, LabelState.ACTIVE, "anna", LATER))
    assert await states(database) == ["active", "active"]


async def test_a_forgotten_conversation_takes_all_its_words_along(database: Database) -> None:
    await added(database, RATED, replace(RATED, text="другое", message=6), replace(RATED, conversation="c2"))
    await database.write(lambda tx: store.forget(tx, "c1", LATER))
    assert [label.conversation for label in await database.read(lambda tx: store.page(tx, Wanted()))] == ["c2"]


async def test_a_screen_turns_pages_and_filters(database: Database) -> None:
    await added(database, *(replace(RATED, text=f"вопрос {number}", message=number) for number in range(5)))
    await added(database, replace(RATED, lang="en", text="no code", source=LabelSource.EDITOR, conversation=None))
    page = await database.read(lambda tx: store.page(tx, Wanted(lang="ru"), limit=3))
    assert [label.text for label in page] == ["вопрос 4", "вопрос 3", "вопрос 2"]
    rest = await database.read(lambda tx: store.page(tx, Wanted(lang="ru"), before=page[-1].id))
    assert [label.text for label in rest] == ["вопрос 1", "вопрос 0"]
    (found,) = await database.read(lambda tx: store.page(tx, Wanted(source=LabelSource.EDITOR, words="CODE")))
    assert found.lang == "en"
    counts = await database.read(lambda tx: store.counts(tx, "ru"))
    assert counts[LabelSource.RATING][LabelState.ACTIVE] == 5
    assert counts[LabelSource.OPERATOR][LabelState.DOUBTFUL] == 0


async def test_every_change_is_counted(database: Database) -> None:
    (label,) = await added(database, RATED)
    before = await database.read(lambda tx: store.extent(tx, "ru"))
    assert await database.read(lambda tx: store.changed(tx, "ru", before)) == 0
    await added(database, replace(RATED, text="другое", message=6, at=LATER))
    await database.write(lambda tx: store.set_state(tx, label.id, LabelState.REMOVED, "anna", LATER))
    assert await database.read(lambda tx: store.changed(tx, "ru", before)) == 2
    await database.write(lambda tx: store.forget(tx, "c1", LATER))
    assert await database.read(lambda tx: store.changed(tx, "ru", before)) == 1


async def test_a_number_is_never_given_twice(database: Database) -> None:
    (label,) = await added(database, RATED)
    await database.write(lambda tx: store.forget(tx, "c1", LATER))
    (next_one,) = await added(database, RATED)
    assert next_one.id > label.id
    with pytest.raises(NotFound):
        await database.read(lambda tx: store.get(tx, label.id))
