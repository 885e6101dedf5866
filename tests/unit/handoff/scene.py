"""People, requests and time for the desk's tests, and the few words in which a shift is told."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from handoff.desk import Desk
from handoff.model import Agent, Assignee, Line, Reason, Request, Sweep, Ticket
from handoff.policy import Policy

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ANNA, BORIS, CLARA = Assignee("op-anna", "Анна"), Assignee("op-boris", "Борис"), Assignee("op-clara", "Клара")
LEAD = Assignee("op-lead", "Ольга", lead=True)


class Clock:
    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


def request(conversation_id: str = "c1", reason: Reason = Reason.ASKED, **more: Any) -> Request:
    return replace(Request(conversation_id, reason, "ru", "widget", subject="Вопрос"), **more)


@dataclass(frozen=True, slots=True)
class Scene:
    """The desk with its open transaction and clock."""

    desk: Desk
    tx: Connection
    clock: Clock

    def arrive(self, *people: Assignee, **settings: Any) -> None:
        for one in people:
            self.desk.place_agent(self.tx, Agent(one.id, one.name, **settings))
            self.desk.arrive(self.tx, one.id, one.name)

    def rules(self, policy: Policy) -> Policy:
        version = self.desk.policy(self.tx).version
        return self.desk.set_policy(self.tx, replace(policy, version=version), LEAD)

    def open(self, conversation_id: str = "c1", **more: Any) -> Ticket:
        return self.desk.open(self.tx, request(conversation_id, **more))

    def claimed(self, conversation_id: str = "c1", by: Assignee = ANNA, **more: Any) -> Ticket:
        return self.desk.claim(self.tx, self.open(conversation_id, **more).id, by)[0]

    def now(self, ticket: Ticket) -> Ticket:
        return self.desk.get(self.tx, ticket.id)

    def hears(self, ticket: Ticket, text: str = "Алло?") -> Ticket:
        line = Line(self.now(ticket).last_seq + 1, "customer", text, self.clock.at)
        heard = self.desk.heard(self.tx, ticket.conversation_id, line)
        assert heard is not None
        return heard

    def says(self, ticket: Ticket, text: str = "Смотрю") -> Ticket:
        return self.desk.spoke(self.tx, ticket.id, Line(self.now(ticket).last_seq + 1, "operator", text, self.clock.at))

    def pass_time(self, minutes: float, *present: Assignee) -> list[Sweep]:
        """Time passes for those present; then the clocks act."""
        self.clock.at += minutes * MINUTE
        for one in present:
            self.desk.beat(self.tx, one.id)
        return self.desk.sweep(self.tx, self.clock.at)

    def acts(self, ticket: Ticket) -> list[str]:
        return [event.act for event in self.desk.history(self.tx, ticket.id)]
