"""The rules of the desk in SQL: one JSON document with a version."""

import json
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from handoff.model import Mode, Priority
from handoff.policy import Calendar, Group, Policy, PriorityRule, Target
from handoff.tables import policies

ONLY = 1
_KEPT = select(policies.c.version, policies.c.value).where(policies.c.id == ONLY)


class PolicyStore:
    """The Policies port on SQLAlchemy Core; every method takes part in the caller's transaction."""

    def __init__(self) -> None:
        # Read at every step of a ticket, changed once a week. The text itself is the key: a version that was rolled
        # back may come again with other words.
        self._known: tuple[int, str, Policy] = (-1, "", Policy())

    def get(self, tx: Connection) -> Policy:
        row = tx.execute(_KEPT).first()
        if row is None:
            return Policy()
        version, value, policy = self._known
        if (version, value) != (row.version, row.value):
            policy = replace(from_json(json.loads(row.value)), version=row.version)
            self._known = (row.version, row.value, policy)
        return policy

    def save(self, tx: Connection, policy: Policy, at: datetime, by: str) -> Policy | None:
        values: dict[str, Any] = {
            "value": json.dumps(asdict(policy), ensure_ascii=False),
            "version": policy.version + 1,
            "changed_at": at,
            "changed_by": by,
        }
        if policy.version == 0:
            if tx.execute(select(policies.c.id).where(policies.c.id == ONLY)).first() is not None:
                return None
            tx.execute(insert(policies).values(id=ONLY, **values))
        else:
            mine = (policies.c.id == ONLY, policies.c.version == policy.version)
            if tx.execute(update(policies).where(*mine).values(**values)).rowcount != 1:
                return None
        return self.get(tx)


def from_json(value: dict[str, Any]) -> Policy:
    """The policy of a stored document; a field that a newer version added has its default."""
    return Policy(
        groups=tuple(
            Group(**{**one, "topics": tuple(one["topics"]), "mode": Mode(one["mode"])}) for one in value["groups"]
        ),
        calendars=tuple(_calendar(one) for one in value["calendars"]),
        targets={Priority(int(key)): Target(**one) for key, one in value["targets"].items()},
        rules=tuple(PriorityRule(**{**one, "priority": Priority(one["priority"])}) for one in value["rules"]),
        tags=tuple(value["tags"]),
    )


def _calendar(value: dict[str, Any]) -> Calendar:
    days = {name: {day: tuple(map(tuple, spans)) for day, spans in value[name].items()} for name in ("weekly", "days")}
    return Calendar(**{**value, **days, "checkpoints": tuple(value["checkpoints"])})
