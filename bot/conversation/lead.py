"""What a lead sets and sees: the rules of the desk, the people with their places at it, the audit log."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.accounts.model import Changes, Operator, Permission
from bot.accounts.service import Accounts
from bot.bus.model import DESK, LOST
from bot.conversation import texts
from bot.conversation.model import Kind
from bot.conversation.parts import Parts
from bot.conversation.transcript import Change, Transcript
from bot.errors import BadRequest
from handoff.model import Agent, Assignee, AuditEntry, Destination, Ticket
from handoff.policy import Policy

PLACES = ("cap", "groups", "skills", "langs", "tier")
GONE = {"ru": "Сотрудник больше не работает в поддержке", "en": "The person no longer works at the desk"}


@dataclass(frozen=True, slots=True)
class Person:
    """An account with its place at the desk."""

    operator: Operator
    agent: Agent


@dataclass(frozen=True, slots=True)
class Place:
    """What becomes different about a person's place; None leaves it as it is."""

    cap: int | None = None
    groups: tuple[str, ...] | None = None
    skills: tuple[str, ...] | None = None
    langs: tuple[str, ...] | None = None
    tier: int | None = None


class Lead(Transcript):
    """`forget`: told in the same transaction who is told nothing more away from the desk."""

    def __init__(
        self, parts: Parts, accounts: Accounts, forget: Callable[[Connection, str], None] = lambda tx, operator_id: None
    ) -> None:
        super().__init__(parts)
        self._accounts = accounts
        self._forget = forget

    async def policy(self) -> Policy:
        return await self._database.read(self._desk.policy)

    async def set_policy(self, by: Operator, policy: Policy) -> Policy:
        """Raises PolicyInvalid naming the place, PolicyChanged when a colleague was faster."""
        stored = await self._database.write(lambda tx: self._desk.set_policy(tx, policy, _actor(by)))
        # Groups, order and deadlines of any ticket may be others now: every desk compares what it shows.
        await self._bus.publish(DESK, {"type": LOST})
        return stored

    async def audit(self, before: int | None, actor: str = "", act: str = "", limit: int = 100) -> list[AuditEntry]:
        """The newest first, older than the entry `before`."""
        return await self._database.read(lambda tx: self._desk.audit_entries(tx, before, limit, actor, act))

    async def people(self) -> list[Person]:
        """Everybody with an account, by login."""
        operators = await self._accounts.operators()

        def work(tx: Connection) -> list[Person]:
            agents = {agent.id: agent for agent in self._desk.agents(tx)}
            return [Person(one, agents.get(one.id) or Agent(one.id, one.name)) for one in operators]

        return await self._database.read(work)

    async def change(self, by: Operator, operator_id: str, changes: Changes, place: Place) -> tuple[Person, list[str]]:
        """The person as they are now and the keys of the sessions that have ended; whoever may no longer answer leaves
        their tickets to the queue, and their customers are told. Raises as `Accounts.change`, BadRequest
        `group_unknown`."""

        def work(tx: Connection) -> tuple[Person, list[str], list[Change]]:
            operator, ended = self._accounts.change(tx, by, operator_id, changes)
            if operator.may(Permission.ANSWER):
                return Person(operator, self._place(tx, by, operator, place)), ended, []
            left = self._leave(tx, by, operator)
            return Person(operator, Agent(operator.id, operator.name)), ended, left

        person, ended, left = await self._database.write(work)
        for change in left:
            await self.told(change)
        await self._bus.publish(DESK, {"type": "agents"})
        return person, ended

    def _place(self, tx: Connection, by: Operator, operator: Operator, place: Place) -> Agent:
        before = self._desk.agent(tx, operator.id) or Agent(operator.id, operator.name)
        news = {name: new for name in PLACES if (new := getattr(place, name)) is not None}
        known = {group.id for group in self._desk.policy(tx).groups}
        if unknown := set(place.groups or ()) - known:
            raise BadRequest(f"groups: there is no group {min(unknown)}.", "invalid_body")
        after = replace(before, name=operator.name, **news)
        if after == before:
            return before
        changed = {name: _shown(new) for name, new in news.items() if new != getattr(before, name)}
        if changed:
            detail = {"login": operator.login} | changed
            self._desk.audit(tx, _actor(by), "place_changed", ("person", operator.id), detail)
        return self._desk.place_agent(tx, after)

    def _leave(self, tx: Connection, by: Operator, operator: Operator) -> list[Change]:
        """Takes a person off the desk; nobody's ticket stays with somebody who cannot answer."""
        left = [self._requeue(tx, by, ticket) for ticket in self._desk.held(tx, operator.id)]
        self._desk.dismiss(tx, operator.id)
        self._forget(tx, operator.id)
        return left

    def _requeue(self, tx: Connection, by: Operator, ticket: Ticket) -> Change:
        conversation = self._store.get(tx, ticket.conversation_id)
        to = Destination(group=ticket.group)
        self._desk.assign(tx, [ticket.id], replace(_actor(by), lead=True), GONE[ticket.lang], to)
        if ticket.assignee is not None:
            self.announce(tx, conversation, Kind.NOTICE, texts.LOST[conversation.lang])
        again = self._desk.get(tx, ticket.id)
        return Change(conversation, again, moved=True, reminders=self._reminders.to_team(tx, "new", again))


def _actor(by: Operator) -> Assignee:
    return Assignee(by.id, by.name)


def _shown(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)
