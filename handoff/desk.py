"""The desk: every use case of the human side behind one name, inside the caller's transaction."""

from collections.abc import Callable
from datetime import datetime

from handoff.agent_store import AgentStore
from handoff.closing import Closing
from handoff.following import Following
from handoff.history_store import HistoryStore
from handoff.moves import Moves
from handoff.policy_store import PolicyStore
from handoff.staff import Staff
from handoff.store import TicketStore
from handoff.sweeps import Sweeps


class Desk(Moves, Closing, Following, Staff, Sweeps):
    """Tickets, the people who answer them and the rules; callers know only this. Methods are grouped by module:
    `reading` asks, `placing` opens and claims, `moves` passes on, `closing` ends, `following` keeps up with the
    conversation, `staff` knows people and rules, `sweeps` lets time act."""


def open_desk(clock: Callable[[], datetime]) -> Desk:
    """The desk on the SQL stores."""
    return Desk(TicketStore(), AgentStore(), PolicyStore(), HistoryStore(), clock)
