"""All published articles as they are searched: for each language a stored segment and one with what was edited since.

A language is searched alone. Each of its articles gets one number from each ranker of `confidence.rankers`, for the
likeliest readings of the question. An edit makes a new index that shares the large segment with the old one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bot.kb.chunker import collection_hash, content_hash
from bot.kb.encoder import Encoder
from bot.kb.lexical import Ints, tidy
from bot.kb.lexicon import language
from bot.kb.model import Article, Hit
from bot.kb.nearest import Floats
from bot.kb.segment import Segment, question_counts
from bot.kb.spelling import Asked, Kind, Reader, reader

EDITS = 64, 1_000
"""Edited articles that stay beside the stored segment before all are merged: a twentieth of them, within these bounds.
Each edit builds the small segment again."""

WHOLE, WINDOW = 60, 24
"""Words of a question that is searched as one, and of a part of a sentence when a longer one is searched sentence by
sentence. Of 60 questions amid 500 words .42 were found so, .28 in windows of 40 words, .03 as one text; alone .42."""

_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")


_CYRILLIC = re.compile(r"\S*[а-яё]\S*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """How a question was read, and one row for each article, one column for each ranker."""

    asked: Asked
    features: Floats


@dataclass(frozen=True)
class LanguageIndex:
    """Articles of one language. `alive`: which of the stored segment's articles are still searched; `edits`: what
    stands in their place or was added."""

    lang: str
    stored: Segment
    alive: npt.NDArray[np.bool_]
    edits: Segment | None = None

    @classmethod
    def build(cls, articles: Sequence[Article], encoder: Encoder, lang: str = "") -> "LanguageIndex":
        lang = lang or next((article.lang for article in articles), "")
        stored = Segment.build(articles, encoder, lang)
        return cls(lang, stored, np.ones(len(stored.articles), np.bool_))

    def edited(self, articles: Sequence[Article], encoder: Encoder) -> "LanguageIndex":
        """An index of `articles` that encodes and weighs only those that this one does not hold as they are."""
        wanted = {article.id: article for article in articles}
        if not (changed := self._changed(wanted)):
            return self
        waiting = self.edits.articles if self.edits else ()
        edits = [wanted[one.id] for one in waiting if one.id in wanted and one.id not in changed]
        edits += [wanted[name] for name in changed if name in wanted]
        replaced = {article.id for article in edits}
        alive = np.array([one.id in wanted and one.id not in replaced for one in self.stored.articles], np.bool_)
        least, most = EDITS
        if len(edits) + int((~alive).sum()) > max(least, min(most, len(alive) // 20)):
            return LanguageIndex.build(articles, encoder, self.lang)
        fresh = Segment.build(edits, encoder, self.lang, self.stored) if edits else None
        return LanguageIndex(self.lang, self.stored, alive, fresh)

    @cached_property
    def articles(self) -> tuple[Article, ...]:
        """What is searched, in the order of the features' rows."""
        kept = [article for article, is_alive in zip(self.stored.articles, self.alive, strict=True) if is_alive]
        return (*kept, *(self.edits.articles if self.edits else ()))

    @property
    def segments(self) -> tuple[Segment, ...]:
        return (self.stored, self.edits) if self.edits else (self.stored,)

    @property
    def size(self) -> int:
        """Questions and passages, those of replaced articles included."""
        return sum(segment.size for segment in self.segments)

    @property
    def known(self) -> list[Ints]:
        """The word features of all articles, ascending, of each segment."""
        return [segment.matrices["words"].features for segment in self.segments]

    @cached_property
    def reader(self) -> Reader:
        """Reads questions with the words of these articles."""
        return Reader([segment.lexicons for segment in self.segments])

    def find(self, text: str, encoder: Encoder) -> Found:
        """What the rankers see of a customer's question, read as it was most likely meant."""
        asked = self.reader.read(text)
        views = self.views(asked)
        return Found(asked, self.together([self.features(view, encoder.question(view, self.lang)) for view in views]))

    def warm(self, encoder: Encoder) -> None:
        """Loads and works out what the first question would wait for."""
        self.find("прагрев progreff warmmup", encoder)

    def find_all(self, texts: Sequence[str], encoder: Encoder) -> list[Found]:
        """As `find` for many questions, encoded in bulk and kept with the texts of articles; for measuring."""
        asked = [self.reader.read(text) for text in texts]
        views = [self.views(each) for each in asked]
        flat = [view for each in views for view in each]
        vectors = dict(zip(flat, encoder.encode(flat, self.lang), strict=True))
        return [
            Found(one, self.together([self.features(view, vectors[view]) for view in each]))
            for one, each in zip(asked, views, strict=True)
        ]

    def views(self, asked: Asked) -> list[str]:
        """The texts that are searched for a question: its reading, beside a corrected one the typed one, a long one in
        windows."""
        texts = [asked.reading, asked.text] if asked.kind is Kind.CORRECTED else [asked.reading]
        # Capitals from end to end are only loud, and an encoder that heeds them hears something else.
        texts = [text.lower() if text.isupper() else text for text in texts]
        if self.lang == "en":
            # English articles hold no Cyrillic, and an English encoder takes it for a row of unknown letters.
            texts = [_CYRILLIC.sub("", text) if re.search("[A-Za-z]", text) else text for text in texts]
        elif len(foreign := self._foreign(texts[0])) > 1 and asked.script == self.lang:
            texts.append(" ".join(word for word in texts[0].split() if word not in foreign))
        return [window for text in texts for window in _windows(text)]

    def _foreign(self, text: str) -> set[str]:
        """Latin words of a Russian question that stand in no article: hardly names, more likely another language."""
        words = [word for word in text.split() if language(tidy(word)) == "en"]
        return {word for word in words if not any(tidy(word) in segment.spoken for segment in self.segments)}

    def together(self, features: Sequence[Floats]) -> Floats:
        """The features of several views of one question as one: those of the best view of each ranker."""
        return features[0] if len(features) == 1 else np.maximum.reduce(list(features))

    def features(self, text: str, vector: Floats) -> Floats:
        """One row for each article, one column for each ranker, all cosines; `vector`: the text's unit vector."""
        counts = question_counts(text)
        rows = self.stored.features(counts, vector)
        if not self.alive.all():
            rows = rows[self.alive]
        return np.concatenate([rows, self.edits.features(counts, vector)]) if self.edits else rows

    def _changed(self, wanted: Mapping[str, Article]) -> list[str]:
        held = {article.id: article for article in self.articles}
        gone = [name for name in held if name not in wanted]
        return gone + [name for name, article in wanted.items() if name not in held or _differ(held[name], article)]


@dataclass(frozen=True, slots=True)
class Index:
    """All languages. `encoder`: what made the vectors; `content_hash`: of the articles it holds."""

    languages: Mapping[str, LanguageIndex]
    encoder: str
    content_hash: str
    version: str = ""

    @classmethod
    def build(cls, articles: Iterable[Article], encoder: Encoder) -> "Index":
        """Encodes what the encoder has not seen yet; blocks, so call it in a thread."""
        return cls({}, encoder.name, "").edited(articles, encoder)

    def edited(self, articles: Iterable[Article], encoder: Encoder) -> "Index":
        """An index of `articles` that shares with this one what they have in common; blocks as `build`. Another encoder
        makes everything anew."""
        known = list(articles)
        held = self.languages if self.encoder == encoder.name else {}
        languages = {}
        for lang in sorted({article.lang for article in known}):
            own = [article for article in known if article.lang == lang]
            languages[lang] = held[lang].edited(own, encoder) if lang in held else LanguageIndex.build(own, encoder)
        return Index(languages, encoder.name, collection_hash(known))

    def script(self, text: str, lang: str) -> str | None:
        """The language whose letters a question to the articles of `lang` is read in, None for neither."""
        own = self.languages.get(lang)
        return (own.reader if own else reader()).read(text).script


def _differ(held: Article, article: Article) -> bool:
    return held != article and content_hash(held) != content_hash(article)


def _windows(text: str) -> list[str]:
    words = text.split()
    if len(words) <= WHOLE:
        return [text]
    sentences = [sentence.split() for sentence in _SENTENCE.split(text)]
    windows = [part for sentence in sentences for part in _parts(sentence)]
    return list(dict.fromkeys(" ".join(window) for window in windows if window))


def _parts(words: list[str]) -> list[list[str]]:
    """One sentence, or overlapping parts of one that nobody put a stop into."""
    if len(words) <= WINDOW:
        return [words]
    return [words[start : start + WINDOW] for start in range(0, len(words) - WINDOW // 2, WINDOW // 2)]


def hit_of(article: Article, score: float) -> Hit:
    """An article as a search shows it."""
    url = f"/help/{article.lang}/{article.id}"
    return Hit(article.id, article.lang, article.title, article.short_answer, url, score)


def shown_in(index: Index, hit: Hit, lang: str) -> Hit:
    """The same article in another language, or as it is when it does not exist there."""
    language = index.languages.get(lang)
    same = next((article for article in language.articles if article.id == hit.article), None) if language else None
    return hit if same is None else hit_of(same, hit.score)
