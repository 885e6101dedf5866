"""The fake Bot API server in a thread of its own, for tests that are not coroutines (a browser, a whole product)."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from tests.telegram_api import FakeTelegram
from tests.telegram_chats import Sent

T = TypeVar("T")


class TelegramThread:
    """`do` runs a call on the server's own loop: `thread.do(lambda telegram: telegram.says(7, "привет"))`."""

    def __init__(self, telegram: FakeTelegram, loop: asyncio.AbstractEventLoop) -> None:
        self._telegram, self._loop = telegram, loop
        self.url = telegram.url

    def do(self, act: Callable[[FakeTelegram], T]) -> T:
        async def run() -> T:
            return act(self._telegram)

        return self.wait(lambda _: run())

    def wait(self, act: Callable[[FakeTelegram], Coroutine[Any, Any, T]]) -> T:
        return asyncio.run_coroutine_threadsafe(act(self._telegram), self._loop).result(60)

    def next_message(self, chat_id: int, seconds: float = 15) -> Sent:
        return self.wait(lambda telegram: telegram.next_message(chat_id, seconds))


@contextmanager
def telegram_thread() -> Iterator[TelegramThread]:
    """A running fake Bot API server; stopped after the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="fake-telegram", daemon=True)
    thread.start()

    async def start() -> FakeTelegram:
        return await FakeTelegram().__aenter__()

    telegram = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    try:
        yield TelegramThread(telegram, loop)
    finally:
        asyncio.run_coroutine_threadsafe(telegram.__aexit__(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
