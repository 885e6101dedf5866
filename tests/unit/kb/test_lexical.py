"""Words and letters find what vectors cannot: typos, slang, names in another script."""

import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from bot.kb.lexical import LETTERS, WORDS, LexicalMatrix, script, stem, tidy


def cosines(view: object, texts: list[str], question: str) -> list[float]:
    rows = LETTERS if view == "letters" else WORDS
    return [float(cosine) for cosine in LexicalMatrix.build(rows, texts).match(rows.transform([question]).tocsr())]


@pytest.mark.parametrize("view", ["letters", "words"])
def test_a_text_is_most_like_itself(view: str) -> None:
    own, other = cosines(view, ["оплатить интернет картой", "роутер мигает красным"], "оплатить интернет картой")
    assert own == pytest.approx(1.0, abs=1e-5)
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


def test_rows_are_unit_vectors() -> None:
    matrix = LexicalMatrix.build(WORDS, ["оплата картой банка", "роутер"])
    assert np.allclose(matrix.rows.multiply(matrix.rows).sum(axis=1), 1, atol=1e-5)


def test_tidy_text_has_one_form_of_every_letter() -> None:
    assert tidy("  Ещё-РАЗ, ﬁnd № 5!") == "еще раз find no 5"


@pytest.mark.parametrize(
    ("text", "expected"), [("wifi не работает", "ru"), ("no wifi", "en"), ("12 ?", None), ("Ё", "ru")]
)
def test_the_script_tells_the_language(text: str, expected: str | None) -> None:
    assert script(text) == expected
