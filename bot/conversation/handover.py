"""The way from the bot to a person: opening tickets, taking them and writing to the customer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from bot.accounts.model import Operator
from bot.conversation import compose, texts
from bot.conversation.closing import Closing
from bot.conversation.customer_store import CustomerStore
from bot.conversation.incident_store import IncidentStore
from bot.conversation.lessons import Lessons
from bot.conversation.model import Author, Conversation, Draft, Kind, Message, Receipt, Source
from bot.conversation.mood import mood_of, worse
from bot.conversation.moves import Moves
from bot.conversation.parts import Parts
from bot.conversation.tags import kinds_of
from bot.conversation.transcript import Change, as_line, receipt, the_ticket
from bot.errors import BadRequest
from bot.kb.store import ArticleStore
from handoff.model import Assignee, Mood, Reason, Request, Ticket

SUBJECT = 160
REPEAT = "repeat"
AGAIN, VISIT = timedelta(days=7), timedelta(hours=1)
"""How long a return counts as a repetition, and the pause after which a customer has come back."""
ANSWER_LIMIT = 10_000
BAD = 1


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What goes with an operator's words: ids of uploads, and the article they were taken from."""

    files: Sequence[str] = ()
    article: str = ""


NOTHING = Enclosed()


class Handover(Moves, Closing):
    """Opening tickets for the bot's side, taking them for the operators' side."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._articles, self._customers, self._asked = ArticleStore(), CustomerStore(), IncidentStore()
        self.lessons = Lessons(parts)

    def hand_over(
        self,
        tx: Connection,
        conversation: Conversation,
        reason: Reason,
        cid: str,
        known: dict[str, Any] | None = None,
    ) -> Change:
        """Opens a ticket and tells the customer what happens next, in the caller's transaction.

        `known`: what the bot knew in the turn that gave up, for the operator's eyes; None when the customer pressed the
        control and no turn gave up.
        """
        rows = self._store.episode(tx, conversation.id)
        ticket = self._desk.open(tx, self._request(tx, conversation, reason, rows, known))
        heard = next((row for row in reversed(rows) if row.author is Author.CUSTOMER), None)
        if heard is not None:
            # The words that led here came before the ticket; its row in the inbox shows them, not the pressed control.
            line = as_line(heard)
            words = ticket.subject if known is None and ticket.subject else line.text
            self._desk.heard(tx, conversation.id, replace(line, text=words))
        promise, closed = self.promise(tx, ticket, conversation.lang), self._desk.bot_helps(tx, ticket)
        self.append(tx, conversation, compose.handoff_draft(cid, conversation.lang, ticket, promise, closed, known))
        ticket = self._desk.get(tx, ticket.id)
        reminders = () if closed else self._reminders.to_team(tx, "new", ticket)
        return Change(conversation, ticket, moved=True, opened=True, reminders=reminders)

    def mood(self, tx: Connection, conversation: Conversation, text: str, rows: Sequence[Message]) -> Mood:
        """How the customer feels, by this line, the episode's lines before it and how they rated the last talk."""
        said = [row.text for row in rows if row.author is Author.CUSTOMER and row.kind is Kind.TEXT]
        customer = self._customers.of(tx, conversation.id) if conversation.customer_id else None
        last = self._desk.last(tx, conversation.id) if conversation.helped else None
        ratings = (last and last.rating, customer and customer.last_rating)
        return mood_of(text, said, rated_badly=BAD in ratings)

    async def tickets(self) -> list[Ticket]:
        """Every open ticket in the order of the inbox."""
        return await self._database.read(self._desk.queue)

    async def ticket(self, ticket_id: str) -> Ticket:
        """Raises TicketUnknown."""
        return await self._database.read(lambda tx: self._desk.get(tx, ticket_id))

    async def accept(self, ticket_id: str, operator: Operator) -> Ticket:
        """Claims the ticket and tells the customer who has joined.

        Raises AlreadyClaimed with the winner's name, AlreadyOffered, OverCap, TicketClosed, TicketUnknown.
        """

        def work(tx: Connection) -> Change:
            ticket, new = self._desk.claim(tx, ticket_id, Assignee(operator.id, operator.name))
            conversation = self._store.get(tx, ticket.conversation_id)
            if new:
                self._joined(tx, conversation, operator)
            return Change(conversation, ticket, new=new, moved=True)

        return the_ticket(await self.done(work))

    async def take(self, conversation_id: str, operator: Operator) -> Ticket:
        """The operator steps into a conversation, most often one the bot holds; its answer in the making is dropped.

        Raises NotFound, OverCap, and AlreadyClaimed when a colleague holds it.
        """

        def work(tx: Connection) -> Change:
            conversation, assignee = self._store.get(tx, conversation_id), Assignee(operator.id, operator.name)
            held = self._desk.holding(tx, conversation_id)
            if held is not None:
                ticket, new = self._desk.claim(tx, held.id, assignee)
            else:
                rows = self._store.episode(tx, conversation_id)
                request = self._request(tx, conversation, Reason.TAKEN, rows, {})
                ticket, new = self._desk.take(tx, request, assignee), True
            if new:
                self._joined(tx, conversation, operator)
            return Change(conversation, ticket, new=new, moved=True, opened=held is None)

        return the_ticket(await self.done(work))

    async def say(self, ticket_id: str, operator: Operator, cid: str, text: str, goes: Enclosed = NOTHING) -> Receipt:
        """The operator's words to the customer. Raises NotYourTicket, TicketClosed, TicketUnknown, BadRequest."""
        if not text.strip() and not goes.files:
            raise BadRequest("The message is empty. Write something first.", "text_empty")
        if len(text) > ANSWER_LIMIT:
            raise BadRequest(f"The message is longer than {ANSWER_LIMIT} characters. Please split it.", "text_too_long")

        def work(tx: Connection) -> Change:
            # A repeated send is answered even when the ticket has been closed meanwhile: it was said.
            ticket = self._desk.get(tx, ticket_id)
            conversation = self._store.get(tx, ticket.conversation_id)
            stored = self._store.by_cid(tx, conversation.id, cid)
            if stored is not None:
                return Change(conversation, ticket, stored, new=False)
            self._desk.held_by(tx, ticket_id, operator.id)
            attached, source = self.attached(tx, conversation, goes.files), self._source(tx, conversation, goes.article)
            draft = Draft(cid, Author.OPERATOR, text, author_name=operator.name, files=attached, source=source)
            message, new = self.append(tx, conversation, draft)
            self.lessons.replied(tx, conversation, message, operator)
            return Change(conversation, self._desk.get(tx, ticket_id), message, new)

        return receipt(await self.done(work))

    def _source(self, tx: Connection, conversation: Conversation, article_id: str) -> Source | None:
        """What a reply was taken from; None for an article that was withdrawn while it was being written."""
        article = self._articles.published_one(tx, article_id, conversation.lang) if article_id else None
        return None if article is None else Source(article.id, article.title, f"/help/{article.lang}/{article.id}")

    def _joined(self, tx: Connection, conversation: Conversation, operator: Operator) -> None:
        self.announce(tx, conversation, Kind.JOINED, texts.JOINED[conversation.lang].format(name=operator.name))

    def _request(
        self,
        tx: Connection,
        conversation: Conversation,
        reason: Reason,
        rows: Sequence[Message],
        known: dict[str, Any] | None,
    ) -> Request:
        said = [row for row in rows if row.author is Author.CUSTOMER and row.kind in (Kind.TEXT, Kind.EDIT)]
        if known is None:
            said = said[:-1] or said  # the last line is the pressed control; the subject is what was asked before
        subject = said[-1].text if said else ""
        mood = self.mood(tx, conversation, subject, [row for row in rows if said and row.seq < said[-1].seq])
        if reason is Reason.FRUSTRATION:
            mood = worse(mood, Mood.ANNOYED)
        customer = self._customers.of(tx, conversation.id)
        tried = compose.tried([row.evidence or {} for row in rows] + [known or {}])
        topic = self.topic(tx, tried, conversation.lang)
        return Request(
            conversation_id=conversation.id,
            reason=reason,
            lang=conversation.lang,
            channel=conversation.channel.value,
            subject=subject[:SUBJECT],
            topic=topic,
            customer_name=conversation.customer_name,
            mood=mood,
            vip=customer is not None and customer.vip,
            tags=(*kinds_of(subject, mood), *([REPEAT] if self.asks_again(tx, conversation.id, topic) else [])),
            summary={"tried": tried, "fields": self._store.fields(tx, conversation.id)},
        )

    def asks_again(self, tx: Connection, conversation_id: str, topic: str) -> bool:
        """Whether this customer asked about the topic in an earlier visit of the last seven days."""
        now = self._now()
        return bool(topic) and self._asked.asked_before(tx, conversation_id, topic, now - AGAIN, now - VISIT)

    def topic(self, tx: Connection, tried: list[dict[str, Any]], lang: str) -> str:
        """The category of the article that came nearest; groups answer for categories."""
        return self._articles.category(tx, tried[0]["article"], lang) if tried else ""
