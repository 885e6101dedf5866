"""How an operator arranges to be told away from the desk: the browser, Telegram, and the worker that shows it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.notices.push import Push
from bot.notices.service import Browsers, Errands
from bot.notices.webhook import Post
from bot.web.options import WebOptions
from tests.unit.notices.conftest import SECRET
from tests.unit.notices.outside import Browser
from tests.web.house import GENEROUS, House, OperatorClient, Rooms, serve

ENDPOINT = "https://push.example/anna"


@pytest.fixture
async def house(behind: Rooms, tmp_path: Path) -> AsyncIterator[House]:
    """With push, and with a worker where the build would have put it."""
    post = Post()
    browsers = Browsers(behind.database, Push(SECRET, "https://help.example"), post)
    behind.notices = Errands(behind.database, behind.clock, lambda *_: False, browsers)
    (tmp_path / "desk-sw.js").write_text("self.addEventListener('push', () => {});")
    async with serve(behind, WebOptions(static_dir=tmp_path, limits=GENEROUS)) as running:
        yield running
    await post.close()


@pytest.fixture
async def anna(house: House) -> AsyncIterator[OperatorClient]:
    client = await house.operator("anna")
    async with client.http:
        yield client


def _body(browser: Browser) -> dict[str, str]:
    return {"endpoint": browser.endpoint, "p256dh": browser.p256dh, "auth": browser.auth}


async def test_a_browser_is_told_until_it_is_signed_off(anna: OperatorClient) -> None:
    browser = Browser(ENDPOINT)
    for _ in range(2):
        assert (await anna.post("/api/desk/push", _body(browser))).status_code == 204
    assert (await anna.get("/api/desk/notices")).json() == {"push": True, "telegram": False, "telegram_link": ""}
    signed_off = await anna.http.request("DELETE", "/api/desk/push", json=_body(browser))
    assert signed_off.status_code == 204
    assert (await anna.get("/api/desk/notices")).json()["push"] is False


async def test_nobody_signs_off_a_colleagues_browser(house: House, anna: OperatorClient) -> None:
    boris, browser = await house.operator("boris"), Browser(ENDPOINT)
    await anna.post("/api/desk/push", _body(browser))
    async with boris.http as http:
        await http.request("DELETE", "/api/desk/push", json=_body(browser))
    assert (await anna.get("/api/desk/notices")).json()["push"] is True


@pytest.mark.parametrize("endpoint", ["http://push.example/1", "https://127.0.0.1/1", "ftp://push.example/1"])
async def test_an_address_that_cannot_be_pushed_to_is_refused(anna: OperatorClient, endpoint: str) -> None:
    refused = await anna.post("/api/desk/push", _body(Browser(endpoint)))
    assert (refused.status_code, refused.json()["code"]) == (400, "push_refused")


async def test_the_link_to_telegram_lives_while_the_channel_does(house: House, anna: OperatorClient) -> None:
    courier = house.rooms.notices
    courier.telegram_bot = "zeroline_bot"
    link = (await anna.get("/api/desk/notices")).json()["telegram_link"]
    start, _, code = link.partition("?start=op_")
    assert start == "https://t.me/zeroline_bot"
    assert await courier.link(code, 7)
    assert (await anna.get("/api/desk/notices")).json()["telegram"] is True
    assert (await anna.post("/api/desk/telegram-link/drop")).status_code == 204
    assert (await anna.get("/api/desk/notices")).json()["telegram"] is False


async def test_the_worker_reaches_the_whole_site_and_is_asked_for_anew(house: House) -> None:
    async with httpx.AsyncClient(base_url=house.url) as http:
        worker = await http.get("/desk-sw.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert (worker.headers["service-worker-allowed"], worker.headers["cache-control"]) == ("/", "no-cache")
