"""Keeping what customers and operators attach, tying it to messages, and addresses that open it without a session."""

import asyncio
import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import Connection

from bot.clock import Clock, now
from bot.errors import BadRequest, NotFound, TooLarge
from bot.files.disk import Disk
from bot.files.kinds import kind_of
from bot.files.model import LIMIT, StoredFile, clean_name
from bot.files.store import FileStore
from bot.storage.database import Database

DAY = timedelta(days=1).total_seconds()
OPEN_DAYS = 7
"""Days an address stays open. It ends at midnight UTC, so that one file has one address a day and browsers keep it."""


class Files:
    """`folder`: where the bytes go; `secret` signs addresses: changing it closes every one given out."""

    def __init__(self, database: Database, folder: Path, secret: str, clock: Clock = now) -> None:
        self._database = database
        self._store = FileStore()
        self._disk = Disk(folder)
        self._now = clock
        self._addresses = URLSafeSerializer(secret, salt="file", signer_kwargs={"digest_method": hashlib.sha256})

    async def keep(self, conversation_id: str, name: str, data: bytes, by: str) -> StoredFile:
        """Stores a file for a message to come. `by`: who sends it.

        Raises TooLarge `file_too_large`, BadRequest `file_refused` for kinds that are not taken, Unavailable.
        """
        if len(data) > LIMIT:
            raise TooLarge("The file is larger than 10 MB. Compress it or send a link.", "file_too_large")
        kind = await asyncio.to_thread(kind_of, data, name)
        if kind is None:
            raise BadRequest("Files of this kind are not taken.", "file_refused")
        digest = await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest())
        file_id = secrets.token_hex(16)
        file = StoredFile(
            file_id, conversation_id, clean_name(name, kind), kind, len(data), digest, by[:64], self._now()
        )
        await asyncio.to_thread(self._disk.keep, file_id, data)
        try:
            await self._database.write(lambda tx: self._store.add(tx, file))
        except BaseException:
            await asyncio.to_thread(self._disk.drop, file_id)
            raise
        return file

    def take(self, tx: Connection, ids: Sequence[str], conversation_id: str) -> tuple[StoredFile, ...]:
        """The files that a new message carries, in the caller's transaction.

        Raises NotFound `file_unknown` for a file of another conversation and for one that was sent before.
        """
        chosen = list(dict.fromkeys(ids))
        if not all(self._store.send(tx, conversation_id, file_id) for file_id in chosen):
            raise _unknown()
        return tuple(self._store.some(tx, chosen))

    async def views(self, ids: Sequence[str]) -> list[StoredFile]:
        """The files with these ids, in order; those unknown are left out."""
        return await self._database.read(lambda tx: self._store.some(tx, ids))

    async def path(self, file_id: str) -> Path:
        """Where the bytes lie, for channels that send them on. Raises NotFound `file_unknown`."""
        file = await self._database.read(lambda tx: self._store.get(tx, file_id))
        if file is None or not self._disk.path(file.id).exists():
            raise _unknown()
        return self._disk.path(file.id)

    def url(self, file_id: str, name: str) -> str:
        """The path on our own host that opens the file for a week."""
        until = int(self._now().timestamp() // DAY) + OPEN_DAYS
        return f"/uploads/{file_id}/{quote(name, safe='')}?s={self._addresses.dumps([file_id, until])}"

    async def opened(self, file_id: str, signature: str) -> tuple[StoredFile, bytes]:
        """The file behind an address. Raises NotFound `file_unknown` when it is wrong or too old."""
        try:
            signed, until = self._addresses.loads(signature)
        except (BadData, UnicodeError, ValueError, TypeError):
            raise _unknown() from None
        if signed != file_id or until < self._now().timestamp() / DAY:
            raise _unknown()
        file = await self._database.read(lambda tx: self._store.get(tx, file_id))
        data = await asyncio.to_thread(self._disk.read, file_id) if file is not None else None
        if file is None or data is None:
            raise _unknown()
        return file, data


def _unknown() -> NotFound:
    return NotFound("There is no such file in this conversation. Upload it again.", "file_unknown")
