"""Do the books balance? Everything received is answered or open, and what fits nowhere is named."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete

from bot.analytics.store import Books, reconcile
from bot.conversation.model import Channel
from bot.conversation.outbox_store import outbox
from bot.conversation.store import messages
from handoff.tables import tickets
from tests.unit.conversation.stage import Stage, stage


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path, Channel.TELEGRAM) as room:
        yield room


async def books(room: Stage) -> Books:
    return await room.database.read(reconcile)


async def test_an_empty_house_balances(room: Stage) -> None:
    assert await books(room) == Books(0, 0, 0)


async def test_an_answered_question_is_answered_and_a_queued_one_is_open(room: Stage) -> None:
    await room.ask()
    assert await books(room) == Books(received=1, answered=1, open=0)
    await room.call_person()
    counted = await books(room)
    assert (counted.received, counted.answered, counted.open) == (1, 0, 1)
    assert counted.balance


async def test_a_customer_whom_nobody_will_answer_is_named(room: Stage) -> None:
    """What a lost handoff would leave behind: words without an answer, a turn or a ticket."""
    await room.call_person()

    def lose(tx: Connection) -> None:
        tx.execute(delete(tickets))
        tx.execute(delete(messages).where(messages.c.author != "customer"))

    await room.database.write(lose)
    counted = await books(room)
    assert counted.lost == (room.thread.id,)
    assert not counted.balance


async def test_a_hole_in_a_transcript_is_named(room: Stage) -> None:
    await room.ask()
    await room.database.write(lambda tx: tx.execute(delete(messages).where(messages.c.seq == 1)))
    assert (await books(room)).gaps == (room.thread.id,)


async def test_words_that_never_got_their_errand_are_named(room: Stage) -> None:
    await room.ask()
    await room.database.write(lambda tx: tx.execute(delete(outbox)))
    assert (await books(room)).undelivered == (room.thread.id,)
