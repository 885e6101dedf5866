"""The request each tracker gets and what its answer means; and which calls of trackers are believed."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook

from bot.issues.hooks import news, proved
from bot.issues.model import Issue, Kind, News, Report, Template, Tracker
from bot.issues.templates import answered, request

AT = datetime.now(UTC)
BUG = Report(Kind.BUG, "Чёрный экран", steps="1. Открыть", got="Экран чёрный", files=("a.png",))
WISH = Report(Kind.WISH, "Тёмная тема", details="Глазам легче")
LINK = "https://help.example/desk#/c/c1"


def issue(report: Report = BUG) -> Issue:
    return Issue("i" * 32, 7, report, "op", "Anna", AT)


def sent(tracker: Tracker, report: Report = BUG) -> tuple[str, dict[str, str], Any]:
    made = request(tracker, issue(report), LINK, AT)
    assert made is not None
    return made.url, dict(made.headers), json.loads(made.body)


def test_without_a_tracker_there_is_nothing_to_send() -> None:
    assert request(Tracker(), issue(), LINK, AT) is None


def test_github_gets_markdown_a_label_and_a_token() -> None:
    url, headers, body = sent(Tracker(Template.GITHUB, "", "acme/shop", "ghp_token"))
    assert url == "https://api.github.com/repos/acme/shop/issues"
    assert headers["Authorization"] == "Bearer ghp_token"
    assert (body["title"], body["labels"]) == ("Чёрный экран", ["bug"])
    assert body["body"] == "### Steps to reproduce\n\n1. Открыть\n\n### What happened\n\nЭкран чёрный\n\n" + (
        f"Files: a.png\n\nZeroline 7: {LINK}"
    )
    assert sent(Tracker(Template.GITHUB, "https://ghe.example/api/v3/", "a/b", "t"), WISH)[2]["labels"] == [
        "enhancement"
    ]


def test_a_project_cannot_leave_its_place_in_the_address() -> None:
    url, _, _ = sent(Tracker(Template.GITHUB, "https://ghe.example", "a/b?x=1#y", "t"))
    assert url == "https://ghe.example/repos/a/b%3Fx%3D1%23y/issues"


@pytest.mark.parametrize(
    ("secret", "proof"),
    [("pat", "Bearer pat"), ("a@b.example:token", "Basic " + base64.b64encode(b"a@b.example:token").decode())],
)
def test_jira_gets_a_bug_or_a_task(secret: str, proof: str) -> None:
    url, headers, body = sent(Tracker(Template.JIRA, "https://jira.example/", "SHOP", secret))
    assert (url, headers["Authorization"]) == ("https://jira.example/rest/api/2/issue", proof)
    assert body["fields"]["project"] == {"key": "SHOP"}
    assert body["fields"]["issuetype"] == {"name": "Bug"}
    assert sent(Tracker(Template.JIRA, "https://j", "SHOP", secret), WISH)[2]["fields"]["issuetype"] == {"name": "Task"}


def test_redmine_gets_its_key_in_a_header() -> None:
    url, headers, body = sent(Tracker(Template.REDMINE, "https://red.example", "shop", "key"))
    assert (url, headers["X-Redmine-API-Key"]) == ("https://red.example/issues.json", "key")
    assert body["issue"]["subject"] == "Чёрный экран"


@pytest.mark.parametrize("secret", ["whsec_" + base64.b64encode(b"0" * 24).decode(), "any words at all"])
def test_the_plain_shape_is_signed_by_the_standard(secret: str) -> None:
    made = request(Tracker(Template.PLAIN, "https://x.example/in", "", secret), issue(), LINK, AT)
    assert made is not None
    key = Webhook(secret) if secret.startswith("whsec_") else Webhook(secret.encode())
    told = key.verify(made.body, dict(made.headers))
    assert (told["type"], told["data"]["number"], told["data"]["link"]) == ("issue.created", 7, LINK)


@pytest.mark.parametrize(
    ("template", "body", "known"),
    [
        (Template.GITHUB, {"number": 12, "html_url": "https://gh/12"}, ("12", "https://gh/12")),
        (Template.JIRA, {"id": "1", "key": "SHOP-3"}, ("SHOP-3", "https://t.example/browse/SHOP-3")),
        (Template.REDMINE, {"issue": {"id": 5}}, ("5", "https://t.example/issues/5")),
        (Template.PLAIN, {"id": "x", "url": "https://x"}, ("x", "https://x")),
        (Template.PLAIN, {"id": "x", "url": "javascript:alert(1)"}, ("x", "")),
        (Template.GITHUB, {"number": True, "html_url": 1}, ("", "")),
        (Template.REDMINE, {"issue": []}, ("", "")),
        (Template.JIRA, [], ("", "")),
    ],
)
def test_answers_tell_number_and_address(template: Template, body: Any, known: tuple[str, str]) -> None:
    assert answered(Tracker(template, "https://t.example/"), json.dumps(body).encode()) == known


def test_an_answer_that_is_no_json_tells_nothing() -> None:
    assert answered(Tracker(Template.GITHUB), b"<html>") == ("", "")


TRACKER = Tracker(Template.PLAIN, "https://x.example", "", "a secret of ours", "hook key")
BODY = b'{"type": "issue.fixed", "data": {"id": "i1"}}'


def github(body: bytes, key: str = "hook key") -> dict[str, str]:
    return {"x-hub-signature-256": "sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest()}


def standard(body: bytes, secret: bytes = b"a secret of ours", at: datetime = AT) -> dict[str, str]:
    signed = Webhook(secret).sign("m1", at, body.decode())
    return {"webhook-id": "m1", "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signed}


def test_three_proofs_are_believed() -> None:
    assert proved(TRACKER, "hook key", {}, BODY)
    assert proved(TRACKER, "", github(BODY), BODY)
    assert proved(TRACKER, "", standard(BODY), BODY)


@pytest.mark.parametrize(
    ("key", "headers", "body"),
    [
        ("", {}, BODY),
        ("wrong", {}, BODY),
        ("ключ", {}, BODY),
        ("wrong", github(BODY), BODY),
        ("", github(BODY), BODY + b" "),
        ("", github(BODY, "wrong"), BODY),
        ("", {"x-hub-signature-256": "é"}, BODY),
        ("", standard(BODY, b"wrong"), BODY),
        ("", standard(BODY), BODY + b" "),
        ("", standard(BODY, at=datetime(2020, 1, 1, tzinfo=UTC)), BODY),
        ("", standard(BODY) | {"webhook-signature": "nonsense"}, BODY),
        ("", standard(BODY) | {"webhook-signature": "v1,é"}, BODY),
        ("", standard(BODY) | {"webhook-timestamp": "soon"}, BODY),
    ],
)
def test_nothing_else_is(key: str, headers: dict[str, str], body: bytes) -> None:
    assert not proved(TRACKER, key, headers, body)


def test_without_a_key_nobody_is_believed() -> None:
    assert not proved(Tracker(), "", {}, BODY)
    assert not proved(Tracker(Template.PLAIN, secret=""), "", standard(BODY, b"\0"), BODY)


ISSUES = {"x-github-event": "issues"}


def jira(category: str) -> dict[str, Any]:
    return {"key": "A-1", "fields": {"status": {"statusCategory": {"key": category}}}}


@pytest.mark.parametrize(
    ("headers", "told", "known"),
    [
        (ISSUES, {"action": "closed", "issue": {"number": 4, "state_reason": "completed"}}, News("4", True)),
        (ISSUES, {"action": "closed", "issue": {"number": 4, "state_reason": "not_planned"}}, News("4", False)),
        (ISSUES, {"action": "reopened", "issue": {"number": 4}}, News("4", False)),
        (ISSUES, {"action": "labeled", "issue": {"number": 4}}, None),
        ({"x-github-event": "ping"}, {"zen": "x"}, None),
        ({}, {"webhookEvent": "e", "issue": jira("done")}, News("A-1", True)),
        ({}, {"webhookEvent": "e", "issue": jira("new")}, News("A-1", False)),
        ({}, {"webhookEvent": "e", "issue": None}, None),
        ({}, {"payload": {"issue": {"id": 5, "status": {"name": "Решена"}}}}, News("5", True)),
        ({}, {"payload": {"issue": {"id": 5, "status": {"name": "In Progress"}}}}, News("5", False)),
        ({}, {"payload": {"issue": {"id": 5, "status": {"name": "X", "is_closed": True}}}}, News("5", True)),
        ({}, {"type": "issue.fixed", "data": {"id": "i1"}}, News("i1", True)),
        ({}, {"type": "issue.reopened", "data": {"id": "i1"}}, News("i1", False)),
        ({}, {"type": "issue.fixed", "data": {"id": {"$ne": 1}}}, None),
        ({}, {"type": "other"}, None),
        ({}, {}, None),
    ],
)  # fmt: skip
def test_each_tracker_is_understood(headers: dict[str, str], told: Any, known: News | None) -> None:
    assert news(headers, json.dumps(told).encode()) == known


@pytest.mark.parametrize("body", [b"", b"[]", b"1", b"nonsense", b"\xff"])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - orjson's own sentences differ
        news({}, body)
