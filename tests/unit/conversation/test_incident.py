"""Whom an incident concerns, and when a rush of questions looks like one."""

from dataclasses import replace

import pytest

from bot.conversation.incident import SLICES, Rush, rushes
from bot.conversation.incident_store import new_incident
from tests.unit.conversation.stage import START

BREAKDOWN = replace(
    new_incident({"ru": "Авария", "en": "Outage"}, {"ru": "Чиним.", "en": "We are on it."}, "Lena", START),
    topics=("outage",),
    words=("интернет", "Wi"),
)


@pytest.mark.parametrize(
    ("topic", "text"),
    [("outage", "что происходит?"), ("", "ИНТЕРНЕТА нет с утра"), ("payment", "wifi пропал"), ("outage", "")],
)
def test_an_incident_concerns_its_topics_and_whatever_begins_with_its_words(topic: str, text: str) -> None:
    assert BREAKDOWN.concerns(topic, text)


@pytest.mark.parametrize(("topic", "text"), [("payment", "как оплатить?"), ("", ""), ("", "переинтернет")])
def test_an_incident_leaves_other_questions_alone(topic: str, text: str) -> None:
    assert not BREAKDOWN.concerns(topic, text)


def test_a_topic_without_a_name_is_never_concerned() -> None:
    assert not replace(BREAKDOWN, topics=("",), words=()).concerns("", "hello")


def test_a_rush_is_many_customers_and_far_more_than_usual() -> None:
    recent = {"outage": 9, "payment": 9, "tv": 4, "": 50}
    day = {"payment": 9 * SLICES, "outage": SLICES}
    assert rushes(recent, day, {"outage": "/moscow"}, known=()) == [Rush("outage", 9, 1.0, "/moscow")]


def test_a_rush_about_a_known_incident_is_no_news() -> None:
    assert rushes({"outage": 9}, {}, {}, known=("outage",)) == []


def test_the_greatest_rush_comes_first() -> None:
    assert [rush.topic for rush in rushes({"tv": 6, "outage": 12}, {}, {}, known=())] == ["outage", "tv"]
