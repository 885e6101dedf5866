"""The customer card over real HTTP: what is missing, found, confirmed, told by the records."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.conversation.connector import Records, RecordsDown
from bot.conversation.model import Channel
from tests.web.house import House, OperatorClient
from tests.web.records import SECRET, RecordsServer, records
from tests.web.sockets import at_desk, incoming


@pytest.fixture
async def known(house: House) -> AsyncIterator[RecordsServer]:
    """Records that the product asks."""
    async with records() as server:
        asker = Records(server.url + "?shop=1", SECRET, timeout=2)
        house.rooms.conversations.cards.connect(asker)
        yield server
        await house.rooms.conversations.cards.settle()
        await asker.close()


async def chat(house: House, visitor: str, *words: str, channel: Channel = Channel.WIDGET) -> str:
    """A conversation in which the customer has said these words."""
    talk = house.rooms.conversations
    conversation = await talk.open(visitor, channel, "ru", address="4711" if channel is Channel.TELEGRAM else "")
    for text in words:
        await talk.receive(conversation.id, incoming(text))
    return conversation.id


async def card(client: OperatorClient, conversation: str) -> dict[str, Any]:
    detail: dict[str, Any] = (await client.get(f"/api/desk/conversations/{conversation}")).json()["customer"]
    return detail


async def confirm(client: OperatorClient, conversation: str, key: str, value: str) -> dict[str, Any]:
    answer = await client.post(f"/api/desk/conversations/{conversation}/card", {"key": key, "value": value})
    assert answer.status_code == 200
    shown: dict[str, Any] = answer.json()
    return shown


def line(shown: dict[str, Any], key: str) -> tuple[str | None, str | None, str]:
    field = next(one for one in shown["fields"] if one["key"] == key)
    return field["value"], field["found"], field["source"]


async def test_missing_fields_are_shown_as_missing_and_found_ones_wait_for_a_click(house: House) -> None:
    anna = await house.operator("anna")
    conversation = await chat(house, "v1", "Моя почта Ivan@Example.ru, телефон 8 916 123-45-67")
    shown = await card(anna, conversation)
    assert [field["key"] for field in shown["fields"]] == ["name", "phone", "email", "account", "address", "tariff"]
    assert line(shown, "address") == (None, None, "")
    assert line(shown, "email") == (None, "ivan@example.ru", "")
    assert shown["connector"] == "off"
    shown = await confirm(anna, conversation, "phone", "+79161234567")
    assert line(shown, "phone") == ("+79161234567", None, "operator")
    shown = await confirm(anna, conversation, "phone", " ")
    assert line(shown, "phone") == (None, "+79161234567", "")
    await anna.http.aclose()


async def test_a_confirmed_identifier_makes_two_chats_one_customers(house: House) -> None:
    anna = await house.operator("anna")
    one, two = await chat(house, "v1", "Привет"), await chat(house, "v2", "Hello", channel=Channel.TELEGRAM)
    await confirm(anna, one, "email", "ivan@example.ru")
    await confirm(anna, one, "address", "Мира, 5")
    shown = await confirm(anna, two, "email", "IVAN@example.ru ")
    assert shown["id"] == (await card(anna, one))["id"]
    assert line(shown, "address")[0] == "Мира, 5"
    await confirm(anna, two, "name", "Иван Петров")
    assert (await card(anna, one))["name"] == "Иван Петров"
    found = (await anna.get("/api/desk/conversations?q=петрова")).json()
    assert {row["conversation"] for row in found["rows"]} == {one, two}
    await anna.http.aclose()


async def test_the_records_fill_the_card_and_never_hold_up_the_dialog(house: House, known: RecordsServer) -> None:
    anna = await house.operator("anna")
    conversation = await chat(house, "v1", "Моя почта ivan@example.ru")
    known.answers["ivan@example.ru"] = {
        "name": "Иван Петров",
        "vip": True,
        "fields": {"tariff": "Старт 100", "balance": -12.5, "address": "Мира, 5", "nested": {"x": 1}},
    }
    async with at_desk(house, anna) as desk:
        await desk.send(type="watch", conversation=conversation)
        await desk.expect("messages", conversation=conversation)
        known.go.clear()
        shown = await asyncio.wait_for(card(anna, conversation), 1)
        assert line(shown, "tariff") == (None, None, "")
        known.go.set()
        await house.rooms.conversations.cards.settle()
        await confirm(anna, conversation, "email", "ivan@example.ru")
        await house.rooms.conversations.cards.settle()
        await desk.until_event("customer", conversation=conversation)
    shown = await card(anna, conversation)
    assert (shown["name"], shown["vip"], shown["connector"]) == ("Иван Петров", True, "ok")
    assert line(shown, "tariff") == ("Старт 100", None, "connector")
    assert line(shown, "balance") == ("-12.5", None, "connector")
    assert "nested" not in {field["key"] for field in shown["fields"]}
    corrected = await confirm(anna, conversation, "address", "Мира, 6")
    await house.rooms.conversations.cards.settle()
    for shown in (corrected, await card(anna, conversation)):
        assert line(shown, "address") == ("Мира, 6", None, "operator")
    assert "email" not in known.asked[0]
    assert {"shop": "1", "email": "ivan@example.ru", "conversation": conversation}.items() <= known.asked[1].items()
    assert known.unsigned == 0
    await anna.http.aclose()


async def test_records_that_are_down_are_shown_as_failed(house: House, known: RecordsServer) -> None:
    anna = await house.operator("anna")
    conversation = await chat(house, "v1", "Привет")
    known.raw = b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"
    await card(anna, conversation)
    await house.rooms.conversations.cards.settle()
    assert (await card(anna, conversation))["connector"] == "failed"
    assert len(known.asked) == 1
    await anna.http.aclose()


BROKEN = {
    "not json": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
    "a list": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
    "a redirect": b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
    "nonsense": b"nonsense\r\n\r\n",
    "far too long": b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + b" " * 99_999,
}


@pytest.mark.parametrize("what", list(BROKEN))
async def test_an_answer_that_is_no_answer_is_refused(what: str) -> None:
    async with records() as server:
        server.raw = BROKEN[what]
        asker = Records(server.url, SECRET)
        with pytest.raises(RecordsDown):
            await asker.ask({"email": "a@b.example"})
        await asker.close()


async def test_records_that_say_nothing_are_given_up(house: House) -> None:
    async with records() as server:
        server.go.clear()
        asker = Records(server.url, SECRET, timeout=0.2)
        with pytest.raises(RecordsDown):
            await asker.ask({})
        await asker.close()


async def test_a_customer_nobody_knows_is_no_failure() -> None:
    async with records() as server:
        server.raw = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        asker = Records(server.url, SECRET)
        assert (await asker.ask({})).fields == {}
        await asker.close()
