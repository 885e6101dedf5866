"""One running product and one browser for the tests that look at it from outside."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.product import Product, running_product

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    return {**browser_type_launch_args, "executable_path": path, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running_product(Path(tmp_path_factory.mktemp("product"))) as product:
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
    context.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.violatedDirective + ' ' + e.blockedURI))"
    )
