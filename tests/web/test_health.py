"""What supervisors and Prometheus may know, and who else may not."""

import asyncio

import httpx
import pytest

from bot.web.options import WebOptions
from tests.web.house import GENEROUS, House, Rooms, serve

TOKEN = "a token for tests"


async def test_readiness_is_that_of_the_parts(house: House, http: httpx.AsyncClient) -> None:
    answer = await http.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ready", "parts": {"database": True, "rasa": True}},
    )
    assert (await http.get("/healthz")).json() == {"status": "ok"}


async def test_a_part_that_is_down_makes_the_product_unready(behind: Rooms) -> None:
    behind.parts["rasa"] = False
    async with serve(behind) as house, httpx.AsyncClient(base_url=house.url) as client:
        answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["parts"]) == (503, {"database": True, "rasa": False})


async def test_a_crowd_of_probes_is_one_look_at_the_parts(house: House, http: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(http.get("/readyz") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert house.rooms.looks <= 2


async def test_metrics_speak_prometheus(house: House, http: httpx.AsyncClient) -> None:
    answer = await http.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert "# TYPE zeroline_sockets gauge" in answer.text


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
async def test_whoever_comes_through_a_proxy_sees_no_details(http: httpx.AsyncClient, header: str) -> None:
    headers = {header: "127.0.0.1"}
    assert (await http.get("/metrics", headers=headers)).status_code == 403
    assert (await http.get("/readyz", headers=headers)).json() == {"status": "ready"}


async def test_a_product_on_the_internet_tells_only_the_bearer_of_the_token(behind: Rooms) -> None:
    options = WebOptions(public_url="https://help.example", metrics_token=TOKEN, limits=GENEROUS)
    async with serve(behind, options) as house, httpx.AsyncClient(base_url=house.url) as client:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer"}):
            refused = await client.get("/metrics", headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (403, "metrics_private")
        right = {"Authorization": f"Bearer {TOKEN}"}
        assert (await client.get("/metrics", headers=right)).status_code == 200
        assert "parts" in (await client.get("/readyz", headers=right)).json()
