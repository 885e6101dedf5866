"""Moments and intervals as people say them, in the zone of those who work: "завтра в 10:00", "in 3–6 minutes"; pure."""

from datetime import datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_MONTHS = {
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "en": "January February March April May June July August September October November December",
}
_DAYS = {
    "ru": "в понедельник, во вторник, в среду, в четверг, в пятницу, в субботу, в воскресенье",
    "en": "on Monday, on Tuesday, on Wednesday, on Thursday, on Friday, on Saturday, on Sunday",
}
_NEAR = {"ru": ("сегодня", "завтра"), "en": ("today", "tomorrow")}
HOUR = 60
"""Minutes after which an interval is told in hours."""


def when(at: datetime, now: datetime, zone: str, lang: str) -> str:
    """A moment as seen from `now`: today and tomorrow by name, the week by its days, anything later by date."""
    there = _there(at, zone)
    days = (there.date() - _there(now, zone).date()).days
    return f"{_day(there, days, lang)} {_clock(there, lang)}"


def within(earliest: datetime, latest: datetime, now: datetime, lang: str) -> str:
    """An interval from now on: "примерно через 3–6 минут", "in about 1–2 hours"."""
    low, high = (max(1, ceil((at - now) / timedelta(minutes=1))) for at in (earliest, latest))
    if high >= 2 * HOUR:
        return _interval(max(1, low // HOUR), ceil(high / HOUR), lang, hours=True)
    return _interval(low, high, lang, hours=False)


def _interval(low: int, high: int, lang: str, hours: bool) -> str:
    span = str(high) if low >= high else f"{low}–{high}"
    if lang == "ru":
        words = ("час", "часа", "часов") if hours else ("минуту", "минуты", "минут")
        return f"примерно через {span} {plural(high, words)}"
    unit = "hour" if hours else "minute"
    return f"in about {span} {unit if high == 1 else unit + 's'}"


def plural(number: int, forms: tuple[str, str, str]) -> str:
    """The Russian form after a number: 1 минуту, 2 минуты, 5 минут."""
    if number % 10 == 1 and number % 100 != 11:
        return forms[0]
    return forms[1] if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else forms[2]


def _day(there: datetime, days: int, lang: str) -> str:
    if 0 <= days <= 1:
        return _NEAR[lang][days]
    if 1 < days < 7:
        return _DAYS[lang].split(", ")[there.weekday()]
    month = _MONTHS[lang].split()[there.month - 1]
    return f"{there.day} {month}" if lang == "ru" else f"on {there.day} {month}"


def _clock(there: datetime, lang: str) -> str:
    if lang == "ru":
        return f"в {there:%H:%M}"
    minutes = f":{there:%M}" if there.minute else ""
    return f"at {there.hour % 12 or 12}{minutes} {'am' if there.hour < 12 else 'pm'}"


def _there(at: datetime, zone: str) -> datetime:
    try:
        return at.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        return at
