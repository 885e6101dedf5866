"""From a bug in a conversation to the tracker and back to every customer, over real HTTP."""

import hashlib
import hmac
import json
from typing import Any

import httpx

from bot.accounts.model import Role
from bot.issues.service import Issues
from bot.notices.model import Answer, Undeliverable
from tests.web.files import png, upload
from tests.web.house import House, OperatorClient
from tests.web.sockets import Visitor, at_desk, visiting

BUG = {
    "kind": "bug",
    "title": "Чёрный экран после входа",
    "steps": "1. Войти",
    "expected": "Кабинет",
    "got": "Чёрный экран",
    "environment": "Firefox 140",
}
GITHUB = {"template": "github", "url": "", "project": "acme/shop", "secret": "ghp_token"}


async def handed_over(house: House, visitor: Visitor, lang: str = "ru") -> tuple[str, str]:
    """The conversation and its ticket."""
    await visitor.hello(lang=lang)
    await visitor.say("human")
    await visitor.until_row(kind="handoff")
    conversation = visitor.rows()[1]["conversation"]
    ticket = next(one for one in await house.rooms.conversations.tickets() if one.conversation_id == conversation)
    return conversation, ticket.id


async def detail(client: OperatorClient, conversation: str) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get(f"/api/desk/conversations/{conversation}")).json()
    return found


def issues(house: House) -> Issues:
    return house.rooms.issues


async def test_a_bug_filed_from_a_dialog_is_linked_tagged_and_told_to_the_tracker(house: House) -> None:
    olga, anna = await house.operator("olga", Role.OWNER), await house.operator("anna")
    set_up = await olga.http.put("/api/desk/tracker", json=GITHUB)
    assert (set_up.json()["template"], set_up.json()["secret_set"], "ghp" in set_up.text) == ("github", True, False)
    async with visiting(house) as visitor:
        conversation, _ = await handed_over(house, visitor)
        picture = (await upload(anna, conversation, "screen.png", png())).json()["file"]["id"]
        filed = await anna.post(f"/api/desk/conversations/{conversation}/issues", {**BUG, "files": [picture]})
        issue = filed.json()
        assert (issue["number"], issue["state"], issue["sent"]) == (1, "open", "waiting")

        shown = await detail(anna, conversation)
        assert [one["id"] for one in shown["issues"]] == [issue["id"]]
        assert "bug" in shown["ticket"]["tags"]
        packed = await issues(house).pack(issue["id"])
        assert packed is not None
        body = json.loads(packed.body)["body"]
        assert "Firefox 140" in body
        assert "screen.png" in body
        assert f"https://help.example/desk#/c/{conversation}" in body

        answer = Answer(201, {}, json.dumps({"number": 77, "html_url": "https://github.example/77"}).encode())
        await issues(house).delivered(issue["id"], answer)
        await issues(house).delivered(issue["id"], answer)
        known = (await anna.get("/api/desk/issues")).json()["issues"][0]
        assert (known["sent"], known["url"], known["conversations"]) == (
            "sent",
            "https://github.example/77",
            [conversation],
        )
    for client in (olga, anna):
        await client.http.aclose()


async def test_when_it_is_fixed_every_linked_customer_gets_a_draft_in_their_language(house: House) -> None:
    olga, anna = await house.operator("olga", Role.OWNER), await house.operator("anna")
    hook = (await olga.http.put("/api/desk/tracker", json=GITHUB)).json()["hook_path"]
    async with visiting(house) as ivan, visiting(house) as john, at_desk(house, anna) as desk:
        (one, first), (two, _) = await handed_over(house, ivan), await handed_over(house, john, "en")
        issue = (await anna.post(f"/api/desk/conversations/{one}/issues", BUG)).json()["id"]
        for _ in range(2):
            linked = await anna.post(f"/api/desk/conversations/{two}/issues/link", {"issue": issue})
            assert linked.status_code == 200
        await issues(house).delivered(issue, Answer(201, {}, b'{"number": 77, "html_url": "https://gh.example/77"}'))
        await desk.send(type="watch", conversation=one)
        await desk.until_event("messages", conversation=one)

        body = json.dumps({"action": "closed", "issue": {"number": 77, "state_reason": "completed"}}).encode()
        signed = "sha256=" + hmac.new(hook.rsplit("/", 1)[1].encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-GitHub-Event": "issues", "X-Hub-Signature-256": signed}
        async with httpx.AsyncClient(base_url=house.url) as tracker:
            for _ in range(2):
                assert (await tracker.post("/hooks/issues", content=body, headers=headers)).status_code == 204
        await desk.until_event("customer", conversation=one)
        russian, english = (await detail(anna, one))["draft"], (await detail(anna, two))["draft"]
        assert russian.startswith("Здравствуйте!")
        assert english.startswith("Hello!")
        assert BUG["title"] in russian
        told = [notice for notice in house.rooms.told.kept if BUG["title"] in notice.text_ru]
        assert len(told) == 1

        await anna.post(f"/api/desk/tickets/{first}/claim")
        said = await anna.post(f"/api/desk/tickets/{first}/messages", {"cid": "cid-good-news", "text": russian})
        assert said.status_code == 200
        assert (await detail(anna, one))["draft"] == ""
        assert (await detail(anna, two))["draft"] == english
        again = await anna.post(f"/api/desk/issues/{issue}/reopen")
        assert again.json()["state"] == "open"
        assert (await detail(anna, two))["draft"] == ""
    acts = [entry["act"] for entry in (await olga.get("/api/desk/audit")).json()["entries"]]
    assert acts == ["issue_reopened", "issue_fixed", "issue_linked", "issue_filed", "tracker_changed"]
    for client in (olga, anna):
        await client.http.aclose()


async def test_a_call_that_proves_nothing_changes_nothing(house: House) -> None:
    olga = await house.operator("olga", Role.OWNER)
    hook = (await olga.get("/api/desk/tracker")).json()["hook_path"]
    async with visiting(house) as visitor, httpx.AsyncClient(base_url=house.url) as stranger:
        conversation, _ = await handed_over(house, visitor)
        issue = (await olga.post(f"/api/desk/conversations/{conversation}/issues", BUG)).json()
        assert issue["sent"] == "no_tracker"
        fixed = {"type": "issue.fixed", "data": {"id": issue["id"]}}
        for path in ("/hooks/issues", "/hooks/issues/wrong", hook[:-1]):
            answer = await stranger.post(path, json=fixed)
            assert (answer.status_code, answer.json()["code"]) == (401, "hook_refused")
        assert (await detail(olga, conversation))["issues"][0]["state"] == "open"
        assert (await stranger.post(hook, content=b"nonsense")).status_code == 400
        assert (await stranger.post(hook, json={"type": "issue.fixed", "data": {"id": "none"}})).status_code == 204
        assert (await stranger.post(hook, json=fixed)).status_code == 204
        assert (await detail(olga, conversation))["issues"][0]["state"] == "fixed"
    await olga.http.aclose()


async def test_a_tracker_that_says_no_is_shown_and_can_be_told_again(house: House) -> None:
    olga = await house.operator("olga", Role.OWNER)
    async with visiting(house) as visitor:
        conversation, _ = await handed_over(house, visitor)
    issue = (await olga.post(f"/api/desk/conversations/{conversation}/issues", BUG)).json()["id"]
    assert (await olga.post(f"/api/desk/issues/{issue}/resend")).json()["code"] == "tracker_off"
    await olga.http.put("/api/desk/tracker", json=GITHUB)
    assert (await olga.post(f"/api/desk/issues/{issue}/resend")).json()["sent"] == "waiting"
    await issues(house).failed(issue, str(Undeliverable("HTTP 401").why))
    known = (await olga.get("/api/desk/issues")).json()["issues"][0]
    assert (known["sent"], known["error"]) == ("failed", "HTTP 401")
    assert (await olga.post(f"/api/desk/issues/{issue}/url", {"url": "https://x.example/1"})).json()["url"]
    refused = await olga.post(f"/api/desk/issues/{issue}/url", {"url": "javascript:alert(1)"})
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_body")
    for path in ("fixed", "reopen", "resend"):
        assert (await olga.post(f"/api/desk/issues/none/{path}")).json()["code"] == "issue_unknown"
    await olga.http.aclose()


async def test_a_tracker_without_what_it_needs_is_refused_and_its_secret_is_kept(house: House) -> None:
    olga = await house.operator("olga", Role.OWNER)
    for lacking in ({"secret": None}, {"project": ""}, {"template": "jira", "url": ""}, {"url": "ftp://x"}):
        answer = await olga.http.put("/api/desk/tracker", json={**GITHUB, **lacking})
        assert (answer.status_code, answer.json()["code"]) == (400, "tracker_invalid"), lacking
    await olga.http.put("/api/desk/tracker", json=GITHUB)
    kept = await olga.http.put("/api/desk/tracker", json={**GITHUB, "secret": None, "project": "acme/other"})
    assert (kept.json()["project"], kept.json()["secret_set"]) == ("acme/other", True)
    assert (await issues(house).tracker()).secret == "ghp_token"
    off = await olga.http.put("/api/desk/tracker", json={"template": "off", "secret": ""})
    assert (off.json()["template"], off.json()["secret_set"]) == ("off", False)
    await olga.http.aclose()
