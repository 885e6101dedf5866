"""What the clocks do by themselves, each thing once: offers, returns, wakings, warnings, reminders."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handoff.model import Mode, Outcome, Presence, Priority, Status, Sweep
from handoff.policy import DAYS, Calendar, Group, Policy
from tests.unit.handoff.scene import ANNA, BORIS, CLARA, MINUTE, START, Scene

PUSH = Policy((Group("support", {}, mode=Mode.PUSH, offer_seconds=20),))
OFFICE = Policy(
    (Group("support", {}, calendar="office"),),
    (Calendar("office", "Office", "UTC", dict.fromkeys(DAYS, (("08:00", "09:20"), ("12:00", "18:00")))),),
)


def told(sweeps: list[Sweep]) -> list[tuple[str, str, str]]:
    return [(one.kind, one.text_key, one.agent_id) for one in sweeps]


def test_offers_go_to_the_least_loaded_and_on_to_the_next_when_nobody_answers(scene: Scene) -> None:
    scene.rules(PUSH)
    scene.arrive(ANNA, BORIS)
    scene.claimed("busy", ANNA)
    scene.open("c1")
    assert told(scene.pass_time(0.1, ANNA, BORIS)) == [("offer", "", BORIS.id)]
    assert told(scene.pass_time(0.3, ANNA, BORIS)) == []
    assert told(scene.pass_time(0.1, ANNA, BORIS)) == [("expired", "", BORIS.id), ("offer", "", ANNA.id)]
    assert told(scene.pass_time(0.5, ANNA, BORIS)) == [("expired", "", ANNA.id)]
    held = scene.desk.holding(scene.tx, "c1")
    assert held is not None
    assert (held.status, held.queued_at, held.declined) == (Status.QUEUED, START, (BORIS.id, ANNA.id))
    scene.arrive(CLARA)
    assert told(scene.pass_time(0, ANNA, BORIS, CLARA)) == [("offer", "", CLARA.id)], "who comes later is asked too"


def test_offers_spread_evenly_and_stop_at_the_caps(scene: Scene) -> None:
    scene.rules(PUSH)
    scene.arrive(ANNA, BORIS, cap=3)
    for n in range(8):
        scene.open(f"c{n}")
    asked = [one.agent_id for one in scene.pass_time(0.1, ANNA, BORIS)]
    assert (asked.count(ANNA.id), asked.count(BORIS.id)) == (3, 3)
    assert sorted(one.number for one in scene.desk.queue(scene.tx) if one.status is Status.OFFERED) == [
        1,
        2,
        3,
        4,
        5,
        6,
    ]


def test_nothing_is_offered_in_pull_groups_or_while_the_group_is_closed(scene: Scene) -> None:
    scene.arrive(ANNA)
    scene.open("c1")
    assert told(scene.pass_time(0.1, ANNA)) == []
    scene.rules(Policy((replace(OFFICE.groups[0], mode=Mode.PUSH),), OFFICE.calendars))
    scene.clock.at = START + 30 * MINUTE
    assert "offer" not in {one.kind for one in scene.pass_time(0, ANNA)}
    scene.clock.at = START + timedelta(hours=3)
    assert "offer" in {one.kind for one in scene.pass_time(0, ANNA)}


def test_a_silent_assignee_loses_the_ticket_and_the_customer_gains_a_step(scene: Scene) -> None:
    scene.arrive(ANNA)
    ticket = scene.claimed()
    kinds = [one.kind for one in scene.pass_time(9.9, ANNA)]
    assert "returned" not in kinds
    assert ("returned", "silent", ANNA.id) in told(scene.pass_time(0.1, ANNA))
    back = scene.now(ticket)
    assert (back.status, back.assignee, back.priority, back.returned) == (Status.QUEUED, None, Priority.HIGH, 1)
    assert (back.queued_at, back.waiting_since) == (START, START), "the place and the wait are kept"
    assert "returned" in scene.acts(ticket)


def test_silence_counts_only_while_the_customer_waits_in_working_time_without_a_promise(scene: Scene) -> None:
    scene.rules(OFFICE)
    scene.arrive(ANNA)
    answered, promised, waiting = (scene.claimed(f"c{n}") for n in range(3))
    scene.says(answered)
    scene.desk.promise_update(scene.tx, promised.id, ANNA.id, START + timedelta(hours=4))
    scene.clock.at = START + 15 * MINUTE
    scene.hears(answered)
    for at in (START + 19 * MINUTE, START + 90 * MINUTE):
        scene.clock.at = at
        scene.pass_time(0, ANNA)
    assert scene.now(waiting).status is Status.QUEUED
    assert scene.now(promised).status is Status.CLAIMED, "news are promised for one o'clock"
    assert scene.now(answered).status is Status.CLAIMED, "five minutes before closing, the rest after the break"
    scene.clock.at = START + timedelta(hours=3, minutes=5)
    scene.pass_time(0, ANNA)
    assert scene.now(answered).status is Status.QUEUED


def test_an_assignee_who_is_gone_for_a_minute_loses_their_tickets_but_not_the_snoozed_ones(scene: Scene) -> None:
    scene.arrive(ANNA, BORIS)
    lost, off, safe = scene.claimed("c1"), scene.claimed("c2"), scene.claimed("c3", BORIS)
    scene.says(off)
    scene.desk.snooze(scene.tx, off.id, ANNA.id, None)
    scene.desk.leave(scene.tx, ANNA.id)
    assert scene.pass_time(0.9, BORIS) == []
    assert told(scene.pass_time(0.1, BORIS)) == [("offline", "", ANNA.id), ("returned", "gone", ANNA.id)]
    assert [scene.now(one).status for one in (lost, off, safe)] == [Status.QUEUED, Status.SNOOZED, Status.CLAIMED]
    assert scene.hears(off).status is Status.QUEUED


def test_going_offline_by_choice_frees_the_customers_after_the_grace(scene: Scene) -> None:
    scene.arrive(ANNA)
    scene.claimed()
    scene.desk.set_presence(scene.tx, ANNA.id, Presence.OFFLINE)
    assert scene.pass_time(0.9, ANNA) == []
    assert told(scene.pass_time(0.1, ANNA)) == [("returned", "gone", ANNA.id)]


def test_after_a_restart_everybody_has_the_grace_to_come_back(scene: Scene) -> None:
    scene.arrive(ANNA)
    ticket = scene.claimed()
    scene.says(ticket)
    scene.desk.dismiss(scene.tx, BORIS.id)
    scene.clock.at += 20 * MINUTE
    scene.desk.resume(scene.tx)
    assert scene.pass_time(0.5) == []
    scene.desk.arrive(scene.tx, ANNA.id, ANNA.name)
    assert scene.pass_time(0.9) == []
    assert scene.now(ticket).assignee == ANNA


def test_a_snooze_ends_at_its_moment(scene: Scene) -> None:
    scene.arrive(ANNA)
    ticket = scene.claimed()
    scene.says(ticket)
    scene.desk.snooze(scene.tx, ticket.id, ANNA.id, START + 30 * MINUTE, "мастер")
    assert scene.pass_time(29.9, ANNA) == []
    assert told(scene.pass_time(0.1, ANNA)) == [("woke", "assignee", ANNA.id)]
    assert scene.now(ticket).status is Status.CLAIMED


def test_waiting_raises_the_priority_by_the_rules(scene: Scene) -> None:
    ticket = scene.open()
    ranks = []
    for _ in range(35):
        scene.pass_time(1)
        ranks.append(int(scene.now(ticket).priority))
    assert (ranks[13], ranks[14], ranks[28], ranks[29]) == (3, 2, 2, 1)


def test_each_clock_warns_once_before_it_is_breached_and_is_breached_once(scene: Scene) -> None:
    scene.arrive(ANNA)
    ticket = scene.claimed(vip=True)  # first answer in 5 minutes
    seen: list[tuple[str, str, str]] = []
    moments: list[int] = []
    for seconds in (224, 1, 74, 1):
        seen += told(scene.pass_time(seconds / 60, ANNA))
        moments.append(len(seen))
    assert moments == [0, 1, 1, 2], "the last quarter of five minutes is warned, its end is the breach"
    seen += told(scene.pass_time(2, ANNA))
    assert seen == [("sla", "first", ANNA.id), ("breached", "first", ANNA.id)]
    assert scene.now(ticket).breached == ("first",)
    scene.says(ticket)
    scene.hears(ticket)
    assert told(scene.pass_time(7.5, ANNA)) == [("sla", "next", ANNA.id)]
    scene.says(ticket)
    scene.hears(ticket)
    assert told(scene.pass_time(7.5, ANNA)) == [("sla", "next", ANNA.id)], "a new wait is a new clock"


def test_a_promise_of_news_is_recalled_before_it_lapses_and_when_it_has(scene: Scene) -> None:
    scene.arrive(ANNA)
    ticket = scene.claimed()
    scene.says(ticket)
    scene.desk.promise_update(scene.tx, ticket.id, ANNA.id, START + 60 * MINUTE)
    assert told(scene.pass_time(57.9, ANNA)) == []
    assert told(scene.pass_time(0.1, ANNA)) == [("update", "update", ANNA.id)]
    assert told(scene.pass_time(2, ANNA)) == [("update", "lapsed", ANNA.id)]
    assert told(scene.pass_time(60, ANNA)) == []
    scene.desk.promise_update(scene.tx, ticket.id, ANNA.id, START + 200 * MINUTE)
    assert scene.says(ticket).next_update_at is None, "whoever writes has kept the promise"
    assert told(scene.pass_time(100, ANNA)) == []


def test_an_unclaimed_ticket_is_told_again_every_five_minutes_but_not_at_night(scene: Scene) -> None:
    scene.rules(OFFICE)
    scene.open()
    moments = []
    for minute in range(1, 200):
        if "unclaimed" in {one.kind for one in scene.pass_time(1)}:
            moments.append(minute)
    assert moments == [5, 10, 15, 185, 190, 195]


def test_closed_tickets_and_a_second_pass_are_left_in_peace(scene: Scene) -> None:
    scene.arrive(ANNA)
    closed, opened = scene.claimed("c1"), scene.open("c2")
    scene.desk.close(scene.tx, closed.id, Outcome.UNSOLVED)
    assert {one.ticket.id for one in scene.pass_time(500) if one.ticket} == {opened.id}
    assert scene.pass_time(0) == []


@pytest.mark.parametrize("silent", [False, True])
def test_a_returned_ticket_is_offered_to_others_first(scene: Scene, silent: bool) -> None:
    scene.rules(PUSH)
    scene.arrive(ANNA)
    ticket = scene.claimed()
    if silent:
        scene.arrive(BORIS)
        sweeps = told(scene.pass_time(10, ANNA, BORIS))
        assert ("offer", "", BORIS.id) in sweeps
    else:
        scene.desk.give_back(scene.tx, ticket.id, ANNA.id)
        assert told(scene.pass_time(0, ANNA)) == [], "whoever gave it back is not asked"
