"""The oracle passes what the product stored and names each way in which a database or a ledger can be wrong."""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.accounts.model import Operator, Role
from bot.analytics.metrics import Metrics
from bot.bus.local import LocalBus
from bot.clock import now
from bot.conversation.model import Channel, Incoming
from bot.conversation.parts import Outside, open_parts
from bot.conversation.service import Conversations
from bot.dialogue.model import Reply, Turn, Utterance, Wish
from bot.files.service import Files
from bot.kb.model import Article, Evidence, Topic, Verdict
from bot.notices.service import Errands
from handoff.desk import open_desk
from handoff.model import Outcome
from tests import oracle
from tests.clerk import Said
from tests.contract.backends import sqlite
from tests.ledger import Ledger, Line
from tests.waiting import until

ANNA = Operator("op-1", "anna", "Anna", Role.OPERATOR)
TALK = ("hello", "call a person", "my modem is dead", "thank you")
QUESTION, ANSWER, ASKED, HANDED_OVER, WAITING, LAST = 1, 2, 3, 4, 5, 11
"""Rows of the talk. After them: joined, Anna's words, farewell, the rating asked for, the thanks, their answer."""


class Engine:
    async def ask(self, turn: Turn) -> Reply:
        wish = Wish.HANDOFF if "person" in turn.text else None
        return Reply((Utterance("" if wish else f"You said: {turn.text}", wish, reason="asked"),))


class EmptyShelf:
    async def search(self, text: str, lang: str, topic: Topic | None = None) -> Evidence:
        return Evidence(Verdict.NONE, 0.0, (), lang)

    async def part(self, article_id: str, lang: str, question: str, said: Sequence[str] = ()) -> str:
        return ""

    async def article(self, article_id: str, lang: str) -> Article | None:
        return None


async def talk(conversations: Conversations) -> Ledger:
    """Bot, person, bot again; the ledger of a customer who saw it all."""
    conversation = await conversations.open("visitor", Channel.WIDGET, "en")
    ledger = Ledger(conversation=conversation.id)
    for number, text in enumerate(TALK):
        line = Line(f"line-{number}", text, sent_at=float(number), acked_at=float(number))
        line.seq = (await conversations.receive(conversation.id, Incoming(line.cid, text))).seq
        ledger.lines.append(line)
        if text == "my modem is dead":
            ticket = (await conversations.tickets())[0]
            await conversations.accept(ticket.id, ANNA)
            await conversations.say(ticket.id, ANNA, "operator-1", "A new one is on its way.")
            await conversations.close(ticket.id, ANNA, Outcome.SOLVED)
        else:
            await replied(conversations, conversation.id, line.seq)
    ledger.shown = [
        {"conversation": row.conversation_id, "seq": row.seq, "cid": row.cid}
        | {"author": row.author.value, "kind": row.kind.value, "text": row.text}
        for row in await conversations.history(conversation.id)
    ]
    ledger.reread_after, ledger.reread = 2, ledger.shown[2:]
    return ledger


async def replied(conversations: Conversations, conversation: str, seq: int) -> None:
    async def longer() -> bool:
        return (await conversations.get(conversation)).last_seq > seq

    await until(longer, "a reply")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ledger]:
    async def play(folder: Path) -> Ledger:
        async with sqlite(folder) as database:
            notices, files = Errands(database, now, lambda *_: False), Files(database, folder / "files", "secret")
            parts = open_parts(database, LocalBus(), open_desk(now), Outside(Metrics(), notices, files), now)
            return await talk(Conversations(parts, EmptyShelf(), Engine()))

    folder = tmp_path_factory.mktemp("oracle")
    ledger = asyncio.run(play(folder))
    return folder / "zeroline.sqlite3", ledger


@pytest.fixture
def run(kept: tuple[Path, Ledger], tmp_path: Path) -> tuple[Path, Ledger]:
    """A copy of the sound run, to be damaged."""
    copy = tmp_path / "copy.sqlite3"
    with closing(sqlite3.connect(kept[0])) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy, deepcopy(kept[1])


def test_a_sound_run_has_nothing_to_complain_about(run: tuple[Path, Ledger]) -> None:
    database, ledger = run
    assert len(ledger.shown) == LAST
    assert oracle.verdict(database, [ledger]) == []
    assert oracle.pending(database) == 0


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (f"DELETE FROM messages WHERE seq = {ANSWER}", "D2: rows are numbered"),
        ("UPDATE conversations SET last_seq = last_seq + 1", "the conversation says 12"),
        (f"DELETE FROM messages WHERE seq = {ANSWER}", f"customer line {QUESTION} has neither reply nor person"),
        (f"UPDATE turns SET state = 'pending' WHERE seq = {ASKED}", f"customer line {ASKED} has neither"),
        (f"UPDATE turns SET id = 'another' WHERE seq = {QUESTION}", "replies that are not of its turn"),
        (f"UPDATE turns SET state = 'suppressed' WHERE seq = {QUESTION}", f"D9: line {QUESTION} has replies"),
        (f"UPDATE messages SET in_reply_to = {QUESTION} WHERE seq = {LAST}", "were not stored together"),
        ("UPDATE messages SET author = 'bot' WHERE author = 'operator'", "D10: bot line 7"),
        ("DELETE FROM tickets", f"customer line {WAITING} has neither"),
        (f"UPDATE messages SET cid = 'lost' WHERE seq = {QUESTION}", "D1: line-0 was acknowledged as 1"),
        (f"UPDATE messages SET text = 'changed' WHERE seq = {WAITING}", "D1: line-2 was stored with other words"),
        (f"UPDATE messages SET author = 'bot' WHERE seq = {WAITING}", "D2: the customer's lines are stored as"),
        ("UPDATE messages SET text = 'changed' WHERE author = 'operator'", "D4: what was shown is not what is stored"),
        ("UPDATE messages SET kind = 'text' WHERE seq = 6", "D4: read again from 2"),
    ],
)
def test_a_damaged_database_is_named(run: tuple[Path, Ledger], damage: str, complaint: str) -> None:
    database, ledger = run
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(damage)
    assert [said for said in oracle.verdict(database, [ledger]) if complaint in said]


def shown_twice(ledger: Ledger) -> None:
    ledger.shown.insert(3, ledger.shown[3])


def shown_too_little(ledger: Ledger) -> None:
    ledger.shown = ledger.shown[:2]


def never_sent(ledger: Ledger) -> None:
    ledger.lines = ledger.lines[1:]


def sent_in_another_order(ledger: Ledger) -> None:
    ledger.lines.reverse()


def refused_yet_stored(ledger: Ledger) -> None:
    ledger.lines[0].fate = "refused"


def read_again_too_little(ledger: Ledger) -> None:
    ledger.reread = ledger.shown[2:5]


def read_again_with_a_hole(ledger: Ledger) -> None:
    ledger.reread = ledger.shown[4:]


@pytest.mark.parametrize(("seq", "text"), [(8, "A new one is on its way."), (7, "Other words.")])
def test_an_operators_answer_that_is_not_stored_as_confirmed_is_named(
    run: tuple[Path, Ledger], seq: int, text: str
) -> None:
    database, ledger = run
    confirmed = Said(ledger.conversation, "operator-1", 7, "A new one is on its way.")
    assert oracle.verdict(database, [ledger], [confirmed]) == []
    assert len(oracle.verdict(database, [ledger], [replace(confirmed, seq=seq, text=text)])) == 1


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (shown_twice, "D5: rows were shown as"),
        (shown_too_little, "the last row shown is 2"),
        (never_sent, "D2: the customer's lines are stored as"),
        (sent_in_another_order, "D2: the customer's lines are stored as"),
        (refused_yet_stored, "D1: line-0 was refused for good"),
        (read_again_too_little, "D4: read again from 2"),
        (read_again_with_a_hole, "D4: read again from 2"),
    ],
)
def test_a_ledger_that_disagrees_is_named(run: tuple[Path, Ledger], change: Any, complaint: str) -> None:
    database, ledger = run
    change(ledger)
    assert [said for said in oracle.verdict(database, [ledger]) if complaint in said]
