"""Calling an operator to the desk: a line on their screen now, and a durable notice for whoever is away from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection

from bot.bus.model import agent_topic
from bot.conversation import texts
from bot.conversation.parts import Parts
from bot.notices.model import Notice
from handoff.model import Agent, Presence, Ticket


@dataclass(frozen=True, slots=True)
class Reminder:
    """`kind`: one of the kinds of the desk's reminder frame."""

    id: str
    operator_id: str
    kind: str
    ticket_id: str
    number: int
    ru: str
    en: str
    at: datetime


class Reminders:
    """Made in the transaction of their cause, rung after its commit."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def make(
        self, tx: Connection, kind: str, ticket: Ticket, operator_ids: Iterable[str], who: str = ""
    ) -> tuple[Reminder, ...]:
        """One for each operator. `who`: the colleague it comes from, where there is one."""
        made = []
        ru, en = (texts.reminder(lang, kind, ticket, who) for lang in ("ru", "en"))
        for operator_id in dict.fromkeys(operator_ids):
            notice = Notice(operator_id, kind, ticket.id, ticket.number, ticket.conversation_id, ru, en)
            self._parts.notices.need(tx, notice)
            made.append(Reminder(uuid4().hex, operator_id, kind, ticket.id, ticket.number, ru, en, self._parts.clock()))
        return tuple(made)

    def to_team(self, tx: Connection, kind: str, ticket: Ticket) -> tuple[Reminder, ...]:
        """To those who may take it; when none of them is there, to all of them: somebody has to hear it."""
        able = [agent for agent in self._parts.desk.agents(tx) if _serves(agent, ticket)]
        there = [agent for agent in able if agent.presence is not Presence.OFFLINE and agent.left_at is None]
        return self.make(tx, kind, ticket, [agent.id for agent in there or able])

    async def ring(self, reminders: Iterable[Reminder]) -> None:
        """After the commit."""
        for one in reminders:
            ring = {
                "type": "reminder",
                "id": one.id,
                "kind": one.kind,
                "ticket": one.ticket_id,
                "number": one.number,
                "ru": one.ru,
                "en": one.en,
                "at": one.at.isoformat(),
            }
            await self._parts.bus.publish(agent_topic(one.operator_id), ring)


def _serves(agent: Agent, ticket: Ticket) -> bool:
    group = not agent.groups or ticket.group in agent.groups
    lang = not agent.langs or ticket.lang in agent.langs
    return group and lang and agent.tier >= ticket.tier
