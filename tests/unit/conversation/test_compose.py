"""From the engine's wishes to the messages a customer gets."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.conversation import texts
from bot.conversation.compose import (
    CHOICES,
    NONE_OF_THESE,
    answer_cid,
    bot_drafts,
    handoff_draft,
    handoff_reason,
    knowledge,
    rating_draft,
    without_engine,
)
from bot.conversation.language import LANGS
from bot.conversation.model import Act, Author, Button, Draft, Format, Kind, Source
from bot.dialogue.model import Choice, Reply, Utterance, Wish
from bot.kb.model import Evidence, Verdict
from handoff.model import Reason, Status, Ticket
from tests.unit.conversation.stage import NOTHING, SURE, UNSURE, evidence, hit

TICKET = Ticket(
    "t1", 7, "c1", Status.QUEUED, Reason.ASKED, "ru", "widget", "", "", {}, datetime(2026, 3, 2, tzinfo=UTC)
)


def drafts(*utterances: Utterance, lang: str = "ru") -> list[Draft]:
    return bot_drafts("turn-1", 4, Reply(utterances, "ask"), UNSURE, lang)


def test_the_same_turn_makes_the_same_client_ids_and_another_turn_others() -> None:
    said = (Utterance("one"), Utterance("two"))
    first, again = drafts(*said), drafts(*said)
    assert [draft.cid for draft in first] == [draft.cid for draft in again]
    other = bot_drafts("turn-2", 4, Reply(said), UNSURE, "ru")
    assert len({draft.cid for draft in first + other}) == 4
    assert answer_cid("turn-1", "handoff") not in {draft.cid for draft in first}


def test_an_answer_names_its_article() -> None:
    [draft] = bot_drafts("turn-1", 4, Reply((Utterance("Short.", Wish.ANSWER, article="router-reset"),)), SURE, "ru")
    assert (draft.author, draft.kind, draft.format, draft.in_reply_to) == (Author.BOT, Kind.ANSWER, Format.MARKDOWN, 4)
    assert draft.source == Source("router-reset", "Title of router-reset", "/help/ru/router-reset")
    assert draft.buttons == ()


def test_an_article_the_search_did_not_find_is_no_source() -> None:
    [draft] = drafts(Utterance("Short.", Wish.ANSWER, article="made-up"))
    assert draft.source is None


@pytest.mark.parametrize("lang", LANGS)
def test_asking_back_offers_at_most_three_questions_and_a_person(lang: str) -> None:
    [draft] = drafts(Utterance("Which?", Wish.CLARIFY, articles=("d", "made-up", "a", "b", "c")), lang=lang)
    assert draft.kind is Kind.CLARIFY
    assert [button.value for button in draft.buttons if button.act is Act.ARTICLE] == ["d", "a", "b"]
    assert [button.title for button in draft.buttons[:CHOICES]] == ["Title of d", "Title of a", "Title of b"]
    assert draft.buttons[-1] == Button("person", texts.PERSON[lang], Act.PERSON)
    assert draft.buttons[-2].value == NONE_OF_THESE
    assert len(draft.buttons) == CHOICES + 2


def test_the_engines_own_buttons_become_intents_words_and_a_person() -> None:
    choices = (Choice("Да", "/affirm"), Choice("Оплата", ""), Choice("Человек", "/ask_human"))
    [draft] = drafts(Utterance("Верно?", choices=choices))
    assert draft.kind is Kind.TEXT
    assert [(button.title, button.act, button.value) for button in draft.buttons] == [
        ("Да", Act.INTENT, "/affirm"),
        ("Оплата", Act.INTENT, ""),
        ("Человек", Act.PERSON, ""),
    ]


def test_every_button_of_a_message_has_an_id_of_its_own() -> None:
    choices = (Choice("Да", "/affirm"), Choice("Человек", "/ask_human"), Choice("Нет", "/deny"))
    [draft] = drafts(Utterance("Which?", Wish.CLARIFY, articles=("a", "b"), choices=choices))
    ids = [button.id for button in draft.buttons]
    assert len(set(ids)) == len(ids)
    assert sum(button.act is Act.PERSON for button in draft.buttons) == 1


def test_an_article_is_offered_once() -> None:
    [draft] = drafts(Utterance("Which?", Wish.CLARIFY, articles=("a", "a", "b")))
    assert [button.value for button in draft.buttons if button.act is Act.ARTICLE] == ["a", "b"]


def test_a_wish_without_words_makes_no_message() -> None:
    assert drafts(Utterance("", Wish.HANDOFF, "asked")) == []
    [draft] = drafts(Utterance("Sorry."), Utterance("", Wish.HANDOFF, "frustration"))
    assert draft.text == "Sorry."


def test_without_the_engine_sure_evidence_answers_with_its_article() -> None:
    reply = without_engine(SURE)
    [draft] = bot_drafts("turn-1", 4, reply, SURE, "ru")
    assert (draft.text, draft.kind) == ("Short answer of router-reset.", Kind.ANSWER)
    assert draft.source is not None
    assert handoff_reason(reply) is None


@pytest.mark.parametrize(
    "found", [UNSURE, NOTHING, evidence(Verdict.SURE, 0.9)], ids=["unsure", "nothing", "sure of nothing"]
)
def test_without_the_engine_anything_less_than_sure_is_a_persons_matter(found: Evidence) -> None:
    reply = without_engine(found)
    assert handoff_reason(reply) is Reason.DEGRADED


@pytest.mark.parametrize("reason", list(Reason))
def test_the_engines_reason_is_the_tickets(reason: Reason) -> None:
    assert handoff_reason(Reply((Utterance("Hi"), Utterance("", Wish.HANDOFF, reason.value)))) is reason


@pytest.mark.parametrize("reason", ["", "because", "ASKED"])
def test_an_unknown_reason_counts_as_not_found(reason: str) -> None:
    assert handoff_reason(Reply((Utterance("", Wish.HANDOFF, reason),))) is Reason.NOT_FOUND


def test_words_alone_are_no_handoff() -> None:
    assert handoff_reason(Reply((Utterance("I call a person", None, "asked"),))) is None


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("reason", list(Reason))
def test_a_handoff_says_why_what_next_and_how_to_go_back(lang: str, reason: Reason, closed: bool) -> None:
    draft = handoff_draft("cid-1", lang, replace(TICKET, reason=reason), "You are third.", closed)
    assert (draft.author, draft.kind) == (Author.SYSTEM, Kind.HANDOFF)
    assert "7" in draft.text
    assert "You are third." in draft.text
    assert "{" not in draft.text
    assert [button.act for button in draft.buttons] == [Act.WAIT, Act.WRITE, Act.BOT][closed:]


def test_every_reason_has_words_of_its_own() -> None:
    for lang in LANGS:
        said = {
            texts.handoff_text(lang, replace(TICKET, reason=reason), "", closed)
            for reason in Reason
            for closed in (False, True)
        }
        assert len(said) == 2 * len(Reason)


def test_who_is_cross_already_gets_the_shortest_words() -> None:
    for lang in LANGS:
        said = {reason: len(texts.handoff_text(lang, replace(TICKET, reason=reason), "", False)) for reason in Reason}
        assert min(said, key=said.__getitem__) is Reason.FRUSTRATION


def test_at_night_a_web_page_asks_for_a_contact_and_a_messenger_does_not() -> None:
    page, chat = (texts.handoff_text("en", replace(TICKET, channel=one), "", True) for one in ("widget", "telegram"))
    assert "e-mail" in page
    assert "e-mail" not in chat


@pytest.mark.parametrize("lang", LANGS)
def test_a_rating_asks_about_one_ticket_on_three_buttons(lang: str) -> None:
    draft = rating_draft("cid-1", lang, TICKET)
    assert draft.kind is Kind.RATING_REQUEST
    assert [(button.id, button.act, button.value) for button in draft.buttons] == [
        ("rate1", Act.RATE, "1 t1"),
        ("rate2", Act.RATE, "2 t1"),
        ("rate3", Act.RATE, "3 t1"),
    ]


def test_an_operator_sees_what_the_bot_knew_and_no_more_than_three_articles() -> None:
    known = knowledge(
        evidence(Verdict.UNSURE, 0.41239, hit("a", 0.55559), *[hit(c, 0.1) for c in "bcd"]), Reply((), "ask")
    )
    assert (known["verdict"], known["confidence"], known["intent"]) == ("unsure", 0.4124, "ask")
    assert [tried["article"] for tried in known["tried"]] == ["a", "b", "c"]
    assert known["tried"][0] == {"article": "a", "title": "Title of a", "score": 0.5556, "url": "/help/ru/a"}


def test_both_languages_have_every_sentence() -> None:
    tables = [value for name, value in vars(texts).items() if isinstance(value, dict) and not name.startswith("__")]
    assert tables
    assert all(set(table) == set(LANGS) for table in tables)
