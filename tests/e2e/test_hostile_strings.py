"""Whatever strangers, operators and editors type is shown as the text it is: widget, desk, help pages, Telegram."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.hostile import converse, import_articles, telegram_complaints
from tests.onlooker import Onlooker
from tests.product import Product, running_product

STRINGS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "</textarea></p><svg/onload=alert(3)>",
    "<iframe srcdoc='<script>parent.alert(4)</script>'></iframe>",
    '"><a href="javascript:alert(5)">press me</a>',
    "[press me](javascript:alert(6)) ![picture](https://zeroline.invalid/a.png)",
    "javascript:alert(7)",
    "{{constructor.constructor('alert(8)')()}} ${alert(9)} <%= 1 + 1 %> {{ 7 * 7 }} #{7*7}",
    "Robert'); DROP TABLE messages; -- \" OR 1=1",
    "%s %d %n %x {0} {name} %(name)s \\u0000 \\x00 \\",
    "before\x00after, and \x07 a bell, \x1b[31mred\x1b[0m, \x7f",
    '/ask_human{"lang": "en"} /restart',
    "<b>bold</b> <i>slanted <u>open</b> <tg-spoiler>secret</tg-spoiler> &lt;ok&gt; &amp;amp; &#60;",
    "**bold** _slanted_ `code` ~~gone~~ > quote\n# heading\n- list\n\n```\nfence",
    "مرحبا \u202eevila si siht\u202c שלום \u2066isolated\u2069",
    "zero\u200bwidth\u200djoined\u200cnot\ufeffbom \u00ad \u2028 line \u2029 paragraph",
    "👩‍👩‍👧‍👦 👍🏽 🇷🇺🇬🇧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ☺︎ ☺️ 🤷🏻‍♀️",
    "Z" + "\u0300\u0316\u0334\u0489" * 120 + "algo, \u0915\u094d\u0937\u093f, \u1100\u1161\u11a8",
    "ﷺ" * 50 + " ﷽ 𝕱𝖆𝖓𝖈𝖞 ｆｕｌｌ ﬃ İıſẞ",
    "неразрывно" * 150,
    "nan null undefined true false 0x1F 1e400 -0 NaN Infinity",
    "../../etc/passwd C:\\CON \\\\share\\x file:///etc/hosts http://127.0.0.1:1/ https://[::1",
    " \u00a0 ",
)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Of its own: articles with such titles would answer the questions of other tests."""
    with running_product(tmp_path_factory.mktemp("hostile")) as product:
        yield product


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_string_is_shown_as_text(product: Product, context: BrowserContext, tmp_path: Path) -> None:
    titles = import_articles(product, STRINGS, tmp_path)
    # The browser's own event loop occupies this thread.
    with ThreadPoolExecutor(1) as thread:
        visits, complaints = thread.submit(asyncio.run, converse(product, STRINGS)).result()
    onlooker = Onlooker(context, product)
    onlooker.sign_in()
    for visit in visits:
        onlooker.widget(visit)
        onlooker.desk(visit)
    onlooker.articles(titles)
    assert complaints + onlooker.complaints == []
    log = (product.data_dir / "logs" / "app.log").read_text(encoding="utf-8", errors="replace")
    assert "Traceback" not in log


def test_telegram_would_show_every_string_as_text() -> None:
    assert list(telegram_complaints(STRINGS)) == []
