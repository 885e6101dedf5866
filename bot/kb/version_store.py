"""What was learned, version by version, in SQL; and the two numbers people set or the learner notes beside it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from bot.errors import NotFound
from bot.storage.database import UtcDateTime, metadata

KEPT = 20
"""Versions of a language that stay, the current one among them."""

versions = Table(
    "kb_versions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("lang", String(8), nullable=False),
    Column("encoder", String(200), nullable=False),
    Column("calibration", Text, nullable=False),
    Column("labels", JSON, nullable=False),
    Column("figures", JSON, nullable=False),
    Column("learned_from", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(100), nullable=False),
    Column("current", Boolean, nullable=False),
    sqlite_autoincrement=True,
)
Index("ix_kb_versions_lang_current", versions.c.lang, versions.c.current)

settings = Table(
    "kb_settings",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("by", String(100), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class NewVersion:
    """`calibration`: as `Calibration.to_json` writes it; `labels`: ids of those whose texts are searched as phrasings
    of their article; `figures`: how it did on held-back labels; `learned_from`: count of labels."""

    lang: str
    encoder: str
    calibration: str
    labels: tuple[int, ...]
    figures: dict[str, Any]
    learned_from: int


@dataclass(frozen=True, slots=True)
class Version:
    """One thing learned. `by`: empty for the learner itself, else who rolled back to it last."""

    id: int
    made: NewVersion
    at: datetime
    by: str
    current: bool


class VersionStore:
    """Every method takes part in the caller's transaction."""

    def current(self, tx: Connection, lang: str) -> Version | None:
        """What is in use; None when nothing has been learned yet, or somebody went back to the shipped numbers."""
        row = tx.execute(select(versions).where(versions.c.lang == lang, versions.c.current)).mappings().first()
        return None if row is None else _version(row)

    def all(self, tx: Connection, lang: str) -> list[Version]:
        """Newest first."""
        found = select(versions).where(versions.c.lang == lang).order_by(versions.c.id.desc())
        return [_version(row) for row in tx.execute(found).mappings()]

    def get(self, tx: Connection, version_id: int) -> Version:
        """Raises NotFound `version_unknown`."""
        row = tx.execute(select(versions).where(versions.c.id == version_id)).mappings().first()
        if row is None:
            raise NotFound("There is no such version.", "version_unknown")
        return _version(row)

    def add(self, tx: Connection, made: NewVersion, at: datetime) -> Version:
        """Stores a version and makes it the current one of its language; very old ones go."""
        self._put_aside(tx, made.lang)
        values = {
            "lang": made.lang,
            "encoder": made.encoder,
            "calibration": made.calibration,
            "labels": list(made.labels),
            "figures": made.figures,
            "learned_from": made.learned_from,
            "at": at,
            "by": "",
            "current": True,
        }
        number = tx.execute(insert(versions).values(values).returning(versions.c.id)).scalar_one()
        old = [version.id for version in self.all(tx, made.lang)[KEPT:]]
        tx.execute(delete(versions).where(versions.c.id.in_(old)))
        return self.get(tx, number)

    def choose(self, tx: Connection, version_id: int, by: str) -> Version:
        """Goes back, or forward again, to a version. Raises NotFound `version_unknown`."""
        version = self.get(tx, version_id)
        self._put_aside(tx, version.made.lang)
        tx.execute(update(versions).where(versions.c.id == version_id).values(current=True, by=by))
        return self.get(tx, version_id)

    def choose_shipped(self, tx: Connection, lang: str) -> None:
        """Goes back to what the product came with."""
        self._put_aside(tx, lang)

    def setting(self, tx: Connection, name: str) -> Any:
        """None when it was never set."""
        return tx.execute(select(settings.c.value).where(settings.c.name == name)).scalar_one_or_none()

    def set(self, tx: Connection, name: str, value: Any, by: str, at: datetime) -> None:
        values = {"value": value, "by": by, "at": at}
        if tx.execute(update(settings).where(settings.c.name == name).values(values)).rowcount == 0:
            tx.execute(insert(settings).values(name=name, **values))

    def _put_aside(self, tx: Connection, lang: str) -> None:
        tx.execute(update(versions).where(versions.c.lang == lang).values(current=False))


def _version(row: RowMapping) -> Version:
    made = NewVersion(
        lang=row["lang"],
        encoder=row["encoder"],
        calibration=row["calibration"],
        labels=tuple(row["labels"]),
        figures=row["figures"],
        learned_from=row["learned_from"],
    )
    return Version(row["id"], made, row["at"], row["by"], row["current"])
