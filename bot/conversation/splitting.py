"""Two questions in one message: where it may be cut, and whether what the parts find is worth cutting it; pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.kb.model import Evidence, Verdict

MOST = 3
"""Questions answered at once; more than that is a letter, and its first questions come first."""
SHORTEST = 2
"""Words of a part at least."""

STRANGE = 0.15
"""Confidence below which nothing was found for a part: weather, sums and football had 0.03 to 0.11, parts that go on
about the question before them 0.2 and more."""

_ASKING = (
    r"(?:(?:на|за|до|с|со|в|во|к|по|для|о|от|из)\s+)?(?:что|чем|чего|как|каки\w+|какой|какая|какое|какую|каком|где|куда|"
    r"откуда|когда|сколько|скольких|почему|зачем|можно|можете|есть\s+ли|надо\s+ли|нужно\s+ли|нужен\s+ли|\w+\s+ли)\b"
    r"|(?:(?:for|on|to|at|in|by|from)\s+)?(?:what|what's|which|where|where's|when|how|why|who|can|could|is|are|do|does|did"
    r"|will|would|should)\b"
)
_QUESTION = re.compile(rf"\s*(?:{_ASKING})", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:(?:а|и|ну|но|ещё|еще|также|заодно|подскажите|скажите|пожалуйста|вопрос|хо(?:чу|тел\w*)(?:\s+бы)?\s+(?:узнать|спросить)"
    r"|and|but|so|ok|okay|also|plus|please|tell\s+me|(?:i\s+)?want(?:ed)?\s+to\s+(?:know|ask)|i'd\s+like\s+to\s+(?:know|ask))"
    r"[,:\s]+)+",
    re.IGNORECASE,
)
"""Words before a question that ask nothing themselves."""
_SENTENCES = re.compile(r"(?<=[?!.…])\s+|;\s+")
_MORE = re.compile(
    r"[,.]?\s+(?:(?:и|а)\s+)?(?:ещё|еще|также|заодно)(?:\s+вопрос)?[,:\s]+"
    r"|[,.]?\s+(?:and\s+|but\s+)?(?:also|plus|additionally)\b[,:\s]+|[,.]?\s+and\s+(?:one\s+more|another)\s+\w+[,:\s]+",
    re.IGNORECASE,
)
_AND = re.compile(rf",?\s+(?:и|а|and)\s+(?={_ASKING})", re.IGNORECASE)


def questions(text: str) -> tuple[str, ...]:
    """The questions a message may be made of, at least two or none. What is no question (a greeting, what has happened)
    stays with the question that follows it. The cuts are only possible ones: `several` decides."""
    parts: list[str] = []
    before = ""
    # Runs of blanks are what the patterns would go through again and again.
    lines = [" ".join(line.split()) for line in text.splitlines()]
    for piece in (cut for line in lines for sentence in _SENTENCES.split(line) for cut in _cuts(sentence)):
        asked = _LEAD.sub("", f"{piece.strip()} ").strip()
        if is_question(asked):
            parts.append(f"{before} {asked}".strip())
            before = ""
        elif asked:
            before = f"{before} {piece.strip()}".strip()
    if before and parts:
        parts[-1] = f"{parts[-1]} {before}"
    return tuple(parts[:MOST]) if len(parts) > 1 else ()


def is_question(text: str) -> bool:
    """Whether a part of a message asks something by itself."""
    asked = _LEAD.sub("", text.strip())
    words = re.findall(r"\w+", asked)
    return len(words) >= SHORTEST and (asked.endswith("?") or _QUESTION.match(asked) is not None)


def several(whole: Evidence, parts: Sequence[Evidence]) -> Evidence:
    """What to answer to a message of several questions: every part when all are sure, of different articles; else the
    sure ones, while the best of the others is asked back about, or nothing was found for them (`partly`); else the
    `whole`, which also wins when it surely is about something that no part is surely about."""
    found: dict[str, Evidence] = {}
    for part in filter(_is_sure, parts):
        found.setdefault(part.hits[0].article, part)
    if not found or (_is_sure(whole) and whole.hits[0].article not in found):
        return whole
    doubtful = [part for part in parts if part.verdict is Verdict.UNSURE and part.hits]
    first, *others = found.values()
    others = others or [part for part in doubtful if part.hits[0].article not in found][:1]
    if others:
        return replace(first, also=tuple(others))
    return replace(first, partly=True) if any(map(_is_strange, parts)) else whole


def _cuts(sentence: str) -> list[str]:
    """Cut where it goes on («и ещё»), and at «и» between two clauses that both ask."""
    pieces: list[str] = []
    for piece in _MORE.split(sentence):
        start = 0
        for joint in _AND.finditer(piece):
            if is_question(piece[start : joint.start()]):
                pieces.append(piece[start : joint.start()])
                start = joint.end()
        pieces.append(piece[start:])
    return [piece for piece in pieces if piece.strip()]


def _is_strange(evidence: Evidence) -> bool:
    return evidence.verdict is Verdict.NONE and evidence.confidence < STRANGE


def _is_sure(evidence: Evidence) -> bool:
    return evidence.verdict is Verdict.SURE and bool(evidence.hits)
