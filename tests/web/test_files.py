"""Files from both sides over real HTTP: what is taken, what it is called, who can open it and for how long."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from bot.web.limits import Rate
from bot.web.options import WebOptions
from tests.web.files import archive, png, upload, upload_as_visitor
from tests.web.house import GENEROUS, House, Rooms, serve
from tests.web.sockets import Visitor, at_desk, visiting


async def talking(visitor: Visitor) -> tuple[str, str]:
    """The visitor says something; returns their token and the conversation."""
    token = (await visitor.hello())["token"]
    await visitor.say("router")
    await visitor.until_row(seq=2)
    return token, visitor.rows()[1]["conversation"]


async def test_a_picture_of_the_customer_reaches_the_operator_and_back(house: House) -> None:
    anna = await house.operator("anna")
    async with visiting(house) as visitor, at_desk(house, anna):
        token, conversation = await talking(visitor)
        sent = (await upload_as_visitor(house, token, "экран 1.png", png())).json()["file"]
        assert (sent["name"], sent["type"], sent["image"]) == ("экран 1.png", "image/png", True)
        await visitor.send(type="message", cid="cid-picture", text="", files=[sent["id"]])
        row = await visitor.until_row(cid="cid-picture")
        assert [file["id"] for file in row["files"]] == [sent["id"]]

        detail = (await anna.get(f"/api/desk/conversations/{conversation}")).json()
        shown = next(message for message in detail["messages"] if message["files"])["files"][0]
        picture = await anna.http.get(shown["url"])
        assert picture.content == png()
        assert picture.headers["content-type"] == "image/png"
        assert picture.headers["content-disposition"].startswith("inline;")
        assert picture.headers["x-content-type-options"] == "nosniff"
        assert picture.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    await anna.http.aclose()


async def test_a_file_is_sent_once_and_in_its_own_conversation_only(house: House) -> None:
    async with visiting(house) as one, visiting(house) as two:
        (token, _), _ = await talking(one), await talking(two)
        file = (await upload_as_visitor(house, token, "a.png", png())).json()["file"]["id"]
        await two.send(type="message", cid="cid-foreign", text="mine?", files=[file])
        assert (await two.expect("refused", cid="cid-foreign"))["code"] == "file_unknown"
        await one.send(type="message", cid="cid-own-1", text="", files=[file])
        await one.expect("ack", cid="cid-own-1")
        await one.send(type="message", cid="cid-own-2", text="", files=[file])
        assert (await one.expect("refused", cid="cid-own-2"))["code"] == "file_unknown"
        await one.send(type="message", cid="cid-own-1", text="", files=[file])
        await one.expect("ack", cid="cid-own-1")


REFUSED = {
    "page.html": b"<!doctype html><script>alert(1)</script>",
    "picture.png": b"<html><body onload=alert(1)>",
    "drawing.svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
    "notes.txt": b"\xef\xbb\xbf  <script>alert(1)</script>",
    "program.exe": b"MZ\x90\0" + b"\0" * 200,
    "macro.docx": archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "slides.pptx": archive("[Content_Types].xml", "ppt/presentation.xml"),
    "broken.zip": b"PK\x03\x04 not really",
    "empty.txt": b"",
}


@pytest.mark.parametrize("name", list(REFUSED))
async def test_what_could_harm_is_refused_whatever_it_is_called(house: House, name: str) -> None:
    async with visiting(house) as visitor:
        token, _ = await talking(visitor)
        answer = await upload_as_visitor(house, token, name, REFUSED[name])
    assert (answer.status_code, answer.json()["code"]) == (400, "file_refused")


TAKEN = {
    "счёт.pdf": (b"%PDF-1.7\n%%EOF", "application/pdf", "счёт.pdf"),
    "log.txt": ("Ошибка 691".encode("cp1251"), "text/plain", "log.txt"),
    "table.csv": (b"a;b\n1;2\n", "text/csv", "table.csv"),
    "letter.docx": (archive("[Content_Types].xml", "word/document.xml"), None, "letter.docx"),
    "sheet.xlsx": (archive("[Content_Types].xml", "xl/workbook.xml"), None, "sheet.xlsx"),
    "logs.zip": (archive("one.log"), "application/zip", "logs.zip"),
    "../../etc/pass\u202egnp.exe": (png(), "image/png", "passgnp.exe.png"),
    'a"b<c>.gif': (b"GIF89a" + b"\0" * 20, "image/gif", "a_b_c_.gif"),
}


@pytest.mark.parametrize("name", list(TAKEN))
async def test_what_is_taken_is_named_after_its_content_and_saved_not_shown(house: House, name: str) -> None:
    data, kind, kept = TAKEN[name]
    async with visiting(house) as visitor:
        token, _ = await talking(visitor)
        file = (await upload_as_visitor(house, token, name, data)).json()["file"]
    assert file["name"] == kept
    assert kind in (None, file["type"])
    async with httpx.AsyncClient(base_url=house.url) as http:
        answer = await http.get(file["url"])
    assert answer.content == data
    assert answer.headers["content-disposition"].startswith("inline" if file["image"] else "attachment")


async def test_a_file_larger_than_ten_megabytes_is_refused_and_one_of_ten_is_not(house: House) -> None:
    async with visiting(house) as visitor:
        token, _ = await talking(visitor)
        most = png() + b"\0" * (10_000_000 - len(png()))
        assert (await upload_as_visitor(house, token, "a.png", most)).status_code == 200
        answer = await upload_as_visitor(house, token, "a.png", most + b"\0")
        assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")
        answer = await upload_as_visitor(house, token, "a.png", most * 2)
        assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")


async def test_an_address_opens_its_own_file_for_a_week(behind: Rooms) -> None:
    async with serve(behind, None) as house, visiting(house) as visitor:
        token, _ = await talking(visitor)
        one, two = [(await upload_as_visitor(house, token, f"{n}.png", png())).json()["file"] for n in (1, 2)]
        borrowed = two["url"].split("?")[0] + "?" + one["url"].split("?")[1]
        async with httpx.AsyncClient(base_url=house.url) as http:
            for wrong in (borrowed, one["url"][:-1], one["url"].split("?")[0], "/uploads/nothing/x?s=é"):
                answer = await http.get(wrong)
                assert (answer.status_code, answer.json()["code"]) == (404, "file_unknown")
            assert (await http.get(one["url"])).status_code == 200


@pytest.mark.parametrize("token", ["", "invented", "é"])
async def test_a_stranger_uploads_nothing(house: House, token: str) -> None:
    async with httpx.AsyncClient(base_url=house.url) as http:
        headers = {b"Origin": house.url.encode(), b"X-Visitor": token.encode()}
        answer = await http.post("/api/widget/files", files={"file": ("a.png", png())}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "visitor_unknown")


async def test_a_form_without_a_file_says_so(house: House) -> None:
    anna = await house.operator("anna")
    async with visiting(house) as visitor:
        _, conversation = await talking(visitor)
    wrong: tuple[dict[str, Any], ...] = ({"data": {"file": "x"}}, {"files": {"other": ("a.png", png())}}, {"json": {}})
    for sent in wrong:
        answer = await anna.http.post(f"/api/desk/files?conversation={conversation}", **sent)
        assert (answer.status_code, answer.json()["code"]) == (400, "file_missing")
    assert (await upload(anna, "nowhere", "a.png", png())).json()["code"] == "conversation_unknown"
    await anna.http.aclose()


async def test_a_picture_may_be_the_first_thing_a_visitor_sends(house: House) -> None:
    async with visiting(house) as visitor:
        token = (await visitor.hello())["token"]
        file = (await upload_as_visitor(house, token, "a.png", png())).json()["file"]["id"]
        await visitor.send(type="message", cid="cid-first", text="", files=[file])
        assert (await visitor.until_row(cid="cid-first"))["seq"] == 1


async def test_files_in_a_row_are_slowed_down(behind: Rooms) -> None:
    options = WebOptions(limits=replace(GENEROUS, uploads=Rate(60, 3)))
    async with serve(behind, options) as house, visiting(house) as visitor:
        token = (await visitor.hello())["token"]
        answers = [await upload_as_visitor(house, token, "a.png", png()) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].json()["code"] == "too_many_files"
