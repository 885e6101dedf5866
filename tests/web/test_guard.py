"""Who is let in: every kind of origin, the CSRF token, cookies, addresses and rates; roles are in test_roles."""

import re
from dataclasses import replace

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from bot.accounts.model import Role
from bot.web.api import Route
from bot.web.app import API
from bot.web.limits import Rate
from bot.web.options import WebOptions
from tests.web.house import GENEROUS, PASSWORD, House, OperatorClient, Rooms, serve
from tests.web.sockets import dial

CHANGING = [route for route in API if route.method != "GET"]
FOREIGN = [
    "",
    "null",
    "https://evil.example",
    "http://127.0.0.1:1",
    "https://{host}",
    "http://{host}.evil.example",
    "http://evil.example/{host}",
    "http://{host}/",
    "http://{host}@evil.example",
    "file://",
]


async def ask(client: OperatorClient, route: Route, **headers: str) -> httpx.Response:
    path = re.sub(r"<\w+>", "no-such-one", route.path)
    sent: dict[str, str] = {"login": "nobody", "password": PASSWORD} if route.name == "login" else {}
    return await client.http.request(route.method, path, json=sent, headers=headers)


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_changing_request_from_elsewhere_is_refused_by_every_route(house: House, origin: str) -> None:
    client = await house.operator("anna", Role.OWNER)
    given = origin.format(host=house.host)
    if not given:
        del client.http.headers["Origin"]
    for route in CHANGING:
        answer = await ask(client, route, **({"Origin": given} if given else {}))
        assert (answer.status_code, answer.json()["code"]) == (403, "origin_refused"), route.name
    await client.http.aclose()


@pytest.mark.parametrize("token", [None, "", "wrong", "ж", "\x80"])
async def test_a_changing_request_without_the_csrf_token_is_refused_by_every_route(
    house: House, token: str | None
) -> None:
    client = await house.operator("anna", Role.OWNER)
    del client.http.headers["X-CSRF-Token"]
    headers = {} if token is None else {b"X-CSRF-Token": token.encode()}
    for route in CHANGING:
        if not route.public:
            path = re.sub(r"<\w+>", "no-such-one", route.path)
            answer = await client.http.request(route.method, path, json={}, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "csrf_refused"), route.name
    await client.http.aclose()


async def test_another_sessions_csrf_token_is_of_no_use(house: House) -> None:
    anna, boris = await house.operator("anna"), await house.operator("boris")
    answer = await anna.http.post("/api/desk/logout", headers={"X-CSRF-Token": boris.csrf})
    assert answer.json()["code"] == "csrf_refused"
    await anna.http.aclose()
    await boris.http.aclose()


@pytest.mark.parametrize("path", ["/ws/widget", "/ws/desk"])
@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_handshake_from_elsewhere_is_refused(house: House, path: str, origin: str) -> None:
    anna = await house.operator("anna")
    with pytest.raises(InvalidStatus) as refused:
        async with dial(house, path, Origin=origin.format(host=house.host), Cookie=anna.cookie):
            pass
    assert refused.value.response.status_code == 403
    assert b"origin_refused" in refused.value.response.body
    await anna.http.aclose()


async def test_a_listed_site_may_open_the_widget_but_not_the_desk(behind: Rooms) -> None:
    options = WebOptions(limits=GENEROUS, sites=("https://shop.example", "https://Other.example:443/"))
    async with serve(behind, options) as house:
        anna = await house.operator("anna")
        for site in ("https://shop.example", "https://other.example"):
            async with dial(house, "/ws/widget", Origin=site):
                pass
            with pytest.raises(InvalidStatus):
                async with dial(house, "/ws/desk", Origin=site, Cookie=anna.cookie):
                    pass
        await anna.http.aclose()


@pytest.mark.parametrize(("role", "status"), [(None, 401), (Role.EDITOR, 403)])
async def test_the_desks_socket_needs_a_session_with_the_right_role(
    house: House, role: Role | None, status: int
) -> None:
    cookie = "zeroline_session=invented"
    if role is not None:
        client = await house.operator("anna", role)
        cookie = client.cookie
        await client.http.aclose()
    with pytest.raises(InvalidStatus) as refused:
        async with dial(house, "/ws/desk", Cookie=cookie):
            pass
    assert refused.value.response.status_code == status


@pytest.mark.parametrize(("public_url", "secure"), [("https://help.example", True), ("http://help.example", False)])
async def test_the_session_cookie_is_out_of_reach_for_scripts_and_other_sites(
    behind: Rooms, public_url: str, secure: bool
) -> None:
    await behind.accounts.add_operator("anna", "Anna", Role.OPERATOR, PASSWORD)
    async with (
        serve(behind, WebOptions(public_url=public_url, limits=GENEROUS)) as house,
        httpx.AsyncClient(base_url=house.url, headers={"Origin": public_url}) as client,
    ):
        answer = await client.post("/api/desk/login", json={"login": "anna", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/" in cookie
    assert ("Secure" in cookie) is secure
    assert ("strict-transport-security" in answer.headers) is secure
    assert answer.headers["cache-control"] == "no-store"


async def test_signing_in_again_ends_the_session_the_browser_came_with(house: House) -> None:
    await house.rooms.accounts.add_operator("anna", "Anna", Role.OPERATOR, PASSWORD)
    body = {"login": "anna", "password": PASSWORD}
    async with httpx.AsyncClient(base_url=house.url, headers={"Origin": house.url}) as client:
        first = await client.post("/api/desk/login", json=body)
        assert first.json()["operator"]["name"] == "Anna"
        old = client.cookies["zeroline_session"]
        again = await client.post("/api/desk/login", json=body)
        assert client.cookies["zeroline_session"] != old
        assert (await client.get("/api/desk/me")).json() == again.json()
    assert await house.rooms.accounts.session(old) is None


async def test_guessing_passwords_is_slowed_down_with_a_time_to_wait(house: House, http: httpx.AsyncClient) -> None:
    await house.rooms.accounts.add_operator("anna", "Anna", Role.OPERATOR, PASSWORD)
    wrong = {"login": "anna", "password": "wrong password"}
    headers = {"Origin": house.url, "Accept-Language": "en"}
    codes = [(await http.post("/api/desk/login", json=wrong, headers=headers)).json()["code"] for _ in range(5)]
    assert codes == ["wrong_credentials"] * 5
    answer = await http.post("/api/desk/login", json=wrong, headers=headers)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    assert answer.json() == {
        "code": "login_throttled",
        "text": "Too many failed sign-ins. Try again in 1 s.",
        "retry_after": 1,
    }


async def test_an_address_that_asks_too_often_waits_but_probes_are_answered(behind: Rooms) -> None:
    options = WebOptions(limits=replace(GENEROUS, requests=Rate(30, 3)))
    async with serve(behind, options) as house, httpx.AsyncClient(base_url=house.url) as client:
        statuses = [(await client.get("/help/ru")).status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        assert (await client.get("/healthz")).status_code == 200


async def test_handshakes_of_one_address_are_counted(behind: Rooms) -> None:
    async with serve(behind, WebOptions(limits=replace(GENEROUS, handshakes=Rate(30, 1)))) as house:
        async with dial(house, "/ws/widget"):
            pass
        with pytest.raises(InvalidStatus) as refused:
            async with dial(house, "/ws/widget"):
                pass
        assert refused.value.response.status_code == 429


async def test_behind_a_trusted_proxy_each_customer_is_an_address_of_their_own(behind: Rooms) -> None:
    options = WebOptions(limits=replace(GENEROUS, requests=Rate(30, 1)), trusted_proxies=1)
    async with serve(behind, options) as house, httpx.AsyncClient(base_url=house.url) as client:

        async def status(forwarded: str) -> int:
            return (await client.get("/help/ru", headers={"X-Forwarded-For": forwarded})).status_code

        assert [await status("192.0.2.1"), await status("192.0.2.2"), await status("192.0.2.2")] == [200, 200, 429]
        assert await status("6.6.6.6, 192.0.2.1") == 429
        assert [await status("2001:db8::1"), await status("2001:db8::ffff")] == [200, 429]


async def test_without_a_proxy_the_forwarded_header_is_not_believed(behind: Rooms) -> None:
    options = WebOptions(limits=replace(GENEROUS, requests=Rate(30, 1)))
    async with serve(behind, options) as house, httpx.AsyncClient(base_url=house.url) as client:
        statuses = [
            (await client.get("/help/ru", headers={"X-Forwarded-For": f"192.0.2.{number}"})).status_code
            for number in range(3)
        ]
    assert statuses == [200, 429, 429]
