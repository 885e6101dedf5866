"""Several turns with the running engine: questions within forms, the same one again, two of them at once."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.dialogue.engine import Customer, evidence, is_said, short_answer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

Meet = Callable[[str], Customer]
both = pytest.mark.parametrize("lang", ["ru", "en"])
JOBS = {
    "outage": {
        "ru": ("есть ли авария по моему адресу?", "Лесная 12", "utter_outage_accident"),
        "en": ("is there an outage at my address?", "12 Lesnaya", "utter_outage_accident"),
    },
    "balance": {
        "ru": ("какой у меня баланс", "71234567", "utter_balance_debt"),
        "en": ("what's my balance", "71234567", "utter_balance_debt"),
    },
    "visit": {
        "ru": ("когда придёт мой мастер?", "71234567", "utter_visit_booked"),
        "en": ("when does my technician come", "71234567", "utter_visit_booked"),
    },
}
SLOT = {"outage": "street", "balance": "account", "visit": "account"}
QUESTION = {"ru": "как сменить пароль от вай-фая на роутере", "en": "how do I change the wifi password on my router"}
FOLLOW_UP = {"ru": "а если я забыл пароль администратора?", "en": "and what if I forgot the admin password?"}
THANKS = {"ru": "спасибо большое", "en": "thank you very much"}
SURE = evidence("sure", 0.9, "wifi-password", "router-reset", "router-setup")
UNSURE = evidence("unsure", 0.5, "a", "b")


def again(longer: str = "", *, miss: bool = True, found: dict[str, Any] = SURE) -> dict[str, Any]:
    """The evidence of a question whose article has been given already."""
    return found | {"again": {"longer": longer, "miss": miss}}


@both
@pytest.mark.parametrize("job", JOBS)
def test_a_form_survives_questions_and_small_talk_and_asks_again_each_time(customer: Meet, job: str, lang: str) -> None:
    wish, details, report = JOBS[job][lang]
    visitor, asked_again = customer(lang), f"utter_again_{SLOT[job]}"
    visitor.say(wish)
    turns = (
        (QUESTION, SURE, ("answer", "wifi-password")),
        (FOLLOW_UP, evidence("sure", 0.85, "router-reset"), ("answer", "router-reset")),
        (THANKS, evidence("none", 0.0), None),
        (QUESTION, evidence("unsure", 0.5, "pay-how", "pay-debt"), ("clarify", "pay-how pay-debt")),
    )
    for text, found, wanted in turns:
        answer = visitor.say(text[lang], found)
        assert answer.wishes == ([wanted] if wanted else [])
        assert (answer.form, len(answer.texts)) == (f"{job}_form", 2)
        assert is_said(answer.texts[-1], asked_again, lang), answer.texts
    assert is_said(visitor.told(details), report, lang)


@both
def test_more_of_an_article_is_said_to_whoever_goes_on_about_it(customer: Meet, lang: str) -> None:
    visitor = customer(lang)
    visitor.say(QUESTION[lang], SURE)
    answer = visitor.say(FOLLOW_UP[lang], again("## Another part", miss=False))
    assert (answer.texts, answer.wishes) == (["## Another part"], [("answer", "wifi-password")])
    assert visitor.say(QUESTION[lang], UNSURE).wishes == [("clarify", "a b")], "going on is no miss"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("ru", "а почём?"),
        ("ru", "и сколько стоит?"),
        ("ru", "а на сколько дней?"),
        ("ru", "и что мне делать?"),
        ("ru", "а отменить можно?"),
        ("en", "how long?"),
        ("en", "how much is it?"),
        ("en", "can it be automatic?"),
        ("en", "and after that?"),
        ("en", "can I cancel it?"),
    ],
)
def test_a_follow_up_is_not_taken_for_nonsense_or_a_wish(customer: Meet, lang: str, text: str) -> None:
    answer = customer(lang).say(text, evidence("sure", 0.7, "static-ip") | {"follows": True})
    assert answer.wishes == [("answer", "static-ip")]


@pytest.mark.parametrize(
    ("lang", "text", "form"),
    [
        ("ru", "а какой у меня баланс?", "balance_form"),
        ("ru", "а когда придёт мастер?", "visit_form"),
        ("en", "and what's my balance?", "balance_form"),
        ("en", "and is there an outage?", "outage_form"),
    ],
)
def test_a_clear_wish_in_few_words_is_one(customer: Meet, lang: str, text: str, form: str) -> None:
    assert customer(lang).say(text, evidence("sure", 0.7, "pay-how") | {"follows": True}).form == form


@both
def test_a_follow_up_inside_a_form_is_no_new_wish(customer: Meet, lang: str) -> None:
    visitor = customer(lang)
    visitor.say(JOBS["balance"][lang][0])
    found = evidence("sure", 0.7, "static-ip") | {"follows": True}
    answer = visitor.say({"ru": "и сколько стоит?", "en": "how much is it?"}[lang], found)
    assert (answer.wishes, answer.form) == ([("answer", "static-ip")], "balance_form")
    assert is_said(answer.texts[-1], "utter_again_account", lang)
    assert is_said(visitor.told("71234567"), "utter_balance_debt", lang)


@both
def test_the_same_question_is_answered_otherwise_and_then_by_a_person(customer: Meet, lang: str) -> None:
    visitor = customer(lang)
    visitor.say(QUESTION[lang], SURE)
    once = visitor.say(QUESTION[lang], again("## Another part"))
    assert once.wishes == [("answer", "wifi-password"), ("clarify", "router-reset router-setup")]
    assert once.texts[0] == "## Another part"
    assert is_said(once.texts[1], "utter_again", lang)
    assert visitor.say(QUESTION[lang], again("## A third part")).wishes == [("handoff", "second_miss")]


@both
def test_without_more_to_say_other_articles_are_offered(customer: Meet, lang: str) -> None:
    visitor = customer(lang)
    visitor.say(QUESTION[lang], SURE)
    answer = visitor.say(QUESTION[lang], again())
    assert answer.wishes == [("clarify", "router-reset router-setup")]
    assert is_said(answer.texts[0], "utter_again_else", lang)


@both
def test_without_other_articles_a_person_is_offered(customer: Meet, lang: str) -> None:
    visitor, alone = customer(lang), evidence("sure", 0.9, "wifi-password")
    visitor.say(QUESTION[lang], alone)
    answer = visitor.say(QUESTION[lang], again("## Another part", found=alone))
    assert is_said(answer.texts[1], "utter_again_person", lang)
    assert answer.payloads == ["/rephrase", "/ask_human"]


def test_an_answer_to_something_else_forgives_a_repeated_question(customer: Meet) -> None:
    visitor = customer("en")
    visitor.say(QUESTION["en"], SURE)
    visitor.say(QUESTION["en"], again())
    visitor.say("how do I pay", evidence("sure", 0.9, "pay-how"))
    assert visitor.say(QUESTION["en"], again()).wishes == [("clarify", "router-reset router-setup")]


@both
def test_a_question_repeated_inside_a_form_leaves_it_for_a_person(customer: Meet, lang: str) -> None:
    visitor = customer(lang)
    visitor.say(JOBS["balance"][lang][0])
    visitor.say(QUESTION[lang], SURE)
    once = visitor.say(QUESTION[lang], again("## Another part"))
    assert is_said(once.texts[-1], "utter_again_account", lang)
    twice = visitor.say(QUESTION[lang], again("## A third part"))
    assert (twice.wishes, twice.form) == ([("handoff", "second_miss")], None)


@both
def test_two_questions_are_answered_in_their_order(customer: Meet, lang: str) -> None:
    text = {"ru": "как вернуть деньги и где мой чек?", "en": "How do I get a refund? Also where is my receipt?"}[lang]
    found = evidence("sure", 0.9, "refund") | {"also": [evidence("sure", 0.8, "pay-receipt")]}
    answer = customer(lang).say(text, found)
    assert answer.wishes == [("answer", "refund"), ("answer", "pay-receipt")]
    assert answer.texts == [short_answer("refund"), short_answer("pay-receipt")]


@both
def test_the_doubtful_one_of_two_questions_is_asked_back_about_and_is_no_miss(customer: Meet, lang: str) -> None:
    visitor = customer(lang)
    answer = visitor.say(QUESTION[lang], SURE | {"also": [UNSURE]})
    assert answer.wishes == [("answer", "wifi-password"), ("clarify", "a b")]
    assert is_said(answer.texts[1], "utter_clarify_also", lang)
    assert visitor.say(QUESTION[lang], UNSURE).wishes == [("clarify", "a b")]


@both
def test_what_nothing_is_known_about_beside_an_answer_is_said_to_have_none(customer: Meet, lang: str) -> None:
    text = {"ru": "как сменить пароль? и какая завтра погода?", "en": "How do I change the password? Will it rain?"}[
        lang
    ]
    answer = customer(lang).say(text, SURE | {"partly": True})
    assert answer.wishes == [("answer", "wifi-password")]
    assert is_said(answer.texts[-1], "utter_partly", lang)


@both
def test_a_few_words_that_go_on_about_an_answer_start_no_form(customer: Meet, lang: str) -> None:
    visitor = customer(lang)
    visitor.say(QUESTION[lang], SURE)
    answer = visitor.say({"ru": "и долго?", "en": "how long?"}[lang], UNSURE | {"follows": True})
    assert (answer.wishes, answer.form) == ([("clarify", "a b")], None)


@both
def test_a_job_and_a_question_are_both_seen_to(customer: Meet, lang: str) -> None:
    text = {"ru": "какой у меня баланс и как его пополнить?", "en": "what's my balance and how do I top it up?"}[lang]
    found = evidence("unsure", 0.4, "bill-details") | {"also": [evidence("sure", 0.9, "pay-how")]}
    answer = customer(lang).say(text, found)
    assert answer.wishes == [("answer", "pay-how")]
    assert (answer.form, is_said(answer.texts[-1], "utter_ask_account", lang)) == ("balance_form", True)
