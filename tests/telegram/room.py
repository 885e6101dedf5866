"""The Telegram room on the real conversation service and database, with a scripted engine behind and a fake Bot API."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.accounts.model import Operator, Role
from bot.analytics.metrics import Metrics
from bot.bus.local import LocalBus
from bot.clock import now
from bot.conversation.model import Channel, Conversation, Message
from bot.conversation.parts import Outside, open_parts
from bot.conversation.service import Conversations
from bot.dialogue.model import Reply, Turn, Utterance
from bot.files.service import Files
from bot.kb.model import Article, Evidence, Hit, Topic, Verdict
from bot.notices.service import Errands
from bot.storage.database import Database
from bot.telegram.app import TelegramOptions, run_telegram
from handoff.desk import open_desk
from handoff.model import Ticket
from tests.contract.backends import sqlite
from tests.telegram_api import TOKEN, FakeTelegram
from tests.waiting import until

BORIS = Operator("op-1", "boris", "Борис <3", Role.OPERATOR)
ROUTER = Hit("router", "ru", "Как перезагрузить роутер", "Выключите **на минуту**.", "/help/ru/router", 0.9)
SPEED = replace(ROUTER, article="speed", title="Низкая скорость", url="/help/ru/speed")


class Engine:
    """Answers what the test scripted for a text, else repeats it."""

    def __init__(self) -> None:
        self.script: dict[str, Utterance] = {}

    async def ask(self, turn: Turn) -> Reply:
        said = self.script.get(turn.payload or turn.text, Utterance(f"Вы написали: {turn.text}"))
        return Reply((said,))


class Shelf:
    """Two articles, found by every question."""

    async def search(self, text: str, lang: str, topic: Topic | None = None) -> Evidence:
        return Evidence(Verdict.UNSURE, 0.5, (ROUTER, SPEED), lang)

    async def part(self, article_id: str, lang: str, question: str, said: Sequence[str] = ()) -> str:
        return ""

    async def article(self, article_id: str, lang: str) -> Article | None:
        return Article(article_id, lang, ROUTER.title, ROUTER.short_answer)


@dataclass(slots=True)
class Room:
    """A running channel. `options` count from the next start."""

    telegram: FakeTelegram
    database: Database
    conversations: Conversations
    bus: LocalBus
    engine: Engine
    options: TelegramOptions
    files: Files
    notices: Errands
    _task: asyncio.Task[None] | None = field(default=None)

    def start(self) -> None:
        self._task = asyncio.create_task(run_telegram(self, replace(self.options, api_url=self.telegram.url)))

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def running(self) -> None:
        """Returns when the channel has ended by itself."""
        assert self._task is not None
        await self._task

    async def conversation(self, chat_id: int) -> Conversation:
        found = await self.conversations.find(f"tg-{chat_id}", Channel.TELEGRAM)
        assert found is not None
        return found

    async def rows(self, chat_id: int) -> list[Message]:
        return await self.conversations.history((await self.conversation(chat_id)).id)

    async def texts(self, chat_id: int) -> list[str]:
        return [row.text for row in await self.rows(chat_id)]

    async def ticket(self) -> Ticket:
        """The oldest open ticket, once there is one."""
        await until(self._has_ticket, "a ticket")
        return (await self.conversations.tickets())[0]

    async def _has_ticket(self) -> bool:
        return bool(await self.conversations.tickets())


@asynccontextmanager
async def open_room(folder: Path) -> AsyncIterator[Room]:
    """Anna's chat is 7 (Russian), Bob's is 8 (English). Sends are paced a hundred times faster than in life."""
    async with sqlite(folder) as database, FakeTelegram() as telegram:
        bus, engine = LocalBus(), Engine()
        files = Files(database, folder / "files", "secret")
        notices = Errands(database, now, lambda *_: False)
        parts = open_parts(database, bus, open_desk(now), Outside(Metrics(), notices, files), now)
        conversations = Conversations(parts, Shelf(), engine)
        telegram.add_customer(7, "Anna", "ru")
        telegram.add_customer(8, "Bob", "en")
        options = TelegramOptions(
            TOKEN, public_url="https://help.example", poll_seconds=1, per_chat=0.01, overall=0.0003
        )
        room = Room(telegram, database, conversations, bus, engine, options, files, notices)
        loops = [asyncio.create_task(loop) for loop in (conversations.run(), notices.run())]
        try:
            yield room
        finally:
            await room.stop()
            for loop in loops:
                loop.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
