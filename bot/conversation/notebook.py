"""Notes inside a conversation that the customer never sees, and calling a colleague by @login."""

import re
from uuid import uuid4

from sqlalchemy import Connection

from bot.accounts.model import Operator, Permission
from bot.accounts.store import AccountStore
from bot.bus.model import conversation_topic
from bot.conversation import texts
from bot.conversation.note_store import PENDING, Note, NoteStore
from bot.conversation.parts import Parts
from bot.conversation.reminders import Reminder, Reminders
from bot.errors import BadRequest, Conflict
from handoff.history_store import HistoryStore
from handoff.model import Assignee, Event

LIMIT = 5_000
_MENTION = re.compile(r"(?<![\w@])@([\w.+-]+)")


class Notebook:
    """Everybody who may answer may leave a note, whoever holds the ticket."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._notes = NoteStore()
        self._accounts = AccountStore()
        self._history = HistoryStore()
        self._reminders = Reminders(parts)

    def of(self, tx: Connection, conversation_id: str) -> list[Note]:
        """The notes of a conversation, oldest first."""
        return self._notes.of(tx, conversation_id)

    async def add(self, conversation_id: str, author: Operator, cid: str, text: str, *, approval: bool = False) -> Note:
        """Stores the note and calls the colleagues it names; the same cid again is the same note.

        `approval`: it is a proposal that a lead has to decide, so every lead is called.

        Raises NotFound, BadRequest (text_empty, text_too_long).
        """
        words = text.strip()
        if not words:
            raise BadRequest("The note is empty. Write something first.", "text_empty")
        if len(words) > LIMIT:
            raise BadRequest(f"The note is longer than {LIMIT} characters. Please split it.", "text_too_long")

        def work(tx: Connection) -> tuple[Note, tuple[Reminder, ...]]:
            conversation = self._parts.store.get(tx, conversation_id)
            called = self._called(tx, words, author) + (self._leads(tx, author) if approval else ())
            fresh = Note(
                id=uuid4().hex,
                conversation_id=conversation_id,
                cid=cid,
                after_seq=conversation.last_seq,
                author_id=author.id,
                author_name=author.name,
                text=words,
                mentions=tuple(dict.fromkeys(called)),
                at=self._parts.clock(),
                approval=PENDING if approval else "",
            )
            note, new = self._notes.add(tx, fresh)
            return note, self._tell(tx, note, author) if new else ()

        note, reminders = await self._parts.database.write(work)
        await self._parts.bus.publish(conversation_topic(conversation_id), {"type": "note", "id": note.id})
        await self._reminders.ring(reminders)
        return note

    async def decide(self, note_id: str, lead: Operator, *, approved: bool) -> Note:
        """A lead's answer to a proposal; its author is told. Raises Conflict `nothing_to_decide`."""

        def work(tx: Connection) -> tuple[Note, tuple[Reminder, ...]]:
            decided = self._notes.decide(tx, note_id, "approved" if approved else "declined", lead.name)
            if decided is None:
                raise Conflict("There is nothing to decide here any more. Refresh the page.", "nothing_to_decide")
            note, new = decided
            return note, self._tell_decision(tx, note, lead) if new else ()

        note, reminders = await self._parts.database.write(work)
        await self._parts.bus.publish(conversation_topic(note.conversation_id), {"type": "note", "id": note.id})
        await self._reminders.ring(reminders)
        return note

    async def read(self, operator_id: str, conversation_id: str, seq: int) -> bool:
        """The operator has seen the conversation up to `seq`; False when they had seen that much before."""
        return await self._parts.database.write(lambda tx: self._notes.read(tx, operator_id, conversation_id, seq))

    def seen(self, tx: Connection, operator_id: str, conversation_ids: list[str]) -> dict[str, int]:
        """How far the operator has read each of these conversations; those never opened are left out."""
        return self._notes.seen(tx, operator_id, conversation_ids)

    def _called(self, tx: Connection, text: str, author: Operator) -> tuple[str, ...]:
        """Ids of the colleagues named by @login, or by @ and their full name, who can open the conversation."""
        logins, words = {login.rstrip(".-+").casefold() for login in _MENTION.findall(text)}, text.casefold()
        if not logins:
            return ()
        return tuple(
            one.id
            for one in self._accounts.everybody(tx)
            if (one.login in logins or f"@{one.name.casefold()}" in words)
            and one.id != author.id
            and one.may(Permission.SEE_DESK)
        )

    def _leads(self, tx: Connection, author: Operator) -> tuple[str, ...]:
        return tuple(one for one in self._reminders.leads(tx) if one != author.id)

    def _tell(self, tx: Connection, note: Note, author: Operator) -> tuple[Reminder, ...]:
        ticket = self._parts.desk.last(tx, note.conversation_id)
        if ticket is not None:
            self._history.note(tx, [Event(ticket.id, note.at, author.id, author.name, "noted")])
            return self._reminders.make(tx, "mention", ticket, note.mentions, author.name)
        words = {lang: text.format(who=author.name) for lang, text in texts.MENTION.items()}
        return self._reminders.about(tx, "mention", note.conversation_id, note.mentions, words)

    def _tell_decision(self, tx: Connection, note: Note, lead: Operator) -> tuple[Reminder, ...]:
        """Written down for the audit, told to who asked for it."""
        ticket = self._parts.desk.last(tx, note.conversation_id)
        number = ticket.number if ticket else 0
        detail = {"name": note.author_name} | ({"number": number} if number else {})
        about = ("conversation", note.conversation_id)
        self._parts.desk.audit(tx, Assignee(lead.id, lead.name), f"proposal_{note.approval}", about, detail)
        words = {lang: texts.decision(lang, note.approval, lead.name, number) for lang in ("ru", "en")}
        asked = [note.author_id] if note.author_id != lead.id else []
        return self._reminders.about(tx, "decided", ticket or note.conversation_id, asked, words)
