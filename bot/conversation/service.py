"""Everything a channel may do with a conversation on the customer's behalf, on top of the operators' use cases."""

from dataclasses import replace
from uuid import uuid4

from sqlalchemy import Connection

from bot.conversation import texts
from bot.conversation.deliveries import Deliveries
from bot.conversation.handover import Handover
from bot.conversation.language import supported, written_in
from bot.conversation.model import (
    TEXT_LIMIT,
    Act,
    Author,
    Button,
    Channel,
    Conversation,
    Draft,
    Incoming,
    Kind,
    Message,
    Receipt,
)
from bot.conversation.ports import Dialogue, Knowledge
from bot.conversation.transcript import Parts
from bot.conversation.turns import Turns
from bot.errors import BadRequest
from handoff.model import Outcome, Reason, Ticket


class Conversations(Handover):
    """The customer's side. Every method that stores something acknowledges only after the commit."""

    def __init__(self, parts: Parts, knowledge: Knowledge, dialogue: Dialogue) -> None:
        super().__init__(parts)
        self._turns = Turns(parts, self, knowledge, dialogue)
        self.deliveries = Deliveries(parts)

    def greeting(self, lang: str) -> str:
        return texts.GREETING[lang]

    def suggestions(self, lang: str) -> list[str]:
        return texts.SUGGESTIONS[lang]

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
        if not text:
            raise BadRequest("The message is empty. Write something first.", "text_empty")
        if len(text) > TEXT_LIMIT:
            raise BadRequest(
                f"The message is longer than {TEXT_LIMIT} characters. Please shorten it or send it in parts.",
                "text_too_long",
            )
        kind = Kind.EDIT if incoming.edits else Kind.TEXT
        draft = Draft(incoming.cid, Author.CUSTOMER, text, kind=kind)
        return await self._stored(conversation_id, draft, press=None)

    async def ask_person(self, conversation_id: str, cid: str) -> Receipt:
        """Hands over at once, without asking the dialogue engine anything."""

        def work(tx: Connection) -> tuple[Message, bool, Conversation, Ticket | None]:
            conversation = self._store.get(tx, conversation_id)
            draft = Draft(cid, Author.CUSTOMER, texts.PERSON[conversation.lang])
            message, new = self.append(tx, conversation, draft)
            ticket = None
            if new and self._desk.holding(tx, conversation_id) is None:
                ticket = self.hand_over(tx, conversation, Reason.ASKED, f"{cid}:handoff")
            return message, new, conversation, ticket

        message, new, conversation, ticket = await self._database.write(work)
        if ticket is not None:
            self._listener.ticket_opened(ticket.reason.value, conversation.channel)
        if new:
            self._listener.message_stored(Author.CUSTOMER, conversation.channel)
            await self.ring(conversation, ticket=ticket)
        return Receipt(cid, message.seq, not new)

    async def note(self, conversation_id: str, cid: str, text: str) -> Receipt:
        """Something the customer sent that cannot be read (a photo, a place): a row for the operator, no bot turn."""

        def work(tx: Connection) -> tuple[Message, bool, Conversation]:
            conversation = self._store.get(tx, conversation_id)
            return *self.append(tx, conversation, Draft(cid, Author.CUSTOMER, text[:TEXT_LIMIT])), conversation

        message, new, conversation = await self._database.write(work)
        if new:
            self._listener.message_stored(Author.CUSTOMER, conversation.channel)
            await self.ring(conversation)
        return Receipt(cid, message.seq, not new)

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
        match button.act:
            case Act.PERSON:
                return await self.ask_person(conversation_id, cid)
            case Act.BOT:
                return await self._withdraw(conversation_id, cid, button.title)
            case Act.RATE:
                return await self._rate(conversation_id, cid, button)
        # A choice without an intent is plain words: the bot gets them as if they had been typed.
        press = {"payload": button.value} if button.value else None
        if button.act is Act.ARTICLE:
            press = {"payload": "/choose_article", "article": button.value}
        return await self._stored(conversation_id, Draft(cid, Author.CUSTOMER, button.title), press)

    async def _stored(self, conversation_id: str, draft: Draft, press: dict[str, str] | None) -> Receipt:
        def work(tx: Connection) -> tuple[Message, bool, Conversation, Ticket | None]:
            conversation = self._store.get(tx, conversation_id)
            lang = conversation.lang if press else written_in(draft.text, conversation.lang)
            message, new = self.append(tx, conversation, draft)
            ticket = self._desk.holding(tx, conversation_id)
            if new and lang != conversation.lang:
                self._store.change(tx, conversation_id, lang=lang)
            if new and ticket is None:
                self._store.owe(tx, message, press)
            return message, new, replace(conversation, lang=lang), ticket

        message, new, conversation, ticket = await self._database.write(work)
        if new:
            self._listener.message_stored(Author.CUSTOMER, conversation.channel)
            await self.ring(conversation)
            if ticket is None:
                self._turns.wake(conversation_id)
        return Receipt(draft.cid, message.seq, not new)

    async def _withdraw(self, conversation_id: str, cid: str, title: str) -> Receipt:
        """The customer goes back to the bot while nobody has claimed the ticket yet."""

        def work(tx: Connection) -> tuple[Message, bool, Conversation, Ticket | None]:
            conversation = self._store.get(tx, conversation_id)
            message, new = self.append(tx, conversation, Draft(cid, Author.CUSTOMER, title))
            ticket = self._desk.holding(tx, conversation_id)
            if new and ticket is None:
                self._announce(tx, conversation, Kind.TEXT, texts.HERE[conversation.lang])
            if not new or ticket is None or ticket.assignee is not None:
                return message, new, conversation, None
            closed = self._desk.close(tx, ticket.id, Outcome.WITHDRAWN)
            text = texts.RETURNED[conversation.lang].format(number=ticket.number)
            self._announce(tx, conversation, Kind.RETURNED, text)
            self._store.start_epoch(tx, conversation_id)
            return message, new, conversation, closed

        message, new, conversation, closed = await self._database.write(work)
        if closed is not None:
            self._listener.ticket_closed(Outcome.WITHDRAWN.value)
            await self._moved(closed, conversation)
        elif new:
            await self.ring(conversation)
        return Receipt(cid, message.seq, not new)

    async def _rate(self, conversation_id: str, cid: str, button: Button) -> Receipt:
        def work(tx: Connection) -> tuple[Message, bool, Conversation, Ticket | None]:
            conversation = self._store.get(tx, conversation_id)
            stored = self._store.by_cid(tx, conversation_id, cid)
            if stored is not None:
                return stored, False, conversation, None
            score, _, ticket_id = button.value.partition(" ")
            ticket = self._desk.rate(tx, ticket_id, int(score))
            message, new = self.append(tx, conversation, Draft(cid, Author.CUSTOMER, button.title, kind=Kind.RATING))
            self._announce(tx, conversation, Kind.TEXT, texts.RATING_THANKS[conversation.lang])
            return message, new, conversation, ticket

        message, new, conversation, ticket = await self._database.write(work)
        if new:
            await self.ring(conversation, ticket=ticket)
        return Receipt(cid, message.seq, not new)
