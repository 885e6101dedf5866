"""Customers' thumbs on the bot's answers, in SQL: one a message, changeable."""

from datetime import datetime

from sqlalchemy import Column, Connection, Integer, String, Table, delete, insert, update

from bot.conversation.model import Mark
from bot.storage.database import UtcDateTime, metadata

answer_marks = Table(
    "answer_marks",
    metadata,
    Column("conversation_id", String(64), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("mark", String(8), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)


class MarkStore:
    """Takes part in the caller's transaction."""

    def set(self, tx: Connection, conversation_id: str, seq: int, mark: Mark | None, at: datetime) -> None:
        """None takes the mark back."""
        mine = (answer_marks.c.conversation_id == conversation_id) & (answer_marks.c.seq == seq)
        if mark is None:
            tx.execute(delete(answer_marks).where(mine))
        elif tx.execute(update(answer_marks).where(mine).values(mark=mark.value, at=at)).rowcount == 0:
            values = {"conversation_id": conversation_id, "seq": seq, "mark": mark.value, "at": at}
            tx.execute(insert(answer_marks).values(values))
