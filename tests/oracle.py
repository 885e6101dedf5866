"""Judges a run: customers' ledgers against the database file, read directly; each broken promise is one sentence."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tests.clerk import Said
from tests.ledger import Ledger, Row

REPLIES = 20
"""More replies than any turn has; the ids of a turn's replies are made from the turn's own id and a number."""


@dataclass(frozen=True, slots=True)
class Books:
    """What the database holds, by conversation id. Turns are keyed by the seq they answer."""

    last_seq: dict[str, int]
    messages: dict[str, list[Row]]
    turns: dict[str, dict[int, Row]]
    tickets: dict[str, list[Row]]


def read(database: Path) -> Books:
    """The whole transcript; a snapshot that takes no lock from a running product."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("BEGIN")
        messages, turns, tickets = defaultdict(list), defaultdict[str, dict[int, Row]](dict), defaultdict(list)
        for row in _rows(connection, "SELECT * FROM messages ORDER BY conversation_id, seq"):
            messages[row["conversation_id"]].append(row)
        for row in _rows(connection, "SELECT * FROM turns"):
            turns[row["conversation_id"]][row["seq"]] = row
        for row in _rows(connection, "SELECT * FROM tickets ORDER BY number"):
            tickets[row["conversation_id"]].append(row)
        last_seq = {row["id"]: row["last_seq"] for row in _rows(connection, "SELECT * FROM conversations")}
    return Books(last_seq, messages, turns, tickets)


def pending(database: Path) -> int:
    """How many turns the bot still owes."""
    return sum(turn["state"] == "pending" for turns in read(database).turns.values() for turn in turns.values())


def verdict(database: Path, ledgers: Iterable[Ledger], said: Iterable[Said] = ()) -> list[str]:
    """Everything that is wrong, empty when every promise was kept. Ask when nothing is in flight any more.

    `said`: what operators were told is stored.
    """
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        healthy = connection.execute("PRAGMA integrity_check").fetchone()[0]
    books = read(database)
    found = [] if healthy == "ok" else [f"the database file is damaged: {healthy}"]
    for conversation in books.last_seq:
        found += [f"{complaint} (conversation {conversation})" for complaint in _transcript(books, conversation)]
    for ledger in ledgers:
        found += [f"{complaint} (conversation {ledger.conversation})" for complaint in _customer(books, ledger)]
    return found + [f"D1: the operator's {one} is not stored so" for one in said if not _is_stored(books, one)]


def heard_twice(trackers: Path) -> list[str]:
    """D9 seen from the dialogue engine's own file: turns it has run more than once."""
    with closing(sqlite3.connect(f"file:{trackers}?mode=ro", uri=True)) as connection:
        stored = [json.loads(events) for (events,) in connection.execute("SELECT events FROM trackers")]
    heard = Counter(
        (event["metadata"] or {}).get("turn") for events in stored for event in events if event["event"] == "user"
    )
    return [f"D9: the engine heard turn {turn} {times} times" for turn, times in heard.items() if turn and times > 1]


def stored_as(text: str) -> str:
    """How a customer's words are kept: blanks around them dropped, NUL made visible, nothing else touched."""
    return text.replace("\x00", "\ufffd").strip()


def _transcript(books: Books, conversation: str) -> Iterator[str]:
    rows = books.messages.get(conversation, [])
    seqs = [row["seq"] for row in rows]
    if seqs != list(range(1, books.last_seq[conversation] + 1)):
        yield f"D2: rows are numbered {seqs}, the conversation says {books.last_seq[conversation]}"
    yield from (f"D1: {cid} is stored {n} times" for cid, n in Counter(row["cid"] for row in rows).items() if n > 1)
    yield from _replies(rows, books.turns.get(conversation, {}))
    yield from _holders(rows)
    for row in rows:
        if row["author"] == "customer" and not _taken_care_of(row, rows, books, conversation):
            yield f"customer line {row['seq']} has neither reply nor person"


def _replies(rows: list[Row], turns: dict[int, Row]) -> Iterator[str]:
    """Each turn is answered by one set of replies, stored together, made from that turn and no other."""
    replies: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        # A customer's row names the one whose button was pressed.
        if row["in_reply_to"] is not None and row["author"] != "customer":
            replies[row["in_reply_to"]].append(row)
    for seq, said in replies.items():
        turn = turns.get(seq)
        if turn is None or turn["state"] != "done":
            yield f"D9: line {seq} has replies, its turn is {turn and turn['state']}"
            continue
        own = [uuid5(NAMESPACE_URL, f"turn:{turn['id']}:{n}").hex for n in range(REPLIES)]
        if not {row["cid"] for row in said} <= set(own):
            yield f"D9: line {seq} has replies that are not of its turn"
        if [row["seq"] for row in said] != list(range(said[0]["seq"], said[0]["seq"] + len(said))):
            yield f"D9: the replies to line {seq} were not stored together"
        if len({row["text"] for row in said}) < len(said):
            yield f"D9: line {seq} has the same reply twice"


def _holders(rows: list[Row]) -> Iterator[str]:
    held = False
    for row in rows:
        if held and row["author"] == "bot":
            yield f"D10: bot line {row['seq']} while a person holds the conversation"
        held = row["kind"] == "handoff" or (held and row["kind"] not in ("returned", "farewell"))


def _taken_care_of(line: Row, rows: list[Row], books: Books, conversation: str) -> bool:
    """Answered by the bot, or seen by whoever has the ticket."""
    turn = books.turns.get(conversation, {}).get(line["seq"])
    following = rows[line["seq"]] if line["seq"] < len(rows) else None
    handed_over = following is not None and following["kind"] == "handoff"
    if turn is not None and turn["state"] == "done":
        handoff = uuid5(NAMESPACE_URL, f"turn:{turn['id']}:handoff").hex
        return any(row["in_reply_to"] == line["seq"] or row["cid"] == handoff for row in rows)
    if turn is not None and turn["state"] != "suppressed":
        return False
    if following is not None and following["author"] == "system" and line["kind"] == "rating":
        return True
    return any(
        (handed_over or turn is not None or ticket["opened_at"] <= line["created_at"])
        and (ticket["closed_at"] is None or ticket["closed_at"] >= line["created_at"])
        for ticket in books.tickets.get(conversation, [])
    )


def _customer(books: Books, ledger: Ledger) -> Iterator[str]:
    yield from ledger.faults
    rows = books.messages.get(ledger.conversation, [])
    by_cid = {row["cid"]: row for row in rows}
    sent = {line.cid: line.text for line in ledger.lines}
    for line in ledger.lines:
        stored = by_cid.get(line.cid)
        if line.acked_at is not None and (stored is None or stored["seq"] != line.seq):
            yield f"D1: {line.cid} was acknowledged as {line.seq} and is stored as {stored and stored['seq']}"
        if line.fate == "refused" and stored is not None:
            yield f"D1: {line.cid} was refused for good and is stored all the same"
        if stored is not None and line.text is not None and stored["text"] != stored_as(line.text):
            yield f"D1: {line.cid} was stored with other words"
    kept = [row["cid"] for row in rows if row["author"] == "customer"]
    if [cid for cid in sent if cid in by_cid] != kept:
        yield f"D2: the customer's lines are stored as {kept}, sent as {list(sent)}"
    yield from _display(rows, ledger)


def _is_stored(books: Books, said: Said) -> bool:
    rows = [row for row in books.messages.get(said.conversation, []) if row["cid"] == said.cid]
    return [(row["seq"], row["author"], row["text"]) for row in rows] == [(said.seq, "operator", said.text)]


def _display(rows: list[Row], ledger: Ledger) -> Iterator[str]:
    seqs = [row["seq"] for row in ledger.shown]
    if seqs != list(range(1, len(seqs) + 1)):
        yield f"D5: rows were shown as {seqs}"
    due = max((line.seq for line in ledger.lines if line.seq is not None), default=0)
    if len(seqs) < due:
        yield f"D5: row {due} was acknowledged, the last row shown is {len(seqs)}"
    if [_face(row) for row in ledger.shown] != [_face(row) for row in rows[: len(seqs)]]:
        yield "D4: what was shown is not what is stored"
    if ledger.reread is not None:
        again, stored = [_face(row) for row in ledger.reread], [_face(row) for row in rows[ledger.reread_after :]]
        if again != stored[: len(again)] or ledger.reread_after + len(again) < due:
            yield f"D4: read again from {ledger.reread_after}, the transcript is another one"


def _face(row: Row) -> tuple[Any, ...]:
    """What must be the same on the screen and in the database; formatted words are drawn, so they are not compared."""
    words = row["text"] if row["author"] in ("customer", "operator") else ""
    return row["seq"], row["cid"], row["author"], row["kind"], words


def _rows(connection: sqlite3.Connection, query: str) -> Iterator[Row]:
    return (dict(row) for row in connection.execute(query))
