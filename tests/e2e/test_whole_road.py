"""The road of a customer in the widget and an operator at the desk, seen in a real browser, in both languages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.e2e.conftest import watch
from tests.product import Product

pytestmark = pytest.mark.slow

PATIENCE = 15_000


@dataclass(frozen=True, slots=True)
class Script:
    """What is said and what is seen in one language."""

    lang: str
    launcher: str
    composer: str
    question: str
    answer: str
    article: str
    chitchat: str
    vague: str
    plea: str
    handed: str
    joined: str
    claim: str
    reply_box: str
    close: str
    solved: str
    close_it: str
    rating: str
    score: str
    thanks: str
    kind_word: str
    back: str
    back_answer: str


RU = Script(
    lang="ru",
    launcher="Чат поддержки",
    composer="Ваше сообщение",
    question="как поменять тариф на подешевле?",
    answer="один раз за расчётный месяц",
    article="Как сменить тариф",
    chitchat="спасибо большое",
    vague="роутер",
    plea="позовите живого человека",
    handed="повторять ничего не нужно",
    joined="на связи",
    claim="Взять",
    reply_box="Ваш ответ",
    close="Закрыть",
    solved="Вопрос решён",
    close_it="Закрыть обращение",
    rating="Как вам помогли?",
    score="Отлично",
    thanks="Спасибо за оценку",
    kind_word="вы очень добры",
    back="как сбросить роутер к заводским настройкам?",
    back_answer="снова на связи",
)
EN = Script(
    lang="en",
    launcher="Support chat",
    composer="Your message",
    question="how do I switch to a cheaper tariff?",
    answer="once per billing month",
    article="tariff",
    chitchat="thank you so much",
    vague="router",
    plea="let me talk to a real person please",
    handed="you need not repeat anything",
    joined="has joined",
    claim="Claim",
    reply_box="Your reply",
    close="Close",
    solved="Solved",
    close_it="Close the request",
    rating="How did we do?",
    score="Excellent",
    thanks="Thank you for the rating",
    kind_word="so nice of you",
    back="how do I reset the router to factory settings?",
    back_answer="is back and will carry on",
)


@pytest.fixture
def customer(browser: Browser, product: Product, complaints: list[str], script: Script) -> Iterator[Page]:
    context = browser.new_context(locale=script.lang, viewport={"width": 1440, "height": 900})
    watch(context, complaints)
    page = context.new_page()
    page.goto(f"{product.url}/?lang={script.lang}")
    yield page
    context.close()


@pytest.fixture
def operator(browser: Browser, product: Product, complaints: list[str], script: Script) -> Iterator[Page]:
    """Anna at the desk, signed in."""
    login = f"anna-{script.lang}"
    password = product.add_operator(login, "Анна" if script.lang == "ru" else "Anna")
    context = browser.new_context(locale=script.lang, viewport={"width": 1440, "height": 900})
    watch(context, complaints)
    page = context.new_page()
    page.goto(f"{product.url}/desk")
    page.get_by_label(re.compile("^(Логин|Login)$")).fill(login)
    page.get_by_label(re.compile("^(Пароль|Password)$")).fill(password)
    page.get_by_role("button", name=re.compile("^(Войти|Sign in)$")).click()
    expect(page.locator("[data-line=online]")).to_be_visible(timeout=PATIENCE)
    yield page
    context.close()


class Widget:
    """The customer's hands and eyes."""

    def __init__(self, page: Page, script: Script) -> None:
        self.script = script
        page.get_by_role("button", name=script.launcher).click()
        self.frame: FrameLocator = page.frame_locator("iframe")

    def write(self, text: str) -> None:
        box = self.frame.get_by_role("textbox", name=self.script.composer)
        box.fill(text)
        box.press("Enter")

    def sees(self, text: str) -> None:
        expect(self.frame.get_by_text(text).last).to_be_visible(timeout=PATIENCE)

    def press(self, name: str) -> None:
        self.frame.get_by_role("button", name=name).last.click()

    def choices(self) -> Any:
        return self.frame.locator("button.choice:enabled")


@pytest.mark.parametrize("script", [RU, EN], ids=["ru", "en"])
def test_from_the_first_question_to_the_bot_answering_again(customer: Page, operator: Page, script: Script) -> None:
    widget = Widget(customer, script)
    widget.write(script.question)
    widget.sees(script.answer)
    source = widget.frame.get_by_role("link", name=re.compile(script.article, re.IGNORECASE))
    expect(source.first).to_have_attribute("href", re.compile(f"/help/{script.lang}/tariff-change"))

    widget.write(script.chitchat)
    expect(widget.frame.locator(".row.bot")).to_have_count(3, timeout=PATIENCE)
    widget.write(script.vague)
    expect(widget.choices()).not_to_have_count(0, timeout=PATIENCE)
    assert widget.choices().count() <= 5
    widget.choices().first.click()

    widget.write(script.plea)
    widget.sees(script.handed)

    operator.get_by_text(script.plea).first.click()
    expect(operator.get_by_text(script.question).first).to_be_visible(timeout=PATIENCE)
    operator.get_by_role("button", name=script.claim, exact=True).click()
    widget.sees(script.joined)

    reply = operator.get_by_role("textbox", name=script.reply_box)
    reply.press_sequentially("Hi! Checking your contract")
    expect(widget.frame.get_by_text(re.compile("печатает|is typing")).first).to_be_visible(timeout=PATIENCE)
    reply.press("Enter")
    widget.sees("Hi! Checking your contract")
    widget.frame.get_by_role("textbox", name=script.composer).press_sequentially(script.kind_word)
    expect(operator.get_by_text(re.compile("печатает|is typing")).first).to_be_visible(timeout=PATIENCE)
    widget.write(script.kind_word)
    expect(operator.locator(".turn.customer").get_by_text(script.kind_word).first).to_be_visible(timeout=PATIENCE)

    operator.get_by_role("button", name=script.close, exact=True).click()
    operator.get_by_role("radio", name=script.solved, exact=True).check()
    operator.get_by_role("dialog").get_by_role("button", name=script.close_it, exact=True).click()
    widget.sees(script.rating)
    widget.press(script.score)
    widget.sees(script.thanks)
    widget.write(script.back)
    widget.sees(script.back_answer)
