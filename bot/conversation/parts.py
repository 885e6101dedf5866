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
from handoff.desk import Desk


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


@dataclass(frozen=True, slots=True)
class Outside:
    """What the room is told by and tells: who counts what happened, who reaches operators away from the desk, and where
    uploaded files lie."""

    listener: Listener
    notices: Notices
    files: Cupboard


def open_parts(database: Database, bus: Bus, desk: Desk, outside: Outside, clock: Callable[[], datetime]) -> Parts:
    """The parts on the SQL stores. `desk` and `clock` must tell the same time."""
    return Parts(
        database=database,
        bus=bus,
        desk=desk,
        listener=outside.listener,
        clock=clock,
        store=ConversationStore(),
        outbox=OutboxStore(),
        search=SearchStore(),
        notices=outside.notices,
        files=outside.files,
    )
