"""Questions that lean on the one before: told by their wording, weighed by both questions, never by strange words."""

import numpy as np
import pytest

from bot.kb.followup import blended, doubtful, in_language, is_familiar, joined, near, settled
from bot.kb.leaning import leans
from bot.kb.lexical import words
from bot.kb.model import Evidence, Hit, Topic, Verdict
from bot.kb.sections import LONGEST, sections
from tests.unit.kb.samples import ALL, OUTAGE_EN, PAY, PAY_EN, WIFI

GOES_ON = [
    "а если по карте?", "и для бизнеса?", "А для офиса", "ну а сколько стоит", "а сколько ждать?", "или купить",
    "тогда как", "можно её сбросить?", "а там есть архив", "сколько каналов?", "на сколько дней?", "надолго?", "почём",
    "спасибо, а чек?", "and for business?", "what about my bank?", "how long?", "how much does it cost?",
    "And the router?", "can I cancel it?", "ok, and after that",
    "any discounts?", "for how many days?", "what if it's red?", "or buy one",
]  # fmt: skip
STANDS_ALONE = [
    "", "?!", "как сменить пароль от вай-фая на роутере", "не работает интернет", "хочу расторгнуть договор", "роутер",
    "я вчера оплатил интернет картой, а деньги на счёт до сих пор так и не пришли", "мой лицевой счёт 71234567",
    "how do I change the wifi password on my router", "internet is down", "my router", "I want to pay",
    "and I would also like to know how I can change the tariff that I have now",
]  # fmt: skip


@pytest.mark.parametrize("text", GOES_ON)
def test_what_goes_on_points_back_or_asks_in_few_words_leans_on_the_topic(text: str) -> None:
    assert leans(text)


@pytest.mark.parametrize("text", STANDS_ALONE)
def test_what_says_itself_what_it_is_about_stands_alone(text: str) -> None:
    assert not leans(text)


def test_a_few_words_make_clearer_what_was_asked_back_about() -> None:
    assert leans("по карте", Topic("как заплатить"))
    assert not leans("по карте", Topic("как заплатить", article="pay-how"))


@pytest.mark.parametrize(
    ("text", "familiar"),
    [
        ("а оплата картой?", True),
        ("и куда платить за пароль сети?", True),
        ("а погода?", False),
        ("и какая завтра погода в Казани", False),
        ("а я забыл пароль загранпаспорта от сети", True),
        ("расскажи анекдот", False),
        ("сколько стоит пароль от сейфа?", False),
        ("сколько будет 17 на 23", False),
        ("а как это", True),
    ],
)
def test_a_follow_up_is_made_of_words_the_articles_use(text: str, familiar: bool) -> None:
    written = "пароль от сети, оплата картой, куда платить за интернет, забыл"
    assert is_familiar(text, [words([written]).features]) is familiar


def test_both_questions_are_searched_as_one() -> None:
    assert joined(Topic("как оплатить"), "а по карте?") == "как оплатить а по карте?"


def test_after_a_change_of_language_the_title_stands_for_the_question() -> None:
    asked = Topic("как оплатить", "pay-how")
    assert in_language(asked, "ru", (PAY, WIFI)) is asked
    assert in_language(asked, "en", (PAY_EN, OUTAGE_EN)) == Topic(PAY_EN.title, "pay-how")
    assert in_language(Topic("как оплатить"), "en", (PAY_EN,)) == Topic("как оплатить")


def test_near_is_the_topics_own_article_and_what_either_names_as_related() -> None:
    own = WIFI.id
    assert near(Topic("пароль", own), ALL).tolist() == [True, False, False, False]
    assert near(Topic("сброс", "router-reset"), ALL).tolist() == [True, False, False, False]
    assert not near(Topic("пароль"), ALL).any()
    assert near(Topic("пароль", offered=(own,)), ALL).tolist() == [True, False, False, False]


def test_what_the_follow_up_adds_outweighs_what_the_topic_likes_anyway() -> None:
    topic, both, alone = (np.array([[one], [other]], np.float32) for one, other in ((0.9, 0.1), (0.8, 0.7), (0.1, 0.6)))
    judged = blended(alone, both, topic, np.array([False, False]))
    assert judged[1, 0] > judged[0, 0]
    assert judged.shape == (2, 1)


def found(article: str, verdict: Verdict, confidence: float) -> Evidence:
    return Evidence(verdict, confidence, (Hit(article, "en", "", "", "", 1.0),), "en")


def test_only_what_points_back_to_an_answer_is_doubtful_though_it_is_sure() -> None:
    answered = Topic("how do I pay", PAY.id)
    assert doubtful("how long does it take?", answered)
    assert not doubtful("how long does a payment take?", answered)
    assert not doubtful("how long does it take?", Topic("how do I pay"))


@pytest.mark.parametrize(
    ("together", "verdict", "article"),
    [
        (found("connect-time", Verdict.UNSURE, 0.6), Verdict.SURE, "connect-time"),
        (found("pay-how", Verdict.UNSURE, 0.4), Verdict.UNSURE, "pay-how"),
        (found("pay-how", Verdict.SURE, 0.8), Verdict.SURE, "pay-how"),
        (found("pay-how", Verdict.NONE, 0.1), Verdict.UNSURE, "connect-time"),
    ],
)
def test_where_the_words_alone_and_the_topic_disagree_it_is_asked_back(
    together: Evidence, verdict: Verdict, article: str
) -> None:
    asked = settled(together, found("connect-time", Verdict.SURE, 0.9), Topic("how do I pay", "pay-how"), ())
    assert (asked.verdict, asked.hits[0].article) == (verdict, article)


def test_a_body_is_cut_at_its_headings_and_crumbs_are_left_out() -> None:
    opening, first, crumb = "Что стоит знать до того, как начать. " * 3, "Делайте так, потом вот так. " * 4, "Мало."
    body = f"{opening}\n\n## Как сделать\n\n{first}\n\n## Пусто\n\n{crumb}"
    assert sections(body) == [opening.strip(), f"## Как сделать\n\n{first}".strip()]
    assert sections("") == []


def test_a_long_part_ends_at_a_paragraph_or_else_at_a_word() -> None:
    paragraphs = "\n\n".join(["Первый абзац. " * 40, "Второй абзац. " * 40])
    assert sections(paragraphs) == [("Первый абзац. " * 40).strip()] or sections(paragraphs)[0].startswith("Первый")
    assert len(sections(paragraphs)[0]) <= LONGEST
    endless = sections("слово " * 400)[0]
    assert len(endless) <= LONGEST + 1
    assert endless.endswith("слово…")
