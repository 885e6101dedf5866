"""The port to a provider's own systems: what the jobs ask and how they are told that nobody answers."""

import asyncio
import os
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from typing import Protocol, TypeVar

from actions.skills.details import StreetFound

SETTING = "ZEROLINE_RASA__CONNECTOR"
DEMO = "actions.skills.demo:DemoConnector"
PATIENCE = 2.0
"""Seconds. The customer's app waits 3 s for the whole turn."""

T = TypeVar("T")


class ConnectorDown(Exception):
    """The provider's system refused, timed out or answered nonsense."""


@dataclass(frozen=True)
class Outage:
    """`planned`: night works from `since` to `until`; else an accident, expected to be repaired by `until`."""

    planned: bool
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Account:
    """`balance` and `fee` in roubles; `tariff` in both languages."""

    balance: Decimal
    fee: Decimal
    tariff: dict[str, str]


@dataclass(frozen=True)
class Visit:
    """A technician's visit: the day and the slot, such as `14:00–18:00`."""

    day: date
    slot: str


class Connector(Protocol):
    """Every method may raise ConnectorDown; None means that the system answered and knows no such thing."""

    async def street(self, text: str, lang: str) -> StreetFound | None:
        """The street that a customer's words name, spelt for `lang`."""

    async def outage(self, street: str, house: str) -> Outage | None:
        """The outage at an address; `street` as spelt by `street()` in any language."""

    async def account(self, number: str) -> Account | None:
        """The account with that eight-digit number."""

    async def visit(self, number: str) -> Visit | None:
        """The next visit booked for that account."""


def connect() -> Connector:
    """The connector named by ZEROLINE_RASA__CONNECTOR (`module:class`), by default the demo one."""
    module, _, name = os.environ.get(SETTING, DEMO).partition(":")
    connector: Connector = getattr(import_module(module), name)()
    return connector


async def patiently(asked: Awaitable[T]) -> T:
    """The connector's answer. Error: ConnectorDown, also when it is late or raises anything else."""
    try:
        return await asyncio.wait_for(asked, PATIENCE)
    except ConnectorDown:
        raise
    except Exception as error:
        raise ConnectorDown(f"{type(error).__name__}: {error}") from error
