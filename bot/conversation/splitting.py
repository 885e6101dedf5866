"""Two questions in one message: where it may be cut, and whether what the parts find is worth cutting it; pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.kb.model import Evidence, Verdict

MOST = 3
"""Questions answered at once; more than that is a letter, and its first questions come first."""
SHORTEST = 2
"""Words of a part at least."""

_ASKING = (
    r"(?:(?:на|за|до|с|со|в|во|к|по|для|о|от|из)\s+)?(?:что|чем|чего|как|каки\w+|какой|какая|какое|какую|каком|где|куда|"
    r"откуда|когда|сколько|скольких|почему|зачем|можно|можете|есть\s+ли|надо\s+ли|нужно\s+ли|нужен\s+ли|\w+\s+ли)\b"
    r"|(?:(?:for|on|to|at|in|by|from)\s+)?(?:what|what's|which|where|where's|when|how|why|who|can|could|is|are|do|does|did"
    r"|will|would|should)\b"
)
_QUESTION = re.compile(rf"\s*(?:(?:а|и|ну|но|so|and|but|ok|okay)\s+)?(?:{_ASKING})", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<=[?!.…])\s+|\s*\n\s*|;\s+")
_MORE = re.compile(
    r"[,.]?\s+(?:(?:и|а)\s+)?(?:ещё|еще|также|заодно)(?:\s+(?:вопрос|хотел\w*|хочу|подскажите|скажите))*[,:\s]+"
    r"|[,.]?\s+(?:and\s+|but\s+)?(?:also|plus|additionally)\b[,:\s]+|[,.]?\s+and\s+(?:one\s+more|another)\s+\w+[,:\s]+",
    re.IGNORECASE,
)
_AND = re.compile(rf",?\s+(?:и|а|and)\s+(?={_ASKING})", re.IGNORECASE)
_BEGINS_WITH_MORE = re.compile(
    r"^(?:(?:и|а|and|but)\s+)?(?:ещё|еще|также|заодно|also|plus)\b(?:\s+(?:вопрос|хотел\w*))*[,:\s]+", re.IGNORECASE
)


def questions(text: str) -> tuple[str, ...]:
    """The questions a message may be made of, at least two or none. What is no question (a greeting, what has happened)
    stays with the question that follows it. The cuts are only possible ones: `several` decides."""
    parts: list[str] = []
    before = ""
    for piece in (cut for sentence in _SENTENCES.split(text) for cut in _cuts(sentence)):
        if is_question(piece):
            parts.append(f"{before} {_BEGINS_WITH_MORE.sub('', piece)}".strip())
            before = ""
        else:
            before = f"{before} {piece}".strip()
    if before and parts:
        parts[-1] = f"{parts[-1]} {before}"
    return tuple(parts[:MOST]) if len(parts) > 1 else ()


def is_question(text: str) -> bool:
    """Whether a part of a message asks something by itself."""
    words = re.findall(r"\w+", text)
    return len(words) >= SHORTEST and (text.rstrip().endswith("?") or _QUESTION.match(text) is not None)


def several(whole: Evidence, parts: Sequence[Evidence]) -> Evidence:
    """What to answer to a message of several questions: every part when all are sure, of different articles; else the
    sure ones, while the best of the others is asked back about; else the `whole`, which also wins when it surely is
    about something that no part found."""
    sure = [part for part in parts if _is_sure(part)]
    found = list({part.hits[0].article: part for part in reversed(sure)}.values())[::-1]
    if _is_sure(whole) and whole.hits[0].article not in {part.hits[0].article for part in found}:
        return whole
    open_ones = [part for part in parts if part.verdict is Verdict.UNSURE and part.hits]
    if len(found) > 1:
        return replace(found[0], also=tuple(found[1:]))
    if found and open_ones and not _is_sure(whole):
        return replace(found[0], also=(open_ones[0],))
    return whole


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


def _is_sure(evidence: Evidence) -> bool:
    return evidence.verdict is Verdict.SURE and bool(evidence.hits)
