"""The learner's own notes in the database: how the last cycle ended, what it knew, and whose turn it is."""

from dataclasses import asdict, astuple, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.errors import Conflict
from bot.kb.label_store import Extent
from bot.kb.telling import Figures, Result, Why
from bot.kb.version_store import VersionStore

STALE = timedelta(minutes=20)
"""A cycle that another process began so long ago has died with it."""

_TURN = "learning"


@dataclass(frozen=True, slots=True)
class Entry:
    """The last cycle of a language: its end, the labels it knew and the encoder it ran with."""

    result: Result
    extent: Extent
    encoder: str


class Journal:
    """Every method takes part in the caller's transaction."""

    def __init__(self) -> None:
        self._versions = VersionStore()

    def last(self, tx: Connection, lang: str) -> Entry | None:
        row = self._versions.setting(tx, _name(lang))
        if row is None:
            return None
        count, active, newest, changed_at = row["extent"]
        known = Extent(count, active, newest, None if changed_at is None else datetime.fromisoformat(changed_at))
        return Entry(_result(row["result"]), known, row["encoder"])

    def note(self, tx: Connection, lang: str, entry: Entry) -> None:
        extent, result = entry.extent, entry.result
        known = [*astuple(extent)[:-1], None if extent.changed_at is None else extent.changed_at.isoformat()]
        row = {"result": asdict(result) | {"at": result.at.isoformat()}, "extent": known, "encoder": entry.encoder}
        self._versions.set(tx, _name(lang), row, result.by, result.at)

    def answers(self, tx: Connection, lang: str) -> int:
        """How many questions were answered from an article so far."""
        return int(self._versions.setting(tx, f"answers.{lang}") or 0)

    def count_answers(self, tx: Connection, lang: str, more: int, at: datetime) -> None:
        self._versions.set(tx, f"answers.{lang}", self.answers(tx, lang) + more, "", at)

    def take_turn(self, tx: Connection, at: datetime) -> None:
        """Raises Conflict `learning_busy` while another process is in the middle of a cycle."""
        since = self._versions.setting(tx, _TURN)
        if since is not None and datetime.fromisoformat(since) > at - STALE:
            raise Conflict("The bot is learning already; the result will be there in a minute.", "learning_busy")
        self._versions.set(tx, _TURN, at.isoformat(), "", at)

    def end_turn(self, tx: Connection, at: datetime) -> None:
        self._versions.set(tx, _TURN, None, "", at)


def _name(lang: str) -> str:
    return f"learned.{lang}"


def _result(row: dict[str, Any]) -> Result:
    made = {"before": Figures(**row["before"]), "after": Figures(**row["after"])}
    return Result(**row | {"why": Why(row["why"]), "at": datetime.fromisoformat(row["at"])} | made)
