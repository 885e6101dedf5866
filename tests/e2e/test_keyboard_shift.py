"""The whole shift of one operator without a mouse: from signing in to the last search, in both languages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.axe import violations
from tests.e2e.conftest import watch
from tests.product import Product

pytestmark = pytest.mark.slow

PATIENCE = 15_000


@dataclass(frozen=True, slots=True)
class Script:
    """What is said in one language; `customer` is the widget's composer, `reply` and `note` the desk's."""

    lang: str
    customer: str
    question: str
    plea: str
    joined: str
    reply: str
    note: str
    canned: str
    more: str
    rating: str
    word: str


RU = Script(
    lang="ru",
    customer="Ваше сообщение",
    question="что такое гарантированная скорость на тарифе?",
    plea="позовите оператора, пожалуйста",
    joined="на связи",
    reply="Ваш ответ",
    note="Заметка для коллег",
    canned="Сейчас всё проверю",
    more="а ещё у меня моргает красная лампочка",
    rating="Как вам помогли?",
    word="лампочкой",
)
EN = Script(
    lang="en",
    customer="Your message",
    question="what does guaranteed speed mean on my tariff?",
    plea="let me talk to an operator please",
    joined="has joined",
    reply="Your reply",
    note="Note for colleagues",
    canned="I am checking it now",
    more="and a red lamp keeps blinking",
    rating="How did we do?",
    word="lamps",
)


@pytest.fixture(params=[RU, EN], ids=["ru", "en"])
def script(request: pytest.FixtureRequest) -> Script:
    found: Script = request.param
    return found


@pytest.fixture
def context(browser: Browser, script: Script, complaints: list[str]) -> Iterator[BrowserContext]:
    context = browser.new_context(locale=script.lang, viewport={"width": 1440, "height": 900})
    watch(context, complaints)
    yield context
    context.close()


@pytest.fixture
def customer(context: BrowserContext, product: Product, script: Script) -> Page:
    page = context.new_page()
    page.goto(f"{product.url}/widget?lang={script.lang}")
    return page


@pytest.fixture
def desk(context: BrowserContext, product: Product, script: Script) -> Page:
    """The desk before signing in; one ready answer is there."""
    with httpx.Client(base_url=product.url, headers={"Origin": product.url}) as http:
        answer = http.post("/api/desk/login", json={"login": product.login, "password": product.password})
        http.headers["X-CSRF-Token"] = answer.raise_for_status().json()["csrf"]
        texts = {"ru": f"{RU.canned}, {{operator}}.", "en": f"{EN.canned}, {{operator}}."}
        body = {"shortcut": f"check-{script.lang}", "title": f"Check {script.lang}", **texts}
        assert http.post("/api/desk/canned", json=body).status_code in (200, 409)
    page = context.new_page()
    page.goto(f"{product.url}/desk")
    return page


def write(page: Page, script: Script, text: str) -> None:
    box = page.get_by_role("textbox", name=script.customer)
    box.fill(text)
    box.press("Enter")


def sees(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_text(text).last).to_be_visible(timeout=PATIENCE)


def sign_in(desk: Page, login: str, password: str) -> None:
    desk.locator("input").first.focus()
    desk.keyboard.type(login)
    desk.keyboard.press("Tab")
    desk.keyboard.type(password)
    desk.keyboard.press("Enter")
    expect(desk.locator('[data-line="online"]').first).to_be_attached(timeout=PATIENCE)


def test_a_whole_shift_without_a_mouse(product: Product, customer: Page, desk: Page, script: Script) -> None:
    login = f"keys-{script.lang}"
    sign_in(desk, login, product.add_operator(login, "Кира" if script.lang == "ru" else "Kira"))
    write(customer, script, script.question)
    expect(customer.locator(".row.bot").last).to_be_visible(timeout=PATIENCE)
    write(customer, script, script.plea)

    claims_the_request(desk, script)
    sees(customer, re.compile(script.joined))
    answers_with_a_canned_reply(desk, script)
    sees(customer, re.compile(script.canned))
    expect(desk.locator('[data-mark="read"], [data-mark="delivered"]').last).to_be_attached(timeout=PATIENCE)
    leaves_a_note(desk, script)
    expect(customer.get_by_text("4711")).to_have_count(0)
    tags_it(desk)
    snoozes_it_until_a_reply(desk)
    write(customer, script, script.more)
    expect(desk.locator('.head [data-status="claimed"]')).to_be_attached(timeout=PATIENCE)
    expect(desk.locator("[data-turns]").get_by_text(script.more)).to_be_visible(timeout=PATIENCE)
    closes_it(desk)
    desk.keyboard.press("Control+z")
    expect(desk.locator('[data-toast="closing"]')).to_have_count(0, timeout=PATIENCE)
    expect(customer.get_by_text(script.rating)).to_have_count(0)
    closes_it(desk)
    sees(customer, script.rating)
    looks_at_the_keys_and_finds_the_words_again(desk, script)


def claims_the_request(desk: Page, script: Script) -> None:
    desk.keyboard.press("1")
    row = desk.locator("[data-ticket]").filter(has_text=re.compile(re.escape(script.plea)))
    expect(row).to_be_visible(timeout=PATIENCE)
    for _ in range(20):
        desk.keyboard.press("j")
        if row.locator("a[data-row]").evaluate("(link) => link === document.activeElement"):
            break
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-turns]").get_by_text(script.question)).to_be_visible(timeout=PATIENCE)
    desk.keyboard.press("Control+m")


def answers_with_a_canned_reply(desk: Page, script: Script) -> None:
    reply = desk.get_by_role("textbox", name=script.reply)
    expect(reply).to_be_visible(timeout=PATIENCE)
    leave_the_field(desk)
    desk.keyboard.press("r")
    expect(reply).to_be_focused()
    desk.keyboard.type(f"/check-{script.lang}")
    expect(desk.locator("#completions [role=option]").first).to_be_visible(timeout=PATIENCE)
    desk.keyboard.press("Enter")
    expect(reply).to_have_value(re.compile(script.canned))
    desk.keyboard.press("Enter")


def leaves_a_note(desk: Page, script: Script) -> None:
    leave_the_field(desk)
    desk.keyboard.press("n")
    expect(desk.get_by_role("textbox", name=script.note)).to_be_focused()
    desk.keyboard.type("only for colleagues 4711")
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-note]").last).to_be_visible(timeout=PATIENCE)


def tags_it(desk: Page) -> None:
    leave_the_field(desk)
    desk.keyboard.press("g")
    dialog = desk.locator('dialog[data-dialog="tags"]')
    expect(dialog).to_be_visible(timeout=PATIENCE)
    reach(desk, '[data-tag="review"]')
    desk.keyboard.press("Space")
    desk.keyboard.press("Control+Enter")
    expect(dialog).to_have_count(0, timeout=PATIENCE)


def snoozes_it_until_a_reply(desk: Page) -> None:
    desk.keyboard.press("z")
    expect(desk.locator('dialog[data-dialog="snooze"]')).to_be_visible(timeout=PATIENCE)
    reach(desk, '[data-option="reply"]', "ArrowDown")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator('.head [data-status="snoozed"]')).to_be_attached(timeout=PATIENCE)


def closes_it(desk: Page) -> None:
    leave_the_field(desk)
    desk.keyboard.press("x")
    dialog = desk.locator('dialog[data-dialog="close"]')
    expect(dialog).to_be_visible(timeout=PATIENCE)
    desk.keyboard.press("Control+Enter")
    expect(desk.locator('[data-toast="closing"]')).to_be_visible(timeout=PATIENCE)


def looks_at_the_keys_and_finds_the_words_again(desk: Page, script: Script) -> None:
    leave_the_field(desk)
    desk.keyboard.press("?")
    sheet = desk.locator('dialog[data-dialog="sheet"]')
    expect(sheet).to_be_visible(timeout=PATIENCE)
    desk.keyboard.press("Escape")
    expect(sheet).to_have_count(0, timeout=PATIENCE)
    desk.keyboard.press("Control+k")
    expect(desk.locator('dialog[data-dialog="search"] input')).to_be_focused(timeout=PATIENCE)
    desk.keyboard.type(script.word)
    expect(desk.locator("[data-found]").first).to_be_visible(timeout=PATIENCE)


def leave_the_field(desk: Page) -> None:
    """Escape leaves what is typed in; without a field it would go back to the list."""
    if desk.evaluate("() => document.activeElement?.matches('textarea, input') ?? false"):
        desk.keyboard.press("Escape")


def reach(desk: Page, place: str, by: str = "Tab") -> None:
    """Presses the key until what has the focus is, or is in, that place."""
    for _ in range(30):
        if desk.evaluate("(place) => document.activeElement?.closest(place) !== null", place):
            return
        desk.keyboard.press(by)
    raise AssertionError(f"{place} cannot be reached by {by}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_screen_of_the_desk_shuts_anybody_out(
    browser: Browser, product: Product, script: Script, scheme: str, tmp_path: Path
) -> None:
    """axe on every screen, in both themes and languages; the widget's own screens too."""
    context = browser.new_context(
        locale=script.lang,
        viewport={"width": 1440, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(f"{product.url}/desk")
    found = violations(page, "sign-in")
    sign_in(page, product.login, product.password)
    screens = ("unassigned", "mine", "waiting", "snoozed", "bot", "closed", "all")
    places = [f"#/v/{view}" for view in screens] + [f"#/lead/{screen}" for screen in LEAD]
    for place in places:
        page.goto(f"{product.url}/desk{place}")
        expect(page.locator("h1").first).to_be_visible(timeout=PATIENCE)
        found += violations(page, place)
    page.goto(f"{product.url}/widget?lang={script.lang}")
    expect(page.get_by_role("textbox", name=script.customer)).to_be_visible(timeout=PATIENCE)
    found += violations(page, "widget")
    context.close()
    assert found == []


LEAD = (
    "team", "incidents", "people", "groups", "calendars", "sla", "priorities", "tags", "canned", "playbooks", "issues",
    "tracker", "audit", "notices", "password",
)  # fmt: skip
