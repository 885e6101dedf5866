"""Conversations, their numbered messages and the bot turns owed to them, in SQL."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    BindParameter,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    insert,
    select,
    update,
)

from bot.conversation.mark_store import answer_marks
from bot.conversation.model import (
    Act,
    Attachment,
    Author,
    Button,
    Channel,
    Conversation,
    Draft,
    Format,
    Kind,
    Mark,
    Message,
    Source,
)
from bot.errors import NotFound
from bot.storage.database import UtcDateTime, metadata

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("visitor_id", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("address", String(64), nullable=False),
    Column("lang", String(8), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("epoch_seq", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("customer_name", Text, nullable=False),
    Column("page", JSON, nullable=False),
    Column("fields", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("customer_id", String(64), index=True),
    Column("read_seq", Integer, nullable=False, server_default="0"),
    Column("delivered_seq", Integer, nullable=False, server_default="0"),
    Column("last_at", UtcDateTime, index=True),
    UniqueConstraint("visitor_id", "channel"),
)

messages = Table(
    "messages",
    metadata,
    Column("conversation_id", String(64), ForeignKey("conversations.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("cid", String(128), nullable=False),
    Column("author", String(16), nullable=False),
    Column("author_name", Text, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("format", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("buttons", JSON, nullable=False),
    Column("source", JSON),
    Column("in_reply_to", Integer),
    Column("evidence", JSON),
    Column("created_at", UtcDateTime, nullable=False),
    Column("files", JSON),
    UniqueConstraint("conversation_id", "cid"),
)

turns = Table(
    "turns",
    metadata,
    Column("conversation_id", String(64), ForeignKey("conversations.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("id", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("press", JSON),
    Column("created_at", UtcDateTime, nullable=False),
)
Index("ix_turns_state_created_at", turns.c.state, turns.c.created_at)

_MARKED = (answer_marks.c.conversation_id == messages.c.conversation_id) & (answer_marks.c.seq == messages.c.seq)
_ROWS = select(messages, answer_marks.c.mark).outerjoin(answer_marks, _MARKED)

# Asked in every turn: putting a statement together takes longer than SQLite takes to answer it, so it is done once.
_HERE: BindParameter[str] = bindparam("here")
_CONVERSATION = select(conversations).where(conversations.c.id == _HERE)
_FIELDS = _CONVERSATION.with_only_columns(conversations.c.fields)
_NEXT = (
    update(conversations)
    .where(conversations.c.id == _HERE)
    .values(last_seq=conversations.c.last_seq + 1, last_at=bindparam("at"))
    .returning(conversations.c.last_seq)
)
_IN_IT = _ROWS.where(messages.c.conversation_id == _HERE)
_BY_CID = _IN_IT.where(messages.c.cid == bindparam("named"))
_BY_SEQ = _IN_IT.where(messages.c.seq == bindparam("number"))
_AFTER = _IN_IT.where(messages.c.seq > bindparam("number")).order_by(messages.c.seq).limit(bindparam("most"))
_EPISODE = (
    _IN_IT.where(messages.c.seq > _CONVERSATION.with_only_columns(conversations.c.epoch_seq).scalar_subquery())
    .order_by(messages.c.seq.desc())
    .limit(100)
)
_OWED = select(turns).where(turns.c.conversation_id == _HERE, turns.c.state == "pending").order_by(turns.c.seq).limit(1)
_SETTLE = (
    update(turns)
    .where(turns.c.conversation_id == _HERE, turns.c.seq == bindparam("number"), turns.c.state == "pending")
    .values(state=bindparam("becomes"))
)
_REACHED = {
    moved: update(conversations)
    .where(conversations.c.id == _HERE, moved < bindparam("number"), conversations.c.last_seq >= bindparam("number"))
    .values({moved: bindparam("number")})
    for moved in (conversations.c.read_seq, conversations.c.delivered_seq)
}
_SAY, _OWE = insert(messages), insert(turns)


@dataclass(frozen=True, slots=True)
class Owed:
    """A bot turn not yet answered. `press`: {"payload": "/intent", "article": id} when a button asked for it."""

    id: str
    conversation_id: str
    seq: int
    press: dict[str, str] | None


class ConversationStore:
    """Every method takes part in the caller's transaction."""

    def add(self, tx: Connection, conversation: Conversation) -> Conversation:
        values = asdict(conversation) | {"channel": conversation.channel.value, "epoch_seq": 0, "fields": {}}
        tx.execute(insert(conversations).values(**values))
        return conversation

    def get(self, tx: Connection, conversation_id: str) -> Conversation:
        """Raises NotFound."""
        row = tx.execute(_CONVERSATION, {"here": conversation_id}).mappings().first()
        if row is None:
            raise NotFound("There is no such conversation.", "conversation_unknown")
        return _conversation(row)

    def of_visitor(self, tx: Connection, visitor_id: str, channel: Channel) -> Conversation | None:
        found = select(conversations).where(
            conversations.c.visitor_id == visitor_id, conversations.c.channel == channel.value
        )
        row = tx.execute(found).mappings().first()
        return None if row is None else _conversation(row)

    def change(self, tx: Connection, conversation_id: str, **values: Any) -> None:
        tx.execute(update(conversations).where(conversations.c.id == conversation_id).values(**values))

    def start_epoch(self, tx: Connection, conversation_id: str) -> None:
        """A fresh dialogue state: the engine knows this customer by a new sender from here on."""
        tx.execute(
            update(conversations)
            .where(conversations.c.id == conversation_id)
            .values(epoch=conversations.c.epoch + 1, epoch_seq=conversations.c.last_seq, fields={})
        )

    def fields(self, tx: Connection, conversation_id: str) -> dict[str, str]:
        return dict(tx.execute(_FIELDS, {"here": conversation_id}).scalar_one())

    def append(self, tx: Connection, conversation_id: str, draft: Draft, at: datetime) -> tuple[Message, bool]:
        """The stored row and whether it is new: the same cid again gives the row stored first."""
        stored = self.by_cid(tx, conversation_id, draft.cid)
        if stored is not None:
            return stored, False
        seq = tx.execute(_NEXT, {"here": conversation_id, "at": at}).scalar_one_or_none()
        if seq is None:
            raise NotFound("There is no such conversation.", "conversation_unknown")
        tx.execute(_SAY, _row(conversation_id, seq, draft, at))
        return _written(conversation_id, seq, draft, at), True

    def by_cid(self, tx: Connection, conversation_id: str, cid: str) -> Message | None:
        row = tx.execute(_BY_CID, {"here": conversation_id, "named": cid}).mappings().first()
        return None if row is None else _message(row)

    def message(self, tx: Connection, conversation_id: str, seq: int) -> Message:
        """Raises NotFound."""
        row = tx.execute(_BY_SEQ, {"here": conversation_id, "number": seq}).mappings().first()
        if row is None:
            raise NotFound("There is no such message.", "message_unknown")
        return _message(row)

    def history(self, tx: Connection, conversation_id: str, after: int, limit: int) -> list[Message]:
        found = tx.execute(_AFTER, {"here": conversation_id, "number": after, "most": limit})
        return [_message(row) for row in found.mappings()]

    def before(self, tx: Connection, conversation_id: str, seq: int, limit: int) -> list[Message]:
        """The last `limit` rows with a number below `seq`, in order."""
        found = (
            _ROWS.where(messages.c.conversation_id == conversation_id, messages.c.seq < seq)
            .order_by(messages.c.seq.desc())
            .limit(limit)
        )
        return [_message(row) for row in tx.execute(found).mappings()][::-1]

    def reached(self, tx: Connection, conversation_id: str, seq: int, *, read: bool) -> bool:
        """Moves the last row that was read, or else delivered, forward, never past the newest; False when it was
        there already."""
        moved = conversations.c.read_seq if read else conversations.c.delivered_seq
        return tx.execute(_REACHED[moved], {"here": conversation_id, "number": seq}).rowcount == 1

    def episode(self, tx: Connection, conversation_id: str) -> list[Message]:
        """The rows since the last episode ended, at most the last 100."""
        return [_message(row) for row in tx.execute(_EPISODE, {"here": conversation_id}).mappings()][::-1]

    def owe(self, tx: Connection, message: Message, press: dict[str, str] | None) -> None:
        values = {"conversation_id": message.conversation_id, "seq": message.seq, "id": uuid4().hex}
        tx.execute(_OWE, values | {"state": "pending", "press": press, "created_at": message.created_at})

    def owed(self, tx: Connection, conversation_id: str) -> Owed | None:
        """The oldest turn of this conversation still to be answered."""
        row = tx.execute(_OWED, {"here": conversation_id}).mappings().first()
        return None if row is None else Owed(row["id"], row["conversation_id"], row["seq"], row["press"])

    def owing(self, tx: Connection, before: datetime) -> Sequence[str]:
        """Conversations with a turn pending since before that moment."""
        found = (
            select(turns.c.conversation_id).where(turns.c.state == "pending", turns.c.created_at < before).distinct()
        )
        return tx.execute(found).scalars().all()

    def settle(self, tx: Connection, owed: Owed, state: str) -> bool:
        """Marks a pending turn `done` or `suppressed`; False when it was settled before."""
        where = {"here": owed.conversation_id, "number": owed.seq}
        return tx.execute(_SETTLE, where | {"becomes": state}).rowcount == 1


def _row(conversation_id: str, seq: int, draft: Draft, at: datetime) -> dict[str, Any]:
    return {
        "conversation_id": conversation_id,
        "seq": seq,
        "cid": draft.cid,
        "author": draft.author.value,
        "author_name": draft.author_name,
        "kind": draft.kind.value,
        "format": draft.format.value,
        "text": draft.text,
        "buttons": [asdict(button) for button in draft.buttons],
        "source": None if draft.source is None else asdict(draft.source),
        "in_reply_to": draft.in_reply_to,
        "evidence": draft.evidence,
        "files": [asdict(file) for file in draft.files] or None,
        "created_at": at,
    }


def _written(conversation_id: str, seq: int, draft: Draft, at: datetime) -> Message:
    return Message(
        conversation_id=conversation_id,
        seq=seq,
        created_at=at,
        **{name: getattr(draft, name) for name in Draft.__slots__},
    )


def _message(row: RowMapping) -> Message:
    return Message(
        conversation_id=row["conversation_id"],
        seq=row["seq"],
        cid=row["cid"],
        author=Author(row["author"]),
        author_name=row["author_name"],
        kind=Kind(row["kind"]),
        format=Format(row["format"]),
        text=row["text"],
        buttons=tuple(Button(b["id"], b["title"], Act(b["act"]), b["value"]) for b in row["buttons"]),
        source=None if row["source"] is None else Source(**row["source"]),
        in_reply_to=row["in_reply_to"],
        evidence=row["evidence"],
        files=tuple(Attachment(**file) for file in row["files"] or ()),
        created_at=row["created_at"],
        mark=row["mark"] and Mark(row["mark"]),
    )


def _conversation(row: RowMapping) -> Conversation:
    values = {name: row[name] for name in Conversation.__slots__}
    return Conversation(**values | {"channel": Channel(row["channel"])})
