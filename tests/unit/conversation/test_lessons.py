"""What a talk teaches the search: thumbs, confirmed choices and articles used in replies become labelled questions."""

from dataclasses import replace

import pytest

from bot.conversation.handover import Enclosed
from bot.conversation.model import Act, Kind, Mark, Message
from bot.errors import BadRequest, NotFound
from bot.kb.editor import Editor
from bot.kb.label_store import LabelStore, Wanted
from bot.kb.labels import Label, LabelSource, LabelState
from bot.kb.model import Article
from bot.kb.store import ArticleStore
from tests.unit.conversation.stage import ANNA, NOTHING, QUESTION, SURE, UNSURE, Stage, new_cid

UNCLEAR = "Тут всё сложно и непонятно"
WIFI = Article("wifi-password", "ru", "Как узнать пароль Wi-Fi?", "Он на наклейке под роутером.")


async def labels(room: Stage) -> list[Label]:
    return await room.database.read(lambda tx: LabelStore().page(tx, Wanted()))


async def taught(room: Stage) -> list[tuple[str, str | None, bool, LabelSource]]:
    return [(one.text, one.article, one.right, one.source) for one in reversed(await labels(room))]


async def answer(room: Stage) -> Message:
    return next(row for row in await room.ask() if row.can_be_marked)


@pytest.mark.parametrize(("mark", "right"), [(Mark.UP, True), (Mark.DOWN, False)])
async def test_a_thumb_on_an_answer_labels_the_question_it_answered(room: Stage, mark: Mark, right: bool) -> None:
    seq = (await answer(room)).seq
    assert await room.conversations.lessons.mark(room.thread.id, seq, mark)
    assert (await room.rows())[seq - 1].mark is mark
    assert await taught(room) == [(QUESTION, "router-reset", right, LabelSource.RATING)]
    [label] = await labels(room)
    assert (label.conversation, label.message, label.lang) == (room.thread.id, seq, "ru")


async def test_the_same_thumb_twice_is_one_label_and_another_one_replaces_it(room: Stage) -> None:
    seq, lessons = (await answer(room)).seq, room.conversations.lessons
    marks = (Mark.UP, Mark.UP, Mark.DOWN, Mark.DOWN)
    assert [await lessons.mark(room.thread.id, seq, mark) for mark in marks] == [True, False, True, False]
    assert await taught(room) == [(QUESTION, "router-reset", False, LabelSource.RATING)]


async def test_a_thumb_taken_back_takes_its_label_with_it(room: Stage) -> None:
    seq, lessons = (await answer(room)).seq, room.conversations.lessons
    await lessons.mark(room.thread.id, seq, Mark.DOWN)
    await lessons.mark(room.thread.id, seq, None)
    assert await labels(room) == []
    assert (await room.rows())[seq - 1].mark is None


async def test_what_is_no_answer_from_an_article_cannot_be_rated(room: Stage) -> None:
    asked = (await answer(room)).in_reply_to
    assert asked is not None
    with pytest.raises(BadRequest) as refused:
        await room.conversations.lessons.mark(room.thread.id, asked, Mark.UP)
    assert refused.value.code == "not_an_answer"
    with pytest.raises(NotFound) as unknown:
        await room.conversations.lessons.mark(room.thread.id, 99, Mark.UP)
    assert unknown.value.code == "message_unknown"
    assert await labels(room) == []


async def test_the_same_question_again_says_that_its_answer_was_of_no_help(room: Stage) -> None:
    await room.ask()
    assert await labels(room) == []
    await room.ask()
    assert await taught(room) == [(QUESTION, "router-reset", False, LabelSource.REPEAT)]


@pytest.mark.parametrize("mark", [Mark.UP, Mark.DOWN])
async def test_a_thumb_takes_the_place_of_asking_again(room: Stage, mark: Mark) -> None:
    seq = (await answer(room)).seq
    await room.ask()
    await room.conversations.lessons.mark(room.thread.id, seq, mark)
    assert await taught(room) == [(QUESTION, "router-reset", mark is Mark.UP, LabelSource.RATING)]


async def test_a_thumb_up_counts_more_than_asking_again(room: Stage) -> None:
    await room.conversations.lessons.mark(room.thread.id, (await answer(room)).seq, Mark.UP)
    await room.ask()
    assert await taught(room) == [(QUESTION, "router-reset", True, LabelSource.RATING)]


async def asked_back(room: Stage) -> Message:
    room.knowledge.found[UNCLEAR] = UNSURE
    room.knowledge.articles = {name: Article(name, "ru", f"Title of {name}", "Short.") for name in "abc"}
    return next(row for row in await room.ask(UNCLEAR) if row.kind is Kind.CLARIFY)


async def test_a_confirmed_choice_labels_the_words_that_were_asked_and_not_the_button(room: Stage) -> None:
    offered = await asked_back(room)
    await room.press(offered.seq, "a2")
    await room.quiet()
    assert await taught(room) == [(UNCLEAR, "b", True, LabelSource.CONFIRMED)]


async def test_a_thumb_on_a_chosen_answer_is_about_the_words_that_were_asked(room: Stage) -> None:
    offered = await asked_back(room)
    await room.press(offered.seq, "a2")
    await room.quiet()
    chosen = (await room.rows())[-1]
    assert chosen.can_be_marked
    await room.conversations.lessons.mark(room.thread.id, chosen.seq, Mark.DOWN)
    assert (UNCLEAR, "b", False, LabelSource.RATING) in await taught(room)


async def test_none_of_these_says_that_each_one_shown_is_wrong(room: Stage) -> None:
    offered = await asked_back(room)
    none = next(button for button in offered.buttons if button.id == "none")
    assert none.act is Act.INTENT
    await room.press(offered.seq, "none", "press-none")
    await room.press(offered.seq, "none", "press-none")
    await room.quiet()
    wrong = [(UNCLEAR, article, False, LabelSource.CONFIRMED) for article in "abc"]
    assert await taught(room) == wrong


async def article_kept(room: Stage) -> None:
    editor = Editor(ArticleStore(), room.clock)
    await room.database.write(lambda tx: editor.take_files(tx, [WIFI]))


async def test_a_reply_that_used_an_article_labels_the_question_that_led_to_a_person(room: Stage) -> None:
    await article_kept(room)
    room.knowledge.otherwise = NOTHING
    await room.ask("как зайти в вайфай")
    ticket = (await room.conversations.tickets())[0]
    await room.conversations.accept(ticket.id, ANNA)
    await room.conversations.say(ticket.id, ANNA, "op-1", "Он на наклейке.", Enclosed(article=WIFI.id))
    await room.conversations.say(ticket.id, ANNA, "op-1", "Он на наклейке.", Enclosed(article=WIFI.id))
    assert await taught(room) == [("как зайти в вайфай", WIFI.id, True, LabelSource.OPERATOR)]
    [label] = await labels(room)
    said = (await room.rows())[-1]
    assert (label.by, label.state, label.message) == (ANNA.login, LabelState.ACTIVE, said.seq)
    assert said.source is not None
    assert (said.source.title, said.source.url) == (WIFI.title, f"/help/ru/{WIFI.id}")


async def test_a_reply_is_no_lesson_once_the_customer_has_asked_the_person_more(room: Stage) -> None:
    await article_kept(room)
    room.knowledge.otherwise = NOTHING
    await room.ask("почему так медленно")
    ticket = (await room.conversations.tickets())[0]
    await room.conversations.accept(ticket.id, ANNA)
    await room.conversations.say(ticket.id, ANNA, new_cid(), "Проверяю линию.")
    await room.say("а пароль от вайфая где найти")
    await room.conversations.say(ticket.id, ANNA, new_cid(), WIFI.short_answer, Enclosed(article=WIFI.id))
    assert await labels(room) == []


async def test_a_call_for_a_person_is_no_question_and_teaches_nothing(room: Stage) -> None:
    await article_kept(room)
    ticket = await room.call_person()
    await room.conversations.accept(ticket.id, ANNA)
    await room.conversations.say(ticket.id, ANNA, new_cid(), WIFI.short_answer, Enclosed(article=WIFI.id))
    assert await labels(room) == []


async def test_a_withdrawn_article_does_not_hold_up_the_operators_words(room: Stage) -> None:
    ticket = await room.call_person()
    await room.conversations.accept(ticket.id, ANNA)
    await room.conversations.say(ticket.id, ANNA, new_cid(), "Он на наклейке.", Enclosed(article="gone"))
    assert (await room.rows())[-1].source is None


async def test_a_question_without_words_teaches_nothing_and_breaks_nothing(room: Stage) -> None:
    room.knowledge.otherwise = replace(SURE)
    rows = await room.ask("???")
    await room.conversations.lessons.mark(room.thread.id, rows[-1].seq, Mark.UP)
    assert await labels(room) == []
