"""What a dialogue is about and what was said already, read from its rows alone."""

from datetime import timedelta
from typing import Any

import pytest

from bot.conversation.memory import LASTS, LONGEST, TURNS, Given, given, topic
from bot.conversation.model import Act, Author, Button, Kind, Message, Source
from bot.kb.model import Topic
from tests.unit.conversation.stage import START


class Talk:
    """Rows written one after another, a minute apart."""

    def __init__(self) -> None:
        self.rows: list[Message] = []

    def add(self, author: Author, text: str, **fields: Any) -> "Talk":
        seq = len(self.rows) + 1
        at = START + timedelta(minutes=seq)
        self.rows.append(Message("c", seq, f"cid-{seq}", author, text, at, **fields))
        return self

    def ask(self, text: str) -> "Talk":
        return self.add(Author.CUSTOMER, text)

    def answer(self, article: str, question: str = "", **fields: Any) -> "Talk":
        evidence = {"question": question} if question else {}
        source = Source(article, article, "/help") if article else None
        kind = {"kind": Kind.ANSWER, "in_reply_to": self._last_asked(), "source": source, "evidence": evidence}
        return self.add(Author.BOT, f"{article}.", **kind | fields)

    def say(self, text: str, **fields: Any) -> "Talk":
        return self.add(Author.BOT, text, **{"in_reply_to": self._last_asked()} | fields)

    def _last_asked(self) -> int:
        return max(row.seq for row in self.rows if row.author is Author.CUSTOMER)

    def topic(self, later: timedelta = timedelta()) -> Topic | None:
        return topic(self.rows, self.rows[-1].created_at + later)

    def given(self, article: str, question: str, text: str = "") -> Given | None:
        return given(self.rows, self.rows[-1].created_at, article, question, text or question)


def paid() -> Talk:
    return Talk().ask("как оплатить интернет").answer("pay-how")


def test_the_topic_is_the_question_answered_last() -> None:
    assert topic([], START) is None
    assert paid().topic() == Topic("как оплатить интернет", "pay-how")
    assert paid().ask("а тарифы").answer("tariff-list").topic() == Topic("а тарифы", "tariff-list")


def test_a_follow_up_hands_on_both_questions_and_does_not_grow_for_ever() -> None:
    talk = paid().ask("а по карте?").answer("pay-how", "как оплатить интернет а по карте?")
    assert talk.topic() == Topic("как оплатить интернет а по карте?", "pay-how")
    endless = paid().ask("а ещё?").answer("pay-how", "слово " * 100).topic()
    assert endless is not None
    assert len(endless.question) == LONGEST


def test_small_talk_does_not_end_a_topic() -> None:
    assert paid().ask("спасибо").say("Пожалуйста!", evidence={"intent": "thank"}).topic() is not None


def test_a_topic_ends_after_some_lines_and_some_minutes() -> None:
    talk = paid()
    for _ in range(TURNS):
        talk.ask("ясно").say("Хорошо.")
    assert talk.topic() is not None
    assert talk.ask("ясно").say("Хорошо.").topic() is None
    assert paid().topic(LASTS) is not None
    assert paid().topic(LASTS + timedelta(seconds=1)) is None


@pytest.mark.parametrize("kind", [Kind.HANDOFF, Kind.JOINED, Kind.RETURNED, Kind.FAREWELL, Kind.RATING_REQUEST])
def test_no_topic_is_carried_over_a_handoff_or_a_close(kind: Kind) -> None:
    assert paid().add(Author.SYSTEM, "…", kind=kind).topic() is None
    assert paid().add(Author.SYSTEM, "…", kind=kind).given("pay-how", "как оплатить интернет") is None


def test_no_topic_is_carried_over_a_persons_words() -> None:
    assert paid().add(Author.OPERATOR, "Здравствуйте").topic() is None


def test_what_is_said_while_waiting_at_night_is_a_topic_again() -> None:
    assert paid().add(Author.SYSTEM, "…", kind=Kind.HANDOFF).ask("чек").answer("receipt").topic() == Topic(
        "чек", "receipt"
    )


def test_a_job_is_a_new_topic_but_the_offer_of_one_is_not() -> None:
    job = {"evidence": {"intent": "check_balance"}}
    assert paid().ask("какой баланс").say("Номер счёта?", **job).topic() is None
    assert paid().say("Могу посмотреть баланс.", **job).topic() is not None


def test_a_question_inside_a_form_is_a_topic() -> None:
    talk = Talk().ask("какой баланс").say("Номер счёта?", evidence={"intent": "check_balance"})
    talk.ask("где его взять").answer("account-number").say("А теперь номер?", evidence={"intent": "ask_account"})
    assert talk.topic() == Topic("где его взять", "account-number")


def test_what_was_asked_back_about_is_a_question_without_an_article() -> None:
    assert Talk().ask("оплата").say("Что ближе?", kind=Kind.CLARIFY).topic() == Topic("оплата")
    choices = (Button("a", "Долг", Act.ARTICLE, "pay-debt"), Button("person", "Человек", Act.PERSON))
    asked = Talk().ask("оплата").say("Что ближе?", kind=Kind.CLARIFY, buttons=choices)
    assert asked.topic() == Topic("оплата", offered=("pay-debt",))


def test_the_same_question_again_is_a_miss_of_the_answer_given() -> None:
    assert paid().given("pay-how", "как оплатить интернет") == Given(2, miss=True)
    assert paid().given("pay-how", "интернет как оплатить?!") == Given(2, miss=True)


def test_another_question_with_the_same_answer_is_a_miss_unless_it_goes_on() -> None:
    assert paid().given("pay-how", "можно внести деньги через терминал в магазине") == Given(2, miss=True)
    assert paid().given("pay-how", "как оплатить интернет а по карте?", "а по карте?") == Given(2, miss=False)


def test_another_article_is_no_repeat() -> None:
    assert paid().given("pay-receipt", "как оплатить интернет") is None


def test_after_another_answer_only_the_same_question_is_a_repeat() -> None:
    talk = paid().ask("какие тарифы").answer("tariff-list")
    assert talk.given("pay-how", "можно внести деньги через терминал в магазине") is None
    assert talk.given("pay-how", "как оплатить интернет") == Given(2, miss=True)


def test_of_two_answers_given_at_once_both_count_as_just_given() -> None:
    talk = Talk().ask("как оплатить и где чек")
    talk.answer("pay-how", "как оплатить").answer("pay-receipt", "где чек")
    assert talk.given("pay-how", "через терминал можно внести", "а через терминал?") == Given(2, miss=False)
    assert talk.given("pay-receipt", "где чек") == Given(3, miss=True)
