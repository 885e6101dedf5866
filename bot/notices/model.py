"""What has to reach somebody outside the desk, and what became of it; pure values and the ports of their rooms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import Connection


class Way(StrEnum):
    """How an errand leaves the house."""

    PUSH = "push"
    TELEGRAM = "telegram"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that needs an operator. `kind`: as in the desk's reminders (new, offer, mention, sla, …); the texts
    never hold customer words beyond the subject: they pass through the servers of browser makers and Telegram."""

    operator_id: str
    kind: str
    ticket_id: str
    number: int
    conversation_id: str
    text_ru: str
    text_en: str

    def text(self, lang: str) -> str:
        return self.text_en if lang == "en" else self.text_ru


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing to deliver. `target`: an id that the carrier of its way understands; `attempts` counts this one."""

    id: int
    way: Way
    target: str
    payload: dict[str, Any]
    attempts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PushSubscription:
    """A browser that wants to be told; the three strings are those of PushSubscription.toJSON()."""

    id: int
    operator_id: str
    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Request:
    """A POST ready to leave. Built anew for every attempt: signatures hold a time and go stale."""

    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever the status; `body` is cut at 64 kB."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


class Later(Exception):
    """Not now. `seconds`: how long the other side wants to be left alone; None: as long as the way's patience says."""

    def __init__(self, why: str, seconds: float | None = None) -> None:
        super().__init__(why)
        self.why, self.seconds = why, seconds


class Undeliverable(Exception):
    """Not ever: trying again cannot help."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Carrier(Protocol):
    """Knows one way out."""

    async def carry(self, errand: Errand) -> None:
        """Delivers it. Raises Later or Undeliverable; whatever else it raises counts as Later."""
        ...

    async def gave_up(self, errand: Errand, why: str) -> None:
        """Told once when nothing more will be tried."""
        ...


class Parcels(Protocol):
    """What a room implements that has requests to send to an outside tracker; `target` is its own id of the thing."""

    async def pack(self, target: str) -> Request | None:
        """The request as it must be now, signed; None when there is nothing to send any more."""
        ...

    async def delivered(self, target: str, answer: Answer) -> None:
        """The tracker has taken it; the answer tells its number and address there. May come twice."""
        ...

    async def failed(self, target: str, why: str) -> None:
        """Nothing more will be tried until somebody sends it again."""
        ...


class Notices(Protocol):
    """The port through which rooms above say that an operator is needed."""

    def need(self, tx: Connection, notice: Notice) -> None:
        """Takes part in the caller's transaction: no notice without its cause, and none lost."""
        ...


Whereabouts = Callable[[Connection, str], bool]
"""Whether this operator sits before the desk now, so that the desk itself tells them."""
