"""Fetches updates from Telegram by long polling and confirms each only after it has been stored."""

import asyncio
from collections import defaultdict
from collections.abc import Callable

import structlog
from aiogram import Bot, Dispatcher
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import Update
from aiogram.types.update import UpdateTypeLookupError
from aiogram.utils.backoff import Backoff, BackoffConfig
from pydantic import ValidationError
from tenacity import AsyncRetrying, RetryCallState, wait_exponential

from bot.conversation.deliveries import Deliveries
from bot.errors import Unavailable

log = structlog.get_logger(__name__)

KINDS = ["message", "edited_message", "callback_query"]
BACKOFF = BackoffConfig(min_delay=1.0, max_delay=30.0, factor=2.0, jitter=0.1)
ATTEMPTS = 3


class Poller:
    """aiogram's own polling moves its offset past an update whose handler failed, and loops for ever on one that it
    cannot parse; this one loses neither and stops at neither. `wait`: seconds of one poll; `sorry` is told of an
    update that had to be given up."""

    def __init__(
        self, bot: Bot, dispatcher: Dispatcher, deliveries: Deliveries, wait: int, sorry: Callable[[Update], None]
    ) -> None:
        self._bot, self._dispatcher, self._deliveries = bot, dispatcher, deliveries
        self._wait, self._sorry = wait, sorry

    async def run(self) -> None:
        """Polls for ever. Raises TelegramUnauthorizedError or TelegramNotFound when the token is no longer good."""
        backoff = Backoff(BACKOFF)
        offset: int | None = None
        while True:
            try:
                numbers = await self._store_all(await self._fetch(offset))
            except (TelegramUnauthorizedError, TelegramNotFound):
                raise
            except TelegramRetryAfter as error:
                await asyncio.sleep(error.retry_after)
            except (TelegramAPIError, ClientDecodeError) as error:
                _complain(error, backoff.next_delay)
                await backoff.asleep()
            else:
                backoff.reset()
                # An empty answer means that everything before the offset is confirmed. From then on none is given:
                # after a quiet week Telegram goes on at a random number, perhaps a lower one.
                offset = max(numbers) + 1 if numbers else None

    async def _fetch(self, offset: int | None) -> list[Update]:
        """The next batch, oldest first; what cannot be parsed is logged and skipped."""
        try:
            updates = await self._bot.get_updates(
                offset=offset, timeout=self._wait, allowed_updates=KINDS, request_timeout=self._wait + 15
            )
        except ClientDecodeError as error:
            updates = self._readable(error)
        return sorted(updates, key=lambda update: update.update_id)

    def _readable(self, error: ClientDecodeError) -> list[Update]:
        raw = error.data.get("result") if isinstance(error.data, dict) else None
        if not isinstance(raw, list):
            raise error
        updates = []
        for item in raw:
            try:
                updates.append(Update.model_validate(item, context={"bot": self._bot}))
            except ValidationError:
                log.error("telegram_update_unreadable", update=item.get("update_id"), fields=sorted(item))
                updates.append(Update(update_id=item["update_id"]))
        return updates

    async def _store_all(self, updates: list[Update]) -> list[int]:
        """Chats do not wait for each other's downloads; within a chat the order is kept."""
        chats: defaultdict[int, list[Update]] = defaultdict(list)
        for update in updates:
            chats[_chat(update)].append(update)

        async def in_order(queue: list[Update]) -> list[int]:
            return [await self._store(update) for update in queue]

        return [number for numbers in await asyncio.gather(*map(in_order, chats.values())) for number in numbers]

    async def _store(self, update: Update) -> int:
        """Handles one update and returns its number; by then it may be confirmed.

        A database that cannot be written is waited for as long as it takes. An update that fails for another reason
        is a fault of ours: it is given up after a few attempts, or nobody would be served any more.
        """
        if not _known(update):
            return update.update_id
        fresh = await self._seen(update.update_id)
        try:
            async for attempt in AsyncRetrying(
                wait=wait_exponential(multiplier=0.1, max=5), stop=_hopeless, reraise=True
            ):
                with attempt:
                    await self._dispatcher.feed_update(self._bot, update, fresh=fresh)
        except Exception:
            log.exception("telegram_update_given_up", update=update.update_id)
            self._sorry(update)
        return update.update_id

    async def _seen(self, update_id: int) -> bool:
        async for attempt in AsyncRetrying(wait=wait_exponential(multiplier=0.2, max=15)):
            with attempt:
                return await self._deliveries.seen_update(self._bot.id, update_id)
        raise AssertionError("the retrying above ends only with a result")


def _hopeless(state: RetryCallState) -> bool:
    error = state.outcome.exception() if state.outcome else None
    return state.attempt_number >= ATTEMPTS and not isinstance(error, Unavailable)


def _known(update: Update) -> bool:
    """Whether there is anything in it that this version of aiogram has a name for."""
    try:
        return bool(update.event_type)
    except UpdateTypeLookupError:
        return False


def _chat(update: Update) -> int:
    """Whose it is; in a private chat the sender's number is the chat's."""
    event = update.message or update.edited_message or update.callback_query
    return event.from_user.id if event is not None and event.from_user else 0


def _complain(error: Exception, seconds: float) -> None:
    if isinstance(error, TelegramConflictError):
        log.error("telegram_polled_twice", hint="another program polls with this token; stop it", again_in=seconds)
    else:
        log.warning("telegram_unreachable", why=str(error)[:200], again_in=round(seconds, 1))
