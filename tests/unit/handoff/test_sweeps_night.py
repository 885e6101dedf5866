"""The clocks beyond the common case: put off unanswered, refused by all, after hours, at opening, and broken."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from handoff.model import Mode, Priority, Status, Sweep
from handoff.policy import DAYS, Calendar, Group, Policy
from handoff.tables import tickets
from tests.unit.handoff.scene import ANNA, BORIS, MINUTE, START, Scene

PUSH = Policy((Group("support", {}, mode=Mode.PUSH, offer_seconds=20),))
DAY = Calendar("day", "Day", "UTC", dict.fromkeys(DAYS, (("08:00", "12:00"), ("13:00", "18:00"))))
OFFICE = Policy((Group("support", {}, calendar="day"),), (DAY,))
NIGHT = START.replace(hour=20)
MORNING = START.replace(day=3, hour=8)


def told(sweeps: list[Sweep], kind: str) -> list[tuple[str, str]]:
    return [(one.text_key, one.agent_id) for one in sweeps if one.kind == kind]


def test_who_snoozes_an_unanswered_ticket_is_silent_all_the_same(scene: Scene) -> None:
    scene.arrive(ANNA)
    ticket = scene.claimed()
    scene.desk.snooze(scene.tx, ticket.id, ANNA.id, None)
    assert told(scene.pass_time(9.9, ANNA), "returned") == []
    assert told(scene.pass_time(0.1, ANNA), "returned") == [("silent", ANNA.id)]
    back = scene.now(ticket)
    assert (back.status, back.assignee, back.snoozed_until, back.priority) == (Status.QUEUED, None, None, Priority.HIGH)


def test_who_snoozes_an_unanswered_ticket_and_goes_loses_it(scene: Scene) -> None:
    scene.arrive(ANNA)
    ticket = scene.claimed()
    scene.desk.snooze(scene.tx, ticket.id, ANNA.id, START + timedelta(days=300))
    scene.desk.leave(scene.tx, ANNA.id)
    assert told(scene.pass_time(1), "returned") == [("gone", ANNA.id)]
    assert scene.now(ticket).status is Status.QUEUED


def test_an_answered_ticket_sleeps_on_without_its_assignee(scene: Scene) -> None:
    scene.arrive(ANNA)
    ticket = scene.claimed()
    scene.says(ticket)
    scene.desk.snooze(scene.tx, ticket.id, ANNA.id, None)
    scene.pass_time(600)
    assert scene.now(ticket).status is Status.SNOOZED


def test_what_everybody_has_let_go_goes_round_again(scene: Scene) -> None:
    scene.rules(PUSH)
    scene.arrive(ANNA, BORIS)
    ticket = scene.open()
    asked = [agent for _ in range(30) for _, agent in told(scene.pass_time(0.5, ANNA, BORIS), "offer")]
    assert asked[:2] in ([ANNA.id, BORIS.id], [BORIS.id, ANNA.id])
    assert asked[:6].count(ANNA.id) == asked[:6].count(BORIS.id) == 3, "three rounds in a quarter of an hour"
    assert scene.now(ticket).queued_at == START


def test_the_only_one_there_gets_a_ticket_back_that_they_were_silent_on(scene: Scene) -> None:
    scene.rules(PUSH)
    scene.arrive(ANNA)
    scene.claimed()
    sweeps = [one for _ in range(30) for one in scene.pass_time(1, ANNA)]
    assert ("", ANNA.id) in told(sweeps, "offer")


def test_when_hours_begin_whoever_waits_is_told_once(scene: Scene) -> None:
    scene.rules(OFFICE)
    scene.clock.at = NIGHT
    ticket = scene.open()
    scene.clock.at = MORNING - MINUTE
    assert scene.pass_time(0.9) == []
    assert [one.kind for one in scene.pass_time(0.1)] == ["opened"]
    assert scene.pass_time(0) == []
    assert "unclaimed" in [one.kind for one in scene.pass_time(5)]
    later = [one.kind for _ in range(2 * 24 * 12) for one in scene.pass_time(5)]
    assert "opened" not in later, "neither after the break nor on the next morning"
    assert scene.now(ticket).status is Status.QUEUED


def test_who_came_just_before_closing_is_told_in_the_morning_before_any_reminder(scene: Scene) -> None:
    scene.rules(OFFICE)
    scene.clock.at = START.replace(hour=17, minute=58)
    scene.open()
    scene.clock.at = MORNING
    assert [one.kind for one in scene.pass_time(0)] == ["opened"]


def test_a_pass_that_comes_after_closing_keeps_the_news_for_the_next_opening(scene: Scene) -> None:
    scene.rules(OFFICE)
    scene.clock.at = NIGHT
    scene.open()
    scene.clock.at = MORNING.replace(hour=12, minute=30)
    assert "opened" not in [one.kind for one in scene.pass_time(0)]
    scene.clock.at = MORNING.replace(hour=13)
    assert "opened" in [one.kind for one in scene.pass_time(0)]


def test_a_second_night_in_the_queue_is_told_anew_once_somebody_had_it(scene: Scene) -> None:
    scene.rules(OFFICE)
    scene.clock.at = NIGHT
    ticket = scene.open()
    scene.clock.at = MORNING
    scene.arrive(ANNA)
    scene.pass_time(0, ANNA)
    scene.desk.claim(scene.tx, ticket.id, ANNA)
    scene.clock.at = MORNING.replace(hour=17, minute=59)
    scene.desk.give_back(scene.tx, ticket.id, ANNA.id)
    scene.clock.at = MORNING + timedelta(days=1)
    assert "opened" in [one.kind for one in scene.pass_time(0)]


@pytest.mark.parametrize(
    ("answered", "hour", "kind", "priority"),
    [
        (True, 19, "released", Priority.NORMAL),
        (True, 9, "released", Priority.NORMAL),
        (False, 19, "released", Priority.HIGH),
        (False, 9, "returned", Priority.HIGH),
    ],
)
def test_only_who_is_kept_waiting_in_working_hours_is_given_up_aloud(
    scene: Scene, answered: bool, hour: int, kind: str, priority: Priority
) -> None:
    scene.rules(OFFICE)
    scene.clock.at = START.replace(hour=hour)
    scene.arrive(ANNA)
    ticket = scene.claimed()
    if answered:
        scene.says(ticket)
    scene.desk.leave(scene.tx, ANNA.id)
    [sweep] = [one for one in scene.pass_time(1) if one.ticket is not None]
    assert (sweep.kind, sweep.text_key, sweep.agent_id) == (kind, "gone", ANNA.id)
    left = scene.now(ticket)
    assert (left.status, left.priority) == (Status.QUEUED, priority)


def test_a_ticket_that_cannot_be_reckoned_stops_no_other(scene: Scene) -> None:
    scene.arrive(ANNA)
    broken, well = scene.claimed("c1"), scene.claimed("c2")
    # As an older version stored it, before such dates were refused.
    absurd = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    row = update(tickets).where(tickets.c.id == broken.id)
    scene.tx.execute(row.values(next_update_at=absurd, look_at=START))
    sweeps = scene.pass_time(10, ANNA)
    assert told(sweeps, "failed") == [("OverflowError", "")]
    assert told(sweeps, "returned") == [("silent", ANNA.id)]
    assert scene.now(well).status is Status.QUEUED
    assert scene.now(broken) == replace(broken, next_update_at=absurd), "nothing of it was half done"
    assert scene.pass_time(0.5, ANNA) == [], "and it is left alone for a minute"
