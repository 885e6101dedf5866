"""An index finds articles by every ranker and reads back what it wrote."""

import numpy as np
import pytest

from bot.kb.confidence import RANKERS
from bot.kb.index import Index, IndexUnusable, LanguageIndex
from bot.kb.model import Article
from tests.unit.kb.samples import ALL, PAY, WIFI
from tests.unit.kb.wordy import WordyEncoder

ENCODER = WordyEncoder()


def russian() -> LanguageIndex:
    return LanguageIndex.build([WIFI, PAY], ENCODER)


def features(index: LanguageIndex, text: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return index.features(text, ENCODER.question(text))


def test_articles_are_kept_by_language() -> None:
    index = Index.build(ALL, ENCODER)
    assert {lang: [article.id for article in part.articles] for lang, part in index.languages.items()} == {
        "en": ["outage-check", "pay-how"],
        "ru": ["pay-how", "wifi-password"],
    }


@pytest.mark.parametrize("column", range(len(RANKERS)), ids=RANKERS)
def test_every_ranker_prefers_the_article_with_the_customers_words(column: int) -> None:
    pay, wifi = features(russian(), "забыл пароль роутера")[:, column]
    assert wifi > pay >= 0


def test_the_nearest_phrasing_counts_and_not_the_average() -> None:
    found = features(russian(), "куда платить за инет")
    assert found[0, RANKERS.index("question")] == pytest.approx(1, abs=1e-4)


def test_an_article_without_an_answer_has_no_passage() -> None:
    bare = Article("bare", "ru", "оплата", "")
    found = features(LanguageIndex.build([bare, PAY], ENCODER), "оплата")
    assert found[0, RANKERS.index("passage")] == 0
    assert found[0, RANKERS.index("question")] == pytest.approx(1, abs=1e-4)


def test_beyond_the_nearest_entries_an_article_counts_as_far_as_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.kb.index.NEAREST", 1)
    pay, wifi = features(russian(), "забыл пароль вайфай")[:, RANKERS.index("question")]
    assert wifi == pytest.approx(1, abs=1e-4)
    assert pay == wifi


def test_an_empty_index_can_be_asked() -> None:
    assert features(LanguageIndex.build([], ENCODER), "оплата").shape == (0, len(RANKERS))
    assert Index.build([], ENCODER).languages == {}


def test_what_is_written_is_read_back() -> None:
    index = russian()
    again = LanguageIndex.from_files(index.to_files(), ENCODER.dimension)
    assert again.articles == index.articles
    assert again.size == index.size == 9
    for text in ("оплата", "wifi", "?"):
        assert np.array_equal(features(again, text), features(index, text))


def test_vectors_of_another_dimension_are_refused() -> None:
    with pytest.raises(IndexUnusable, match="6 vectors of 64 numbers, expected 6 of 32"):
        LanguageIndex.from_files(russian().to_files(), 32)


def test_vectors_of_another_index_are_refused() -> None:
    files = russian().to_files() | {"passage.faiss": LanguageIndex.build([PAY], ENCODER).to_files()["passage.faiss"]}
    with pytest.raises(IndexUnusable, match=r"passage\.faiss has 1 vectors"):
        LanguageIndex.from_files(files, ENCODER.dimension)


def test_bytes_that_are_no_index_are_refused() -> None:
    with pytest.raises(IndexUnusable, match="not a FAISS index"):
        LanguageIndex.from_files(russian().to_files() | {"question.faiss": b"nonsense" * 10}, ENCODER.dimension)
