"""Tickets in SQL."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

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

OPEN = tickets.c.status.in_([one.value for one in Status if one is not Status.CLOSED])
WAITS = tickets.c.status.in_((Status.QUEUED.value, Status.OFFERED.value))
PUT_OFF_UNANSWERED = and_(tickets.c.status == Status.SNOOZED.value, tickets.c.waiting_since.is_not(None))
INBOX = (tickets.c.priority, tickets.c.queued_at, tickets.c.number)
SERVED = 200
FEW = 200

_PLAIN = [one.name for one in fields(Ticket) if one.name not in ("assignee", "offered_to")]
_COLUMNS = [column.name for column in tickets.c]
# What the bot knew is the largest part of a row and nobody reads it in a list.
_LISTED = [literal_column("NULL") if column is tickets.c.summary else column for column in tickets.c]
# Asked several times in every turn, so they are put together once. Status in these words: then the unique index of open
# tickets answers.
_MINE = select(tickets).where(tickets.c.conversation_id == bindparam("wanted"))
_BY_ID = select(tickets).where(tickets.c.id == bindparam("wanted"))
_LOCKED = _BY_ID.with_for_update()
_OPEN_ONE = _MINE.where(tickets.c.status != literal_column(f"'{Status.CLOSED.value}'"))
_LAST = _MINE.order_by(tickets.c.number.desc()).limit(1)
_ADD, _NUMBER = insert(tickets), select(func.coalesce(func.max(tickets.c.number), 0) + 1)
_CHANGE = update(tickets).where(
    tickets.c.id == bindparam("ours"),
    tickets.c.status == bindparam("stood"),
    tickets.c.assignee_id.is_not_distinct_from(bindparam("had")),
    tickets.c.offered_id.is_not_distinct_from(bindparam("offered")),
)
_SAME_TIME = and_(tickets.c.queued_at == bindparam("since"), tickets.c.number < bindparam("nth"))
_EARLIER = or_(tickets.c.queued_at < bindparam("since"), _SAME_TIME)
_AHEAD = select(func.count()).where(
    tickets.c.group == bindparam("team"),
    WAITS,
    or_(
        tickets.c.priority < bindparam("urgent"),
        and_(tickets.c.priority == bindparam("urgent"), _EARLIER),
    ),
)
_KINDS: dict[str, dict[Any, Any]] = {
    "status": {one.value: one for one in Status},
    "reason": {one.value: one for one in Reason},
    "priority": {one.value: one for one in Priority},
    "mood": {one.value: one for one in Mood},
    "wish": {one.value: one for one in Wish},
    "outcome": {None: None} | {one.value: one for one in Outcome},
}


@cache
def _answered(spans: int) -> Select[Any]:
    within = [tickets.c.responded_at.between(bindparam(f"start{at}"), bindparam(f"end{at}")) for at in range(spans)]
    return (
        select(tickets.c.opened_at, tickets.c.responded_at, tickets.c.closed_at)
        .where(tickets.c.group == bindparam("team"), or_(*within))
        .order_by(tickets.c.responded_at.desc())
        .limit(SERVED)
    )


class TicketStore:
    """The Tickets port on SQLAlchemy Core; every method takes part in the caller's transaction."""

    def __init__(self) -> None:
        # Open tickets by id with their stamps. A stamp is drawn anew for every version of a ticket, in transactions
        # that are undone too, so what was read under it is true wherever it is met again.
        self._known: dict[str, tuple[str, Ticket]] = {}

    def add(self, tx: Connection, ticket: Ticket, look: datetime | None) -> Ticket:
        number = tx.execute(_NUMBER).scalar_one()
        stored = replace(ticket, id=ticket.id or uuid4().hex, number=number)
        tx.execute(_ADD, _row(stored) | {"look_at": look, "stamp": uuid4().hex})
        return stored

    def change(self, tx: Connection, before: Ticket, after: Ticket, look: datetime | None) -> bool:
        old, new = _row(before), _row(after)
        values = {name: value for name, value in new.items() if value != old[name]}
        same = {"ours": before.id, "stood": old["status"], "had": old["assignee_id"], "offered": old["offered_id"]}
        return tx.execute(_CHANGE, values | same | {"look_at": look, "stamp": uuid4().hex}).rowcount == 1

    def get(self, tx: Connection, ticket_id: str) -> Ticket | None:
        return _first(tx, _BY_ID, ticket_id)

    def locked(self, tx: Connection, ticket_id: str) -> Ticket | None:
        return _first(tx, _LOCKED, ticket_id)

    def open_one(self, tx: Connection, conversation_id: str) -> Ticket | None:
        return _first(tx, _OPEN_ONE, conversation_id)

    def last(self, tx: Connection, conversation_id: str) -> Ticket | None:
        return _first(tx, _LAST, conversation_id)

    def open_ones(self, tx: Connection) -> list[Ticket]:
        # The inbox is read often and changes little: only what has a new stamp is read whole.
        stamps = tx.execute(select(tickets.c.id, tickets.c.stamp).where(OPEN).order_by(*INBOX)).all()
        known = self._known
        new = {one for one, stamp in stamps if stamp is None or known.get(one, ("",))[0] != stamp}
        read = _listed(tx, tickets.c.id.in_(new) if len(new) <= FEW else OPEN) if new else {}
        found = {one: read.get(one) or known[one] for one, _ in stamps if one in read or one not in new}
        self._known = found
        return [ticket for _, ticket in found.values()]

    def held(self, tx: Connection, operator_id: str) -> list[Ticket]:
        return _many(tx, OPEN, or_(tickets.c.assignee_id == operator_id, tickets.c.offered_id == operator_id))

    def holders(self, tx: Connection) -> list[Assignee]:
        found = (
            select(tickets.c.assignee_id, func.max(tickets.c.assignee_name))
            .where(or_(tickets.c.status == Status.CLAIMED.value, PUT_OFF_UNANSWERED))
            .group_by(tickets.c.assignee_id)
        )
        return [Assignee(*row) for row in tx.execute(found)]

    def ahead(self, tx: Connection, ticket: Ticket) -> int:
        queued = ticket.queued_at or ticket.opened_at
        mine = {"since": queued, "nth": ticket.number, "urgent": ticket.priority.value, "team": ticket.group}
        return int(tx.execute(_AHEAD, mine).scalar_one())

    def due(self, tx: Connection, now: datetime, limit: int) -> list[Ticket]:
        come = select(tickets).where(tickets.c.look_at <= now, OPEN).order_by(tickets.c.look_at).limit(limit)
        return [_ticket(row) for row in tx.execute(come)]

    def apart(self, tx: Connection) -> AbstractContextManager[object]:
        return tx.begin_nested()

    def put_off(self, tx: Connection, ticket_id: str, look: datetime) -> None:
        tx.execute(update(tickets).where(tickets.c.id == ticket_id).values(look_at=look))

    def offerable(self, tx: Connection, agents: Sequence[Agent], groups: Sequence[str], limit: int) -> list[Ticket]:
        agent = agents[0]
        fitting = [
            tickets.c.status == Status.QUEUED.value,
            tickets.c.group.in_(groups),
            or_(*(tickets.c.declined.not_like(f'%"{one.id}"%') for one in agents)),
        ]
        if agent.skills:
            fitting.append(tickets.c.topic.in_(("", *agent.skills)))
        if agent.langs:
            fitting.append(tickets.c.lang.in_(agent.langs))
        if agent.tier < 3:
            fitting.append(tickets.c.tier <= agent.tier)
        return _many(tx, *fitting, limit=limit)

    def served(self, tx: Connection, group: str, spans: Sequence[tuple[datetime, datetime]]) -> list[Served]:
        ends = {f"start{at}": start for at, (start, _) in enumerate(spans)}
        ends |= {f"end{at}": end for at, (_, end) in enumerate(spans)}
        return [Served(*row) for row in tx.execute(_answered(len(spans)), {"team": group, **ends})]


def _first(tx: Connection, statement: Select[Any], wanted: str) -> Ticket | None:
    """`wanted`: the id of a ticket or of a conversation, as the statement asks."""
    row = tx.execute(statement, {"wanted": wanted}).first()
    return None if row is None else _ticket(row)


def _many(tx: Connection, *conditions: ColumnElement[bool], limit: int | None = None) -> list[Ticket]:
    return [ticket for _, ticket in _listed(tx, *conditions, limit=limit).values()]


def _listed(
    tx: Connection, *conditions: ColumnElement[bool], limit: int | None = None
) -> dict[str, tuple[str, Ticket]]:
    """Tickets in inbox order, without their summaries, by id with their stamps."""
    found = tx.execute(select(*_LISTED).where(*conditions).order_by(*INBOX).limit(limit))
    return {row.id: (row.stamp, _ticket(row)) for row in found}


def _row(ticket: Ticket) -> dict[str, Any]:
    """Column values; enums are their values, people are two columns each."""
    row = {name: getattr(ticket, name) for name in _PLAIN}
    row |= {name: row[name] and row[name].value for name in _KINDS}
    for column, person in (("assignee", ticket.assignee), ("offered", ticket.offered_to)):
        row[f"{column}_id"], row[f"{column}_name"] = (person.id, person.name) if person else (None, None)
    return row


def _ticket(row: Row[Any]) -> Ticket:
    """The ticket of a row of all columns, in their order."""
    values = dict(zip(_COLUMNS, row, strict=True))
    for name, kinds in _KINDS.items():
        values[name] = kinds[values[name]]
    values["summary"] = values["summary"] or {}
    del values["look_at"], values["stamp"]
    assignee = _person(values.pop("assignee_id"), values.pop("assignee_name"))
    offered_to = _person(values.pop("offered_id"), values.pop("offered_name"))
    return Ticket(**values, assignee=assignee, offered_to=offered_to)


def _person(operator_id: str | None, name: str) -> Assignee | None:
    return Assignee(operator_id, name) if operator_id else None
