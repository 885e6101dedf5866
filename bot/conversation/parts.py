"""What every use case of this room is built from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.bus.model import Bus
from bot.conversation.outbox_store import OutboxStore
from bot.conversation.ports import Cupboard, Listener
from bot.conversation.search_store import SearchStore
from bot.conversation.store import ConversationStore
from bot.notices.model import Notices
from bot.storage.database import Database
from handoff.desk import Desk, open_desk


@dataclass(frozen=True, slots=True)
class Parts:
    """`desk`, `store`, `outbox` and `search` take part in a transaction of `database`; so do `notices` and `files`."""

    database: Database
    bus: Bus
    desk: Desk
    listener: Listener
    clock: Callable[[], datetime]
    store: ConversationStore
    outbox: OutboxStore
    search: SearchStore
    notices: Notices
    files: Cupboard


def open_parts(
    database: Database,
    bus: Bus,
    listener: Listener,
    clock: Callable[[], datetime],
    outside: tuple[Notices, Cupboard],
) -> Parts:
    """The parts on the SQL stores. `outside`: who is told away from the desk, and where uploaded files lie."""
    notices, files = outside
    desk, store = open_desk(clock), ConversationStore()
    return Parts(database, bus, desk, listener, clock, store, OutboxStore(), SearchStore(), notices, files)
