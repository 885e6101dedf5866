"""Working time: when a calendar is open, and how far working hours reach; pure, exact across DST changes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from handoff.policy import ALWAYS, DAYS, Calendar, Span

HORIZON = 3_660
"""Days that a search looks at before it says None: ten years of working hours fit every SLA target."""

EMPTY = 400
"""Days in a row without working hours after which a calendar counts as closed for good."""

Interval = tuple[datetime, datetime]


@lru_cache(maxsize=256)
def hours(calendar: Calendar) -> "Hours":
    """The hours of a calendar; the same object for the same calendar, so that its days are worked out once."""
    return Hours(calendar)


class Hours:
    """One calendar as moments. Spans are local wall time: on a DST change they are an hour shorter or longer.

    Moments come in any zone and go out in UTC: between moments of one zone Python counts wall time, not time.
    """

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._zone = ZoneInfo(calendar.zone)
        self._days: dict[date, tuple[Interval, ...]] = {}
        spans = [*calendar.weekly.values(), *calendar.days.values()]
        self.never = not any(spans)
        self.always = not calendar.days and all(calendar.weekly.get(day, ()) == ALWAYS for day in DAYS)

    def open_at(self, at: datetime) -> bool:
        """Whether people work at this moment; the closing moment itself is closed."""
        return self.always or any(opens <= at < closes for opens, closes in self._on(self._date(at)))

    def next_open(self, at: datetime) -> datetime | None:
        """`at` itself while open, else the next opening; None when there is none in sight."""
        at = at.astimezone(UTC)
        if self.always:
            return at
        return next((max(opens, at) for opens, _ in self._ahead(at)), None)

    def opens_at(self, at: datetime) -> bool:
        """Whether the working hours begin at exactly this moment."""
        return self.open_at(at) and not self.open_at(at - timedelta(microseconds=1))

    def opening_after(self, at: datetime) -> datetime | None:
        """The next moment at which working hours begin, later than `at`; None when they never end or never begin."""
        closed = self.closes_at(at) if self.open_at(at) else at
        return None if closed is None else self.next_open(closed)

    def closes_at(self, at: datetime) -> datetime | None:
        """The end of the working hours that run at `at`; None while closed, or when they never end."""
        if not self.open_at(at) or self.always:
            return None
        at = end = at.astimezone(UTC)
        for opens, closes in self._ahead(at):
            if opens > end:
                return end
            end = closes
            if end - at > timedelta(days=EMPTY):
                return None
        return end

    def add_working(self, start: datetime, amount: timedelta) -> datetime | None:
        """The moment by which `amount` of working time has passed since `start`; None when it never does."""
        start = start.astimezone(UTC)
        if self.always:
            return start + amount
        for opens, closes in self._ahead(start):
            begin = max(opens, start)
            if begin + amount <= closes:
                return begin + amount
            amount -= closes - begin
        return None

    def before_working(self, end: datetime, amount: timedelta) -> datetime | None:
        """The latest moment from which `amount` of working time is left until `end`; the way back of `add_working`."""
        end = end.astimezone(UTC)
        if self.always:
            return end - amount
        for opens, closes in self._behind(end):
            finish = min(closes, end)
            if finish - amount >= opens:
                return finish - amount
            amount -= finish - opens
        return None

    def working_between(self, start: datetime, end: datetime) -> float:
        """Seconds of working time from `start` to `end`; 0.0 when `end` is not later."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        if self.always or end <= start:
            return max((end - start).total_seconds(), 0.0)
        total = timedelta()
        for opens, closes in self._ahead(start):
            if opens >= end:
                break
            total += min(closes, end) - max(opens, start)
        return total.total_seconds()

    def checkpoints(self, at: datetime) -> tuple[datetime, ...]:
        """On a holiday with checkpoints: the moments still to come at which somebody looks in; empty on other days."""
        at = at.astimezone(UTC)
        day = self._date(self.next_open(at) or at)
        if day.isoformat() not in self._calendar.checkpoints:
            return ()
        return tuple(max(opens, at) for opens, closes in self._on(day) if closes > at)

    def _date(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()

    def _ahead(self, at: datetime) -> Iterator[Interval]:
        """Intervals that end after `at`, in order."""
        for interval in () if self.never else self._walk(self._date(at), 1):
            if interval[1] > at:
                yield interval

    def _behind(self, at: datetime) -> Iterator[Interval]:
        """Intervals that begin before `at`, latest first."""
        for interval in () if self.never else self._walk(self._date(at), -1):
            if interval[0] < at:
                yield interval

    def _walk(self, first: date, step: int) -> Iterator[Interval]:
        empty = 0
        for distance in range(HORIZON):
            found = self._on(first + timedelta(days=distance * step))
            empty = 0 if found else empty + 1
            if empty > EMPTY:
                return
            yield from found[::step]

    def _on(self, day: date) -> tuple[Interval, ...]:
        known = self._days.get(day)
        if known is None:
            if len(self._days) > HORIZON:
                self._days.clear()
            known = self._days[day] = self._worked_out(day)
        return known

    def _worked_out(self, day: date) -> tuple[Interval, ...]:
        usual: tuple[Span, ...] = self._calendar.weekly.get(DAYS[day.weekday()], ())
        spans = self._calendar.days.get(day.isoformat(), usual)
        merged: list[Interval] = []
        for opens, closes in sorted((self._moment(day, one), self._moment(day, other)) for one, other in spans):
            if opens >= closes:
                continue  # the whole span fell into the hour that a DST change skips
            if merged and opens <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
            else:
                merged.append((opens, closes))
        return tuple(merged)

    def _moment(self, day: date, clock: str) -> datetime:
        hour, minute = map(int, clock.split(":"))
        local = datetime(day.year, day.month, day.day, tzinfo=self._zone)
        if hour == 24:
            local += timedelta(days=1)
        else:
            local = local.replace(hour=hour, minute=minute)
        return local.astimezone(UTC)
