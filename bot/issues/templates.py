"""The request that makes an issue in each tracker, and what its answer says; pure."""

import base64
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

import orjson
from standardwebhooks import Webhook

from bot.issues.model import Answered, Issue, Json, Kind, Template, Tracker
from bot.notices.model import Request

GITHUB = "https://api.github.com"
HEADINGS = (
    ("steps", "Steps to reproduce"),
    ("expected", "Expected"),
    ("got", "What happened"),
    ("environment", "Environment"),
    ("details", "Details"),
)


def request(tracker: Tracker, issue: Issue, link: str, at: datetime) -> Request | None:
    """The POST that makes this issue there; None while there is no tracker. `link`: the conversation at our desk."""
    making = _MAKING.get(tracker.template)
    return making(tracker, issue, link, at) if making else None


def answered(tracker: Tracker, body: bytes) -> Answered:
    """Id and address of the new issue; both empty when the answer does not say."""
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return "", ""
    if not isinstance(told, dict):
        return "", ""
    match tracker.template:
        case Template.GITHUB:
            return _id(told.get("number")), _address(told.get("html_url"))
        case Template.JIRA:
            key = _id(told.get("key"))
            return key, f"{tracker.url.rstrip('/')}/browse/{quote(key)}" if key else ""
        case Template.REDMINE:
            number = _id((told.get("issue") or {}).get("id") if isinstance(told.get("issue"), dict) else None)
            return number, f"{tracker.url.rstrip('/')}/issues/{quote(number)}" if number else ""
    return _id(told.get("id")), _address(told.get("url"))


def signer(secret: str) -> Webhook:
    """Standard Webhooks: `whsec_` and base64, or any text, whose bytes are the key then."""
    if secret.startswith("whsec_"):
        try:
            return Webhook(secret)
        except ValueError:  # not base64 after all
            pass
    return Webhook(secret.encode() or b"\0")


def _plain(tracker: Tracker, issue: Issue, link: str, at: datetime) -> Request:
    report = issue.report
    fields = {name: getattr(report, name) for name, _ in HEADINGS}
    data = {"id": issue.id, "number": issue.number, "kind": report.kind.value, "title": report.title, "link": link}
    event = {
        "type": "issue.created",
        "timestamp": at.isoformat(),
        "data": data | fields | {"author": issue.author_name},
    }
    body = orjson.dumps(event)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": f"issue_{issue.id}",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signer(tracker.secret).sign(f"issue_{issue.id}", at, body.decode()),
    }
    return Request(tracker.url, headers, body)


def _github(tracker: Tracker, issue: Issue, link: str, at: datetime) -> Request:
    label = "bug" if issue.report.kind is Kind.BUG else "enhancement"
    body = {"title": issue.report.title, "body": _text(issue, link, "### {}\n\n{}"), "labels": [label]}
    project = quote(tracker.project, safe="/")
    headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    authorisation = {"Authorization": f"Bearer {tracker.secret}"}
    url = f"{(tracker.url or GITHUB).rstrip('/')}/repos/{project}/issues"
    return _json(url, body, headers | authorisation)


def _jira(tracker: Tracker, issue: Issue, link: str, at: datetime) -> Request:
    name = "Bug" if issue.report.kind is Kind.BUG else "Task"
    fields = {
        "project": {"key": tracker.project},
        "summary": issue.report.title,
        "description": _text(issue, link, "h3. {}\n{}"),
        "issuetype": {"name": name},
    }
    # Jira's cloud knows e-mail and token, its server a token alone.
    cloud = base64.b64encode(tracker.secret.encode()).decode()
    proof = f"Basic {cloud}" if ":" in tracker.secret else f"Bearer {tracker.secret}"
    return _json(f"{tracker.url.rstrip('/')}/rest/api/2/issue", {"fields": fields}, {"Authorization": proof})


def _redmine(tracker: Tracker, issue: Issue, link: str, at: datetime) -> Request:
    body = {
        "project_id": tracker.project,
        "subject": issue.report.title,
        "description": _text(issue, link, "h3. {}\n\n{}"),
    }
    return _json(f"{tracker.url.rstrip('/')}/issues.json", {"issue": body}, {"X-Redmine-API-Key": tracker.secret})


_MAKING: dict[Template, Callable[[Tracker, Issue, str, datetime], Request]] = {
    Template.PLAIN: _plain,
    Template.GITHUB: _github,
    Template.JIRA: _jira,
    Template.REDMINE: _redmine,
}


def _json(url: str, body: Json, headers: dict[str, str]) -> Request:
    usual = {"Content-Type": "application/json", "User-Agent": "Zeroline"}
    return Request(url, usual | headers, orjson.dumps(body))


def _text(issue: Issue, link: str, shape: str) -> str:
    """The report under headings of the tracker's own markup; a field left empty has none."""
    told = [shape.format(heading, text) for name, heading in HEADINGS if (text := getattr(issue.report, name).strip())]
    files = [f"Files: {', '.join(issue.report.files)}"] if issue.report.files else []
    return "\n\n".join([*told, *files, f"Zeroline {issue.number}: {link}"])


def _id(value: object) -> str:
    return str(value)[:200] if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _address(value: object) -> str:
    """Only what a browser opens as a page: the answer of a tracker becomes a link on our screen."""
    return value[:500] if isinstance(value, str) and value.startswith(("https://", "http://")) else ""
