"""Calling an operator to the desk: a line on their screen now, and a durable notice for whoever is away from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection

from bot.accounts.model import Permission
from bot.accounts.store import AccountStore
from bot.bus.model import agent_topic
from bot.conversation import texts
from bot.conversation.parts import Parts
from bot.notices.model import Notice
from handoff.model import Agent, Presence, Ticket


@dataclass(frozen=True, slots=True)
class Reminder:
    """`kind`: one of the kinds of the desk's reminder frame. Without a ticket, `ticket_id` is empty and `number` 0."""

    id: str
    operator_id: str
    kind: str
    ticket_id: str
    number: int
    conversation_id: str
    ru: str
    en: str
    at: datetime


class Reminders:
    """Made in the transaction of their cause, rung after its commit."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._accounts = AccountStore()

    def make(
        self, tx: Connection, kind: str, ticket: Ticket, operator_ids: Iterable[str], who: str = ""
    ) -> tuple[Reminder, ...]:
        """One for each operator, and for the leads where time is lost. `who`: the colleague it comes from, if any."""
        words = {lang: texts.reminder(lang, kind, ticket, who) for lang in ("ru", "en")}
        called = [*operator_ids, *(self.leads(tx) if self._concerns_leads(tx, kind, ticket) else ())]
        return self.about(tx, kind, ticket, called, words)

    def about(
        self,
        tx: Connection,
        kind: str,
        where: Ticket | str,
        operator_ids: Iterable[str],
        words: Mapping[str, str],
    ) -> tuple[Reminder, ...]:
        """One for each operator, in these `words` by language. `where`: a ticket, or the id of a conversation."""
        ticket_id, number, conversation_id = (
            ("", 0, where) if isinstance(where, str) else (where.id, where.number, where.conversation_id)
        )
        ru, en, at = words["ru"], words["en"], self._parts.clock()
        made = []
        for operator_id in dict.fromkeys(operator_ids):
            notice = Notice(operator_id, kind, ticket_id, number, conversation_id, ru, en)
            self._parts.notices.need(tx, notice)
            made.append(Reminder(uuid4().hex, operator_id, kind, ticket_id, number, conversation_id, ru, en, at))
        return tuple(made)

    def to_team(self, tx: Connection, kind: str, ticket: Ticket) -> tuple[Reminder, ...]:
        """To those who may take it and are there, else to all who may take it; when nobody may, to the leads, and
        without leads to everybody who answers: somebody has to hear it."""
        barred = {one.id for one in self._accounts.everybody(tx) if not one.may(Permission.ANSWER)}
        able = [one for one in self._parts.desk.agents(tx) if one.id not in barred and _serves(one, ticket)]
        there = [agent.id for agent in able if _is_there(agent)]
        called = there or [agent.id for agent in able] or self.leads(tx) or self._who_may(tx, Permission.ANSWER)
        return self.make(tx, kind, ticket, called)

    def leads(self, tx: Connection) -> list[str]:
        """Ids of everybody who may hand out other people's work."""
        return self._who_may(tx, Permission.ASSIGN)

    async def ring(self, reminders: Iterable[Reminder]) -> None:
        """After the commit."""
        for one in reminders:
            ring = {
                "type": "reminder",
                "id": one.id,
                "kind": one.kind,
                "ticket": one.ticket_id,
                "number": one.number,
                "conversation": one.conversation_id,
                "ru": one.ru,
                "en": one.en,
                "at": one.at.isoformat(),
            }
            await self._parts.bus.publish(agent_topic(one.operator_id), ring)

    def _who_may(self, tx: Connection, permission: Permission) -> list[str]:
        return [one.id for one in self._accounts.everybody(tx) if one.may(permission)]

    def _concerns_leads(self, tx: Connection, kind: str, ticket: Ticket) -> bool:
        """A deadline that is missed, or is about to be because its operator is not at the desk."""
        if kind != "sla" or ticket.assignee is None:
            return kind == "breached"
        there = {agent.id for agent in self._parts.desk.agents(tx) if _is_there(agent)}
        return ticket.assignee.id not in there


def _is_there(agent: Agent) -> bool:
    return agent.presence is not Presence.OFFLINE and agent.left_at is None


def _serves(agent: Agent, ticket: Ticket) -> bool:
    group = not agent.groups or ticket.group in agent.groups
    lang = not agent.langs or ticket.lang in agent.langs
    return group and lang and agent.tier >= ticket.tier
