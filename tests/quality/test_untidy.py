"""What customers get from the shipped articles when they type the way people type.

The golden questions are disturbed as `benchmarks/robustness.py` does it, the same way each time.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.robustness import disturbed
from bot.kb.confidence import judge, shipped
from bot.kb.encoder import SentenceEncoder
from bot.kb.index import LanguageIndex
from bot.kb.loader import load
from bot.kb.spelling import Kind

pytestmark = pytest.mark.slow
GOLDEN = Path(__file__).parent / "golden"
AMID_500_WORDS = 20
"""Golden questions asked amid hundreds of words; each of them is dozens of searches."""


@dataclass(frozen=True, slots=True)
class Untidy:
    """One language of the shipped knowledge base and its golden questions."""

    lang: str
    index: LanguageIndex
    encoder: SentenceEncoder
    golden: list[tuple[str, str]]

    def recall(self, way: str, limit: int | None = None) -> float:
        """Share of golden questions whose article comes first; `way`: of `robustness.WAYS`, or empty."""
        right = 0
        for question, article in self.golden[:limit]:
            text = disturbed(question, self.lang, way) if way else question
            best = judge(self.index.find(text, self.encoder).features, shipped(False)[self.lang]).order[0]
            right += self.index.articles[best].id == article
        return right / len(self.golden[:limit])


@pytest.fixture(scope="module", params=["ru", "en"])
def untidy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Untidy:
    encoder = SentenceEncoder(cache=tmp_path_factory.getbasetemp() / "vectors")
    articles = [article for article in load(Path("data/kb")) if article.lang == request.param]
    lines = (GOLDEN / f"{request.param}.tsv").read_text(encoding="utf-8").splitlines()
    golden = [(question, article) for question, article in (line.split("\t") for line in lines)]
    return Untidy(request.param, LanguageIndex.build(articles, encoder), encoder, golden)


# English needs no transliteration.
@pytest.mark.parametrize(
    ("untidy", "way"),
    [(lang, way) for lang in ("ru", "en") for way in ("typo", "layout", "no punctuation", "capitals")]
    + [("ru", "translit")],
    indirect=["untidy"],
)
def test_untidy_typing_costs_next_to_nothing(untidy: Untidy, way: str) -> None:
    assert untidy.recall("") - untidy.recall(way) <= 0.05


def test_words_of_another_language_cost_little(untidy: Untidy) -> None:
    assert untidy.recall("") - untidy.recall("mixed") <= 0.1


@pytest.mark.parametrize("way", ["100 words", "500 words"])
def test_a_question_is_found_in_a_long_story(untidy: Untidy, way: str) -> None:
    assert untidy.recall("", AMID_500_WORDS) - untidy.recall(way, AMID_500_WORDS) <= 0.15


def test_one_word_finds_an_article_about_it(untidy: Untidy) -> None:
    words = {"ru": ("роутер", "оплата", "тарифы", "переезд"), "en": ("router", "payment", "tariffs", "moving")}
    for word in words[untidy.lang]:
        best = judge(untidy.index.find(word, untidy.encoder).features, shipped(False)[untidy.lang]).order[0]
        article = untidy.index.articles[best]
        said = " ".join((article.title, *article.phrasings, article.short_answer, article.body)).lower()
        assert word[:5] in said, (word, article.id)


def test_no_golden_question_is_read_as_another_language(untidy: Untidy) -> None:
    kinds = [untidy.index.reader.read(question).kind for question, _ in untidy.golden]
    assert not {Kind.LAYOUT, Kind.TRANSLIT}.intersection(kinds)
