"""What the desk's screen is drawn from: the queue, the people, what each has seen, one conversation in full."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from bot.accounts.model import Operator, Permission, Role
from bot.accounts.store import AccountStore
from bot.bus.model import DESK, agent_topic
from bot.conversation import compose
from bot.conversation.board_store import BoardStore
from bot.conversation.model import Conversation, Message
from bot.conversation.note_store import NoteStore
from bot.conversation.parts import Parts
from handoff.model import Agent, Event, Presence, Ticket
from handoff.policy import Policy

ROWS = 200
"""Rows a conversation opens with; older ones come page by page."""
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Colleague:
    """An agent with the role of their account."""

    agent: Agent
    role: Role


@dataclass(frozen=True, slots=True)
class Opening:
    """Everything a desk needs to draw its first screen. `seen`: how far each open conversation has been read."""

    tickets: list[Ticket]
    policy: Policy
    colleagues: list[Colleague]
    seen: dict[str, int]
    presence: Presence


@dataclass(frozen=True, slots=True)
class Team:
    """Who holds what. `queued`: waiting tickets by group; promises of the last 7 days."""

    colleagues: list[Colleague]
    queued: dict[str, int]
    promises_made: int
    promises_kept: int


@dataclass(frozen=True, slots=True)
class Detail:
    """One conversation in full. `ticket`: the open or the latest one; `tried`: articles the bot tried, with their best
    scores; `episodes`: earlier tickets, each with its number of messages; `earlier`: there are rows before `messages`.
    """

    conversation: Conversation
    ticket: Ticket | None
    messages: list[Message]
    earlier: bool
    tried: list[dict[str, Any]]
    fields: dict[str, str]
    episodes: list[tuple[Ticket, int]]
    history: list[Event]
    policy: Policy


class Board:
    """Reading for the desk, and the presence of those who sit at it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._database, self._bus, self._desk = parts.database, parts.bus, parts.desk
        self._store, self._board, self._notes, self._accounts = parts.store, BoardStore(), NoteStore(), AccountStore()

    async def opening(self, operator: Operator) -> Opening:
        def work(tx: Connection) -> Opening:
            agent, tickets = self._desk.agent(tx, operator.id), self._desk.queue(tx)
            return Opening(
                tickets=tickets,
                policy=self._desk.policy(tx),
                colleagues=self._colleagues(tx),
                seen=self._notes.seen(tx, operator.id, [one.conversation_id for one in tickets]),
                presence=agent.presence if agent else Presence.OFFLINE,
            )

        return await self._database.read(work)

    async def detail(self, conversation_id: str, ticket_id: str = "") -> Detail:
        """Of the given ticket, or of the conversation's latest one. Raises TicketUnknown, NotFound."""

        def work(tx: Connection) -> Detail:
            ticket = self._desk.get(tx, ticket_id) if ticket_id else self._desk.last(tx, conversation_id)
            conversation = self._store.get(tx, ticket.conversation_id if ticket else conversation_id)
            rows = self._store.before(tx, conversation.id, conversation.last_seq + 1, ROWS)
            asked_for = ticket is not None and (ticket.is_open or bool(ticket_id))
            known = ticket.summary if ticket is not None and asked_for else self._known(tx, conversation)
            earlier = self._board.episodes(tx, conversation.id, ticket.id if ticket else "")
            return Detail(
                conversation=conversation,
                ticket=ticket,
                messages=rows,
                earlier=bool(rows) and rows[0].seq > 1,
                tried=known.get("tried", []),
                fields=known.get("fields", {}),
                episodes=[(self._desk.get(tx, one), count) for one, count in earlier],
                history=self._desk.history(tx, ticket.id) if ticket else [],
                policy=self._desk.policy(tx),
            )

        return await self._database.read(work)

    async def team(self) -> Team:
        def work(tx: Connection) -> Team:
            queued = dict.fromkeys((group.id for group in self._desk.policy(tx).groups), 0)
            for ticket in self._desk.queue(tx):
                if ticket.waits:
                    queued[ticket.group] = queued.get(ticket.group, 0) + 1
            made, kept = self._board.promises(tx, self._parts.clock() - WEEK)
            return Team(self._colleagues(tx), queued, made, kept)

        return await self._database.read(work)

    async def row(self, ticket_id: str) -> tuple[Ticket, Policy]:
        """A row of the inbox with the rules it is shown by. Raises TicketUnknown."""
        return await self._database.read(lambda tx: (self._desk.get(tx, ticket_id), self._desk.policy(tx)))

    async def policy(self) -> Policy:
        return await self._database.read(self._desk.policy)

    async def colleagues(self) -> list[Colleague]:
        """Everybody who answers customers and was ever at the desk."""
        return await self._database.read(self._colleagues)

    async def arrive(self, operator: Operator) -> None:
        """A page of the desk has been opened."""
        await self._database.write(lambda tx: self._desk.arrive(tx, operator.id, operator.name))
        await self._changed()

    async def beat(self, operator: Operator) -> None:
        """A sign of life."""

        def work(tx: Connection) -> bool:
            before, after = self._desk.agent(tx, operator.id), self._desk.beat(tx, operator.id)
            return before is None or after is None or before.presence is not after.presence

        if await self._database.write(work):
            await self._changed()

    async def choose(self, operator: Operator, presence: Presence) -> None:
        """Online, away or offline, as the operator says."""
        await self._database.write(lambda tx: self._desk.set_presence(tx, operator.id, presence))
        await self._changed()

    async def leave(self, operator: Operator) -> None:
        """The last page of this operator has been closed."""
        await self._database.write(lambda tx: self._desk.leave(tx, operator.id))
        await self._changed()

    async def see(self, operator: Operator, conversation_id: str, seq: int) -> None:
        """The operator has read on; their other tabs hear of it."""
        if await self._database.write(lambda tx: self._notes.read(tx, operator.id, conversation_id, seq)):
            ring = {"type": "seen", "id": conversation_id, "conversation": conversation_id, "seq": seq}
            await self._bus.publish(agent_topic(operator.id), ring)

    def _known(self, tx: Connection, conversation: Conversation) -> dict[str, Any]:
        """What the bot has tried and learned in the episode it holds."""
        rows = self._store.episode(tx, conversation.id)
        tried = compose.tried([row.evidence or {} for row in rows])
        return {"tried": tried, "fields": self._store.fields(tx, conversation.id)}

    def _colleagues(self, tx: Connection) -> list[Colleague]:
        people = {one.id: one for one in self._accounts.everybody(tx) if one.may(Permission.ANSWER)}
        return [Colleague(one, people[one.id].role) for one in self._desk.agents(tx) if one.id in people]

    async def _changed(self) -> None:
        await self._bus.publish(DESK, {"type": "agents"})
