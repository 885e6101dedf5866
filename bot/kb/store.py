"""Articles and every revision of them, in SQL; the published revision is what customers see."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    ForeignKeyConstraint,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    Text,
    and_,
    bindparam,
    func,
    insert,
    select,
    update,
)

from bot.kb.chunker import content_hash
from bot.kb.model import Article, Revision
from bot.storage.database import UtcDateTime, metadata

articles = Table(
    "articles",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("lang", String(8), primary_key=True),
    Column("head", Integer, nullable=False),
    Column("published", Integer),
    Column("file_hash", String(64)),
)

revisions = Table(
    "article_revisions",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("lang", String(8), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("short_answer", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("type", String(32), nullable=False),
    Column("phrasings", JSON, nullable=False),
    Column("related", JSON, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("author", String(100), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(["id", "lang"], ["articles.id", "articles.lang"]),
)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest revision of an article, published or not. `file_hash`: content of the file last taken in, if any."""

    revision: Revision
    content_hash: str
    published: int | None
    file_hash: str | None


class ArticleStore:
    """Every method takes part in the caller's transaction."""

    def published(self, tx: Connection, lang: str | None = None) -> list[Article]:
        """What customers can read, by language and id; `lang` None for all languages."""
        found = _published().order_by(revisions.c.lang, revisions.c.id)
        rows = tx.execute(found if lang is None else found.where(revisions.c.lang == lang))
        return [_article(row) for row in rows.mappings()]

    def phrasings(self, tx: Connection, lang: str) -> list[int]:
        """How many phrasings each published article has."""
        counted = _published().with_only_columns(func.json_array_length(revisions.c.phrasings))
        return list(tx.execute(counted.where(revisions.c.lang == lang)).scalars())

    def published_one(self, tx: Connection, article_id: str, lang: str) -> Article | None:
        row = tx.execute(_ONE, {"one": article_id, "tongue": lang}).mappings().first()
        return None if row is None else _article(row)

    def category(self, tx: Connection, article_id: str, lang: str) -> str:
        """The category of a published article, empty for one that is not published; asked in every turn, and the
        article's text with it would take longer to read than all else."""
        return str(tx.execute(_CATEGORY, {"one": article_id, "tongue": lang}).scalar() or "")

    def head(self, tx: Connection, article_id: str, lang: str) -> Head | None:
        """Locks the article where the database can, so that two editors are served one after another."""
        newest = and_(
            revisions.c.id == articles.c.id,
            revisions.c.lang == articles.c.lang,
            revisions.c.revision == articles.c.head,
        )
        found = (
            select(revisions, articles.c.published, articles.c.file_hash)
            .join(articles, newest)
            .where(*_is(articles, article_id, lang))
            .with_for_update()
        )
        row = tx.execute(found).mappings().first()
        return None if row is None else Head(_revision(row), row["content_hash"], row["published"], row["file_hash"])

    def history(self, tx: Connection, article_id: str, lang: str) -> list[Revision]:
        """Every revision, newest first."""
        found = select(revisions).where(*_is(revisions, article_id, lang)).order_by(revisions.c.revision.desc())
        return [_revision(row) for row in tx.execute(found).mappings()]

    def add(self, tx: Connection, revision: Revision) -> None:
        """Stores the next revision; `revision.article.revision` must be the head's plus one, 1 for a new article."""
        article = revision.article
        key = {"id": article.id, "lang": article.lang}
        if article.revision == 1:
            tx.execute(insert(articles).values(**key, head=1))
        else:
            tx.execute(update(articles).where(*_is(articles, **key)).values(head=article.revision))
        values = asdict(article) | {"phrasings": list(article.phrasings), "related": list(article.related)}
        tx.execute(
            insert(revisions).values(
                **values, content_hash=content_hash(article), author=revision.author, created_at=revision.created_at
            )
        )

    def publish(self, tx: Connection, article_id: str, lang: str, revision: int | None) -> None:
        """Makes a revision the one customers see; None hides the article."""
        tx.execute(update(articles).where(*_is(articles, article_id, lang)).values(published=revision))

    def remember_file(self, tx: Connection, article: Article) -> None:
        """Notes that the file and the database agreed on this content: the base of the next three-way check."""
        changed = update(articles).where(*_is(articles, article.id, article.lang))
        tx.execute(changed.values(file_hash=content_hash(article)))


def _published() -> Select[Any]:
    shown = and_(
        revisions.c.id == articles.c.id,
        revisions.c.lang == articles.c.lang,
        revisions.c.revision == articles.c.published,
    )
    return select(revisions).join(articles, shown)


_ONE = _published().where(revisions.c.id == bindparam("one"), revisions.c.lang == bindparam("tongue"))
_CATEGORY = _ONE.with_only_columns(revisions.c.category)


def _is(table: Table, id: str, lang: str) -> tuple[Any, Any]:
    return table.c.id == id, table.c.lang == lang


def _article(row: RowMapping) -> Article:
    return Article(
        id=row["id"],
        lang=row["lang"],
        title=row["title"],
        short_answer=row["short_answer"],
        body=row["body"],
        category=row["category"],
        type=row["type"],
        phrasings=tuple(row["phrasings"]),
        related=tuple(row["related"]),
        revision=row["revision"],
    )


def _revision(row: RowMapping) -> Revision:
    return Revision(_article(row), row["author"], row["created_at"])
