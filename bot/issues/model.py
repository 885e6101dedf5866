"""Bugs and wishes as pure values, and where they are sent."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    BUG = "bug"
    WISH = "wish"


class State(StrEnum):
    OPEN = "open"
    FIXED = "fixed"


class Sent(StrEnum):
    """What became of telling the tracker."""

    NO_TRACKER = "no_tracker"
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Template(StrEnum):
    """The shape of the request a tracker understands."""

    OFF = "off"
    PLAIN = "plain"
    GITHUB = "github"
    JIRA = "jira"
    REDMINE = "redmine"


TAGS = {Kind.BUG: "bug", Kind.WISH: "suggestion"}
"""What the open ticket is tagged with when an issue is filed from it."""


@dataclass(frozen=True, slots=True)
class Report:
    """What an operator fills in. For a bug: steps, expected, got, environment; for a wish: details."""

    kind: Kind
    title: str
    steps: str = ""
    expected: str = ""
    got: str = ""
    environment: str = ""
    details: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """A report with its life. `number` is what colleagues quote; `external_id` what the tracker calls it, empty until
    it has answered; `error`: why sending failed."""

    id: str
    number: int
    report: Report
    author_id: str
    author_name: str
    created_at: datetime
    state: State = State.OPEN
    url: str = ""
    external_id: str = ""
    sent: Sent = Sent.NO_TRACKER
    error: str = ""
    fixed_at: datetime | None = None
    conversations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tracker:
    """`project`: GitHub owner/name, Jira project key, Redmine project id. `secret`: the API token, or for `plain` the
    signing secret; `hook`: what the tracker must prove to know when it calls us."""

    template: Template = Template.OFF
    url: str = ""
    project: str = ""
    secret: str = field(default="", repr=False)
    hook: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class News:
    """What a tracker told: the issue by its id there or here, and whether it is fixed now."""

    issue: str
    fixed: bool


Answered = tuple[str, str]
"""From a tracker's answer: its id of the issue, and the address for people."""

Json = dict[str, Any]
