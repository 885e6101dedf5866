"""An index finds articles by every ranker, whether they were built at once or edited one by one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.kb.confidence import MEANINGS, WORDINGS, rankers
from bot.kb.index import WINDOW, Index, LanguageIndex
from bot.kb.model import Article
from bot.kb.segment import Segment
from tests.unit.kb.samples import ALL, PAY, WIFI
from tests.unit.kb.wordy import WordyEncoder

RANKERS = rankers(1)

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
    monkeypatch.setattr("bot.kb.nearest.NEAREST", 1)
    pay, wifi = features(russian(), "забыл пароль вайфай")[:, RANKERS.index("question")]
    assert wifi == pytest.approx(1, abs=1e-4)
    assert pay == wifi


def test_an_empty_index_can_be_asked() -> None:
    assert features(LanguageIndex.build([], ENCODER), "оплата").shape == (0, len(RANKERS))
    assert Index.build([], ENCODER).languages == {}


@pytest.mark.parametrize("said", ["jgkfnf rfhnjq", "oplata kartoy", "оплатта картой", "ОПЛАТА КАРТОЙ!!!"])
def test_an_untidy_question_finds_what_the_tidy_one_does(said: str) -> None:
    found = russian().find(said, ENCODER)
    assert found.features[0, RANKERS.index("question")] > 0.9
    assert found.features[0].sum() > found.features[1].sum() + 3


def test_words_of_another_language_do_not_hide_the_question() -> None:
    found = russian().find("please could somebody help me оплата картой", ENCODER).features
    assert found[0, RANKERS.index("question")] == pytest.approx(1, abs=1e-3)
    english = LanguageIndex.build([article for article in ALL if article.lang == "en"], ENCODER)
    asked = english.find("подскажите пожалуйста pay by card", ENCODER).features
    assert asked[1, RANKERS.index("question")] == pytest.approx(1, abs=1e-3)


def test_a_question_drowned_in_words_is_found() -> None:
    story = "Вчера мы с соседом ходили на рыбалку и долго говорили о погоде. " * 30
    found = russian().find(f"{story}Оплата картой. {story}", ENCODER).features
    assert found[0, RANKERS.index("question")] == pytest.approx(1, abs=1e-3)
    assert found[0].sum() > found[1].sum() + 3


def test_a_long_question_without_a_stop_is_searched_in_parts() -> None:
    story = "вчера мы с соседом ходили на рыбалку и долго говорили о погоде " * 30
    index = russian()
    views = index.views(index.reader.read(f"{story}оплата картой {story}"))
    assert len(views) > 1
    assert any("оплата картой" in view for view in views)
    assert max(len(view.split()) for view in views) <= WINDOW


def test_an_edit_encodes_the_edited_article_alone() -> None:
    encoder = WordyEncoder()
    index = LanguageIndex.build([WIFI, PAY], encoder)
    encoder.asked.clear()
    again = index.edited([WIFI, replace(PAY, title="Как внести деньги?")], encoder)
    assert again.stored is index.stored
    assert "Как внести деньги?" in encoder.asked
    assert not any("Wi-Fi" in text for text in encoder.asked)


def test_an_edited_index_finds_what_a_new_one_finds() -> None:
    changed = replace(PAY, phrasings=("куда нести деньги",))
    added = Article("sim", "ru", "Где взять симку?", "В офисе.")
    edited = russian().edited([changed, WIFI, added], ENCODER)
    anew = LanguageIndex.build([changed, WIFI, added], ENCODER)
    assert {article.id: article for article in edited.articles} == {article.id: article for article in anew.articles}
    for text in ("куда нести деньги", "взять симку", "забыл пароль"):
        best = [index.articles[int(features(index, text).sum(axis=1).argmax())].id for index in (edited, anew)]
        assert best[0] == best[1]


def test_a_removed_article_is_gone() -> None:
    index = russian().edited([WIFI], ENCODER)
    assert [article.id for article in index.articles] == ["wifi-password"]
    assert features(index, "оплата картой").shape == (1, len(RANKERS))
    assert [article.id for article in index.edited([PAY, WIFI], ENCODER).articles] == ["wifi-password", "pay-how"]


def test_nothing_changed_is_the_same_index() -> None:
    index = russian()
    assert index.edited([replace(PAY, revision=7), WIFI], ENCODER) is index


def test_many_edits_are_merged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.kb.index.EDITS", (1, 1))
    index = russian().edited([replace(PAY, title="Деньги"), replace(WIFI, title="Пароль")], ENCODER)
    assert index.edits is None
    assert [article.title for article in index.articles] == ["Деньги", "Пароль"]


def test_another_encoder_makes_everything_anew() -> None:
    other = WordyEncoder("other")
    Index.build(ALL, ENCODER).edited(ALL, other)
    assert "Как оплатить интернет?" in other.asked


def test_a_word_of_an_edit_is_known_at_once() -> None:
    index = russian().edited([PAY, WIFI, Article("x", "ru", "Квазиглюк", "Перезагрузите.")], ENCODER)
    assert index.find("квазиглк", ENCODER).asked.reading == "квазиглюк"


def test_beyond_the_flat_size_a_graph_finds_the_same_article(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("bot.kb.nearest.FLAT", 10)
    many = [Article(f"a{number}", "ru", f"вопрос про предмет{number}", "Ответ.") for number in range(300)]
    index = LanguageIndex.build(many, ENCODER)
    assert index.stored.vectors["question"].graph
    index.stored.save(tmp_path / "stored")
    mapped = replace(index, stored=Segment.load(tmp_path / "stored"))
    for one in (index, mapped):
        best = int(features(one, "вопрос про предмет123").sum(axis=1).argmax())
        assert one.articles[best].id == "a123"


def test_each_network_of_the_encoder_is_a_ranker_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, split = WordyEncoder(dimension=24), WordyEncoder(dimension=24)
    monkeypatch.setattr(split, "parts", lambda _lang: (8, 16))
    said = "забыл пароль"
    alone, apart = (
        LanguageIndex.build([WIFI, PAY], encoder).features(said, whole.question(said)) for encoder in (whole, split)
    )
    questions = [rankers(2).index("question"), len(MEANINGS)]
    assert apart.shape == (2, len(rankers(2)))
    assert apart[:, questions].mean(axis=1) == pytest.approx(alone[:, RANKERS.index("question")], abs=1e-6)
    assert np.array_equal(apart[:, -len(WORDINGS) :], alone[:, -len(WORDINGS) :])


def test_a_graph_tells_the_networks_apart_as_comparing_all_does(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = WordyEncoder(russian=3)
    said = "забыл пароль роутера"
    vector = encoder.question(said, "ru")
    flat = LanguageIndex.build([WIFI, PAY], encoder).features(said, vector)
    monkeypatch.setattr("bot.kb.nearest.FLAT", 0)
    walked = LanguageIndex.build([WIFI, PAY], encoder).features(said, vector)
    assert walked == pytest.approx(flat, abs=1e-6)
