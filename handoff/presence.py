"""Who is at the desk: heartbeats and chosen states; pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from handoff.model import Agent, Presence

GRACE = timedelta(seconds=60)
"""Without a sign of life for this long an agent is offline; long enough for a reload and a tunnel."""


def shown(agent: Agent, now: datetime) -> Presence:
    """What colleagues see."""
    return Presence.OFFLINE if _lapsed(agent, now) else agent.presence


def reachable(agent: Agent, now: datetime) -> bool:
    """Whether work may be given to this agent now: online, and a page of the desk is open."""
    return shown(agent, now) is Presence.ONLINE and agent.left_at is None


def gone(agent: Agent, now: datetime) -> bool:
    """Whether the agent's customers must not wait for them any longer: no sign of life, or offline by choice, for
    longer than the grace. One who works without a page (through the API) lives by their acts."""
    if _lapsed(agent, now):
        return True
    chosen = agent.presence is Presence.OFFLINE and agent.left_at is None
    return chosen and (agent.since is None or now - agent.since >= GRACE)


def arrived(agent: Agent, now: datetime) -> Agent:
    """Opened the desk: online, unless they are back within the grace and had chosen to be away or offline."""
    stays = agent.presence is not Presence.ONLINE and agent.since is not None and not _lapsed(agent, now)
    presence, since = (agent.presence, agent.since) if stays else (Presence.ONLINE, now)
    back = agent.presence is Presence.OFFLINE or _lapsed(agent, now)
    idle = now if back or agent.idle_since is None else agent.idle_since
    return replace(agent, presence=presence, since=since, seen_at=now, left_at=None, idle_since=idle)


def beaten(agent: Agent, now: datetime) -> Agent:
    """A heartbeat; it brings back whom the clock took offline, not one who chose to be."""
    if agent.presence is Presence.OFFLINE and agent.left_at is not None:
        return arrived(agent, now)
    return replace(agent, seen_at=now, left_at=None)


def chosen(agent: Agent, presence: Presence, now: datetime) -> Agent:
    """Online, away or offline as the agent says."""
    since = agent.since if presence is agent.presence else now
    return replace(agent, presence=presence, since=since, seen_at=now, left_at=None)


def lost(agent: Agent, now: datetime) -> Agent:
    """Taken offline by the clock: nothing they chose, so that they come back online."""
    return replace(agent, presence=Presence.OFFLINE, since=None, left_at=agent.left_at or now)


def _lapsed(agent: Agent, now: datetime) -> bool:
    return agent.seen_at is None or now - agent.seen_at >= GRACE
