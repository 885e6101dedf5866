"""Crashes between any two steps: nothing acknowledged is missing, nothing is said twice, everybody gets a reply."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from pathlib import Path

from bot.conversation.model import Author, Channel, Holder, Kind
from tests.unit.conversation.stage import ANNA, QUESTION, Clock, ScriptedEngine, Stage, new_cid, stage
from tests.waiting import DEADLINE, busy_writer, until

ROOT = Path(__file__).parents[3]


def later() -> Clock:
    """The clock of the next start, some seconds after the crash."""
    clock = Clock()
    clock.turn(10)
    return clock


async def start(place: Path, moment: str) -> Process:
    command = [sys.executable, "-m", "tests.unit.conversation.crashing", str(place), moment]
    return await asyncio.create_subprocess_exec(*command, stdout=PIPE, cwd=ROOT)


async def died(process: Process) -> str:
    """What it had printed when it was killed."""
    printed, _ = await asyncio.wait_for(process.communicate(), 2 * DEADLINE)
    assert process.returncode == -signal.SIGKILL
    return printed.decode()


async def everything_is_answered_once(room: Stage) -> None:
    await room.quiet()
    rows = await room.rows()
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    asked = [row.seq for row in rows if row.author is Author.CUSTOMER]
    assert sorted(row.in_reply_to or 0 for row in rows if row.author is Author.BOT) == asked
    assert await room.database.read(lambda tx: tx.exec_driver_sql("PRAGMA integrity_check").scalar_one()) == "ok"


async def test_a_crash_between_the_engines_answer_and_the_commit_is_answered_once_by_the_next_start(
    tmp_path: Path,
) -> None:
    engine = ScriptedEngine()
    engine.hold()
    async with stage(tmp_path, engine=engine) as room:
        await room.say(QUESTION)
        await engine.thinking()
    engine.release()
    async with stage(tmp_path, engine=engine, clock=later()) as room:
        await everything_is_answered_once(room)
        assert len(await room.rows()) == 2
    assert len(engine.turns) == 2
    assert len(engine.remembered) == 1, "the engine is asked for the same turn again and runs it once"


async def test_a_turn_cut_off_while_its_commit_is_under_way_is_answered_once(tmp_path: Path) -> None:
    engine = ScriptedEngine()
    engine.hold()
    async with stage(tmp_path, engine=engine) as room:
        await room.say(QUESTION)
        await engine.thinking()
        async with busy_writer(room.database):
            engine.release()
            await until(lambda: room.database._jobs.qsize() == 1, "the reply to reach the writer")
            [turn] = room.conversations._turns._running.values()
            turn.cancel()
            await asyncio.gather(turn, return_exceptions=True)
    async with stage(tmp_path, engine=engine, clock=later()) as room:
        await everything_is_answered_once(room)
        assert len(await room.rows()) == 2


async def test_stopping_does_not_start_the_turns_it_cuts_off_again(tmp_path: Path) -> None:
    engine = ScriptedEngine()
    engine.hold()
    async with stage(tmp_path, engine=engine) as room:
        await room.say("раз")
        await engine.thinking()
        await room.say("два")
        turns = room.conversations._turns
        await turns.close()
        assert not turns._running
    assert len(engine.turns) == 1


async def test_questions_left_by_a_crash_are_answered_in_their_order(tmp_path: Path) -> None:
    engine = ScriptedEngine()
    engine.hold()
    async with stage(tmp_path, engine=engine) as room:
        for text in ("раз", "два", "три"):
            await room.say(text)
        await engine.thinking()
    engine.release()
    async with stage(tmp_path, engine=engine, clock=later()) as room:
        await everything_is_answered_once(room)
    assert [turn.text for turn in engine.turns] == ["раз", "раз", "два", "три"]


async def test_a_question_handed_over_before_the_crash_is_not_answered_after_it(tmp_path: Path) -> None:
    engine = ScriptedEngine()
    engine.hold()
    async with stage(tmp_path, engine=engine) as room:
        await room.say(QUESTION)
        await engine.thinking()
        ticket = await room.call_person()
        await room.conversations.accept(ticket.id, ANNA)
    engine.release()
    async with stage(tmp_path, engine=engine, clock=later()) as room:
        await room.quiet()
        assert not [row for row in await room.rows() if row.author is Author.BOT]
        assert (await room.conversations.state(room.thread.id)).operator == "Анна"


async def test_a_restart_changes_neither_the_queue_nor_the_waiting_times(tmp_path: Path) -> None:
    async with stage(tmp_path) as room:
        for number in range(10):
            thread = await room.conversations.open(f"waiting-{number}", Channel.WIDGET, "ru")
            await room.conversations.ask_person(thread.id, new_cid())
            room.clock.turn(30)
        before = await room.conversations.tickets()
        await room.conversations.accept(before[3].id, ANNA)
        before = await room.conversations.tickets()
        states = [await room.conversations.state(ticket.conversation_id) for ticket in before]
    async with stage(tmp_path, clock=later()) as room:
        after = await room.conversations.tickets()
        assert after == before
        assert [await room.conversations.state(ticket.conversation_id) for ticket in after] == states
    assert [state.position for state in states] == [1, 2, 3, None, 4, 5, 6, 7, 8, 9]
    assert states[3].holder is Holder.OPERATOR


async def test_a_process_killed_with_the_engines_answer_in_its_hands_asks_for_the_same_turn_again(
    tmp_path: Path,
) -> None:
    turn_id = (await died(await start(tmp_path, "answered"))).strip()
    async with stage(tmp_path, clock=later()) as room:
        await everything_is_answered_once(room)
        assert [turn.id for turn in room.engine.turns] == [turn_id]
        assert [row.kind for row in await room.rows()] == [Kind.TEXT, Kind.ANSWER]


async def test_a_process_killed_between_commit_and_acknowledgement_gives_the_same_number_to_the_resend(
    tmp_path: Path,
) -> None:
    assert await died(await start(tmp_path, "committed")) == ""
    async with stage(tmp_path, clock=later()) as room:
        receipt = await room.say(cid="cid-00000001")
        assert (receipt.seq, receipt.repeated) == (1, True)
        await everything_is_answered_once(room)
        assert len(await room.rows()) == 2


async def test_a_process_killed_in_the_middle_of_talking_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    process = await start(tmp_path, "talking")
    assert process.stdout is not None
    acks = [await asyncio.wait_for(process.stdout.readline(), 2 * DEADLINE) for _ in range(20)]
    process.kill()
    acks += (await died(process)).encode().splitlines()
    async with stage(tmp_path, clock=later()) as room:
        stored = {row.cid: row.seq for row in await room.rows()}
        for ack in acks:
            cid, seq = ack.decode().split()
            assert stored[cid] == int(seq)
        await everything_is_answered_once(room)
        assert max(Counter(row.cid for row in await room.rows()).values()) == 1
