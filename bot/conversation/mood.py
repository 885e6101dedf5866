"""How a customer feels, read from what they write and wrote before: calm, annoyed or angry; pure."""

import re
from collections.abc import Sequence

from handoff.model import Mood

_ORDER = (Mood.CALM, Mood.ANNOYED, Mood.ANGRY)
# Whole words throughout: a surname (Козлов), a street (Невозмутимых) or a scrap of another word is no abuse.
_SWEAR = re.compile(
    r"\b(?:бля(?:[дт]\w*)?|сук[аи]|хуй\w*|ху[её]\w*|пизд\w*|еб[аоуи]\w*|ёб\w*|заеб\w*|долбо[её]б\w*|мудак\w*|мудил\w*"
    r"|дебил(?:ы|ам|ами|изм|ьн\w*)?|идиот(?:а|ы|ам|ами|ка|ки|изм|ск\w*)?|придур(?:ок|к\w*)|урод(?:ы|ам|ами|ка|ки)?"
    r"|твар[ьи]|сволоч\w*|коз[её]л|козлы|козлина|дерьм\w*|говн\w*|гады|туп(?:ой|ая|ые)\s+бот\w*|заткни\w*"
    r"|fuck\w*|shit(?:ty|s)?|bullshit|assholes?|bastards?|idiots?|morons?|stupid\s+bot|wtf)\b",
    re.IGNORECASE,
)
_WHO_ANNOYS = r"(?:бот|робот|поддержк|сервис|компани|контор|провайдер|интернет)\w*"
# «Достал» is a word of annoyance only with somebody who is annoyed or annoys: a router is taken out of its box, too.
_GOT_TO_ME = (
    r"(?:вы|ты|меня|нас|всех)\s+(?:(?:уже|все|всё|просто|реально|так)\s+)?достал[иао]?|достал[иао]?\s+(?:меня|нас|всех)"
    rf"|{_WHO_ANNOYS}\s+(?:уже\s+)?достал[иао]?|достал[иао]?\s+(?:уже\s+)?(?:(?:ваш|эт)\w*\s+)?{_WHO_ANNOYS}"
    r"|(?:достали|достало)(?:\s+уже)?(?=\s*(?:[!.,?]|$))"
)
_FED_UP = re.compile(
    r"\b(?:сколько\s+(?:можно|ещ[её])|надоел[аио]?|задолбал\w*|безобрази\w*|возмутит\w*|возмущ\w*|ужас(?:ный|ная|но)?"
    r"|издева\w*|позор\w*|кошмар\w*|невозможно\s+(?:работать|пользоваться)|третий\s+раз|пят(?:ый|ого)\s+раз"
    r"|опять\s+(?:не|нет|то|тот|та|те)|жалоб[ау]|жаловаться|в\s+суд|роспотребнадзор\w*|расторг\w*|мошенни\w*|жулик\w*"
    rf"|на\s?хрен\w*|тупой|бесполезн\w*|{_GOT_TO_ME}"
    r"|fed\s+up|sick\s+of|ridiculous|stupid|useless|damn|crap|scam(?:s|med|mers?)?|unacceptable|terrible|awful|worst"
    r"|complain\w*|how\s+many\s+times|third\s+time|still\s+(?:not|no|doesn['’]?t|does\s+not))(?!\w)",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(?:оператор\w*|человек\w*|специалист\w*|жив(?:ого|ой)|менеджер\w*|operators?|humans?|person|agents?"
    r"|representatives?)\b",
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
    return len(_stems(text)) >= 2 and any(alike(text, line) for line in earlier[-6:])


def alike(one: str, other: str) -> bool:
    """Whether two questions are the same one, in the same or nearly the same words."""
    said, asked = _stems(one), _stems(other)
    return bool(said and asked) and len(said & asked) / len(said | asked) >= SAME


def _stems(text: str) -> set[str]:
    """Words without their endings, good enough to tell a repeated question; four letters carry the meaning."""
    return {word.lower()[:5] for word in _WORD.findall(text) if len(word) > 2}
