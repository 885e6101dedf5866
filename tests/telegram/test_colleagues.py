"""Operators who are told in Telegram: the link from the desk, the notice with a way back, and an end to both."""

from bot.notices.model import Notice, Way
from bot.telegram.phrases import EN, RU
from tests.telegram.room import Room
from tests.telegram_chats import too_many
from tests.waiting import until

NOTICE = Notice("anna", "new", "t1", 12, "c1", "Новое обращение: не работает <b>", "A new ticket")


async def _tie(room: Room, chat_id: int = 7) -> None:
    room.telegram.says(chat_id, f"/start op_{await room.notices.link_code('anna')}")
    assert (await room.telegram.next_message(chat_id)).text in (RU.linked, EN.linked)


async def _need(room: Room, notice: Notice = NOTICE) -> None:
    await room.database.write(lambda tx: room.notices.need(tx, notice))


async def test_a_notice_reaches_the_tied_chat_with_a_way_to_the_ticket(room: Room) -> None:
    await _tie(room)
    await _need(room)
    notice = await room.telegram.next_message(7)
    assert notice.text == "Обращение №12\nНовое обращение: не работает <b>"
    assert notice.keys == (((RU.open_desk, "https://help.example/desk#/t/t1"),),)


async def test_a_notice_is_in_the_language_of_its_chat(room: Room) -> None:
    await _tie(room, 8)
    await _need(room)
    assert (await room.telegram.next_message(8)).text == "Ticket #12\nA new ticket"


async def test_a_tied_chat_stays_a_customers(room: Room) -> None:
    await _tie(room)
    room.telegram.says(7, "привет")
    assert (await room.telegram.next_message(7)).text == "Вы написали: привет"
    assert [row.text for row in await room.rows(7)] == ["привет", "Вы написали: привет"]


async def test_a_used_code_ties_nobody_else(room: Room) -> None:
    code = await room.notices.link_code("anna")
    room.telegram.says(7, f"/start op_{code}")
    await room.telegram.next_message(7)
    room.telegram.says(8, f"/start op_{code}")
    assert (await room.telegram.next_message(8)).text == EN.link_stale
    assert await room.notices.chat("anna") == 7


async def test_an_operator_who_blocks_the_bot_is_told_no_more(room: Room) -> None:
    await _tie(room)
    room.telegram.block(7)
    await _need(room)

    async def untied() -> bool:
        return await room.notices.ways("anna") == frozenset()

    await until(untied, "the end of the link")


async def test_a_flood_limit_delays_a_notice(room: Room) -> None:
    await _tie(room)
    room.telegram.fail("sendMessage", too_many(1), chat_id=7)
    await _need(room)
    assert (await room.telegram.next_message(7)).text.startswith("Обращение №12")


async def test_the_desk_knows_the_bots_name_only_while_the_channel_runs(room: Room) -> None:
    await room.telegram.wait(lambda: room.telegram.polls > 0, "the first poll")
    assert room.notices.telegram_bot == "zeroline_bot"
    await room.stop()
    assert room.notices.telegram_bot == ""


async def test_notices_wait_for_the_channel_to_come_back(room: Room) -> None:
    await _tie(room)
    await room.stop()
    await _need(room)
    assert await room.notices.ways("anna") == {Way.TELEGRAM}
    room.start()
    assert (await room.telegram.next_message(7)).text.startswith("Обращение №12")
