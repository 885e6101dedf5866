"""Which of the two languages a customer writes in; pure, for the turn and the doors."""

import re

from bot.kb.spelling import Kind, reader

LANGS = ("ru", "en")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_LATIN_WORD = re.compile(r"[a-z]+", re.IGNORECASE)
_NAME = re.compile(r"\S*[@/_]\S*|\w+(?:\.\w+)+")
"""Addresses and names of files are in no language: who leaves an e-mail address has not begun to speak English."""

_GRAMMAR = re.compile(
    r"\b(?:a|an|the|my|your|our|his|her|their|its|this|that|these|those|i|you|he|she|it|we|they|me|him|us|them|"
    r"is|are|was|were|be|been|have|has|had|do|does|did|can|could|will|would|should|may|must|not|no|yes|and|"
    r"or|but|if|so|because|how|what|why|when|where|who|which|whose|to|of|in|on|at|for|from|with|without|"
    r"about|by|up|out|into|after|before|there|here|don|doesn|didn|isn|aren|won|hello|hi|hey|thanks|please)\b",
    re.IGNORECASE,
)
"""Words that names of products hardly hold and English sentences hardly lack."""

_SENTENCE = 4
"""Words that are more than a name."""


def written_in(text: str, otherwise: str) -> str:
    """`ru` or `en` by what `text` reads as: Russian in Latin letters and either language on the wrong keyboard are what
    they were meant to be; `otherwise` when too little was written.

    The name of a product ("wifi", "Apple Pay", "samsung smart tv") does not turn a Russian conversation English: that
    takes two words with grammar in them, or four that are not all capitalised.
    """
    asked = reader().read(_NAME.sub(" ", text))
    if asked.kind in (Kind.LAYOUT, Kind.TRANSLIT) and asked.script:
        return asked.script
    if _CYRILLIC.search(text):
        return "ru"
    words = [word for word in _LATIN_WORD.findall(_NAME.sub(" ", text)) if len(word) > 1 or word in "Ii"]
    if len(words) >= _SENTENCE and not all(word.istitle() for word in words):
        return "en"
    return "en" if len(words) >= 2 and _GRAMMAR.search(text) else otherwise


def supported(lang: str) -> str:
    """The supported language a tag like `en-GB` stands for; Russian for everything that is not English."""
    return "en" if lang.lower().startswith("en") else "ru"
