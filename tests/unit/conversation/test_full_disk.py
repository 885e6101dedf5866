"""The room on a database that cannot be written: refused in clear words, readable all the time, recovered by itself."""

import pytest

from bot.conversation.model import Author
from bot.dialogue.model import Reply, Utterance
from bot.errors import Unavailable
from tests.unit.conversation.stage import QUESTION, Stage, new_cid
from tests.waiting import until


class Disk:
    """How many pages the database may have."""

    def __init__(self, room: Stage) -> None:
        self._database = room.database

    async def limit(self, pages: int = 2**30) -> None:
        await self._database.write(lambda tx: tx.exec_driver_sql(f"PRAGMA max_page_count={pages}").close())


async def fill(room: Stage, disk: Disk) -> int:
    """Stores letters until one more does not fit; gives how many did."""
    used = await room.database.read(lambda tx: tx.exec_driver_sql("PRAGMA page_count").scalar_one())
    await disk.limit(int(used))
    ticket = await room.call_person()
    for stored in range(1000):
        try:
            await room.conversations.ask_person(ticket.conversation_id, new_cid())
        except Unavailable:
            return stored
    raise AssertionError("the disk never filled up")


async def test_a_full_disk_refuses_new_messages_in_clear_words_and_shows_the_old_ones(room: Stage) -> None:
    await room.ask(QUESTION)
    await fill(room, Disk(room))
    before = await room.rows()
    with pytest.raises(Unavailable) as refusal:
        await room.say("я" * 2000)
    assert refusal.value.status == 503
    assert "nothing was saved" in refusal.value.text
    assert await room.rows() == before
    assert len(await room.conversations.tickets()) == 1


async def test_a_resend_after_the_disk_was_freed_is_stored_once_without_a_gap(room: Stage) -> None:
    disk = Disk(room)
    await fill(room, disk)
    for _ in range(3):
        with pytest.raises(Unavailable):
            await room.say("я" * 2000, cid="cid-00000001")
    await disk.limit()
    receipt = await room.say("я" * 2000, cid="cid-00000001")
    assert not receipt.repeated
    rows = await room.rows()
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert [row.cid for row in rows].count("cid-00000001") == 1


async def test_a_reply_that_found_the_disk_full_is_said_when_there_is_room_again(room: Stage) -> None:
    disk = Disk(room)
    room.engine.script[QUESTION] = Reply((Utterance("я" * 50_000),))
    room.engine.hold()
    await room.say(QUESTION)
    await room.engine.thinking()
    await disk.limit(1)
    room.engine.release()
    await until(lambda: not room.conversations._turns._running, "the turn to be postponed")
    assert [row.author for row in await room.rows()] == [Author.CUSTOMER]
    await disk.limit()
    room.clock.turn(5)
    await room.quiet()
    assert [row.author for row in await room.rows()] == [Author.CUSTOMER, Author.BOT]
