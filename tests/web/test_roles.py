"""Who may do what: every route of the desk asked by every role and by nobody, against a table that names each route."""

import re

import httpx
import pytest

from bot.accounts.model import Role
from bot.web.api import Route
from bot.web.app import API
from tests.web.house import House, OperatorClient

OWNER = frozenset({Role.OWNER})
ADMINS = OWNER | {Role.ADMIN}
LEADS = ADMINS | {Role.LEAD}
WORK = LEADS | {Role.OPERATOR}
DESK = WORK | {Role.READ_ONLY}
WORDS = LEADS | {Role.EDITOR}
ALL = frozenset(Role)

STRANGERS = {"POST /api/desk/login", "GET /api/desk/me", "POST /api/widget/files"}
TABLE = {
    "POST /api/desk/logout": ALL,
    "POST /api/desk/me/password": ALL,
    "GET /api/desk/tickets": DESK,
    "GET /api/desk/tickets/<ticket_id>": DESK,
    "GET /api/desk/conversations": DESK,
    "GET /api/desk/conversations/<conversation_id>": DESK,
    "GET /api/desk/conversations/<conversation_id>/messages": DESK,
    "GET /api/desk/team": DESK,
    "GET /api/desk/suggestions": DESK,
    "GET /api/desk/policy": DESK,
    "GET /api/desk/incidents": DESK,
    "GET /api/desk/playbooks": DESK,
    "GET /api/desk/notices": DESK,
    "POST /api/desk/push": DESK,
    "DELETE /api/desk/push": DESK,
    "POST /api/desk/telegram-link/drop": DESK,
    "POST /api/desk/conversations/<conversation_id>/take": WORK,
    "POST /api/desk/conversations/<conversation_id>/notes": WORK,
    "POST /api/desk/conversations/<conversation_id>/card": WORK,
    "POST /api/desk/tickets/<ticket_id>/claim": WORK,
    "POST /api/desk/tickets/<ticket_id>/decline": WORK,
    "POST /api/desk/tickets/<ticket_id>/give-back": WORK,
    "POST /api/desk/tickets/<ticket_id>/to-bot": WORK,
    "POST /api/desk/tickets/<ticket_id>/escalate": WORK,
    "POST /api/desk/tickets/<ticket_id>/transfer": WORK,
    "POST /api/desk/tickets/<ticket_id>/snooze": WORK,
    "POST /api/desk/tickets/<ticket_id>/wake": WORK,
    "POST /api/desk/tickets/<ticket_id>/close": WORK,
    "POST /api/desk/tickets/<ticket_id>/tags": WORK,
    "POST /api/desk/tickets/<ticket_id>/priority": WORK,
    "POST /api/desk/tickets/<ticket_id>/update": WORK,
    "POST /api/desk/tickets/<ticket_id>/messages": WORK,
    "POST /api/desk/files": WORK,
    "POST /api/desk/canned/<reply_id>/used": WORK,
    "GET /api/desk/issues": WORK,
    "POST /api/desk/conversations/<conversation_id>/issues": WORK,
    "POST /api/desk/conversations/<conversation_id>/issues/link": WORK,
    "POST /api/desk/issues/<issue_id>/fixed": WORK,
    "POST /api/desk/issues/<issue_id>/reopen": WORK,
    "POST /api/desk/issues/<issue_id>/url": WORK,
    "POST /api/desk/issues/<issue_id>/resend": WORK,
    "GET /api/desk/canned": WORK | {Role.EDITOR},
    "POST /api/desk/canned": WORDS,
    "PUT /api/desk/canned/<reply_id>": WORDS,
    "DELETE /api/desk/canned/<reply_id>": WORDS,
    "GET /api/desk/labels": WORDS,
    "POST /api/desk/labels/<label_id>/state": WORDS,
    "GET /api/desk/learning": WORDS | {Role.READ_ONLY},
    "GET /api/desk/learning/preview": WORDS | {Role.READ_ONLY},
    "PUT /api/desk/learning/max-wrong": LEADS,
    "POST /api/desk/learning/learn": LEADS,
    "POST /api/desk/learning/roll-back": LEADS,
    "POST /api/desk/notes/<note_id>/decide": LEADS,
    "POST /api/desk/assign": LEADS,
    "PUT /api/desk/policy": LEADS,
    "GET /api/desk/holidays": LEADS,
    "GET /api/desk/people": LEADS,
    "POST /api/desk/people/<person_id>": LEADS,
    "GET /api/desk/audit": LEADS,
    "POST /api/desk/incidents": LEADS,
    "POST /api/desk/incidents/<incident_id>/update": LEADS,
    "POST /api/desk/incidents/<incident_id>/end": LEADS,
    "PUT /api/desk/playbooks": LEADS,
    "POST /api/desk/people": ADMINS,
    "POST /api/desk/people/<person_id>/password": ADMINS,
    "GET /api/desk/tracker": OWNER,
    "PUT /api/desk/tracker": OWNER,
}
"""Whoever adds a route says here who may use it."""


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


async def ask(client: httpx.AsyncClient, route: Route) -> httpx.Response:
    path = re.sub(r"<\w+>", "no-such-one", route.path)
    return await client.request(route.method, path, json=None if route.method == "GET" else {})


def last_of_all(route: Route) -> bool:
    """Signing out ends the session that asks the others."""
    return route.path.endswith("/logout")


def test_every_route_says_who_may_use_it() -> None:
    assert {named(route) for route in API if not route.public} - set(TABLE) == set()
    assert {named(route) for route in API if route.public} == STRANGERS


@pytest.mark.parametrize("role", list(Role))
async def test_a_role_opens_its_routes_and_no_others(house: House, role: Role) -> None:
    client = await house.operator("anna", role)
    opened = set()
    for route in sorted((one for one in API if not one.public), key=last_of_all):
        answer = await ask(client.http, route)
        if answer.status_code == 403:
            assert answer.json()["code"] == "forbidden", named(route)
        else:
            assert answer.status_code < 500, named(route)
            assert answer.status_code != 401, named(route)
            opened.add(named(route))
    await client.http.aclose()
    known = {named(route) for route in API}
    assert opened == {name for name, roles in TABLE.items() if role in roles and name in known}


async def test_nobody_opens_nothing(house: House) -> None:
    stranger = OperatorClient(httpx.AsyncClient(base_url=house.url, headers={"Origin": house.url}), "")
    for route in API:
        if not route.public:
            answer = await ask(stranger.http, route)
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthorised"), named(route)
    await stranger.http.aclose()


async def test_whoever_is_switched_off_opens_nothing(house: House) -> None:
    olga, anna = await house.operator("olga", Role.OWNER), await house.operator("anna", Role.ADMIN)
    person = next(one for one in await house.rooms.accounts.operators() if one.login == "anna")
    answer = await olga.post(f"/api/desk/people/{person.id}", {"active": False})
    assert answer.json()["active"] is False
    for route in API:
        if not route.public:
            assert (await ask(anna.http, route)).status_code == 401, named(route)
    await olga.http.aclose()
    await anna.http.aclose()
