"""The rules a lead sets for the desk: groups, calendars, SLA targets, priorities, tags; pure values with defaults."""

from dataclasses import dataclass, field

from handoff.model import Mode, Priority

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TAGS = ("question", "suggestion", "complaint", "review", "bug")
"""The fixed kinds of request; every other tag is the team's own."""

Span = tuple[str, str]
"""Opening and closing time of a day, "HH:MM"; "24:00" is midnight at its end. A span never crosses midnight."""

ALWAYS: tuple[Span, ...] = (("00:00", "24:00"),)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When people work. `weekly`: spans of each weekday by DAYS, a missing day is closed. `days`: dates "YYYY-MM-DD"
    that differ, with their spans; an empty tuple is a holiday. A holiday with checkpoints has short spans ("10:00" to
    "10:30"), during which somebody looks in: `checkpoints` names such dates, so that customers are told times."""

    id: str
    name: str
    zone: str = "UTC"
    weekly: dict[str, tuple[Span, ...]] = field(default_factory=lambda: dict.fromkeys(DAYS, ALWAYS))
    days: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    checkpoints: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return hash((self.id, self.zone, len(self.days)))


@dataclass(frozen=True, slots=True)
class Group:
    """A team. `name` by language. `topics` it answers, none = whatever no other group takes. `locked`: only the
    assignee moves a ticket on, others leave notes. `silent_minutes`: how long an assignee may leave a customer without
    an answer; `reopen_minutes`: how long after closing a customer's message goes back to the same person."""

    id: str
    name: dict[str, str]
    topics: tuple[str, ...] = ()
    calendar: str = "always"
    mode: Mode = Mode.PULL
    offer_seconds: int = 30
    silent_minutes: int = 10
    reopen_minutes: int = 30
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """SLA of one priority in working minutes."""

    first: int
    next: int
    resolution: int


@dataclass(frozen=True, slots=True)
class PriorityRule:
    """One cell of the matrix: every condition given must hold; an empty one always does. `waited`: minutes."""

    priority: Priority
    topic: str = ""
    mood: str = ""
    reason: str = ""
    vip: bool = False
    waited: int = 0


TARGETS = {
    Priority.URGENT: Target(2, 5, 120),
    Priority.HIGH: Target(5, 10, 480),
    Priority.NORMAL: Target(10, 20, 1_440),
    Priority.LOW: Target(30, 60, 2_880),
}
RULES = (
    PriorityRule(Priority.URGENT, mood="angry"),
    PriorityRule(Priority.HIGH, mood="annoyed"),
    PriorityRule(Priority.HIGH, reason="frustration"),
    PriorityRule(Priority.HIGH, reason="degraded"),
    PriorityRule(Priority.HIGH, vip=True),
    PriorityRule(Priority.HIGH, topic="outage"),
    PriorityRule(Priority.HIGH, topic="security"),
    PriorityRule(Priority.HIGH, waited=15),
    PriorityRule(Priority.URGENT, waited=30),
)


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything a lead may set, as one value. The first group is the one for whatever fits nowhere else."""

    groups: tuple[Group, ...] = (Group("support", {"ru": "Поддержка", "en": "Support"}),)
    calendars: tuple[Calendar, ...] = (Calendar("always", "24/7"),)
    targets: dict[Priority, Target] = field(default_factory=lambda: dict(TARGETS))
    rules: tuple[PriorityRule, ...] = RULES
    tags: tuple[str, ...] = ()
    version: int = 0

    def group(self, group_id: str) -> Group:
        """The group, or the first one when it no longer exists."""
        return next((group for group in self.groups if group.id == group_id), self.groups[0])

    def calendar(self, group_id: str) -> Calendar:
        """The calendar of a group; always open when it no longer exists."""
        wanted = self.group(group_id).calendar
        return next((one for one in self.calendars if one.id == wanted), Calendar("always", "24/7"))
