"""Labelled questions in SQL: kept with where they come from, reviewed, taken back and forgotten."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.errors import BadRequest, NotFound
from bot.kb.labels import Label, LabelSource, LabelState, NewLabel, doubtful
from bot.kb.lexical import tidy
from bot.storage.database import UtcDateTime, metadata

LONGEST = 2_000
"""Characters of a label; a customer's message is no longer."""

labels = Table(
    "kb_labels",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("lang", String(8), nullable=False),
    Column("text", Text, nullable=False),
    Column("key", String(64), nullable=False),
    Column("article", String(100)),
    Column("right", Boolean, nullable=False),
    Column("source", String(16), nullable=False),
    Column("conversation_id", String(64), index=True),
    Column("message_seq", Integer),
    Column("at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("by", String(100), nullable=False),
    Column("reviewed_by", String(100), nullable=False),
    Column("unsure", Boolean, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    # A number is never given twice: versions name the labels they learned from.
    sqlite_autoincrement=True,
)
Index("ix_kb_labels_lang_state", labels.c.lang, labels.c.state)
Index("ix_kb_labels_lang_key", labels.c.lang, labels.c.key)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which labels to show; None: all. `words`: somewhere in the text."""

    lang: str | None = None
    source: LabelSource | None = None
    state: LabelState | None = None
    article: str | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Extent:
    """How far the labels of a language have changed: equal extents, equal labels."""

    count: int = 0
    active: int = 0
    newest: int = 0
    changed_at: datetime | None = None


class LabelStore:
    """Every method takes part in the caller's transaction."""

    def add(self, tx: Connection, fresh: NewLabel) -> Label:
        """Keeps a label and returns it. Another one of the same source about the same message replaces the first,
        unless a person has reviewed that. What contradicts a label of at least its authority is doubtful, and so is
        what a person has removed before. Raises BadRequest `label_invalid` for a text without words or of too many."""
        key = key_of(fresh.text)
        if not key or len(fresh.text) > LONGEST:
            raise BadRequest(f"A labelled question has words, and at most {LONGEST} characters.", "label_invalid")
        kept = self._said(tx, fresh)
        if kept is not None and (kept.reviewed_by or _says(kept, fresh)):
            return kept
        if kept is not None:
            self._drop(tx, fresh.at, labels.c.id == kept.id)
        if (same := _repeated(fresh, self._of_text(tx, fresh.lang, key))) is not None:
            return same
        number = self._insert(tx, fresh, key)
        self._settle(tx, fresh.lang, key, fresh.at)
        return self.get(tx, number)

    def active(self, tx: Connection, lang: str) -> list[Label]:
        """What teaches, oldest first."""
        return self._list(tx, labels.c.lang == lang, labels.c.state == LabelState.ACTIVE.value)

    def page(self, tx: Connection, wanted: Wanted, before: int | None = None, limit: int = 50) -> list[Label]:
        """Labels for a screen, newest first; `before`: the id of the last one of the page before."""
        found = select(labels).where(*_where(wanted)).order_by(labels.c.id.desc()).limit(limit)
        rows = tx.execute(found if before is None else found.where(labels.c.id < before))
        return [_label(row) for row in rows.mappings()]

    def get(self, tx: Connection, label_id: int) -> Label:
        """Raises NotFound `label_unknown`."""
        row = tx.execute(select(labels).where(labels.c.id == label_id)).mappings().first()
        if row is None:
            raise NotFound("There is no such labelled question.", "label_unknown")
        return _label(row)

    def rivals(self, tx: Connection, label: Label) -> list[Label]:
        """Other labels of the same text that are not removed: what a person looks at before deciding about a doubtful
        one."""
        others = self._of_text(tx, label.lang, key_of(label.text))
        return [other for other in others if other.id != label.id and other.state is not LabelState.REMOVED]

    def set_state(self, tx: Connection, label_id: int, state: LabelState, by: str, at: datetime) -> Label:
        """A person's decision, which later labels of strangers cannot undo. Raises NotFound `label_unknown`."""
        label = self.get(tx, label_id)
        values = {"state": state.value, "reviewed_by": by, "changed_at": at}
        tx.execute(update(labels).where(labels.c.id == label_id).values(values))
        self._settle(tx, label.lang, key_of(label.text), at)
        return self.get(tx, label_id)

    def retract(self, tx: Connection, conversation: str, message: int, source: LabelSource, at: datetime) -> None:
        """Whoever said it has taken it back; what a person has reviewed stays."""
        self._drop(tx, at, *_about(conversation, message, source), labels.c.reviewed_by == "")

    def forget(self, tx: Connection, conversation: str, at: datetime) -> None:
        """Deletes every word of a conversation; the next learning cycle knows nothing of it."""
        self._drop(tx, at, labels.c.conversation_id == conversation)

    def counts(self, tx: Connection, lang: str) -> Mapping[LabelSource, Mapping[LabelState, int]]:
        """How many labels there are, by source and state; every source and state is there."""
        counted = {source: dict.fromkeys(LabelState, 0) for source in LabelSource}
        found = select(labels.c.source, labels.c.state, func.count()).where(labels.c.lang == lang)
        for source, state, count in tx.execute(found.group_by(labels.c.source, labels.c.state)):
            counted[LabelSource(source)][LabelState(state)] = count
        return counted

    def extent(self, tx: Connection, lang: str) -> Extent:
        active = func.count().filter(labels.c.state == LabelState.ACTIVE.value)
        found = select(func.count(), active, func.max(labels.c.id), func.max(labels.c.changed_at))
        count, taught, newest, changed_at = tx.execute(found.where(labels.c.lang == lang)).one()
        return Extent(count, taught, newest or 0, changed_at)

    def changed(self, tx: Connection, lang: str, since: Extent) -> int:
        """How many labels have come, gone or changed since then."""
        mine = labels.c.lang == lang
        moved = mine if since.changed_at is None else mine & (labels.c.changed_at > since.changed_at)
        added = select(func.count()).where(mine, labels.c.id > since.newest)
        gone = since.count + tx.execute(added).scalar_one() - self.extent(tx, lang).count
        return int(tx.execute(select(func.count()).where(moved)).scalar_one()) + gone

    def _said(self, tx: Connection, fresh: NewLabel) -> Label | None:
        """What the same source said of the same message before."""
        if fresh.conversation is None or fresh.message is None:
            return None
        found = self._list(tx, *_about(fresh.conversation, fresh.message, fresh.source))
        return found[0] if found else None

    def _of_text(self, tx: Connection, lang: str, key: str) -> list[Label]:
        return self._list(tx, labels.c.lang == lang, labels.c.key == key)

    def _drop(self, tx: Connection, at: datetime, *conditions: ColumnElement[bool]) -> None:
        gone = self._list(tx, *conditions)
        tx.execute(delete(labels).where(labels.c.id.in_([label.id for label in gone])))
        for lang, key in {(label.lang, key_of(label.text)) for label in gone}:
            self._settle(tx, lang, key, at)

    def _insert(self, tx: Connection, fresh: NewLabel, key: str) -> int:
        values = {
            "lang": fresh.lang,
            "text": " ".join(fresh.text.split()),
            "key": key,
            "article": fresh.article,
            "right": fresh.right,
            "source": fresh.source.value,
            "conversation_id": fresh.conversation,
            "message_seq": fresh.message,
            "at": fresh.at,
            "state": LabelState.ACTIVE.value,
            "by": fresh.by,
            "reviewed_by": "",
            "unsure": fresh.unsure,
            "changed_at": fresh.at,
        }
        return int(tx.execute(insert(labels).values(values).returning(labels.c.id)).scalar_one())

    def _settle(self, tx: Connection, lang: str, key: str, at: datetime) -> None:
        """Sets which labels of a text are doubtful now; what a person has decided stays as it is."""
        known = self._of_text(tx, lang, key)
        wrong = doubtful(known)
        for label in known:
            state = LabelState.DOUBTFUL if label.id in wrong else LabelState.ACTIVE
            if not label.reviewed_by and state is not label.state:
                values = {"state": state.value, "changed_at": at}
                tx.execute(update(labels).where(labels.c.id == label.id).values(values))

    def _list(self, tx: Connection, *conditions: ColumnElement[bool]) -> list[Label]:
        return [_label(row) for row in tx.execute(select(labels).where(*conditions).order_by(labels.c.id)).mappings()]


def key_of(text: str) -> str:
    """What equal texts have in common, whatever their case and signs; empty for one without words."""
    words = tidy(text)
    return hashlib.sha256(words.encode()).hexdigest() if words else ""


def _repeated(fresh: NewLabel, known: list[Label]) -> Label | None:
    """The label that already says this for the same conversation, or, of a file or an editor, at all."""
    for label in known:
        if _says(label, fresh) and label.conversation == fresh.conversation and label.source is fresh.source:
            return label
    return None


def _says(label: Label, fresh: NewLabel) -> bool:
    return (key_of(label.text), label.article, label.right) == (key_of(fresh.text), fresh.article, fresh.right)


def _about(conversation: str, message: int, source: LabelSource) -> tuple[Any, ...]:
    where = labels.c
    return where.conversation_id == conversation, where.message_seq == message, where.source == source.value


def _where(wanted: Wanted) -> list[ColumnElement[bool]]:
    equal = {
        labels.c.lang: wanted.lang,
        labels.c.source: wanted.source,
        labels.c.state: wanted.state,
        labels.c.article: wanted.article,
    }
    conditions: list[ColumnElement[bool]] = [column == value for column, value in equal.items() if value is not None]
    if wanted.words:
        conditions.append(labels.c.text.icontains(wanted.words, autoescape=True))
    return conditions


def _label(row: RowMapping) -> Label:
    return Label(
        id=row["id"],
        lang=row["lang"],
        text=row["text"],
        article=row["article"],
        right=row["right"],
        source=LabelSource(row["source"]),
        conversation=row["conversation_id"],
        message=row["message_seq"],
        at=row["at"],
        state=LabelState(row["state"]),
        by=row["by"],
        reviewed_by=row["reviewed_by"],
        unsure=row["unsure"],
    )
