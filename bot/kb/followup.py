"""A question with the topic it leans on («а если по карте?»): what both together ask; pure, for the search."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from bot.kb.leaning import goes_on, points_back, substance
from bot.kb.lexical import Ints, script, words
from bot.kb.model import Article, Evidence, Topic, Verdict

Floats = npt.NDArray[np.float32]

ADDED = 0.5
"""How much of what the follow-up says without its topic, less what the topic says without it, is added to what both say
together: the article of the topic likes every sentence with the topic in it. Best of 0, .25, .5, .75, 1 on
tests/quality/golden/*.followups.tsv; anything from .25 to 1 does nearly as well."""
NEAR = 0.1
"""Cosine given to the article of the topic and to those that an editor has named as related to it."""


def is_familiar(text: str, known: Sequence[Ints]) -> bool:
    """Whether the articles use its words, but for one in a message that clearly goes on: «и какая завтра погода?» after
    a question about payment is no question about payment. `known`: the features of all words of the articles, in
    ascending rows."""
    asked = words([" ".join(substance(text))]).features
    unknown = int((~np.logical_or.reduce([_stands_in(asked, row) for row in known])).sum())
    return unknown == 0 or (unknown == 1 and len(text.split()) >= 4 and goes_on(text))


def _stands_in(asked: Ints, row: Ints) -> npt.NDArray[np.bool_]:
    places = np.minimum(np.searchsorted(row, asked), max(len(row) - 1, 0))
    return np.asarray(row[places] == asked) if len(row) else np.zeros(len(asked), np.bool_)


def in_language(topic: Topic, lang: str, articles: Sequence[Article]) -> Topic:
    """The topic in the language searched: after a change of language the article's title stands for the question."""
    if script(topic.question) in (None, lang):
        return topic
    title = next((article.title for article in articles if article.id == topic.article), topic.question)
    return replace(topic, question=title)


def joined(topic: Topic, text: str) -> str:
    """Both questions as one."""
    return f"{topic.question} {text}"


def near(topic: Topic, articles: Sequence[Article]) -> npt.NDArray[np.bool_]:
    """Which articles are the topic's own, were asked back about, or are related to it, by whichever side says so."""
    related = next((article.related for article in articles if article.id == topic.article), ())
    own = {topic.article, *topic.offered, *related}
    return np.array([article.id in own or topic.article in article.related for article in articles], np.bool_)


def blended(alone: Floats, both: Floats, topic: Floats, near: npt.NDArray[np.bool_]) -> Floats:
    """Features of the follow-up within its topic, in the shape of all features (a row for each article): of the
    question `alone`, of `both` as one, of the `topic` alone. `near`: who gets the benefit of the doubt."""
    return np.asarray(both + ADDED * (alone - topic) + NEAR * near[:, None], np.float32)


def doubtful(text: str, topic: Topic) -> bool:
    """Whether even a sure answer to the bare words has to be looked for together with the topic: “how long does it
    take?” after an answer about payment is word for word a question about connection."""
    return bool(topic.article) and points_back(text)


def settled(together: Evidence, alone: Evidence, topic: Topic, articles: Sequence[Article]) -> Evidence:
    """What a message means in its dialogue: as it stands, with the topic, or, where it points back and both say
    different things, a question back."""
    if alone.verdict is not Verdict.SURE:
        return together if is_better(together, alone, topic, articles) else alone
    if not together.hits or together.hits[0].article == alone.hits[0].article:
        return alone
    return together if together.verdict is not Verdict.NONE else replace(alone, verdict=Verdict.UNSURE)


def is_better(together: Evidence, alone: Evidence, topic: Topic, articles: Sequence[Article]) -> bool:
    """Whether a follow-up is answered from its topic: surer, and with another article than the question alone, or with
    one that is near the topic. Otherwise the topic has nothing to say about it."""
    if together.confidence <= alone.confidence or not together.hits:
        return False
    best, moved = together.hits[0].article, together.hits[0].article != alone.hits[0].article
    return moved or any(one.id == best and close for one, close in zip(articles, near(topic, articles), strict=True))
