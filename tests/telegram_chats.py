"""Telegram as its customers live in it: who they are, what they do, what they have heard; played by a test."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.telegram_html import Entity

Update = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """What to answer instead of the truth; `accept` carries the call out first, `drop` breaks the line unanswered."""

    status: int = 500
    description: str = "Internal Server Error"
    retry_after: int | None = None
    page: str = ""
    accept: bool = False
    drop: bool = False


def too_many(seconds: int) -> Failure:
    return Failure(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


BROKEN = Failure(500)
BAD_GATEWAY = Failure(502, page="<html><body>502 Bad Gateway</body></html>")
BLOCKED = Failure(403, "Forbidden: bot was blocked by the user")
DROPPED = Failure(accept=True, drop=True)
"""The message reaches the customer, the answer does not reach the bot."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """`kind`: photo or document, as the customer's phone draws it."""

    kind: str
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as the customer sees it. `keys`: inline buttons as rows of (title, data or link); `keyboard`: titles
    under the input field; `source`: the text as it was sent; `at`: seconds of the event loop's clock; `text` is the
    caption where there is a file."""

    chat_id: int
    message_id: int
    text: str
    entities: tuple[Entity, ...]
    source: str
    parse_mode: str
    keys: tuple[tuple[tuple[str, str], ...], ...]
    keyboard: tuple[str, ...]
    at: float
    file: SentFile | None = None

    @property
    def titles(self) -> list[str]:
        return [title for row in self.keys for title, _ in row]


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    params: dict[str, str]
    status: int
    at: float


@dataclass(slots=True)
class Customer:
    name: str
    lang: str | None
    blocked: bool = False
    heard: list[Sent] = field(default_factory=list)
    read: int = 0


def rows(markup: dict[str, Any]) -> tuple[tuple[tuple[str, str], ...], ...]:
    return tuple(
        tuple((key["text"], key.get("callback_data") or key.get("url", "")) for key in row)
        for row in markup.get("inline_keyboard", [])
    )


class Chats:
    """Every chat of one bot. What customers do returns the message or the number it made."""

    def __init__(self) -> None:
        self.customers: dict[int, Customer] = {}
        self.calls: list[Call] = []
        self.answers: dict[str, str] = {}
        self.markups: dict[tuple[int, int], dict[str, Any]] = {}
        self.texts: dict[tuple[int, int], str] = {}
        self.files: dict[str, bytes] = {}
        self.waiting: list[Update] = []
        self.next_update, self._next_message = 1, 1
        self._failures: defaultdict[tuple[str, int | None], list[Failure | None]] = defaultdict(list)
        self._bell = asyncio.Event()

    def add_customer(self, chat_id: int, name: str = "Anna", lang: str | None = "ru") -> None:
        self.customers[chat_id] = Customer(name, lang)

    def says(self, chat_id: int, text: str) -> dict[str, Any]:
        command = {"type": "bot_command", "offset": 0, "length": len(text.partition(" ")[0])}
        return self.shares(chat_id, text=text, entities=[command] if text.startswith("/") else [])

    def shares(self, chat_id: int, **content: Any) -> dict[str, Any]:
        """Any message, by the fields of the Bot API: photo=[…], caption=…, location={…}."""
        message = self.message(chat_id, **content)
        self.push({"message": message})
        return message

    def sends_photo(self, chat_id: int, data: bytes, caption: str = "", album: str = "") -> dict[str, Any]:
        """A photo in the two sizes that Telegram makes of it; the larger one holds `data`."""
        small = self._stored(b"a small one", width=90, height=60)
        return self._sends_file(chat_id, caption, album, photo=[small, self._stored(data, width=900, height=600)])

    def sends_document(self, chat_id: int, name: str, data: bytes, caption: str = "") -> dict[str, Any]:
        return self._sends_file(chat_id, caption, "", document=self._stored(data, file_name=name))

    def _sends_file(self, chat_id: int, caption: str, album: str, **content: Any) -> dict[str, Any]:
        words = {"caption": caption} if caption else {}
        group = {"media_group_id": album} if album else {}
        return self.shares(chat_id, **content, **words, **group)

    def _stored(self, data: bytes, **what: Any) -> dict[str, Any]:
        file_id = f"file{len(self.files)}"
        self.files[file_id] = data
        return {"file_id": file_id, "file_unique_id": file_id, "file_size": len(data), **what}

    def edits(self, message: dict[str, Any], text: str) -> dict[str, Any]:
        edited = message | {"text": text, "edit_date": int(time.time())}
        self.push({"edited_message": edited})
        return edited

    def presses(self, chat_id: int, message: Sent, title: str) -> str:
        """Presses the button with this title; returns the id of the callback, see `answers`."""
        now = rows(self.markups[chat_id, message.message_id])
        data = next(data for row in (*now, *message.keys) for name, data in row if name == title)
        shown = {"chat": self._chat(chat_id), "date": 1, "message_id": message.message_id, "text": message.text}
        shown["reply_markup"] = self.markups[chat_id, message.message_id]
        callback = f"cb{self.next_update}"
        query = {"id": callback, "from": self._sender(chat_id), "chat_instance": "1", "data": data}
        self.push({"callback_query": query | {"message": shown}})
        return callback

    def push(self, update: Update, times: int = 1) -> int:
        """Queues an update under the next number, `times` over; a number of its own may be in it already."""
        update = {"update_id": self.next_update} | update
        self.next_update = max(self.next_update, update["update_id"]) + 1
        self.waiting += [update] * times
        self._ring()
        return int(update["update_id"])

    def fail(self, method: str, *failures: Failure | None, chat_id: int | None = None) -> None:
        """The next calls of `method` (of one chat, if given) fail in this order; None lets one through."""
        self._failures[method, chat_id] += failures

    def block(self, chat_id: int, blocked: bool = True) -> None:
        self.customers[chat_id].blocked = blocked

    async def next_message(self, chat_id: int, seconds: float = 15) -> Sent:
        """The oldest message to this chat that the test has not read yet; fails after `seconds`."""
        customer = self.customers[chat_id]
        await self.wait(lambda: len(customer.heard) > customer.read, f"a message to {chat_id}", seconds)
        customer.read += 1
        return customer.heard[customer.read - 1]

    async def wait(self, condition: Callable[[], bool], what: str, seconds: float = 15) -> None:
        """Waits until `condition`, looked at again after every call and update, is true."""
        deadline = time.monotonic() + seconds
        while not condition():
            try:
                await asyncio.wait_for(self._bell.wait(), deadline - time.monotonic())
            except TimeoutError:
                raise AssertionError(f"waited {seconds} s in vain for {what}; heard {self.heard()}") from None

    def heard(self, chat_id: int | None = None) -> list[str]:
        """Texts that reached customers, in order."""
        chats = self.customers if chat_id is None else [chat_id]
        return [sent.text for chat in chats for sent in self.customers[chat].heard]

    def made(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def text(self, message: Sent) -> str:
        """The words of a message now, after edits."""
        return self.texts[message.chat_id, message.message_id]

    def keys(self, message: Sent) -> list[str]:
        """The inline buttons under a message now, after edits."""
        return [title for row in rows(self.markups[message.chat_id, message.message_id]) for title, _ in row]

    def message(self, chat_id: int, **content: Any) -> dict[str, Any]:
        """A message of this customer that nobody has sent yet."""
        place = {"message_id": self._number(), "date": int(time.time()), "chat": self._chat(chat_id)}
        return place | {"from": self._sender(chat_id), **content}

    def _sender(self, chat_id: int) -> dict[str, Any]:
        customer = self.customers[chat_id]
        return {"id": chat_id, "is_bot": False, "first_name": customer.name, "language_code": customer.lang}

    def _chat(self, chat_id: int) -> dict[str, Any]:
        return {"id": chat_id, "type": "private", "first_name": self.customers[chat_id].name}

    def _number(self) -> int:
        self._next_message += 1
        return self._next_message

    def _ring(self) -> None:
        self._bell.set()
        self._bell = asyncio.Event()
