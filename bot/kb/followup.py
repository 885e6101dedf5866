"""A question that leans on the one before it («а если по карте?»): how to tell it, and what both together ask."""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.kb.lexical import WORDS, LexicalMatrix, script, tidy
from bot.kb.model import Article, Topic

Floats = npt.NDArray[np.float32]

LONGEST = 9
"""Words of a follow-up at most; whoever writes more says what it is about."""
ALONE = 5
"""Words of a follow-up that shows by its brevity only."""
ADDED = 0.5
"""How much of what the follow-up says without its topic, less what the topic says without it, is added to what both say
together: the article of the topic likes every sentence with the topic in it. Best of 0, .25, .5, .75, 1 on half of
tests/quality/golden/*.followups.tsv; anything from .25 to 1 does nearly as well."""
NEAR = 0.1
"""Cosine given to the article of the topic and to those that an editor has named as related to it."""

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


def leans(text: str, topic: Topic | None = None) -> bool:
    """Whether a message may be understood only with what was said before: it begins by going on, points back, or asks
    in a few words. While the question of `topic` has no answer, a few words are enough: they make it clearer."""
    said = tidy(text)
    words = said.count(" ") + 1 if said else 0
    if not words or words > LONGEST:
        return False
    if _CONNECTS.match(said) or _POINTS.search(said):
        return True
    asks = text.rstrip().endswith("?") or _ASKS.match(said) is not None
    return words <= ALONE and (asks or (topic is not None and not topic.article))


def is_familiar(text: str, words: LexicalMatrix) -> bool:
    """Whether the articles use its words, one in four perhaps excepted: «и какая завтра погода?» after a question about
    payment is no question about payment."""
    asked = WORDS.transform([text]).tocsr().indices
    unknown = len(asked) - int(np.isin(asked, words.columns).sum())
    return unknown <= 1 and unknown * 4 < max(len(asked), 1)


def in_language(topic: Topic, lang: str, articles: Sequence[Article]) -> Topic:
    """The topic in the language searched: after a change of language the article's title stands for the question."""
    if script(topic.question) in (None, lang):
        return topic
    title = next((article.title for article in articles if article.id == topic.article), topic.question)
    return Topic(title, topic.article)


def joined(topic: Topic, text: str) -> str:
    """Both questions as one."""
    return f"{topic.question} {text}"


def near(topic: Topic, articles: Sequence[Article]) -> npt.NDArray[np.bool_]:
    """Which articles are the topic's own, or related to it, by whichever side says so."""
    related = next((article.related for article in articles if article.id == topic.article), ())
    own = {topic.article, *related}
    return np.array([article.id in own or topic.article in article.related for article in articles], np.bool_)


def blended(alone: Floats, both: Floats, topic: Floats, near: npt.NDArray[np.bool_]) -> Floats:
    """Features of the follow-up within its topic, in the shape of all features (a row for each article): of the
    question `alone`, of `both` as one, of the `topic` alone. `near`: who gets the benefit of the doubt."""
    return np.asarray(both + ADDED * (alone - topic) + NEAR * near[:, None], np.float32)
