"""What a conversation is made of: messages, their buttons, who holds it; pure values for every room above."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

TEXT_LIMIT = 2_000
"""Characters of one customer message. One 1 MB message froze Rasa for 12-17 s; 2,000 is a long letter."""


class Channel(StrEnum):
    WIDGET = "widget"
    TELEGRAM = "telegram"


class Author(StrEnum):
    CUSTOMER = "customer"
    BOT = "bot"
    OPERATOR = "operator"
    SYSTEM = "system"


class Holder(StrEnum):
    """Who answers next; derived from the open ticket, never stored."""

    BOT = "bot"
    QUEUE = "queue"
    OPERATOR = "operator"


class Kind(StrEnum):
    """What a message is for, so that channels can draw it without reading its words."""

    TEXT = "text"
    EDIT = "edit"
    ANSWER = "answer"
    CLARIFY = "clarify"
    HANDOFF = "handoff"
    JOINED = "joined"
    RETURNED = "returned"
    FAREWELL = "farewell"
    RATING_REQUEST = "rating_request"
    RATING = "rating"
    CONTACT_REQUEST = "contact_request"
    NOTICE = "notice"


class Mark(StrEnum):
    """A customer's thumb on one answer of the bot."""

    UP = "up"
    DOWN = "down"


class Format(StrEnum):
    PLAIN = "plain"
    MARKDOWN = "markdown"


class Act(StrEnum):
    """What a pressed button does; `value` of the button says to what."""

    ARTICLE = "article"
    INTENT = "intent"
    PERSON = "person"
    BOT = "bot"
    RATE = "rate"
    RATE_REASON = "rate_reason"
    WAIT = "wait"
    WRITE = "write"
    SUBSCRIBE = "subscribe"


@dataclass(frozen=True, slots=True)
class Button:
    """One choice under a message. `id` is unique within the message; clients send only the id back."""

    id: str
    title: str
    act: Act
    value: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """The article an answer was taken from; `url` is a path on our own host."""

    article: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message, as the transcript keeps it. `type` is its media type, `size` in bytes."""

    id: str
    name: str
    type: str
    size: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A message about to be appended; the store gives it its number and time."""

    cid: str
    author: Author
    text: str
    author_name: str = ""
    kind: Kind = Kind.TEXT
    format: Format = Format.PLAIN
    buttons: tuple[Button, ...] = ()
    source: Source | None = None
    in_reply_to: int | None = None
    evidence: dict[str, Any] | None = None
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One numbered row of a transcript. `seq` starts at 1 and has no gaps within a conversation.

    `evidence` (bot rows only): what search and dialogue engine knew, for the operator's eyes, never the customer's.
    `mark`: the customer's thumb on it.
    """

    conversation_id: str
    seq: int
    cid: str
    author: Author
    text: str
    created_at: datetime
    author_name: str = ""
    kind: Kind = Kind.TEXT
    format: Format = Format.PLAIN
    buttons: tuple[Button, ...] = ()
    source: Source | None = None
    in_reply_to: int | None = None
    evidence: dict[str, Any] | None = None
    files: tuple[Attachment, ...] = ()
    mark: Mark | None = None

    @property
    def can_be_marked(self) -> bool:
        """Whether customers may say if it helped: it is an answer that the bot took from an article."""
        return self.author is Author.BOT and self.kind is Kind.ANSWER and self.source is not None


@dataclass(frozen=True, slots=True)
class Conversation:
    """One customer's thread in one channel. `address` is the channel's own id (Telegram chat id); `epoch` counts
    dialogue episodes: it grows at every close so that Rasa starts afresh. `page` is what the widget told us.
    `customer_id`: whose card it is, None until one was made. `read_seq` and `delivered_seq`: the last row the customer
    has seen, and the last that reached their channel. `helped`: False when no ticket had been opened yet as this was
    read, which spares the question who holds it."""

    id: str
    visitor_id: str
    channel: Channel
    lang: str
    epoch: int
    last_seq: int
    created_at: datetime
    address: str = ""
    customer_name: str = ""
    page: dict[str, str] = field(default_factory=dict)
    customer_id: str | None = None
    read_seq: int = 0
    delivered_seq: int = 0
    helped: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a customer did: typed `text`, sent `files` (ids of uploads), or pressed `button` of message `button_seq`.
    `cid` is made by the client."""

    cid: str
    text: str = ""
    button_seq: int | None = None
    button: str | None = None
    edits: bool = False
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """Acknowledges a stored message; `repeated` when the same cid had been stored before."""

    cid: str
    seq: int
    repeated: bool
