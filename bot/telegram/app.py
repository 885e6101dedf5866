"""Builds the Telegram channel and keeps its loops running beside the rest of the product."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

import structlog
from aiogram import Bot, Dispatcher
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError, TelegramNotFound, TelegramUnauthorizedError
from aiogram.types import BotCommand, CallbackQuery, Message, Update
from aiogram.utils.backoff import Backoff, BackoffConfig
from aiogram.utils.token import TokenValidationError

from bot.bus.model import Bus
from bot.conversation.service import Conversations
from bot.files.service import Files
from bot.notices.model import Way
from bot.notices.service import Errands
from bot.telegram.attachments import Attachments
from bot.telegram.colleagues import Colleagues
from bot.telegram.courier import Courier, Session
from bot.telegram.front import Front
from bot.telegram.letter import sentence
from bot.telegram.outbox import Onlookers, Outbox
from bot.telegram.pace import OVERALL, PER_CHAT, Pace
from bot.telegram.phrases import LANGUAGES, profile_language, words
from bot.telegram.polling import Poller
from bot.telegram.presses import Presses
from bot.telegram.render import reachable
from bot.telegram.typewriter import Typewriter
from bot.telegram.updates import Updates
from bot.telegram.waiting import Waiting

log = structlog.get_logger(__name__)

PUBLIC_API = "https://api.telegram.org"
BACKOFF = BackoffConfig(min_delay=1.0, max_delay=60.0, factor=2.0, jitter=0.1)
FORGET_EVERY = 3_600.0
AGAIN_IN = 1.0
"""Seconds before a broken loop starts again; each waits longer for what it knows to be down."""


class Services(Protocol):
    """The part of the composition root that this room needs."""

    @property
    def conversations(self) -> Conversations: ...
    @property
    def bus(self) -> Bus: ...
    @property
    def files(self) -> Files: ...
    @property
    def notices(self) -> Errands: ...


@dataclass(frozen=True, slots=True)
class TelegramOptions:
    """`public_url` goes before our own links; `link_sources` False leaves the links out, None decides by whether a
    customer's phone could open the address. `poll_seconds`: how long one long poll waits. `burst`: messages a chat
    may send at once. `per_chat` and `overall`: seconds between two sends."""

    token: str = field(repr=False)
    api_url: str = PUBLIC_API
    public_url: str = ""
    link_sources: bool | None = None
    poll_seconds: int = 25
    burst: int = 30
    per_chat: float = PER_CHAT
    overall: float = OVERALL

    @property
    def site(self) -> str:
        if self.link_sources is None:
            return reachable(self.public_url)
        return self.public_url.rstrip("/") if self.link_sources else ""


async def run_telegram(services: Services, options: TelegramOptions) -> None:
    """Serves the channel until cancelled; network, Telegram and database troubles are waited out.

    Returns, with a line in the log, only when the token is wrong: the rest of the product goes on without Telegram.
    """
    try:
        bot = Bot(options.token, session=Session(api=TelegramAPIServer.from_base(options.api_url)))
    except TokenValidationError:
        _wrong_token()
        return
    async with bot:
        try:
            services.notices.telegram_bot = await _sign_in(bot)
            await _serve(bot, services, options)
        except (TelegramUnauthorizedError, TelegramNotFound):
            _wrong_token()
        finally:
            services.notices.telegram_bot = ""


async def _sign_in(bot: Bot) -> str:
    """Waits until Telegram knows us, then tells it our commands and that we poll. Returns the bot's name."""
    backoff = Backoff(BACKOFF)
    while True:
        try:
            me = await bot.me()
            await bot.delete_webhook(drop_pending_updates=False)
            for lang in LANGUAGES:
                commands = [BotCommand(command=name, description=text) for name, text in words(lang).commands]
                await bot.set_my_commands(commands, language_code=None if lang == "en" else lang)
        except (TelegramUnauthorizedError, TelegramNotFound):
            raise
        except AiogramError as error:
            log.warning("telegram_unreachable", why=str(error)[:200], again_in=round(backoff.next_delay, 1))
            await backoff.asleep()
        else:
            log.info("telegram_ready", bot=me.username)
            return me.username or ""


async def _serve(bot: Bot, services: Services, options: TelegramOptions) -> None:
    conversations, bus, files = services.conversations, services.bus, services.files
    courier = Courier(bot, Pace(options.per_chat, options.overall))
    typewriter, waiting = Typewriter(courier), Waiting(conversations, courier)
    colleagues = Colleagues(services.notices, conversations, courier, reachable(options.public_url))
    front = Front(conversations, courier, typewriter, options.burst)
    updates = Updates(front, Attachments(bot, files), colleagues)
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.include_routers(updates.router(), Presses(front, courier, waiting).router())
    poller = Poller(bot, dispatcher, conversations.deliveries, options.poll_seconds, _apologiser(courier))
    outbox = Outbox(conversations.deliveries, courier, files, options.site, Onlookers(typewriter, waiting))
    services.notices.employ(Way.TELEGRAM, colleagues)
    try:
        async with asyncio.TaskGroup() as loops:
            loops.create_task(_survive("outbox", lambda: outbox.run(bus)))
            loops.create_task(_survive("typing", lambda: typewriter.run(bus)))
            loops.create_task(_survive("waiting", waiting.run))
            loops.create_task(_survive("memory", lambda: _forget(conversations)))
            loops.create_task(_survive("polling", poller.run))
    except* (TelegramUnauthorizedError, TelegramNotFound) as errors:
        raise errors.exceptions[0] from None
    finally:
        services.notices.dismiss(Way.TELEGRAM)
        await courier.close()


async def _survive(name: str, loop: Callable[[], Awaitable[None]]) -> None:
    """Starts a loop again whenever it breaks; only a wrong token ends it."""
    while True:
        try:
            await loop()
        except (TelegramUnauthorizedError, TelegramNotFound):
            raise
        except Exception:
            log.exception("telegram_loop_broke", loop=name, again_in=AGAIN_IN)
            await asyncio.sleep(AGAIN_IN)


async def _forget(conversations: Conversations) -> None:
    """Drops the numbers of updates too old to come again, every hour."""
    while True:
        await conversations.deliveries.forget_updates()
        await asyncio.sleep(FORGET_EVERY)


def _apologiser(courier: Courier) -> Callable[[Update], None]:
    """Says to whoever sent an update that a fault of ours has swallowed it."""

    def apologise(update: Update) -> None:
        event = update.message or update.edited_message or update.callback_query
        message = event.message if isinstance(event, CallbackQuery) else event
        user = event.from_user if event else None
        if isinstance(message, Message):
            lang = profile_language(user.language_code if user else None)
            courier.reply(str(message.chat.id), sentence(words(lang).not_stored))

    return apologise


def _wrong_token() -> None:
    log.error(
        "telegram_token_refused",
        hint="Telegram does not accept ZEROLINE_TELEGRAM__TOKEN; ask @BotFather for the right one and restart. "
        "Everything else goes on without Telegram.",
    )
