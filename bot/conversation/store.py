"""Conversations, their numbered messages and the bot turns owed to them, in SQL."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import BindParameter, Connection, bindparam, exists, insert, select, update

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
from bot.conversation.tables import conversations, messages, turns
from bot.errors import NotFound
from bot.storage.prepared import Prepared
from handoff.tables import tickets

__all__ = ["ConversationStore", "Owed", "conversations", "messages", "turns"]

_MARKED = (answer_marks.c.conversation_id == messages.c.conversation_id) & (answer_marks.c.seq == messages.c.seq)
_ROWS = select(messages, answer_marks.c.mark).outerjoin(answer_marks, _MARKED)
_COLUMNS = [conversations.c[name] for name in Conversation.__slots__ if name != "helped"]
_CONVERSATIONS = select(*_COLUMNS, exists().where(tickets.c.conversation_id == conversations.c.id))

_HERE: BindParameter[str] = bindparam("here")
_THIS = conversations.c.id == _HERE
_GET = Prepared(_CONVERSATIONS.where(_THIS))
_OF_VISITOR = Prepared(
    _CONVERSATIONS.where(
        conversations.c.visitor_id == bindparam("visitor"), conversations.c.channel == bindparam("through")
    )
)
_FIELDS = Prepared(select(conversations.c.fields).where(_THIS))
_STORED = exists().where(messages.c.conversation_id == _HERE, messages.c.cid == bindparam("named"))
_NEXT = Prepared(
    update(conversations)
    .where(_THIS, ~_STORED)
    .values(last_seq=conversations.c.last_seq + 1, last_at=bindparam("at"))
    .returning(conversations.c.last_seq)
)
_IN_IT = _ROWS.where(messages.c.conversation_id == _HERE)
_BY_CID = Prepared(_IN_IT.where(messages.c.cid == bindparam("named")))
_BY_SEQ = Prepared(_IN_IT.where(messages.c.seq == bindparam("number")))
_AFTER = Prepared(_IN_IT.where(messages.c.seq > bindparam("number")).order_by(messages.c.seq).limit(bindparam("most")))
_EPISODE = Prepared(
    _IN_IT.where(messages.c.seq > select(conversations.c.epoch_seq).where(_THIS).scalar_subquery())
    .order_by(messages.c.seq.desc())
    .limit(100)
)
_OWED = Prepared(
    select(turns.c.id, turns.c.conversation_id, turns.c.seq, turns.c.press)
    .where(turns.c.conversation_id == _HERE, turns.c.state == "pending")
    .order_by(turns.c.seq)
    .limit(2)
)
_SETTLE = Prepared(
    update(turns)
    .where(turns.c.conversation_id == _HERE, turns.c.seq == bindparam("number"), turns.c.state == "pending")
    .values(state=bindparam("becomes"))
)
_REACHED = {
    moved: Prepared(
        update(conversations)
        .where(_THIS, moved < bindparam("number"), conversations.c.last_seq >= bindparam("number"))
        .values({moved: bindparam("number")})
    )
    for moved in (conversations.c.read_seq, conversations.c.delivered_seq)
}
_SAY, _OWE = Prepared(insert(messages)), Prepared(insert(turns))
_CHANNELS = {one.value: one for one in Channel}
_AUTHORS = {one.value: one for one in Author}
_KINDS = {one.value: one for one in Kind}
_FORMATS = {one.value: one for one in Format}
_ACTS = {one.value: one for one in Act}
_MARKS = {None: None} | {one.value: one for one in Mark}


@dataclass(frozen=True, slots=True)
class Owed:
    """A bot turn not yet answered. `press`: {"payload": "/intent", "article": id} when a button asked for it. `last`:
    no other turn of this conversation is owed."""

    id: str
    conversation_id: str
    seq: int
    press: dict[str, str] | None
    last: bool = False


class ConversationStore:
    """Every method takes part in the caller's transaction."""

    def add(self, tx: Connection, conversation: Conversation) -> Conversation:
        values = asdict(conversation) | {"channel": conversation.channel.value, "epoch_seq": 0, "fields": {}}
        del values["helped"]
        tx.execute(insert(conversations).values(**values))
        return conversation

    def get(self, tx: Connection, conversation_id: str) -> Conversation:
        """Raises NotFound."""
        row = _GET.row(tx, here=conversation_id)
        if row is None:
            raise _unknown()
        return _conversation(row)

    def of_visitor(self, tx: Connection, visitor_id: str, channel: Channel) -> Conversation | None:
        row = _OF_VISITOR.row(tx, visitor=visitor_id, through=channel.value)
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
        """Raises NotFound."""
        row = _FIELDS.row(tx, here=conversation_id)
        if row is None:
            raise _unknown()
        return dict(row[0])

    def append(self, tx: Connection, conversation_id: str, draft: Draft, at: datetime) -> tuple[Message, bool]:
        """The stored row and whether it is new: the same cid again gives the row stored first."""
        row = _NEXT.row(tx, here=conversation_id, named=draft.cid, at=at)
        if row is None:
            stored = self.by_cid(tx, conversation_id, draft.cid)
            if stored is None:
                raise _unknown()
            return stored, False
        _SAY.run(tx, **_row(conversation_id, row[0], draft, at))
        return _written(conversation_id, row[0], draft, at), True

    def by_cid(self, tx: Connection, conversation_id: str, cid: str) -> Message | None:
        row = _BY_CID.row(tx, here=conversation_id, named=cid)
        return None if row is None else _message(row)

    def message(self, tx: Connection, conversation_id: str, seq: int) -> Message:
        """Raises NotFound."""
        row = _BY_SEQ.row(tx, here=conversation_id, number=seq)
        if row is None:
            raise NotFound("There is no such message.", "message_unknown")
        return _message(row)

    def history(self, tx: Connection, conversation_id: str, after: int, limit: int) -> list[Message]:
        return [_message(row) for row in _AFTER.rows(tx, here=conversation_id, number=after, most=limit)]

    def before(self, tx: Connection, conversation_id: str, seq: int, limit: int) -> list[Message]:
        """The last `limit` rows with a number below `seq`, in order."""
        found = (
            _ROWS.where(messages.c.conversation_id == conversation_id, messages.c.seq < seq)
            .order_by(messages.c.seq.desc())
            .limit(limit)
        )
        return [_message(row) for row in tx.execute(found)][::-1]

    def reached(self, tx: Connection, conversation_id: str, seq: int, *, read: bool) -> bool:
        """Moves the last row that was read, or else delivered, forward, never past the newest; False when it was
        there already."""
        moved = conversations.c.read_seq if read else conversations.c.delivered_seq
        return _REACHED[moved].run(tx, here=conversation_id, number=seq) == 1

    def episode(self, tx: Connection, conversation_id: str) -> list[Message]:
        """The rows since the last episode ended, at most the last 100."""
        return [_message(row) for row in _EPISODE.rows(tx, here=conversation_id)][::-1]

    def owe(self, tx: Connection, message: Message, press: dict[str, str] | None) -> None:
        values = {"conversation_id": message.conversation_id, "seq": message.seq, "id": uuid4().hex}
        _OWE.run(tx, **values, state="pending", press=press, created_at=message.created_at)

    def owed(self, tx: Connection, conversation_id: str) -> Owed | None:
        """The oldest turn of this conversation still to be answered."""
        rows = _OWED.rows(tx, here=conversation_id)
        if not rows:
            return None
        turn, here, seq, press = rows[0]
        return Owed(turn, here, seq, press, last=len(rows) == 1)

    def owing(self, tx: Connection, before: datetime) -> Sequence[str]:
        """Conversations with a turn pending since before that moment."""
        found = (
            select(turns.c.conversation_id).where(turns.c.state == "pending", turns.c.created_at < before).distinct()
        )
        return tx.execute(found).scalars().all()

    def settle(self, tx: Connection, owed: Owed, state: str) -> bool:
        """Marks a pending turn `done` or `suppressed`; False when it was settled before."""
        return _SETTLE.run(tx, here=owed.conversation_id, number=owed.seq, becomes=state) == 1


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


def _message(row: Sequence[Any]) -> Message:
    """The message of a row of `_ROWS`."""
    here, seq, cid, author, name, kind, form, text, buttons, source, in_reply_to, evidence, at, files, mark = row
    return Message(
        conversation_id=here,
        seq=seq,
        cid=cid,
        author=_AUTHORS[author],
        author_name=name,
        kind=_KINDS[kind],
        format=_FORMATS[form],
        text=text,
        buttons=tuple(Button(b["id"], b["title"], _ACTS[b["act"]], b["value"]) for b in buttons) if buttons else (),
        source=None if source is None else Source(**source),
        in_reply_to=in_reply_to,
        evidence=evidence,
        files=tuple(Attachment(**file) for file in files) if files else (),
        created_at=at,
        mark=_MARKS[mark],
    )


def _conversation(row: Sequence[Any]) -> Conversation:
    """The conversation of a row of `_CONVERSATIONS`."""
    found = dict(zip(Conversation.__slots__, row, strict=True))
    return Conversation(**found | {"channel": _CHANNELS[found["channel"]]})


def _unknown() -> NotFound:
    return NotFound("There is no such conversation.", "conversation_unknown")
