"""The desk under any order of events: a state machine of operators, customers and time on a real database."""

import os
from dataclasses import replace
from functools import partial

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from handoff.model import (
    Agent,
    Destination,
    Line,
    Mood,
    Outcome,
    Presence,
    Priority,
    Reason,
    Request,
    Status,
)
from handoff.policy import Group, Policy
from handoff.presence import reachable
from tests.contract.desk_world import (
    CALENDARS,
    LEAD,
    MINUTE,
    PEOPLE,
    TOPICS,
    World,
    conversations,
    people,
    policies,
)


class Shift(World):
    """What operators, customers, leads and the clock can do."""

    @initialize(policy=policies, caps=st.tuples(*[st.integers(1, 2)] * 3))
    def morning(self, policy: tuple[Group, ...], caps: tuple[int, ...]) -> None:
        self.new_rules(policy)
        placed = zip(PEOPLE.values(), caps, ((), ("money",), ("support",)), ((), ("ru",), ()), strict=True)
        for tier, (one, cap, mine, langs) in enumerate(placed, 1):
            agent = Agent(one.id, one.name, cap=cap, groups=mine, langs=langs, tier=tier)
            self.do(partial(self.desk.place_agent, agent=agent))
            self.do(partial(self.desk.arrive, operator_id=one.id, name=one.name))

    @rule(policy=policies)
    def new_rules(self, policy: tuple[Group, ...]) -> None:
        with self.reading() as tx:
            version = self.desk.policy(tx).version
        stored = self.do(lambda tx: self.desk.set_policy(tx, Policy(policy, CALENDARS, version=version), LEAD))
        assert stored is not None
        assert self.do(lambda tx: self.desk.set_policy(tx, replace(stored, version=version), LEAD)) is None

    @rule(
        conversation=conversations,
        topic=st.sampled_from(TOPICS),
        lang=st.sampled_from(("ru", "en")),
        mood=st.sampled_from(Mood),
    )
    def open(self, conversation: str, topic: str, lang: str, mood: Mood) -> None:
        before = self.held(conversation)
        request = Request(conversation, Reason.ASKED, lang, "widget", topic=topic, mood=mood)
        ticket = self.do(lambda tx: self.desk.open(tx, request))
        assert ticket is not None, "whoever asks for a person gets a ticket"
        if before is None:
            self.opened += 1
            assert ticket.number == self.opened
        else:
            assert ticket.id == before.id
        self.sweep()

    @rule(conversation=conversations, who=people)
    def take(self, conversation: str, who: str) -> None:
        request = Request(conversation, Reason.TAKEN, "ru", "widget")
        free = self.held(conversation) is None
        ticket = self.do(lambda tx: self.desk.take(tx, request, PEOPLE[who]))
        self.opened += free and ticket is not None

    @rule(conversation=conversations, who=people)
    def claim(self, conversation: str, who: str) -> None:
        before = self.held(conversation)
        answer = self.on(conversation, lambda tx, ticket: self.desk.claim(tx, ticket.id, PEOPLE[who]))
        if answer is not None and before is not None:
            assert before.assignee in (None, PEOPLE[who]), "nobody is robbed"
            assert before.offered_to in (None, PEOPLE[who]), "an offer is for one"
            assert answer[0].assignee == PEOPLE[who]

    @rule(conversation=conversations, topic=st.sampled_from(TOPICS), lang=st.sampled_from(("ru", "en")), who=people)
    def open_and_claim(self, conversation: str, topic: str, lang: str, who: str) -> None:
        self.open(conversation, topic, lang, Mood.CALM)
        self.claim(conversation, who)

    @rule(conversation=conversations, who=people)
    def decline(self, conversation: str, who: str) -> None:
        self.on(conversation, lambda tx, ticket: self.desk.decline(tx, ticket.id, PEOPLE[who].id))

    @rule(conversation=conversations, who=people)
    def give_back(self, conversation: str, who: str) -> None:
        before = self.held(conversation)
        back = self.on(conversation, lambda tx, ticket: self.desk.give_back(tx, ticket.id, PEOPLE[who].id))
        if back is not None and before is not None:
            assert (back.queued_at, back.opened_at) == (before.queued_at, before.opened_at)

    @rule(conversation=conversations, who=people, to=people, lead=st.booleans())
    def transfer(self, conversation: str, who: str, to: str, lead: bool) -> None:
        by, there = LEAD if lead else PEOPLE[who], Destination(operator_id=PEOPLE[to].id)
        moved = self.on(conversation, lambda tx, ticket: self.desk.transfer(tx, ticket.id, by, "why", there))
        assert moved is None or moved.assignee == PEOPLE[to]

    @rule(chosen=st.sets(conversations), group=st.sampled_from(("support", "money")), who=people | st.none())
    def assign(self, chosen: set[str], group: str, who: str | None) -> None:
        ids = [ticket.id for ticket in map(self.held, sorted(chosen)) if ticket is not None]
        to = Destination(group=group) if who is None else Destination(operator_id=PEOPLE[who].id)
        moved, refused = self.do(lambda tx: self.desk.assign(tx, ids, LEAD, "why", to))
        assert {ticket.id for ticket in moved} | refused.keys() == set(ids)

    @rule(conversation=conversations, who=people)
    def escalate(self, conversation: str, who: str) -> None:
        self.on(conversation, lambda tx, ticket: self.desk.escalate(tx, ticket.id, PEOPLE[who], "why", "vendor"))

    @rule(conversation=conversations, who=people, minutes=st.none() | st.sampled_from((5, 600)))
    def snooze(self, conversation: str, who: str, minutes: int | None) -> None:
        until = None if minutes is None else self.now + minutes * MINUTE
        self.on(conversation, lambda tx, ticket: self.desk.snooze(tx, ticket.id, PEOPLE[who].id, until, "later"))

    @rule(conversation=conversations)
    def wake(self, conversation: str) -> None:
        woken = self.on(conversation, lambda tx, ticket: self.desk.wake(tx, ticket.id, LEAD))
        assert woken is None or woken.status is not Status.SNOOZED

    @rule(conversation=conversations, said=st.booleans())
    def words(self, conversation: str, said: bool) -> None:
        """The customer writes, or whoever holds the ticket answers."""
        before = self.held(conversation)
        if before is None:
            return
        line = Line(before.last_seq + 1, "operator" if said else "customer", "words", self.now)
        if not said:
            heard = self.do(lambda tx: self.desk.heard(tx, conversation, line))
            assert heard.waiting_since is not None
            assert heard.status is not Status.SNOOZED
        elif before.assignee is not None:
            spoken = self.do(lambda tx: self.desk.spoke(tx, before.id, line))
            assert (spoken.waiting_since, spoken.first_due, spoken.next_due) == (None, None, None)

    @rule(conversation=conversations, mood=st.sampled_from(Mood), priority=st.none() | st.sampled_from(Priority))
    def rank(self, conversation: str, mood: Mood, priority: Priority | None) -> None:
        if priority is None:
            self.on(conversation, lambda tx, ticket: self.desk.feel(tx, ticket.id, mood))
        else:
            self.on(conversation, lambda tx, ticket: self.desk.prioritise(tx, ticket.id, LEAD, priority))

    @rule(conversation=conversations, who=people, minutes=st.sampled_from((3, 90)))
    def promise_news(self, conversation: str, who: str, minutes: int) -> None:
        at = self.now + minutes * MINUTE
        self.on(conversation, lambda tx, ticket: self.desk.promise_update(tx, ticket.id, PEOPLE[who].id, at))

    @rule(conversation=conversations, outcome=st.sampled_from(Outcome), returns=st.booleans())
    def close(self, conversation: str, outcome: Outcome, returns: bool) -> None:
        ended = self.on(conversation, lambda tx, ticket: self.desk.close(tx, ticket.id, outcome))
        if ended is not None:
            self.closed[ended.id] = outcome
            assert self.do(lambda tx: self.desk.close(tx, ended.id, Outcome.WITHDRAWN)) is None, "one outcome"
            if returns:
                self.reopen(conversation)

    @rule(conversation=conversations)
    def reopen(self, conversation: str) -> None:
        again = self.do(lambda tx: self.desk.reopen(tx, conversation))
        if again is not None:
            assert self.closed.pop(again.id) in (Outcome.SOLVED, Outcome.UNSOLVED)
            assert (again.status, again.outcome) == (Status.CLAIMED, None)

    @rule(who=people, presence=st.sampled_from(Presence))
    def presence(self, who: str, presence: Presence) -> None:
        self.do(lambda tx: self.desk.set_presence(tx, PEOPLE[who].id, presence))

    @rule(who=people, comes=st.booleans())
    def page(self, who: str, comes: bool) -> None:
        one = PEOPLE[who]
        self.do(lambda tx: self.desk.arrive(tx, one.id, one.name) if comes else self.desk.leave(tx, one.id))

    @rule(minutes=st.sampled_from((0.2, 0.6, 3, 11, 70, 700)), absent=st.none() | people)
    def time_passes(self, minutes: float, absent: str | None) -> None:
        self.now += minutes * MINUTE
        for who in PEOPLE.keys() - {absent}:
            self.do(partial(self.desk.beat, operator_id=PEOPLE[who].id))
        self.sweep()

    @rule()
    def sweep(self) -> None:
        told = self.do(lambda tx: self.desk.sweep(tx, self.now))
        for one in told:
            if one.kind == "offer":
                with self.reading() as tx:
                    agent = self.desk.agent(tx, one.agent_id)
                assert agent is not None
                assert reachable(agent, self.now)
        assert self.do(lambda tx: self.desk.sweep(tx, self.now)) == [], "a second pass at once does nothing"


DEEP = int(os.environ.get("ZEROLINE_TEST_SHIFTS", "0"))
TestShift = Shift.TestCase
TestShift.settings = settings(
    max_examples=DEEP or 20,
    stateful_step_count=60 if DEEP else 40,
    deadline=None,
    derandomize=not DEEP,
    database=None,
    suppress_health_check=list(HealthCheck),
)
