"""What a lead sets and sees: people, groups, calendars, SLA, priorities, canned replies, issues, the audit log."""

from typing import Annotated, Literal

from pydantic import Field

from bot.web.schemas.shared import Wire
from bot.web.schemas.ticket import Id, LinkedIssue, MoodName, ReasonName, RoleName
from bot.web.schemas.work import AgentView

HourMinute = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Name = Annotated[str, Field(min_length=1, max_length=100)]


class Span(Wire):
    opens: HourMinute
    closes: HourMinute


class SpecialDay(Wire):
    """A date that differs: no spans = holiday. `checkpoint`: a holiday on which somebody looks in at these spans."""

    day: Day
    spans: list[Span] = Field(max_length=10)
    checkpoint: bool = False


class CalendarView(Wire):
    """`weekly`: seven lists of spans, Monday first; an empty list is a day off. `zone`: IANA name."""

    id: Id
    name: Name
    zone: str = Field(max_length=64)
    weekly: list[list[Span]] = Field(min_length=7, max_length=7)
    days: list[SpecialDay] = Field(max_length=400)


class GroupView(Wire):
    id: Id
    ru: Name
    en: Name
    topics: list[str] = Field(max_length=100)
    calendar: str
    mode: Literal["pull", "push"]
    offer_seconds: int = Field(ge=5, le=600)
    silent_minutes: int = Field(ge=1, le=1_440)
    reopen_minutes: int = Field(ge=0, le=10_080)
    locked: bool


class TargetView(Wire):
    """Working minutes."""

    priority: int = Field(ge=1, le=4)
    first: int = Field(ge=1, le=100_000)
    next: int = Field(ge=1, le=100_000)
    resolution: int = Field(ge=1, le=1_000_000)


class RuleView(Wire):
    """Every condition given must hold; `waited` in minutes. The most urgent of the rules that match wins."""

    priority: int = Field(ge=1, le=4)
    topic: str = Field(default="", max_length=64)
    mood: MoodName | Literal[""] = ""
    reason: ReasonName | Literal[""] = ""
    vip: bool = False
    waited: int = Field(default=0, ge=0, le=100_000)


class PolicyView(Wire):
    """Everything a lead may set. `version` must be the one that was read: a colleague's change is never overwritten
    unseen."""

    groups: list[GroupView] = Field(min_length=1, max_length=100)
    calendars: list[CalendarView] = Field(min_length=1, max_length=100)
    targets: list[TargetView] = Field(min_length=4, max_length=4)
    rules: list[RuleView] = Field(max_length=200)
    tags: list[Annotated[str, Field(min_length=1, max_length=40)]] = Field(max_length=200)
    version: int


class PolicyPage(Wire):
    """`topics`: those the articles have; `countries`: whose public holidays can be filled in."""

    policy: PolicyView
    topics: list[str]
    countries: list[str]


class HolidayList(Wire):
    days: dict[str, str]


class PersonView(Wire):
    """An account with its place at the desk."""

    id: str
    login: str
    name: str
    role: RoleName
    active: bool
    cap: int
    groups: list[str]
    skills: list[str]
    langs: list[str]
    tier: int
    telegram: bool


class PersonList(Wire):
    people: list[PersonView]


class NewPersonBody(Wire):
    login: str = Field(min_length=1, max_length=100)
    name: Name
    role: RoleName


class NewPersonView(Wire):
    """The password is shown once and not stored."""

    person: PersonView
    password: str


class PersonBody(Wire):
    """Fields left out stay as they are."""

    name: Name | None = None
    role: RoleName | None = None
    active: bool | None = None
    cap: int | None = Field(default=None, ge=1, le=100)
    groups: list[Id] | None = None
    skills: list[str] | None = None
    langs: list[Literal["ru", "en"]] | None = None
    tier: int | None = Field(default=None, ge=1, le=4)


class PasswordBody(Wire):
    """Changing one's own password ends every other session."""

    old: str = Field(max_length=200)
    new: str = Field(max_length=200)


class PasswordView(Wire):
    password: str


class CannedBody(Wire):
    shortcut: str = Field(min_length=1, max_length=40, pattern=r"^[\w-]+$")
    title: Name
    ru: str = Field(max_length=5_000)
    en: str = Field(max_length=5_000)
    group: str = Field(default="", max_length=64)


class AuditEntry(Wire):
    id: int
    at: str
    actor: str
    actor_name: str
    act: str
    object_kind: str
    object_id: str
    detail: dict[str, str]


class AuditPage(Wire):
    entries: list[AuditEntry]
    next: str | None


class IssueBody(Wire):
    """A structured report. For a bug: steps, expected, got and environment; for a wish: title and details."""

    kind: Literal["bug", "wish"]
    title: str = Field(min_length=3, max_length=200)
    steps: str = Field(default="", max_length=5_000)
    expected: str = Field(default="", max_length=2_000)
    got: str = Field(default="", max_length=2_000)
    environment: str = Field(default="", max_length=1_000)
    details: str = Field(default="", max_length=5_000)
    files: list[str] = Field(default=[], max_length=10)


class LinkBody(Wire):
    """Links a conversation to an issue that is known already."""

    issue: Id


class IssueUrlBody(Wire):
    url: str = Field(max_length=500)


class IssueView(LinkedIssue):
    steps: str
    expected: str
    got: str
    environment: str
    details: str
    created_at: str
    author_name: str
    conversations: list[str]
    error: str


class IssueList(Wire):
    issues: list[IssueView]


class TrackerView(Wire):
    """Where issues are sent. `template`: the shape of the request; `secret_set`: a secret is stored, never shown.
    `project`: GitHub owner/name, Jira project key, Redmine project id."""

    template: Literal["off", "plain", "github", "jira", "redmine"]
    url: str = Field(max_length=500)
    project: str = Field(default="", max_length=200)
    secret_set: bool
    hook_path: str


class TrackerBody(Wire):
    """`secret` null keeps the stored one: the signing secret, or the tracker's API token."""

    template: Literal["off", "plain", "github", "jira", "redmine"]
    url: str = Field(default="", max_length=500)
    project: str = Field(default="", max_length=200)
    secret: str | None = Field(default=None, max_length=500)


class PushBody(Wire):
    """A browser's push subscription, as PushSubscription.toJSON() gives it."""

    endpoint: str = Field(min_length=8, max_length=1_000)
    p256dh: str = Field(min_length=20, max_length=200)
    auth: str = Field(min_length=10, max_length=100)


class NoticesView(Wire):
    """How this operator is told away from the desk. `telegram_link`: opens the bot and ties the account; empty without
    Telegram."""

    push: bool
    telegram: bool
    telegram_link: str


class TeamView(Wire):
    """Who holds what, for the lead: `promises` of the last 7 days, how many were made and kept."""

    agents: list[AgentView]
    queued: dict[str, int]
    promises_made: int
    promises_kept: int
