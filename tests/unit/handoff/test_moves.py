"""Passing tickets on: offers, transfers, escalation, snoozes and what a lead does in bulk."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo

import pytest

from handoff.errors import (
    AgentUnavailable,
    AlreadyOffered,
    GroupUnknown,
    MomentFar,
    MomentPast,
    NotYourTicket,
    OverCap,
)
from handoff.model import Assignee, Destination, Mode, Mood, Outcome, Presence, Priority, Reason, Status, Ticket
from handoff.policy import DAYS, Calendar, Group, Policy
from tests.unit.handoff.scene import ANNA, BORIS, CLARA, LEAD, MINUTE, START, Scene, request

TO_BORIS, TO_MONEY = Destination(operator_id=BORIS.id), Destination(group="money")
TWO = (Group("support", {}), Group("money", {}, ("billing",), calendar="office"))
OFFICE = Calendar("office", "Office", "UTC", dict.fromkeys(DAYS, (("10:00", "18:00"),)))
GROUPS = Policy(TWO, (Calendar("always", "24/7"), OFFICE))


def test_nobody_claims_above_their_cap(scene: Scene) -> None:
    scene.arrive(ANNA, cap=2)
    held = [scene.claimed(f"c{n}") for n in range(2)]
    third = scene.open("c3")
    with pytest.raises(OverCap):
        scene.desk.claim(scene.tx, third.id, ANNA)
    scene.desk.snooze(scene.tx, held[0].id, ANNA.id, None)
    assert scene.desk.claim(scene.tx, third.id, ANNA)[0].assignee == ANNA, "a snoozed ticket takes no slot"


def test_stepping_into_a_conversation_of_the_bot_opens_and_claims(scene: Scene) -> None:
    taken = scene.desk.take(scene.tx, request(), ANNA)
    assert (taken.status, taken.assignee, taken.reason, taken.promised_by) == (Status.CLAIMED, ANNA, Reason.TAKEN, None)
    assert scene.desk.take(scene.tx, request(), ANNA) == taken
    assert scene.acts(taken) == ["opened", "claimed"]


def test_a_transfer_to_a_person_is_theirs_at_once(scene: Scene) -> None:
    scene.arrive(ANNA, BORIS)
    moved = scene.desk.transfer(scene.tx, scene.claimed().id, ANNA, "знает тариф", TO_BORIS)
    assert (moved.status, moved.assignee, moved.queued_at) == (Status.CLAIMED, BORIS, START)
    event = scene.desk.history(scene.tx, moved.id)[-1]
    assert (event.act, event.actor_id, event.detail) == ("transferred", ANNA.id, {"why": "знает тариф", "to": "Борис"})


@pytest.mark.parametrize("trouble", ["offline", "away", "full", "never here"])
def test_nothing_is_passed_to_who_cannot_take_it(scene: Scene, trouble: str) -> None:
    ticket = scene.claimed()
    if trouble != "never here":
        scene.arrive(BORIS, cap=1)
    if trouble == "full":
        scene.claimed("c2", BORIS)
    if trouble in ("offline", "away"):
        scene.desk.set_presence(scene.tx, BORIS.id, Presence(trouble))
    with pytest.raises(AgentUnavailable):
        scene.desk.transfer(scene.tx, ticket.id, ANNA, "why", TO_BORIS)
    assert scene.now(ticket).assignee == ANNA


def test_a_transfer_to_a_group_keeps_the_wait_and_takes_that_groups_hours(scene: Scene) -> None:
    scene.rules(GROUPS)
    ticket = scene.claimed()
    scene.clock.at += 3 * MINUTE
    moved = scene.desk.transfer(scene.tx, ticket.id, ANNA, "деньги", TO_MONEY)
    assert (moved.status, moved.group, moved.assignee, moved.queued_at) == (Status.QUEUED, "money", None, START)
    assert moved.first_due == START + timedelta(hours=1, minutes=7), "seven minutes were left, and it opens at ten"
    assert scene.desk.bot_helps(scene.tx, moved)
    with pytest.raises(GroupUnknown):
        scene.desk.transfer(scene.tx, moved.id, LEAD, "why", Destination(group="nowhere"))


def test_others_move_a_ticket_only_while_its_assignee_is_not_online(scene: Scene) -> None:
    scene.arrive(ANNA, BORIS, CLARA)
    ticket = scene.claimed()
    with pytest.raises(NotYourTicket):
        scene.desk.transfer(scene.tx, ticket.id, BORIS, "возьму", TO_BORIS)
    scene.desk.set_presence(scene.tx, ANNA.id, Presence.AWAY)
    assert scene.desk.transfer(scene.tx, ticket.id, BORIS, "возьму", TO_BORIS).assignee == BORIS


def test_in_a_locked_group_only_the_assignee_and_leads_move_a_ticket(scene: Scene) -> None:
    scene.rules(Policy((Group("support", {}, locked=True),)))
    scene.arrive(ANNA, BORIS)
    ticket = scene.claimed()
    scene.desk.set_presence(scene.tx, ANNA.id, Presence.AWAY)
    with pytest.raises(NotYourTicket):
        scene.desk.transfer(scene.tx, ticket.id, BORIS, "возьму", TO_BORIS)
    with pytest.raises(NotYourTicket):
        scene.desk.escalate(scene.tx, ticket.id, BORIS, "сложно")
    assert scene.desk.transfer(scene.tx, ticket.id, LEAD, "why", TO_BORIS).assignee == BORIS


def test_in_a_locked_group_others_do_not_wake_rank_or_tag_a_ticket(scene: Scene) -> None:
    scene.rules(Policy((Group("support", {}, locked=True),)))
    scene.arrive(ANNA, BORIS)
    ticket = scene.claimed()
    scene.says(ticket)
    scene.desk.snooze(scene.tx, ticket.id, ANNA.id, None)

    def acts(by: Assignee) -> list[Callable[[], Ticket]]:
        return [
            lambda: scene.desk.prioritise(scene.tx, ticket.id, by, Priority.LOW),
            lambda: scene.desk.tag(scene.tx, ticket.id, by, ("bug",)),
            lambda: scene.desk.wake(scene.tx, ticket.id, by),
        ]

    for act in acts(BORIS):
        with pytest.raises(NotYourTicket):
            act()
    assert (scene.now(ticket).status, scene.now(ticket).tags) == (Status.SNOOZED, ())
    for one in (ANNA, LEAD):
        for act in acts(one):
            act()
    assert (scene.now(ticket).status, scene.now(ticket).tags) == (Status.CLAIMED, ("bug",))


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=-12)), timezone(timedelta(hours=12))])
def test_nothing_is_put_off_for_more_than_a_year(scene: Scene, zone: tzinfo) -> None:
    scene.arrive(ANNA)
    ticket = scene.claimed()
    for at in (datetime(9999, 12, 31, 23, 59, tzinfo=zone), START.astimezone(zone) + timedelta(days=366, seconds=1)):
        with pytest.raises(MomentFar):
            scene.desk.snooze(scene.tx, ticket.id, ANNA.id, at)
        with pytest.raises(MomentFar):
            scene.desk.promise_update(scene.tx, ticket.id, ANNA.id, at)
    assert scene.desk.snooze(scene.tx, ticket.id, ANNA.id, START + timedelta(days=366)).status is Status.SNOOZED


def test_escalation_climbs_tiers_and_ends_outside_with_the_same_assignee(scene: Scene) -> None:
    ticket = scene.claimed()
    for tier in (2, 3):
        up = scene.desk.escalate(scene.tx, ticket.id, ANNA, "сложно")
        assert (up.tier, up.status, up.assignee) == (tier, Status.QUEUED, None)
        scene.desk.claim(scene.tx, ticket.id, ANNA)
    out = scene.desk.escalate(scene.tx, ticket.id, ANNA, "завод", "Поставщик")
    assert (out.tier, out.status, out.assignee) == (4, Status.CLAIMED, ANNA)
    assert scene.desk.history(scene.tx, ticket.id)[-1].detail == {"why": "завод", "party": "Поставщик"}
    assert scene.acts(ticket)[-3:] == ["escalated", "claimed", "handed_out"]


def test_a_lead_moves_many_at_once_and_hears_which_stayed(scene: Scene) -> None:
    scene.arrive(BORIS, cap=2)
    tickets = [scene.open("c1"), scene.claimed("c2"), scene.claimed("c3"), scene.open("c4")]
    scene.desk.close(scene.tx, tickets[3].id, Outcome.WITHDRAWN)
    ids = [one.id for one in tickets]
    moved, refused = scene.desk.assign(scene.tx, [*ids, "x", ids[0]], LEAD, "смена", TO_BORIS)
    assert [one.assignee for one in moved] == [BORIS, BORIS]
    assert refused == {ids[2]: "agent_unavailable", ids[3]: "ticket_closed", "x": "ticket_unknown"}
    assert scene.acts(tickets[0]) == ["opened", "assigned"]


def test_a_snoozed_ticket_stops_its_resolution_clock_and_wakes_when_the_customer_writes(scene: Scene) -> None:
    scene.arrive(ANNA)
    ticket = scene.claimed()
    scene.says(ticket)
    with pytest.raises(MomentPast):
        scene.desk.snooze(scene.tx, ticket.id, ANNA.id, START, "поздно")
    off = scene.desk.snooze(scene.tx, ticket.id, ANNA.id, START + timedelta(days=1), "ждём мастера")
    assert (off.status, off.resolve_due, off.assignee) == (Status.SNOOZED, None, ANNA)
    scene.pass_time(0.5, ANNA)
    woken = scene.hears(ticket)
    assert (woken.status, woken.assignee, woken.snoozed_until) == (Status.CLAIMED, ANNA, None)
    assert woken.snooze_note == "ждём мастера", "the note says why it comes back"
    assert woken.resolve_due is not None
    assert scene.acts(ticket)[-2:] == ["snoozed", "woke"]


@pytest.mark.parametrize("trouble", ["offline", "full"])
def test_a_ticket_that_wakes_without_its_assignee_queues_one_step_higher(scene: Scene, trouble: str) -> None:
    scene.arrive(ANNA, cap=1)
    ticket = scene.claimed()
    scene.desk.snooze(scene.tx, ticket.id, ANNA.id, None, "note")
    if trouble == "full":
        scene.claimed("c2")
    else:
        scene.desk.leave(scene.tx, ANNA.id)
    woken = scene.desk.wake(scene.tx, ticket.id, BORIS)
    assert (woken.status, woken.assignee, woken.priority) == (Status.QUEUED, None, Priority.HIGH)


def offered(scene: Scene) -> Ticket:
    scene.rules(Policy((Group("support", {}, mode=Mode.PUSH, offer_seconds=20),)))
    scene.arrive(ANNA)
    scene.desk.beat(scene.tx, ANNA.id)
    ticket = scene.open()
    [sweep] = scene.pass_time(0)
    assert (sweep.kind, sweep.agent_id) == ("offer", ANNA.id)
    assert sweep.ticket is not None
    return sweep.ticket if sweep.ticket.id == ticket.id else ticket


def test_an_offer_is_for_one_person_who_may_take_or_decline_it(scene: Scene) -> None:
    ticket = offered(scene)
    assert (ticket.status, ticket.offered_to, ticket.offer_until) == (
        Status.OFFERED,
        ANNA,
        START + timedelta(seconds=20),
    )
    with pytest.raises(AlreadyOffered) as refusal:
        scene.desk.claim(scene.tx, ticket.id, BORIS)
    assert refusal.value.winner == "Анна"
    assert scene.desk.decline(scene.tx, ticket.id, BORIS.id) == ticket, "not Boris's to decline"
    refused = scene.desk.decline(scene.tx, ticket.id, ANNA.id)
    assert (refused.status, refused.offered_to, refused.declined) == (Status.QUEUED, None, (ANNA.id,))
    assert scene.pass_time(0.1, ANNA) == [], "nobody is asked twice"


def test_the_offered_one_claims_even_at_their_cap(scene: Scene) -> None:
    ticket = offered(scene)
    agent = scene.desk.agent(scene.tx, ANNA.id)
    assert agent is not None
    assert agent.load == 1
    assert scene.desk.claim(scene.tx, ticket.id, ANNA)[0].status is Status.CLAIMED


def test_the_same_person_gets_a_customer_who_comes_back_in_time(scene: Scene) -> None:
    scene.arrive(ANNA)
    ticket = scene.claimed()
    scene.says(ticket)
    scene.desk.close(scene.tx, ticket.id, Outcome.SOLVED, actor=ANNA, tags=("bug",))
    scene.pass_time(29, ANNA)
    again = scene.desk.reopen(scene.tx, "c1")
    assert again is not None
    assert (again.id, again.status, again.assignee, again.outcome) == (ticket.id, Status.CLAIMED, ANNA, None)
    assert (again.reopened, again.closed_at, again.tags, again.number) == (1, None, ("bug",), ticket.number)
    assert again.next_due == scene.clock.at + 20 * MINUTE
    assert scene.desk.reopen(scene.tx, "c1") is None, "it is open already"


@pytest.mark.parametrize("trouble", ["late", "withdrawn", "offline", "full", "nobody answered"])
def test_otherwise_the_bot_begins_anew(scene: Scene, trouble: str) -> None:
    scene.arrive(ANNA, cap=1)
    ticket = scene.open() if trouble == "nobody answered" else scene.claimed()
    outcome = Outcome.WITHDRAWN if trouble == "withdrawn" else Outcome.UNSOLVED
    scene.desk.close(scene.tx, ticket.id, outcome)
    if trouble == "full":
        scene.claimed("c2")
    scene.pass_time(31 if trouble == "late" else 5, *([] if trouble == "offline" else [ANNA]))
    assert scene.desk.reopen(scene.tx, "c1") is None


def test_a_ticket_given_to_the_bot_ends_so(scene: Scene) -> None:
    ended = scene.desk.to_bot(scene.tx, scene.claimed().id, ANNA.id)
    assert (ended.outcome, ended.assignee, ended.due) == (Outcome.TO_BOT, ANNA, None)
    assert scene.desk.holding(scene.tx, "c1") is None
    assert scene.desk.last(scene.tx, "c1") == ended


def test_mood_topic_and_hand_set_the_priority_and_the_inbox_follows(scene: Scene) -> None:
    first, second, third = (scene.open(f"c{n}") for n in range(3))
    scene.desk.feel(scene.tx, third.id, Mood.ANGRY)
    scene.desk.describe(scene.tx, second.id, topic="outage", customer_name="Пётр")
    assert [one.number for one in scene.desk.queue(scene.tx)] == [3, 2, 1]
    scene.desk.prioritise(scene.tx, third.id, LEAD, Priority.LOW)
    scene.desk.feel(scene.tx, third.id, Mood.ANGRY)
    assert [one.number for one in scene.desk.queue(scene.tx)] == [2, 1, 3]
    assert scene.desk.position(scene.tx, scene.now(first)) == 2
    with pytest.raises(TypeError):
        scene.desk.describe(scene.tx, first.id, status="closed")
