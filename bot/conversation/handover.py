"""The way from the bot to a person and back: every use case that moves a ticket and tells the customer so."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from bot.accounts.model import Operator
from bot.bus.model import conversation_topic
from bot.conversation import compose, texts
from bot.conversation.model import Author, Conversation, Draft, Kind, Message, Receipt
from bot.conversation.transcript import Transcript
from bot.errors import BadRequest
from handoff.model import Assignee, Outcome, Reason, Request, Ticket

SUBJECT = 160
ANSWER_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class TicketDetail:
    """Everything an operator sees on opening a ticket. `tried`: articles the bot tried, with their best scores."""

    ticket: Ticket
    conversation: Conversation
    messages: list[Message]
    tried: list[dict[str, Any]]
    fields: dict[str, str]


class Handover(Transcript):
    """Opening tickets for the bot's side, working them for the operators' side."""

    def hand_over(
        self,
        tx: Connection,
        conversation: Conversation,
        reason: Reason,
        cid: str,
        known: dict[str, Any] | None = None,
    ) -> Ticket:
        """Opens a ticket and tells the customer what happens next, in the caller's transaction.

        `known`: what the bot knew in the turn that gave up, for the operator's eyes; None when the customer pressed the
        control and no turn gave up.
        """
        rows = self._store.episode(tx, conversation.id)
        asked = [row.text for row in rows if row.author is Author.CUSTOMER and row.kind in (Kind.TEXT, Kind.EDIT)]
        if known is None:
            asked = asked[:-1] or asked  # the last line is the pressed control; the subject is what was asked before
        request = Request(
            conversation_id=conversation.id,
            reason=reason,
            lang=conversation.lang,
            channel=conversation.channel.value,
            subject=(asked[-1] if asked else "")[:SUBJECT],
            customer_name=conversation.customer_name,
            summary={
                "tried": _tried([row.evidence or {} for row in rows] + [known or {}]),
                "fields": self._store.fields(tx, conversation.id),
            },
        )
        ticket = self._desk.open(tx, request)
        position = self._desk.position(tx, ticket) or 1
        draft = compose.handoff_draft(cid, conversation.lang, ticket, position)
        self.append(tx, conversation, replace(draft, evidence=known))
        return ticket

    async def tickets(self) -> list[Ticket]:
        """Every open ticket, longest waiting first."""
        return await self._database.read(self._desk.queue)

    async def ticket(self, ticket_id: str) -> Ticket:
        """Raises TicketUnknown."""
        return await self._database.read(lambda tx: self._desk.get(tx, ticket_id))

    async def ticket_detail(self, ticket_id: str) -> TicketDetail:
        """Raises TicketUnknown."""

        def work(tx: Connection) -> TicketDetail:
            ticket = self._desk.get(tx, ticket_id)
            conversation = self._store.get(tx, ticket.conversation_id)
            rows = self._store.history(tx, conversation.id, max(0, conversation.last_seq - 500), 500)
            fields = ticket.summary.get("fields", {})
            return TicketDetail(ticket, conversation, rows, ticket.summary.get("tried", []), fields)

        return await self._database.read(work)

    async def accept(self, ticket_id: str, operator: Operator) -> Ticket:
        """Claims the ticket and tells the customer who has joined.

        Raises AlreadyClaimed with the winner's name, TicketClosed, TicketUnknown.
        """

        def work(tx: Connection) -> tuple[Ticket, Conversation]:
            ticket, new = self._desk.claim(tx, ticket_id, Assignee(operator.id, operator.name))
            conversation = self._store.get(tx, ticket.conversation_id)
            if new:
                self._announce(
                    tx, conversation, Kind.JOINED, texts.JOINED[conversation.lang].format(name=operator.name)
                )
            return ticket, conversation

        return await self._moved(*await self._database.write(work))

    async def say(self, ticket_id: str, operator: Operator, cid: str, text: str) -> Receipt:
        """The operator's words to the customer. Raises NotYourTicket, TicketClosed, TicketUnknown, BadRequest."""
        if not text.strip():
            raise BadRequest("The message is empty. Write something first.", "text_empty")
        if len(text) > ANSWER_LIMIT:
            raise BadRequest(f"The message is longer than {ANSWER_LIMIT} characters. Please split it.", "text_too_long")

        def work(tx: Connection) -> tuple[Message, bool, Conversation]:
            # A repeated send is answered even when the ticket has been closed meanwhile: it was said.
            ticket = self._desk.get(tx, ticket_id)
            conversation = self._store.get(tx, ticket.conversation_id)
            stored = self._store.by_cid(tx, conversation.id, cid)
            if stored is not None:
                return stored, False, conversation
            self._desk.held_by(tx, ticket_id, operator.id)
            draft = Draft(cid, Author.OPERATOR, text, author_name=operator.name)
            return *self.append(tx, conversation, draft), conversation

        message, new, conversation = await self._database.write(work)
        if new:
            self._listener.message_stored(Author.OPERATOR, conversation.channel)
            await self.ring(conversation)
        return Receipt(cid, message.seq, not new)

    async def give_back(self, ticket_id: str, operator: Operator) -> Ticket:
        """Back to the queue at its old place; the customer is told. Raises as `say`."""

        def work(tx: Connection) -> tuple[Ticket, Conversation]:
            ticket = self._desk.give_back(tx, ticket_id, operator.id)
            conversation = self._store.get(tx, ticket.conversation_id)
            self._announce(tx, conversation, Kind.HANDOFF, texts.GIVEN_BACK[conversation.lang])
            return ticket, conversation

        return await self._moved(*await self._database.write(work))

    async def close(self, ticket_id: str, operator: Operator, outcome: Outcome) -> Ticket:
        """Farewell, a request for a rating and a fresh episode for the bot. Raises as `say`."""

        def work(tx: Connection) -> tuple[Ticket, Conversation]:
            held = self._desk.held_by(tx, ticket_id, operator.id)
            ticket = self._desk.close(tx, ticket_id, outcome)
            conversation = self._store.get(tx, held.conversation_id)
            lang = conversation.lang
            self._announce(tx, conversation, Kind.FAREWELL, texts.FAREWELL[lang].format(name=operator.name))
            self.append(tx, conversation, compose.rating_draft(uuid4().hex, lang, ticket))
            self._store.start_epoch(tx, conversation.id)
            return ticket, conversation

        ticket, conversation = await self._database.write(work)
        self._listener.ticket_closed(outcome.value)
        return await self._moved(ticket, conversation)

    def _announce(self, tx: Connection, conversation: Conversation, kind: Kind, text: str) -> None:
        self.append(tx, conversation, Draft(uuid4().hex, Author.SYSTEM, text, kind=kind))

    async def _moved(self, ticket: Ticket, conversation: Conversation) -> Ticket:
        """Rings for the ticket and for everybody whose place in the queue has changed with it."""
        await self.ring(conversation, ticket=ticket)
        for waiting in await self.tickets():
            if waiting.assignee is None and waiting.id != ticket.id:
                await self._bus.publish(conversation_topic(waiting.conversation_id), {"type": "state"})
        return ticket


def _tried(knowledge: list[dict[str, Any]]) -> list[dict[str, Any]]:
    best: dict[str, dict[str, Any]] = {}
    for known in knowledge:
        for tried in known.get("tried", []):
            if tried["score"] >= best.get(tried["article"], tried)["score"]:
                best[tried["article"]] = tried
    return sorted(best.values(), key=lambda tried: -tried["score"])
