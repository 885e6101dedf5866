"""The book-keeping customer against a scripted server that misbehaves in every way the books must survive or notice."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.server import ServerConnection, serve

from tests.ledger import Customer, Row
from tests.waiting import until

Frame = dict[str, Any]
Scene = Callable[["Caller"], Awaitable[None]]


class Caller:
    """The server's end of one connection, after the hello."""

    def __init__(self, socket: ServerConnection, hello: Frame) -> None:
        self.socket, self.hello = socket, hello

    async def welcome(self, last_seq: int = 0, *, token: str | None = None, reset: bool = False) -> None:
        conversation = "one" if last_seq else ""
        frame = {"type": "welcome", "token": token, "conversation": conversation, "last_seq": last_seq, "reset": reset}
        await self.tell(frame)

    async def hear(self) -> Frame:
        frame: Frame = json.loads(await self.socket.recv())
        return frame

    async def tell(self, frame: Frame) -> None:
        await self.socket.send(json.dumps(frame))

    async def rows(self, *rows: Row) -> None:
        await self.tell({"type": "messages", "messages": list(rows)})

    async def ack(self, cid: str, seq: int) -> None:
        await self.tell({"type": "ack", "cid": cid, "seq": seq})


def row(seq: int, author: str = "bot", cid: str = "", text: str = "") -> Row:
    return {"conversation": "one", "seq": seq, "cid": cid or f"r-{seq}", "author": author, "kind": "text", "text": text}


@asynccontextmanager
async def customer_of(*scenes: Scene) -> AsyncIterator[Customer]:
    """A customer whose n-th connection is played by the n-th scene; a connection ends with its scene."""
    left = list(scenes)

    async def play(socket: ServerConnection) -> None:
        scene = left.pop(0) if left else stay
        await scene(Caller(socket, json.loads(await socket.recv())))

    async with serve(play, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with Customer(f"http://localhost:{port}") as customer:
            yield customer


async def stay(caller: Caller) -> None:
    await caller.socket.wait_closed()


async def test_a_line_is_resent_with_its_cid_until_it_is_acknowledged() -> None:
    heard: list[Frame] = []

    async def swallow_the_line(caller: Caller) -> None:
        await caller.welcome(token="t")
        heard.append(await caller.hear())

    async def keep_it(caller: Caller) -> None:
        assert caller.hello["token"] == "t"
        await caller.welcome(1)
        heard.append(await caller.hear())
        await caller.ack(heard[-1]["cid"], 1)
        await caller.rows(row(1, "customer", heard[-1]["cid"]), row(2))
        await stay(caller)

    async with customer_of(swallow_the_line, keep_it) as customer:
        line = await customer.settled(await customer.say("hello"), 10)
        assert [frame["cid"] for frame in heard] == [line.cid, line.cid]
        assert (line.seq, line.fate, customer.ledger.connections) == (1, "bot", 2)
        assert customer.ledger.faults == []


async def test_rows_are_resumed_after_the_last_one_shown() -> None:
    asked: list[int] = []

    async def two_rows(caller: Caller) -> None:
        await caller.welcome(2, token="t")
        await caller.rows(row(1), row(2))

    async def the_rest(caller: Caller) -> None:
        asked.append(caller.hello["after"])
        await caller.welcome(3)
        await caller.rows(row(2), row(3))
        await stay(caller)

    async with customer_of(two_rows, the_rest) as customer:
        await customer.sees(3, 10)
        assert asked == [2]
        assert [shown["seq"] for shown in customer.ledger.shown] == [1, 2, 3]
        assert customer.ledger.repeats == 1


async def test_a_hole_in_the_numbers_is_asked_for_and_never_shown() -> None:
    async def with_a_hole(caller: Caller) -> None:
        await caller.welcome(3, token="t")
        await caller.rows(row(1), row(3))
        await stay(caller)

    async def whole(caller: Caller) -> None:
        assert caller.hello["after"] == 1
        await caller.welcome(3)
        await caller.rows(row(2), row(3))
        await stay(caller)

    async with customer_of(with_a_hole, whole) as customer:
        await customer.sees(3, 10)
        assert customer.ledger.jumps == 1
        assert [shown["seq"] for shown in customer.ledger.shown] == [1, 2, 3]


async def test_a_refused_line_waits_as_long_as_told_and_nothing_overtakes_it() -> None:
    heard: list[str] = []

    async def too_fast(caller: Caller) -> None:
        await caller.welcome(token="t")
        first = await caller.hear()
        heard.append(first["text"])
        refusal = {"type": "refused", "cid": first["cid"], "code": "too_many_messages", "text": "", "retry_after": 1}
        await caller.tell(refusal)
        for seq in (1, 2):
            frame = await caller.hear()
            heard.append(frame["text"])
            await caller.ack(frame["cid"], seq)
        await stay(caller)

    async with customer_of(too_fast) as customer:
        first, before = await customer.say("one"), time.monotonic()
        await until(lambda: customer.ledger.refusals["too_many_messages"] == 1, "the refusal")
        second = await customer.say("two")
        await until(lambda: second.acked_at is not None, "both lines acknowledged")
        assert heard == ["one", "one", "two"]
        assert first.acked_at is not None
        assert first.acked_at - before >= 1


async def test_a_line_refused_for_good_is_not_sent_again() -> None:
    async def refuse(caller: Caller) -> None:
        await caller.welcome(token="t")
        cid = (await caller.hear())["cid"]
        await caller.tell({"type": "refused", "cid": cid, "code": "text_empty", "text": "", "retry_after": None})
        await stay(caller)

    async with customer_of(refuse) as customer:
        line = await customer.settled(await customer.say(" "), 10)
        assert line.fate == "refused"
        assert customer.ledger.unacked() == []


async def test_a_line_without_an_answer_is_stuck_and_one_in_the_queue_is_not() -> None:
    async def acknowledge_only(caller: Caller) -> None:
        await caller.welcome(token="t")
        for seq in (1, 2):
            await caller.ack((await caller.hear())["cid"], seq)
            if seq == 1:
                await asyncio.wait_for(stuck.wait(), 10)
            await caller.tell({"type": "state", "holder": "queue", "operator": None, "position": 1})
        await stay(caller)

    stuck = asyncio.Event()
    async with customer_of(acknowledge_only) as customer:
        assert (await customer.settled(await customer.say("anybody?"), 0.3)).fate == "stuck"
        stuck.set()
        assert (await customer.settled(await customer.say("a person, then"), 10)).fate == "person"


async def test_the_books_name_a_server_that_breaks_its_word() -> None:
    async def forget(caller: Caller) -> None:
        await caller.welcome(2, token="t")
        await caller.rows(row(1, text="as it was"), row(2))
        await caller.rows(row(1, text="as it never was"))
        cid = (await caller.hear())["cid"]
        await caller.ack(cid, 3)
        await caller.ack(cid, 4)

    async def anew(caller: Caller) -> None:
        await caller.welcome(1, token="another", reset=True)
        await stay(caller)

    async with customer_of(forget, anew) as customer:
        await customer.sees(2, 10)
        await customer.say("hello")
        await until(lambda: customer.ledger.connections == 2, "the second connection")
        assert [fault[:2] for fault in customer.ledger.faults] == ["D5", "D1", "D4", "D4"]


async def test_the_transcript_is_read_again_to_its_end() -> None:
    async def full(caller: Caller) -> None:
        await caller.welcome(3, token="t")
        for seq in range(caller.hello["after"] + 1, 4):
            await caller.rows(row(seq))
        await stay(caller)

    async with customer_of(full, full) as customer:
        await customer.sees(3, 10)
        await customer.reread()
        ledger = customer.ledger
        assert ledger.reread == ledger.shown[ledger.reread_after :]
