"""Where the bytes of files lie: one folder, names made by us, written whole or not at all."""

import os
from contextlib import suppress
from pathlib import Path

from bot.errors import Unavailable


class Disk:
    """Blocking: call it in a thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, file_id: str) -> Path:
        """Two letters of the id make the folder, so that none grows without end."""
        return self._folder / file_id[:2] / file_id

    def keep(self, file_id: str, data: bytes) -> None:
        """Durable when it returns. Raises Unavailable when the disk is full or cannot be written."""
        path = self.path(file_id)
        fresh = path.with_suffix(".new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with fresh.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(fresh, path)
        except OSError as error:
            with suppress(OSError):
                fresh.unlink()
            raise Unavailable("The file cannot be stored just now. Please try again.") from error

    def drop(self, file_id: str) -> None:
        self.path(file_id).unlink(missing_ok=True)

    def read(self, file_id: str) -> bytes | None:
        """None when it is gone."""
        try:
            return self.path(file_id).read_bytes()
        except FileNotFoundError:
            return None
