"""Pictures and documents that customers send: fetched from Telegram and kept as files of their conversation."""

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import Document, Message, PhotoSize

from bot.conversation.model import Conversation
from bot.errors import BadRequest, TooLarge
from bot.files.model import LIMIT
from bot.files.service import Files

log = structlog.get_logger(__name__)

TIMEOUT = 30
"""Seconds for one download; the chat's next message waits so long, other chats do not."""


class Attachments:
    def __init__(self, bot: Bot, files: Files) -> None:
        self._bot, self._files = bot, files

    async def keep(self, conversation: Conversation, message: Message) -> str:
        """The id of the stored file.

        Raises TooLarge `file_too_large`, BadRequest `file_refused` or `file_missing`, Unavailable.
        """
        found = _file(message)
        if (found.file_size or 0) > LIMIT:
            raise _too_large()
        try:
            # Telegram hands files of at most 20 MB to bots; the size it names is not always there.
            content = await self._bot.download(found.file_id, timeout=TIMEOUT)
        except TelegramBadRequest as error:
            if "too big" in error.message:
                raise _too_large() from error
            raise BadRequest("Telegram does not hand the file out.", "file_missing") from error
        assert content is not None
        name = getattr(found, "file_name", None) or f"photo-{message.message_id}.jpg"
        stored = await self._files.keep(conversation.id, name, content.read(LIMIT + 1), conversation.visitor_id)
        return stored.id


def _file(message: Message) -> PhotoSize | Document:
    """The largest of a photo's sizes, or the document."""
    found = message.document or (message.photo or [])[-1]
    assert found is not None
    return found


def _too_large() -> TooLarge:
    return TooLarge("The file is larger than 10 MB. Compress it or send a link.", "file_too_large")
