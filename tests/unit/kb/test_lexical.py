"""Words and letters find what vectors cannot: typos, slang, names in another script."""

import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from bot.kb.lexical import LexicalMatrix, View, count, letters, script, stem, tidy, words

VIEWS: dict[str, View] = {"letters": letters, "words": words}


def cosines(view: str, texts: list[str], question: str) -> list[float]:
    look = VIEWS[view]
    return [float(cosine) for cosine in LexicalMatrix.build(count(look, texts)).match(look([question]))]


@pytest.mark.parametrize("view", ["letters", "words"])
def test_a_text_is_most_like_itself(view: str) -> None:
    own, other = cosines(view, ["оплатить интернет картой", "роутер мигает красным"], "оплатить интернет картой")
    assert own == pytest.approx(1.0, abs=1e-3)
    assert other < 0.2


@pytest.mark.parametrize(("asked", "written"), [("оплачивал счета", "оплачивать счёт"), ("paying bills", "pay a bill")])
def test_endings_do_not_matter_to_words(asked: str, written: str) -> None:
    right, wrong = cosines("words", [written, "роутер router"], asked)
    assert right > 0.3 > wrong


def test_many_threads_get_the_same_stems() -> None:
    words = [
        f"{root}{ending}" for root in ("running", "happily", "оплатив", "домами") for ending in ("", *"abcxyz")
    ] * 40
    alone = [stem(word) for word in words]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            together = list(threads.map(lambda _: [stem.__wrapped__(word) for word in words], range(8)))
    finally:
        sys.setswitchinterval(interval)
    assert all(stems == alone for stems in together)


def test_letters_forgive_a_typo() -> None:
    right, wrong = cosines("letters", ["сбросить роутер", "договор на тариф"], "збросить роутр")
    assert right > 0.3 > wrong


@pytest.mark.parametrize(
    ("asked", "written"), [("сторадж", "object storage"), ("рутуб", "RUTUBE"), ("kak oplatit", "как оплатить")]
)
def test_letters_meet_across_scripts(asked: str, written: str) -> None:
    right, wrong = cosines("letters", [written, "погода на завтра"], asked)
    assert right > 0.25
    assert right > 3 * wrong


@pytest.mark.parametrize("question", ["", "?!", "🙂"])
def test_a_question_without_words_is_like_nothing(question: str) -> None:
    assert cosines("words", ["оплата", "роутер"], question) == [0, 0]


def test_unknown_words_make_everything_less_like() -> None:
    alone = cosines("words", ["оплата картой", "роутер"], "оплата")[0]
    assert cosines("words", ["оплата картой", "роутер"], "оплата слонами")[0] < alone


@pytest.mark.parametrize("texts", [[], [""], ["", "оплата"]])
def test_empty_texts_are_allowed(texts: list[str]) -> None:
    assert len(cosines("letters", texts, "оплата")) == len(texts)


def test_every_text_is_a_unit_vector() -> None:
    matrix = LexicalMatrix.build(words(["оплата картой банка", "роутер"]))
    squares = np.bincount(matrix.texts, matrix.weights.astype(np.float64) ** 2)
    assert np.allclose(squares, 1, atol=1e-2)


def test_letters_of_two_texts_are_never_joined() -> None:
    together, alone = letters(["ab", "cd"]), [letters(["ab"]), letters(["cd"])]
    assert len(together.features) == sum(len(each.features) for each in alone)
    assert set(together.features[together.texts == 1]) == set(alone[1].features)


def test_lots_of_texts_are_counted_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"счет номер {number} оплачен картой" for number in range(50)]
    at_once = words(texts)
    monkeypatch.setattr("bot.kb.lexical._LOT", 7)
    in_lots = count(words, texts)
    for part in ("texts", "features", "times"):
        assert np.array_equal(getattr(in_lots, part), getattr(at_once, part))


def test_what_stands_in_most_of_many_texts_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.kb.lexical._COMMON", 10)
    texts = [f"интернет {number}" for number in range(20)]
    found = LexicalMatrix.build(words(texts)).match(words(["интернет 7"]))
    assert found.argmax() == 7
    assert np.count_nonzero(found) == 1


def test_added_texts_weigh_words_as_their_collection_does() -> None:
    collection = LexicalMatrix.build(words(["оплата картой", "оплата счета", "оплата наличными"]))
    added = LexicalMatrix.build(words(["оплата роутера"]), collection.rarity)
    alone = LexicalMatrix.build(words(["оплата роутера"]))
    assert added.match(words(["оплата"]))[0] < alone.match(words(["оплата"]))[0] - 0.1


def test_tidy_text_has_one_form_of_every_letter() -> None:
    assert tidy("  Ещё-РАЗ, ﬁnd № 5!") == "еще раз find no 5"


@pytest.mark.parametrize(
    ("text", "expected"), [("wifi не работает", "ru"), ("no wifi", "en"), ("12 ?", None), ("Ё", "ru")]
)
def test_the_script_tells_the_language(text: str, expected: str | None) -> None:
    assert script(text) == expected
