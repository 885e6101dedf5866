"""What Telegram's wordless messages are called in the transcript, so that an operator knows one was there; pure."""

from aiogram.enums import ContentType
from aiogram.types import Message

from bot.conversation.model import TEXT_LIMIT

UNREADABLE = frozenset(
    {
        ContentType.ANIMATION,
        ContentType.AUDIO,
        ContentType.CONTACT,
        ContentType.DICE,
        ContentType.DOCUMENT,
        ContentType.GAME,
        ContentType.LOCATION,
        ContentType.PAID_MEDIA,
        ContentType.PHOTO,
        ContentType.POLL,
        ContentType.STICKER,
        ContentType.STORY,
        ContentType.VENUE,
        ContentType.VIDEO,
        ContentType.VIDEO_NOTE,
        ContentType.VOICE,
    }
)
"""What a customer sends on purpose; the rest (a pinned message, a changed timer) is Telegram's own noise."""


def note(message: Message) -> str:
    """`[photo] caption`: the kind in brackets and whatever words came with it, at most TEXT_LIMIT characters."""
    words = [_detail(message), message.caption or ""]
    return " ".join([f"[{ContentType(message.content_type).value}]", *filter(None, words)])[:TEXT_LIMIT]


def _detail(message: Message) -> str:
    if message.venue:
        return f"{message.venue.title}, {message.venue.address}"
    if message.location:
        return f"{message.location.latitude}, {message.location.longitude}"
    if message.contact:
        return f"{message.contact.first_name} {message.contact.phone_number}"
    if message.document:
        return message.document.file_name or ""
    if message.poll:
        return message.poll.question
    return (message.sticker.emoji or "") if message.sticker else ""
