"""Reads account numbers and addresses out of customers' own words, in Russian and English; pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

_RUN = re.compile(r"(?<!\d)\d(?:[ \t.\-–]?\d)*(?!\d)")
_ENDING = re.compile(r"(?:ая|яя|ую|юю|ой|ей|ого|его|ому|ему|ый|ий|ые|ие)$")
_ENTRANCE = re.compile(r"\b(?:подъезд|под|этаж|эт|entrance|floor)\b\W*\d+|\b\d{6}\b")
_FLAT = re.compile(r"(?:\b(?:квартира|кварт|кв|apartment|apt|flat|unit)\b|#)\W*(\d{1,4})\b")
_BLOCK = re.compile(r"\b(?:корпус|корп|к|строение|стр|building|bldg|block)\b\W*(\d{1,3})\b")
_JOINED_BLOCK = re.compile(r"(\d)\s?к(?:орп\w*)?\.?\s?(\d)")
_NUMBER = r"(\d{1,4}(?:\s?[абвгabc](?!\w))?(?:/\d{1,3})?)\b"
_MARKED = re.compile(r"\b(?:дом|д|house|no)\b\W*" + _NUMBER)
_BARE = re.compile(r"(?<!\d)" + _NUMBER + r"(?:\s*-\s*(\d{1,4})\b)?")
_WORD = re.compile(r"[^\W\d_]+")
_FILLER = frozenset(
    re.findall(
        r"\w+",
        """ул улица улице пр проспект проспекте пер переулок бульвар наб пл площадь г город мой моя дом д адрес я
    живу на по в у нас и это номер тут здесь корпус корп к
    st street ave avenue road rd lane my address is i live at in on the house number no it its s building""",
    )
)


@dataclass(frozen=True)
class Account:
    """An account number, or `problem`: missing, length, start or phone."""

    number: str = ""
    problem: str = ""


@dataclass(frozen=True)
class House:
    """What follows the street: house (`12`, `12а`, `12/1`, `12к2`) and flat, empty when not said. `plain`: nothing else
    was said, or the number was called a house."""

    number: str = ""
    flat: str = ""
    plain: bool = False


@dataclass(frozen=True)
class StreetFound:
    """The street as it is spelt in the list, and the text without the words that named it."""

    name: str
    rest: str


def read_account(text: str) -> Account:
    """Eight digits that start with 7, grouped in any way: «л/с 7123 4567», `7123-45-67`."""
    runs = [re.sub(r"\D", "", run) for run in _RUN.findall(text)] + re.findall(r"(?<!\d)\d{8}(?!\d)", text)
    eight = [run for run in runs if len(run) == 8]
    number = next((run for run in eight if run.startswith("7")), "")
    if number:
        return Account(number)
    if eight:
        return Account(problem="start")
    if any(len(run) in (10, 11) for run in runs):
        return Account(problem="phone")
    return Account(problem="length" if runs else "missing")


def find_street(text: str, names: Mapping[str, tuple[str, ...]]) -> StreetFound | None:
    """The street of `names` (name as spelt in the list → its names in all languages) that `text` mentions, in any case
    and with a typo or two in longer words."""
    words = list(re.finditer(r"\w+", text))
    for name, spellings in names.items():
        for spelling in spellings:
            wanted = [word for word in _words(spelling) if word not in _FILLER]
            for at in range(len(words) - len(wanted) + 1):
                said = words[at : at + len(wanted)]
                if all(_same(_normal(match.group()), word) for match, word in zip(said, wanted, strict=True)):
                    return StreetFound(name, text[: said[0].start()] + " " + text[said[-1].end() :])
    return None


def read_house(text: str) -> House:
    """House and flat in the rest of an address: «д. 12, кв. 5», `12-5`, `12к2`, `12 … apt 5`."""
    rest = _JOINED_BLOCK.sub(r"\1 корпус \2", _ENTRANCE.sub(" ", _normal(text)))
    flat, rest = _take(_FLAT, rest)
    block, rest = _take(_BLOCK, rest)
    marked, rest = _take(_MARKED, rest)
    bare = None if marked else _BARE.search(rest)
    if bare:
        rest = rest[: bare.start()] + " " + rest[bare.end() :]
        flat = flat or bare.group(2) or ""
    number = (marked or (bare.group(1) if bare else "")).replace(" ", "")
    others = [word for word in _WORD.findall(rest) if word not in _FILLER]
    return House(f"{number}к{block}" if number and block else number, flat, bool(marked) or not others)


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    found = pattern.search(text)
    if found is None:
        return "", text
    return found.group(1), text[: found.start()] + " " + text[found.end() :]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", _normal(text))


def _normal(text: str) -> str:
    return text.lower().replace("ё", "е")


@lru_cache(4096)
def _same(said: str, wanted: str) -> bool:
    """Equal, or the same word in another case («на Лесной»), or close to it when both are long enough for a typo."""
    if said == wanted:
        return True
    if said.isdigit() or wanted.isdigit():
        return False
    one, other = _ENDING.sub("", said), _ENDING.sub("", wanted)
    if one == other:
        return len(one) >= 3 and said != one
    return min(len(one), len(other)) >= 5 and SequenceMatcher(None, one, other).ratio() >= 0.84
