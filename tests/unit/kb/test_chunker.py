"""Articles are cut into questions and passages that can be understood alone."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.kb.chunker import PASSAGE, Entry, Field, collection_hash, content_hash, entries, whole
from bot.kb.model import Article
from tests.unit.kb.samples import ALL, PAY, WIFI


def test_title_and_phrasings_are_questions_and_the_answer_goes_under_the_title() -> None:
    assert entries(PAY) == [
        Entry("pay-how", Field.QUESTION, "Как оплатить интернет?"),
        Entry("pay-how", Field.QUESTION, "куда платить за инет"),
        Entry("pay-how", Field.QUESTION, "оплата картой"),
        Entry("pay-how", Field.PASSAGE, "Как оплатить интернет?\nКартой в личном кабинете."),
    ]


def test_markdown_is_not_searched() -> None:
    passages = [entry.text for entry in entries(WIFI) if entry.field is Field.PASSAGE]
    assert passages == [
        "Как сменить пароль от Wi-Fi?\nПароль — на наклейке снизу роутера.",
        "Как сменить пароль от Wi-Fi?\n1. Откройте настройки. 2. Впишите новый пароль.",
    ]


def test_the_same_question_twice_is_one_entry() -> None:
    article = Article("a", "en", "Pay", "now", phrasings=("Pay", " Pay ", "pay up"))
    assert [entry.text for entry in entries(article) if entry.field is Field.QUESTION] == ["Pay", "pay up"]


def test_a_short_answer_that_opens_the_body_is_not_repeated() -> None:
    article = Article("a", "en", "Pay", "By card.", body="By card. Or cash.")
    assert [entry.text for entry in entries(article) if entry.field is Field.PASSAGE] == ["Pay\nBy card. Or cash."]


@given(st.text(alphabet="abc. \n", max_size=5_000))
def test_no_passage_is_longer_than_the_encoder_reads(body: str) -> None:
    for entry in entries(Article("a", "en", "T", "", body=body)):
        assert len(entry.text) <= len("T\n") + PASSAGE


def test_one_endless_word_is_cut() -> None:
    endless = "".join(map(str, range(600)))
    passages = entries(Article("a", "en", "T", "", body=endless))[1:]
    assert "".join(passage.text.removeprefix("T\n") for passage in passages) == endless


def test_the_whole_text_has_every_word() -> None:
    assert whole(WIFI).split("\n")[:3] == [WIFI.title, *WIFI.phrasings]
    assert "наклейке" in whole(WIFI)
    assert "Впишите" in whole(WIFI)


def test_the_content_hash_changes_with_content_and_not_with_the_revision() -> None:
    assert content_hash(replace(PAY, revision=7)) == content_hash(PAY)
    assert content_hash(replace(PAY, phrasings=())) != content_hash(PAY)
    assert content_hash(replace(PAY, lang="en")) != content_hash(PAY)


def test_the_hash_of_a_collection_does_not_depend_on_its_order() -> None:
    assert collection_hash(ALL) == collection_hash(reversed(ALL))
    assert collection_hash(ALL) != collection_hash(ALL[1:])
