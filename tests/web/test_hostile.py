"""What strangers and broken clients send to the widget's socket: refused, survived, and nobody else notices."""

import asyncio
import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import BadRequest
from bot.web import frames
from bot.web.limits import Rate
from bot.web.options import WebOptions
from tests.waiting import until
from tests.web.house import GENEROUS, House, Rooms, quick, serve
from tests.web.sockets import Visitor, visiting

NONSENSE = [
    ("", "invalid_json"),
    ("hello", "invalid_json"),
    ("{", "invalid_json"),
    ("null", "invalid_frame"),
    ("[]", "invalid_frame"),
    ("17", "invalid_frame"),
    ("{}", "invalid_frame"),
    ('{"type": "nothing"}', "invalid_frame"),
    ('{"type": ["hello"]}', "invalid_frame"),
    ('{"type": "ping", "more": 1}', "invalid_frame"),
    ('{"type": "message", "text": "no id"}', "invalid_frame"),
    ("[" * 8_000 + "]" * 8_000, "invalid_json"),
    ('{"a":' * 2_000 + "1" + "}" * 2_000, "invalid_json"),
    ('{"type": "ping", "type2": "\\ud800"}', "invalid_json"),
    ('{"type": "ping"} {"type": "ping"}', "invalid_json"),
    (b'{"type": "ping"}', "invalid_frame"),
    (b"\xff\xfe\x00", "invalid_frame"),
]


@pytest.mark.parametrize(("raw", "code"), NONSENSE, ids=range(len(NONSENSE)))
async def test_nonsense_gets_a_code_and_a_sentence_and_the_socket_lives(
    house: House, raw: str | bytes, code: str
) -> None:
    async with visiting(house) as visitor:
        await visitor.hello(lang="ru")
        await visitor.socket.send(raw)
        complaint = await visitor.expect("error")
        assert complaint["code"] == code
        assert complaint["text"]
        assert await visitor.say("still here") == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"text": "x" * 2_001}, "text_too_long"),
        ({"text": ""}, "text_empty"),
        ({"text": " \n\t"}, "text_empty"),
        ({"text": 5}, "invalid_frame"),
        ({"text": "x", "admin": True}, "invalid_frame"),
        ({}, "invalid_frame"),
    ],
)
async def test_a_bad_message_is_refused_by_its_own_id(house: House, fields: dict[str, object], code: str) -> None:
    async with visiting(house) as visitor:
        await visitor.hello(lang="en")
        await visitor.send(type="message", cid="cid-refused-1", **fields)
        assert (await visitor.expect("refused", cid="cid-refused-1"))["code"] == code
        assert await visitor.say("and the next one is stored") == 1


@pytest.mark.parametrize("cid", ["short", "x" * 65, "with space", "кириллица", "", 7, None, "../../etc"])
async def test_a_bad_id_is_refused(house: House, cid: object) -> None:
    async with visiting(house) as visitor:
        await visitor.hello()
        await visitor.send(type="message", cid=cid, text="hello")
        await visitor.send(type="ping")
        await visitor.expect("pong")
        refusals = [event for event in visitor.seen if event["type"] in ("refused", "error")]
        assert [event["code"] for event in refusals] == ["invalid_frame"]


async def test_a_megabyte_is_too_big_and_a_full_frame_is_not(house: House) -> None:
    async with visiting(house) as visitor:
        await visitor.hello()
        await visitor.socket.send("x" * 1_000_000)
        assert await visitor.closed() == 1009
    async with visiting(house) as visitor:
        await visitor.hello()
        await visitor.say("\U0001f642" * 2_000)


async def test_a_megabyte_in_small_pieces_is_too_big_too(house: House) -> None:
    async with visiting(house) as visitor:
        await visitor.hello()
        await visitor.socket.send("x" * 1_000 for _ in range(1_000))
        assert await visitor.closed() == 1009


async def test_invalid_utf8_closes_the_socket_with_its_own_code(house: House) -> None:
    async with visiting(house) as visitor:
        await visitor.hello()
        await visitor.socket.send(b'{"type": "ping\xff\xfe"}', text=True)
        assert await visitor.closed() == 1007


async def test_strange_characters_are_stored_and_shown_as_they_are(house: House) -> None:
    texts = [
        "a\x00b",
        "\u202eabc\u202c",
        "﷽" * 50,
        "<script>alert(1)</script>",
        "/restart",
        '/ask_human{"a":1}',
        "e\u0301",
    ]
    async with visiting(house) as visitor:
        await visitor.hello()
        for number, text in enumerate(texts):
            seq = await visitor.say(text, f"cid-strange-{number}")
            row = await visitor.until_row(seq=seq)
            assert row["text"] == text.replace("\x00", "\ufffd")
            assert row["blocks"] is None


async def test_nothing_but_hello_comes_first(house: House) -> None:
    async with visiting(house) as visitor:
        await visitor.send(type="message", cid="cid-too-early", text="hi")
        assert (await visitor.expect("refused", cid="cid-too-early"))["code"] == "hello_first"
        await visitor.send(type="typing")
        assert (await visitor.expect("error"))["code"] == "hello_first"
        await visitor.hello()
        await visitor.send(type="hello", v=1)
        assert (await visitor.expect("error"))["code"] == "hello_again"


async def test_who_says_nothing_is_sent_away(behind: Rooms) -> None:
    async with serve(behind, quick(hello=0.05)) as house, visiting(house) as silent:
        assert await silent.closed() == 1008


async def test_endless_nonsense_closes_the_socket(house: House) -> None:
    async with visiting(house) as visitor:
        await visitor.hello()
        for _ in range(25):
            await visitor.socket.send("nonsense")
        assert await visitor.closed() == 1008
        assert sum(event["type"] == "error" for event in visitor.seen) == 20


async def test_ten_thousand_tiny_frames_close_only_their_own_socket(house: House) -> None:
    async def flood(visitor: Visitor) -> None:
        for _ in range(10_000):
            await visitor.send(type="ping")

    async with visiting(house) as calm, visiting(house) as wild:
        await calm.hello()
        await wild.hello()
        flooding = asyncio.create_task(flood(wild))
        assert await calm.say("still served") == 1
        assert await wild.closed() == 1008
        flooding.cancel()
        await asyncio.gather(flooding, return_exceptions=True)
        assert await calm.say("and again") > 1


async def test_a_fast_writer_is_asked_to_wait_and_keeps_the_socket(behind: Rooms) -> None:
    limits = replace(GENEROUS, messages=(Rate(30, 3),))
    async with serve(behind, WebOptions(limits=limits)) as house, visiting(house) as visitor:
        await visitor.hello(lang="en")
        for number in range(3):
            await visitor.say(f"line {number}")
        await visitor.send(type="message", cid="cid-too-fast", text="line 3")
        refused = await visitor.expect("refused", cid="cid-too-fast")
        assert refused["code"] == "too_many_messages"
        assert 1 <= refused["retry_after"] <= 30
        async with visiting(house) as second_tab:
            await second_tab.hello(visitor.token)
            await second_tab.send(type="message", cid="cid-too-fast-2", text="from another tab")
            await second_tab.expect("refused", cid="cid-too-fast-2", code="too_many_messages")
        async with visiting(house) as somebody_else:
            await somebody_else.hello()
            await somebody_else.say("not held back")


async def test_an_address_opens_only_so_many_new_chats(behind: Rooms) -> None:
    limits = replace(GENEROUS, visitors=Rate(60, 2))
    async with serve(behind, WebOptions(limits=limits)) as house:
        tokens = []
        for _ in range(2):
            async with visiting(house) as visitor:
                await visitor.hello()
                tokens.append(visitor.token)
        async with visiting(house) as one_too_many:
            await one_too_many.send(type="hello", v=1)
            assert (await one_too_many.expect("error"))["code"] == "too_many_visitors"
            assert await one_too_many.closed() == 1013
        async with visiting(house) as known:
            await known.hello(tokens[0])


async def test_an_address_holds_only_so_many_sockets(behind: Rooms) -> None:
    limits = replace(GENEROUS, sockets=2)
    async with serve(behind, WebOptions(limits=limits)) as house:
        async with visiting(house) as one, visiting(house) as two:
            await one.hello()
            await two.hello()
            async with visiting(house) as three:
                assert (await three.expect("error"))["code"] == "too_many_sockets"
                assert await three.closed() == 1013
        await until(lambda: not house.app.ctx.lines, "the sockets to be gone")
        async with visiting(house) as again:
            await again.hello()


KEYS = st.sampled_from(["type", "v", "cid", "text", "seq", "token", "lang"]) | st.text()
PLAIN = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["hello", "message", "watch"])
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner)))
def test_whatever_json_comes_reading_it_raises_nothing_else(value: object) -> None:
    with suppress(BadRequest, frames.OldProtocol):
        frames.read(json.dumps(value), frames.WIDGET)
    with suppress(BadRequest, frames.OldProtocol):
        frames.read(json.dumps(value), frames.DESK)
