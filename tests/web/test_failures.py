"""Whatever goes wrong is answered with a code and a sentence, never with a trace."""

import asyncio

import httpx
import pytest

from bot.errors import Unavailable
from tests.web.house import House

PAGE = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": "en"}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing-here", 404, "not_found"),
        ("GET", "/api/nothing-here", 404, "not_found"),
        ("GET", "/static/nothing.js", 404, "not_found"),
        ("DELETE", "/api/desk/login", 405, "method_not_allowed"),
        ("GET", "/api/desk/login", 405, "method_not_allowed"),
        ("POST", "/healthz", 405, "method_not_allowed"),
        ("GET", "/ws/widget", 426, "upgrade_required"),
    ],
)
async def test_programs_get_json(
    http: httpx.AsyncClient, house: House, method: str, path: str, status: int, code: str
) -> None:
    answer = await http.request(method, path, headers={"Origin": house.url})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["text"]
    assert answer.headers["x-request-id"]
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    if status == 405:
        assert answer.headers["allow"]


@pytest.mark.parametrize(("lang", "words"), [("ru", "Такой страницы нет"), ("en", "There is no such page")])
async def test_people_get_a_page_in_their_language(http: httpx.AsyncClient, lang: str, words: str) -> None:
    answer = await http.get("/nothing-here", headers=PAGE | {"Accept-Language": f"{lang};q=0.9, de;q=0.5"})
    assert answer.status_code == 404
    assert words in answer.text
    assert f'lang="{lang}"' in answer.text


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "invalid_body"),
        (b"{", "bad_request"),
        (b"\xff\xff", "bad_request"),
        (b"[]", "invalid_body"),
        (b'{"login": "a"}', "invalid_body"),
        (b'{"login": "a", "password": "b", "role": "admin"}', "invalid_body"),
        (b'{"login": ["a"], "password": "b"}', "invalid_body"),
        (b'{"login": "\\ud800", "password": "b"}', "bad_request"),
        (b"[" * 30_000, "bad_request"),
        (b'{"login": "' + b"a" * 101 + b'", "password": "b"}', "invalid_body"),
    ],
)
async def test_a_wrong_body_is_named_not_guessed(house: House, http: httpx.AsyncClient, body: bytes, code: str) -> None:
    answer = await http.post("/api/desk/login", content=body, headers={"Origin": house.url})
    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_a_body_that_is_too_large_is_refused(house: House, http: httpx.AsyncClient) -> None:
    answer = await http.post("/api/desk/login", content=b"x" * 100_000, headers={"Origin": house.url})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_a_mistake_of_ours_is_hidden_numbered_and_logged(
    house: House, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def broken(lang: str) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(house.rooms.knowledge, "articles", broken)
    answer = await http.get("/help/ru", headers=PAGE)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["x-request-id"] in answer.text
    logged = capsys.readouterr().out
    assert "a secret detail" in logged
    assert answer.headers["x-request-id"] in logged


async def test_a_part_that_is_down_says_when_to_come_back(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def down() -> None:
        raise Unavailable("The database cannot be written.")

    anna = await house.operator("anna")
    monkeypatch.setattr(house.rooms.conversations, "tickets", down)
    answer = await anna.get("/api/desk/tickets")
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "unavailable", "5")
    await anna.http.aclose()


@pytest.mark.parametrize(
    "raw",
    [
        b"NONSENSE\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
        b"POST /api/desk/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
    ids=range(5),
)
async def test_what_is_not_http_gets_an_answer_without_a_trace(house: House, raw: bytes) -> None:
    host, port = house.host.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(raw)
    answer = (await asyncio.wait_for(reader.read(), 15)).decode("utf-8", "replace")
    writer.close()
    await writer.wait_closed()
    assert answer.startswith("HTTP/1.1 4")
    assert "Traceback" not in answer
