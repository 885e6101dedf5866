"""What a customer's browser lives through: hello, messages, resuming, several tabs, and nothing stored too early."""

import asyncio
import time

import pytest
from sqlalchemy import Connection, func, select

from bot.accounts.model import Role
from bot.bus.model import conversation_topic
from bot.clock import now
from bot.conversation.model import Author, Draft
from bot.conversation.store import ConversationStore, conversations, messages
from bot.dialogue.model import Reply, Utterance
from tests.waiting import busy_writer, until
from tests.web.house import House, Rooms, quick, serve
from tests.web.sockets import incoming, visiting


async def stored(house: House) -> tuple[int, int]:
    """Conversations and messages in the database."""
    return await house.rooms.database.read(
        lambda tx: (
            tx.execute(select(func.count()).select_from(conversations)).scalar_one(),
            tx.execute(select(func.count()).select_from(messages)).scalar_one(),
        )
    )


async def test_opening_the_panel_stores_nothing_and_gives_a_token(house: House) -> None:
    async with visiting(house) as visitor:
        welcome = await visitor.hello(lang="en")
    assert welcome["token"]
    assert welcome["greeting"]
    assert welcome["suggestions"]
    assert (welcome["conversation"], welcome["last_seq"], welcome["reset"], welcome["lang"]) == ("", 0, False, "en")
    assert await stored(house) == (0, 0)


async def test_coming_back_before_saying_anything_stores_nothing_either(house: House) -> None:
    async with visiting(house) as first:
        await first.hello()
    async with visiting(house) as again:
        welcome = await again.hello(first.token)
    assert (welcome["token"], welcome["conversation"]) == (None, "")
    assert await stored(house) == (0, 0)


async def test_a_message_is_acknowledged_shown_and_answered(house: House) -> None:
    async with visiting(house) as visitor:
        await visitor.hello(page_url="https://shop.example/cart", page_title="Корзина")
        assert await visitor.say("Привет, роутер", "cid-00000001") == 1
        answer = await visitor.until_row(seq=2)
        assert visitor.rows()[1]["cid"] == "cid-00000001"
    assert (answer["author"], answer["text"]) == ("bot", "You said: Привет, роутер")
    kept = await house.rooms.conversations.get(answer["conversation"])
    assert kept.page == {"url": "https://shop.example/cart", "title": "Корзина"}


async def test_an_answer_carries_its_source_its_form_and_no_secrets(house: House) -> None:
    async with visiting(house) as visitor:
        await visitor.hello()
        await visitor.say("router")
        answer = await visitor.until_row(kind="answer")
    source = {"article": "router-reset", "title": "Как сбросить роутер?", "url": "/help/ru/router-reset"}
    bold = {"t": "b", "v": None, "href": None, "c": [{"t": "text", "v": "Reset", "href": None, "c": None}]}
    link = {"t": "a", "v": None, "href": "/help/ru/router-lights"}
    assert answer["source"] == source
    assert answer["blocks"][0]["c"][1] == bold
    assert answer["blocks"][0]["c"][3].items() >= link.items()
    assert answer["text"] == "Держите Reset 10 секунд. Подробнее"
    assert "evidence" not in answer


async def test_the_same_cid_twice_is_one_row_and_one_answer(house: House) -> None:
    async with visiting(house) as visitor:
        await visitor.hello()
        assert await visitor.say("once", "cid-same-one") == await visitor.say("once", "cid-same-one") == 1
        await visitor.until_row(seq=2)
    assert await stored(house) == (1, 2)


async def test_the_same_cid_from_two_tabs_at_once_is_one_row(house: House) -> None:
    async with visiting(house) as one, visiting(house) as two:
        await one.hello()
        await two.hello(one.token)
        seqs = await asyncio.gather(one.say("hi", "cid-same-two"), two.say("hi", "cid-same-two"))
        assert set(seqs) == {1}
        await one.until_row(seq=2)
    assert await stored(house) == (1, 2)


async def test_two_tabs_of_one_visitor_see_the_same_rows(house: House) -> None:
    async with visiting(house) as one, visiting(house) as two:
        await one.hello()
        await two.hello(one.token)
        await one.say("from the first tab")
        await two.until_row(seq=2)
        await two.say("from the second tab")
        await one.until_row(seq=4)
        await two.until_row(seq=4)
        assert one.rows() == two.rows()
        assert list(one.rows()) == [1, 2, 3, 4]


async def test_a_visitor_resumes_where_the_line_was_cut(house: House) -> None:
    async with visiting(house) as before:
        await before.hello()
        await before.say("one")
        await before.until_row(seq=2)
    await house.rooms.conversations.receive(before.rows()[1]["conversation"], incoming("while away"))
    async with visiting(house) as after:
        welcome = await after.hello(before.token, after=2)
        assert (welcome["conversation"], welcome["reset"]) == (before.rows()[1]["conversation"], False)
        await after.until_row(seq=4)
        assert list(after.rows()) == [3, 4]


async def test_a_message_cut_off_before_its_ack_is_stored_once_when_sent_again(house: House) -> None:
    async with visiting(house) as before:
        await before.hello()
        async with busy_writer(house.rooms.database):
            await before.send(type="message", cid="cid-cut-off", text="hello?")
            await until(lambda: bool(house.app.ctx._finishing), "the server to have begun")
            before.socket.transport.abort()
    async with visiting(house) as after:
        await after.hello(before.token)
        assert await after.say("hello?", "cid-cut-off") == 1
        await after.until_row(seq=2, text="You said: hello?")
    assert await stored(house) == (1, 2)


async def test_a_long_history_comes_in_order_in_pages(house: House) -> None:
    async with visiting(house) as visitor:
        await visitor.hello()
        await visitor.say("first")
        row = await visitor.until_row(seq=2)

    def fill(tx: Connection) -> None:
        for number in range(250):
            ConversationStore().append(tx, row["conversation"], Draft(f"line-{number}", Author.BOT, f"{number}"), now())

    await house.rooms.database.write(fill)
    async with visiting(house) as again:
        assert (await again.hello(visitor.token))["last_seq"] == 252
        await again.until_row(seq=252)
        assert list(again.rows()) == list(range(1, 253))
        assert sum(event["type"] == "messages" for event in again.seen) == 3


async def test_a_cursor_from_another_life_is_reset(house: House) -> None:
    async with visiting(house) as visitor:
        await visitor.hello()
        await visitor.say("one")
        await visitor.until_row(seq=2)
    async with visiting(house) as again:
        assert (await again.hello(visitor.token, after=99))["reset"] is True
        await again.until_row(seq=2)
    async with visiting(house) as stranger:
        welcome = await stranger.hello("an invented token", after=5)
        assert welcome["reset"] is True
        assert welcome["token"]
        assert welcome["conversation"] == ""


async def test_one_visitors_token_never_shows_anothers_rows(house: House) -> None:
    async with visiting(house) as anna, visiting(house) as eve:
        await anna.hello()
        await eve.hello()
        await anna.say("my secret")
        await anna.until_row(seq=2)
        await eve.say("hello")
        await eve.until_row(seq=2)
        assert "my secret" not in str(eve.seen)
        assert anna.rows()[1]["conversation"] != eve.rows()[1]["conversation"]


async def test_the_person_button_works_as_the_very_first_thing(house: House) -> None:
    async with visiting(house) as visitor:
        await visitor.hello()
        await visitor.send(type="person", cid="cid-person-1")
        await visitor.expect("ack", cid="cid-person-1", seq=1)
        await visitor.until_row(kind="handoff")
        await visitor.until_event("state", holder="queue", operator=None, position=1)
    assert len(await house.rooms.conversations.tickets()) == 1


async def test_a_pressed_button_acts_and_an_unknown_one_is_refused(house: House) -> None:
    async with visiting(house) as visitor:
        await visitor.hello()
        await visitor.send(type="press", cid="cid-press-0", seq=1, button="a1")
        assert (await visitor.expect("refused", cid="cid-press-0"))["code"] == "button_unknown"
        await visitor.say("unsure")
        offered = await visitor.until_row(kind="clarify")
        await visitor.send(type="press", cid="cid-press-1", seq=offered["seq"], button=offered["buttons"][0]["id"])
        await visitor.expect("ack", cid="cid-press-1")
        await visitor.send(type="press", cid="cid-press-2", seq=offered["seq"], button="nothing")
        assert (await visitor.expect("refused", cid="cid-press-2"))["code"] == "button_unknown"
    assert house.rooms.engine.turns[-1].payload == "/choose_article"


async def test_waiting_visitors_are_told_when_they_move_up(behind: Rooms) -> None:
    async with serve(behind, quick(position=0.01)) as house, visiting(house) as first, visiting(house) as second:
        for number, visitor in enumerate((first, second), 1):
            await visitor.hello()
            await visitor.send(type="person", cid=f"cid-queue-{number}")
            await visitor.expect("state", holder="queue", position=number)
        boris, _ = await behind.accounts.add_operator("boris", "Борис", Role.OPERATOR)
        ticket = (await behind.conversations.tickets())[0]
        await behind.conversations.accept(ticket.id, boris)
        await first.expect("state", holder="operator", operator="Борис")
        await second.expect("state", holder="queue", position=1)


async def test_typing_is_told_to_the_customer_but_not_echoed(house: House) -> None:
    async with visiting(house) as visitor:
        await visitor.hello()
        await visitor.say("hi")
        conversation = (await visitor.until_row(seq=2))["conversation"]
        await visitor.send(type="typing")
        await house.rooms.conversations.typing(conversation, Author.OPERATOR, "Анна")
        heard = await visitor.expect("typing", who="operator")
        told = {"type": "typing", "conversation": conversation, "who": "operator", "name": "Анна", "text": ""}
        assert heard == told
        assert not [event for event in visitor.seen if event["type"] == "typing" and event["who"] == "customer"]


async def test_a_typing_customer_rings_at_most_now_and_then(house: House) -> None:
    async with visiting(house) as visitor:
        await visitor.hello()
        await visitor.say("hi")
        conversation = (await visitor.until_row(seq=2))["conversation"]
        heard = []
        async with house.rooms.bus.subscribe() as rings:
            publish = house.rooms.bus.publish

            async def count(topic: str, ring: dict[str, object]) -> None:
                heard.append(ring["type"])
                await publish(topic, ring)

            house.rooms.bus.publish = count  # type: ignore[method-assign]
            rings.add(conversation_topic(conversation))
            began = time.monotonic()
            for _ in range(30):
                await visitor.send(type="typing")
            await visitor.send(type="ping")
            await visitor.expect("pong")
    assert heard.count("typing") <= 4 + 2 * (time.monotonic() - began)


async def test_choosing_a_language_brings_the_greeting_in_it(house: House) -> None:
    async with visiting(house) as visitor:
        russian = await visitor.hello(lang="ru")
        await visitor.send(type="lang", lang="en")
        english = await visitor.expect("welcome", lang="en")
        assert english["greeting"] != russian["greeting"]
        assert english["token"] is None
        await visitor.say("12345")
        conversation = (await visitor.until_row(seq=2))["conversation"]
        assert (await house.rooms.conversations.get(conversation)).lang == "en"
        await visitor.send(type="lang", lang="ru")
        await visitor.expect("welcome", lang="ru", last_seq=2)
        assert (await house.rooms.conversations.get(conversation)).lang == "ru"


@pytest.mark.parametrize("version", [0, 2, "1", None])
async def test_another_protocol_version_is_told_to_reload(house: House, version: object) -> None:
    async with visiting(house) as visitor:
        await visitor.send(type="hello", v=version, new_field=True)
        assert await visitor.event() == {"type": "reload"}


async def test_a_bot_that_answers_several_lines_keeps_their_order(house: House) -> None:
    house.rooms.engine.script["many"] = lambda: Reply(tuple(Utterance(f"line {n}") for n in range(5)))
    async with visiting(house) as visitor:
        await visitor.hello()
        await visitor.say("many")
        await visitor.until_row(text="line 4")
        assert [row["text"] for row in visitor.rows().values()] == ["many", *(f"line {n}" for n in range(5))]


async def test_open_sockets_are_counted(house: House) -> None:
    def sockets() -> float | None:
        return house.rooms.metrics.registry.get_sample_value("zeroline_sockets", {"door": "widget"})

    async with visiting(house) as visitor:
        await visitor.hello()
        assert sockets() == 1
    await until(lambda: sockets() == 0, "the closed socket to be forgotten")
    assert not house.app.ctx.lines
