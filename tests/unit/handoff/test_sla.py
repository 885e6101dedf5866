"""SLA clocks: deadlines in working time, pause and resumption, new priorities, other calendars."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from handoff import sla, steps
from handoff.calendar import hours
from handoff.model import Clock, Outcome, Priority, Ticket
from handoff.policy import DAYS, Calendar, Group, Policy, Target
from tests.unit.handoff.scene import MINUTE, START, request

OFFICE = Calendar("office", "Office", "UTC", dict.fromkeys(DAYS, (("08:00", "12:00"), ("13:00", "18:00"))))
NEVER = Calendar("never", "Never", "UTC", {})
POLICY = Policy((Group("support", {}, calendar="office"), Group("night", {}, ("x",), "never")), (OFFICE, NEVER))
NOON, ONE = START.replace(hour=12), START.replace(hour=13)


def ticket(at: datetime = START, **more: Any) -> Ticket:
    return replace(steps.opened(request(), POLICY, at), **more)


def test_first_answer_and_resolution_are_due_in_working_time() -> None:
    one = ticket(NOON - 4 * MINUTE)
    assert (one.first_due, one.next_due) == (ONE + 6 * MINUTE, None)
    assert one.due == (Clock.FIRST, ONE + 6 * MINUTE)
    assert one.resolve_due == START.replace(day=5, hour=8, minute=56), "24 hours at nine a day"
    assert ticket(NOON + MINUTE).first_due == ONE + 10 * MINUTE


def test_the_warning_comes_in_the_last_quarter_of_working_time() -> None:
    one = ticket(NOON - 9 * MINUTE)
    assert one.first_due == ONE + MINUTE
    assert sla.warn_at(one, Clock.FIRST, ONE + MINUTE, POLICY) == NOON - 1.5 * MINUTE


def test_an_answer_stops_the_clocks_and_a_question_starts_the_next_one() -> None:
    answered = sla.answered(ticket(), POLICY, START + 3 * MINUTE)
    assert (answered.first_due, answered.next_due, answered.waiting_since) == (None, None, None)
    assert (answered.resolve_due, answered.resolve_left) == (None, (1_440 - 3) * 60)
    asked = sla.asked(answered, POLICY, START + 60 * MINUTE)
    assert (asked.waiting_since, asked.next_due) == (START + 60 * MINUTE, START + 80 * MINUTE)
    assert asked.resolve_left is None
    assert asked.resolve_due is not None
    assert hours(OFFICE).working_between(START + 60 * MINUTE, asked.resolve_due) == (1_440 - 3) * 60
    again = sla.asked(asked, POLICY, START + 70 * MINUTE)
    assert again == asked, "a second question does not make the first one younger"


def test_a_pause_and_a_resumption_lose_nothing_and_happen_once() -> None:
    paused = sla.paused(ticket(), POLICY, START + MINUTE)
    assert sla.paused(paused, POLICY, START + 5 * MINUTE) == paused
    resumed = sla.resumed(paused, POLICY, START + MINUTE)
    assert resumed == ticket()
    assert sla.resumed(resumed, POLICY, START + 9 * MINUTE) == resumed


@pytest.mark.parametrize(("promised", "kept"), [(5, True), (4, True), (3, False), (None, None)])
def test_whether_the_promise_was_kept_is_known_with_the_first_answer(promised: int | None, kept: bool | None) -> None:
    told = ticket(promised_by=None if promised is None else START + promised * MINUTE)
    answered = sla.answered(told, POLICY, START + 4 * MINUTE)
    assert (answered.responded_at, answered.promise_kept) == (START + 4 * MINUTE, kept)
    assert sla.answered(answered, POLICY, START + 90 * MINUTE).promise_kept is kept, "the first answer counts"


def test_a_more_urgent_ticket_gets_the_new_target_from_now_but_never_later_than_before() -> None:
    one = ticket()
    early = sla.retargeted(one, replace(one, priority=Priority.URGENT), POLICY, START + 3 * MINUTE)
    assert early.first_due == START + 5 * MINUTE, "two minutes from now"
    late = sla.retargeted(one, replace(one, priority=Priority.URGENT), POLICY, START + 9 * MINUTE)
    assert late.first_due == START + 10 * MINUTE, "not later than it was"
    assert early.resolve_due == START.replace(hour=11, minute=3)


def test_a_less_urgent_ticket_is_due_as_if_it_always_had_been() -> None:
    one = ticket()
    lower = sla.retargeted(one, replace(one, priority=Priority.LOW), POLICY, START + 3 * MINUTE)
    assert lower.first_due == START + 30 * MINUTE
    assert one.resolve_due is not None
    assert lower.resolve_due == hours(OFFICE).add_working(START, timedelta(minutes=2_880))
    paused = sla.paused(one, POLICY, START)
    assert sla.retargeted(paused, replace(paused, priority=Priority.LOW), POLICY, START).resolve_left == 2_880 * 60
    assert sla.retargeted(paused, replace(paused, priority=Priority.URGENT), POLICY, START).resolve_left == 120 * 60


def test_a_calendar_that_never_opens_has_no_deadlines_until_it_is_changed() -> None:
    dark = replace(steps.opened(request(topic="x"), POLICY, START))
    assert (dark.group, dark.due, dark.remind_at) == ("night", None, None)
    moved = sla.rehoused(replace(dark, group="support"), hours(NEVER), POLICY, START + 5 * MINUTE)
    assert moved.first_due == START + 15 * MINUTE
    back = sla.rehoused(replace(moved, group="night"), hours(OFFICE), POLICY, START + 6 * MINUTE)
    assert back.due is None


def test_under_other_hours_a_clock_keeps_the_working_time_it_had_left() -> None:
    nights = Calendar("nights", "", "UTC", dict.fromkeys(DAYS, (("20:00", "24:00"),)))
    there = Policy((Group("support", {}, calendar="nights"),), (nights,))
    one = sla.rehoused(ticket(), hours(OFFICE), there, START + 4 * MINUTE)
    assert one.first_due == START.replace(hour=20, minute=6)
    overdue = sla.rehoused(ticket(), hours(OFFICE), there, START + 11 * MINUTE)
    assert overdue.first_due == START + 10 * MINUTE, "what is overdue stays overdue"


def test_warnings_are_forgotten_when_their_clock_gains_time() -> None:
    one = ticket(warned=("first", "first!", "resolution", "update"))
    later = replace(one, first_due=START + 99 * MINUTE)
    assert sla.told_anew(one, later).warned == ("resolution", "update")
    assert sla.told_anew(one, replace(one, first_due=START + MINUTE)).warned == one.warned
    assert sla.told_anew(replace(one, first_due=None), one).warned == ("resolution", "update")


def test_closing_stops_every_clock_and_a_broken_promise_is_remembered() -> None:
    told = ticket(promised_by=START + 5 * MINUTE)
    left = steps.closed(told, Outcome.WITHDRAWN, POLICY, START + 9 * MINUTE)
    assert (left.due, left.promise_kept, left.waiting_since) == (None, False, None)
    early = steps.closed(told, Outcome.WITHDRAWN, POLICY, START + 2 * MINUTE)
    assert early.promise_kept is None, "the customer left before it could be kept"


def test_targets_come_from_the_policy() -> None:
    quick = replace(POLICY, targets={priority: Target(1, 2, 3) for priority in Priority})
    assert steps.opened(request(), quick, START).first_due == START + MINUTE
