"""One running product, its Telegram and one browser for the tests that look at it from outside."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.product import Product, running_product
from tests.telegram_api import TOKEN
from tests.telegram_thread import TelegramThread, telegram_thread

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (e) => console.error(`CSP ${e.violatedDirective} ${e.blockedURI}`));
"""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    return {**browser_type_launch_args, "executable_path": path, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def telegram() -> Iterator[TelegramThread]:
    with telegram_thread() as thread:
        yield thread


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory, telegram: TelegramThread) -> Iterator[Product]:
    settings = {"ZEROLINE_TELEGRAM__TOKEN": TOKEN, "ZEROLINE_TELEGRAM__API_URL": telegram.url}
    with running_product(tmp_path_factory.mktemp("product"), **settings) as product:
        yield product


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """Errors and policy violations of every watched page; must be empty at the end of the test."""
    found: list[str] = []
    yield found
    assert not found


def watch(context: BrowserContext, complaints: list[str]) -> None:
    """Collects page errors, console errors and Content-Security-Policy violations of every page of the context."""
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    context.add_init_script(REPORT_VIOLATIONS)
