"""Whether a question leans on the one before it («а если по карте?»), by how it is worded; pure."""

import re

from bot.kb.lexical import tidy
from bot.kb.model import Topic

LONGEST = 9
"""Words of a follow-up at most; whoever writes more says what it is about."""
ALONE = 5
"""Words of a follow-up that shows by its brevity only."""
_CONNECTS = re.compile(
    r"(?:(?:ну|нет|да|ок|хорошо|спасибо|понятно|ясно)\s+)*(?:а|и|или|но|тогда|то\s+есть|ну)\b"
    r"|(?:(?:ok|okay|no|yes|thanks|well|right|fine)\s+)*(?:and|but|or|so|then|what\s+about|how\s+about|what\s+if)\b"
)
_POINTS = re.compile(
    r"\b(?:это|этого|этому|этим|этом|этой|эту|эта|этот|эти|этих|он|она|оно|они|его|ее|ей|ему|им|их|него|нее|ней|них"
    r"|нему|ним|ними|там|туда|оттуда|такой|такая|такое|такие|тоже|потом|затем"
    r"|it|its|that|this|these|those|them|they|there|one|ones|instead|else|too|same|afterwards)\b"
)
_ASKS = re.compile(
    r"(?:(?:на|за|до|с|со|в|во|к|по|для|о|от|у|из)\s+)?(?:что|чем|чего|как|каки\w+|какой|какая|какое|какую|каком|где|куда"
    r"|откуда|когда|сколько|скольких|почему|зачем|кто|кому|можно|нужно|нужен|нужна|надолго|почем|дорого|долго)\b"
    r"|(?:(?:for|on|to|at|in|by|from|with)\s+)?(?:what|which|where|when|how|why|who|whom|whose|can|could|is|are|do|does"
    r"|will|would|any)\b"
)

_EMPTY = frozenset(
    {"если", "тоже", "еще", "мне", "меня", "нас", "вам", "вас", "про", "или", "the", "for", "about", "you", "not"}
)


def goes_on(text: str) -> bool:
    """Whether a message begins by going on, or points back."""
    return bool(_CONNECTS.match(tidy(text))) or points_back(text)


def points_back(text: str) -> bool:
    """Whether a message names something only by a word such as "it" or «там»."""
    return _POINTS.search(tidy(text)) is not None


def substance(text: str) -> list[str]:
    """The words of a message, tidied, that say what it is about, without those that only lead on, point or ask."""
    rest = _CONNECTS.sub(" ", tidy(text), count=1)
    for empty in (_POINTS, _ASKS):
        rest = empty.sub(" ", rest)
    return [word for word in rest.split() if (len(word) > 2 or word.isdigit()) and word not in _EMPTY]


def leans(text: str, topic: Topic | None = None) -> bool:
    """Whether a message may be understood only with what was said before: it begins by going on, points back, or asks
    in a few words. While the question of `topic` has no answer, a few words are enough: they make it clearer."""
    said = tidy(text)
    words = said.count(" ") + 1 if said else 0
    if not words or words > LONGEST:
        return False
    if goes_on(text):
        return True
    asks = text.rstrip().endswith("?") or _ASKS.match(said) is not None
    return words <= ALONE and (asks or (topic is not None and not topic.article))
