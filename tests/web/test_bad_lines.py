"""Bad lines and slow readers: whoever stalls, vanishes or is cut off harms nobody else and loses nothing."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Connection, select
from websockets.asyncio.client import connect
from websockets.typing import Origin

from bot.clock import now
from bot.conversation.model import Author, Draft
from bot.conversation.store import ConversationStore, messages
from tests.waiting import busy_writer, until
from tests.web.house import House, Rooms, quick, serve
from tests.web.sockets import Visitor, visiting


@asynccontextmanager
async def narrow(house: House) -> AsyncIterator[Visitor]:
    """A client whose system takes little before it makes the server wait."""
    with socket.socket() as plain:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        plain.setblocking(False)
        host, port = house.host.split(":")
        await asyncio.get_running_loop().sock_connect(plain, (host, int(port)))
        async with connect(
            f"ws://{house.host}/ws/widget",
            origin=Origin(house.url),
            sock=plain,
            compression=None,
            max_size=None,
            max_queue=1,
        ) as raw:
            yield Visitor(raw)


def fill(tx: Connection, conversation_id: str) -> None:
    """Twelve megabytes of transcript: more than the buffers between two programs hold."""
    store = ConversationStore()
    for number in range(600):
        store.append(tx, conversation_id, Draft(f"fill-{number}", Author.OPERATOR, "я" * 10_000), now())


async def test_a_reader_that_stalls_loses_only_its_own_socket(behind: Rooms) -> None:
    async with serve(behind, quick(send=0.3, close=0.2)) as house, visiting(house) as calm, narrow(house) as stalled:
        await calm.hello()
        await stalled.hello()
        await stalled.say("hi")
        conversation = (await stalled.until_row(seq=2))["conversation"]
        await behind.database.write(lambda tx: fill(tx, conversation))
        stalled.socket.transport.pause_reading()
        await behind.bus.publish(f"conversation:{conversation}", {"type": "message"})
        for number in range(5):
            assert await calm.say(f"line {number}") > 0
        await until(lambda: len(house.app.ctx.lines) == 1, "the stalled socket to be given up")
        stalled.socket.transport.abort()
        assert await calm.say("still served") > 0
        async with visiting(house) as back:
            await back.hello(stalled.token, after=601)
            assert (await back.until_row(seq=602))["author"] == "operator"


async def test_a_slow_reader_that_wakes_up_is_told_to_resume(behind: Rooms) -> None:
    def given_up() -> bool:
        return any(line._socket.ws_proto.close_sent for line in house.app.ctx.lines)

    async with serve(behind, quick(send=0.3, close=15)) as house, narrow(house) as sleepy:
        await sleepy.hello()
        await sleepy.say("hi")
        conversation = (await sleepy.until_row(seq=2))["conversation"]
        sleepy.socket.transport.pause_reading()
        await behind.database.write(lambda tx: fill(tx, conversation))
        await behind.bus.publish(f"conversation:{conversation}", {"type": "message"})
        await until(given_up, "the server's patience to end")
        sleepy.socket.transport.resume_reading()
        assert await sleepy.closed() == 4008
        cursor = max(sleepy.rows())
        assert list(sleepy.rows()) == list(range(1, cursor + 1))
        async with visiting(house) as again:
            await again.hello(sleepy.token, after=cursor)
            await again.until_row(seq=602)
            assert list(again.rows()) == list(range(cursor + 1, 603))


async def test_a_peer_that_vanishes_is_noticed_by_the_heartbeat(behind: Rooms) -> None:
    async with serve(behind, quick(ping=0.05, pong=0.1, close=0.2)) as house, visiting(house) as visitor:
        await visitor.hello()
        await visitor.send(type="ping")
        await visitor.expect("pong")
        visitor.socket.transport.pause_reading()
        await until(lambda: not house.app.ctx.lines, "the silent socket to be given up")
        visitor.socket.transport.abort()


async def test_a_socket_cut_at_any_byte_does_no_harm(behind: Rooms) -> None:
    """Raw bytes cut at growing points: inside the handshake, inside frames, after them."""
    async with serve(behind) as house:
        host, port = house.host.split(":")
        request = (
            f"GET /ws/widget HTTP/1.1\r\nHost: {house.host}\r\nOrigin: {house.url}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        ).encode()
        said = [{"type": "hello", "v": 1}, {"type": "message", "cid": "cid-cut-any-01", "text": "half a word"}]
        whole = request + b"".join(_frame(json.dumps(frame).encode()) for frame in said)
        for length in range(1, len(whole), 7):
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(whole[: min(length, len(request))])
            if length > len(request):
                await reader.readuntil(b"\r\n\r\n")
                writer.write(whole[len(request) : length])
            await writer.drain()
            writer.transport.abort()
        async with visiting(house) as after:
            await after.hello()
            await after.say("all is well")
        await until(lambda: not house.app.ctx.lines, "the cut sockets to be forgotten")


def _frame(payload: bytes) -> bytes:
    """A masked text frame; a mask of zeros leaves the payload readable."""
    head = bytes([0x81, 0x80 | len(payload)]) if len(payload) < 126 else bytes([0x81, 0xFE, 0, len(payload)])
    return head + bytes(4) + payload


async def test_a_server_that_stops_sends_sockets_away_and_finishes_what_it_began(behind: Rooms) -> None:
    async with serve(behind) as house, visiting(house) as visitor:
        await visitor.hello()
        async with busy_writer(behind.database):
            await visitor.send(type="message", cid="cid-last-words", text="just in time")
            await until(lambda: bool(house.app.ctx._finishing), "the message to be in hand")
            stopping = asyncio.create_task(house.app.ctx.drain())
            assert await visitor.closed() == 1012
            assert not stopping.done()
        await stopping
        stored = await behind.database.read(lambda tx: tx.execute(select(messages.c.text)).scalars().all())
        assert "just in time" in stored


async def test_rings_of_any_kind_number_and_order_never_repeat_or_reorder_rows(behind: Rooms) -> None:
    async with serve(behind) as house, visiting(house) as visitor:
        await visitor.hello()
        await visitor.say("hi")
        topic = f"conversation:{(await visitor.until_row(seq=2))['conversation']}"
        for number in range(20):
            for kind in ("state", "message", "unheard-of", "message", "lost", "opened"):
                await behind.bus.publish(topic, {"type": kind, "id": str(number), "seq": 20 - number})
        await visitor.say("still in order")
        await visitor.until_row(text="You said: still in order")
        assert list(visitor.rows()) == [1, 2, 3, 4]
        assert sum(event["type"] == "state" for event in visitor.seen) == 1
