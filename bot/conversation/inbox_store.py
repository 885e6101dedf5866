"""Lists of conversations that are not the live inbox, in SQL: held by the bot, closed, all, found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select

from bot.conversation.store import conversations
from handoff.tables import tickets

Place = tuple[datetime, str]
"""Where a page ends: the last moment and the id of its last conversation."""


class View(StrEnum):
    BOT = "bot"
    CLOSED = "closed"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Listing:
    """Which conversations are wanted: `found` narrows them to the result of a search."""

    view: View
    found: Select[str] | None = None
    tagged: ColumnElement[bool] | None = None


class InboxStore:
    """Every method takes part in the caller's transaction."""

    def page(self, tx: Connection, listing: Listing, after: Place | None, limit: int) -> Sequence[tuple[str, datetime]]:
        """Id and last moment of the next conversations, the newest first."""
        wanted = select(conversations.c.id, conversations.c.last_at).where(*_conditions(listing))
        if after is not None:
            at, conversation_id = after
            older = conversations.c.last_at < at
            same = and_(conversations.c.last_at == at, conversations.c.id < conversation_id)
            wanted = wanted.where(or_(older, same))
        ordered = wanted.order_by(conversations.c.last_at.desc(), conversations.c.id.desc()).limit(limit)
        return [(row.id, row.last_at) for row in tx.execute(ordered)]

    def total(self, tx: Connection, listing: Listing) -> int:
        return tx.execute(select(func.count()).select_from(conversations).where(*_conditions(listing))).scalar_one()


def _conditions(listing: Listing) -> list[ColumnElement[bool]]:
    mine = tickets.c.conversation_id == conversations.c.id
    held = exists().where(mine, tickets.c.status != "closed")
    conditions: list[ColumnElement[bool]] = [conversations.c.last_at.is_not(None)]
    if listing.view is not View.ALL:
        conditions.append(~held)
    if listing.view is View.CLOSED:
        conditions.append(exists().where(mine))
    if listing.found is not None:
        conditions.append(conversations.c.id.in_(listing.found))
    if listing.tagged is not None:
        conditions.append(exists().where(mine, listing.tagged))
    return conditions
