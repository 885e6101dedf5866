"""What a customer of the bot meets in Telegram, from /start to an answer."""

from dataclasses import replace

import pytest

from bot.conversation.model import Author, Kind
from bot.dialogue.model import Utterance, Wish
from bot.telegram.phrases import EN, RU
from tests.telegram.room import ROUTER, Room
from tests.waiting import until


async def test_start_greets_with_a_way_to_a_person_and_common_questions(room: Room) -> None:
    room.telegram.says(7, "/start")
    greeting = await room.telegram.next_message(7)
    assert "автоматический помощник" in greeting.text
    assert greeting.keyboard == (RU.person,)
    questions = await room.telegram.next_message(7)
    assert questions.titles == room.conversations.suggestions("ru")


async def test_start_in_english_follows_the_profile(room: Room) -> None:
    room.telegram.says(8, "/start")
    assert "automated assistant" in (await room.telegram.next_message(8)).text


async def test_start_keeps_the_payload_of_its_link(room: Room) -> None:
    room.telegram.says(7, "/start site-footer_1")
    await room.telegram.next_message(7)
    assert (await room.conversation(7)).page == {"start": "site-footer_1"}


async def test_a_pressed_suggestion_is_asked_and_stays_visible(room: Room) -> None:
    room.telegram.says(7, "/start")
    await room.telegram.next_message(7)
    questions = await room.telegram.next_message(7)
    title = questions.titles[1]
    callback = room.telegram.presses(7, questions, title)
    assert (await room.telegram.next_message(7)).text == f"Вы написали: {title}"
    await room.telegram.wait(lambda: callback in room.telegram.answers, "the end of the spinner")
    await room.telegram.wait(lambda: room.telegram.keys(questions) == [f"✓ {title}"], "the marked choice")


async def test_an_answer_shows_its_form_its_source_and_a_way_to_a_person(room: Room) -> None:
    room.engine.script["роутер"] = Utterance(ROUTER.short_answer, Wish.ANSWER, article="router")
    room.telegram.says(7, "роутер")
    answer = await room.telegram.next_message(7)
    assert answer.text == "Выключите на минуту.\n\nИсточник: Как перезагрузить роутер"
    assert [(found.type, found.url) for found in answer.entities] == [
        ("b", ""),
        ("a", "https://help.example/help/ru/router"),
    ]
    assert answer.titles == [f"👍 {RU.helped}", f"👎 {RU.not_helped}", RU.person]


async def test_the_bot_asks_back_with_buttons_and_a_press_is_answered_once(room: Room) -> None:
    room.engine.script["интернет"] = Utterance("Что ближе?", Wish.CLARIFY, articles=("router", "speed"))
    room.engine.script["/choose_article"] = Utterance("Вот ответ.", Wish.ANSWER, article="router")
    room.telegram.says(7, "интернет")
    question = await room.telegram.next_message(7)
    assert question.titles == ["Как перезагрузить роутер", "Низкая скорость", "Ничего из этого", RU.person]
    room.telegram.presses(7, question, "Как перезагрузить роутер")
    room.telegram.presses(7, question, "Как перезагрузить роутер")
    assert (await room.telegram.next_message(7)).text.startswith("Вот ответ.")
    await room.telegram.wait(lambda: len(room.telegram.answers) == 2, "both spinners ended")
    assert [row.kind for row in await room.rows(7)] == [Kind.TEXT, Kind.CLARIFY, Kind.TEXT, Kind.ANSWER]


async def test_the_customers_own_rows_are_never_sent_back(room: Room) -> None:
    for text in ("раз", "два"):
        room.telegram.says(7, text)
        await room.telegram.next_message(7)
    assert room.telegram.heard(7) == ["Вы написали: раз", "Вы написали: два"]


async def test_an_edited_message_is_a_row_of_its_own(room: Room) -> None:
    message = room.telegram.says(7, "привет")
    await room.telegram.next_message(7)
    edited = room.telegram.edits(message, "привет, нет интернета")
    await room.telegram.next_message(7)
    rows = [row for row in await room.rows(7) if row.author is Author.CUSTOMER]
    assert [(row.kind, row.text) for row in rows] == [(Kind.TEXT, "привет"), (Kind.EDIT, "привет, нет интернета")]
    number = message["message_id"]
    assert [row.cid for row in rows] == [f"tg-7-{number}", f"tg-7-{number}-e{edited['edit_date']}"]


async def test_what_the_customer_writes_decides_the_language(room: Room) -> None:
    room.telegram.says(7, "/help")
    assert (await room.telegram.next_message(7)).text == RU.help
    room.telegram.says(7, "my internet is down")
    await room.telegram.next_message(7)
    room.telegram.says(7, "/help")
    assert (await room.telegram.next_message(7)).text == EN.help


async def test_the_language_can_be_chosen(room: Room) -> None:
    room.telegram.says(7, "/lang en")
    chosen = await room.telegram.next_message(7)
    assert (chosen.text, chosen.keyboard) == (EN.language_set, (EN.person,))
    room.telegram.says(7, "/lang deutsch")
    offer = await room.telegram.next_message(7)
    assert offer.text == EN.language_ask
    room.telegram.presses(7, offer, "Русский")
    assert (await room.telegram.next_message(7)).text == RU.language_set
    await until(lambda: _speaks(room, "ru"), "Russian again")


async def _speaks(room: Room, lang: str) -> bool:
    return (await room.conversation(7)).lang == lang


@pytest.mark.parametrize("text", ["/dev/null; touch /tmp/blns.fail", "/greet{}", "/", "/Старт"])
async def test_a_slash_that_is_no_command_begins_words(room: Room, text: str) -> None:
    room.telegram.says(7, text)
    assert (await room.telegram.next_message(7)).text == f"Вы написали: {text}"


async def test_a_text_of_2000_characters_is_taken_and_a_longer_one_refused_in_words(room: Room) -> None:
    room.telegram.says(7, "я" * 2001)
    assert (await room.telegram.next_message(7)).text == RU.too_long
    room.telegram.says(7, "я" * 2000)
    assert (await room.telegram.next_message(7)).text == "Вы написали: " + "я" * 2000
    assert len(await room.rows(7)) == 2


async def test_a_chat_that_writes_too_fast_is_told_so_once(room: Room) -> None:
    await room.stop()
    room.options = replace(room.options, burst=1)
    for number in range(60):
        room.telegram.says(7, f"сообщение {number}")
    room.telegram.says(8, "and me?")
    room.start()
    await room.telegram.wait(lambda: RU.too_fast in room.telegram.heard(7), "the warning")
    assert (await room.telegram.next_message(8)).text == "Вы написали: and me?"
    await room.telegram.wait(lambda: not room.telegram.waiting, "every update")
    assert room.telegram.heard(7).count(RU.too_fast) == 1


async def test_typing_is_shown_while_the_bot_or_an_operator_writes(room: Room) -> None:
    room.telegram.says(7, "привет")
    await room.telegram.next_message(7)
    await room.telegram.wait(lambda: bool(room.telegram.made("sendChatAction")), "the bot typing")
    room.telegram.says(8, "hello there")
    await room.telegram.next_message(8)
    await room.telegram.wait(lambda: len(room.telegram.made("sendChatAction")) == 2, "the bot typing to Bob")
    assert [call.params for call in room.telegram.made("sendChatAction")] == [
        {"chat_id": "7", "action": "typing"},
        {"chat_id": "8", "action": "typing"},
    ]


async def test_groups_are_left_alone(room: Room) -> None:
    message = {"message_id": 5, "date": 1, "text": "привет", "chat": {"id": -100, "type": "group", "title": "Соседи"}}
    room.telegram.push({"message": message | {"from": {"id": 7, "is_bot": False, "first_name": "Anna"}}})
    room.telegram.says(8, "hello there")
    await room.telegram.next_message(8)
    assert not [call for call in room.telegram.calls if call.params.get("chat_id") == "-100"]


async def test_the_menu_of_commands_is_set_in_both_languages(room: Room) -> None:
    await room.telegram.wait(lambda: len(room.telegram.made("setMyCommands")) == 2, "both menus")
    assert {call.params.get("language_code") for call in room.telegram.made("setMyCommands")} == {None, "ru"}
