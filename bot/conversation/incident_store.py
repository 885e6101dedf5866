"""Incidents, who wants to hear of them, and what customers ask about, in SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.conversation.incident import Incident, IncidentState, Update
from bot.storage.database import UtcDateTime, metadata
from bot.storage.prepared import Prepared

incidents = Table(
    "incidents",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("title", JSON, nullable=False),
    Column("text", JSON, nullable=False),
    Column("topics", JSON, nullable=False),
    Column("words", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("updates", JSON, nullable=False),
)

# `told`: how many of the incident's updates this conversation has got.
incident_subscribers = Table(
    "incident_subscribers",
    metadata,
    Column("incident_id", String(32), primary_key=True),
    Column("conversation_id", String(64), primary_key=True),
    Column("told", Integer, nullable=False),
)

topic_hits = Table(
    "topic_hits",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", String(64), nullable=False),
    Column("topic", String(64), nullable=False),
    Column("page", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
Index("ix_topic_hits_at", topic_hits.c.at)
Index("ix_topic_hits_conversation_id_at", topic_hits.c.conversation_id, topic_hits.c.at)

_SUBSCRIBERS = (
    select(func.count())
    .where(incident_subscribers.c.incident_id == incidents.c.id)
    .scalar_subquery()
    .label("subscribers")
)
_NAMES = [*incidents.c.keys(), "subscribers"]
_INCIDENTS = select(incidents, _SUBSCRIBERS).order_by(incidents.c.number.desc())
_ACTIVE = Prepared(_INCIDENTS.where(incidents.c.state == IncidentState.ACTIVE.value))
_NOTE = Prepared(
    insert(topic_hits).values({name: bindparam(name) for name in ("conversation_id", "topic", "page", "at")})
)
_ASKED = Prepared(
    select(topic_hits.c.id)
    .where(
        topic_hits.c.conversation_id == bindparam("here"),
        topic_hits.c.topic == bindparam("about"),
        topic_hits.c.at >= bindparam("since"),
        topic_hits.c.at < bindparam("until"),
    )
    .limit(1)
)


class IncidentStore:
    """Every method takes part in the caller's transaction."""

    def add(self, tx: Connection, incident: Incident) -> Incident:
        number = tx.execute(select(func.coalesce(func.max(incidents.c.number), 0) + 1)).scalar_one()
        values = {name: getattr(incident, name) for name in ("title", "text", "opened_at", "opened_by")}
        tx.execute(
            insert(incidents).values(
                id=incident.id,
                number=number,
                topics=list(incident.topics),
                words=list(incident.words),
                state=incident.state.value,
                updates=[],
                **values,
            )
        )
        return self.get(tx, incident.id) or incident

    def get(self, tx: Connection, incident_id: str) -> Incident | None:
        return next(iter(self._found(tx, incidents.c.id == incident_id)), None)

    def active(self, tx: Connection) -> list[Incident]:
        return [_incident(row) for row in _ACTIVE.rows(tx)]

    def recent(self, tx: Connection, limit: int) -> list[Incident]:
        return self._found(tx)[:limit]

    def change(self, tx: Connection, incident_id: str, **values: Any) -> None:
        tx.execute(update(incidents).where(incidents.c.id == incident_id).values(**values))

    def add_update(self, tx: Connection, incident: Incident, text: dict[str, str], at: datetime) -> None:
        told = [{"text": one.text, "at": one.at.isoformat()} for one in incident.updates]
        self.change(tx, incident.id, updates=[*told, {"text": text, "at": at.isoformat()}])

    def subscribe(self, tx: Connection, incident: Incident, conversation_id: str) -> bool:
        """False when they had subscribed before."""
        key = {"incident_id": incident.id, "conversation_id": conversation_id}
        known = select(incident_subscribers.c.told).filter_by(**key)
        if tx.execute(known).first() is not None:
            return False
        tx.execute(insert(incident_subscribers).values(**key, told=len(incident.updates)))
        return True

    def untold(self, tx: Connection, incident: Incident, limit: int) -> list[tuple[str, int]]:
        """Conversations that wait for news of this incident, and how many updates each has got."""
        found = (
            select(incident_subscribers.c.conversation_id, incident_subscribers.c.told)
            .where(
                incident_subscribers.c.incident_id == incident.id,
                incident_subscribers.c.told < len(incident.updates),
            )
            .limit(limit)
        )
        return [(row.conversation_id, row.told) for row in tx.execute(found)]

    def told(self, tx: Connection, incident: Incident, conversation_id: str) -> None:
        tx.execute(
            update(incident_subscribers)
            .where(
                incident_subscribers.c.incident_id == incident.id,
                incident_subscribers.c.conversation_id == conversation_id,
            )
            .values(told=len(incident.updates))
        )

    def note_topic(self, tx: Connection, conversation_id: str, topic: str, page: str, at: datetime) -> None:
        _NOTE.run(tx, conversation_id=conversation_id, topic=topic, page=page[:500], at=at)

    def asked(self, tx: Connection, since: datetime, until: datetime) -> dict[str, int]:
        """Customers by topic within these moments."""
        found = (
            select(topic_hits.c.topic, func.count(topic_hits.c.conversation_id.distinct()).label("customers"))
            .where(topic_hits.c.at >= since, topic_hits.c.at < until)
            .group_by(topic_hits.c.topic)
        )
        return {row.topic: row.customers for row in tx.execute(found)}

    def pages(self, tx: Connection, since: datetime) -> dict[str, str]:
        """The page from which most customers asked about each topic; left out where nobody's is known."""
        count = func.count(topic_hits.c.conversation_id.distinct())
        found = (
            select(topic_hits.c.topic, topic_hits.c.page)
            .where(topic_hits.c.at >= since, topic_hits.c.page != "")
            .group_by(topic_hits.c.topic, topic_hits.c.page)
            .order_by(count)
        )
        return {row.topic: row.page for row in tx.execute(found)}

    def asked_before(self, tx: Connection, conversation_id: str, topic: str, since: datetime, until: datetime) -> bool:
        """Whether this customer has asked about the topic within these moments."""
        return _ASKED.row(tx, here=conversation_id, about=topic, since=since, until=until) is not None

    def forget_topics(self, tx: Connection, before: datetime) -> None:
        tx.execute(delete(topic_hits).where(topic_hits.c.at < before))

    def _found(self, tx: Connection, *conditions: Any) -> list[Incident]:
        found = _INCIDENTS.where(*conditions)
        return [_incident(row) for row in tx.execute(found)]


def new_incident(title: dict[str, str], text: dict[str, str], opened_by: str, at: datetime) -> Incident:
    """An incident about to be added; the store gives it its number."""
    return Incident(uuid4().hex, 0, title, text, (), (), IncidentState.ACTIVE, at, opened_by)


def as_dict(incident: Incident) -> dict[str, Any]:
    """The incident's words, for the audit log."""
    return {name: getattr(incident, name) for name in ("title", "text", "topics", "words")}


def _incident(row: Sequence[Any]) -> Incident:
    """The incident of a row of `_INCIDENTS`."""
    found = dict(zip(_NAMES, row, strict=True))
    updates = tuple(Update(one["text"], datetime.fromisoformat(one["at"])) for one in found["updates"])
    lists = {"topics": tuple(found["topics"]), "words": tuple(found["words"]), "updates": updates}
    return Incident(**found | lists | {"state": IncidentState(found["state"])})
