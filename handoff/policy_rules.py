"""Whether a policy makes sense, checked before it is stored; pure."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from handoff.calendar import hours
from handoff.errors import PolicyInvalid
from handoff.model import Priority
from handoff.policy import DAYS, Calendar, Group, Policy, Span

DAYS_RU = dict(zip(DAYS, ("пн", "вт", "ср", "чт", "пт", "сб", "вс"), strict=True))


def check(policy: Policy, now: datetime) -> None:
    """Raises PolicyInvalid, which names the place."""
    if not policy.groups:
        raise PolicyInvalid("there must be at least one group", "нужна хотя бы одна группа")
    _once((group.id for group in policy.groups), "group {} exists twice", "группа {} есть дважды")
    _once((one.id for one in policy.calendars), "calendar {} exists twice", "календарь {} есть дважды")
    topics = (topic for group in policy.groups for topic in group.topics)
    _once(topics, "topic {} belongs to two groups", "тема {} есть у двух групп")
    for one in policy.calendars:
        _check_calendar(one)
    known = {one.id: one for one in policy.calendars}
    for group in policy.groups:
        _check_hours(group, known.get(group.calendar), now)
    for priority in Priority:
        if priority not in policy.targets:
            raise PolicyInvalid(f"priority {priority} has no SLA targets", f"у приоритета {priority} нет сроков")


def _once(names: Iterable[str], en: str, ru: str) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise PolicyInvalid(en.format(name), ru.format(name))


def _check_hours(group: Group, calendar: Calendar | None, now: datetime) -> None:
    en, ru = (f"{word} {group.name.get(lang) or group.id}" for lang, word in (("en", "group"), ("ru", "группа")))
    if calendar is None:
        raise PolicyInvalid(f"{en}: calendar {group.calendar} does not exist", f"{ru}: календаря {group.calendar} нет")
    if hours(calendar).next_open(now) is None:
        # Its customers would wait for ever, and no clock would ever tell anybody.
        name = calendar.name or calendar.id
        raise PolicyInvalid(f"{en}: calendar {name} never opens", f"{ru}: в календаре {name} нет рабочих часов")


def _check_calendar(calendar: Calendar) -> None:
    name = calendar.name or calendar.id
    try:
        ZoneInfo(calendar.zone)
    except (KeyError, ValueError, OSError) as error:
        zone = calendar.zone
        raise PolicyInvalid(
            f"calendar {name}: time zone {zone} is unknown", f"календарь {name}: часового пояса {zone} нет"
        ) from error
    for day, spans in calendar.weekly.items():
        if day not in DAYS:
            raise PolicyInvalid(f"calendar {name}: {day} is no day of the week", f"календарь {name}: дня {day} нет")
        _check_spans(spans, (f"calendar {name}, {day}", f"календарь {name}, {DAYS_RU[day]}"))
    for day, spans in calendar.days.items():
        _check_date(day, name)
        _check_spans(spans, (f"calendar {name}, {day}", f"календарь {name}, {day}"))
    for day in calendar.checkpoints:
        if not calendar.days.get(day):
            raise PolicyInvalid(
                f"calendar {name}, {day}: a day with checkpoints needs the hours at which somebody looks in",
                f"календарь {name}, {day}: для дежурных часов в праздник нужно указать сами часы",
            )


def _check_date(day: str, name: str) -> None:
    try:
        date.fromisoformat(day)
    except ValueError as error:
        raise PolicyInvalid(f"calendar {name}: {day} is not a date", f"календарь {name}: {day} — не дата") from error


def _check_spans(spans: tuple[Span, ...], place: tuple[str, str]) -> None:
    en, ru = place
    end = ""
    for opens, closes in sorted(spans):
        if opens >= closes:
            raise PolicyInvalid(
                f"{en}: {opens}–{closes} ends before it begins", f"{ru}: {opens}–{closes} кончается раньше начала"
            )
        if opens < end:
            raise PolicyInvalid(
                f"{en}: {opens}–{closes} overlaps the hours before it",
                f"{ru}: {opens}–{closes} пересекается с часами перед ними",
            )
        end = closes
