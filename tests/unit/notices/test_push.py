"""Operators' browsers: sealed for one of them only, signed, and forgotten once they are gone."""

import base64
from dataclasses import replace

import pytest
from py_vapid import Vapid02
from sqlalchemy import Connection

from bot.errors import BadRequest
from bot.notices.model import Way
from bot.notices.service import Browsers, Errands
from tests.unit.notices.conftest import NOTICE, Office
from tests.unit.notices.outside import Browser
from tests.waiting import until


async def test_a_notice_reaches_the_browser_that_asked_and_only_it_can_read_it(office: Office) -> None:
    browser = await office.subscribe()
    office.start()
    await office.need()
    await until(lambda: len(office.outside.got) == 1, "the push")
    received = office.outside.got[0]
    assert received.path == "/push/anna"
    assert NOTICE.text_en.encode() not in received.body
    assert browser.read(received) == {
        "kind": "new",
        "ticket": NOTICE.ticket_id,
        "number": 12,
        "ru": "Новое обращение",
        "en": "A new ticket",
    }


async def test_a_push_is_signed_with_the_key_that_browsers_were_given(office: Office) -> None:
    await office.subscribe()
    office.start()
    await office.need()
    await until(lambda: len(office.outside.got) == 1, "the push")
    headers = office.outside.got[0].headers
    assert Vapid02.verify(headers["Authorization"])
    assert headers["Authorization"].endswith(f"k={office.courier.push_key}")
    point = base64.urlsafe_b64decode(office.courier.push_key + "=")
    assert (len(point), point[0]) == (65, 4)
    assert (headers["Content-Encoding"], headers["Topic"]) == ("aes128gcm", NOTICE.ticket_id.replace("-", ""))


async def test_whoever_sits_before_the_desk_is_not_pushed(office: Office) -> None:
    await office.subscribe()
    office.at_desk.add("anna")
    await office.need()
    assert await office.states() == []


async def test_every_browser_of_an_operator_is_told_and_nobody_elses(office: Office) -> None:
    for name in ("anna", "boris"):
        await office.subscribe(name)
    await office.courier.subscribe("anna", f"{office.outside.url}/phone", *_keys())
    office.start()
    await office.need()
    await until(lambda: len(office.outside.got) == 2, "two pushes")
    assert {received.path for received in office.outside.got} == {"/push/anna", "/phone"}


def _keys() -> tuple[str, str]:
    browser = Browser("")
    return browser.p256dh, browser.auth


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_forgotten(office: Office, status: int) -> None:
    await office.subscribe()
    office.outside.answers.append((status, {}, b""))
    office.start()
    await office.need()

    async def forgotten() -> bool:
        return await office.courier.ways("anna") == frozenset()

    await until(forgotten, "the subscription to go")
    await office.need()
    assert [state for _, state, _ in await office.states()] == ["dead"]


async def test_a_busy_push_service_is_left_alone_for_as_long_as_it_asks(office: Office) -> None:
    await office.subscribe()
    office.outside.answers.append((429, {"Retry-After": "40"}, b""))
    office.start()
    await office.need()
    await until(lambda: len(office.outside.got) == 1, "the first attempt")

    async def waiting() -> bool:
        return await office.states() == [("push", "pending", "HTTP 429")]

    await until(waiting, "the errand to be put back")
    office.pass_time(seconds=39)
    claimed = await office.courier._claim()
    assert claimed == []
    office.pass_time(seconds=2)
    await until(lambda: len(office.outside.got) == 2, "the second attempt")


async def test_a_browser_belongs_to_whoever_signed_in_there_last(office: Office) -> None:
    browser = await office.subscribe("anna")
    await office.courier.subscribe("boris", browser.endpoint, browser.p256dh, browser.auth)
    assert await office.courier.ways("anna") == frozenset()
    assert await office.courier.ways("boris") == {Way.PUSH}


async def test_whoever_leaves_the_team_is_told_nothing_more(office: Office) -> None:
    await office.subscribe()
    assert await office.courier.link(await office.courier.link_code("anna"), 7)
    await office.database.write(lambda tx: office.courier.forget(tx, "anna"))
    await office.need()
    assert await office.states() == []


async def test_a_notice_without_its_cause_does_not_exist(office: Office) -> None:
    await office.subscribe()

    def work(tx: Connection) -> None:
        office.courier.need(tx, NOTICE)
        raise RuntimeError("the cause failed")

    with pytest.raises(RuntimeError):
        await office.database.write(work)
    assert await office.states() == []


@pytest.mark.parametrize(
    "endpoint", ["http://push.example/1", "https://127.0.0.1/1", "https://[fe80::1]/1", "nonsense"]
)
async def test_what_no_push_service_would_give_is_refused(office: Office, endpoint: str) -> None:
    strict = Errands(
        office.database, lambda: office.time, lambda *_: False, Browsers(office.database, office.push, office.post)
    )
    with pytest.raises(BadRequest) as refused:
        await strict.subscribe("anna", endpoint, *_keys())
    assert refused.value.code == "push_refused"


@pytest.mark.parametrize("p256dh", ["A" * 87, "БББ", "c2hvcnQ"])
async def test_keys_that_are_none_are_refused(office: Office, p256dh: str) -> None:
    with pytest.raises(BadRequest):
        await office.courier.subscribe("anna", f"{office.outside.url}/x", p256dh, "c2hvcnQ")


async def test_the_text_follows_the_readers_language() -> None:
    notice = replace(NOTICE, text_ru="да", text_en="yes")
    assert (notice.text("ru"), notice.text("en")) == ("да", "yes")
