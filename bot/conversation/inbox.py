"""What an operator looks for beyond the live inbox: conversations held by the bot, closed ones, all, search."""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from bot.conversation.inbox_store import InboxStore, Listing, Place, View
from bot.conversation.model import Conversation, Message
from bot.conversation.parts import Parts
from bot.conversation.search_store import tagged
from bot.conversation.stems import Query, parse, snippet
from bot.errors import BadRequest
from handoff.model import Ticket

PAGE = 50


@dataclass(frozen=True, slots=True)
class Found:
    """One conversation of a list. `ticket`: the latest one; `snippet`: the words found, matches between « and »."""

    conversation: Conversation
    ticket: Ticket | None
    last: Message
    snippet: str


@dataclass(frozen=True, slots=True)
class Page:
    """`next`: the cursor of the following page, None at the end; `total`: of the whole list."""

    rows: list[Found]
    total: int
    next: str | None


class Inbox:
    """Reading only."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._lists = InboxStore()

    async def page(self, view: View, typed: str = "", tag: str = "", cursor: str = "") -> Page:
        """The newest first. Raises BadRequest `invalid_body` for a cursor that is not ours."""
        query, after = parse(typed), _place(cursor)
        if typed.strip() and not query:
            return Page([], 0, None)

        def work(tx: Connection) -> Page:
            found = self._parts.search.conversations(query)
            listing = Listing(view, found, tagged(tag) if tag else None)
            places = list(self._lists.page(tx, listing, after, PAGE + 1))
            rows = self._rows(tx, [conversation_id for conversation_id, _ in places[:PAGE]], query)
            end = None if len(places) <= PAGE else _cursor(places[PAGE - 1])
            return Page(rows, self._lists.total(tx, listing), end)

        return await self._parts.database.read(work)

    async def counts(self) -> tuple[int, int]:
        """How many conversations the bot holds, and in how many the last ticket is closed."""

        def work(tx: Connection) -> tuple[int, int]:
            return self._lists.total(tx, Listing(View.BOT)), self._lists.total(tx, Listing(View.CLOSED))

        return await self._parts.database.read(work)

    def _rows(self, tx: Connection, ids: list[str], query: Query) -> list[Found]:
        best = self._parts.search.best(tx, query, ids)
        rows = []
        for conversation_id in ids:
            conversation = self._parts.store.get(tx, conversation_id)
            last = self._parts.store.message(tx, conversation_id, conversation.last_seq)
            words = snippet(best[conversation_id], query) if conversation_id in best else ""
            rows.append(Found(conversation, self._parts.desk.last(tx, conversation_id), last, words))
        return rows


def _cursor(place: tuple[str, datetime]) -> str:
    conversation_id, at = place
    return base64.urlsafe_b64encode(f"{at.isoformat()} {conversation_id}".encode()).decode()


def _place(cursor: str) -> Place | None:
    if not cursor:
        return None
    try:
        moment, _, conversation_id = base64.urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        return datetime.fromisoformat(moment).astimezone(UTC), conversation_id
    except (ValueError, binascii.Error, OverflowError):
        raise BadRequest("cursor: not one that this list gave.", "invalid_body") from None
