"""Who answers what: the group of a request, and the agents who may take a ticket, best first; pure."""

from collections.abc import Iterable
from datetime import UTC, datetime

from handoff.model import Agent, Ticket
from handoff.policy import Group, Policy
from handoff.presence import reachable

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def group_for(topic: str, policy: Policy) -> Group:
    """The first group that answers this topic, else the first group."""
    return next((group for group in policy.groups if topic and topic in group.topics), policy.groups[0])


def serves(agent: Agent, group: str) -> bool:
    return not agent.groups or group in agent.groups


def fits(agent: Agent, ticket: Ticket) -> bool:
    """Whether group, topic, language and tier are this agent's. A ticket without a topic is everybody's."""
    return (
        serves(agent, ticket.group)
        and (not agent.skills or not ticket.topic or ticket.topic in agent.skills)
        and (not agent.langs or ticket.lang in agent.langs)
        and agent.tier >= min(ticket.tier, 3)
    )


def free(agent: Agent, now: datetime) -> bool:
    """Whether one more ticket may be given to this agent."""
    return reachable(agent, now) and agent.load < agent.cap


def eligible(agents: Iterable[Agent], ticket: Ticket, now: datetime) -> list[Agent]:
    """Whom the ticket may be offered to: least loaded first, then longest without new work."""
    found = [agent for agent in agents if free(agent, now) and fits(agent, ticket) and agent.id not in ticket.declined]
    return sorted(found, key=lambda agent: (agent.load, agent.idle_since or LONG_AGO, agent.id))
