"""From the rules of the desk to the words on the wire and back."""

from bot.web import schemas
from handoff.model import Mode, Priority
from handoff.policy import DAYS, Calendar, Group, Policy, PriorityRule, Target
from handoff.policy import Span as Hours


def policy_view(policy: Policy) -> schemas.PolicyView:
    return schemas.PolicyView(
        groups=[_group_view(group) for group in policy.groups],
        calendars=[_calendar_view(calendar) for calendar in policy.calendars],
        targets=[
            schemas.TargetView(priority=int(one), first=target.first, next=target.next, resolution=target.resolution)
            for one, target in sorted(policy.targets.items())
        ],
        rules=[_rule_view(rule) for rule in policy.rules],
        tags=list(policy.tags),
        version=policy.version,
    )


def policy_of(view: schemas.PolicyView) -> Policy:
    """The same rules as a value; whether they make sense the desk decides."""
    return Policy(
        groups=tuple(_group(group) for group in view.groups),
        calendars=tuple(_calendar(calendar) for calendar in view.calendars),
        targets={Priority(one.priority): Target(one.first, one.next, one.resolution) for one in view.targets},
        rules=tuple(_rule(rule) for rule in view.rules),
        tags=tuple(dict.fromkeys(tag.strip() for tag in view.tags if tag.strip())),
        version=view.version,
    )


def _group_view(group: Group) -> schemas.GroupView:
    return schemas.GroupView(
        id=group.id,
        ru=group.name.get("ru") or group.id,
        en=group.name.get("en") or group.id,
        topics=list(group.topics),
        calendar=group.calendar,
        mode=group.mode.value,
        offer_seconds=group.offer_seconds,
        silent_minutes=group.silent_minutes,
        reopen_minutes=group.reopen_minutes,
        locked=group.locked,
    )


def _group(view: schemas.GroupView) -> Group:
    return Group(
        id=view.id,
        name={"ru": view.ru.strip(), "en": view.en.strip()},
        topics=tuple(dict.fromkeys(view.topics)),
        calendar=view.calendar,
        mode=Mode(view.mode),
        offer_seconds=view.offer_seconds,
        silent_minutes=view.silent_minutes,
        reopen_minutes=view.reopen_minutes,
        locked=view.locked,
    )


def _calendar_view(calendar: Calendar) -> schemas.CalendarView:
    return schemas.CalendarView(
        id=calendar.id,
        name=calendar.name or calendar.id,
        zone=calendar.zone,
        weekly=[_span_views(calendar.weekly.get(day, ())) for day in DAYS],
        days=[
            schemas.SpecialDay(day=day, spans=_span_views(spans), checkpoint=day in calendar.checkpoints)
            for day, spans in sorted(calendar.days.items())
        ],
    )


def _calendar(view: schemas.CalendarView) -> Calendar:
    return Calendar(
        id=view.id,
        name=view.name.strip(),
        zone=view.zone,
        weekly={day: _spans(spans) for day, spans in zip(DAYS, view.weekly, strict=True) if spans},
        days={one.day: _spans(one.spans) for one in view.days},
        checkpoints=tuple(one.day for one in view.days if one.checkpoint),
    )


def _span_views(spans: tuple[Hours, ...]) -> list[schemas.Span]:
    return [schemas.Span(opens=opens, closes=closes) for opens, closes in spans]


def _spans(views: list[schemas.Span]) -> tuple[Hours, ...]:
    """In the order of the day, whatever order they were typed in."""
    return tuple(sorted((view.opens, view.closes) for view in views))


def _rule_view(rule: PriorityRule) -> schemas.RuleView:
    return schemas.RuleView.model_validate(
        {
            "priority": int(rule.priority),
            "topic": rule.topic,
            "mood": rule.mood,
            "reason": rule.reason,
            "vip": rule.vip,
            "waited": rule.waited,
        }
    )


def _rule(view: schemas.RuleView) -> PriorityRule:
    return PriorityRule(Priority(view.priority), view.topic, view.mood, view.reason, view.vip, view.waited)
