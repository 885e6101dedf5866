"""The two keyboards and the ways Russian is written in Latin letters; pure, for the readings of a question."""

import re
from collections.abc import Callable

from bot.kb.lexical import is_russian

_LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?"
_RUSSIAN_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбю.ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,"
_TO_RUSSIAN = str.maketrans(_LATIN_KEYS, _RUSSIAN_KEYS)
_TO_LATIN = str.maketrans(_RUSSIAN_KEYS, _LATIN_KEYS)

LATIN_OF = {
    **dict(zip("абвгдезийклмнопрстуфхыэ", "abvgdeziyklmnoprstufhye", strict=True)),
    **{"ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "yu", "я": "ya", "ё": "yo", "ъ": "", "ь": ""},
}
_SAME_SOUND = (
    ("shch|sch|shh", "S"),
    ("sh|w|6", "S"),
    ("ch|4", "C"),
    ("zh", "Z"),
    ("ts|tz|cz", "c"),
    ("kh|x", "h"),
    ("[yji]a", "a"),
    ("[yji]u", "u"),
    ("[yji][oe]", "e"),
    ("[yj]", "i"),
    ("ii", "i"),
    ("['`]", ""),
    ("q", "k"),
)
_SPELLED = (
    ("shch|sch|shh", "щ"),
    ("sh|w", "ш"),
    ("ch|4", "ч"),
    ("zh", "ж"),
    ("ts|tz|cz|c", "ц"),
    ("kh|x|h", "х"),
    ("[yj]a", "я"),
    ("[yj]u", "ю"),
    ("[yj]o", "ё"),
    ("(?<=[aeiouаеёиоуыэюя])[yj]", "й"),
    ("j", "ж"),
    ("y", "ы"),
    ("['`]", "ь"),
    ("q", "к"),
)
_ONE = str.maketrans("abvgdeziklmnoprstuf6", "абвгдезиклмнопрстуфш")

LATIN_SPELLING = re.compile(r"[a-z46'`]*[a-z][a-z46'`]*")
"""A word that can be Russian in Latin letters: besides letters, 4 for «ч», 6 for «ш», an apostrophe for «ь»."""


def _rewriter(pairs: tuple[tuple[str, str], ...]) -> Callable[[str], str]:
    compiled = [(re.compile(pattern), letter) for pattern, letter in pairs]

    def rewrite(word: str) -> str:
        for pattern, letter in compiled:
            word = pattern.sub(letter, word)
        return word

    return rewrite


_by_sound, _by_spelling = _rewriter(_SAME_SOUND), _rewriter(_SPELLED)


def other_layout(text: str) -> str:
    """What the same keys give on the other keyboard: «yt hf,jnftn» for «не работает», and the other way round."""
    return text.translate(_TO_LATIN if is_russian(text.casefold().replace("ё", "е")) else _TO_RUSSIAN)


def sounds(word: str) -> tuple[str, ...]:
    """Keys under which one lower-case word meets its spellings in Latin letters, whatever the scheme; the second one
    reads j as «ж»."""
    spelled = "".join(LATIN_OF.get(letter, letter) for letter in word)
    first = _by_sound(spelled)
    return (first, _by_sound(spelled.replace("j", "zh"))) if "j" in spelled else (first,)


def cyrillic(word: str) -> str:
    """One lower-case Latin word letter for letter in Russian, when no known word sounds like it."""
    return _by_spelling(word).translate(_ONE)
