"""Lists, search and notes over real HTTP and sockets."""

from typing import Any

import pytest

from bot.accounts.model import Role
from bot.conversation.model import Channel
from tests.web.house import House, OperatorClient
from tests.web.sockets import DeskClient, at_desk, incoming


async def chat(house: House, visitor: str, *words: str, name: str = "") -> str:
    talk = house.rooms.conversations
    conversation = await talk.open(visitor, Channel.WIDGET, "ru", customer_name=name)
    for text in words:
        await talk.receive(conversation.id, incoming(text))
    return conversation.id


async def handed_over(house: House, conversation: str) -> tuple[str, int]:
    """Id and number of the ticket."""
    await house.rooms.conversations.ask_person(conversation, f"cid-person-{conversation[:8]}")
    ticket = next(one for one in await house.rooms.conversations.tickets() if one.conversation_id == conversation)
    return ticket.id, ticket.number


async def found(client: OperatorClient, **query: str) -> dict[str, Any]:
    answer = await client.http.get("/api/desk/conversations", params=query)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def reminded(desk: DeskClient, kind: str) -> dict[str, Any]:
    while (reminder := await desk.until_event("reminder"))["kind"] != kind:
        continue
    return reminder


def ids(page: dict[str, Any]) -> list[str]:
    return [row["conversation"] for row in page["rows"]]


async def test_words_in_any_form_names_numbers_and_tags_find_a_conversation(house: House) -> None:
    anna = await house.operator("anna")
    one = await chat(house, "v1", "Не работает роутер после грозы", "Верните деньги!", name="Пётр Иванов")
    two = await chat(house, "v2", "My router is blinking", name="John Smith")
    ticket, number = await handed_over(house, one)
    await anna.post(f"/api/desk/tickets/{ticket}/claim")
    tagged = await anna.post(f"/api/desk/tickets/{ticket}/tags", {"tags": ["complaint", "возврат денег"]})
    assert tagged.status_code == 200
    for typed, wanted in (
        ("роутеры", [one]),
        ("деньгами гроза", [one]),
        ("ивановым", [one]),
        ("Петр", [one]),
        ("blink", [two]),
        ("smi", [two]),
        ('"после грозы"', [one]),
        ('"грозы после"', []),
        (f"#{number}", [one]),
        ("#9999", []),
        ("tag:complaint", [one]),
        ('tag:"возврат денег" деньги', [one]),
        ("tag:bug", []),
        ("роутер router", []),
    ):
        assert ids(await found(anna, q=typed)) == wanted, typed
    assert ids(await found(anna, tag="complaint")) == [one]
    row = (await found(anna, q="грозой"))["rows"][0]
    assert row["snippet"] == "Не работает роутер после «грозы»"
    assert (row["customer_name"], row["ticket"]["number"]) == ("Пётр Иванов", number)
    await anna.http.aclose()


SIGNS = ('"', "'", "*", "(", "%_", "#", "tag:", "\x00", "🙂", "\ua66e*", "#99999999999999999999")
SYNTAX = ("AND", "NOT x", "NEAR(a b)", "a:b", "stems:x", "conversation_id:x", '" OR 1=1 --', "-x", "^x")


@pytest.mark.parametrize("typed", [*SIGNS, *SYNTAX, "tag:" + "x" * 500, "слово " * 100])
async def test_nothing_that_is_typed_breaks_the_search(house: House, typed: str) -> None:
    anna = await house.operator("anna")
    await chat(house, "v1", "Привет")
    assert (await found(anna, q=typed))["rows"] == []
    await anna.http.aclose()


async def test_lists_are_told_page_by_page_with_a_total_that_is_right(house: House) -> None:
    anna = await house.operator("anna")
    house.rooms.engine.go.clear()  # the bot's answers would move conversations up meanwhile
    chats = [await chat(house, f"v{number}", "Привет") for number in range(53)]
    first = await found(anna, view="all")
    rest = await found(anna, view="all", cursor=first["next"])
    assert ids(first) + ids(rest) == chats[::-1]
    assert (first["total"], rest["total"], rest["next"]) == (53, 53, None)
    for wrong in ({"cursor": "nonsense"}, {"view": "nonsense"}):
        answer = await anna.http.get("/api/desk/conversations", params=wrong)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_body")
    await anna.http.aclose()


async def test_a_conversation_moves_between_the_lists_as_its_ticket_lives(house: House) -> None:
    anna = await house.operator("anna")
    one, two = await chat(house, "v1", "Привет"), await chat(house, "v2", "Hello")
    assert set(ids(await found(anna, view="bot"))) == {one, two}
    ticket, _ = await handed_over(house, one)
    assert (ids(await found(anna, view="bot")), ids(await found(anna, view="closed"))) == ([two], [])
    await anna.post(f"/api/desk/tickets/{ticket}/claim")
    await anna.post(f"/api/desk/tickets/{ticket}/close", {"outcome": "solved"})
    assert ids(await found(anna, view="closed")) == [one]
    assert set(ids(await found(anna, view="bot"))) == {one, two}
    assert await house.rooms.conversations.inbox.counts() == (2, 1)
    await anna.http.aclose()


async def test_a_note_calls_whom_it_names_and_never_reaches_the_customer(house: House) -> None:
    anna, boris = await house.operator("anna"), await house.operator("boris")
    editor = await house.operator("egor", Role.EDITOR)
    conversation = await chat(house, "v1", "Привет")
    ticket, number = await handed_over(house, conversation)
    async with at_desk(house, boris) as desk:
        await desk.send(type="watch", conversation=conversation)
        body = {"cid": "cid-note-1", "text": "@boris, @egor, @nobody, mail@boris: взгляните"}
        note = (await anna.post(f"/api/desk/conversations/{conversation}/notes", body)).json()
        called = {one.login: one.id for one in await house.rooms.accounts.operators()}
        assert note["mentions"] == [called["boris"]]
        told = await desk.until_event("notes", conversation=conversation)
        assert [one["text"] for one in told["notes"]][-1:] == [body["text"]]
        reminder = await reminded(desk, "mention")
        assert (reminder["number"], "Anna" in reminder["text"]) == (number, True)
    again = (await anna.post(f"/api/desk/conversations/{conversation}/notes", body)).json()
    assert again["id"] == note["id"]
    assert [one.kind for one in house.rooms.told.kept if one.operator_id == called["boris"]].count("mention") == 1
    rows = await house.rooms.conversations.history(conversation)
    assert not any("взгляните" in row.text for row in rows)
    detail = (await anna.get(f"/api/desk/tickets/{ticket}")).json()
    assert [one["id"] for one in detail["notes"]] == [note["id"]]
    assert "noted" in {event["act"] for event in detail["history"]}
    for empty in ({"cid": "cid-note-2", "text": "  "}, {"cid": "cid-note-2", "text": ""}):
        refused = await anna.post(f"/api/desk/conversations/{conversation}/notes", empty)
        assert refused.json()["code"] == "text_empty"
    assert (await anna.post("/api/desk/conversations/none/notes", body)).json()["code"] == "conversation_unknown"
    for client in (anna, boris, editor):
        await client.http.aclose()
