"""What a customer may send, what is acknowledged, and what is refused with which words."""

import asyncio

import pytest

from bot.bus.model import OUTBOX, conversation_topic
from bot.conversation import texts
from bot.conversation.language import LANGS
from bot.conversation.model import TEXT_LIMIT, Act, Author, Channel, Holder, Incoming, Kind
from bot.dialogue.model import Choice, Reply, Utterance
from bot.errors import BadRequest, NotFound
from bot.kb.model import Article
from tests.unit.conversation.stage import NOTHING, QUESTION, START, UNSURE, Stage, new_cid
from tests.waiting import busy_writer, until


async def test_a_message_is_stored_and_acknowledged_with_its_number(room: Stage) -> None:
    receipt = await room.say("  Здравствуйте  ", cid="cid-00000001")
    assert (receipt.cid, receipt.seq, receipt.repeated) == ("cid-00000001", 1, False)
    [row] = (await room.rows())[:1]
    assert (row.author, row.kind, row.text, row.created_at) == (Author.CUSTOMER, Kind.TEXT, "Здравствуйте", START)
    assert room.counted("messages_total", author="customer", channel="widget") == 1


async def test_the_same_message_twice_is_one_row_and_one_answer(room: Stage) -> None:
    first = await room.say(cid="cid-00000001")
    await room.quiet()
    again = await room.say(cid="cid-00000001")
    await room.quiet()
    assert (again.seq, again.repeated) == (first.seq, True)
    assert [row.author for row in await room.rows()] == [Author.CUSTOMER, Author.BOT]
    assert len(room.engine.turns) == 1
    assert room.counted("messages_total", author="customer", channel="widget") == 1


async def test_two_hundred_sends_at_once_are_numbered_without_a_gap(room: Stage) -> None:
    await room.call_person()
    cids = [f"cid-{n % 150:08d}" for n in range(200)]
    receipts = await asyncio.gather(*(room.say("Привет", cid=cid) for cid in cids))
    rows = await room.rows()
    assert [row.seq for row in rows] == list(range(1, 153))
    stored = {row.cid: row.seq for row in rows}
    assert all(stored[receipt.cid] == receipt.seq for receipt in receipts)
    assert sum(receipt.repeated for receipt in receipts) == 50


async def test_of_many_sends_at_once_each_is_answered_once(room: Stage) -> None:
    cids = [f"cid-{n % 30:08d}" for n in range(40)]
    receipts = await asyncio.gather(*(room.say("Привет", cid=cid) for cid in cids))
    await room.quiet()
    rows = await room.rows()
    assert [row.seq for row in rows] == list(range(1, 61))
    answered = sorted(row.in_reply_to or 0 for row in rows if row.author is Author.BOT)
    assert answered == sorted({receipt.seq for receipt in receipts})
    assert len({turn.id for turn in room.engine.turns}) == len(room.engine.turns) == 30


@pytest.mark.parametrize("text", ["", "   ", "\n\t\u00a0"])
async def test_an_empty_message_is_refused(room: Stage, text: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        await room.say(text)
    assert refusal.value.code == "text_empty"
    assert await room.rows() == []


async def test_a_message_may_have_two_thousand_characters_and_no_more(room: Stage) -> None:
    await room.say("я" * TEXT_LIMIT)
    with pytest.raises(BadRequest) as refusal:
        await room.say("я" * (TEXT_LIMIT + 1))
    assert refusal.value.code == "text_too_long"
    assert "2000" in refusal.value.text


async def test_characters_no_database_can_hold_are_shown_as_a_question_mark_in_a_box(room: Stage) -> None:
    await room.say("half an emoji \ud83d, a nul \x00, a whole 🙂")
    await room.quiet()
    stored, answer = await room.rows()
    assert stored.text == "half an emoji \ufffd, a nul \ufffd, a whole 🙂"
    assert room.engine.turns[0].text == stored.text
    assert answer.in_reply_to == stored.seq


async def test_a_message_to_nobody_is_not_found(room: Stage) -> None:
    for attempt in (
        room.conversations.receive("nobody", Incoming(new_cid(), "hello")),
        room.conversations.receive("nobody", Incoming(new_cid(), button_seq=1, button="a1")),
        room.conversations.ask_person("nobody", new_cid()),
        room.conversations.get("nobody"),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_an_edited_message_is_a_row_of_its_own_and_is_answered(room: Stage) -> None:
    await room.ask("Как перезагрузить?")
    receipt = await room.conversations.receive(room.thread.id, Incoming(new_cid(), QUESTION, edits=True))
    await room.quiet()
    rows = await room.conversations.history(room.thread.id, receipt.seq - 1)
    assert [(row.author, row.kind) for row in rows] == [(Author.CUSTOMER, Kind.EDIT), (Author.BOT, Kind.ANSWER)]


async def test_a_visitor_has_one_conversation_per_channel_however_often_it_is_opened(room: Stage) -> None:
    opened = await asyncio.gather(*(room.conversations.open("v9", Channel.WIDGET, "en-GB") for _ in range(20)))
    assert len({conversation.id for conversation in opened}) == 1
    assert opened[0].lang == "en"
    other = await room.conversations.open("v9", Channel.TELEGRAM, "ru", address="77")
    assert other.id != opened[0].id
    assert await room.conversations.find("v9", Channel.TELEGRAM) == other
    assert await room.conversations.find("v10", Channel.WIDGET) is None


async def test_opening_again_remembers_the_page_the_customer_is_on_now(room: Stage) -> None:
    page = {"url": "https://shop.example/tariffs"}
    opened = await room.conversations.open("visitor-1", Channel.WIDGET, "en", page=page)
    assert opened.page == page
    assert (await room.conversations.get(room.thread.id)).page == page
    assert opened.lang == "ru", "the language of the conversation is kept"
    await room.conversations.open("visitor-1", Channel.WIDGET, "ru")
    assert (await room.conversations.get(room.thread.id)).page == page


async def test_history_comes_from_a_cursor(room: Stage) -> None:
    await room.ask("one")
    await room.ask("two")
    assert [row.seq for row in await room.conversations.history(room.thread.id, after=1, limit=2)] == [2, 3]
    assert await room.conversations.history(room.thread.id, after=4) == []


@pytest.mark.parametrize("lang", LANGS)
async def test_the_bot_introduces_itself_in_both_languages(room: Stage, lang: str) -> None:
    assert await room.conversations.greeting(lang) == texts.GREETING[lang]
    assert room.conversations.suggestions(lang) == texts.SUGGESTIONS[lang]


async def test_the_conversation_follows_the_language_the_customer_writes(room: Stage) -> None:
    for text, lang in (("my internet is down", "en"), ("wifi", "en"), ("не работает wifi", "ru"), ("ok", "ru")):
        await room.ask(text)
        assert (await room.conversations.get(room.thread.id)).lang == lang
    assert [turn.lang for turn in room.engine.turns] == ["en", "en", "ru", "ru"]
    assert [lang for _, lang in room.knowledge.searched] == ["en", "en", "ru", "ru"]


async def test_a_pressed_button_does_not_change_the_language(room: Stage) -> None:
    room.knowledge.otherwise = UNSURE
    [asked_back] = await room.ask("роутер")
    await room.press(asked_back.seq, "a1")
    await room.quiet()
    assert (await room.conversations.get(room.thread.id)).lang == "ru", "the title was English"


async def test_the_chosen_language_holds_until_the_customer_writes_in_the_other(room: Stage) -> None:
    await room.conversations.set_lang(room.thread.id, "en")
    await room.ask("12345")
    await room.conversations.ask_person(room.thread.id, new_cid())
    rows = await room.rows()
    assert texts.PERSON["en"] in [row.text for row in rows]
    assert "no. 1" in rows[-1].text
    await room.say("а по-русски?")
    assert (await room.conversations.get(room.thread.id)).lang == "ru"


async def test_listeners_hear_of_a_message_only_when_it_can_be_read(telegram: Stage) -> None:
    topic = conversation_topic(telegram.thread.id)
    async with telegram.bus.subscribe(topic, OUTBOX) as ear:
        async with busy_writer(telegram.database):
            sending = asyncio.create_task(telegram.say())
            listening = asyncio.create_task(ear.get())
            await asyncio.sleep(0)
            assert not listening.done()
        assert await listening == (topic, {"type": "message"})
        assert await telegram.rows()
        await sending
        assert (await ear.get())[0] == OUTBOX


async def test_typing_is_told_and_not_stored(room: Stage) -> None:
    async with room.bus.subscribe(conversation_topic(room.thread.id)) as ear:
        await room.conversations.typing(room.thread.id, Author.OPERATOR, "Анна")
        _, ring = await ear.get()
    assert ring == {"type": "typing", "id": "operator", "who": "operator", "name": "Анна", "text": ""}
    assert await room.rows() == []


async def test_a_pressed_article_is_shown_as_words_and_confirmed_to_the_engine(room: Stage) -> None:
    room.knowledge.otherwise = UNSURE
    room.knowledge.articles["b"] = Article("b", "ru", "Title of b", "Short answer of b.")
    [asked_back] = await room.ask("роутер")
    receipt = await room.press(asked_back.seq, "a2")
    await room.quiet()
    pressed, answer = await room.conversations.history(room.thread.id, receipt.seq - 1)
    assert (pressed.author, pressed.text) == (Author.CUSTOMER, "Title of b")
    assert (answer.text, answer.kind) == ("Short answer of b.", Kind.ANSWER)
    turn = room.engine.turns[-1]
    assert (turn.payload, turn.evidence["confirmed"], turn.evidence["verdict"]) == ("/choose_article", True, "sure")
    assert turn.evidence["hits"][0]["article"] == "b"


async def test_an_article_taken_back_between_offer_and_press_is_not_confirmed(room: Stage) -> None:
    room.knowledge.otherwise = UNSURE
    [asked_back] = await room.ask("роутер")
    await room.press(asked_back.seq, "a2")
    await room.quiet()
    assert room.engine.turns[-1].evidence == {
        "verdict": "none",
        "confidence": 0.0,
        "confirmed": False,
        "incident": False,
        "hits": [],
    }
    assert (await room.conversations.state(room.thread.id)).holder is Holder.QUEUE


async def test_a_pressed_intent_reaches_the_engine_without_a_search(room: Stage) -> None:
    room.engine.script["долг"] = Reply((Utterance("Показать?", choices=(Choice("Да", "/affirm"),)),))
    room.engine.script["Да"] = Reply((Utterance("Вы должны 300 ₽."),))
    [asked] = await room.ask("долг")
    await room.press(asked.seq, "c1")
    await room.quiet()
    assert [turn.payload for turn in room.engine.turns] == [None, "/affirm"]
    assert [text for text, _ in room.knowledge.searched] == ["долг"]
    assert (await room.rows())[-1].text == "Вы должны 300 ₽."


async def test_a_choice_that_is_plain_words_is_asked_like_typed_words(room: Stage) -> None:
    room.engine.script["меню"] = Reply((Utterance("О чём?", choices=(Choice("Оплата", ""),)),))
    [asked] = await room.ask("меню")
    await room.press(asked.seq, "c1")
    await room.quiet()
    assert [text for text, _ in room.knowledge.searched] == ["меню", "Оплата"]
    assert room.engine.turns[-1].payload is None


async def test_a_button_nobody_offered_is_refused(room: Stage) -> None:
    room.knowledge.otherwise = UNSURE
    [asked_back] = await room.ask("роутер")
    before = await room.rows()
    with pytest.raises(BadRequest) as refusal:
        await room.press(asked_back.seq, "a9")
    assert refusal.value.code == "button_unknown"
    with pytest.raises(BadRequest):
        await room.press(asked_back.seq - 1, "a1")
    for nowhere in (0, 99):
        with pytest.raises(NotFound):
            await room.press(nowhere, "a1")
    assert await room.rows() == before


async def test_a_button_pressed_twice_with_one_client_id_counts_once(room: Stage) -> None:
    room.knowledge.otherwise = UNSURE
    [asked_back] = await room.ask("роутер")
    for button in ("a1", "person"):
        cid = new_cid()
        first, again = await asyncio.gather(*(room.press(asked_back.seq, button, cid) for _ in range(2)))
        assert {first.repeated, again.repeated} == {False, True}
        assert first.seq == again.seq
        await room.quiet()
    assert len(await room.conversations.tickets()) == 1


async def test_the_person_button_under_a_question_hands_over(room: Stage) -> None:
    room.knowledge.otherwise = UNSURE
    [asked_back] = await room.ask("роутер")
    assert asked_back.buttons[-1].act is Act.PERSON
    await room.press(asked_back.seq, "person")
    assert (await room.conversations.state(room.thread.id)).holder is Holder.QUEUE
    assert len(room.engine.turns) == 1, "nobody needs to ask the engine"


async def test_a_sender_who_left_before_the_acknowledgement_is_answered_all_the_same(room: Stage) -> None:
    async with busy_writer(room.database):
        sending = asyncio.create_task(room.say())
        await asyncio.sleep(0)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)

    async def authors() -> list[Author]:
        return [row.author for row in await room.rows()]

    async def stored() -> bool:
        return await authors() == [Author.CUSTOMER]

    async def answered() -> bool:
        return await authors() == [Author.CUSTOMER, Author.BOT]

    await until(stored, "the writer to commit the message")
    room.clock.turn(5)
    await until(answered, "the sweep to find the turn")


async def test_what_the_evidence_lacks_the_engine_is_told(room: Stage) -> None:
    room.knowledge.otherwise = NOTHING
    await room.ask("погода на Марсе")
    assert room.engine.turns[0].evidence == {
        "verdict": "none",
        "confidence": 0.05,
        "confirmed": False,
        "incident": False,
        "hits": [],
    }
