"""Pictures and documents both ways: a customer's become files of the conversation, an operator's reach the phone."""

import pytest

from bot.conversation.handover import Enclosed
from bot.conversation.model import Message
from bot.files.model import LIMIT
from bot.telegram.phrases import RU
from tests.telegram.room import BORIS, Room
from tests.telegram_chats import Failure, too_many
from tests.waiting import until

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 40
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 60
CANNOT_DRAW = Failure(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
PDF = b"%PDF-1.4\n%%EOF\n"


async def _row(room: Room, number: int) -> Message:
    async def there() -> bool:
        return len(await room.rows(7)) >= number

    await until(there, f"row {number}")
    return (await room.rows(7))[number - 1]


async def _bytes(room: Room, row: Message) -> bytes:
    return (await room.files.path(row.files[0].id)).read_bytes()


async def _ticket(room: Room) -> str:
    room.telegram.says(7, "/person")
    await room.telegram.next_message(7)
    ticket = await room.ticket()
    await room.conversations.accept(ticket.id, BORIS)
    await room.telegram.next_message(7)
    return ticket.id


async def _send(room: Room, ticket: str, text: str, *files: tuple[str, bytes]) -> None:
    conversation = (await room.conversation(7)).id
    kept = [await room.files.keep(conversation, name, data, BORIS.id) for name, data in files]
    await room.conversations.say(
        ticket, BORIS, f"cid-{text[:20]}-{len(files)}", text, Enclosed([file.id for file in kept])
    )


async def test_a_photo_with_words_is_kept_and_the_words_answered(room: Room) -> None:
    room.telegram.sends_photo(7, JPEG, "не горит лампочка")
    assert (await room.telegram.next_message(7)).text == "Вы написали: не горит лампочка"
    row = await _row(room, 1)
    assert (row.text, row.files[0].type) == ("не горит лампочка", "image/jpeg")
    assert await _bytes(room, row) == JPEG


async def test_a_document_keeps_its_name(room: Room) -> None:
    await _ticket(room)
    before = len(await room.rows(7))
    room.telegram.sends_document(7, "счёт за март.pdf", PDF)
    row = await _row(room, before + 1)
    assert (row.files[0].name, row.text) == ("счёт за март.pdf", "")
    assert await _bytes(room, row) == PDF


async def test_every_picture_of_an_album_is_kept_and_answered_once(room: Room) -> None:
    for number in range(3):
        room.telegram.sends_photo(7, JPEG + bytes([number]), album="a")
    await room.telegram.next_message(7)

    async def all_kept() -> bool:
        return sum(len(row.files) for row in await room.rows(7)) == 3

    await until(all_kept, "three pictures")
    room.telegram.says(7, "/help")
    assert (await room.telegram.next_message(7)).text == RU.help


@pytest.mark.parametrize("size", [LIMIT + 1, 21_000_000])
async def test_a_file_too_large_is_refused_with_a_way_out_and_noted(room: Room, size: int) -> None:
    room.telegram.sends_document(7, "video.zip", b"PK" + b"\x00" * (size - 2))
    assert (await room.telegram.next_message(7)).text == RU.file_too_large
    assert (await _row(room, 1)).text == "[document] video.zip"


async def test_a_size_that_telegram_did_not_tell_is_found_out(room: Room) -> None:
    sent = room.telegram.message(7, document=room.telegram._stored(b"%PDF-" + b"x" * LIMIT, file_name="a.pdf"))
    del sent["document"]["file_size"]
    room.telegram.push({"message": sent})
    assert (await room.telegram.next_message(7)).text == RU.file_too_large


async def test_a_kind_that_is_not_taken_is_refused_with_the_kinds_that_are(room: Room) -> None:
    room.telegram.sends_document(7, "setup.exe", b"MZ\x90\x00\x03\x00\x00\x00")
    assert (await room.telegram.next_message(7)).text == RU.file_refused
    assert (await _row(room, 1)).files == ()


async def test_a_file_that_telegram_has_lost_is_asked_for_again(room: Room) -> None:
    message = room.telegram.sends_document(7, "a.pdf", PDF)
    del room.telegram.files[message["document"]["file_id"]]
    assert (await room.telegram.next_message(7)).text == RU.file_lost


async def test_a_repeated_update_does_not_keep_a_file_twice(room: Room) -> None:
    room.telegram.push({"message": room.telegram.message(7, document=room.telegram._stored(PDF, file_name="a.pdf"))}, 2)
    room.telegram.says(7, "конец")
    await room.telegram.wait(lambda: "Вы написали: конец" in room.telegram.heard(7), "the answer to the last words")
    assert [row.text for row in await room.rows(7) if row.files] == [""]
    assert len(room.telegram.made("getFile")) == 1


async def test_an_operators_picture_is_shown_with_its_words(room: Room) -> None:
    await _send(room, await _ticket(room), "вот сюда & <туда>", ("схема.png", PNG))
    shown = await room.telegram.next_message(7)
    assert shown.file is not None
    assert (shown.file.kind, shown.file.name, shown.file.data) == ("photo", "схема.png", PNG)
    assert shown.text == f"{BORIS.name}\nвот сюда & <туда>"


async def test_an_operators_document_without_words_bears_only_the_name(room: Room) -> None:
    await _send(room, await _ticket(room), "", ("договор.pdf", PDF))
    shown = await room.telegram.next_message(7)
    assert shown.file is not None
    assert (shown.file.kind, shown.file.name, shown.text) == ("document", "договор.pdf", BORIS.name)


async def test_words_too_long_for_a_caption_and_several_files_go_one_after_another(room: Room) -> None:
    ticket = await _ticket(room)
    await _send(room, ticket, "ы" * 1_100, ("a.pdf", PDF))
    long, under = await room.telegram.next_message(7), await room.telegram.next_message(7)
    assert (long.file, under.text) == (None, "")
    assert under.file is not None
    await _send(room, ticket, "две", ("a.png", PNG), ("b.pdf", PDF))
    heard = [await room.telegram.next_message(7) for _ in range(3)]
    assert [one.file and one.file.kind for one in heard] == [None, "photo", "document"]


async def test_a_picture_that_telegram_cannot_draw_goes_as_a_document(room: Room) -> None:
    ticket = await _ticket(room)
    room.telegram.fail("sendPhoto", CANNOT_DRAW, chat_id=7)
    await _send(room, ticket, "смотрите", ("схема.png", PNG))
    shown = await room.telegram.next_message(7)
    assert shown.file is not None
    assert (shown.file.kind, shown.text) == ("document", f"{BORIS.name}\nсмотрите")


async def test_a_flood_limit_between_files_repeats_none_of_them(room: Room) -> None:
    ticket = await _ticket(room)
    room.telegram.fail("sendDocument", None, too_many(1), chat_id=7)
    await _send(room, ticket, "", ("a.pdf", PDF), ("b.pdf", PDF), ("c.pdf", PDF))
    await room.telegram.next_message(7)
    names = [(await room.telegram.next_message(7)).file for _ in range(3)]
    assert [file.name for file in names if file] == ["a.pdf", "b.pdf", "c.pdf"]


async def test_a_file_gone_from_our_disk_is_named_in_words(room: Room) -> None:
    ticket = await _ticket(room)
    kept = await room.files.keep((await room.conversation(7)).id, "a.pdf", PDF, BORIS.id)
    (await room.files.path(kept.id)).unlink()
    await room.conversations.say(ticket, BORIS, "cid-gone-1", "", Enclosed([kept.id]))
    assert (await room.telegram.next_message(7)).text == RU.file_gone.format(name="a.pdf")
