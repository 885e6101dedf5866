"""The three jobs with the running engine: asked step by step, answered wrongly, interrupted, resumed, failed."""

from collections.abc import Callable, Iterator

import pytest

from tests.dialogue.engine import Customer, Engine, evidence, is_said, short_answer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

Meet = Callable[[str], Customer]
both = pytest.mark.parametrize("lang", ["ru", "en"])
OUTAGE = {"ru": "есть ли авария по моему адресу?", "en": "is there an outage at my address?"}
BALANCE = {"ru": "какой у меня баланс", "en": "what's my balance"}
VISIT = {"ru": "когда придёт мой мастер?", "en": "when does my technician come"}
QUESTION = {"ru": "как сменить пароль от вай-фая", "en": "how do I change the wifi password"}
CANCEL = {"ru": "я передумал", "en": "never mind"}
OPERATOR = {"ru": "позовите оператора", "en": "talk to a human"}
YES = {"ru": "да", "en": "yes"}


@both
def test_an_outage_is_looked_up_step_by_step(customer: Meet, lang: str) -> None:
    visitor = customer(lang)
    asked = visitor.say(OUTAGE[lang])
    assert (asked.form, is_said(asked.texts[0], "utter_ask_street", lang)) == ("outage_form", True)
    street = visitor.say({"ru": "улица Лесная", "en": "Lesnaya street"}[lang])
    assert is_said(street.texts[0], "utter_ask_house", lang)
    assert street.fields["street"] == {"ru": "Лесная", "en": "Lesnaya"}[lang]
    report = visitor.say({"ru": "дом 12, кв. 5", "en": "house 12, apt 5"}[lang])
    assert is_said(report.texts[0], "utter_outage_accident", lang)
    assert (report.form, report.fields) == (
        None,
        {"address": {"ru": "Лесная, 12, кв. 5", "en": "Lesnaya, 12, apt. 5"}[lang]},
    )


@pytest.mark.parametrize(
    ("lang", "address", "response"),
    [
        ("ru", "ул. Лесная, д. 12, кв. 5", "utter_outage_accident"),
        ("en", "12 Lesnaya st apt 5", "utter_outage_accident"),
        ("ru", "садовая 8", "utter_outage_works"),
        ("en", "8 Sadovaya", "utter_outage_works"),
        ("ru", "проспект Мира 3", "utter_outage_none"),
        ("en", "Mira Avenue 3", "utter_outage_none"),
    ],
)
def test_a_whole_address_is_enough(customer: Meet, lang: str, address: str, response: str) -> None:
    visitor = customer(lang)
    visitor.say(OUTAGE[lang])
    assert is_said(visitor.told(address), response, lang)


@pytest.mark.parametrize(
    ("lang", "number", "response"),
    [
        ("ru", "л/с 7123 4567", "utter_balance_debt"),
        ("en", "account no 7123-4567", "utter_balance_debt"),
        ("ru", "78123456", "utter_balance_low"),
        ("en", "my account is 70045812", "utter_balance_fine"),
    ],
)
def test_a_balance_is_looked_up(customer: Meet, lang: str, number: str, response: str) -> None:
    visitor = customer(lang)
    assert is_said(visitor.say(BALANCE[lang]).texts[0], "utter_ask_account", lang)
    report = visitor.say(number)
    assert is_said(report.texts[0], response, lang)
    assert (report.form, len(report.fields["account_number"])) == (None, 8)


@both
def test_a_visit_is_looked_up(customer: Meet, lang: str) -> None:
    visitor = customer(lang)
    visitor.say(VISIT[lang])
    assert is_said(visitor.told("71234567"), "utter_visit_booked", lang)
    assert is_said(customer_with(visitor, lang).say("70045812").texts[0], "utter_visit_none", lang)


def customer_with(visitor: Customer, lang: str) -> Customer:
    """Somebody else who has just asked for their visit."""
    other = Customer(visitor.engine, lang)
    other.say(VISIT[lang])
    return other


@both
def test_a_question_is_answered_and_the_form_asks_again(customer: Meet, lang: str) -> None:
    visitor = customer(lang)
    visitor.say(BALANCE[lang])
    answer = visitor.say(QUESTION[lang], evidence("sure", 0.9, "wifi-password"))
    assert answer.wishes == [("answer", "wifi-password")]
    assert answer.texts[0] == short_answer("wifi-password")
    assert (answer.form, is_said(answer.texts[1], "utter_again_account", lang)) == ("balance_form", True)
    assert is_said(visitor.told("7123 4567"), "utter_balance_debt", lang)


@pytest.mark.parametrize(
    ("lang", "text"), [("ru", "а что такое лицевой счёт 300"), ("en", "where do I find that number 42")]
)
def test_a_wrong_answer_that_is_a_question_is_answered(customer: Meet, lang: str, text: str) -> None:
    visitor = customer(lang)
    visitor.say(BALANCE[lang])
    answer = visitor.say(text, evidence("sure", 0.9, "account-number"))
    assert answer.wishes == [("answer", "account-number")]
    assert is_said(answer.texts[1], "utter_again_account", lang)


@both
def test_small_talk_does_not_lose_the_form(customer: Meet, lang: str) -> None:
    visitor = customer(lang)
    visitor.say(OUTAGE[lang])
    visitor.say({"ru": "Лесная", "en": "Lesnaya"}[lang])
    thanks = visitor.say({"ru": "спасибо", "en": "thank you"}[lang])
    assert is_said(thanks.texts[0], "utter_thank", lang)
    assert is_said(thanks.texts[1], "utter_again_house", lang)
    assert is_said(visitor.told("12"), "utter_outage_accident", lang)


@both
def test_a_form_is_cancelled_by_words_and_by_button(customer: Meet, lang: str) -> None:
    by_words, by_button = customer(lang), customer(lang)
    for visitor, stopped in ((by_words, by_words.say), (by_button, by_button.press)):
        visitor.say(OUTAGE[lang])
        answer = stopped(CANCEL[lang] if stopped == by_words.say else "/cancel")
        assert is_said(answer.texts[0], "utter_cancelled", lang)
        assert (answer.form, answer.fields) == (None, {})


@both
def test_a_person_is_called_out_of_a_form_with_what_was_collected(customer: Meet, lang: str) -> None:
    visitor = customer(lang)
    visitor.say(OUTAGE[lang])
    visitor.say({"ru": "улица Садовая", "en": "Sadovaya street"}[lang])
    answer = visitor.say(OPERATOR[lang])
    assert answer.wishes == [("handoff", "asked")]
    assert (answer.form, answer.fields) == (None, {"street": {"ru": "Садовая", "en": "Sadovaya"}[lang]})


@both
def test_the_second_wrong_answer_offers_a_person(customer: Meet, lang: str) -> None:
    visitor = customer(lang)
    visitor.say(BALANCE[lang])
    first, second = visitor.say("7123456"), visitor.say("8 900 123-45-67")
    assert is_said(first.texts[0], "utter_bad_account_length", lang)
    assert first.payloads == []
    assert is_said(second.texts[0], "utter_bad_account_phone", lang)
    assert second.payloads == ["/ask_human", "/cancel"]
    assert second.form == "balance_form"
    assert is_said(visitor.told("71234567"), "utter_balance_debt", lang)


@pytest.mark.parametrize(
    ("lang", "text", "response"),
    [
        ("ru", "12345678", "utter_bad_account_start"),
        ("en", "79999999", "utter_bad_account_unknown"),
        ("ru", "ыва", "utter_bad_account_missing"),
        ("en", "no", "utter_bad_refused"),
    ],
)
def test_a_wrong_account_number_is_met_with_help(customer: Meet, lang: str, text: str, response: str) -> None:
    visitor = customer(lang)
    visitor.say(BALANCE[lang])
    answer = visitor.say(text)
    assert is_said(answer.texts[0], response, lang), answer.texts
    assert answer.form == "balance_form"


@both
def test_an_unknown_street_is_met_with_help(customer: Meet, lang: str) -> None:
    visitor = customer(lang)
    visitor.say(OUTAGE[lang])
    answer = visitor.say({"ru": "ул. Тверская, 5", "en": "5 Baker Street"}[lang])
    assert is_said(answer.texts[0], "utter_bad_street", lang)


@both
def test_what_is_known_is_confirmed_instead_of_asked_again(customer: Meet, lang: str) -> None:
    visitor = customer(lang)
    visitor.say(BALANCE[lang])
    visitor.say("71234567")
    confirm = visitor.say(VISIT[lang])
    assert is_said(confirm.texts[0], "utter_confirm_account", lang)
    assert confirm.payloads == ["/affirm", "/deny"]
    assert is_said(visitor.told(YES[lang]), "utter_visit_booked", lang)
    visitor.say(VISIT[lang])
    assert is_said(visitor.press("/deny").texts[0], "utter_ask_account", lang)
    assert is_said(visitor.told("70045812"), "utter_visit_none", lang)


@both
def test_one_job_gives_way_to_another(customer: Meet, lang: str) -> None:
    visitor = customer(lang)
    visitor.say(OUTAGE[lang])
    switched = visitor.say(BALANCE[lang])
    assert (switched.form, is_said(switched.texts[0], "utter_ask_account", lang)) == ("balance_form", True)


@both
def test_details_out_of_the_blue_are_kept_for_the_job_that_follows(customer: Meet, lang: str) -> None:
    visitor = customer(lang)
    noted = visitor.say({"ru": "мой лс 71234567", "en": "my account is 71234567"}[lang])
    assert is_said(noted.texts[0], "utter_details_account", lang)
    assert noted.payloads == ["/check_balance", "/check_visit"]
    assert is_said(visitor.press("/check_balance").texts[0], "utter_balance_debt", lang)


@pytest.mark.parametrize(("lang", "text"), [("ru", "авария на Лесной 12"), ("en", "is there an outage at 12 Lesnaya")])
def test_an_address_in_the_first_words_is_not_asked_for(customer: Meet, lang: str, text: str) -> None:
    assert is_said(customer(lang).say(text).texts[0], "utter_outage_accident", lang)


@both
@pytest.mark.usefixtures("broken_system")
def test_an_outage_that_nobody_can_look_up_means_a_person(customer: Meet, lang: str) -> None:
    failed = customer(lang).say(OUTAGE[lang])
    assert is_said(failed.texts[0], "utter_job_failed", lang)
    assert (failed.wishes, failed.form) == ([("handoff", "job_failed")], None)


@pytest.mark.parametrize(("lang", "address"), [("ru", "Лесная 12"), ("en", "12 Lesnaya")])
def test_a_system_that_goes_down_inside_the_outage_form_means_a_person(
    engine: Engine, customer: Meet, lang: str, address: str
) -> None:
    visitor = customer(lang)
    visitor.say(OUTAGE[lang])
    whole = engine.customers.read_bytes()
    engine.customers.unlink()
    try:
        question = visitor.say(QUESTION[lang], evidence("sure", 0.9, "wifi-password"))
        failed = visitor.say(address)
    finally:
        engine.customers.write_bytes(whole)
    assert (question.wishes, question.form) == ([("answer", "wifi-password")], "outage_form")
    assert (failed.wishes, failed.form) == ([("handoff", "job_failed")], None)


@pytest.fixture
def broken_system(engine: Engine) -> Iterator[None]:
    whole = engine.customers.read_bytes()
    engine.customers.write_text("not json")
    yield
    engine.customers.write_bytes(whole)


@both
@pytest.mark.usefixtures("broken_system")
def test_a_system_that_is_down_means_an_apology_and_a_person(customer: Meet, lang: str) -> None:
    visitor = customer(lang)
    visitor.say(BALANCE[lang])
    answer = visitor.say("71234567")
    assert is_said(answer.texts[0], "utter_job_failed", lang)
    assert answer.wishes == [("handoff", "job_failed")]
    assert (answer.form, answer.fields) == (None, {"account_number": "71234567"})
