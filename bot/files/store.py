"""What is known of every file, in SQL; the bytes lie on the disk."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Boolean, Column, Connection, Integer, RowMapping, String, Table, Text, insert, select, update

from bot.files.model import StoredFile
from bot.storage.database import UtcDateTime, metadata

files = Table(
    "files",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation_id", String(64), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("uploaded_by", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent", Boolean, nullable=False),
)


class FileStore:
    """Every method takes part in the caller's transaction."""

    def add(self, tx: Connection, file: StoredFile) -> None:
        tx.execute(insert(files).values(asdict(file)))

    def get(self, tx: Connection, file_id: str) -> StoredFile | None:
        row = tx.execute(select(files).where(files.c.id == file_id)).mappings().first()
        return None if row is None else _file(row)

    def some(self, tx: Connection, ids: Sequence[str]) -> list[StoredFile]:
        """Those that exist, in the order asked for."""
        found = {row["id"]: _file(row) for row in tx.execute(select(files).where(files.c.id.in_(ids))).mappings()}
        return [found[one] for one in dict.fromkeys(ids) if one in found]

    def send(self, tx: Connection, conversation_id: str, file_id: str) -> bool:
        """Marks a file of this conversation as carried by a message; False when it is not there or carried already."""
        mine = (files.c.id == file_id) & (files.c.conversation_id == conversation_id) & files.c.sent.is_(False)
        return tx.execute(update(files).where(mine).values(sent=True)).rowcount == 1


def _file(row: RowMapping) -> StoredFile:
    return StoredFile(**{name: row[name] for name in StoredFile.__slots__})
