"""Operators, roles and sessions as pure values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    OPERATOR = "operator"
    EDITOR = "editor"
    LEAD = "lead"
    ADMIN = "admin"


class Permission(StrEnum):
    ANSWER = "answer"
    EDIT_ARTICLES = "edit_articles"
    SEE_REPORTS = "see_reports"
    MANAGE_OPERATORS = "manage_operators"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OPERATOR: frozenset({Permission.ANSWER}),
    Role.EDITOR: frozenset({Permission.EDIT_ARTICLES}),
    Role.LEAD: frozenset({Permission.ANSWER, Permission.EDIT_ARTICLES, Permission.SEE_REPORTS}),
    Role.ADMIN: frozenset(Permission),
}


@dataclass(frozen=True, slots=True)
class Operator:
    """A person who signs in at the desk; `name` is what customers see."""

    id: str
    login: str
    name: str
    role: Role
    active: bool = True

    def may(self, permission: Permission) -> bool:
        return self.active and permission in PERMISSIONS[self.role]


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. `csrf` must come back in the `X-CSRF-Token` header of every changing request."""

    operator: Operator
    csrf: str
    expires_at: datetime
