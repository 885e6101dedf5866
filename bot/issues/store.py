"""Issues, the conversations linked to them and the tracker's settings, in SQL."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    func,
    insert,
    select,
    update,
)

from bot.issues.model import Issue, Kind, Report, Sent, State, Template, Tracker
from bot.storage.database import UtcDateTime, metadata

issues = Table(
    "issues",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("kind", String(8), nullable=False),
    Column("title", Text, nullable=False),
    Column("body", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("url", Text, nullable=False),
    Column("external_id", String(200), nullable=False),
    Column("sent", String(16), nullable=False),
    Column("error", Text, nullable=False),
    Column("author_id", String(32), nullable=False),
    Column("author_name", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("fixed_at", UtcDateTime),
)

links = Table(
    "issue_links",
    metadata,
    Column("issue_id", String(32), primary_key=True),
    Column("conversation_id", String(64), primary_key=True, index=True),
    Column("drafted", Boolean, nullable=False),
    Column("linked_at", UtcDateTime, nullable=False),
)

installation = Table(
    "installation",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", JSON, nullable=False),
)

TRACKER = "tracker"


class IssueStore:
    """Every method takes part in the caller's transaction."""

    def add(self, tx: Connection, issue: Issue) -> Issue:
        """The issue with its number."""
        number = tx.execute(select(func.coalesce(func.max(issues.c.number), 0) + 1)).scalar_one()
        stored = replace(issue, number=number)
        tx.execute(insert(issues).values(_row(stored)))
        return stored

    def change(self, tx: Connection, issue: Issue) -> Issue:
        tx.execute(update(issues).where(issues.c.id == issue.id).values(_row(issue)))
        return issue

    def get(self, tx: Connection, issue_id: str) -> Issue | None:
        return self._one(tx, issues.c.id == issue_id)

    def named(self, tx: Connection, name: str) -> Issue | None:
        """By the tracker's id, else by our own."""
        return self._one(tx, issues.c.external_id == name) or self.get(tx, name)

    def all(self, tx: Connection, limit: int) -> list[Issue]:
        """Open ones first, then the newest."""
        order = (issues.c.state == State.FIXED.value, issues.c.number.desc())
        rows = tx.execute(select(issues).order_by(*order).limit(limit)).mappings().all()
        linked: dict[str, list[str]] = {}
        for link in tx.execute(select(links).order_by(links.c.linked_at)).mappings():
            linked.setdefault(link["issue_id"], []).append(link["conversation_id"])
        return [_issue(row, linked.get(row["id"], [])) for row in rows]

    def of(self, tx: Connection, conversation_id: str) -> list[Issue]:
        """The issues of a conversation, oldest first."""
        found = (
            select(issues)
            .join(links, links.c.issue_id == issues.c.id)
            .where(links.c.conversation_id == conversation_id)
            .order_by(issues.c.number)
        )
        return [_issue(row, []) for row in tx.execute(found).mappings()]

    def link(self, tx: Connection, issue_id: str, conversation_id: str, drafted: bool, at: datetime) -> bool:
        """False when they were linked before."""
        same = select(links).where(links.c.issue_id == issue_id, links.c.conversation_id == conversation_id)
        if tx.execute(same).first() is not None:
            return False
        values = {"issue_id": issue_id, "conversation_id": conversation_id, "drafted": drafted, "linked_at": at}
        tx.execute(insert(links).values(values))
        return True

    def draft(self, tx: Connection, issue_id: str, drafted: bool) -> None:
        """Words for every linked customer are prepared, or not needed any more."""
        tx.execute(update(links).where(links.c.issue_id == issue_id).values(drafted=drafted))

    def drafted(self, tx: Connection, conversation_id: str) -> list[Issue]:
        """The fixed issues whose customer is still to be told."""
        found = (
            select(issues)
            .join(links, links.c.issue_id == issues.c.id)
            .where(links.c.conversation_id == conversation_id, links.c.drafted, issues.c.state == State.FIXED.value)
            .order_by(issues.c.number)
        )
        return [_issue(row, []) for row in tx.execute(found).mappings()]

    def tracker(self, tx: Connection) -> Tracker:
        value = tx.execute(select(installation.c.value).where(installation.c.name == TRACKER)).scalar_one_or_none()
        return Tracker() if value is None else Tracker(**value | {"template": Template(value["template"])})

    def keep_tracker(self, tx: Connection, tracker: Tracker) -> None:
        values = {"value": asdict(tracker) | {"template": tracker.template.value}}
        if tx.execute(update(installation).where(installation.c.name == TRACKER).values(values)).rowcount == 0:
            tx.execute(insert(installation).values(name=TRACKER, **values))

    def _one(self, tx: Connection, condition: ColumnElement[bool]) -> Issue | None:
        row = tx.execute(select(issues).where(condition)).mappings().first()
        if row is None:
            return None
        linked = select(links.c.conversation_id).where(links.c.issue_id == row["id"]).order_by(links.c.linked_at)
        return _issue(row, list(tx.execute(linked).scalars()))


def _row(issue: Issue) -> dict[str, Any]:
    body = asdict(issue.report)
    return {
        "id": issue.id,
        "number": issue.number,
        "kind": body.pop("kind").value,
        "title": body.pop("title"),
        "body": body | {"files": list(issue.report.files)},
        "state": issue.state.value,
        "url": issue.url,
        "external_id": issue.external_id,
        "sent": issue.sent.value,
        "error": issue.error,
        "author_id": issue.author_id,
        "author_name": issue.author_name,
        "created_at": issue.created_at,
        "fixed_at": issue.fixed_at,
    }


def _issue(row: RowMapping, conversations: list[str]) -> Issue:
    body = row["body"] | {"files": tuple(row["body"]["files"])}
    return Issue(
        id=row["id"],
        number=row["number"],
        report=Report(Kind(row["kind"]), row["title"], **body),
        author_id=row["author_id"],
        author_name=row["author_name"],
        created_at=row["created_at"],
        state=State(row["state"]),
        url=row["url"],
        external_id=row["external_id"],
        sent=Sent(row["sent"]),
        error=row["error"],
        fixed_at=row["fixed_at"],
        conversations=tuple(conversations),
    )
