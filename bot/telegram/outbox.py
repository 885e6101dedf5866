"""Drains the outbox into Telegram: rows are claimed, sent in the order of their conversation, and marked."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import structlog
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.utils.backoff import Backoff, BackoffConfig
from tenacity import AsyncRetrying, stop_after_attempt, wait_exponential

from bot.bus.model import OUTBOX, Bus
from bot.clock import now
from bot.conversation.deliveries import Deliveries, OutboxItem
from bot.conversation.model import Author
from bot.errors import NotFound
from bot.files.service import Files
from bot.telegram.courier import Courier, inline, never_arrived
from bot.telegram.letter import Enclosure, Piece, sentence
from bot.telegram.phrases import words
from bot.telegram.render import letter
from bot.telegram.typewriter import Typewriter
from bot.telegram.waiting import Waiting

log = structlog.get_logger(__name__)

AT_ONCE = 100
"""Conversations served side by side; each sends at most a message a second, all together thirty."""

POLL = 2.0
"""Seconds after which the table is read without a ring: rings are hints and may be lost."""

BACKOFF = BackoffConfig(min_delay=1.0, max_delay=60.0, factor=2.0, jitter=0.1)
TOKEN_WAIT = 60.0
UNSURE_WAIT = 10.0
"""Longest pause, with the row still ours, before a send of unknown outcome is offered again."""

STRANGE_FAILURES = 5


@dataclass(slots=True)
class Progress:
    """What this process knows of a row beyond the table: pieces that arrived, and whether one may have."""

    message_ids: list[int] = field(default_factory=list)
    unsure: bool = False
    backoff: Backoff = field(default_factory=lambda: Backoff(BACKOFF))


@dataclass(frozen=True, slots=True)
class Onlookers:
    """Who follows what is sent: the typing mark, and the place in the queue that is kept true."""

    typewriter: Typewriter
    waiting: Waiting


class Outbox:
    """`site`: the address put before our own links, "" for none."""

    def __init__(self, deliveries: Deliveries, courier: Courier, files: Files, site: str, onlookers: Onlookers) -> None:
        self._rows, self._courier, self._files, self._site = deliveries, courier, files, site
        self._typewriter, self._waiting = onlookers.typewriter, onlookers.waiting
        self._known: dict[int, Progress] = {}
        self._busy: set[int] = set()
        self._going: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()

    async def run(self, bus: Bus) -> None:
        """Sends what is due, for ever."""
        async with self._listening(bus):
            while True:
                self._wake.clear()
                room = AT_ONCE - len(self._going)
                for item in await self._rows.claim_outbox(room) if room else []:
                    self._start(item)
                # A finished row, a ring or the end of a wait sets the event; it may be set already.
                await self._woken()

    @asynccontextmanager
    async def _listening(self, bus: Bus) -> AsyncIterator[None]:
        async def listen() -> None:
            async with bus.subscribe(OUTBOX) as rings:
                while True:
                    await rings.get()
                    self._wake.set()

        task = asyncio.create_task(listen())
        try:
            yield
        finally:
            task.cancel()

    async def _woken(self) -> None:
        try:
            async with asyncio.timeout(POLL):
                await self._wake.wait()
        except TimeoutError:
            return

    def _start(self, item: OutboxItem) -> None:
        if item.id in self._busy:
            # Many large files outlast a lease; being claimed again has just renewed it.
            return
        self._busy.add(item.id)
        self._typewriter.watch(item.conversation)
        task = self._courier.errand(self._deliver(item))
        self._going.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._going.discard(task)
        self._wake.set()

    async def _deliver(self, item: OutboxItem) -> None:
        progress = self._known.setdefault(item.id, Progress())
        try:
            await self._send_rest(item, progress)
        except Exception as error:
            await self._settle(item, progress, error)
        else:
            await self._mark(item, lambda: self._rows.outbox_sent(item.id, progress.message_ids))
        finally:
            self._busy.discard(item.id)

    async def _send_rest(self, item: OutboxItem, progress: Progress) -> None:
        """Sends the pieces that have not arrived yet; none for the customer's own rows."""
        if item.message.author is Author.CUSTOMER:
            return
        mail, address = letter(item.message, item.conversation.lang, self._site), item.conversation.address
        for number, piece in enumerate(mail.pieces[len(progress.message_ids) :], start=len(progress.message_ids) + 1):
            markup = inline(mail.keys) if number == len(mail.pieces) else None
            loaded = await self._loaded(piece, item.conversation.lang)
            progress.message_ids.append(await self._courier.carry(address, loaded, markup))
        await self._waiting.sent(item, mail, progress.message_ids)

    async def _loaded(self, piece: Piece, lang: str) -> Piece:
        """With the place of its bytes; a file that is gone is named in words."""
        if not isinstance(piece, Enclosure):
            return piece
        try:
            return replace(piece, path=await self._files.path(piece.file.id))
        except NotFound:
            log.error("telegram_file_gone", file=piece.file.id)
            return sentence(words(lang).file_gone.format(name=piece.file.name))

    async def _settle(self, item: OutboxItem, progress: Progress, error: Exception) -> None:
        match error:
            case TelegramRetryAfter():
                await self._later(item, error.retry_after)
            case TelegramUnauthorizedError() | TelegramNotFound():
                # The token is no longer good; the poller says so loudly, the rows wait for a better one.
                await self._later(item, TOKEN_WAIT)
            case TelegramForbiddenError():
                log.info("telegram_chat_blocked", conversation=item.conversation.id)
                await self._mark(item, lambda: self._rows.chat_dead(item.conversation.id, "blocked"))
            case TelegramAPIError() if never_arrived(error):
                await self._later(item, next(progress.backoff))
            case TelegramNetworkError() | ClientDecodeError():
                await self._unsure(item, progress)
            case TelegramAPIError():
                log.warning("telegram_undeliverable", conversation=item.conversation.id, why=error.message)
                await self._mark(item, lambda: self._rows.outbox_dead(item.id, error.message))
            case _:
                await self._strange(item, progress, error)

    async def _unsure(self, item: OutboxItem, progress: Progress) -> None:
        """The line broke after the request had left: once more, marked; a second time is enough of duplicates."""
        log.warning("telegram_delivery_unknown", conversation=item.conversation.id, seq=item.message.seq)
        if progress.unsure:
            await self._mark(item, lambda: self._rows.outbox_dead(item.id, "unconfirmed"))
            return
        progress.unsure = True
        await asyncio.sleep(min(next(progress.backoff), UNSURE_WAIT))
        await self._mark(item, lambda: self._rows.outbox_unknown(item.id), known=True)

    async def _strange(self, item: OutboxItem, progress: Progress, error: Exception) -> None:
        """A fault of our own. The conversation must not hang on it for ever."""
        log.error("telegram_delivery_failed", conversation=item.conversation.id, exc_info=error)
        if item.attempts < STRANGE_FAILURES:
            await self._later(item, next(progress.backoff))
        else:
            await self._mark(item, lambda: self._rows.outbox_dead(item.id, type(error).__name__))

    async def _later(self, item: OutboxItem, seconds: float) -> None:
        at = now() + timedelta(seconds=seconds)
        # A moment late on purpose: woken before `at`, the claim would find nothing and sleep a whole POLL.
        asyncio.get_running_loop().call_later(seconds + 0.01, self._wake.set)
        await self._mark(item, lambda: self._rows.outbox_retry(item.id, at), known=True)

    async def _mark(self, item: OutboxItem, call: Callable[[], Awaitable[None]], known: bool = False) -> None:
        """Writes the outcome down, through short troubles of the database: a lost mark is a message sent twice."""
        async for attempt in AsyncRetrying(
            wait=wait_exponential(multiplier=0.1, max=5), stop=stop_after_attempt(8), reraise=True
        ):
            with attempt:
                await call()
        if not known:
            self._known.pop(item.id, None)
