"""What browsers are served: built files, the demo shop, the help centre, each with the policy that fits it."""

import gzip
import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from bot.web.options import WebOptions
from tests.web.house import GENEROUS, House, Rooms, serve

SHIPPED = {path.name.split(".")[0] for path in Path("data/kb").rglob("*.md")}
SCRIPT = b"console.log(1);" * 100


@pytest.fixture
async def built(behind: Rooms, tmp_path: Path) -> AsyncIterator[House]:
    """A house whose front-end is three small files."""
    static = tmp_path / "static"
    (static / "assets").mkdir(parents=True)
    (static / "widget.js").write_bytes(SCRIPT)
    (static / "assets" / "desk-B1a2C3d4.js").write_bytes(SCRIPT)
    (static / "assets" / "desk-B1a2C3d4.js.br").write_bytes(b"pretend this is brotli")
    (static / "widget.html").write_text("<!doctype html><title>widget</title>")
    (static / "desk.html").write_text("<!doctype html><title>desk</title>")
    (tmp_path / "secret.js").write_text("secret")
    (static / "link.js").symlink_to(tmp_path / "secret.js")
    options = WebOptions(static_dir=static, sites=("https://shop.example",), limits=GENEROUS)
    async with serve(behind, options) as house:
        yield house


class Anatomy(HTMLParser):
    """What a strict policy would trip over, and where the page leads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._open.append(tag)
        self.inline += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        self.addresses += [value for name, value in attrs if name in ("href", "src") and value]
        self.ids += [value for name, value in attrs if name == "id" and value]

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in ("script", "style") and data.strip():
            self.inline.append(self._open[-1])

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass


async def test_the_loader_is_everybodys_and_short_lived(built: House) -> None:
    async with httpx.AsyncClient(base_url=built.url) as http:
        answer = await http.get("/widget.js")
    assert answer.content == SCRIPT
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=300, stale-while-revalidate=86400"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [("br, gzip", "br"), ("gzip, br;q=0", "gzip"), ("deflate", None), ("", None), ("gzip;q=0", None), ("GZIP", None)],
)
async def test_files_come_in_the_best_encoding_the_browser_takes(
    built: House, accept: str, encoding: str | None
) -> None:
    async with httpx.AsyncClient(base_url=built.url) as http:
        request = http.build_request("GET", "/static/assets/desk-B1a2C3d4.js", headers={"Accept-Encoding": accept})
        answer = await http.send(request, stream=True)
        raw = b"".join([piece async for piece in answer.aiter_raw()])
        await answer.aclose()
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert {None: raw, "br": SCRIPT, "gzip": raw if encoding != "gzip" else gzip.decompress(raw)}[encoding] == SCRIPT


async def test_an_unchanged_file_is_not_sent_again_and_a_rebuilt_one_is(built: House, tmp_path: Path) -> None:
    async with httpx.AsyncClient(base_url=built.url) as http:
        first = await http.get("/widget.js")
        again = await http.get("/widget.js", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        (tmp_path / "static" / "widget.js").write_bytes(b"rebuilt")
        rebuilt = await http.get("/widget.js", headers={"If-None-Match": first.headers["etag"]})
    assert (rebuilt.status_code, rebuilt.content) == (200, b"rebuilt")


@pytest.mark.parametrize(
    "path", ["/widget.js", "/static/assets/desk-B1a2C3d4.js", "/", "/desk", "/help/ru", "/healthz"]
)
async def test_head_answers_like_get_without_the_body(built: House, path: str) -> None:
    async with httpx.AsyncClient(base_url=built.url) as http:
        got, asked = await http.get(path), await http.head(path)
    assert (asked.status_code, asked.content) == (got.status_code, b"")
    assert asked.headers["content-type"] == got.headers["content-type"]


@pytest.mark.parametrize(
    "name",
    [
        "../secret.js",
        "..%2fsecret.js",
        "%2e%2e/secret.js",
        "assets/../../secret.js",
        "/etc/passwd",
        "//etc/passwd",
        "link.js",
        "assets",
        "",
        "widget.html",
        "assets/desk-B1a2C3d4.js.br",
        ".hidden.js",
        "a\x00.js",
        "a\\b.js",
        "x" * 5_000 + ".js",
    ],
)
async def test_nothing_outside_the_folder_can_be_named(built: House, name: str) -> None:
    async with httpx.AsyncClient(base_url=built.url) as http:
        for base in ("/static/", "/files/"):
            target = httpx.URL(built.url).copy_with(raw_path=(base + name.replace("\x00", "%00")).encode())
            answer = await http.send(httpx.Request("GET", target))
            assert answer.status_code == 404
            assert "secret" not in answer.text


async def test_the_desk_may_not_be_framed_and_the_widget_only_by_listed_sites(built: House) -> None:
    async with httpx.AsyncClient(base_url=built.url) as http:
        desk, widget = await http.get("/desk/tickets/7"), await http.get("/widget")
    assert "frame-ancestors 'none'" in desk.headers["content-security-policy"]
    assert desk.headers["x-frame-options"] == "DENY"
    assert desk.headers["cache-control"] == "no-cache"
    assert "frame-ancestors 'self' https://shop.example;" in widget.headers["content-security-policy"]
    assert "x-frame-options" not in widget.headers


@pytest.mark.parametrize("path", ["/", "/desk", "/widget", "/help/ru", "/help/ru/router-reset"])
async def test_pages_allow_nothing_inline_and_no_strings_into_code(built: House, path: str) -> None:
    async with httpx.AsyncClient(base_url=built.url) as http:
        policy = (await http.get(path)).headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "*" not in policy
    for part in ("default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'", "base-uri 'none'"):
        assert part in policy


@pytest.mark.parametrize("path", ["/desk", "/widget"])
async def test_without_built_files_a_page_says_how_to_build_them(behind: Rooms, tmp_path: Path, path: str) -> None:
    options = WebOptions(static_dir=tmp_path / "nothing", limits=GENEROUS)
    async with serve(behind, options) as house, httpx.AsyncClient(base_url=house.url) as http:
        answer = await http.get(path, headers={"Accept-Language": "en"})
        assert (await http.get("/widget.js")).status_code == 404
    assert answer.status_code == 503
    assert "make run" in answer.text


@pytest.mark.parametrize("lang", ["ru", "en"])
async def test_the_shop_is_whole_strict_and_leads_nowhere_wrong(built: House, lang: str) -> None:
    async with httpx.AsyncClient(base_url=built.url) as http:
        page = (await http.get("/", headers={"Accept-Language": lang})).text
        anatomy = Anatomy(page)
        assert not anatomy.inline
        assert f'<html lang="{lang}">' in page
        for address in set(anatomy.addresses):
            if address.startswith("#"):
                assert address[1:] in anatomy.ids
            elif address.startswith(("/files/", "/?", "/widget.js", "/desk")):
                assert (await http.get(address)).status_code == 200, address
    linked = set(re.findall(rf'/help/{lang}/([a-z0-9-]+)"', page))
    assert linked
    assert linked <= SHIPPED


async def test_the_address_chooses_the_language_over_the_browser(built: House) -> None:
    async with httpx.AsyncClient(base_url=built.url) as http:
        page = (await http.get("/?lang=en", headers={"Accept-Language": "ru"})).text
        strange = (await http.get("/?lang=xx", headers={"Accept-Language": "de"})).text
    assert '<html lang="en">' in page
    assert '<html lang="ru">' in strange


async def test_without_the_demo_the_front_door_leads_to_the_help_centre(behind: Rooms) -> None:
    options = WebOptions(demo=False, limits=GENEROUS)
    async with serve(behind, options) as house, httpx.AsyncClient(base_url=house.url) as http:
        answer = await http.get("/", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["location"]) == (302, "/help/en")


async def test_the_help_centre_lists_every_article_under_its_category(http: httpx.AsyncClient) -> None:
    page = (await http.get("/help/ru")).text
    assert "Роутер и Wi-Fi" in page
    assert "New category" in page
    for article in ("router-reset", "router-lights", "pay-how", "odd-one"):
        assert f'href="/help/ru/{article}"' in page
    assert "Разное &lt;b&gt;" in page
    assert not Anatomy(page).inline


async def test_an_article_shows_its_form_its_kin_and_no_foreign_script(http: httpx.AsyncClient) -> None:
    page = (await http.get("/help/ru/router-reset")).text
    assert "<h1>Как сбросить роутер?</h1>" in page
    assert 'Держите <strong>Reset</strong> 10 секунд. <a href="/help/ru/router-lights">Подробнее</a>' in page
    assert page.count("<li><p>") == 2
    assert "<ol>" in page
    assert "&lt;script&gt;" in page
    assert "javascript:" not in page
    assert "gone-article" not in page
    assert 'href="/help/en/router-reset"' in page
    assert "Что значат лампочки?" in page
    assert not Anatomy(page).inline


@pytest.mark.parametrize("path", ["/help/ru/no-such-article", "/help/en/pay-how", "/help/de", "/help/ru/..%2f..%2fetc"])
async def test_a_missing_article_offers_the_whole_list(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path)
    assert answer.status_code == 404
    assert "/router-reset" in answer.text
    assert 'class="notice"' in answer.text
