"""What trackers say when an issue changes: whether it is really them, and whether it is fixed; pure."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import orjson
from standardwebhooks.webhooks import WebhookVerificationError

from bot.issues.model import News, Template, Tracker
from bot.issues.templates import signer

CLOSED = frozenset({"closed", "resolved", "done", "fixed", "закрыта", "закрыт", "решена", "решён", "решен", "готово"})
"""Names of a Redmine status that end an issue, where it does not say so itself."""


def proved(tracker: Tracker, key: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether the caller knows the secret: in the address, or by GitHub's or the Standard Webhooks signature."""
    if not tracker.hook:
        return False
    if key:
        return hmac.compare_digest(key.encode("utf-8", "replace"), tracker.hook.encode())
    if given := headers.get("x-hub-signature-256", ""):
        signed = "sha256=" + hmac.new(tracker.hook.encode(), body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(given.encode("utf-8", "replace"), signed.encode())
    if tracker.template is Template.PLAIN and tracker.secret and "webhook-signature" in headers:
        return _signed(tracker.secret, headers, body)
    return False


def news(headers: Mapping[str, str], body: bytes) -> News | None:
    """What became of which issue; None when the call is about something else. Raises ValueError for no JSON object."""
    told = orjson.loads(body)
    if not isinstance(told, dict):
        raise ValueError("not an object")
    if "x-github-event" in headers:
        return _github(told) if headers["x-github-event"] == "issues" else None
    if "webhookEvent" in told:
        return _jira(told)
    if isinstance(told.get("payload"), dict):
        return _redmine(told["payload"])
    return _plain(told)


def _signed(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    try:
        signer(secret).verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):  # a signature that is no base64 is a ValueError
        return False
    return True


def _github(told: dict[str, Any]) -> News | None:
    issue, action = _object(told, "issue"), told.get("action")
    if action == "closed":
        # "Not planned" is an end, but no good news.
        return _about(issue.get("number"), issue.get("state_reason") in (None, "completed"))
    return _about(issue.get("number"), False) if action == "reopened" else None


def _jira(told: dict[str, Any]) -> News | None:
    issue = _object(told, "issue")
    category = _object(_object(_object(issue, "fields"), "status"), "statusCategory").get("key")
    return _about(issue.get("key"), category == "done") if category else None


def _redmine(payload: dict[str, Any]) -> News | None:
    issue = _object(payload, "issue")
    status = _object(issue, "status")
    name = str(status.get("name", "")).strip().casefold()
    closed = status.get("is_closed")
    return _about(issue.get("id"), bool(closed) if closed is not None else name in CLOSED)


def _plain(told: dict[str, Any]) -> News | None:
    kind = told.get("type")
    if kind not in ("issue.fixed", "issue.reopened"):
        return None
    return _about(_object(told, "data").get("id"), kind == "issue.fixed")


def _about(issue: Any, fixed: bool) -> News | None:
    known = isinstance(issue, str | int) and not isinstance(issue, bool) and str(issue)
    return News(str(issue), fixed) if known else None


def _object(parent: dict[str, Any], name: str) -> dict[str, Any]:
    found = parent.get(name)
    return found if isinstance(found, dict) else {}
