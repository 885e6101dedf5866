"""Everything a channel may do with a conversation on the customer's behalf, on top of the operators' use cases."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from bot.accounts.model import Operator
from bot.conversation import compose, texts
from bot.conversation.board import Board
from bot.conversation.card import Card
from bot.conversation.cards import Cards
from bot.conversation.deliveries import Deliveries
from bot.conversation.inbox import Inbox
from bot.conversation.incidents import Incidents
from bot.conversation.language import supported, written_in
from bot.conversation.model import (
    TEXT_LIMIT,
    Act,
    Author,
    Button,
    Channel,
    Conversation,
    Draft,
    Holder,
    Incoming,
    Kind,
    Message,
    Receipt,
)
from bot.conversation.note_store import Note
from bot.conversation.notebook import Notebook
from bot.conversation.parts import Parts
from bot.conversation.playbooks import Playbooks
from bot.conversation.ports import Dialogue, Knowledge
from bot.conversation.sweeps import Sweeps
from bot.conversation.transcript import Change, receipt
from bot.conversation.turns import Turns
from bot.conversation.waiting import State, Waiting
from bot.errors import BadRequest
from handoff.model import Assignee, Mood, Reason, Ticket, Wish


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a conversation for operators only."""

    card: Card
    notes: list[Note]


class Conversations(Waiting):
    """The customer's side. Every method that stores something acknowledges only after the commit."""

    def __init__(self, parts: Parts, knowledge: Knowledge, dialogue: Dialogue) -> None:
        super().__init__(parts)
        self.deliveries, self.sweeps, self.board = Deliveries(parts), Sweeps(parts), Board(parts)
        self.inbox, self.notebook, self.cards = Inbox(parts), Notebook(parts), Cards(parts)
        self.incidents, self.playbooks = Incidents(parts, self.audit), Playbooks(parts, self.audit)
        self._turns = Turns(parts, self, knowledge, dialogue, self.incidents)

    async def greeting(self, lang: str) -> str:
        """The first words to everybody; a trouble that is known is named before anybody has to ask."""
        return "\n\n".join(filter(None, (texts.GREETING[lang], await self.incidents.banner(lang))))

    async def state(self, conversation_id: str) -> State:
        """As `Waiting` says; while the bot holds the conversation, the known trouble of the day."""
        state = await super().state(conversation_id)
        if state.holder is not Holder.BOT:
            return state
        conversation = await self.get(conversation_id)
        return replace(state, text=await self.incidents.banner(conversation.lang))

    def suggestions(self, lang: str) -> list[str]:
        return texts.SUGGESTIONS[lang]

    def audit(self, tx: Connection, by: Operator, act: str, about: tuple[str, str], detail: dict[str, Any]) -> None:
        """A line of the audit log, in the transaction of the deed; `about`: kind and id of what was changed."""
        self._desk.audit(tx, Assignee(by.id, by.name), act, about, detail)

    async def beside(self, conversation_id: str) -> Beside:
        """The customer's card and the colleagues' notes. Raises NotFound."""

        def work(tx: Connection) -> Beside:
            return Beside(self.cards.card(tx, conversation_id), self.notebook.of(tx, conversation_id))

        return await self._database.read(work)

    async def notes(self, conversation_id: str) -> list[Note]:
        """What colleagues noted, oldest first."""
        return await self._database.read(lambda tx: self.notebook.of(tx, conversation_id))

    def answer(self, conversation_id: str) -> None:
        self._turns.wake(conversation_id)

    async def find(self, visitor_id: str, channel: Channel) -> Conversation | None:
        """The visitor's conversation, if they have said anything yet."""
        return await self._database.read(lambda tx: self._store.of_visitor(tx, visitor_id, channel))

    async def open(
        self,
        visitor_id: str,
        channel: Channel,
        lang: str,
        *,
        address: str = "",
        customer_name: str = "",
        page: dict[str, str] | None = None,
    ) -> Conversation:
        """The visitor's one conversation in this channel; made when there is none."""
        fresh = Conversation(
            id=uuid4().hex,
            visitor_id=visitor_id,
            channel=channel,
            lang=supported(lang),
            epoch=1,
            last_seq=0,
            created_at=self._now(),
            address=address,
            customer_name=customer_name,
            page=page or {},
        )

        def work(tx: Connection) -> Conversation:
            known = self._store.of_visitor(tx, visitor_id, channel)
            if known is None:
                return self._store.add(tx, fresh)
            if page and page != known.page:
                self._store.change(tx, known.id, page=page)
                return replace(known, page=page)
            return known

        return await self._database.write(work)

    async def set_lang(self, conversation_id: str, lang: str) -> None:
        await self._database.write(lambda tx: self._store.change(tx, conversation_id, lang=supported(lang)))

    async def receive(self, conversation_id: str, incoming: Incoming) -> Receipt:
        """Stores what the customer typed or pressed; the bot's answer follows in the background.

        Raises BadRequest (text_empty, text_too_long, button_unknown), NotFound, HandoffError (already_rated).
        """
        if incoming.button is not None:
            return await self._press(conversation_id, incoming)
        text = incoming.text.strip()
        if not text and not incoming.files:
            raise BadRequest("The message is empty. Write something first.", "text_empty")
        if len(text) > TEXT_LIMIT:
            raise BadRequest(
                f"The message is longer than {TEXT_LIMIT} characters. Please shorten it or send it in parts.",
                "text_too_long",
            )
        kind = Kind.EDIT if incoming.edits else Kind.TEXT
        draft = Draft(incoming.cid, Author.CUSTOMER, text, kind=kind)
        return await self._stored(conversation_id, draft, None, incoming.files)

    async def ask_person(self, conversation_id: str, cid: str) -> Receipt:
        """Hands over at once, without asking the dialogue engine anything; to who was just helping, if they are there.
        Asked again in the queue, tells the place."""

        def work(tx: Connection) -> Change:
            conversation, held = self._store.get(tx, conversation_id), self._desk.holding(tx, conversation_id)
            message, new = self.append(tx, conversation, Draft(cid, Author.CUSTOMER, texts.PERSON[conversation.lang]))
            ticket = self._desk.holding(tx, conversation_id)
            if new and held is not None and ticket is not None and held.status is not ticket.status:
                called = self.woken(tx, conversation, held, ticket)
                return Change(conversation, ticket, message, moved=True, reminders=called)
            if new and ticket is None:
                moved = self.reopen(tx, conversation, message)
                moved = moved or self.hand_over(tx, conversation, Reason.ASKED, f"{cid}:handoff")
                return replace(moved, message=message)
            if new and ticket is not None and ticket.waits:
                self.still_waiting(tx, conversation, ticket, texts.ALREADY_WAITING)
            return Change(conversation, ticket, message, new)

        return receipt(await self.done(work))

    async def note(self, conversation_id: str, cid: str, text: str, files: Sequence[str] = ()) -> Receipt:
        """Something the customer sent that the bot cannot read (a photo, a place): a row for the operator, no bot turn.

        Raises BadRequest `file_unknown`.
        """

        def work(tx: Connection) -> Change:
            conversation = self._store.get(tx, conversation_id)
            held = self._desk.holding(tx, conversation_id)
            message, new = self._taken(tx, conversation, Draft(cid, Author.CUSTOMER, text[:TEXT_LIMIT]), files)
            ticket = self._desk.holding(tx, conversation_id)
            called = self.woken(tx, conversation, held, ticket) if new and held and ticket else ()
            return Change(conversation, ticket, message, new, moved=bool(called), reminders=called)

        return receipt(await self.done(work))

    async def run(self) -> None:
        """Answers, for ever, what a crash left unanswered; cancel it to stop."""
        try:
            await self._turns.run()
        finally:
            await self._turns.close()

    async def _press(self, conversation_id: str, incoming: Incoming) -> Receipt:
        def find(tx: Connection) -> Button:
            pressed = self._store.message(tx, conversation_id, incoming.button_seq or 0)
            for button in pressed.buttons:
                if button.id == incoming.button:
                    return button
            raise BadRequest("This button is no longer there. Please write instead.", "button_unknown")

        button, cid = await self._database.read(find), incoming.cid
        acts: dict[Act, Callable[[], Awaitable[Receipt]]] = {
            Act.PERSON: lambda: self.ask_person(conversation_id, cid),
            Act.BOT: lambda: self.withdraw(conversation_id, cid, button.title),
            Act.WAIT: lambda: self.stay(conversation_id, cid, button, Wish.WAIT),
            Act.WRITE: lambda: self.stay(conversation_id, cid, button, Wish.WRITE),
            Act.RATE: lambda: self.rate(conversation_id, cid, button),
            Act.RATE_REASON: lambda: self.rate_reason(conversation_id, cid, button),
            Act.SUBSCRIBE: lambda: self.incidents.press(conversation_id, cid, button),
        }
        if button.act in acts:
            return await acts[button.act]()
        # A choice without an intent is plain words: the bot gets them as if they had been typed.
        press = {"payload": button.value} if button.value else None
        if button.act is Act.ARTICLE:
            press = {"payload": "/choose_article", "article": button.value}
        draft = Draft(cid, Author.CUSTOMER, button.title, in_reply_to=incoming.button_seq)
        return await self._stored(conversation_id, draft, press)

    async def _stored(
        self, conversation_id: str, draft: Draft, press: dict[str, str] | None, files: Sequence[str] = ()
    ) -> Receipt:
        def work(tx: Connection) -> Change:
            conversation = self._store.get(tx, conversation_id)
            held = self.holding(tx, conversation)
            message, new = self._taken(tx, conversation, draft, files, asks=held is not None)
            if not new:
                return Change(conversation, held, message, new=False)
            self.lessons.pressed(tx, message)
            conversation = self._speaks(tx, conversation, draft, press)
            if held is None:
                change = self._for_the_bot(tx, conversation, message, press)
            else:
                change = self._for_a_person(tx, conversation, held, message, press)
            return replace(change, message=message)

        change = await self.done(work)
        if change.new and (change.ticket is None or change.ticket.waits):
            self._turns.wake(conversation_id, change.asked)
        return receipt(change)

    def _for_the_bot(
        self, tx: Connection, conversation: Conversation, message: Message, press: dict[str, str] | None
    ) -> Change:
        """Owes the customer a turn; who is angry gets a person at once instead."""
        rows = self._store.episode(tx, conversation.id)[:-1]
        if press is None and self.mood(tx, conversation, message.text, rows) is Mood.ANGRY:
            back = self.reopen(tx, conversation, message)
            return back or self.hand_over(tx, conversation, Reason.FRUSTRATION, f"{message.cid}:handoff", {})
        if not message.text:
            self.append(tx, conversation, compose.unseen_draft(uuid4().hex, conversation.lang), asks=False)
            return Change(conversation)
        self._store.owe(tx, message, press)
        return Change(conversation, asked=self._turns.following(tx, conversation, message, rows))

    def _for_a_person(
        self, tx: Connection, conversation: Conversation, held: Ticket, message: Message, press: dict[str, str] | None
    ) -> Change:
        """For whoever holds the ticket; while nobody works the bot goes on helping."""
        if press is None:
            self.feel(tx, conversation, held, message.text)
        ticket = self._desk.get(tx, held.id)
        only_contact = self.take_contact(tx, conversation, ticket, message)
        if message.text and not only_contact and self._desk.bot_helps(tx, ticket):
            self._store.owe(tx, message, press)
        reminders = self.woken(tx, conversation, held, ticket)
        after = self._desk.get(tx, held.id)
        moved = (after.status, after.priority) != (held.status, held.priority)
        return Change(conversation, after, moved=moved, reminders=reminders)

    def _taken(
        self, tx: Connection, conversation: Conversation, draft: Draft, files: Sequence[str], *, asks: bool = True
    ) -> tuple[Message, bool]:
        """Stores the row with its files; said again, the row stored first."""
        stored = self._store.by_cid(tx, conversation.id, draft.cid) if files else None
        if stored is not None:
            return stored, False
        taken = replace(draft, files=self.attached(tx, conversation, files)) if files else draft
        return self.append(tx, conversation, taken, asks=asks)

    def _speaks(
        self, tx: Connection, conversation: Conversation, draft: Draft, press: dict[str, str] | None
    ) -> Conversation:
        """The conversation in the language of the line just written; a pressed button says nothing about it."""
        lang = conversation.lang if press else written_in(draft.text, conversation.lang)
        if lang != conversation.lang:
            self._store.change(tx, conversation.id, lang=lang)
            if (held := self.holding(tx, conversation)) is not None:
                self._desk.describe(tx, held.id, lang=lang)
        return replace(conversation, lang=lang)
