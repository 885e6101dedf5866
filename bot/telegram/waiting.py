"""Keeps the promise before a waiting customer's eyes true: the message that named place and time is edited."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, replace

import structlog
from aiogram.exceptions import TelegramAPIError, TelegramRetryAfter

from bot.conversation.deliveries import OutboxItem
from bot.conversation.model import Author, Holder, Kind, Message
from bot.conversation.service import Conversations
from bot.telegram.courier import Courier, never_arrived
from bot.telegram.letter import Keys, Letter
from bot.telegram.phrases import words
from bot.telegram.render import letter

log = structlog.get_logger(__name__)

EVERY = 15.0
"""Seconds between two edits of one message; oftener, a phone would flicker and Telegram complain."""

TICK = 1.0
WATCHED = 2_000


@dataclass(slots=True)
class Shown:
    """A message that names the place in the queue between `before` and `after`. `promise`: what it says now; `keys`:
    what is under it now; `due`: when to look again, in the event loop's seconds."""

    message_id: int
    row: Message
    address: str
    lang: str
    before: str
    after: str
    promise: str
    keys: Keys
    due: float

    def text(self, promise: str) -> str:
        """The whole message with another promise; behind a colon it begins with a small letter."""
        joined = promise[:1].lower() + promise[1:] if self.before.endswith(": ") else promise
        return self.before + joined + self.after


class Waiting:
    """The last such message of every waiting chat. After a restart it begins anew with the next one."""

    def __init__(self, conversations: Conversations, courier: Courier) -> None:
        self._conversations, self._courier = conversations, courier
        self._shown: OrderedDict[str, Shown] = OrderedDict()

    async def sent(self, item: OutboxItem, mail: Letter, message_ids: list[int]) -> None:
        """Told of every row that has reached its chat."""
        row = item.message
        if row.author is not Author.SYSTEM or row.kind not in (Kind.HANDOFF, Kind.NOTICE) or len(message_ids) != 1:
            return
        state = await self._conversations.state(row.conversation_id)
        if state.holder is not Holder.QUEUE:
            return
        found = _around(row.text, state.text)
        if found is None and row.kind is not Kind.HANDOFF:
            return
        lang, due = item.conversation.lang, _now() + EVERY
        # The place moved between the row's writing and its sending: the news goes under it.
        before, after = found or (f"{row.text}\n\n{words(lang).updated.format(text='')}", "")
        promise = state.text if found else ""
        self._shown[row.conversation_id] = Shown(
            message_ids[0], row, item.conversation.address, lang, before, after, promise, mail.keys, due
        )
        self._shown.move_to_end(row.conversation_id)
        if len(self._shown) > WATCHED:
            self._shown.popitem(last=False)

    def pressed(self, conversation_id: str, message_id: int, keys: Keys) -> None:
        """The keys under a message have changed; an edit must not bring the old ones back."""
        shown = self._shown.get(conversation_id)
        if shown is not None and shown.message_id == message_id:
            shown.keys = keys

    async def run(self) -> None:
        """Looks at each waiting chat every EVERY seconds, for ever."""
        while True:
            now = _now()
            for conversation_id, shown in list(self._shown.items()):
                if shown.due <= now:
                    await self._look(conversation_id, shown)
            await asyncio.sleep(TICK)

    async def _look(self, conversation_id: str, shown: Shown) -> None:
        state = await self._conversations.state(conversation_id)
        if state.holder is not Holder.QUEUE:
            self._shown.pop(conversation_id, None)
            return
        shown.due = _now() + EVERY
        if state.text and state.text != shown.promise:
            shown.promise = state.text
            self._courier.errand(self._edit(conversation_id, shown))

    async def _edit(self, conversation_id: str, shown: Shown) -> None:
        mail = letter(replace(shown.row, text=shown.text(shown.promise)), shown.lang)
        try:
            await self._courier.rewrite(shown.address, shown.message_id, mail.chunks[0], shown.keys)
        except TelegramRetryAfter as error:
            shown.promise, shown.due = "", _now() + max(EVERY, error.retry_after)
        except TelegramAPIError as error:
            if never_arrived(error):
                shown.promise = ""
                return
            # Erased by the customer, too old, or blocked: nothing there to keep true.
            log.info("telegram_edit_refused", why=error.message)
            self._shown.pop(conversation_id, None)


def _around(text: str, promise: str) -> tuple[str, str] | None:
    """What stands before and after the promise in `text`, where it is a sentence or follows a colon."""
    for form in (promise, promise[:1].lower() + promise[1:]):
        if form and form in text:
            before, _, after = text.partition(form)
            return before, after
    return None


def _now() -> float:
    return asyncio.get_running_loop().time()
