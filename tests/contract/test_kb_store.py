"""Articles and their revisions keep their promises on every database."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from bot.errors import Conflict, NotFound
from bot.kb.editor import FILE, Editor
from bot.kb.model import Article, Import, Revision
from bot.kb.store import ArticleStore
from bot.storage.database import Database

AT = datetime(2026, 5, 1, 12, 30, 15, 123456, tzinfo=UTC)
PAY = Article(
    id="pay-how",
    lang="ru",
    title="Как оплатить? 💳",
    short_answer="Картой, **без** комиссии.",
    body="1. Раз\n2. Два",
    category="payment",
    type="how-to",
    phrasings=("куда платить", 'за "инет"'),
    related=("pay-receipt",),
)
PAY_EN = replace(PAY, lang="en", title="How to pay?")

store = ArticleStore()
editor = Editor(store, lambda: AT)


async def imported(database: Database, *articles: Article) -> Import:
    return await database.write(lambda tx: editor.take_files(tx, articles))


async def shown(database: Database, article_id: str = "pay-how", lang: str = "ru") -> Article | None:
    return await database.read(lambda tx: store.published_one(tx, article_id, lang))


async def edited(database: Database, article: Article, author: str = "anna") -> Article:
    """Saved and published by an editor."""
    saved = await database.write(lambda tx: editor.save(tx, article, author))
    await database.write(lambda tx: editor.publish(tx, article.id, article.lang))
    return saved


async def test_every_field_comes_back_as_it_was(database: Database) -> None:
    assert (await imported(database, PAY)).created == ("pay-how.ru",)
    assert await shown(database) == PAY


async def test_published_articles_come_by_language_and_id(database: Database) -> None:
    await imported(database, PAY, PAY_EN, replace(PAY, id="a-first"))
    everything = await database.read(store.published)
    assert [(article.lang, article.id) for article in everything] == [
        ("en", "pay-how"),
        ("ru", "a-first"),
        ("ru", "pay-how"),
    ]
    assert [article.id for article in await database.read(lambda tx: store.published(tx, "en"))] == ["pay-how"]


async def test_the_same_file_twice_changes_nothing(database: Database) -> None:
    await imported(database, PAY)
    assert (await imported(database, PAY)).unchanged == ("pay-how.ru",)
    assert len(await database.read(lambda tx: store.history(tx, "pay-how", "ru"))) == 1


async def test_a_newer_file_is_a_new_published_revision(database: Database) -> None:
    await imported(database, PAY)
    newer = replace(PAY, title="Чем платить?")
    assert (await imported(database, newer)).updated == ("pay-how.ru",)
    assert await shown(database) == replace(newer, revision=2)
    history = await database.read(lambda tx: store.history(tx, "pay-how", "ru"))
    assert history == [Revision(replace(newer, revision=2), FILE, AT), Revision(PAY, FILE, AT)]


async def test_an_unchanged_file_never_undoes_an_editors_work(database: Database) -> None:
    await imported(database, PAY)
    saved = await edited(database, replace(PAY, title="Правка Анны"))
    assert (await imported(database, PAY)).unchanged == ("pay-how.ru",)
    assert await shown(database) == saved


async def test_a_file_and_an_editor_that_both_changed_are_a_clash_with_both_sides(database: Database) -> None:
    await imported(database, PAY)
    saved = await edited(database, replace(PAY, title="Правка Анны"))
    coming = replace(PAY, title="Правка в файле")
    done = await imported(database, coming, PAY_EN)
    assert done.created == ("pay-how.en",)
    assert [(clash.stored.article, clash.stored.author, clash.file) for clash in done.clashes] == [
        (saved, "anna", coming)
    ]
    assert await shown(database) == saved


async def test_a_clash_is_over_when_the_file_says_what_the_editor_said(database: Database) -> None:
    await imported(database, PAY)
    saved = await edited(database, replace(PAY, title="Правка Анны"))
    assert (await imported(database, replace(saved, revision=1))).unchanged == ("pay-how.ru",)
    later = replace(PAY, title="Ещё новее")
    assert (await imported(database, later)).updated == ("pay-how.ru",)
    assert await shown(database) == replace(later, revision=3)


async def test_an_article_made_by_an_editor_clashes_with_a_file_of_the_same_name(database: Database) -> None:
    await edited(database, replace(PAY, revision=0))
    assert len((await imported(database, replace(PAY, title="Из файла"))).clashes) == 1


async def test_a_draft_is_not_shown_before_it_is_published(database: Database) -> None:
    await imported(database, PAY)
    draft = await database.write(lambda tx: editor.save(tx, replace(PAY, title="Черновик"), "anna"))
    assert draft.revision == 2
    assert await shown(database) == PAY
    assert await database.write(lambda tx: editor.publish(tx, "pay-how", "ru")) == draft
    assert await shown(database) == draft


async def test_two_editors_of_one_revision_do_not_overwrite_each_other(database: Database) -> None:
    await imported(database, PAY)
    await edited(database, replace(PAY, title="Первая"))
    with pytest.raises(Conflict) as refused:
        await edited(database, replace(PAY, title="Вторая"), "boris")
    assert refused.value.code == "article_changed"
    current = await shown(database)
    assert current is not None
    assert current.title == "Первая"


async def test_a_withdrawn_article_is_hidden_and_keeps_its_history(database: Database) -> None:
    await imported(database, PAY)
    await database.write(lambda tx: editor.withdraw(tx, "pay-how", "ru"))
    assert await shown(database) is None
    assert await database.read(store.published) == []
    assert len(await database.read(lambda tx: store.history(tx, "pay-how", "ru"))) == 1


async def test_an_unknown_article_cannot_be_published_or_withdrawn(database: Database) -> None:
    for use in (editor.publish, editor.withdraw):
        with pytest.raises(NotFound) as refused:
            await database.write(lambda tx, use=use: use(tx, "nothing", "ru"))  # type: ignore[misc]
        assert refused.value.code == "article_unknown"


async def test_a_revision_is_never_written_twice(database: Database) -> None:
    await imported(database, PAY)
    with pytest.raises(IntegrityError):
        await database.write(lambda tx: store.add(tx, Revision(PAY, "anna", AT)))
    assert await shown(database) == PAY
