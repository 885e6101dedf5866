"""Working time: spans, special days and DST in zones that have it and zones that do not, and calendars never open."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.calendar import Hours, hours
from handoff.policy import ALWAYS, DAYS, Calendar, Span

BERLIN = ZoneInfo("Europe/Berlin")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def berlin(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def week(*spans: Span, days: tuple[str, ...] = DAYS) -> dict[str, tuple[Span, ...]]:
    return dict.fromkeys(days, spans)


def made(
    weekly: dict[str, tuple[Span, ...]],
    zone: str = "Europe/Berlin",
    days: dict[str, tuple[Span, ...]] | None = None,
    checkpoints: tuple[str, ...] = (),
) -> Hours:
    return hours(Calendar("c", "C", zone, weekly, days or {}, checkpoints))


OFFICE = made(week(("09:00", "12:00"), ("13:00", "18:00"), days=DAYS[:5]), days={"2026-03-04": ()})
ROUND_THE_CLOCK = made(week(("00:00", "24:00")))
NIGHTS = made(week(("22:00", "24:00"), ("00:00", "06:00")))
NEVER = made({})
ONE_DAY = made({}, days={"2026-03-05": (("10:00", "12:00"),)})


def test_a_span_is_open_from_its_first_moment_and_closed_at_its_last() -> None:
    assert not OFFICE.open_at(berlin(3, 2, 8, 59))
    assert OFFICE.open_at(berlin(3, 2, 9))
    assert OFFICE.open_at(berlin(3, 2, 11, 59))
    assert not OFFICE.open_at(berlin(3, 2, 12))


def test_the_next_opening_is_now_or_after_the_break_the_night_the_weekend_and_the_holiday() -> None:
    assert OFFICE.next_open(berlin(3, 2, 10)) == berlin(3, 2, 10)
    assert OFFICE.next_open(berlin(3, 2, 12, 30)) == berlin(3, 2, 13)
    assert OFFICE.next_open(berlin(3, 2, 18)) == berlin(3, 3, 9)
    assert OFFICE.next_open(berlin(3, 3, 18)) == berlin(3, 5, 9), "Wednesday is a holiday"
    assert OFFICE.next_open(berlin(3, 6, 20)) == berlin(3, 9, 9)


def test_closing_time_is_the_end_of_the_hours_that_run() -> None:
    assert OFFICE.closes_at(berlin(3, 2, 9)) == berlin(3, 2, 12)
    assert OFFICE.closes_at(berlin(3, 2, 12)) is None
    assert NIGHTS.closes_at(berlin(3, 2, 23)) == berlin(3, 3, 6), "midnight is not an end"
    assert ROUND_THE_CLOCK.closes_at(berlin(3, 2)) is None
    halves = made(week(("00:00", "12:00"), ("12:00", "24:00")))
    assert halves.closes_at(berlin(3, 2, 1)) is None


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        (berlin(3, 2, 10), HOUR, berlin(3, 2, 11)),
        (berlin(3, 2, 11), HOUR, berlin(3, 2, 12)),
        (berlin(3, 2, 11, 30), HOUR, berlin(3, 2, 13, 30)),
        (berlin(3, 2, 17, 50), 20 * MINUTE, berlin(3, 3, 9, 10)),
        (berlin(3, 3, 17, 50), 20 * MINUTE, berlin(3, 5, 9, 10)),
        (berlin(3, 7, 12), MINUTE, berlin(3, 9, 9, 1)),
        (berlin(3, 2, 20), 0 * MINUTE, berlin(3, 3, 9)),
        (berlin(3, 2, 9), 40 * HOUR, berlin(3, 9, 18)),
    ],
)
def test_a_deadline_counts_working_time_only(start: datetime, amount: timedelta, end: datetime) -> None:
    assert OFFICE.add_working(start, amount) == end
    assert OFFICE.working_between(start, end) == amount.total_seconds()


def test_the_way_back_from_a_deadline_skips_closed_time_too() -> None:
    assert OFFICE.before_working(berlin(3, 3, 9, 10), 20 * MINUTE) == berlin(3, 2, 17, 50)
    assert OFFICE.before_working(berlin(3, 2, 12), HOUR) == berlin(3, 2, 11)
    assert OFFICE.before_working(berlin(3, 9, 8), HOUR) == berlin(3, 6, 17)


def test_spans_that_end_at_midnight_join_the_next_day() -> None:
    assert NIGHTS.add_working(berlin(3, 2, 23), 2 * HOUR) == berlin(3, 3, 1)
    assert NIGHTS.add_working(berlin(3, 3, 5), 2 * HOUR) == berlin(3, 3, 23)
    assert NIGHTS.working_between(berlin(3, 2, 12), berlin(3, 3, 12)) == 8 * 3600


def test_the_day_clocks_go_forward_has_23_hours_and_the_day_they_go_back_25() -> None:
    for hours_of_day, day in ((23, berlin(3, 29)), (25, berlin(10, 25)), (24, berlin(7, 1))):
        assert ROUND_THE_CLOCK.working_between(day, day + timedelta(days=1)) == hours_of_day * 3600
        assert made(ALWAYS_BUT_WRITTEN).working_between(day, day + timedelta(days=1)) == hours_of_day * 3600


ALWAYS_BUT_WRITTEN = week(("00:00", "08:00"), ("08:00", "24:00"))


def test_opening_hours_keep_their_wall_time_across_the_change() -> None:
    assert OFFICE.next_open(berlin(3, 28)) == berlin(3, 30, 9)
    assert berlin(3, 27, 9).astimezone(UTC).hour == 8
    assert OFFICE.next_open(berlin(3, 28)).astimezone(UTC).hour == 7  # type: ignore[union-attr]
    assert NIGHTS.working_between(berlin(3, 28, 22), berlin(3, 29, 6)) == 7 * 3600
    assert NIGHTS.working_between(berlin(10, 24, 22), berlin(10, 25, 6)) == 9 * 3600
    assert NIGHTS.add_working(berlin(3, 28, 23), 3 * HOUR) == berlin(3, 29, 3)


def test_a_span_inside_the_skipped_hour_does_not_exist_that_day() -> None:
    skipped = made(week(("02:00", "03:00")))
    assert skipped.next_open(berlin(3, 28, 3)) == berlin(3, 30, 2)
    assert skipped.working_between(berlin(10, 25), berlin(10, 26)) == 2 * 3600, "in autumn the hour comes twice"


def test_spans_that_touch_the_skipped_hour_are_not_counted_twice() -> None:
    touching = made(week(("00:00", "02:30"), ("03:00", "08:00")))
    assert touching.working_between(berlin(3, 29), berlin(3, 30)) == 7 * 3600


@pytest.mark.parametrize(
    ("zone", "opens_utc"), [("Asia/Yekaterinburg", 4), ("Asia/Kolkata", 3.5), ("America/New_York", 14)]
)
def test_zones_with_and_without_dst_open_by_their_own_clocks(zone: str, opens_utc: float) -> None:
    there = made(week(("09:00", "18:00")), zone)
    first = datetime(2026, 1, 15, tzinfo=UTC)
    opened = there.next_open(first)
    assert opened is not None
    assert opened == first + opens_utc * HOUR
    summer = there.next_open(datetime(2026, 7, 15, tzinfo=UTC))
    assert summer is not None
    saved = 1 if zone == "America/New_York" else 0
    assert summer == datetime(2026, 7, 15, tzinfo=UTC) + (opens_utc - saved) * HOUR


@pytest.mark.parametrize("calendar", [NEVER, ONE_DAY], ids=["never", "only one day, long ago"])
def test_a_calendar_that_never_opens_has_no_moments_and_no_time(calendar: Hours) -> None:
    at = berlin(6, 1)
    assert not calendar.open_at(at)
    assert calendar.next_open(at) is None
    assert calendar.closes_at(at) is None
    assert calendar.add_working(at, MINUTE) is None
    assert calendar.working_between(at, at + timedelta(days=3000)) == 0
    assert NEVER.before_working(at, MINUTE) is None


def test_more_work_than_ten_years_of_hours_has_no_deadline() -> None:
    rare = made(week(("09:00", "09:01"), days=("mon",)))
    assert rare.add_working(berlin(3, 1), 600 * MINUTE) is None
    assert rare.add_working(berlin(3, 1), MINUTE) == berlin(3, 2, 9, 1)


def test_a_special_day_replaces_the_usual_hours() -> None:
    short = made(week(("09:00", "18:00")), days={"2026-03-07": (("10:00", "18:00"),), "2026-03-08": ()})
    assert short.next_open(berlin(3, 7)) == berlin(3, 7, 10)
    assert short.next_open(berlin(3, 7, 18)) == berlin(3, 9, 9)


def test_a_holiday_with_checkpoints_names_the_moments_still_to_come() -> None:
    spans = (("10:00", "10:30"), ("15:00", "15:30"), ("17:00", "18:00"))
    feast = made(week(("09:00", "18:00")), days={"2026-05-01": spans}, checkpoints=("2026-05-01",))
    assert feast.checkpoints(berlin(4, 30, 19)) == (berlin(5, 1, 10), berlin(5, 1, 15), berlin(5, 1, 17))
    assert feast.checkpoints(berlin(5, 1, 12)) == (berlin(5, 1, 15), berlin(5, 1, 17))
    assert feast.checkpoints(berlin(4, 30, 12)) == ()
    assert feast.checkpoints(berlin(5, 1, 18)) == (), "what comes next is an ordinary day"


def test_always_open_needs_no_search() -> None:
    always = hours(Calendar("always", "24/7"))
    assert always.always
    assert always.next_open(berlin(3, 2)) == berlin(3, 2)
    assert always.add_working(berlin(3, 28), timedelta(days=2)) == berlin(3, 28).astimezone(UTC) + timedelta(days=2)
    assert always.working_between(berlin(3, 2), berlin(3, 1)) == 0
    assert dict.fromkeys(DAYS, ALWAYS) == Calendar("x", "X").weekly


CLOCK = st.integers(0, 48).map(lambda half: f"{half // 2:02}:{half % 2 * 30:02}")
SPANS = st.lists(CLOCK, min_size=0, max_size=6, unique=True).map(
    lambda times: tuple(zip(sorted(times)[::2], sorted(times)[1::2], strict=False))
)
CALENDARS = st.builds(
    Calendar,
    st.just("any"),
    st.just("Any"),
    st.sampled_from(
        ("Europe/Berlin", "Asia/Kolkata", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "UTC")
    ),
    st.fixed_dictionaries(dict.fromkeys(DAYS, SPANS)),
    st.dictionaries(st.dates(date(2026, 3, 20), date(2026, 4, 5)).map(date.isoformat), SPANS, max_size=4),
)
MOMENTS = st.datetimes(datetime(2026, 3, 20), datetime(2026, 11, 10), timezones=st.just(UTC))


@settings(max_examples=80, deadline=None, derandomize=True)
@given(calendar=CALENDARS, start=MOMENTS, minutes=st.integers(0, 20_000))
def test_there_and_back_agree_in_any_calendar(calendar: Calendar, start: datetime, minutes: int) -> None:
    any_hours, amount = hours(calendar), minutes * MINUTE
    due = any_hours.add_working(start, amount)
    opening = any_hours.next_open(start)
    assert (due is None) == (opening is None)
    if due is None or opening is None:
        return
    assert any_hours.open_at(opening)
    assert any_hours.working_between(start, opening) == 0
    assert any_hours.working_between(start, due) == amount.total_seconds()
    assert any_hours.open_at(due) or any_hours.open_at(due - timedelta(microseconds=1))
    back = any_hours.before_working(due, amount)
    assert back is not None
    assert back >= start or minutes == 0
    assert any_hours.working_between(back, due) == amount.total_seconds()
