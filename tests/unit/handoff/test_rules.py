"""Priorities, routing, presence and the checks of a policy: the pure rules a lead sets."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from handoff import presence, priority, routing
from handoff.errors import PolicyInvalid
from handoff.model import Agent, Mood, Presence, Priority, Reason, Ticket
from handoff.policy import Calendar, Group, Policy, PriorityRule
from handoff.policy_rules import check
from handoff.steps import opened
from tests.unit.handoff.scene import START, request

SECOND = timedelta(seconds=1)


def a_ticket(**more: Any) -> Ticket:
    return opened(request(**more), Policy(), START)


def an_agent(name: str = "a", **more: Any) -> Agent:
    return replace(Agent(name, name, Presence.ONLINE, START, START), **more)


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({}, Priority.NORMAL),
        ({"mood": Mood.ANNOYED}, Priority.HIGH),
        ({"mood": Mood.ANGRY}, Priority.URGENT),
        ({"vip": True}, Priority.HIGH),
        ({"topic": "outage"}, Priority.HIGH),
        ({"topic": "outage", "mood": Mood.ANGRY}, Priority.URGENT),
        ({"reason": Reason.FRUSTRATION}, Priority.HIGH),
        ({"topic": "billing"}, Priority.NORMAL),
    ],
)
def test_the_most_urgent_rule_that_matches_wins(facts: dict[str, Any], wanted: Priority) -> None:
    assert a_ticket(**facts).priority is wanted


def test_every_condition_of_a_rule_must_hold() -> None:
    rule = PriorityRule(Priority.URGENT, topic="billing", mood="angry", reason="asked", vip=True)
    whole = a_ticket(topic="billing", mood=Mood.ANGRY, vip=True)
    assert priority.matches(rule, whole)
    for change in ({"topic": "other"}, {"mood": Mood.CALM}, {"reason": Reason.DEGRADED}, {"vip": False}):
        assert not priority.matches(rule, replace(whole, **change))


def test_a_low_priority_comes_only_from_a_rule() -> None:
    rules = (PriorityRule(Priority.LOW, topic="praise"),)
    assert priority.rank(a_ticket(topic="praise"), rules) is Priority.LOW
    assert priority.rank(a_ticket(), rules) is Priority.NORMAL


def test_waiting_raises_step_by_step_and_the_next_step_is_known() -> None:
    ticket, policy = a_ticket(), Policy()
    assert [priority.rank(ticket, policy.rules, waited) for waited in (14.9, 15, 29, 30)] == [3, 2, 2, 1]
    assert priority.next_wait(ticket, policy) == 15
    assert priority.next_wait(replace(ticket, priority=Priority.HIGH), policy) == 30
    assert priority.next_wait(replace(ticket, priority=Priority.URGENT), policy) is None


def test_a_priority_set_by_hand_is_left_alone() -> None:
    ticket = replace(a_ticket(mood=Mood.ANGRY), priority=Priority.LOW, manual_priority=True)
    assert priority.ranked(ticket, Policy(), 1000).priority is Priority.LOW
    assert priority.next_wait(ticket, Policy()) is None


def test_a_raised_ticket_is_that_much_above_the_rules_but_never_above_urgent() -> None:
    assert priority.rank(replace(a_ticket(), raised=1), ()) is Priority.HIGH
    assert priority.rank(replace(a_ticket(), raised=3), ()) is Priority.URGENT


GROUPS = Policy((Group("support", {}), Group("money", {}, ("billing",)), Group("tech", {}, ("outage", "billing"))))


@pytest.mark.parametrize(
    ("topic", "group"), [("billing", "money"), ("outage", "tech"), ("x", "support"), ("", "support")]
)
def test_a_request_goes_to_the_first_group_with_its_topic_else_to_the_first_group(topic: str, group: str) -> None:
    assert routing.group_for(topic, GROUPS).id == group


@pytest.mark.parametrize(
    ("settings", "fits"),
    [
        ({}, True),
        ({"groups": ("money",)}, False),
        ({"groups": ("support", "money")}, True),
        ({"skills": ("billing",)}, False),
        ({"skills": ("outage",)}, True),
        ({"langs": ("en",)}, False),
        ({"langs": ("ru", "en")}, True),
        ({"tier": 3}, True),
    ],
)
def test_group_skill_language_and_tier_must_fit(settings: dict[str, Any], fits: bool) -> None:
    ticket = a_ticket(topic="outage")
    assert bool(routing.eligible([an_agent(**settings)], ticket, START)) is fits


def test_a_ticket_without_a_topic_is_everybodys_and_a_higher_tier_is_not() -> None:
    assert routing.fits(an_agent(skills=("billing",)), a_ticket())
    assert not routing.fits(an_agent(), replace(a_ticket(), tier=2))
    assert routing.fits(an_agent(tier=3), replace(a_ticket(), tier=4)), "nobody is above tier 3"


def test_only_free_people_who_have_not_declined_are_asked_least_loaded_first_then_longest_idle() -> None:
    ticket = replace(a_ticket(), declined=("refused",))
    people = [
        an_agent("full", load=5),
        an_agent("away", presence=Presence.AWAY),
        an_agent("gone", seen_at=START - 60 * SECOND),
        an_agent("closed page", left_at=START),
        an_agent("refused"),
        an_agent("busy", load=1, idle_since=START - 900 * SECOND),
        an_agent("fresh", idle_since=START),
        an_agent("idle", idle_since=START - 300 * SECOND),
    ]
    assert [agent.id for agent in routing.eligible(people, ticket, START)] == ["idle", "fresh", "busy"]


def test_an_agent_lives_by_signs_of_life() -> None:
    agent = an_agent()
    assert presence.reachable(agent, START + 59 * SECOND)
    assert presence.shown(agent, START + 60 * SECOND) is Presence.OFFLINE
    assert presence.gone(agent, START + 60 * SECOND)
    assert not presence.gone(presence.beaten(agent, START + 50 * SECOND), START + 100 * SECOND)


def test_a_reload_keeps_away_and_a_return_after_the_grace_is_online() -> None:
    away = replace(an_agent(presence=Presence.AWAY), left_at=START)
    assert presence.arrived(away, START + 5 * SECOND).presence is Presence.AWAY
    assert presence.arrived(away, START + 90 * SECOND).presence is Presence.ONLINE
    assert presence.arrived(Agent("new", "New"), START).presence is Presence.ONLINE


def test_a_heartbeat_brings_back_whom_the_clock_took_offline_but_not_who_chose_it() -> None:
    lost = presence.lost(an_agent(), START + 60 * SECOND)
    assert presence.beaten(lost, START + 70 * SECOND).presence is Presence.ONLINE
    chose = presence.chosen(an_agent(), Presence.OFFLINE, START)
    assert presence.beaten(chose, START + 5 * SECOND).presence is Presence.OFFLINE


@pytest.mark.parametrize("back", [presence.arrived, presence.beaten])
def test_a_chosen_offline_outlives_a_dropped_connection(back: Callable[[Agent, datetime], Agent]) -> None:
    dropped = replace(presence.chosen(an_agent(), Presence.OFFLINE, START), left_at=START)
    returned = back(dropped, START + 5 * SECOND)
    assert (returned.presence, returned.since, returned.left_at) == (Presence.OFFLINE, START, None)
    assert presence.gone(replace(returned, seen_at=START + 60 * SECOND), START + 61 * SECOND)


def test_who_works_without_a_page_and_opens_one_is_online() -> None:
    through_the_api = Agent("a", "A", seen_at=START, left_at=START)
    assert presence.arrived(through_the_api, START + 5 * SECOND).presence is Presence.ONLINE


def test_whoever_goes_offline_by_choice_keeps_their_customers_for_the_grace_only() -> None:
    chose = presence.chosen(an_agent(), Presence.OFFLINE, START)
    beating = presence.beaten(chose, START + 55 * SECOND)
    assert not presence.gone(beating, START + 59 * SECOND)
    assert presence.gone(beating, START + 60 * SECOND)


def _week(*spans: tuple[str, str]) -> Calendar:
    return Calendar("office", "Офис", "UTC", {"mon": spans})


@pytest.mark.parametrize(
    ("policy", "place"),
    [
        (Policy(groups=()), "at least one group"),
        (Policy((Group("a", {}), Group("a", {}))), "group a exists twice"),
        (Policy((Group("a", {}, ("x",)), Group("b", {}, ("x",)))), "topic x belongs to two groups"),
        (Policy(calendars=(Calendar("always", ""), Calendar("always", ""))), "calendar always exists twice"),
        (Policy((Group("a", {"en": "Sales"}, calendar="gone"),)), "group Sales: calendar gone"),
        (Policy(calendars=(Calendar("always", "Nice", "Mars/Base"),)), "calendar Nice: time zone Mars/Base"),
        (Policy(calendars=(Calendar("always", "", "../etc"),)), "time zone ../etc"),
        (Policy(calendars=(Calendar("always", ""), _week(("09:00", "12:00"), ("11:00", "13:00")))), "Офис, mon: 11:00"),
        (Policy(calendars=(Calendar("always", ""), _week(("12:00", "12:00")))), "ends before it begins"),
        (Policy(calendars=(Calendar("always", "", days={"2026-02-30": ()}),)), "2026-02-30 is not a date"),
        (Policy(calendars=(Calendar("always", "", weekly={"noday": ()}),)), "noday"),
        (Policy(calendars=(Calendar("always", "", days={"2026-05-01": ()}, checkpoints=("2026-05-01",)),)), "looks in"),
        (Policy(calendars=(Calendar("always", "Ночь", weekly={}),)), "group Support: calendar Ночь never opens"),
        (
            Policy(calendars=(Calendar("always", "", weekly={}, days={"2026-03-01": (("09:00", "18:00"),)}),)),
            "never opens",
        ),
        (Policy(targets={}), "priority 1 has no SLA"),
    ],
)
def test_rules_that_contradict_themselves_are_refused_with_their_place(policy: Policy, place: str) -> None:
    with pytest.raises(PolicyInvalid, match=place) as refusal:
        check(policy, START)
    assert refusal.value.places["ru"] != refusal.value.places["en"]


def test_spans_may_touch_and_end_at_midnight() -> None:
    check(Policy(calendars=(Calendar("always", ""), _week(("12:00", "24:00"), ("09:00", "12:00")))), START)


def test_a_calendar_that_never_opens_may_be_kept_while_no_group_uses_it() -> None:
    check(Policy(calendars=(Calendar("always", ""), Calendar("empty", "", weekly={}))), START)
