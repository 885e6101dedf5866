"""Changing articles: files coming in, drafts saved and published; every method is part of the caller's transaction."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection

from bot.clock import Clock
from bot.errors import Conflict, NotFound
from bot.kb.chunker import content_hash
from bot.kb.model import Article, Clash, Import, Revision
from bot.kb.store import ArticleStore, Head

FILE = "file"
"""The author of a revision that came from a file."""


class Editor:
    """The rules of who may overwrite whom. After a change of what is published, rebuild the index."""

    def __init__(self, store: ArticleStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def take_files(self, tx: Connection, articles: Iterable[Article]) -> Import:
        """Publishes what files changed since they were last imported. An article an editor changed since then stays as
        it is: unchanged when the file did not change, a clash with both sides when it did."""
        done: dict[str, list[str]] = {"created": [], "updated": [], "unchanged": []}
        clashes: list[Clash] = []
        for article in articles:
            head = self._store.head(tx, article.id, article.lang)
            outcome = _compare(article, head)
            if outcome == "clash" and head is not None:
                clashes.append(Clash(head.revision, article))
                continue
            if outcome != "unchanged":
                self._add(tx, article, head, FILE, publish=True)
            if head is None or content_hash(article) != head.file_hash:
                self._store.remember_file(tx, article)
            done[outcome].append(f"{article.id}.{article.lang}")
        return Import(
            created=tuple(done["created"]),
            updated=tuple(done["updated"]),
            unchanged=tuple(done["unchanged"]),
            clashes=tuple(clashes),
        )

    def save(self, tx: Connection, article: Article, author: str) -> Article:
        """Stores a draft on top of the revision `article.revision` the author started from (0 for a new article) and
        returns it with its number. Raises Conflict `article_changed` when somebody saved in between."""
        head = self._store.head(tx, article.id, article.lang)
        newest = 0 if head is None else head.revision.article.revision
        if article.revision != newest:
            raise Conflict("Somebody else has saved this article; reload it and try again.", "article_changed")
        return self._add(tx, article, head, author, publish=False)

    def publish(self, tx: Connection, article_id: str, lang: str) -> Article:
        """Shows the newest revision to customers. Raises NotFound."""
        head = self._head(tx, article_id, lang)
        self._store.publish(tx, article_id, lang, head.revision.article.revision)
        return head.revision.article

    def withdraw(self, tx: Connection, article_id: str, lang: str) -> None:
        """Hides an article; its revisions stay. Raises NotFound."""
        self._head(tx, article_id, lang)
        self._store.publish(tx, article_id, lang, None)

    def _add(self, tx: Connection, article: Article, head: Head | None, author: str, *, publish: bool) -> Article:
        number = 1 if head is None else head.revision.article.revision + 1
        numbered = replace(article, revision=number)
        self._store.add(tx, Revision(numbered, author, self._clock()))
        if publish:
            self._store.publish(tx, article.id, article.lang, number)
        return numbered

    def _head(self, tx: Connection, article_id: str, lang: str) -> Head:
        head = self._store.head(tx, article_id, lang)
        if head is None:
            raise NotFound(f"There is no article {article_id!r} in {lang!r}.", "article_unknown")
        return head


def _compare(article: Article, head: Head | None) -> str:
    """Three sides: the file now, the file when it was last imported, and the newest revision."""
    if head is None:
        return "created"
    coming = content_hash(article)
    if coming in (head.content_hash, head.file_hash):
        return "unchanged"
    return "updated" if head.content_hash == head.file_hash else "clash"
