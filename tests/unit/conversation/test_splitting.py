"""Two questions in one message: cut only between questions, and only when the parts find more than the whole."""

import time

import pytest

from bot.conversation.model import TEXT_LIMIT
from bot.conversation.splitting import MOST, questions, several
from bot.kb.model import Evidence, Verdict
from tests.unit.conversation.stage import evidence, hit

DOUBLE = [
    ("как вернуть деньги и где мой чек?", ("как вернуть деньги", "где мой чек?")),
    ("How do I reset my password? Also what are your hours?", ("How do I reset my password?", "what are your hours?")),
    ("Как сменить тариф? И ещё вопрос: сколько стоит роутер?", ("Как сменить тариф?", "сколько стоит роутер?")),
    ("Здравствуйте! Как оплатить? И где чек?", ("Здравствуйте! Как оплатить?", "где чек?")),
    ("где договор, а также подскажите, как его переоформить", ("где договор", "как его переоформить")),
    ("how do I pay and where is my receipt", ("how do I pay", "where is my receipt")),
    ("what are your hours; how do I call you", ("what are your hours", "how do I call you")),
    ("Я переезжаю. Как перенести интернет? Сколько это стоит?",
     ("Я переезжаю. Как перенести интернет?", "Сколько это стоит?")),
]  # fmt: skip
SINGLE = [
    "как сбросить роутер и настроить его заново", "что делать, если нет интернета и телевидения", "привет", "", "?!",
    "как оплатить интернет и тв", "Я вчера оплатил интернет. Почему он не работает?", "почём роутер и приставка",
    "how do I reset my router and set it up again", "internet and tv are both down, what now", "Hello! How do I pay?",
    "what is the difference between 2.4 and 5 GHz", "тариф 300 и тариф 500 чем отличаются?", "где? ну где?",
]  # fmt: skip


@pytest.mark.parametrize(("text", "parts"), DOUBLE)
def test_questions_are_told_apart(text: str, parts: tuple[str, ...]) -> None:
    assert questions(text) == parts


@pytest.mark.parametrize("text", SINGLE)
def test_one_question_is_never_cut(text: str) -> None:
    assert questions(text) == ()


def test_a_letter_is_answered_from_its_beginning() -> None:
    assert len(questions("Как оплатить? " * 8)) == MOST


@pytest.mark.parametrize("piece", [" ", "и ", "и как ", "? ", "ещё, ", "also ", "\n", "a"])
def test_no_letter_holds_up_the_others(piece: str) -> None:
    """Processor time; 25 ms were measured for the worst of them."""
    started = time.thread_time()
    questions((piece * TEXT_LIMIT)[:TEXT_LIMIT])
    assert time.thread_time() - started < 0.25


def found(article: str, verdict: Verdict = Verdict.SURE) -> Evidence:
    return evidence(verdict, 0.9, hit(article))


def answered(whole: Evidence, *parts: Evidence) -> list[str]:
    chosen = several(whole, parts)
    return [one.hits[0].article for one in (chosen, *chosen.also)]


def test_sure_parts_of_different_articles_are_all_answered_in_order() -> None:
    assert answered(found("a"), found("b"), found("a")) == ["b", "a"]
    assert answered(found("a", Verdict.UNSURE), found("a"), found("b"), found("c")) == ["a", "b", "c"]


def test_parts_of_one_article_are_one_question() -> None:
    assert answered(found("a"), found("a"), found("a")) == ["a"]
    assert answered(found("a"), found("a"), found("a", Verdict.UNSURE)) == ["a"]


def test_the_doubtful_part_beside_a_sure_one_is_asked_back_about() -> None:
    assert answered(found("b"), found("a", Verdict.UNSURE), found("b"), found("c", Verdict.UNSURE)) == ["b", "a"]


def test_the_whole_wins_when_it_surely_is_about_something_else() -> None:
    assert answered(found("whole"), found("a"), found("b")) == ["whole"]


def test_without_a_sure_part_nothing_is_cut() -> None:
    assert answered(found("whole", Verdict.UNSURE), found("a", Verdict.UNSURE), found("b", Verdict.UNSURE)) == ["whole"]
    nothing = evidence(Verdict.NONE, 0.0)
    assert several(nothing, [nothing, nothing]) is nothing


def test_a_part_about_which_nothing_is_known_does_not_hold_back_the_answer_to_the_other() -> None:
    weather = evidence(Verdict.NONE, 0.05, hit("outage-check"))
    for whole in (found("a"), found("a", Verdict.UNSURE)):
        chosen = several(whole, [weather, found("a")])
        assert (chosen.hits[0].article, chosen.verdict, chosen.partly) == ("a", Verdict.SURE, True)
    assert not several(found("a"), [evidence(Verdict.NONE, 0.2), found("a")]).partly
