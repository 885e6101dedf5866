"""Operators who want to be told in Telegram: tying their chat, and carrying notices there."""

import structlog
from aiogram.exceptions import TelegramAPIError, TelegramForbiddenError, TelegramRetryAfter
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.conversation.model import Channel, Conversation
from bot.conversation.service import Conversations
from bot.notices.model import Errand, Later, Notice, Undeliverable
from bot.notices.service import Errands
from bot.telegram.courier import Courier
from bot.telegram.letter import Chunk, Run, chunks, clean
from bot.telegram.phrases import words

log = structlog.get_logger(__name__)

CODE = "op_"
"""How the payload of the desk's own link begins; any other payload is the site's."""


class Colleagues:
    """A carrier of notices. `site`: the address before the desk's own, "" when a phone could not open it."""

    def __init__(self, notices: Errands, conversations: Conversations, courier: Courier, site: str) -> None:
        self._notices, self._conversations, self._courier, self._site = notices, conversations, courier, site

    async def tie(self, conversation: Conversation, payload: str) -> str:
        """Ties the chat to whoever was given the code; returns what to say. The chat stays a customer's, too."""
        linked = await self._notices.link(payload.removeprefix(CODE), int(conversation.address))
        said = words(conversation.lang)
        return said.linked if linked else said.link_stale

    async def carry(self, errand: Errand) -> None:
        """Raises Later and Undeliverable."""
        notice, chat = Notice(**errand.payload), await self._notices.chat(errand.target)
        if chat is None:
            raise Undeliverable("the chat is not tied any more")
        known = await self._conversations.find(f"tg-{chat}", Channel.TELEGRAM)
        lang = known.lang if known else "ru"
        try:
            await self._courier.carry(str(chat), _words(notice, lang), self._key(notice, lang))
        except TelegramForbiddenError as error:
            await self._notices.unlink(errand.target)
            raise Undeliverable("blocked") from error
        except TelegramRetryAfter as error:
            raise Later("Telegram is busy", error.retry_after) from error
        except TelegramAPIError as error:
            raise Later(error.message) from error

    async def gave_up(self, errand: Errand, why: str) -> None:
        """A notice lost has no one to be told; the log has it."""

    def _key(self, notice: Notice, lang: str) -> InlineKeyboardMarkup | None:
        if not self._site:
            return None
        link = f"{self._site}/desk#/t/{notice.ticket_id}"
        return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text=words(lang).open_desk, url=link)]])


def _words(notice: Notice, lang: str) -> Chunk:
    head = Run(words(lang).notice.format(number=notice.number), (("b", ""),))
    return chunks([head, Run("\n" + clean(notice.text(lang)))])[0]
