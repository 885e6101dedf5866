"""Which of the two languages a customer writes in; pure, for the turn and the doors."""

import re

LANGS = ("ru", "en")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_LATIN_WORD = re.compile(r"[a-z]{2,}", re.IGNORECASE)
_NAME = re.compile(r"\S*[@/_]\S*|\w+(?:\.\w+)+")
"""Addresses and names of files are in no language: who leaves an e-mail address has not begun to speak English."""


def written_in(text: str, otherwise: str) -> str:
    """`ru` or `en` by the letters of `text`; `otherwise` when it has too few.

    One Latin word ("wifi", "ok") does not turn a Russian conversation English, so English needs two of them.
    """
    if _CYRILLIC.search(text):
        return "ru"
    if len(_LATIN_WORD.findall(_NAME.sub(" ", text))) >= 2:
        return "en"
    return otherwise


def supported(lang: str) -> str:
    """The supported language a tag like `en-GB` stands for; Russian for everything that is not English."""
    return "en" if lang.lower().startswith("en") else "ru"
