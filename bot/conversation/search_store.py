"""The words of every conversation, found by their stems: SQLite's full-text index."""

from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    column,
    delete,
    func,
    insert,
    intersect,
    literal_column,
    select,
    table,
    union,
)

from bot.conversation.customer_store import customers
from bot.conversation.model import Author, Message
from bot.conversation.stems import MARK, Query, stemmed, words
from bot.conversation.store import conversations, messages
from bot.storage.prepared import Prepared
from handoff.tables import tickets

index = table(
    "message_search", column("rowid"), column("conversation_id"), column("seq"), column("stems"), column("words")
)
"""Made by the migration: no metadata knows virtual tables. The row with seq 0 holds what is known of the customer."""

_INDEX: ColumnElement[str] = literal_column("message_search")
_ADD = Prepared(insert(index).values({name: bindparam(name) for name in ("conversation_id", "seq", "stems", "words")}))


class SearchStore:
    """Every method takes part in the caller's transaction."""

    def index(self, tx: Connection, message: Message, lang: str) -> None:
        """Makes a new row findable; words of the product itself are nobody's words and stay out."""
        if message.seq == 1:
            self.describe(tx, message.conversation_id)
        if message.author is not Author.SYSTEM:
            text = " ".join((message.text, *(file.name for file in message.files)))
            _add(tx, message.conversation_id, message.seq, text)

    def describe(self, tx: Connection, conversation_id: str) -> None:
        """Makes the conversation findable by what is known of its customer; call it when that has changed."""
        tx.execute(delete(index).where(index.c.rowid.in_(_matching(_about(conversation_id), index.c.rowid))))
        found = (
            select(conversations.c.customer_name, customers.c.name, customers.c.fields)
            .select_from(conversations.outerjoin(customers, customers.c.id == conversations.c.customer_id))
            .where(conversations.c.id == conversation_id)
        )
        row = tx.execute(found).first()
        if row is None:
            return
        told = [field["value"] for field in (row.fields or {}).values() if field.get("value")]
        _add(tx, conversation_id, 0, " ".join((row.customer_name, row.name or "", *told)), _about(conversation_id))

    def conversations(self, query: Query) -> Select[str] | None:
        """The ids of the conversations that have everything the query asks for; None when it asks for nothing."""
        parts = [_matching(term, index.c.conversation_id) for term in query.terms]
        parts += [select(tickets.c.conversation_id).where(tickets.c.number == number) for number in query.numbers]
        parts += [select(tickets.c.conversation_id).where(tagged(tag)) for tag in query.tags]
        if not parts:
            return None
        found = intersect(*parts).subquery() if len(parts) > 1 else parts[0].subquery()
        return select(found.c.conversation_id).distinct()

    def best(self, tx: Connection, query: Query, ids: Sequence[str]) -> dict[str, str]:
        """For each of these conversations the newest row that has one of the words; the customer's own words first."""
        if not query.terms or not ids:
            return {}
        hits = union(*(_matching(term, index.c.rowid) for term in query.terms)).subquery()
        row = and_(messages.c.conversation_id == index.c.conversation_id, messages.c.seq == index.c.seq)
        theirs = messages.c.author == Author.CUSTOMER.value
        found = (
            select(messages.c.conversation_id, messages.c.text)
            .select_from(index.join(messages, row))
            .where(index.c.rowid.in_(select(hits.c.rowid)), index.c.conversation_id.in_(ids))
            .order_by(theirs, messages.c.seq)
        )
        return {row.conversation_id: row.text for row in tx.execute(found)}


def _add(tx: Connection, conversation_id: str, seq: int, text: str, mark: str = "") -> None:
    said = words(text)
    if said:
        _ADD.run(tx, conversation_id=conversation_id, seq=seq, stems=f"{stemmed(said)} {mark}", words=said)


def tagged(tag: str) -> ColumnElement[bool]:
    """Tickets with this tag; Latin letters in any case."""
    each = func.json_each(tickets.c.tags).table_valued("value")
    return select(1).select_from(each).where(func.lower(each.c.value) == func.lower(tag)).exists()


def _matching(term: str, wanted: ColumnElement[str]) -> Select[str]:
    return select(wanted).select_from(index).where(_INDEX.op("MATCH")(term))


def _about(conversation_id: str) -> str:
    """A word nobody writes, by which the describing row of a conversation is found without reading the whole index."""
    return f"{MARK}{conversation_id.encode().hex()}"
