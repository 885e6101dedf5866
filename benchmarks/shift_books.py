"""Judges a shift by the database and by what customers and operators wrote down: nothing lost, nothing held twice."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.figures import spread
from tests.operators import Operator

if TYPE_CHECKING:
    from benchmarks.shift import Visit

HOLDS = frozenset({"claimed", "transferred", "assigned", "reopened", "woke"})
"""Acts after which the ticket is in the hands of `detail.assignee`, if that names somebody."""
FREES = frozenset({"given_back", "returned", "closed", "to_bot", "escalated", "snoozed"})


def judge(database: Path, visits: list["Visit"], operators: list[Operator]) -> dict[str, Any]:
    """The report. `kept`: every handoff was told, noticed and answered, by one person at a time, within the caps."""
    tickets, events = _read(database)
    seen = {one.customer.ledger.conversation: one for one in visits if one.customer}
    asked = [ticket for ticket in tickets if ticket["reason"] != "taken"]
    told = sum(_told(seen[ticket["conversation_id"]]) for ticket in asked)
    noticed = sum(any(ticket["id"] in one.books.noticed for one in operators) for ticket in asked)
    answered = sum(ticket["responded_at"] is not None for ticket in asked)
    twice, over = _held_twice(events), _over_cap(events, {one.me: one.habits.cap for one in operators})
    promised = [ticket["promise_kept"] for ticket in asked if ticket["promised_by"] is not None]
    lost: Counter[str] = Counter()
    for operator in operators:
        lost.update(operator.books.lost)
    return {
        "customers": len(visits),
        "asked": len(asked),
        "told": told,
        "noticed": noticed,
        "answered": answered,
        "closed": sum(ticket["status"] == "closed" for ticket in asked),
        "returned_to_the_queue": sum(ticket["returned"] for ticket in asked),
        "handoff_to_operators_ms": spread(list(_to_screens(asked, operators))),
        "claim_to_customer_ms": spread(list(_to_customers(operators, seen))),
        "two_assignees_at_a_time": twice,
        "caps_exceeded": over,
        "promises_made": len(promised),
        "promises_kept": sum(bool(kept) for kept in promised),
        "claims_by_operator": {one.habits.login: len(one.books.claims) for one in operators},
        "refusals": dict(lost),
        "kept": len({len(asked), told, noticed, answered}) == 1 and not twice and not over,
    }


def _read(database: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        tickets = [dict(row) for row in connection.execute("SELECT * FROM tickets ORDER BY number")]
        events = [dict(row) for row in connection.execute("SELECT * FROM ticket_events ORDER BY id")]
    return tickets, [event | {"detail": json.loads(event["detail"])} for event in events]


def _told(visit: "Visit") -> bool:
    return visit.customer is not None and any(row["kind"] == "handoff" for row in visit.customer.ledger.shown)


def _to_screens(tickets: list[dict[str, Any]], operators: list[Operator]) -> Iterable[float]:
    """Seconds from the moment a ticket was opened to each operator's socket that was there."""
    for ticket in tickets:
        opened = datetime.fromisoformat(ticket["opened_at"]).replace(tzinfo=UTC).timestamp()
        for operator in operators:
            if ticket["id"] in operator.books.noticed:
                yield operator.books.noticed[ticket["id"]] - opened


def _to_customers(operators: list[Operator], seen: dict[str, "Visit"]) -> Iterable[float]:
    """Seconds from the press of Claim to the customer's screen saying who has joined."""
    for operator in operators:
        for ticket, sent in operator.books.claims:
            visit = seen[ticket["conversation"]]
            shown = visit.customer.ledger.shown if visit.customer else []
            after = [
                visit.seen[row["seq"]] for row in shown if row["kind"] == "joined" and visit.seen[row["seq"]] > sent
            ]
            if after:
                yield min(after) - sent


def _held_twice(events: list[dict[str, Any]]) -> int:
    """Times that a ticket got a second holder while it had one who had not passed it on."""
    holder: dict[str, str] = {}
    twice = 0
    for event in events:
        ticket, act = event["ticket_id"], event["act"]
        if act == "claimed":
            twice += holder.get(ticket, event["actor_id"]) != event["actor_id"]
            holder[ticket] = event["actor_id"]
        elif act in HOLDS:
            holder[ticket] = event["detail"].get("assignee", "")
        elif act in FREES:
            holder.pop(ticket, None)
    return twice


def _over_cap(events: list[dict[str, Any]], caps: dict[str, int]) -> int:
    """Times that an operator got one ticket more than their cap."""
    held: dict[str, set[str]] = {}
    over = 0
    for event in events:
        ticket = event["ticket_id"]
        for tickets in held.values():
            if event["act"] in FREES | HOLDS:
                tickets.discard(ticket)
        taker = event["actor_id"] if event["act"] == "claimed" else event["detail"].get("assignee", "")
        if event["act"] in HOLDS and taker:
            held.setdefault(taker, set()).add(ticket)
            over += len(held[taker]) > caps.get(taker, 99)
    return over
