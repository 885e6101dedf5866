"""The promise to a waiting customer: from real service rates, and honest when nothing is known."""

import random
from datetime import datetime, timedelta

import pytest

from handoff import promise
from handoff.calendar import hours
from handoff.model import Agent, Outcome, Presence, Served, Wish
from handoff.policy import DAYS, Calendar, Group, Policy
from tests.unit.handoff.scene import ANNA, BORIS, MINUTE, START, Scene

ALWAYS = hours(Calendar("always", "24/7"))
OFFICE = Calendar("office", "Office", "UTC", dict.fromkeys(DAYS, (("08:00", "12:00"), ("13:00", "18:00"))))


def people(count: int, load: int = 0, cap: int = 5, at: datetime = START) -> list[Agent]:
    return [Agent(f"a{n}", f"A{n}", Presence.ONLINE, at, at, cap=cap, load=load) for n in range(count)]


def steady(every: float, count: int = 12, handled: float = 10, ends: datetime = START) -> list[Served]:
    """Answers every so many minutes to customers who had waited longer than that."""
    moments = [ends - n * every * MINUTE for n in range(count)]
    return [Served(at - 3 * every * MINUTE, at, at + handled * MINUTE) for at in moments]


def minutes(served: list[Served], position: int, agents: list[Agent]) -> tuple[float, float]:
    told = promise.expected(promise.Outlook(position, agents, served), ALWAYS, START)
    assert told.earliest is not None
    assert told.latest is not None
    return (told.earliest - START) / MINUTE, (told.latest - START) / MINUTE


def test_the_interval_grows_with_the_place_and_holds_its_mean() -> None:
    ends = [minutes(steady(2), place, people(3)) for place in (1, 2, 5, 10)]
    for place, (early, late) in zip((1, 2, 5, 10), ends, strict=True):
        assert early < 2 * place * 1.1 < late * 1.1
        assert late <= 2 * place * 2.6
    assert sorted(ends) == ends


def test_idle_time_between_customers_is_not_slowness() -> None:
    quiet = [Served(START - n * 60 * MINUTE, START - (n * 60 - 1) * MINUTE, None) for n in range(1, 6)]
    _, late = minutes(quiet, 1, people(1))
    assert late < 3, "each was answered a minute after they came, though one came an hour"


def test_when_every_slot_is_taken_places_move_no_faster_than_conversations_end() -> None:
    free = minutes(steady(0.5, handled=40), 1, people(2, load=0))
    full = minutes(steady(0.5, handled=40), 1, people(2, load=5))
    assert full[1] > free[1] * 5, "forty minutes over ten slots is four minutes a place"


@pytest.mark.parametrize("trouble", ["nobody online", "too little known"])
def test_nothing_is_promised_when_too_little_is_known(trouble: str) -> None:
    agents = [] if trouble == "nobody online" else people(2)
    served = steady(2, count=4 if trouble == "too little known" else 12)
    told = promise.expected(promise.Outlook(2, agents, served), ALWAYS, START)
    assert (told.position, told.earliest, told.latest, told.opens_at) == (2, None, None, None)


def test_while_closed_only_the_opening_is_told() -> None:
    noon = START.replace(hour=12, minute=30)
    told = promise.expected(promise.Outlook(1, people(2, at=noon), steady(2, ends=noon)), hours(OFFICE), noon)
    assert (told.earliest, told.latest, told.opens_at) == (None, None, START.replace(hour=13))


def test_an_interval_that_reaches_past_closing_goes_on_after_the_break() -> None:
    late = START.replace(hour=11, minute=58)
    told = promise.expected(promise.Outlook(3, people(2, at=late), steady(5, ends=late)), hours(OFFICE), late)
    assert told.latest is not None
    assert told.latest >= START.replace(hour=13)


def test_nine_in_ten_promises_hold_when_service_is_as_it_was() -> None:
    dice = random.Random(4)
    kept = 0
    for _ in range(400):
        moments = [START]
        for _ in range(40):
            moments.append(moments[-1] - dice.expovariate(0.5) * MINUTE)
        served = [Served(at - 60 * MINUTE, at, None) for at in moments]
        place = dice.randint(1, 8)
        _, late = minutes(served, place, people(3))
        kept += sum(dice.expovariate(0.5) for _ in range(place)) <= late
    assert 0.82 <= kept / 400 <= 0.96


def history(scene: Scene, count: int = 6) -> None:
    """Customers answered a minute after they came, five minutes apart."""
    scene.arrive(ANNA, BORIS)
    for n in range(count):
        ticket = scene.claimed(f"old{n}")
        scene.pass_time(1, ANNA, BORIS)
        scene.says(ticket)
        scene.desk.close(scene.tx, ticket.id, Outcome.SOLVED)
        scene.pass_time(4, ANNA, BORIS)


def test_the_desk_stores_what_it_promised_and_whether_it_was_kept(scene: Scene) -> None:
    history(scene)
    ticket = scene.open()
    told = scene.desk.promise(scene.tx, ticket)
    assert told is not None
    assert told.latest == ticket.promised_by
    assert scene.clock.at < told.latest <= scene.clock.at + 5 * MINUTE  # type: ignore[operator]
    scene.desk.wish(scene.tx, ticket.id, Wish.WRITE, "anna@example.com")
    scene.desk.claim(scene.tx, ticket.id, ANNA)
    answered = scene.says(ticket)
    assert (answered.promise_kept, answered.wish, answered.contact) == (True, Wish.WRITE, "anna@example.com")
    assert scene.desk.promise(scene.tx, answered) is None


def test_the_same_hour_of_other_days_stands_in_when_the_day_is_young(scene: Scene) -> None:
    history(scene)
    scene.clock.at += timedelta(days=1)
    scene.arrive(ANNA)
    ticket = scene.open()
    assert ticket.promised_by is not None
    scene.clock.at += timedelta(hours=9)
    scene.desk.beat(scene.tx, ANNA.id)
    assert scene.open("c2").promised_by is None, "nothing is known about this hour"


def test_before_anything_is_known_the_place_alone_is_told(scene: Scene) -> None:
    scene.open("c1")
    second = scene.open("c2")
    told = scene.desk.promise(scene.tx, second)
    assert told is not None
    assert (told.position, told.latest, second.promised_by) == (2, None, None)


def test_while_the_group_is_closed_the_bot_helps_and_people_return_at_a_known_hour(scene: Scene) -> None:
    scene.rules(Policy((Group("support", {}, calendar="office"),), (OFFICE,)))
    scene.clock.at = START.replace(hour=19)
    ticket = scene.open()
    told = scene.desk.promise(scene.tx, ticket)
    assert told is not None
    assert told.opens_at == START.replace(day=3, hour=8)
    assert scene.desk.bot_helps(scene.tx, ticket)
    claimed, _ = scene.desk.claim(scene.tx, ticket.id, ANNA)
    assert not scene.desk.bot_helps(scene.tx, claimed), "somebody works late"
