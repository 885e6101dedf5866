"""Playbooks in SQL: what the team has agreed to do about a topic, in both languages."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, String, Table, Text, delete, insert, select

from bot.storage.database import UtcDateTime, metadata

playbooks = Table(
    "playbooks",
    metadata,
    Column("topic", String(64), primary_key=True),
    Column("ru", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Playbook:
    """Steps for whoever answers about `topic`: Markdown by language."""

    topic: str
    ru: str
    en: str


class PlaybookStore:
    """Every method takes part in the caller's transaction."""

    def everything(self, tx: Connection) -> list[Playbook]:
        found = select(playbooks.c.topic, playbooks.c.ru, playbooks.c.en).order_by(playbooks.c.topic)
        return [Playbook(row.topic, row.ru, row.en) for row in tx.execute(found)]

    def keep(self, tx: Connection, playbook: Playbook, by: str, at: datetime) -> None:
        """Replaces the topic's playbook; two empty texts remove it."""
        tx.execute(delete(playbooks).where(playbooks.c.topic == playbook.topic))
        if playbook.ru.strip() or playbook.en.strip():
            values = {"topic": playbook.topic, "ru": playbook.ru, "en": playbook.en}
            tx.execute(insert(playbooks).values(**values, changed_at=at, changed_by=by))
