"""Operators, roles and sessions as pure values, and who may change whom."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    LEAD = "lead"
    OPERATOR = "operator"
    EDITOR = "editor"
    READ_ONLY = "read_only"


class Permission(StrEnum):
    """`see_desk`: look at the queue and at conversations; `answer`: work in them."""

    SEE_DESK = "see_desk"
    ANSWER = "answer"
    FILE_ISSUES = "file_issues"
    ASSIGN = "assign"
    MANAGE_TEAM = "manage_team"
    EDIT_CANNED = "edit_canned"
    EDIT_ARTICLES = "edit_articles"
    SEE_REPORTS = "see_reports"
    SEE_AUDIT = "see_audit"
    MANAGE_OPERATORS = "manage_operators"
    MANAGE_INSTALLATION = "manage_installation"


_WORK = frozenset({Permission.SEE_DESK, Permission.ANSWER, Permission.FILE_ISSUES})
_WORDS = frozenset({Permission.EDIT_ARTICLES, Permission.EDIT_CANNED})

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.READ_ONLY: frozenset({Permission.SEE_DESK, Permission.SEE_REPORTS}),
    Role.OPERATOR: _WORK,
    Role.EDITOR: _WORDS,
    Role.LEAD: _WORK
    | _WORDS
    | {Permission.ASSIGN, Permission.MANAGE_TEAM, Permission.SEE_REPORTS, Permission.SEE_AUDIT},
    Role.ADMIN: frozenset(Permission) - {Permission.MANAGE_INSTALLATION},
    Role.OWNER: frozenset(Permission),
}


@dataclass(frozen=True, slots=True)
class Operator:
    """A person who signs in at the desk; `name` is what customers see."""

    id: str
    login: str
    name: str
    role: Role
    active: bool = True

    @property
    def permissions(self) -> frozenset[Permission]:
        return PERMISSIONS[self.role] if self.active else frozenset()

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


@dataclass(frozen=True, slots=True)
class Changes:
    """What becomes different about a person; None leaves it as it is."""

    name: str | None = None
    role: Role | None = None
    active: bool | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. `csrf` must come back in the `X-CSRF-Token` header of every changing request."""

    operator: Operator
    csrf: str
    expires_at: datetime


def refusal(by: Operator, operator: Operator, after: Operator) -> str:
    """The code of why `by` may not make `operator` into `after`; empty when they may.

    Owners are changed and made by owners only, and nobody gives themselves a right they do not have.
    """
    if Role.OWNER in (operator.role, after.role) and by.role is not Role.OWNER:
        return "owner_only"
    if by.id == operator.id and after.permissions - operator.permissions:
        return "own_role"
    return ""
