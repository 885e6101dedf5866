"""The history of tickets and the audit log in SQL: lines are added, never changed."""

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select

from handoff.model import AuditEntry, Event
from handoff.tables import audit, events


class HistoryStore:
    """The History port on SQLAlchemy Core; every method takes part in the caller's transaction."""

    def note(self, tx: Connection, told: Iterable[Event]) -> None:
        rows = [
            {
                "ticket_id": event.ticket_id,
                "at": event.at,
                "actor_id": event.actor_id,
                "actor_name": event.actor_name,
                "act": event.act,
                "detail": event.detail,
            }
            for event in told
        ]
        if rows:
            tx.execute(insert(events), rows)

    def of(self, tx: Connection, ticket_id: str) -> list[Event]:
        found = select(events).where(events.c.ticket_id == ticket_id).order_by(events.c.id)
        return [
            Event(row["ticket_id"], row["at"], row["actor_id"], row["actor_name"], row["act"], row["detail"])
            for row in tx.execute(found).mappings()
        ]

    def audit(self, tx: Connection, entry: AuditEntry) -> None:
        tx.execute(
            insert(audit).values(
                at=entry.at,
                actor_id=entry.actor_id,
                actor_name=entry.actor_name,
                act=entry.act,
                object_kind=entry.object_kind,
                object_id=entry.object_id,
                detail=entry.detail,
            )
        )

    def entries(self, tx: Connection, before: int | None, limit: int, actor: str, act: str) -> list[AuditEntry]:
        found = select(audit).order_by(audit.c.id.desc()).limit(limit)
        if before is not None:
            found = found.where(audit.c.id < before)
        if actor:
            found = found.where(audit.c.actor_id == actor)
        if act:
            found = found.where(audit.c.act == act)
        return [AuditEntry(**row) for row in tx.execute(found).mappings()]
