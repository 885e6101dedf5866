"""What the app's search found for this turn, as the skills read it from the message's metadata; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SURE, UNSURE, NONE = "sure", "unsure", "none"


@dataclass(frozen=True)
class Hit:
    """One article found; `short_answer` is Markdown and said as it is."""

    article: str
    short_answer: str


@dataclass(frozen=True)
class Evidence:
    """`confidence`: probability in 0..1 that hits[0] answers; `confirmed`: the customer pressed its button;
    `incident`: it is about a trouble that is known and being mended; `again`: hits[0] has been said already, with
    `longer` more of it can be; `repeated`: the same was asked again, so that it was of no help; `also`: what was found
    for further questions of the same message; `follows`: it was searched together with what was asked before; `partly`:
    hits[0] answers one question of the message, and nothing was found for another."""

    verdict: str = NONE
    confidence: float = 0.0
    confirmed: bool = False
    incident: bool = False
    hits: tuple[Hit, ...] = ()
    again: bool = False
    longer: str = ""
    repeated: bool = False
    also: tuple[Evidence, ...] = ()
    follows: bool = False
    partly: bool = False

    @property
    def sure(self) -> bool:
        return bool(self.hits) and (self.confirmed or self.verdict == SURE)

    @property
    def unsure(self) -> bool:
        return bool(self.hits) and not self.sure and self.verdict == UNSURE


def read_evidence(metadata: dict[str, Any] | None) -> Evidence:
    """The evidence of a message; without any, or with a hit that has no answer, there is nothing to answer from."""
    return _read((metadata or {}).get("evidence") or {})


def _read(found: dict[str, Any]) -> Evidence:
    again = found.get("again") or {}
    hits = [Hit(str(hit.get("article", "")), str(hit.get("short_answer", ""))) for hit in found.get("hits") or []]
    return Evidence(
        verdict=str(found.get("verdict", NONE)),
        confidence=float(found.get("confidence") or 0.0),
        confirmed=bool(found.get("confirmed")),
        incident=bool(found.get("incident")),
        hits=tuple(hit for hit in hits if hit.article and hit.short_answer),
        again=bool(again),
        longer=str(again.get("longer") or ""),
        repeated=bool(again.get("miss")),
        also=tuple(_read(one) for one in found.get("also") or []),
        follows=bool(found.get("follows")),
        partly=bool(found.get("partly")),
    )
