"""Tickets in SQL."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, literal_column, or_, select, update

from handoff.model import (
    Agent,
    Assignee,
    Mood,
    Outcome,
    Priority,
    Reason,
    Served,
    Status,
    Ticket,
    Wish,
)
from handoff.tables import metadata, tickets

__all__ = ["TicketStore", "metadata"]

OPEN = tickets.c.status != Status.CLOSED.value
WAITS = tickets.c.status.in_((Status.QUEUED.value, Status.OFFERED.value))
INBOX = (tickets.c.priority, tickets.c.queued_at, tickets.c.number)
SERVED = 200

_PLAIN = [one.name for one in fields(Ticket) if one.name not in ("assignee", "offered_to")]
_PEOPLE = ("assignee_id", "assignee_name", "offered_id", "offered_name")
_WHOLE = [tickets.c[name] for name in (*_PLAIN, *_PEOPLE)]
# What the bot knew is the largest part of a row and nobody reads it in a list.
_LISTED = [literal_column("NULL") if column is tickets.c.summary else column for column in _WHOLE]
_KINDS: dict[str, dict[Any, Any]] = {
    "status": {one.value: one for one in Status},
    "reason": {one.value: one for one in Reason},
    "priority": {one.value: one for one in Priority},
    "mood": {one.value: one for one in Mood},
    "wish": {one.value: one for one in Wish},
    "outcome": {None: None} | {one.value: one for one in Outcome},
}


class TicketStore:
    """The Tickets port on SQLAlchemy Core; every method takes part in the caller's transaction."""

    def add(self, tx: Connection, ticket: Ticket, look: datetime | None) -> Ticket:
        number = tx.execute(select(func.coalesce(func.max(tickets.c.number), 0) + 1)).scalar_one()
        stored = replace(ticket, id=ticket.id or uuid4().hex, number=number)
        tx.execute(insert(tickets).values(**_row(stored), look_at=look))
        return stored

    def change(self, tx: Connection, before: Ticket, after: Ticket, look: datetime | None) -> bool:
        old, new = _row(before), _row(after)
        values = {name: value for name, value in new.items() if value != old[name]}
        same = (
            tickets.c.id == before.id,
            tickets.c.status == old["status"],
            tickets.c.assignee_id.is_not_distinct_from(old["assignee_id"]),
            tickets.c.offered_id.is_not_distinct_from(old["offered_id"]),
        )
        return tx.execute(update(tickets).where(*same).values(**values, look_at=look)).rowcount == 1

    def get(self, tx: Connection, ticket_id: str) -> Ticket | None:
        return _one(tx, tickets.c.id == ticket_id)

    def locked(self, tx: Connection, ticket_id: str) -> Ticket | None:
        row = tx.execute(select(*_WHOLE).where(tickets.c.id == ticket_id).with_for_update()).first()
        return None if row is None else _ticket(row)

    def open_one(self, tx: Connection, conversation_id: str) -> Ticket | None:
        return _one(tx, tickets.c.conversation_id == conversation_id, OPEN)

    def last(self, tx: Connection, conversation_id: str) -> Ticket | None:
        mine = select(*_WHOLE).where(tickets.c.conversation_id == conversation_id)
        row = tx.execute(mine.order_by(tickets.c.number.desc()).limit(1)).first()
        return None if row is None else _ticket(row)

    def open_ones(self, tx: Connection) -> list[Ticket]:
        return _many(tx, OPEN)

    def held(self, tx: Connection, operator_id: str) -> list[Ticket]:
        return _many(tx, OPEN, or_(tickets.c.assignee_id == operator_id, tickets.c.offered_id == operator_id))

    def holders(self, tx: Connection) -> list[Assignee]:
        found = (
            select(tickets.c.assignee_id, func.max(tickets.c.assignee_name))
            .where(tickets.c.status == Status.CLAIMED.value)
            .group_by(tickets.c.assignee_id)
        )
        return [Assignee(*row) for row in tx.execute(found)]

    def ahead(self, tx: Connection, ticket: Ticket) -> int:
        queued = ticket.queued_at or ticket.opened_at
        same_time = and_(tickets.c.queued_at == queued, tickets.c.number < ticket.number)
        same_priority = and_(tickets.c.priority == ticket.priority.value, or_(tickets.c.queued_at < queued, same_time))
        earlier = or_(tickets.c.priority < ticket.priority.value, same_priority)
        counted = select(func.count()).where(tickets.c.group == ticket.group, WAITS, earlier)
        return tx.execute(counted).scalar_one()

    def due(self, tx: Connection, now: datetime, limit: int) -> list[Ticket]:
        come = select(*_WHOLE).where(tickets.c.look_at <= now, OPEN).order_by(tickets.c.look_at).limit(limit)
        return [_ticket(row) for row in tx.execute(come)]

    def offerable(self, tx: Connection, agent: Agent, groups: Sequence[str], limit: int) -> list[Ticket]:
        fitting = [
            tickets.c.status == Status.QUEUED.value,
            tickets.c.group.in_(groups),
            tickets.c.declined.not_like(f'%"{agent.id}"%'),
        ]
        if agent.skills:
            fitting.append(tickets.c.topic.in_(("", *agent.skills)))
        if agent.langs:
            fitting.append(tickets.c.lang.in_(agent.langs))
        if agent.tier < 3:
            fitting.append(tickets.c.tier <= agent.tier)
        return _many(tx, *fitting, limit=limit)

    def served(self, tx: Connection, group: str, spans: Sequence[tuple[datetime, datetime]]) -> list[Served]:
        within = or_(*(tickets.c.responded_at.between(start, end) for start, end in spans))
        found = (
            select(tickets.c.opened_at, tickets.c.responded_at, tickets.c.closed_at)
            .where(tickets.c.group == group, within)
            .order_by(tickets.c.responded_at.desc())
            .limit(SERVED)
        )
        return [Served(*row) for row in tx.execute(found)]


def _one(tx: Connection, *conditions: ColumnElement[bool]) -> Ticket | None:
    row = tx.execute(select(*_WHOLE).where(*conditions)).first()
    return None if row is None else _ticket(row)


def _many(tx: Connection, *conditions: ColumnElement[bool], limit: int | None = None) -> list[Ticket]:
    """Tickets in inbox order, without their summaries."""
    found = tx.execute(select(*_LISTED).where(*conditions).order_by(*INBOX).limit(limit))
    return [_ticket(row) for row in found]


def _row(ticket: Ticket) -> dict[str, Any]:
    """Column values; enums are their values, people are two columns each."""
    row = {name: getattr(ticket, name) for name in _PLAIN}
    row |= {name: row[name] and row[name].value for name in _KINDS}
    for column, person in (("assignee", ticket.assignee), ("offered", ticket.offered_to)):
        row[f"{column}_id"], row[f"{column}_name"] = (person.id, person.name) if person else (None, None)
    return row


def _ticket(row: Row[Any]) -> Ticket:
    """The ticket of a row of `_WHOLE` or `_LISTED` columns."""
    values = dict(zip(_PLAIN, row, strict=False))
    for name, kinds in _KINDS.items():
        values[name] = kinds[values[name]]
    values["summary"] = values["summary"] or {}
    assignee_id, assignee_name, offered_id, offered_name = row[-len(_PEOPLE) :]
    return Ticket(
        **values,
        assignee=Assignee(assignee_id, assignee_name) if assignee_id else None,
        offered_to=Assignee(offered_id, offered_name) if offered_id else None,
    )
