"""Agents in SQL: presence, limits, groups, and the load counted from the tickets themselves."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, RowMapping, Select, delete, func, insert, or_, select, update

from handoff.model import Agent, Presence, Status
from handoff.tables import agents, tickets

_load = (
    select(func.count())
    .select_from(tickets)
    .where(
        or_(
            (tickets.c.assignee_id == agents.c.operator_id) & (tickets.c.status == Status.CLAIMED.value),
            (tickets.c.offered_id == agents.c.operator_id) & (tickets.c.status == Status.OFFERED.value),
        )
    )
    .correlate(agents)
    .scalar_subquery()
)

_COUNTED = select(agents, _load.label("load"))
_ALL = _COUNTED.order_by(agents.c.name, agents.c.operator_id)


class AgentStore:
    """The Agents port on SQLAlchemy Core; every method takes part in the caller's transaction."""

    def all(self, tx: Connection) -> list[Agent]:
        return _agents(tx, _ALL)

    def get(self, tx: Connection, operator_id: str) -> Agent | None:
        return next(iter(_agents(tx, _COUNTED.where(agents.c.operator_id == operator_id))), None)

    def locked(self, tx: Connection, operator_id: str) -> Agent | None:
        # The lock first, the count after it: another transaction may have given work meanwhile.
        tx.execute(select(agents.c.operator_id).where(agents.c.operator_id == operator_id).with_for_update())
        return self.get(tx, operator_id)

    def save(self, tx: Connection, agent: Agent) -> None:
        values = {
            "name": agent.name,
            "presence": agent.presence.value,
            "since": agent.since,
            "seen_at": agent.seen_at,
            "left_at": agent.left_at,
            "idle_since": agent.idle_since,
            "cap": agent.cap,
            "groups": agent.groups,
            "skills": agent.skills,
            "langs": agent.langs,
            "tier": agent.tier,
        }
        if not tx.execute(update(agents).where(agents.c.operator_id == agent.id).values(**values)).rowcount:
            tx.execute(insert(agents).values(operator_id=agent.id, **values))

    def seen(self, tx: Connection, operator_id: str, at: datetime) -> None:
        tx.execute(update(agents).where(agents.c.operator_id == operator_id).values(seen_at=at))

    def given(self, tx: Connection, operator_id: str, at: datetime) -> None:
        tx.execute(update(agents).where(agents.c.operator_id == operator_id).values(idle_since=at))

    def forget(self, tx: Connection, operator_id: str) -> None:
        tx.execute(delete(agents).where(agents.c.operator_id == operator_id))

    def lapsed(self, tx: Connection, before: datetime) -> list[Agent]:
        quiet = or_(agents.c.seen_at.is_(None), agents.c.seen_at <= before)
        return _agents(tx, _COUNTED.where(agents.c.presence != Presence.OFFLINE.value, quiet))


def _agents(tx: Connection, query: Select[tuple[object, ...]]) -> list[Agent]:
    return [_agent(row) for row in tx.execute(query).mappings()]


def _agent(row: RowMapping) -> Agent:
    values = dict(row)
    values["id"] = values.pop("operator_id")
    return replace(Agent(**values), presence=Presence(values["presence"]))
