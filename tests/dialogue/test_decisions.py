"""Every decision of the table, taken by the running engine in both languages."""

from collections.abc import Callable

import pytest

from tests.dialogue.engine import NOTHING, Customer, evidence, is_said, short_answer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

Meet = Callable[[str], Customer]
QUESTION = {"ru": "как сменить пароль от вай-фая на роутере", "en": "how do I change the wifi password on my router"}
OPERATOR = {"ru": "позовите оператора", "en": "talk to a human"}
WRONG = {"ru": "это не помогло", "en": "that's not it"}
MASH = {"ru": "фыва", "en": "asdfgh"}
both = pytest.mark.parametrize("lang", ["ru", "en"])

SMALL_TALK = [
    ("ru", "здравствуйте", "utter_greet"),
    ("en", "hello", "utter_greet"),
    ("ru", "спасибо большое", "utter_thank"),
    ("en", "thank you very much", "utter_thank"),
    ("ru", "до свидания", "utter_goodbye"),
    ("en", "bye", "utter_goodbye"),
    ("ru", "Вы робот?", "utter_bot_challenge"),
    ("en", "are you a robot", "utter_bot_challenge"),
    ("ru", "что ты умеешь?", "utter_capabilities"),
    ("en", "what can you do", "utter_capabilities"),
    ("ru", "говорите по-русски", "utter_switch_language"),
    ("en", "speak English", "utter_switch_language"),
    ("ru", "фыва", "utter_gibberish"),
    ("en", "asdfgh", "utter_gibberish"),
    ("ru", "отмена", "utter_nothing_to_cancel"),
    ("en", "never mind", "utter_nothing_to_cancel"),
]


@pytest.mark.parametrize(("lang", "text", "response"), SMALL_TALK)
def test_small_talk_gets_a_fitting_reply_in_its_language(customer: Meet, lang: str, text: str, response: str) -> None:
    (said,) = customer(lang).say(text).texts
    assert is_said(said, response, lang), said


@pytest.mark.parametrize(("lang", "word"), [("ru", "автоматический помощник"), ("en", "automated assistant")])
def test_the_bot_says_that_it_is_one(customer: Meet, lang: str, word: str) -> None:
    answer = customer(lang).say({"ru": "ты бот?", "en": "am I talking to a bot?"}[lang])
    assert word in answer.texts[0]
    assert answer.payloads == ["/ask_human"]


@both
def test_sure_evidence_is_answered_with_its_article(customer: Meet, lang: str) -> None:
    answer = customer(lang).say(QUESTION[lang], evidence("sure", 0.9, "wifi-password", "router-reset"))
    assert answer.texts == [short_answer("wifi-password")]
    assert answer.wishes == [("answer", "wifi-password")]


@both
def test_unsure_evidence_is_asked_back_with_at_most_three_articles(customer: Meet, lang: str) -> None:
    answer = customer(lang).say(QUESTION[lang], evidence("unsure", 0.5, "a", "b", "c", "d"))
    assert is_said(answer.texts[0], "utter_clarify", lang)
    assert answer.wishes == [("clarify", "a b c")]


@both
def test_the_second_miss_calls_a_person(customer: Meet, lang: str) -> None:
    visitor = customer(lang)
    visitor.say(QUESTION[lang], evidence("unsure", 0.5, "a", "b"))
    assert visitor.say(QUESTION[lang], evidence("unsure", 0.5, "c", "d")).wishes == [("handoff", "second_miss")]


def test_an_answer_between_two_misses_forgives_the_first(customer: Meet) -> None:
    visitor = customer("en")
    visitor.say(QUESTION["en"], evidence("unsure", 0.5, "a"))
    visitor.say(QUESTION["en"], evidence("sure", 0.9, "b"))
    assert visitor.say(QUESTION["en"], evidence("unsure", 0.5, "c")).wishes == [("clarify", "c")]


@both
def test_no_evidence_calls_a_person(customer: Meet, lang: str) -> None:
    answer = customer(lang).say(QUESTION[lang])
    assert answer.wishes == [("handoff", "not_found")]
    assert answer.texts == []


def test_a_pressed_article_is_answered_however_unsure_the_search_was(customer: Meet) -> None:
    answer = customer("ru").press("/choose_article", evidence("none", 0.1, "tariff-list", confirmed=True))
    assert answer.wishes == [("answer", "tariff-list")]


def test_none_of_the_offered_articles_calls_a_person(customer: Meet) -> None:
    assert customer("en").press("/none_of_these").wishes == [("handoff", "not_found")]


@both
def test_a_person_is_called_when_asked_for_by_words_or_button(customer: Meet, lang: str) -> None:
    assert customer(lang).say(OPERATOR[lang]).wishes == [("handoff", "asked")]
    assert customer(lang).press("/ask_human").wishes == [("handoff", "asked")]


@both
def test_a_person_is_called_even_when_the_evidence_is_sure(customer: Meet, lang: str) -> None:
    assert customer(lang).say(OPERATOR[lang], evidence("sure", 0.99, "a")).wishes == [("handoff", "asked")]


@both
def test_the_first_complaint_is_met_with_a_choice_and_the_second_with_a_person(customer: Meet, lang: str) -> None:
    visitor = customer(lang)
    first = visitor.say(WRONG[lang])
    assert is_said(first.texts[0], "utter_bot_failed", lang)
    assert first.payloads == ["/rephrase", "/ask_human"]
    assert is_said(visitor.press("/rephrase").texts[0], "utter_rephrase", lang)
    assert visitor.say(WRONG[lang]).wishes == [("handoff", "frustration")]


def test_a_complaint_after_a_miss_calls_a_person(customer: Meet) -> None:
    visitor = customer("ru")
    visitor.say(QUESTION["ru"], evidence("unsure", 0.5, "a"))
    assert visitor.say(WRONG["ru"]).wishes == [("handoff", "frustration")]


@both
def test_nonsense_twice_in_a_row_offers_a_person_and_yes_takes_the_offer(customer: Meet, lang: str) -> None:
    visitor = customer(lang)
    assert visitor.say(MASH[lang]).payloads == []
    assert visitor.say(MASH[lang]).payloads == ["/ask_human"]
    assert visitor.say({"ru": "да", "en": "yes"}[lang]).wishes == [("handoff", "asked")]


def test_nonsense_counts_as_a_miss_only_when_repeated(customer: Meet) -> None:
    once, twice = customer("en"), customer("en")
    once.say(MASH["en"])
    twice.say(MASH["en"])
    twice.say(MASH["en"])
    unsure = evidence("unsure", 0.5, "a")
    assert once.say(QUESTION["en"], unsure).wishes == [("clarify", "a")]
    assert twice.say(QUESTION["en"], unsure).wishes == [("handoff", "second_miss")]


def test_clear_small_talk_is_not_overruled_by_evidence(customer: Meet) -> None:
    answer = customer("ru").say("спасибо", evidence("sure", 0.99, "a"))
    assert is_said(answer.texts[0], "utter_thank", "ru")


@pytest.mark.parametrize("text", ["…", "?", "///", " / "])
def test_a_message_without_a_word_is_answered_as_a_slip(customer: Meet, text: str) -> None:
    (said,) = customer("ru").say(text, NOTHING).texts
    assert is_said(said, "utter_gibberish", "ru")


@pytest.mark.parametrize(
    ("lang", "text", "response"),
    [
        ("en", "my account is 4081722", "utter_bad_account_length"),
        ("ru", "мой лицевой счёт 4081722", "utter_bad_account_length"),
        ("en", "my account is 40817221", "utter_bad_account_start"),
        ("ru", "мой лицевой счёт 79990001", "utter_bad_account_unknown"),
    ],
)
def test_details_that_are_not_ours_never_get_the_nearest_article(
    customer: Meet, lang: str, text: str, response: str
) -> None:
    answer = customer(lang).say(text, evidence("sure", 0.9, "account-number"))
    assert (answer.wishes, is_said(answer.texts[0], response, lang)) == ([], True)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "how tall is the Eiffel tower"),
        ("ru", "какая погода будет завтра в Казани"),
        ("en", "wie ist das Wetter heute"),
        ("ru", "你好，请问"),
        ("en", "zxcvb qwert"),
        ("ru", "олдж фывап"),
    ],
)
def test_what_is_out_of_scope_never_gets_the_nearest_article(customer: Meet, lang: str, text: str) -> None:
    answer = customer(lang).say(text, evidence("sure", 0.82, "wifi-password"))
    assert answer.wishes == []
    assert is_said(answer.texts[0], "utter_out_of_scope", lang) or is_said(answer.texts[0], "utter_gibberish", lang)


def test_a_greeting_in_the_other_keyboard_layout_is_a_greeting(customer: Meet) -> None:
    answer = customer("ru").say("plhfdcndeqnt", NOTHING | {"reading": "здравствуйте"})
    assert is_said(answer.texts[0], "utter_greet", "ru")
