"""The customer card: filled from the customer's records, corrected by operators, shared by all their conversations."""

import asyncio
import time
from dataclasses import replace
from typing import Any, Protocol
from uuid import uuid4

import structlog
from sqlalchemy import Connection

from bot.accounts.model import Operator
from bot.bus.model import DESK, conversation_topic
from bot.conversation.card import EXPECTED, IDENTIFIERS, Card, Expected, found_in, identity, lines
from bot.conversation.card import Records as State
from bot.conversation.connector import Known, RecordsDown
from bot.conversation.customer_store import Customer, CustomerStore
from bot.conversation.model import Author, Channel, Conversation
from bot.conversation.parts import Parts
from bot.errors import BotError
from handoff.model import Assignee

STALE = 60.0
"""Seconds an answer of the records is good for: a dialog opened again within them asks nothing."""

READ_BACK = 100
REMEMBERED = 10_000

log = structlog.get_logger(__name__)


class Records(Protocol):
    """The customer's own records, e.g. `connector.Records`."""

    async def ask(self, identifiers: dict[str, str]) -> Known:
        """Raises RecordsDown."""
        ...


class Cards:
    """Reading never waits for the records: they are asked aside, and a ring says when the card has changed."""

    def __init__(self, parts: Parts, expected: tuple[Expected, ...] = EXPECTED) -> None:
        self._parts, self._expected = parts, expected
        self._customers = CustomerStore()
        self._records: Records | None = None
        self._states: dict[str, State] = {}
        self._asked: dict[str, float] = {}
        self._asking: set[asyncio.Task[None]] = set()

    def connect(self, records: Records) -> None:
        """From now on cards are filled from there."""
        self._records = records

    def card(self, tx: Connection, conversation_id: str) -> Card:
        """As it is now, missing fields as missing. Raises NotFound."""
        conversation = self._parts.store.get(tx, conversation_id)
        customer = self._customers.of(tx, conversation_id)
        rows = self._parts.store.history(tx, conversation_id, max(0, conversation.last_seq - READ_BACK), READ_BACK)
        said = (row.text for row in rows if row.author is Author.CUSTOMER)
        found = found_in(said, self._parts.store.fields(tx, conversation_id), customer)
        if conversation.customer_name:
            found.setdefault("name", conversation.customer_name)
        name = (customer.name if customer else "") or conversation.customer_name
        state: State = "off" if self._records is None else self._states.get(conversation_id, "ok")
        shown = lines(self._expected, customer, found)
        return Card(customer.id if customer else "", name, bool(customer and customer.vip), shown, state)

    def opened(self, conversation_id: str) -> None:
        """Somebody looks at the card: asks the records in the background when their last answer is stale."""
        if self._records is None:
            return
        now = time.monotonic()
        if now - self._asked.get(conversation_id, -STALE) < STALE:
            return
        if len(self._asked) >= REMEMBERED:
            self._asked.clear()
            self._states.clear()
        self._asked[conversation_id] = now
        task = asyncio.create_task(self._ask(self._records, conversation_id))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def confirm(self, conversation_id: str, operator: Operator, key: str, value: str) -> None:
        """An operator says that this is so; an empty value removes the field. A confirmed identifier of a known
        customer makes this conversation theirs. Raises NotFound."""
        value = " ".join(value.replace("\0", "").split())

        def work(tx: Connection) -> tuple[list[str], list[str]]:
            conversation = self._parts.store.get(tx, conversation_id)
            customer = self._of(tx, conversation)
            if key in IDENTIFIERS:
                customer = self._identify(tx, customer, key, value)
            fields = {name: known for name, known in customer.fields.items() if name != key}
            if value:
                fields[key] = {"value": value, "source": "operator"}
            changed = replace(customer, fields=fields, name=value if key == "name" else customer.name)
            self._audit(tx, operator, changed.id, key)
            return self._keep(tx, changed)

        await self._ring(*await self._parts.database.write(work))
        self._asked.pop(conversation_id, None)
        self.opened(conversation_id)

    async def settle(self) -> None:
        """Waits until the records have answered everything asked so far."""
        await asyncio.gather(*self._asking, return_exceptions=True)

    async def _ask(self, records: Records, conversation_id: str) -> None:
        before = self._states.get(conversation_id, "ok")
        try:
            identifiers = await self._parts.database.read(lambda tx: self._identifiers(tx, conversation_id))
            known = await records.ask(identifiers)
            changed = await self._parts.database.write(lambda tx: self._fill(tx, conversation_id, known))
            self._states[conversation_id] = "ok"
        except (RecordsDown, BotError) as error:
            log.warning("customer_records_down", why=str(error))
            changed, self._states[conversation_id] = ([], []), "failed"
        if before != self._states[conversation_id] and not changed[0]:
            changed = ([conversation_id], [])
        await self._ring(*changed)

    def _identifiers(self, tx: Connection, conversation_id: str) -> dict[str, str]:
        """Confirmed ones only: what a stranger types must not open somebody else's records."""
        conversation = self._parts.store.get(tx, conversation_id)
        customer = self._customers.of(tx, conversation_id)
        known = {"conversation": conversation_id, "channel": conversation.channel.value, "lang": conversation.lang}
        if conversation.channel is Channel.TELEGRAM:
            known["telegram"] = conversation.address
        sure = customer.fields if customer else {}
        return known | {key: sure[key]["value"] for key in IDENTIFIERS if key in sure}

    def _fill(self, tx: Connection, conversation_id: str, known: Known) -> tuple[list[str], list[str]]:
        """The records' word counts more than their own older one and less than an operator's."""
        if known == Known():
            return [], []
        customer = self._of(tx, self._parts.store.get(tx, conversation_id))
        told = {key: {"value": value, "source": "connector"} for key, value in known.fields.items()}
        if known.name:
            told.setdefault("name", {"value": known.name, "source": "connector"})
        confirmed = {key: field for key, field in customer.fields.items() if field["source"] == "operator"}
        fields = customer.fields | told | confirmed
        name = fields.get("name", {}).get("value", customer.name)
        changed = replace(customer, fields=fields, name=name, vip=customer.vip if known.vip is None else known.vip)
        return ([], []) if changed == customer else self._keep(tx, changed)

    def _of(self, tx: Connection, conversation: Conversation) -> Customer:
        known = self._customers.of(tx, conversation.id)
        if known is not None:
            return known
        fresh = Customer(uuid4().hex, conversation.customer_name, self._parts.clock())
        return self._customers.add(tx, conversation.id, fresh)

    def _identify(self, tx: Connection, customer: Customer, key: str, value: str) -> Customer:
        """The customer who has this identifier: this one, or a known one whose conversation this is, too."""
        owner = self._customers.owner(tx, key, identity(key, value)) if value else None
        if owner is not None and owner.id != customer.id:
            self._customers.merge(tx, customer.id, owner.id)
            name = owner.name or customer.name
            customer = replace(owner, fields=customer.fields | owner.fields, name=name, vip=owner.vip or customer.vip)
        self._customers.release(tx, key, customer.id)
        if value:
            self._customers.claim(tx, key, identity(key, value), customer.id)
        return customer

    def _keep(self, tx: Connection, customer: Customer) -> tuple[list[str], list[str]]:
        """Stores the card and what hangs on it; returns the conversations and tickets that look different now."""
        self._customers.keep(tx, customer)
        conversations, tickets = self._customers.conversations(tx, customer.id), []
        for conversation_id in conversations:
            if customer.name:
                self._parts.store.change(tx, conversation_id, customer_name=customer.name)
            self._parts.search.describe(tx, conversation_id)
            ticket = self._parts.desk.holding(tx, conversation_id)
            news: dict[str, Any] = {"vip": customer.vip} | ({"customer_name": customer.name} if customer.name else {})
            if ticket is not None and any(getattr(ticket, name) != new for name, new in news.items()):
                self._parts.desk.describe(tx, ticket.id, **news)
                tickets.append(ticket.id)
        return conversations, tickets

    def _audit(self, tx: Connection, operator: Operator, customer_id: str, key: str) -> None:
        """The value stays out: the log is read by people who need not know customers' phones."""
        actor, about = Assignee(operator.id, operator.name), ("customer", customer_id)
        self._parts.desk.audit(tx, actor, "card_changed", about, {"field": key})

    async def _ring(self, conversations: list[str], tickets: list[str]) -> None:
        for conversation_id in conversations:
            await self._parts.bus.publish(conversation_topic(conversation_id), {"type": "customer"})
        for ticket_id in tickets:
            await self._parts.bus.publish(DESK, {"type": "ticket", "id": ticket_id})
