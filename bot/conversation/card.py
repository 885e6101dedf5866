"""The customer card as a value: what it should hold, what is known, what was only found in their words; pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.conversation.contacts import find_contacts
from bot.conversation.customer_store import Customer

IDENTIFIERS = ("email", "phone", "account")
"""Confirmed, these tell that two conversations are one customer's."""

ALIASES = {"account_number": "account"}
"""What the dialogue engine calls a field, and what the card does."""

Records = Literal["off", "ok", "failed"]


@dataclass(frozen=True, slots=True)
class Expected:
    """A field every card should have."""

    key: str
    ru: str
    en: str

    def label(self, lang: str) -> str:
        return self.en if lang == "en" else self.ru


EXPECTED = (
    Expected("name", "Имя", "Name"),
    Expected("phone", "Телефон", "Phone"),
    Expected("email", "Эл. почта", "E-mail"),
    Expected("account", "Лицевой счёт", "Account"),
    Expected("address", "Адрес", "Address"),
    Expected("tariff", "Тариф", "Plan"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """`value` None: missing. `found`: read out of the customer's words and not confirmed; `source`: who says so."""

    field: Expected
    value: str | None
    found: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Card:
    """`id` is empty until something of the customer has been stored."""

    id: str
    name: str
    vip: bool
    lines: tuple[Line, ...]
    records: Records


def lines(expected: Iterable[Expected], customer: Customer | None, found: Mapping[str, str]) -> tuple[Line, ...]:
    """The expected fields in their order, missing ones too, then whatever else is known."""
    known = customer.fields if customer else {}
    wanted = {one.key: one for one in expected}
    others = {key: Expected(key, key, key) for key in known if key not in wanted}
    return tuple(_line(one, known.get(key, {}), found.get(key)) for key, one in (wanted | others).items())


def found_in(texts: Iterable[str], fields: Mapping[str, str], customer: Customer | None) -> dict[str, str]:
    """What the customer's words and the bot's forms gave, by key; later words count more than earlier ones."""
    found: dict[str, str] = dict(customer.found) if customer else {}
    for text in texts:
        found |= find_contacts(text)
    told = {ALIASES.get(key, key): str(value) for key, value in fields.items() if value}
    return found | told


def identity(key: str, value: str) -> str:
    """One spelling of an identifier, so that one customer has one."""
    if key == "phone":
        return find_contacts(value).get("phone") or "+" + re.sub(r"\D", "", value)
    return re.sub(r"\s", "", value).casefold()[:200]


def _line(field: Expected, known: Mapping[str, str], found: str | None) -> Line:
    value = known.get("value") or None
    new = found if found and (value is None or identity(field.key, found) != identity(field.key, value)) else None
    return Line(field, value, new, known.get("source", ""))
