"""People over real HTTP: adding, changing, switching off at once, passwords, and what the log says of it."""

import pytest

from bot.accounts.model import Role
from tests.web.house import PASSWORD, House, OperatorClient
from tests.web.sockets import at_desk, visiting


async def person(client: OperatorClient, login: str) -> dict[str, object]:
    people = (await client.get("/api/desk/people")).json()["people"]
    return next(one for one in people if one["login"] == login)


async def log(client: OperatorClient) -> list[tuple[str, str, dict[str, str]]]:
    entries = (await client.get("/api/desk/audit")).json()["entries"]
    return [(entry["actor_name"], entry["act"], entry["detail"]) for entry in entries]


async def test_a_new_person_signs_in_with_the_password_shown_once(house: House) -> None:
    olga = await house.operator("olga", Role.OWNER)
    made = (await olga.post("/api/desk/people", {"login": "Ivan", "name": "Иван", "role": "lead"})).json()
    assert (made["person"]["login"], made["person"]["cap"], made["person"]["tier"]) == ("ivan", 5, 1)
    signed = await olga.http.post("/api/desk/login", json={"login": "ivan", "password": made["password"]})
    assert "manage_team" in signed.json()["operator"]["permissions"]
    assert (await olga.post("/api/desk/people", {"login": "ivan", "name": "X", "role": "lead"})).status_code == 401
    await olga.http.aclose()


async def test_a_lead_sets_places_but_not_roles(house: House) -> None:
    lead, anna = await house.operator("lena", Role.LEAD), await house.operator("anna")
    known = await person(lead, "anna")
    place = {"cap": 2, "skills": ["router", "router", " "], "langs": ["ru"], "tier": 2, "groups": ["support"]}
    changed = (await lead.post(f"/api/desk/people/{known['id']}", place)).json()
    assert {name: changed[name] for name in place} == {**place, "skills": ["router"]}
    for account in ({"name": "X"}, {"role": "admin"}, {"active": False}):
        refused = await lead.post(f"/api/desk/people/{known['id']}", account)
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    wrong = await lead.post(f"/api/desk/people/{known['id']}", {"groups": ["nowhere"]})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid_body")
    acts = [(act, detail) for _, act, detail in await log(lead)]
    assert acts[0] == (
        "place_changed",
        {"login": "anna", "cap": "2", "skills": "router", "langs": "ru", "tier": "2", "groups": "support"},
    )
    await lead.http.aclose()
    await anna.http.aclose()


async def test_whoever_is_switched_off_is_out_at_once_and_leaves_no_customer_behind(house: House) -> None:
    olga, anna = await house.operator("olga", Role.OWNER), await house.operator("anna")
    async with visiting(house) as visitor, at_desk(house, anna) as desk:
        await visitor.hello()
        await visitor.say("human")
        await visitor.until_row(kind="handoff")
        ticket = (await house.rooms.conversations.tickets())[0].id
        assert (await anna.post(f"/api/desk/tickets/{ticket}/claim")).status_code == 200
        known = await person(olga, "anna")
        gone = await olga.post(f"/api/desk/people/{known['id']}", {"active": False})
        assert gone.json()["active"] is False
        assert await desk.closed() == 4401
        assert (await anna.get("/api/desk/tickets")).status_code == 401
        freed = (await olga.get(f"/api/desk/tickets/{ticket}")).json()["ticket"]
        assert (freed["status"], freed["assignee"]) == ("queued", None)
        assert (await visitor.until_row(kind="notice"))["author"] == "system"
        await visitor.until_event("state", holder="queue")
    back = await olga.post(f"/api/desk/people/{known['id']}", {"active": True})
    assert back.json()["active"] is True
    assert (await anna.get("/api/desk/tickets")).status_code == 401
    assert [act for _, act, _ in await log(olga)] == ["person_changed", "person_changed"]
    await olga.http.aclose()
    await anna.http.aclose()


async def test_the_rules_about_owners_hold_over_http(house: House) -> None:
    olga, adam = await house.operator("olga", Role.OWNER), await house.operator("adam", Role.ADMIN)
    owner, admin = await person(olga, "olga"), await person(olga, "adam")
    refusals = (
        (adam, owner, {"role": "operator"}, 403, "owner_only"),
        (adam, owner, {"active": False}, 403, "owner_only"),
        (adam, admin, {"role": "owner"}, 403, "owner_only"),
        (olga, owner, {"role": "admin"}, 409, "last_owner"),
        (olga, owner, {"active": False}, 409, "last_owner"),
        (olga, {"id": "nobody"}, {"active": False}, 404, "operator_unknown"),
    )
    for client, whom, change, status, code in refusals:
        answer = await client.post(f"/api/desk/people/{whom['id']}", change)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await adam.post(f"/api/desk/people/{owner['id']}/password")).json()["code"] == "owner_only"
    assert await log(olga) == []
    await olga.http.aclose()
    await adam.http.aclose()


async def test_ones_own_password_and_a_reset_one_end_other_sessions(house: House) -> None:
    olga = await house.operator("olga", Role.OWNER)
    await house.rooms.accounts.add_operator("anna", "Анна", Role.OPERATOR, PASSWORD)
    sessions = [await house.rooms.accounts.login("anna", PASSWORD, "192.0.2.1") for _ in range(2)]
    here = olga.http
    here.cookies.clear()
    cookie, csrf = f"zeroline_session={sessions[0][1]}", sessions[0][0].csrf
    mine = {"Cookie": cookie, "X-CSRF-Token": csrf}
    body = {"old": "not the password", "new": "another long password"}
    wrong = await here.post("/api/desk/me/password", json=body, headers=mine)
    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_password")
    weak = await here.post("/api/desk/me/password", json={"old": PASSWORD, "new": "short"}, headers=mine)
    assert weak.json()["code"] == "password_weak"
    changed = await here.post("/api/desk/me/password", json={**body, "old": PASSWORD}, headers=mine)
    assert changed.status_code == 204
    assert await house.rooms.accounts.session(sessions[0][1]) is not None
    assert await house.rooms.accounts.session(sessions[1][1]) is None
    await olga.http.aclose()


@pytest.mark.parametrize("role", [Role.ADMIN, Role.OWNER])
async def test_a_reset_password_is_shown_once_and_works(house: House, role: Role) -> None:
    boss = await house.operator("boss", role)
    anna, _ = await house.rooms.accounts.add_operator("anna", "Анна", Role.OPERATOR, PASSWORD)
    password = (await boss.post(f"/api/desk/people/{anna.id}/password")).json()["password"]
    session, _ = await house.rooms.accounts.login("anna", password, "192.0.2.1")
    assert session.operator.id == anna.id
    assert [(who, act) for who, act, _ in await log(boss)] == [("Boss", "password_reset")]
    await boss.http.aclose()
