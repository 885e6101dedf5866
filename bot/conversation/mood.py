"""How a customer feels, read from what they write and wrote before: calm, annoyed or angry; pure."""

import re
from collections.abc import Sequence

from handoff.model import Mood

_ORDER = (Mood.CALM, Mood.ANNOYED, Mood.ANGRY)
_SWEAR = re.compile(
    r"\b(?:бля\w*|сук[аи]|хуй\w*|ху[её]\w*|пизд\w*|еб[аоуи]\w*|ёб\w*|заеб\w*|долбо[её]б\w*|мудак\w*|мудил\w*|дебил\w*"
    r"|идиот\w*|придур\w*|урод\w*|твар[ьи]|сволоч\w*|козл\w*|дерьм\w*|говн\w*|гады|туп(?:ой|ая|ые)\s+бот\w*|заткни\w*"
    r"|fuck\w*|shit\w*|bullshit|asshole\w*|bastard\w*|idiots?|morons?|stupid\s+bot|wtf)\b",
    re.IGNORECASE,
)
_FED_UP = re.compile(
    r"(?:сколько\s+(?:можно|ещ[её])|надоел\w*|достал[иао]?\b|задолбал\w*|безобрази\w*|возмут\w*|возмущ\w*|ужас(?:ный|ная|но)?\b"
    r"|издева\w*|позор\w*|кошмар\w*|невозможно\s+(?:работать|пользоваться)|третий\s+раз|пят\w+\s+раз|опять\s+(?:не|то)"
    r"|жалоб[ау]\b|жаловаться|в\s+суд\b|роспотребнадзор\w*|расторг\w*|мошенни\w*|жулик\w*|на\s?хрен|тупой|бесполезн\w*"
    r"|fed\s+up|sick\s+of|ridiculous|stupid|useless|damn|crap|scam\w*|unacceptable|terrible|awful|worst|complain\w*|how\s+many\s+times|third\s+time"
    r"|still\s+(?:not|doesn|does\s+not|no))",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"(?:оператор\w*|человек\w*|специалист\w*|жив(?:ого|ой)|менеджер\w*|operator|human|person|agent|representative)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
SAME = 0.6
"""Two questions that share so much of their words, cut to their stems, are one question."""


def mood_of(text: str, earlier: Sequence[str] = (), *, rated_badly: bool = False) -> Mood:
    """What this line says about the mood, knowing the customer's `earlier` lines of the episode (oldest first).

    Two signs of annoyance make anger; so do abuse and a shout for a person.
    """
    if _SWEAR.search(text) or _shouts_for_person(text):
        return Mood.ANGRY
    signs = [_shouts(text), text.count("!") >= 3, bool(_FED_UP.search(text)), _repeats(text, earlier), rated_badly]
    return _ORDER[min(sum(signs), 2)]


def worse(one: Mood, other: Mood) -> Mood:
    """The stronger of two moods: a customer in a queue does not calm down by one polite word."""
    return max(one, other, key=_ORDER.index)


def _shouts_for_person(text: str) -> bool:
    """«Оператора!!!»: nothing but the call, louder than a polite one."""
    words = _WORD.findall(text)
    loud = text.count("!") >= 2 or (len(text) > 5 and _shouts(text))
    return len(words) <= 4 and bool(_PERSON.search(text)) and loud


def _shouts(text: str) -> bool:
    """Capitals: most of at least ten letters; an abbreviation in a sentence is not a shout."""
    letters = [letter for letter in text if letter.isalpha()]
    least = 8 if len(_WORD.findall(text)) <= 2 else 10
    return len(letters) >= least and sum(letter.isupper() for letter in letters) / len(letters) > 0.7


def _repeats(text: str, earlier: Sequence[str]) -> bool:
    """The same question again, in the same or nearly the same words, within the last six lines."""
    asked = _stems(text)
    if len(asked) < 2:
        return False
    return any(_alike(asked, _stems(line)) for line in earlier[-6:])


def _alike(one: set[str], other: set[str]) -> bool:
    return bool(other) and len(one & other) / len(one | other) >= SAME


def _stems(text: str) -> set[str]:
    """Words without their endings, good enough to tell a repeated question; four letters carry the meaning."""
    return {word.lower()[:5] for word in _WORD.findall(text) if len(word) > 2}
