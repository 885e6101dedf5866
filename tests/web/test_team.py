"""What leads set over real HTTP: the rules with their conflicts, holidays, ready answers, and the log of it all."""

from typing import Any

import pytest

from bot.accounts.model import Role
from bot.web.rules import policy_of, policy_view
from bot.web.schemas import PolicyView
from handoff.policy import Policy
from tests.web.house import House, OperatorClient

REPLY = {"shortcut": "Hi", "title": "Greeting", "ru": "Здравствуйте, {customer}!", "en": "Hello, {customer}!"}


async def policy(client: OperatorClient) -> dict[str, Any]:
    rules: dict[str, Any] = (await client.get("/api/desk/policy")).json()["policy"]
    return rules


async def put(client: OperatorClient, path: str, body: dict[str, Any], lang: str = "en") -> tuple[int, dict[str, Any]]:
    answer = await client.http.put(path, json=body, headers={"Accept-Language": lang})
    return answer.status_code, answer.json()


def test_the_default_rules_go_out_and_come_back_the_same() -> None:
    assert policy_of(PolicyView.model_validate(policy_view(Policy()).model_dump())) == Policy()


async def test_rules_are_replaced_and_a_colleagues_change_is_not_overwritten(house: House) -> None:
    lena, lars = await house.operator("lena", Role.LEAD), await house.operator("lars", Role.LEAD)
    mine, theirs = await policy(lena), await policy(lars)
    mine["calendars"].append(
        {
            "id": "office",
            "name": "Офис",
            "zone": "Europe/Moscow",
            "weekly": [[{"opens": "14:00", "closes": "18:00"}, {"opens": "09:00", "closes": "13:00"}]] * 5 + [[], []],
            "days": [
                {"day": "2027-01-01", "spans": [], "checkpoint": False},
                {"day": "2027-01-02", "spans": [{"opens": "10:00", "closes": "10:30"}], "checkpoint": True},
            ],
        }
    )
    mine["groups"][0] |= {"calendar": "office", "locked": True, "mode": "push"}
    mine["tags"] = [" возврат ", "возврат"]
    status, stored = await put(lena, "/api/desk/policy", mine)
    assert (status, stored["version"], stored["tags"]) == (200, mine["version"] + 1, ["возврат"])
    assert stored["calendars"][1]["weekly"][0][0] == {"opens": "09:00", "closes": "13:00"}
    assert await policy(lars) == stored
    status, refused = await put(lars, "/api/desk/policy", theirs)
    assert (status, refused["code"]) == (409, "policy_changed")
    entries = (await lena.get("/api/desk/audit?act=policy_changed")).json()["entries"]
    assert [(one["actor_name"], one["detail"]["changed"]) for one in entries] == [("Lena", "groups, calendars, tags")]
    await lena.http.aclose()
    await lars.http.aclose()


@pytest.mark.parametrize(
    ("place", "broken", "says"),
    [
        ("groups", {"calendar": "nowhere"}, "nowhere"),
        ("calendars", {"zone": "Mars/Base"}, "Mars/Base"),
        ("calendars", {"weekly": [[{"opens": "10:00", "closes": "09:00"}]] + [[]] * 6}, "24/7"),
    ],
)
async def test_rules_that_make_no_sense_are_refused_with_their_place(
    house: House, place: str, broken: dict[str, Any], says: str
) -> None:
    lena = await house.operator("lena", Role.LEAD)
    rules = await policy(lena)
    rules[place][0] |= broken
    for lang in ("ru", "en"):
        status, refused = await put(lena, "/api/desk/policy", rules, lang)
        assert (status, refused["code"]) == (422, "policy_invalid")
        assert says in refused["text"]
    assert (await policy(lena))["version"] == rules["version"]
    await lena.http.aclose()


async def test_holidays_of_a_country_are_named_in_the_readers_language(house: House) -> None:
    lena = await house.operator("lena", Role.LEAD)
    for lang, name in (("ru", "День Победы"), ("en", "Victory Day")):
        answer = await lena.http.get("/api/desk/holidays?country=ru&year=2027", headers={"Accept-Language": lang})
        assert answer.json()["days"]["2027-05-09"] == name
    for wrong in ("country=XX", "country=RU&year=1999", "country=RU&year=next", "country=../../etc"):
        answer = await lena.get(f"/api/desk/holidays?{wrong}")
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_body")
    assert {"RU", "US", "DE"} <= set((await lena.get("/api/desk/policy")).json()["countries"])
    await lena.http.aclose()


async def test_a_ready_answer_is_made_changed_used_and_removed(house: House) -> None:
    lena, anna = await house.operator("lena", Role.LEAD), await house.operator("anna")
    made = (await lena.post("/api/desk/canned", REPLY)).json()
    assert (made["shortcut"], made["used"], made["group"]) == ("hi", 0, "")
    assert (await lena.post("/api/desk/canned", REPLY)).json()["code"] == "shortcut_taken"
    other = (await lena.post("/api/desk/canned", {**REPLY, "group": "support"})).json()
    assert (await lena.post("/api/desk/canned", {**REPLY, "group": "nowhere"})).json()["code"] == "group_unknown"
    where = f"/api/desk/canned/{other['id']}"
    for _ in range(2):
        assert (await anna.post(f"{where}/used")).status_code == 204
    status, changed = await put(lena, where, {**REPLY, "shortcut": "bye", "group": "support"})
    assert (status, changed["shortcut"], changed["used"]) == (200, "bye", 2)
    known = (await anna.get("/api/desk/canned")).json()["replies"]
    assert [reply["shortcut"] for reply in known] == ["bye", "hi"]
    assert (await lena.http.delete(where)).status_code == 204
    assert (await lena.http.delete(where)).json()["code"] == "canned_unknown"
    assert (await anna.post(f"{where}/used")).json()["code"] == "canned_unknown"
    acts = [entry["act"] for entry in (await lena.get("/api/desk/audit")).json()["entries"]]
    assert acts == ["canned_removed", "canned_changed", "canned_added", "canned_added"]
    await lena.http.aclose()
    await anna.http.aclose()


async def test_the_log_is_read_page_by_page_and_by_person(house: House) -> None:
    lena, lars = await house.operator("lena", Role.LEAD), await house.operator("lars", Role.LEAD)
    for number in range(101):
        await lena.post("/api/desk/canned", {**REPLY, "shortcut": f"a{number}"})
    await lars.post("/api/desk/canned", {**REPLY, "shortcut": "of-lars"})
    first = (await lena.get("/api/desk/audit")).json()
    assert (len(first["entries"]), first["entries"][0]["actor_name"]) == (100, "Lars")
    rest = (await lena.get(f"/api/desk/audit?before={first['next']}")).json()
    assert (len(rest["entries"]), rest["next"]) == (2, None)
    seen = [entry["id"] for entry in first["entries"] + rest["entries"]]
    assert seen == sorted(set(seen), reverse=True)
    person = first["entries"][0]["actor"]
    assert len((await lena.get(f"/api/desk/audit?actor={person}")).json()["entries"]) == 1
    assert (await lena.get("/api/desk/audit?before=x")).json()["code"] == "invalid_body"
    await lena.http.aclose()
    await lars.http.aclose()
