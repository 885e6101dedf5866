"""Carries single messages to Telegram at the allowed pace and says what became of each; for replies and the outbox."""

import asyncio
from collections.abc import Coroutine
from typing import Any, cast

import structlog
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.enums import ChatAction, ParseMode
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import SendDocument, SendMessage, SendPhoto, TelegramMethod
from aiogram.methods.base import Response, TelegramType
from aiogram.types import (
    FSInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardMarkup,
)
from aiohttp import ClientConnectorError, ConnectionTimeoutError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, wait_exponential

from bot.telegram.letter import PHOTOS, Chunk, Enclosure, Keys, Piece
from bot.telegram.pace import Pace

log = structlog.get_logger(__name__)

TIMEOUT = 20
"""Seconds for one send. A row of the outbox is ours for 90 s and the longest text is three messages."""

UPLOAD_TIMEOUT = 60
"""Seconds for 10 MB on a slow line."""

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
BACKOFF = wait_exponential(multiplier=1, max=30)

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup


class Session(AiohttpSession):
    """A 502 page of a proxy is not JSON; it must read as "the server is ill", not as an answer."""

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        try:
            return super().check_response(bot, method, status_code, content)
        except ClientDecodeError as error:
            if status_code < 500:
                raise
            raise TelegramServerError(method=cast(Any, method), message=f"HTTP {status_code}") from error


def inline(keys: Keys) -> InlineKeyboardMarkup | None:
    rows = [[InlineKeyboardButton(text=key.title, callback_data=key.data) for key in row] for row in keys]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def never_arrived(error: BaseException) -> bool:
    """Whether the request certainly did nothing: Telegram refused it for now, or was never reached."""
    if isinstance(error, TelegramRetryAfter | TelegramServerError):
        return True
    return isinstance(error, TelegramNetworkError) and isinstance(
        error.__cause__, ClientConnectorError | ConnectionTimeoutError
    )


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    return float(error.retry_after) if isinstance(error, TelegramRetryAfter) else BACKOFF(state)


class Courier:
    """Sends now (`carry`, for whoever waits for the outcome) or by and by (the rest, for whoever does not)."""

    def __init__(self, bot: Bot, pace: Pace) -> None:
        self._bot, self._pace = bot, pace
        self._errands: set[asyncio.Task[None]] = set()

    async def carry(self, chat: str, piece: Piece, markup: Markup | None = None) -> int:
        """Sends one message and returns its id. Raises what aiogram raises.

        A refused form is tried again in a plainer one: words matter more than their looks, a file more than its form.
        """
        timeout = UPLOAD_TIMEOUT if isinstance(piece, Enclosure) else TIMEOUT
        for method in _ways(chat, piece, markup):
            await self._pace.turn(chat)
            try:
                sent = await self._bot(method, request_timeout=timeout)
            except TelegramBadRequest as error:
                log.warning("telegram_refused", chat=chat, why=error.message)
                refused = error
            except TelegramRetryAfter as error:
                self._pace.hold(chat, error.retry_after)
                raise
            else:
                return sent.message_id
        raise refused

    def reply(self, chat: str, chunk: Chunk, markup: Markup | None = None) -> None:
        """A sentence of the room itself, not a row of the transcript: tried a few times, not kept."""

        async def go() -> None:
            async for attempt in AsyncRetrying(
                retry=retry_if_exception(never_arrived), wait=_wait, stop=stop_after_attempt(5), reraise=True
            ):
                with attempt:
                    await self.carry(chat, chunk, markup)

        self.errand(go())

    def typing(self, chat: str) -> None:
        self.errand(self._quietly(self._bot.send_chat_action(chat, action=ChatAction.TYPING, request_timeout=TIMEOUT)))

    def answer(self, callback_id: str, text: str | None = None) -> None:
        """Ends the spinner on a pressed button, with a sentence if given."""
        self.errand(self._quietly(self._bot.answer_callback_query(callback_id, text=text, show_alert=bool(text))))

    def replace_keys(self, chat: str, message_id: int, keys: Keys) -> None:
        markup = inline(keys)
        self.errand(
            self._quietly(self._bot.edit_message_reply_markup(chat_id=chat, message_id=message_id, reply_markup=markup))
        )

    async def rewrite(self, chat: str, message_id: int, chunk: Chunk, keys: Keys) -> None:
        """Puts other words into a message that was sent. Raises what aiogram raises."""
        await self._pace.turn(chat)
        try:
            await self._bot.edit_message_text(
                chunk.html,
                chat_id=chat,
                message_id=message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=inline(keys),
                link_preview_options=NO_PREVIEW,
                request_timeout=TIMEOUT,
            )
        except TelegramRetryAfter as error:
            self._pace.hold(chat, error.retry_after)
            raise

    def errand(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Runs `work` beside everything else; what goes wrong is logged."""
        task = asyncio.create_task(self._survive(work))
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)
        return task

    async def close(self, grace: float = 3.0) -> None:
        """Lets what is on its way arrive, then drops the rest."""
        if self._errands:
            await asyncio.wait(self._errands, timeout=grace)
        for task in tuple(self._errands):
            task.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)

    async def _survive(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except TelegramForbiddenError as error:
            log.info("telegram_blocked", why=error.message)
        except (TelegramAPIError, ClientDecodeError) as error:
            log.warning("telegram_send_failed", why=str(error))
        except Exception:
            log.exception("telegram_errand_failed")

    async def _quietly(self, request: Coroutine[Any, Any, bool] | Coroutine[Any, Any, Any]) -> None:
        """A nicety nobody will miss: a late answer to a press, the same keyboard again, typing to a busy chat."""
        try:
            await request
        except TelegramAPIError as error:
            log.debug("telegram_nicety_failed", why=error.message)


def _ways(chat: str, piece: Piece, markup: Markup | None) -> list[TelegramMethod[Message]]:
    """The same message in its best form first."""
    if isinstance(piece, Enclosure):
        return _file_ways(chat, piece, markup)
    ways = [(piece.html, ParseMode.HTML, markup), (piece.plain, None, markup), (piece.plain, None, None)]
    return [
        SendMessage(chat_id=chat, text=text, parse_mode=mode, reply_markup=keys, link_preview_options=NO_PREVIEW)
        for text, mode, keys in ways[: 3 if markup else 2]
    ]


def _file_ways(chat: str, piece: Enclosure, markup: Markup | None) -> list[TelegramMethod[Message]]:
    assert piece.path is not None
    content = FSInputFile(piece.path, filename=piece.file.name)
    html, plain = (piece.caption.html, piece.caption.plain) if piece.caption else (None, None)
    ways: list[TelegramMethod[Message]] = []
    if piece.file.type in PHOTOS:
        ways.append(
            SendPhoto(chat_id=chat, photo=content, caption=html, parse_mode=ParseMode.HTML, reply_markup=markup)
        )
    for caption, mode, keys in ((html, ParseMode.HTML, markup), (plain, None, None)):
        ways.append(SendDocument(chat_id=chat, document=content, caption=caption, parse_mode=mode, reply_markup=keys))
    return ways
