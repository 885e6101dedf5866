"""What somebody types into the search field, made into terms to look for; and the words found, marked; pure."""

import re
from dataclasses import dataclass

from bot.kb.lexical import stem, tidy

LONGEST = 200
MOST_TERMS = 12
SNIPPET = 160
MARK = "\ua66e"
"""Begins words of our own in the index; a letter that the Slavonic scribes used once, and nobody since."""

_PART = re.compile(r'tag:"([^"]*)"|tag:(\S+)|#(\d{1,9})(?!\S)|"([^"]+)"|(\S+)')
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Query:
    """Everything that a conversation must have. `terms`: FTS5 expressions made of words in quotes, so that nothing a
    person types can be an operator; `stems` and `prefix`: what to mark in the words found."""

    terms: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    stems: frozenset[str] = frozenset()
    prefix: str = ""

    def __bool__(self) -> bool:
        return bool(self.terms or self.tags or self.numbers)

    def finds(self, word: str) -> bool:
        """Whether a word of a text is one of those looked for."""
        tidied = tidy(word)
        begins = bool(self.prefix) and tidied.startswith(self.prefix)
        return begins or tidied in self.stems or stem(tidied) in self.stems


def words(text: str) -> str:
    """The words of a text as they are indexed; MARK is ours."""
    return tidy(text.replace(MARK, " "))


def stemmed(text: str) -> str:
    """The stems of a text as they are indexed: Russian and English words meet in any form."""
    return " ".join(stem(word) for word in words(text).split())


def parse(typed: str) -> Query:
    """Words in any form, "exact phrases", tag:word and #number; of the last word the beginning is enough."""
    terms: list[str] = []
    tags: list[str] = []
    numbers: list[int] = []
    roots: set[str] = set()
    last = ""
    for quoted_tag, tag, number, phrase, word in _PART.findall(typed[:LONGEST]):
        last = ""
        if quoted_tag or tag:
            tags.append((quoted_tag or tag).strip())
        elif number:
            numbers.append(int(number))
        elif said := words(phrase or word):
            last = "" if phrase else said
            terms.append(_term(said))
            roots.update(stemmed(said).split())
    if last:
        terms[-1] = _term(last, "*")
    chosen = tuple(dict.fromkeys(terms[-MOST_TERMS:]))
    return Query(chosen, tuple(tags[:MOST_TERMS]), tuple(numbers[:MOST_TERMS]), frozenset(roots), last.split(" ")[-1])


def _term(said: str, beginning: str = "") -> str:
    """The words by their stems or as they stand, for a surname's stem differs from form to form. Only the word itself
    may be a beginning: that of its stem fits too much ("рой" would find "роутер")."""
    return f'"{stemmed(said)}" OR "{said}"{beginning}'


def snippet(text: str, query: Query) -> str:
    """The part of a text around its first match, every match between « and »; the beginning when there is none."""
    line = " ".join(text.replace("«", "“").replace("»", "”").split())
    matches = [match.span() for match in _WORD.finditer(line) if query.finds(match.group())]
    start = max(0, matches[0][0] - SNIPPET // 3) if matches else 0
    if start:
        start = line.find(" ", start, matches[0][0]) + 1 or start
    end = min(len(line), start + SNIPPET)
    shown, at = ["…"] if start else [], start
    for first, last in matches:
        if start <= first and last <= end:
            shown += [line[at:first], "«", line[first:last], "»"]
            at = last
    shown += [line[at:end], "…" if end < len(line) else ""]
    return "".join(shown)
