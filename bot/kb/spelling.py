"""Readings of a customer's question: the other keyboard layout, Russian in Latin letters, typos; for index and turn.

No list of phrases decides. Every word is as likely as the counted words of its language and, when it is unknown, their
letters make it; another reading must be likelier by far than what was typed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from bot.kb.alphabet import LATIN_SPELLING, cyrillic, other_layout
from bot.kb.lexical import script, stem, tidy
from bot.kb.lexicon import LETTERS, UNKNOWN, Lexicon, language, shipped

ENTER, ENTER_LATE = 7.0, 12.0
"""Log-odds that a run of words must gain by another reading, from the first word on and in the midst of a text."""

_LETTER = 3.0
"""What one letter of a word can gain at most, so that no single short word turns a text."""

_MIXTURE = -12.0
"""Log-probability of Latin letters with digits that could be Russian letters (na4alo); other mixtures are names."""

_KEY, _STUCK = 3.0, 3.0
"""What it is worth that a mark at the end is a letter's key, and what a word without another reading costs a run."""

_SLIP, _WORTH = 5.0, 3.0
"""What a typo costs, and what a correction must gain beyond that."""

_LIKELY = 2.0
"""How much likelier two swapped letters, or a doubled one, are than another slip."""

_SPELT, _GUESSED = 1.0, 4.0
"""What Russian in Latin letters costs a word that sounds like a known one, and one that does not."""

_WORDS_KEPT = 16_384
"""Words whose readings are remembered: some 4 MB when it is full."""

_OPENING = '("«'
_EDGES = ".,!?;:)(\"'«»…"
_FIXED = re.compile(r"[@_\\]|://|\d\w*[.:]\d|\w\.\w+\.\w")
"""Addresses, names of files and versions are typed as they are meant."""

_DOUBLED = re.compile(r"(.)\1+")


class Kind(StrEnum):
    """How a reading was reached."""

    TYPED = "typed"
    LAYOUT = "layout"
    TRANSLIT = "translit"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what it is read as. `words`: how many; `script`: `ru`, `en` or None for the reading's letters."""

    text: str
    reading: str
    kind: Kind
    words: int
    script: str | None


class Reader:
    """Reads questions with the shipped words and those of a knowledge base. `own`: its words by language, one mapping
    for each part of it. Safe to share between threads."""

    def __init__(self, own: Sequence[Mapping[str, Lexicon]] = ()) -> None:
        self._lexicons = {lang: (shipped(lang)[0], *(part[lang] for part in own)) for lang in LETTERS}
        self._letters = {lang: shipped(lang)[1] for lang in LETTERS}
        self.read = lru_cache(maxsize=1_024)(self._read)
        # Questions seldom repeat, their words nearly always do.
        self._scores = lru_cache(maxsize=_WORDS_KEPT)(self._scored)
        self._mended = lru_cache(maxsize=_WORDS_KEPT)(self._mend)
        self._corrected = lru_cache(maxsize=_WORDS_KEPT)(self._correct)
        self._word = lru_cache(maxsize=_WORDS_KEPT)(self._likelihood)

    def _read(self, text: str) -> Asked:
        """The likeliest reading of a question."""
        chunks = text.split()
        kinds = _best_path([self._scores(chunk) for chunk in chunks])
        read = [self._as(chunk, kind) for chunk, kind in zip(chunks, kinds, strict=True)]
        written = script(" ".join(read))
        corrected = [self._corrected(chunk, written) for chunk in read]
        kind = next((kind for kind in (Kind.LAYOUT, Kind.TRANSLIT) if kind in kinds), Kind.TYPED)
        if kind is Kind.TYPED and corrected != chunks:
            kind = Kind.CORRECTED
        reading = text if kind is Kind.TYPED else " ".join(corrected)
        return Asked(text, reading, kind, len(tidy(text).split()), script(reading))

    def knows(self, word: str) -> bool:
        """Whether a tidied word, or another form of it, was counted."""
        lang = language(word)
        return lang is not None and any(word in lexicon for lexicon in self._lexicons[lang])

    def _scored(self, chunk: str) -> dict[Kind, float]:
        """Log-odds of every possible reading of a chunk without spaces against the typed one."""
        words, spelt = tidy(chunk).split(), _latin_spelling(chunk)
        if _FIXED.search(chunk) or not (spelt or any(map(language, words))) or len(set(tidy(chunk))) < 2:
            return {}
        typed = sum(self._meant(word) for word in words)
        scores = {}
        keyed = self._keyed(chunk)
        if keyed is not None:
            scores[Kind.LAYOUT] = self._chance(tidy(keyed).split()) - typed
        if spelt:
            scores[Kind.TRANSLIT] = self._spelt(spelt.casefold())[1] - typed
        most = _LETTER * (sum(map(len, words)) - 0.5)
        return {kind: min(score, most) for kind, score in scores.items()}

    def _as(self, chunk: str, kind: Kind) -> str:
        if kind is Kind.LAYOUT:
            return self._keyed(chunk) or chunk
        if kind is Kind.TRANSLIT and (spelt := _latin_spelling(chunk)):
            return chunk.replace(spelt, self._spelt(spelt.casefold())[0])
        return chunk

    def _keyed(self, chunk: str) -> str | None:
        """The chunk on the other keyboard, with the marks around it as keys or as marks, whichever gives likelier
        words; None when that gives no word of the other language."""
        head = chunk[: len(chunk) - len(chunk.lstrip(_OPENING))]
        tail = chunk[len(chunk.rstrip(_EDGES)) :]
        core = chunk[len(head) : len(chunk) - len(tail)]
        other = {"ru": "en", "en": "ru"}.get(script(chunk) or "")
        ways = {}
        for way in (other_layout(core) + tail, other_layout(core + tail)):
            bare = way.rstrip(_EDGES)
            if language(re.sub("[-']", "", bare.casefold().replace("ё", "е"))) == other:
                ways[head + way] = self._chance(tidy(bare).split()) + _KEY * _letters(way)
        return max(ways, key=lambda way: ways[way], default=None)

    def _spelt(self, word: str) -> tuple[str, float]:
        """The likeliest Russian word that Latin letters stand for, and how likely it is."""
        if "-" in word:
            parts = [self._spelt(part) for part in word.split("-") if part]
            return "-".join(part for part, _ in parts), sum(chance for _, chance in parts)
        lexicons = self._lexicons["ru"]
        ways = {found: self._chance([found]) - _SPELT for lexicon in lexicons for found in lexicon.sounding(word)}
        guess = cyrillic(word)
        if not ways and language(guess) == "ru":
            mended = self._mended(guess)
            ways[mended] = self._chance([mended]) - _GUESSED
        best = max(ways, key=lambda way: ways[way], default=word)
        return best, ways.get(best, -1e3)

    def _chance(self, words: Iterable[str]) -> float:
        return sum(self._word(word) for word in words)

    def _likelihood(self, word: str) -> float:
        lang = language(word)
        if lang is None:
            return _MIXTURE if LATIN_SPELLING.fullmatch(word) else 0.0
        known = [chance for lexicon in self._lexicons[lang] if (chance := lexicon.chance(word)) is not None]
        return max([UNKNOWN + self._letters[lang].chance(word), *known])

    def _meant(self, word: str) -> float:
        """As `_likelihood`, forgiving a typo."""
        mended = self._mended(word)
        return self._word(word) if mended == word else self._word(mended) - _slip(word, mended)

    def _correct(self, chunk: str, text_script: str | None) -> str:
        core = chunk.strip(_EDGES)
        # Capitals inside a word are a name; all capitals are only loud. Latin words in a Russian text are names too.
        if not core.isalpha() or not (core.islower() or core.isupper() or core.istitle()):
            return chunk
        if script(core) != text_script:
            return chunk
        return chunk.replace(core, mended) if (mended := self._mended(tidy(core))) != tidy(core) else chunk

    def _mend(self, word: str) -> str:
        """The word, or a known one beside it that is much likelier."""
        lang = language(word)
        if lang is None or len(word) < 4 or self.knows(word):
            return word
        near = {found for lexicon in self._lexicons[lang] for found in lexicon.near(word)}
        best = max(sorted(near), key=lambda found: self._word(found) - _slip(word, found), default=word)
        is_better = self._word(best) - _slip(word, best) > self._word(word) + _WORTH
        return best if is_better and stem(best) != stem(word) else word


@cache
def reader() -> Reader:
    """The reader that knows the shipped words only."""
    return Reader()


def _best_path(scores: Sequence[dict[Kind, float]]) -> list[Kind]:
    """The likeliest reading of every chunk; chunks without a choice go along with their neighbours."""
    if sum(max(0.0, *score.values()) for score in scores if score) < ENTER:
        # Nothing that could be gained is worth the first step away from what was typed.
        return [Kind.TYPED] * len(scores)
    kinds = (Kind.TYPED, Kind.LAYOUT, Kind.TRANSLIT)
    totals, back = dict.fromkeys(kinds, -ENTER) | {Kind.TYPED: 0.0}, []
    for score in scores:
        came = {new: _before(totals, new) for new in kinds}
        gains = {kind: score.get(kind, -_STUCK if score else 0.0) for kind in kinds} | {Kind.TYPED: 0.0}
        totals = {kind: totals[came[kind]] - _turn(came[kind], kind) + gains[kind] for kind in kinds}
        back.append(came)
    path = [max(kinds, key=lambda kind: totals[kind])]
    for came in reversed(back[1:]):
        path.append(came[path[-1]])
    return path[::-1] if scores else []


def _before(totals: Mapping[Kind, float], new: Kind) -> Kind:
    return max(totals, key=lambda old: totals[old] - _turn(old, new))


def _turn(old: Kind, new: Kind) -> float:
    return ENTER_LATE if new is not Kind.TYPED and new is not old else 0.0


def _latin_spelling(chunk: str) -> str:
    """The part of a chunk that can be a Russian word in Latin letters, or nothing."""
    core = chunk.strip(_EDGES.replace("'", ""))
    return core if all(map(LATIN_SPELLING.fullmatch, core.casefold().split("-"))) else ""


def _slip(typed: str, meant: str) -> float:
    is_likely = sorted(typed) == sorted(meant) or _DOUBLED.sub(r"\1", typed) == _DOUBLED.sub(r"\1", meant)
    return _SLIP - _LIKELY if is_likely else _SLIP


def _letters(text: str) -> int:
    return sum(letter.isalpha() or letter == "'" for letter in text)
