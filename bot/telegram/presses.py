"""What happens at the press of an inline button: it is done, the spinner ends, the keyboard shows the choice."""

import re

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.conversation.model import Conversation, Incoming, Mark
from bot.telegram.courier import Courier
from bot.telegram.front import LANGUAGE, SUGGESTION, Front
from bot.telegram.letter import Key, Keys
from bot.telegram.phrases import LANGUAGES, words
from bot.telegram.render import PERSON_DATA, thumb_keys
from bot.telegram.waiting import Waiting

CHOSEN = "chosen"
"""Data of the one key left under a message after a press."""

THUMB = re.compile(r"(up|down|none):(\d{1,9})")
"""Data of the keys that say whether an answer helped."""

OF_ROW = re.compile(r"(\d{1,9}):(.+)", re.DOTALL)


class Stale(Exception):
    """The button leads nowhere; its text is for the customer."""


STILL_OPEN = {"wait": ("write", "bot"), "write": ("bot",)}
"""By the id of a button: those beside it that mean something after it, too."""


class Presses:
    def __init__(self, front: Front, courier: Courier, waiting: Waiting) -> None:
        self._front, self._courier, self._waiting = front, courier, waiting

    def router(self) -> Router:
        router = Router(name="presses")
        router.callback_query.register(self.pressed)
        return router

    async def pressed(self, query: CallbackQuery) -> None:
        """Repeats are harmless here: the cid comes from the button, and Telegram ignores a second answer."""
        if query.message is None:
            self._courier.answer(query.id)
            return
        chat, number = query.message.chat.id, query.message.message_id
        conversation = await self._front.meet(chat, query.from_user)
        if query.data == CHOSEN:
            self._courier.answer(query.id, words(conversation.lang).chosen)
            return
        if thumb := THUMB.fullmatch(query.data or ""):
            await self._rated(query, conversation, thumb[1], int(thumb[2]))
            return
        title = _title(query)
        keys: Keys = (*_thumbs(query), (Key(f"✓ {title}", CHOSEN),), *_rest(query)) if title else ()
        try:
            said = await self._do(conversation, query.data or "", title, f"tg-{chat}-{number}")
        except Stale as stale:
            said, keys = str(stale), ()
        self._courier.answer(query.id, said)
        self._waiting.pressed(conversation.id, number, keys)
        self._courier.replace_keys(str(chat), number, keys)

    async def _rated(self, query: CallbackQuery, conversation: Conversation, chosen: str, seq: int) -> None:
        """The keyboard shows the thumb and stays, so that the mind can be changed; below it a way to a person."""
        mark = None if chosen == "none" else Mark(chosen)
        refused = await self._front.mark(conversation, seq, mark)
        self._courier.answer(query.id, refused)
        if refused is not None or query.message is None:
            return
        others = tuple(row for row in _rows(query) if row not in _thumbs(query))
        person = ((Key(words(conversation.lang).person, PERSON_DATA),),)
        keys = (thumb_keys(seq, mark, conversation.lang), *(others or person))
        self._courier.replace_keys(str(query.message.chat.id), query.message.message_id, keys)

    async def _do(self, conversation: Conversation, data: str, title: str, message_cid: str) -> str | None:
        """Does what the button says; returns a sentence for the customer, if one is due. Raises Stale."""
        if data == PERSON_DATA:
            return await self._front.call_person(conversation, f"{message_cid}-{data}")
        if data.removeprefix(LANGUAGE) in LANGUAGES:
            await self._front.speak(conversation, data.removeprefix(LANGUAGE))
            return None
        if data.startswith(SUGGESTION) and title:
            incoming = Incoming(f"{message_cid}-{data}", title)
        elif row := OF_ROW.fullmatch(data):
            # Not the message's number: a row that had to be sent twice still is one choice.
            incoming = Incoming(f"tg-{conversation.address}-b{data}", button_seq=int(row[1]), button=row[2])
        else:
            raise Stale(words(conversation.lang).stale)
        if refused := await self._front.receive(conversation, incoming):
            raise Stale(refused)
        return None


def _title(query: CallbackQuery) -> str:
    """The words on the pressed button; "" when Telegram no longer shows us the message (after 48 hours)."""
    return next((key.title for row in _rows(query) for key in row if key.data == query.data), "")


def _rest(query: CallbackQuery) -> Keys:
    """The buttons that stay under the pressed one."""
    seq, _, button = (query.data or "").partition(":")
    open_still = {f"{seq}:{one}" for one in STILL_OPEN.get(button, ())}
    return tuple(row for row in _rows(query) if all(key.data in open_still for key in row))


def _thumbs(query: CallbackQuery) -> Keys:
    """The row that says whether the answer helped stays, whatever is pressed below it."""
    return tuple(row for row in _rows(query) if all(THUMB.fullmatch(key.data) for key in row))


def _rows(query: CallbackQuery) -> Keys:
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    rows = markup.inline_keyboard if markup else []
    return tuple(tuple(Key(key.text, key.callback_data or "") for key in row) for row in rows)
