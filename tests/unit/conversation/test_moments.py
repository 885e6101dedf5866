"""Moments and intervals in people's words."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.conversation import texts
from bot.conversation.moments import plural, when, within
from handoff.model import Promise

NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)  # a Monday, 23:00 in Moscow
MOSCOW = "Europe/Moscow"


@pytest.mark.parametrize(
    ("at", "ru", "en"),
    [
        (NOW + timedelta(minutes=30), "сегодня в 23:30", "today at 11:30 pm"),
        (NOW + timedelta(hours=11), "завтра в 10:00", "tomorrow at 10 am"),
        (NOW + timedelta(days=2), "в среду в 23:00", "on Wednesday at 11 pm"),
        (NOW + timedelta(days=10, hours=13), "13 марта в 12:00", "on 13 March at 12 pm"),
    ],
)
def test_a_moment_is_named_as_seen_from_now_in_the_zone_of_those_who_work(at: datetime, ru: str, en: str) -> None:
    assert (when(at, NOW, MOSCOW, "ru"), when(at, NOW, MOSCOW, "en")) == (ru, en)


def test_an_unknown_zone_does_not_stop_the_sentence() -> None:
    assert when(NOW, NOW, "Nowhere/None", "en") == "today at 8 pm"


@pytest.mark.parametrize(
    ("low", "high", "ru", "en"),
    [
        (3, 6, "примерно через 3–6 минут", "in about 3–6 minutes"),
        (0, 1, "примерно через 1 минуту", "in about 1 minute"),
        (1, 22, "примерно через 1–22 минуты", "in about 1–22 minutes"),
        (60, 170, "примерно через 1–3 часа", "in about 1–3 hours"),
    ],
)
def test_an_interval_is_told_in_minutes_and_long_ones_in_hours(low: int, high: int, ru: str, en: str) -> None:
    ends = (NOW + timedelta(minutes=low), NOW + timedelta(minutes=high))
    assert (within(*ends, NOW, "ru"), within(*ends, NOW, "en")) == (ru, en)


@pytest.mark.parametrize(
    ("number", "form"), [(1, "минуту"), (2, "минуты"), (5, "минут"), (11, "минут"), (21, "минуту"), (112, "минут")]
)
def test_russian_counts(number: int, form: str) -> None:
    assert plural(number, ("минуту", "минуты", "минут")) == form


def test_a_promise_says_no_more_than_is_known() -> None:
    known = Promise(2, NOW + timedelta(minutes=3), NOW + timedelta(minutes=6))
    assert texts.promise_text("ru", known, False, NOW, MOSCOW) == "вы 2-й в очереди, ответим примерно через 3–6 минут."
    assert texts.promise_text("ru", Promise(2), False, NOW, MOSCOW) == "вы 2-й в очереди."
    opens = Promise(1, opens_at=NOW + timedelta(hours=11))
    assert "завтра в 10:00" in texts.promise_text("ru", opens, True, NOW, MOSCOW)
    assert "{" not in texts.promise_text("en", Promise(1), True, NOW, MOSCOW)
