"""What has been learned and is in use, as the database has it: calibrations, learned phrasings, the limit."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from bot.kb.confidence import Calibration
from bot.kb.label_store import LabelStore
from bot.kb.labels import HOUSE, Label
from bot.kb.lexical import tidy
from bot.kb.model import Article
from bot.kb.promise import untold_bar, with_limits
from bot.kb.store import ArticleStore
from bot.kb.version_store import Version, VersionStore

MAX_WRONG = "max_wrong"
"""Name of the stored limit."""

_articles, _labels, _versions = ArticleStore(), LabelStore(), VersionStore()

_Key = tuple[str, str]

Phrasings = Mapping[_Key, tuple[str, ...]]
"""Learned phrasings by language and article."""


@dataclass(frozen=True, slots=True)
class Learned:
    """`calibrations`: by language, with the thresholds of `max_wrong`; `stamp`: equal stamps, equal knowledge;
    `hearsay`: those of the phrasings that visitors alone have taught."""

    calibrations: Mapping[str, Calibration]
    phrasings: Phrasings
    max_wrong: float
    stamp: tuple[Any, ...] = ()
    hearsay: Phrasings = field(default_factory=dict)

    def vouching(self, articles: Sequence[Article], texts: Sequence[str]) -> Callable[[int], bool]:
        """By place in `articles`, which are as they are searched: whether it was somebody of the house who put one of
        these texts under it; true of every article that visitors alone have taught nothing."""

        def vouched(place: int) -> bool:
            article = articles[place]
            heard = self.hearsay.get((article.lang, article.id), ())
            own = [article.title, *article.phrasings]
            for text in heard:
                if text in own:
                    own.remove(text)
            return not heard or not {tidy(text) for text in own}.isdisjoint(map(tidy, texts))

        return vouched


@dataclass(frozen=True, slots=True)
class Recall:
    """Reads what is in use for one encoder. `shipped`: by language, what holds until something is learned; `max_wrong`:
    what holds until somebody sets a limit."""

    encoder: str
    shipped: Mapping[str, Calibration]
    max_wrong: float

    def stamp(self, tx: Connection) -> tuple[Any, ...]:
        """Changes whenever `learned` would."""
        current = (_versions.current(tx, lang) for lang in self.shipped)
        extents = tuple(_labels.extent(tx, lang) for lang in self.shipped)
        bars = tuple(self.bar(tx, lang) for lang in self.shipped)
        return self.limit(tx), tuple(version and version.id for version in current), extents, bars

    def limit(self, tx: Connection) -> float:
        """At most this share of the answers given may be wrong."""
        stored = _versions.setting(tx, MAX_WRONG)
        return self.max_wrong if stored is None else float(stored)

    def bar(self, tx: Connection, lang: str) -> float:
        """From where answers are given at the usual limit while there are no labels."""
        return untold_bar(_articles.phrasings(tx, lang))

    def learned(self, tx: Connection) -> Learned:
        """Weights and curve are an encoder's own and fall back to the shipped ones; phrasings serve every encoder."""
        limit = self.limit(tx)
        calibrations, phrasings, hearsay = {}, dict[_Key, tuple[str, ...]](), dict[_Key, tuple[str, ...]]()
        for lang, shipped in self.shipped.items():
            version = _versions.current(tx, lang)
            calibration = replace(self.calibration(version) or shipped, untold=self.bar(tx, lang))
            calibrations[lang] = with_limits(calibration, limit)
            if version is not None:
                wanted = set(version.made.labels)
                active = _labels.active(tx, lang)
                known = [label for label in active if label.id in wanted]
                vouched = {(one.article, tidy(one.text)) for one in active if one.right and _of_house(one)}
                heard = [label for label in known if (label.article, tidy(label.text)) not in vouched]
                phrasings.update(_phrasings(lang, known))
                hearsay.update(_phrasings(lang, heard))
        return Learned(calibrations, phrasings, limit, self.stamp(tx), hearsay)

    def calibration(self, version: Version | None) -> Calibration | None:
        """None for one of another encoder."""
        if version is None or version.made.encoder != self.encoder:
            return None
        return Calibration.from_json(version.made.calibration)


def with_phrasings(articles: Iterable[Article], phrasings: Phrasings) -> list[Article]:
    """The articles as they are searched: under the learned phrasings as well as under their editors' own."""
    return [
        replace(article, phrasings=(*article.phrasings, *known))
        if (known := phrasings.get((article.lang, article.id)))
        else article
        for article in articles
    ]


def _of_house(label: Label) -> bool:
    return label.source in HOUSE or bool(label.reviewed_by)


def _phrasings(lang: str, known: Iterable[Label]) -> Phrasings:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for label in known:
        if label.article is not None and label.right:
            key = (lang, label.article)
            found[key] = (*found.get(key, ()), label.text)
    return found
