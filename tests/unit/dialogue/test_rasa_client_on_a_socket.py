"""The client against a real local server that is slow, breaks off, floods, vanishes and comes back."""

import asyncio
import gzip
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.dialogue.client import Rasa
from bot.dialogue.model import DialogueDown, Turn, Utterance

TURN = Turn("turn-1", "c1.1", "hello", "en", "widget", {"verdict": "none", "confidence": 0.0, "hits": []})
BODY = json.dumps({"utterances": [{"text": "Hello"}]}).encode()
TIMEOUT = 0.4
Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


def head(length: int = len(BODY), more: str = "") -> bytes:
    return f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{more}\r\n".encode()


async def well(writer: asyncio.StreamWriter) -> None:
    writer.write(head() + BODY)


@asynccontextmanager
async def server(answer: Answer, port: int = 0) -> AsyncIterator[int]:
    """Reads each request to its end and answers it as told; yields the port."""
    connections: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.add(writer)
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                length = int(request.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                await reader.readexactly(length)
                await answer(writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", port, reuse_address=True)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
        for writer in connections:
            writer.transport.abort()
        await listening.wait_closed()


@asynccontextmanager
async def client(port: int) -> AsyncIterator[Rasa]:
    rasa = Rasa(f"http://127.0.0.1:{port}", "s3cret", timeout=TIMEOUT)
    try:
        yield rasa
    finally:
        await rasa.close()


async def down_within(rasa: Rasa, seconds: float) -> DialogueDown:
    started = time.monotonic()
    with pytest.raises(DialogueDown) as failure:
        await rasa.ask(TURN)
    assert time.monotonic() - started < seconds
    return failure.value


async def test_a_good_answer_is_read_over_one_connection_kept_open() -> None:
    async with server(well) as port, client(port) as rasa:
        for _ in range(3):
            assert (await rasa.ask(TURN)).utterances == (Utterance("Hello"),)


async def silent(_: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def silent_after_the_headers(writer: asyncio.StreamWriter) -> None:
    writer.write(head())
    await asyncio.Event().wait()


async def drip(writer: asyncio.StreamWriter) -> None:
    # Every byte comes well within the time-out; only the whole is late.
    writer.write(head(10_000))
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(TIMEOUT / 8)


async def drip_headers(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"x-more: y\r\n")
        await writer.drain()
        await asyncio.sleep(TIMEOUT / 8)


@pytest.mark.parametrize("answer", [silent, silent_after_the_headers, drip, drip_headers], ids=lambda f: f.__name__)
async def test_a_slow_engine_is_given_up_at_the_time_out(answer: Answer) -> None:
    async with server(answer) as port, client(port) as rasa:
        await down_within(rasa, TIMEOUT + 3)


async def hang_up(writer: asyncio.StreamWriter) -> None:
    writer.close()


async def reset(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def half_a_body(writer: asyncio.StreamWriter) -> None:
    writer.write(head() + BODY[:-4])
    writer.close()


async def half_a_chunked_body(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(BODY), BODY))
    writer.close()


async def half_a_header(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-le")
    writer.close()


async def not_http(writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x16\x03\x01 hello\r\n\r\n")


async def ten_megabytes(writer: asyncio.StreamWriter) -> None:
    size = 10 * 1024 * 1024
    writer.write(head(size))
    for _ in range(size // 65_536):
        writer.write(b" " * 65_536)
        await writer.drain()


async def a_bomb(writer: asyncio.StreamWriter) -> None:
    packed = gzip.compress(b" " * 20 * 1024 * 1024)
    writer.write(head(len(packed), "content-encoding: gzip\r\n") + packed)


@pytest.mark.parametrize(
    "answer",
    [hang_up, reset, half_a_body, half_a_chunked_body, half_a_header, not_http, ten_megabytes, a_bomb],
    ids=lambda f: f.__name__,
)
async def test_a_broken_answer_is_an_engine_that_is_down(answer: Answer) -> None:
    async with server(answer) as port, client(port) as rasa:
        await down_within(rasa, TIMEOUT + 3)


async def test_nobody_listening_is_known_at_once() -> None:
    async with server(well) as port:
        pass
    async with client(port) as rasa:
        failure = await down_within(rasa, 3)
        assert "ConnectError" in failure.text
        assert await rasa.is_ready() is False


async def test_an_engine_that_was_restarted_is_used_again_by_itself() -> None:
    async with server(well) as port:
        pass
    async with client(port) as rasa:
        async with server(well, port):
            assert await rasa.ask(TURN)
        await down_within(rasa, 3)
        async with server(well, port):
            assert (await rasa.ask(TURN)).utterances == (Utterance("Hello"),)


async def test_a_late_answer_never_becomes_the_answer_to_the_next_turn() -> None:
    asked = 0

    async def first_is_late(writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        number = asked
        if number == 1:
            await asyncio.sleep(TIMEOUT * 1.5)
        body = json.dumps({"utterances": [{"text": f"answer {number}"}]}).encode()
        writer.write(head(len(body)) + body)

    async with server(first_is_late) as port, client(port) as rasa:
        await down_within(rasa, TIMEOUT + 3)
        reply = await rasa.ask(replace(TURN, id="turn-2"))
        assert reply.utterances == (Utterance("answer 2"),)


async def test_a_hundred_turns_at_once_are_all_answered() -> None:
    async with server(well) as port:
        rasa = Rasa(f"http://127.0.0.1:{port}", "s3cret", timeout=10)
        replies = await asyncio.gather(*(rasa.ask(replace(TURN, id=f"turn-{n}")) for n in range(100)))
        await rasa.close()
    assert len(replies) == 100
