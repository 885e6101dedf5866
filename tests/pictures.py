"""Takes the pictures of the documents from the running product: `python -m tests.pictures` writes docs/images."""

import asyncio
import base64
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.conftest import ARGUMENTS
from tests.ledger import Customer
from tests.product import ROOT, Product, running_product

IMAGES = ROOT / "docs" / "images"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 375, "height": 812}


@dataclass(frozen=True, slots=True)
class Scene:
    """Who works and what is said in one language. `lines`: of each waiting customer, the last None calls a person."""

    lang: str
    login: str
    name: str
    launcher: str
    mine: str
    reply: str
    note: str
    lines: tuple[tuple[str | None, ...], ...]
    canned: tuple[tuple[str, str], ...]


RU = Scene(
    lang="ru",
    login="anna",
    name="Анна",
    launcher="Чат поддержки",
    mine="как поменять тариф на подешевле?",
    reply="Здравствуйте! Вижу, что вам подойдёт «Верста 100»: это на 140 ₽ в месяц дешевле. Переключить?",
    note="Договор с рассрочкой за роутер — @boris, подскажешь, не сгорит ли скидка?",
    lines=(
        ("как поменять тариф на подешевле?", "у меня договор 4081722, почта petr@example.com", None),
        ("интернета нет второй день", "ОПЕРАТОРА!!! СКОЛЬКО МОЖНО ЖДАТЬ!!!", None),
        ("хочу перенести подключение на другую квартиру", "позовите человека, пожалуйста"),
    ),
    canned=(("здравствуйте", "Приветствие"), ("проверка", "Проверяем линию"), ("перезвон", "Перезвоним")),
)
EN = Scene(
    lang="en",
    login="nina",
    name="Nina",
    launcher="Support chat",
    mine="how do I switch to a cheaper tariff?",
    reply="Hello! Versta 100 would save you 140 ₽ a month. Shall I switch you?",
    note="The router is on instalments: @boris, does the discount survive a switch?",
    lines=(
        ("how do I switch to a cheaper tariff?", "my account is 4081722, mail peter@example.com", None),
        ("I was charged twice this month", "THIS IS THE THIRD TIME I ASK!!! OPERATOR!!!", None),
        ("we are moving to another flat next week", "let me talk to a person please"),
    ),
    canned=(("hello", "Greeting"), ("line", "Checking the line"), ("call", "We will call")),
)


def main() -> None:
    """Writes every picture, in both languages."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="pictures-") as folder,
        running_product(Path(os.environ.get("PICTURES_DATA", folder))) as product,
        sync_playwright() as play,
    ):
        product.add_operator("boris", "Борис")
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = play.chromium.launch(executable_path=path, args=ARGUMENTS)
        for scene in (RU, EN):
            _shoot(browser, product, scene)
        browser.close()


def _shoot(browser: Browser, product: Product, scene: Scene) -> None:
    password = product.add_operator(scene.login, scene.name, "lead")
    with _signed_in(product, scene.login, password) as http:
        for shortcut, title in scene.canned:
            texts = {"ru": f"{title}, {{customer}}!", "en": f"{title}, {{customer}}!"}
            http.post("/api/desk/canned", json={"shortcut": shortcut, "title": title, **texts}).raise_for_status()
        # Playwright keeps an event loop running in this thread.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, _visit(product.url, scene)).result()
        ticket = _work(http, scene)
        page = _desk(browser, product, http, scene, DESKTOP)
        _picture(page, product, f"#/t/{ticket['id']}", f"desk-conversation-{scene.lang}")
        page.locator("form[data-composer] textarea").focus()
        page.keyboard.type("/")
        page.wait_for_timeout(600)
        page.screenshot(path=IMAGES / f"desk-canned-{scene.lang}.png")
        page.keyboard.press("Escape")
        for screen in ("team", "calendars", "incidents"):
            _picture(page, product, f"#/lead/{screen}", f"desk-{screen}-{scene.lang}")
        phone = _desk(browser, product, http, scene, PHONE)
        _picture(phone, product, "#/v/unassigned", f"desk-phone-{scene.lang}")
        if scene is EN:
            _both(browser, product, http, scene)


async def _visit(url: str, scene: Scene) -> None:
    for lines in scene.lines:
        async with Customer(url, lang=scene.lang) as customer:
            for text in lines:
                await customer.settled(await customer.say(text), 60)


def _work(http: httpx.Client, scene: Scene) -> dict[str, Any]:
    """Claims the first customer's request, leaves a note and answers."""
    tickets = http.get("/api/desk/tickets").json()["tickets"]
    ticket: dict[str, Any] = next(
        one for one in tickets if one["lang"] == scene.lang and one["mood"] == "calm" and one["status"] == "queued"
    )
    path = f"/api/desk/tickets/{ticket['id']}"
    http.post(f"{path}/claim").raise_for_status()
    note = {"cid": uuid4().hex, "text": scene.note}
    http.post(f"/api/desk/conversations/{ticket['conversation']}/notes", json=note).raise_for_status()
    http.post(f"{path}/messages", json={"cid": uuid4().hex, "text": scene.reply}).raise_for_status()
    return ticket


def _desk(browser: Browser, product: Product, http: httpx.Client, scene: Scene, size: Any) -> Page:
    context = browser.new_context(viewport=size, locale=scene.lang)
    cookie = http.cookies["zeroline_session"]
    context.add_cookies([{"name": "zeroline_session", "value": cookie, "url": product.url}])
    page = context.new_page()
    page.goto(f"{product.url}/desk")
    page.wait_for_selector("[data-counter]", state="attached")
    return page


def _picture(page: Page, product: Product, place: str, name: str) -> None:
    page.goto(f"{product.url}/desk{place}")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(900)
    page.screenshot(path=IMAGES / f"{name}.png")


def _both(browser: Browser, product: Product, http: httpx.Client, scene: Scene) -> None:
    """A customer's widget beside the desk that answers it, for the README."""
    shop = browser.new_context(viewport={"width": 720, "height": 860}, locale=scene.lang).new_page()
    shop.goto(f"{product.url}/?lang={scene.lang}")
    shop.get_by_role("button", name=scene.launcher).click()
    chat = shop.frame_locator("iframe")
    for text, sign in (("how do I reset the router?", ".row.bot"), ("let me talk to a person please", ".waits")):
        box = chat.get_by_role("textbox")
        box.fill(text)
        box.press("Enter")
        chat.locator(sign).last.wait_for()
    tickets = http.get("/api/desk/tickets").json()["tickets"]
    ticket = max(tickets, key=lambda one: int(one["number"]))
    path = f"/api/desk/tickets/{ticket['id']}"
    http.post(f"{path}/claim").raise_for_status()
    words = "Hello! Let us look at the router together. Which of its lights are on?"
    http.post(f"{path}/messages", json={"cid": uuid4().hex, "text": words}).raise_for_status()
    chat.locator(".row.person").last.wait_for()
    desk = _desk(browser, product, http, scene, {"width": 1440, "height": 860})
    desk.goto(f"{product.url}/desk#/t/{ticket['id']}")
    desk.wait_for_timeout(1_200)
    shots = [base64.b64encode(page.screenshot()).decode() for page in (shop, desk)]
    frame = browser.new_page(viewport={"width": 2200, "height": 880})
    images = "".join(f'<img src="data:image/png;base64,{shot}">' for shot in shots)
    frame.set_content(f'<body style="margin:10px;background:#e9eeec;display:flex;gap:20px">{images}</body>')
    frame.wait_for_timeout(500)
    frame.screenshot(path=IMAGES / "widget-and-desk.png")


@contextmanager
def _signed_in(product: Product, login: str, password: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=product.url, headers={"Origin": product.url}, timeout=20) as http:
        answer = http.post("/api/desk/login", json={"login": login, "password": password}).raise_for_status()
        http.headers["X-CSRF-Token"] = answer.json()["csrf"]
        yield http


if __name__ == "__main__":
    main()
