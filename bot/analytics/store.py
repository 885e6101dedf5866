"""Counts over the whole database, in SQL: do the books balance?"""

from dataclasses import dataclass, field

from sqlalchemy import Connection, and_, exists, func, select

from bot.conversation.model import Author, Channel, Kind
from bot.conversation.outbox_store import outbox
from bot.conversation.store import conversations, messages, turns
from handoff.tables import tickets


@dataclass(frozen=True, slots=True)
class Books:
    """Received = stored = answered or open. `received`: conversations in which a customer has written; `answered`:
    those whose last words are not the customer's; `open`: those where the customer waits for a person or the bot.

    `lost`, `gaps` and `undelivered` name conversations and are empty when the books balance: a customer whom nobody
    will answer, a transcript with a hole, a reply that never got its errand to Telegram.
    """

    received: int
    answered: int
    open: int
    lost: tuple[str, ...] = field(default=())
    gaps: tuple[str, ...] = field(default=())
    undelivered: tuple[str, ...] = field(default=())

    @property
    def balance(self) -> bool:
        return not (self.lost or self.gaps or self.undelivered) and self.received == self.answered + self.open


def reconcile(tx: Connection) -> Books:
    """Counts on one snapshot. Only what a customer says wants an answer; a rating does not."""
    said = (
        select(messages.c.conversation_id, func.max(messages.c.seq).label("seq"))
        .where(messages.c.author == Author.CUSTOMER.value, messages.c.kind != Kind.RATING.value)
        .group_by(messages.c.conversation_id)
        .subquery()
    )
    later = exists().where(
        messages.c.conversation_id == said.c.conversation_id,
        messages.c.seq > said.c.seq,
        messages.c.author != Author.CUSTOMER.value,
    )
    held = exists().where(tickets.c.conversation_id == said.c.conversation_id, tickets.c.status != "closed")
    owed = exists().where(turns.c.conversation_id == said.c.conversation_id, turns.c.state == "pending")
    rows = tx.execute(select(said.c.conversation_id, later.label("later"), held.label("held"), owed.label("owed")))
    received = answered = waiting = 0
    lost = []
    for row in rows:
        received += 1
        if row.held or row.owed:
            waiting += 1
        elif row.later:
            answered += 1
        else:
            lost.append(row.conversation_id)
    return Books(received, answered, waiting, tuple(lost), _gaps(tx), _undelivered(tx))


def _gaps(tx: Connection) -> tuple[str, ...]:
    """Conversations whose rows are not numbered 1, 2, 3… up to their own count."""
    counted = (
        select(messages.c.conversation_id, func.count().label("rows"), func.max(messages.c.seq).label("last"))
        .group_by(messages.c.conversation_id)
        .subquery()
    )
    found = select(conversations.c.id).join(counted, counted.c.conversation_id == conversations.c.id)
    broken = found.where((counted.c.rows != counted.c.last) | (counted.c.last != conversations.c.last_seq))
    return tuple(tx.execute(broken).scalars())


def _undelivered(tx: Connection) -> tuple[str, ...]:
    """Telegram conversations with words of ours that were never put into the outbox."""
    errand = exists().where(
        and_(outbox.c.conversation_id == messages.c.conversation_id, outbox.c.seq == messages.c.seq)
    )
    found = (
        select(messages.c.conversation_id)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(conversations.c.channel == Channel.TELEGRAM.value, messages.c.author != Author.CUSTOMER.value, ~errand)
        .distinct()
    )
    return tuple(tx.execute(found).scalars())
