"""The way to a person in Telegram and back: handover, the operator's words, farewell, rating; and wordless messages."""

import pytest

from bot.conversation.model import Author, Kind
from bot.dialogue.model import Utterance, Wish
from bot.telegram.phrases import RU
from handoff.model import Outcome, Status
from tests.telegram.room import BORIS, Room
from tests.waiting import until


@pytest.mark.parametrize("words", ["/person", RU.person, "Talk to a person"])
async def test_a_person_is_called_by_command_or_by_the_key_under_the_field(room: Room, words: str) -> None:
    room.telegram.says(7, words)
    handover = await room.telegram.next_message(7)
    assert "зову специалиста" in handover.text
    assert handover.titles == ["Подожду здесь", "Напишите мне позже", "Вернуться к боту"]
    assert (await room.ticket()).customer_name == "Anna"


async def test_the_key_under_an_answer_calls_a_person(room: Room) -> None:
    room.engine.script["роутер"] = Utterance("Выключите.", Wish.ANSWER, article="router")
    room.telegram.says(7, "роутер")
    answer = await room.telegram.next_message(7)
    callback = room.telegram.presses(7, answer, RU.person)
    assert "зову специалиста" in (await room.telegram.next_message(7)).text
    await room.telegram.wait(lambda: room.telegram.answers.get(callback) == "", "the end of the spinner")


async def test_calling_again_is_answered_by_the_state_of_the_queue(room: Room) -> None:
    room.telegram.says(7, "/person")
    await room.telegram.next_message(7)
    room.telegram.says(7, "/person")
    assert "уже у специалистов" in (await room.telegram.next_message(7)).text
    room.telegram.says(7, "/start")
    assert (await room.telegram.next_message(7)).text.startswith(RU.in_queue)
    await room.conversations.accept((await room.ticket()).id, BORIS)
    await room.telegram.next_message(7)
    room.telegram.says(7, RU.person)
    assert (await room.telegram.next_message(7)).text == RU.with_person
    room.telegram.says(7, "/start")
    assert (await room.telegram.next_message(7)).text == RU.with_person
    assert len(await room.conversations.tickets()) == 1


async def test_the_whole_road_from_operator_to_rating_and_back_to_the_bot(room: Room) -> None:
    room.telegram.says(7, "/person")
    await room.telegram.next_message(7)
    ticket = await room.ticket()
    await room.conversations.accept(ticket.id, BORIS)
    assert "Борис <3 на связи" in (await room.telegram.next_message(7)).text
    await room.conversations.say(ticket.id, BORIS, "op-cid-1", "Какой роутер?\n1 < 2 & **не жирно**")
    said = await room.telegram.next_message(7)
    assert said.text == "Борис <3\nКакой роутер?\n1 < 2 & **не жирно**"
    assert [(found.type, found.offset, found.length) for found in said.entities] == [("b", 0, 8)]
    room.telegram.says(7, "Кинетик")
    await until(lambda: _has(room, "Кинетик"), "the customer's row")
    read = (await room.conversations.ticket(ticket.id)).last_seq
    await room.conversations.close(ticket.id, BORIS, Outcome.SOLVED, seen=read)
    await room.telegram.next_message(7)
    request = await room.telegram.next_message(7)
    assert [[title for title, _ in row] for row in request.keys] == [["Плохо", "Хорошо", "Отлично"]]
    room.telegram.presses(7, request, "Отлично")
    assert "Что помогло больше всего?" in (await room.telegram.next_message(7)).text
    await room.telegram.wait(lambda: room.telegram.keys(request) == ["✓ Отлично"], "the marked rating")
    rated = await room.conversations.ticket(ticket.id)
    assert (rated.status, rated.rating) == (Status.CLOSED, 3)
    room.telegram.says(7, "а как оплатить?")
    assert (await room.telegram.next_message(7)).text == "Вы написали: а как оплатить?"


async def _has(room: Room, text: str) -> bool:
    return text in await room.texts(7)


async def test_a_second_rating_and_a_vanished_button_are_answered_with_a_sentence(room: Room) -> None:
    room.telegram.says(7, "/person")
    await room.telegram.next_message(7)
    ticket = await room.ticket()
    await room.conversations.accept(ticket.id, BORIS)
    await room.conversations.close(ticket.id, BORIS, Outcome.SOLVED)
    for _ in range(2):
        await room.telegram.next_message(7)
    request = await room.telegram.next_message(7)
    room.telegram.presses(7, request, "Плохо")
    second = room.telegram.presses(7, request, "Отлично")
    await room.telegram.wait(lambda: room.telegram.answers.get(second) == RU.rated, "the sentence about the rating")
    query = {"id": "old", "from": {"id": 7, "is_bot": False, "first_name": "Anna"}, "chat_instance": "1"}
    shown = {"message_id": 1, "date": 0, "chat": {"id": 7, "type": "private"}}
    for data in ("1:nonsense", "999:a1", "long gone"):
        room.telegram.answers.clear()
        room.telegram.push({"callback_query": query | {"message": shown, "data": data}})
        await room.telegram.wait(lambda: room.telegram.answers.get("old") == RU.stale, f"an answer to {data}")


async def test_pressing_a_choice_already_made_changes_nothing(room: Room) -> None:
    room.telegram.says(7, "/lang")
    offer = await room.telegram.next_message(7)
    room.telegram.presses(7, offer, "English")
    await room.telegram.wait(lambda: room.telegram.keys(offer) == ["✓ English"], "the marked choice")
    chosen = room.telegram.markups[7, offer.message_id]["inline_keyboard"][0][0]["callback_data"]
    query = {"id": "again", "from": {"id": 7, "is_bot": False, "first_name": "Anna"}, "chat_instance": "1"}
    shown = {"message_id": offer.message_id, "date": 1, "chat": {"id": 7, "type": "private"}}
    room.telegram.push({"callback_query": query | {"message": shown, "data": chosen}})
    await room.telegram.wait(lambda: "picked" in room.telegram.answers.get("again", ""), "a sentence")
    assert room.telegram.keys(offer) == ["✓ English"]


async def test_what_is_not_text_is_noted_and_answered_but_not_by_the_bot(room: Room) -> None:
    video = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1, "duration": 3}
    room.telegram.shares(7, video=video, caption="не горит лампочка")
    sentence = await room.telegram.next_message(7)
    assert (sentence.text, sentence.titles) == (RU.only_text, [RU.person])
    room.telegram.shares(7, sticker={"emoji": "😀"} | _sticker())
    assert (await room.telegram.next_message(7)).text == RU.only_text
    room.telegram.shares(7, location={"latitude": 55.75, "longitude": 37.61})
    await room.telegram.next_message(7)
    room.telegram.shares(7, voice={"file_id": "f", "file_unique_id": "u", "duration": 3})
    await room.telegram.next_message(7)
    assert [(row.author, row.kind, row.text) for row in await room.rows(7)] == [
        (Author.CUSTOMER, Kind.TEXT, "[video] не горит лампочка"),
        (Author.CUSTOMER, Kind.TEXT, "[sticker] 😀"),
        (Author.CUSTOMER, Kind.TEXT, "[location] 55.75, 37.61"),
        (Author.CUSTOMER, Kind.TEXT, "[voice]"),
    ]
    room.telegram.presses(7, sentence, RU.person)
    assert "зову специалиста" in (await room.telegram.next_message(7)).text


def _sticker() -> dict[str, object]:
    size: dict[str, object] = {"width": 1, "height": 1, "is_animated": False, "is_video": False}
    return {"file_id": "f", "file_unique_id": "u", "type": "regular", **size}


async def test_an_album_is_answered_once_and_an_operator_is_mentioned_when_there_is_one(room: Room) -> None:
    video = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1, "duration": 3}
    for _ in range(3):
        room.telegram.shares(7, video=video, media_group_id="album")
    await room.telegram.next_message(7)
    await until(lambda: _notes(room, 3), "three notes")
    room.telegram.says(7, "/person")
    await room.telegram.next_message(7)
    room.telegram.shares(7, voice={"file_id": "f", "file_unique_id": "u", "duration": 3})
    assert (await room.telegram.next_message(7)).text == RU.only_text_for_person
    assert (await room.texts(7))[-1] == "[voice]"
    assert room.telegram.heard(7).count(RU.only_text) == 1


async def _notes(room: Room, number: int) -> bool:
    return (await room.texts(7)).count("[video]") == number


async def test_telegrams_own_notices_are_passed_over(room: Room) -> None:
    room.telegram.shares(7, message_auto_delete_timer_changed={"message_auto_delete_time": 60})
    room.telegram.says(8, "hello there")
    await room.telegram.next_message(8)
    assert room.telegram.heard(7) == []


async def test_an_operators_typing_reaches_a_customer_who_has_not_written_since_the_restart(room: Room) -> None:
    room.telegram.says(7, "/person")
    await room.telegram.next_message(7)
    ticket = await room.ticket()
    await room.stop()
    room.telegram.calls.clear()
    await room.conversations.accept(ticket.id, BORIS)
    room.start()
    assert "на связи" in (await room.telegram.next_message(7)).text
    room.telegram.says(8, "/help")
    await room.telegram.next_message(8)
    await room.conversations.typing((await room.conversation(8)).id, Author.CUSTOMER)
    await room.conversations.typing(ticket.conversation_id, Author.OPERATOR, BORIS.name)
    await room.telegram.wait(lambda: bool(room.telegram.made("sendChatAction")), "typing")
    assert [call.params["chat_id"] for call in room.telegram.made("sendChatAction")] == ["7"]
