"""Several turns of one dialogue: the search hears what it is about, nobody hears the same words twice."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.conversation.model import Author, Kind, Mark
from bot.dialogue.model import DialogueDown, DialogueSilent
from bot.kb.label_store import LabelStore, Wanted
from bot.kb.model import Article, Topic, Verdict
from handoff.model import Outcome, Reason
from tests.unit.conversation.stage import ANNA, NOTHING, QUESTION, SURE, Stage, evidence, hit, lines, stage

PAY, RECEIPT = evidence(Verdict.SURE, 0.9, hit("pay-how")), evidence(Verdict.SURE, 0.8, hit("pay-receipt"))
UNSURE = evidence(Verdict.UNSURE, 0.4, hit("pay-debt", 0.4), hit("pay-promised", 0.3))
ABOUT = Topic(QUESTION, "router-reset")
DOUBLE = "как оплатить интернет и где мой чек?"


async def test_the_search_is_told_what_the_dialogue_is_about(room: Stage) -> None:
    await room.ask(QUESTION)
    await room.ask("а если не помогло?")
    assert room.knowledge.topics == [None, ABOUT]


async def test_a_restart_forgets_no_topic(tmp_path: Path) -> None:
    async with stage(tmp_path) as before:
        await before.ask(QUESTION)
    async with stage(tmp_path) as after:
        await after.ask("а если не помогло?")
        assert after.knowledge.topics == [ABOUT]


async def test_a_chosen_article_is_a_topic(room: Stage) -> None:
    room.knowledge.otherwise = UNSURE
    room.knowledge.articles["pay-debt"] = Article("pay-debt", "ru", "Title of pay-debt", "Short answer of pay-debt.")
    [asked] = await room.ask("долг")
    await room.press(asked.seq, "a1")
    await room.quiet()
    await room.ask("а если нечем?")
    assert room.knowledge.topics[-1] == Topic("Title of pay-debt", "pay-debt")


async def test_an_old_topic_is_left_alone(room: Stage) -> None:
    await room.ask(QUESTION)
    room.clock.turn(timedelta(hours=1).total_seconds())
    await room.ask("а для бизнеса?")
    assert room.knowledge.topics == [None, None]


async def test_no_topic_outlives_a_talk_with_a_person(room: Stage) -> None:
    await room.ask(QUESTION)
    ticket = await room.call_person()
    await room.conversations.accept(ticket.id, ANNA)
    await room.conversations.close(ticket.id, ANNA, Outcome.SOLVED)
    await room.ask("а для бизнеса?")
    assert room.knowledge.topics[-1] is None


async def test_the_same_question_again_is_told_to_the_engine_and_kept_as_a_miss(room: Stage) -> None:
    room.knowledge.parts = ["## Another part"]
    [first] = await room.ask(QUESTION)
    [second] = await room.ask(QUESTION)
    assert "again" not in room.engine.turns[0].evidence
    assert room.engine.turns[1].evidence["again"] == {"longer": "## Another part", "miss": True}
    assert second.evidence is not None
    assert second.evidence["repeats"] == first.seq


async def test_going_on_about_an_article_is_no_miss_until_there_is_no_more_of_it(room: Stage) -> None:
    room.knowledge.parts = ["Short answer of router-reset. And more."]
    await room.ask(QUESTION)
    await room.ask("а если не помогло?")
    room.knowledge.parts = []
    await room.ask("а ещё что можно?")
    told = [turn.evidence.get("again", {}).get("miss") for turn in room.engine.turns]
    assert told == [None, False, True]
    told_of = [(row.evidence or {}).get("repeats") for row in await room.rows()]
    assert [seq for seq in told_of if seq] == [4]


@pytest.mark.parametrize(
    ("article", "confidence", "verdict"),
    [("pay-debt", 0.64, "sure"), ("pay-debt", 0.55, "unsure"), ("elsewhere", 0.64, "unsure")],
)
async def test_what_is_added_to_a_question_asked_back_about_is_a_choice(
    room: Stage, article: str, confidence: float, verdict: str
) -> None:
    room.knowledge.otherwise = UNSURE
    await room.ask("оплата")
    room.knowledge.otherwise = evidence(Verdict.UNSURE, confidence, hit(article))
    await room.ask("а если долг?")
    assert room.engine.turns[-1].evidence["verdict"] == verdict


async def test_two_questions_become_two_answers_each_with_its_article(room: Stage) -> None:
    room.knowledge.found |= {"как оплатить интернет": PAY, "где мой чек?": RECEIPT, DOUBLE: PAY}
    await room.ask(DOUBLE)
    [turn] = room.engine.turns
    assert turn.evidence["hits"][0]["article"] == "pay-how"
    assert [one["hits"][0]["article"] for one in turn.evidence["also"]] == ["pay-receipt"]
    assert room.knowledge.topics == [None, None, Topic("как оплатить интернет", "pay-how")]


async def test_without_the_engine_both_questions_are_answered(room: Stage) -> None:
    room.knowledge.found |= {"как оплатить интернет": PAY, "где мой чек?": RECEIPT, DOUBLE: PAY}
    room.engine.failure = DialogueDown("down")
    rows = await room.ask(DOUBLE)
    assert [row.source and row.source.article for row in rows] == ["pay-how", "pay-receipt"]
    assert [row.evidence and row.evidence["question"] for row in rows] == ["как оплатить интернет", "где мой чек?"]
    assert lines(rows) == [(Author.BOT, Kind.ANSWER)] * 2


async def test_without_the_engine_a_repeated_question_goes_to_a_person(room: Stage) -> None:
    room.engine.failure = DialogueDown("down")
    await room.ask(QUESTION)
    await room.ask(QUESTION)
    [ticket] = await room.conversations.tickets()
    assert ticket.reason is Reason.DEGRADED


async def test_without_the_engine_more_of_an_article_is_said_to_who_goes_on_about_it(room: Stage) -> None:
    room.knowledge.parts = ["## Another part"]
    room.engine.failure = DialogueDown("down")
    await room.ask(QUESTION)
    [more] = await room.ask("а если не помогло?")
    assert (more.text, more.kind) == ("## Another part", Kind.ANSWER)


async def test_without_the_engine_nobodys_balance_is_answered_by_the_nearest_article(room: Stage) -> None:
    for failure in (DialogueDown("down"), DialogueSilent("silent")):
        room.engine.failure = failure
        rows = await room.ask("сколько я должен?")
        assert all(row.kind is not Kind.ANSWER for row in rows)
    [ticket] = await room.conversations.tickets()
    assert ticket.reason is Reason.JOB_FAILED


async def test_a_balance_and_a_question_are_told_apart_for_the_engine(room: Stage) -> None:
    room.knowledge.found |= {"какой у меня баланс": UNSURE, "как его пополнить?": PAY}
    await room.ask("какой у меня баланс и как его пополнить?")
    [turn] = room.engine.turns
    assert turn.evidence["verdict"] == "unsure"
    assert [one["hits"][0]["article"] for one in turn.evidence["also"]] == ["pay-how"]


async def test_a_search_that_finds_nothing_in_the_parts_leaves_the_message_whole(room: Stage) -> None:
    room.knowledge.found |= {"как оплатить интернет": NOTHING, "где мой чек?": NOTHING, DOUBLE: SURE}
    [answer] = await room.ask(DOUBLE)
    assert answer.source is not None
    assert answer.source.article == "router-reset"
    assert answer.evidence is not None
    assert "question" not in answer.evidence


async def test_a_thumb_under_one_of_two_answers_is_about_its_own_question(room: Stage) -> None:
    room.knowledge.found |= {"как оплатить интернет": PAY, "где мой чек?": RECEIPT, DOUBLE: PAY}
    room.engine.failure = DialogueDown("down")
    _, receipt = await room.ask(DOUBLE)
    await room.conversations.lessons.mark(room.thread.id, receipt.seq, Mark.DOWN)
    [label] = await room.database.read(lambda tx: LabelStore().page(tx, Wanted()))
    assert (label.text, label.article, label.right) == ("где мой чек?", "pay-receipt", False)
