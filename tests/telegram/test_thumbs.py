"""Thumbs under an answer in Telegram: shown on its keyboard, changeable, stored once, with a way to a person after."""

from bot.conversation.model import Mark
from bot.dialogue.model import Utterance, Wish
from bot.kb.label_store import LabelStore
from bot.telegram.phrases import RU
from tests.telegram.room import ROUTER, Room
from tests.telegram_chats import Sent
from tests.waiting import until

GOOD, BAD = f"👍 {RU.helped}", f"👎 {RU.not_helped}"


async def answered(room: Room) -> Sent:
    room.engine.script["роутер"] = Utterance(ROUTER.short_answer, Wish.ANSWER, article="router")
    room.telegram.says(7, "роутер")
    return await room.telegram.next_message(7)


async def marks(room: Room) -> list[Mark | None]:
    return [row.mark for row in await room.rows(7) if row.can_be_marked]


async def labels(room: Room) -> list[tuple[str, str | None, bool]]:
    active = await room.database.read(lambda tx: LabelStore().active(tx, "ru"))
    return [(one.text, one.article, one.right) for one in active]


async def test_a_thumb_up_is_shown_stored_and_can_be_taken_back(room: Room) -> None:
    answer = await answered(room)
    callback = room.telegram.presses(7, answer, GOOD)
    await room.telegram.wait(lambda: room.telegram.keys(answer) == [f"✓ {RU.helped}", BAD, RU.person], "the thumb")
    assert (await marks(room), await labels(room)) == ([Mark.UP], [("роутер", "router", True)])
    await room.telegram.wait(lambda: callback in room.telegram.answers, "the end of the spinner")
    assert room.telegram.answers[callback] == ""
    room.telegram.presses(7, answer, f"✓ {RU.helped}")
    await room.telegram.wait(lambda: room.telegram.keys(answer) == [GOOD, BAD, RU.person], "no thumb")
    assert (await marks(room), await labels(room)) == ([None], [])


async def test_a_thumb_down_is_followed_by_a_way_to_a_person(room: Room) -> None:
    answer = await answered(room)
    room.telegram.presses(7, answer, BAD)
    sorry = await room.telegram.next_message(7)
    assert (sorry.text, sorry.titles) == (RU.sorry, [RU.person])
    assert room.telegram.keys(answer) == [GOOD, f"✓ {RU.not_helped}", RU.person]
    assert await labels(room) == [("роутер", "router", False)]
    room.telegram.presses(7, sorry, RU.person)
    assert (await room.ticket()).conversation_id == (await room.conversation(7)).id


async def test_who_waits_for_a_person_already_is_not_offered_another(room: Room) -> None:
    answer = await answered(room)
    room.telegram.presses(7, answer, RU.person)
    await room.ticket()
    await room.telegram.next_message(7)
    await room.telegram.wait(lambda: room.telegram.keys(answer)[-1] == f"✓ {RU.person}", "the pressed key")
    assert room.telegram.keys(answer)[:2] == [GOOD, BAD]
    room.telegram.presses(7, answer, BAD)
    await until(lambda: _down(room), "the thumb")
    room.telegram.says(7, "/status")
    assert (await room.telegram.next_message(7)).text != RU.sorry


async def _down(room: Room) -> bool:
    return await marks(room) == [Mark.DOWN]


async def test_the_same_press_delivered_twice_is_one_thumb_and_one_sentence(room: Room) -> None:
    answer = await answered(room)
    room.telegram.presses(7, answer, BAD)
    room.telegram.presses(7, answer, f"👎 {RU.not_helped}")
    await room.telegram.next_message(7)
    room.telegram.says(7, "спасибо")
    assert (await room.telegram.next_message(7)).text == "Вы написали: спасибо"
    assert (await marks(room), await labels(room)) == ([Mark.DOWN], [("роутер", "router", False)])


async def test_a_thumb_on_a_row_that_is_no_answer_is_refused_in_words(room: Room) -> None:
    answer = await answered(room)
    chat = {"id": 7, "type": "private"}
    message = {"chat": chat, "date": 1, "message_id": answer.message_id, "text": "…"}
    query = {"id": "cb-odd", "from": {"id": 7, "is_bot": False, "first_name": "Anna"}, "chat_instance": "1"}
    room.telegram.push({"callback_query": query | {"data": "up:1", "message": message}})
    await room.telegram.wait(lambda: "cb-odd" in room.telegram.answers, "the refusal")
    assert room.telegram.answers["cb-odd"] == RU.stale
    assert await marks(room) == [None]
