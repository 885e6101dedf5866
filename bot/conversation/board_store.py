"""Numbers over the whole desk and the earlier tickets of a customer, in SQL."""

from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from bot.conversation.store import conversations, messages
from handoff.tables import tickets

EPISODES = 20
"""Earlier tickets shown beside a conversation."""


class BoardStore:
    """Every method takes part in the caller's transaction."""

    def promises(self, tx: Connection, since: datetime) -> tuple[int, int]:
        """Of the tickets opened since then whose customer was told a time: how many are decided, and how many kept."""
        made = select(func.count()).where(tickets.c.opened_at >= since, tickets.c.promise_kept.is_not(None))
        kept = made.where(tickets.c.promise_kept.is_(True))
        return tx.execute(made).scalar_one(), tx.execute(kept).scalar_one()

    def episodes(self, tx: Connection, conversation_id: str, but: str) -> list[tuple[str, int]]:
        """Other tickets of the same customer, the newest first, each with how many messages it had."""
        mine = select(conversations.c.customer_id).where(conversations.c.id == conversation_id).scalar_subquery()
        same = select(conversations.c.id).where(
            or_(conversations.c.id == conversation_id, conversations.c.customer_id == mine)
        )
        during = (
            select(func.count())
            .where(
                messages.c.conversation_id == tickets.c.conversation_id,
                messages.c.created_at >= tickets.c.opened_at,
                or_(tickets.c.closed_at.is_(None), messages.c.created_at <= tickets.c.closed_at),
            )
            .correlate(tickets)
            .scalar_subquery()
        )
        found = (
            select(tickets.c.id, during.label("messages"))
            .where(tickets.c.conversation_id.in_(same), tickets.c.id != but)
            .order_by(tickets.c.number.desc())
            .limit(EPISODES)
        )
        return [(row.id, row.messages) for row in tx.execute(found)]
