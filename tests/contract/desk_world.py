"""The world of the desk's state machine: people, calendars, a real database, and the rules that must always hold."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlalchemy import Connection, event

from bot.storage.sqlite import sqlite_engine
from handoff.calendar import hours
from handoff.desk import open_desk
from handoff.errors import HandoffError
from handoff.model import (
    Assignee,
    Mode,
    Outcome,
    Status,
    Ticket,
)
from handoff.policy import DAYS, Calendar, Group, Span
from handoff.sla import running
from tests.contract.backends import empty_sqlite_file

START = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)  # a Friday; on Sunday Berlin's clocks change
CONVERSATIONS = tuple(f"c{n}" for n in range(3))
PEOPLE = {name: Assignee(f"op-{name}", name.title()) for name in ("anna", "boris", "clara")}
LEAD = Assignee("op-lead", "Lead", lead=True)
TOPICS = ("", "billing", "outage")
MINUTE = timedelta(minutes=1)

WORKDAYS: dict[str, tuple[Span, ...]] = dict.fromkeys(DAYS[:5], (("09:00", "12:00"), ("13:00", "18:00")))
CALENDARS = (
    Calendar("always", "24/7"),
    Calendar("office", "Office", "Europe/Berlin", WORKDAYS, {"2026-03-30": ()}),
    Calendar("nights", "Nights", "Europe/Berlin", dict.fromkeys(DAYS, (("22:00", "24:00"), ("00:00", "06:00")))),
    Calendar("never", "Never", "Europe/Berlin", {}),
)
conversations = st.sampled_from(CONVERSATIONS)
people = st.sampled_from(sorted(PEOPLE))
groups = st.builds(
    Group,
    st.just("support"),
    st.just({"en": "Support"}),
    calendar=st.sampled_from([one.id for one in CALENDARS if one.id != "never"]),
    mode=st.sampled_from(Mode),
    silent_minutes=st.sampled_from((5, 60)),
    locked=st.booleans(),
)
policies = st.builds(
    lambda first, second, both: (first, replace(second, id="money", topics=("billing",)))[: 1 + both],
    groups,
    groups,
    st.booleans(),
)

HOLDERS = {
    Status.QUEUED: (False, False),
    Status.OFFERED: (False, True),
    Status.CLAIMED: (True, False),
    Status.SNOOZED: (True, False),
}


class World(RuleBasedStateMachine):
    """A desk on a database of its own; every act is one transaction, as in the product, and a refusal undoes it."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()
        path = Path(self._folder.name) / "desk.sqlite3"
        path.write_bytes(empty_sqlite_file())
        self.engine = sqlite_engine(path)
        # Nothing here has to survive a crash.
        event.listen(self.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        self.now = START
        self.desk = open_desk(lambda: self.now)
        self.opened = 0
        self.closed: dict[str, Outcome] = {}

    def teardown(self) -> None:
        self.engine.dispose()
        self._folder.cleanup()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.engine.connect() as tx:
            yield tx

    def do(self, act: Callable[[Connection], Any]) -> Any:
        """The act's result; None when the desk refused it."""
        try:
            with self.engine.connect().execution_options(immediate=True) as tx, tx.begin():
                return act(tx)
        except HandoffError:
            return None

    def held(self, conversation: str) -> Ticket | None:
        with self.reading() as tx:
            return self.desk.holding(tx, conversation)

    def on(self, conversation: str, act: Callable[[Connection, Ticket], Any]) -> Any:
        ticket = self.held(conversation)
        return None if ticket is None else self.do(lambda tx: act(tx, ticket))

    @invariant()
    def the_rules_of_the_house_hold(self) -> None:
        with self.engine.connect() as tx:
            queue = self.desk.queue(tx)
            self.none_is_lost_and_each_has_one_holder(tx, queue)
            self.loads_are_the_rows_and_never_above_the_cap(tx, queue)
            self.places_are_counted_as_the_queue_stands(tx, queue)
            self.clocks_run_in_working_hours_only(tx, queue)

    def none_is_lost_and_each_has_one_holder(self, tx: Connection, queue: list[Ticket]) -> None:
        latest = [self.desk.last(tx, conversation) for conversation in CONVERSATIONS]
        assert len(queue) + len(self.closed) == self.opened
        assert len({ticket.conversation_id for ticket in queue}) == len(queue)
        assert {one.id for one in latest if one and one.is_open} == {ticket.id for ticket in queue}
        for ticket in queue:
            assert (ticket.assignee is not None, ticket.offered_to is not None) == HOLDERS[ticket.status]
            assert ticket.outcome is None
        for ended in latest:
            assert ended is None or ended.is_open or ended.outcome is self.closed[ended.id]
        order = [(ticket.priority, ticket.queued_at, ticket.number) for ticket in queue]
        assert order == sorted(order)

    def loads_are_the_rows_and_never_above_the_cap(self, tx: Connection, queue: list[Ticket]) -> None:
        claimed = Counter(one.assignee.id for one in queue if one.assignee and one.status is Status.CLAIMED)
        asked = Counter(one.offered_to.id for one in queue if one.offered_to)
        for agent in self.desk.agents(tx):
            assert agent.load == claimed[agent.id] + asked[agent.id]
            assert agent.load <= agent.cap

    def places_are_counted_as_the_queue_stands(self, tx: Connection, queue: list[Ticket]) -> None:
        places: Counter[str] = Counter()
        for ticket in queue:
            places[ticket.group] += ticket.waits
            assert self.desk.position(tx, ticket) == (places[ticket.group] if ticket.waits else None)

    def clocks_run_in_working_hours_only(self, tx: Connection, queue: list[Ticket]) -> None:
        policy = self.desk.policy(tx)
        for ticket in queue:
            assert ticket.group in {group.id for group in policy.groups}
            assert ticket.resolve_due is None or ticket.resolve_left is None
            assert ticket.resolve_due is None or ticket.status is not Status.SNOOZED
            calendar = hours(policy.calendar(ticket.group))
            for _, due in running(ticket):
                open_then = calendar.open_at(due) or calendar.open_at(due - timedelta(microseconds=1))
                assert open_then or due <= self.now, "only what is overdue may stem from other hours"
            if self.desk.bot_helps(tx, ticket):
                told = self.desk.promise(tx, ticket)
                assert told is not None
                assert told.opens_at == calendar.next_open(self.now)
