"""Notes between colleagues, and how far each operator has read each conversation, in SQL."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    UniqueConstraint,
    insert,
    select,
    update,
)

from bot.storage.database import UtcDateTime, metadata

notes = Table(
    "notes",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation_id", String(64), nullable=False),
    Column("cid", String(128), nullable=False),
    Column("after_seq", Integer, nullable=False),
    Column("author_id", String(32), nullable=False),
    Column("author_name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("mentions", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("approval", String(16), nullable=False),
    Column("decided_by", Text, nullable=False),
    UniqueConstraint("conversation_id", "cid"),
)

reads = Table(
    "reads",
    metadata,
    Column("operator_id", String(32), primary_key=True),
    Column("conversation_id", String(64), primary_key=True),
    Column("seq", Integer, nullable=False),
)


PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Note:
    """Words between colleagues, never the customer's. `after_seq`: the message it stands behind; `mentions`: ids of the
    operators called by @login; `cid` is made by the client. `approval`: empty, or what became of a proposal put to the
    leads: pending, approved, declined."""

    id: str
    conversation_id: str
    cid: str
    after_seq: int
    author_id: str
    author_name: str
    text: str
    mentions: tuple[str, ...]
    at: datetime
    approval: str = ""
    decided_by: str = ""


class NoteStore:
    """Every method takes part in the caller's transaction."""

    def add(self, tx: Connection, note: Note) -> tuple[Note, bool]:
        """The stored note and whether it is new: the same cid again gives the note stored first."""
        same = select(notes).where(notes.c.conversation_id == note.conversation_id, notes.c.cid == note.cid)
        stored = tx.execute(same).mappings().first()
        if stored is not None:
            return _note(stored), False
        tx.execute(insert(notes).values(asdict(note) | {"mentions": list(note.mentions)}))
        return note, True

    def of(self, tx: Connection, conversation_id: str) -> list[Note]:
        """The notes of a conversation, oldest first."""
        found = select(notes).where(notes.c.conversation_id == conversation_id).order_by(notes.c.at, notes.c.id)
        return [_note(row) for row in tx.execute(found).mappings()]

    def decide(self, tx: Connection, note_id: str, approval: str, decided_by: str) -> tuple[Note, bool] | None:
        """The note and whether this decided it: the same answer of the same person again changes nothing.

        None when there is nothing to decide: no such note, no proposal, or decided otherwise before.
        """
        pending = update(notes).where(notes.c.id == note_id, notes.c.approval == PENDING)
        new = tx.execute(pending.values(approval=approval, decided_by=decided_by)).rowcount > 0
        row = tx.execute(select(notes).where(notes.c.id == note_id)).mappings().first()
        decided = row is not None and (row["approval"], row["decided_by"]) == (approval, decided_by)
        return (_note(row), new) if row is not None and decided else None

    def read(self, tx: Connection, operator_id: str, conversation_id: str, seq: int) -> bool:
        """The operator has seen the conversation up to `seq`; False when they had seen that much before."""
        mine = (reads.c.operator_id == operator_id) & (reads.c.conversation_id == conversation_id)
        known = tx.execute(select(reads.c.seq).where(mine)).scalar_one_or_none()
        if known is None:
            tx.execute(insert(reads).values(operator_id=operator_id, conversation_id=conversation_id, seq=seq))
        elif known < seq:
            tx.execute(update(reads).where(mine).values(seq=seq))
        return known is None or known < seq

    def seen(self, tx: Connection, operator_id: str, conversation_ids: list[str]) -> dict[str, int]:
        """How far the operator has read each of these conversations; those never opened are left out."""
        found = select(reads.c.conversation_id, reads.c.seq).where(
            reads.c.operator_id == operator_id, reads.c.conversation_id.in_(conversation_ids)
        )
        return {row.conversation_id: row.seq for row in tx.execute(found)}


def _note(row: RowMapping) -> Note:
    values = {name: row[name] for name in Note.__slots__}
    return Note(**values | {"mentions": tuple(row["mentions"])})
