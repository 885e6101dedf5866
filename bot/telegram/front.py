"""Receives a Telegram customer on behalf of every kind of update: their conversation, their acts, our own sentences."""

from aiogram.types import KeyboardButton, ReplyKeyboardMarkup, User

from bot.conversation.model import Channel, Conversation, Holder, Incoming, Mark
from bot.conversation.service import Conversations
from bot.errors import BadRequest, BotError, NotFound
from bot.telegram.courier import Courier, Markup, inline
from bot.telegram.letter import Key, sentence
from bot.telegram.pace import Allowance
from bot.telegram.phrases import LANGUAGES, profile_language, refusal, words
from bot.telegram.render import PERSON_DATA
from bot.telegram.typewriter import Typewriter
from handoff.errors import HandoffError

SUGGESTION = "ask:"
LANGUAGE = "lang:"
"""How the data of our own inline buttons begin; a row's buttons begin with its number."""

SCOLD_EVERY = 30.0


RECENT = 60
"""Rows looked through for the message that an edit belongs to; customers edit what they have just written."""


class Front:
    """`burst`: messages a chat may send at once; after that one a second."""

    def __init__(self, conversations: Conversations, courier: Courier, typewriter: Typewriter, burst: int) -> None:
        self._conversations, self._courier, self._typewriter = conversations, courier, typewriter
        self._allowance, self._scoldings = Allowance(burst), Allowance(1, SCOLD_EVERY)

    async def meet(self, chat_id: int, user: User | None, page: dict[str, str] | None = None) -> Conversation:
        """The conversation of a private chat; made at the first contact, in the language of the customer's profile."""
        conversation = await self._conversations.open(
            f"tg-{chat_id}",
            Channel.TELEGRAM,
            profile_language(user.language_code if user else None),
            address=str(chat_id),
            customer_name=user.full_name if user else "",
            page=page,
        )
        self._typewriter.watch(conversation)
        return conversation

    def allows(self, conversation: Conversation) -> bool:
        """Whether the chat keeps to its allowance; if not it is told so, now and then."""
        if self._allowance.take(conversation.address):
            return True
        if self._scoldings.take(conversation.address):
            self.say(conversation, words(conversation.lang).too_fast)
        return False

    async def receive(self, conversation: Conversation, incoming: Incoming) -> str | None:
        """None once it is stored, else the sentence that says why not. Raises Unavailable: try again later."""
        try:
            await self._conversations.receive(conversation.id, incoming)
        except (BotError, HandoffError) as error:
            if error.status >= 500:
                raise
            return refusal(conversation.lang, error.code)
        return None

    async def mark(self, conversation: Conversation, seq: int, mark: Mark | None) -> str | None:
        """None once the thumb on an answer is stored, else the sentence that says why not. An answer that did not help
        is followed by the way to a person, unless there is one already."""
        said = words(conversation.lang)
        try:
            changed = await self._conversations.lessons.mark(conversation.id, seq, mark)
        except (BadRequest, NotFound) as error:
            return refusal(conversation.lang, error.code)
        if changed and mark is Mark.DOWN and await self.held(conversation) is None:
            self.say(conversation, said.sorry, inline(((Key(said.person, PERSON_DATA),),)))
        return None

    async def call_person(self, conversation: Conversation, cid: str) -> str | None:
        """Hands over. The sentence to say when a person has been called before, else None: the handover speaks."""
        state = await self._conversations.state(conversation.id)
        receipt = await self._conversations.ask_person(conversation.id, cid)
        with_person = state.holder is Holder.OPERATOR and not receipt.repeated
        return words(conversation.lang).with_person if with_person else None

    async def held(self, conversation: Conversation) -> str | None:
        """What to say to a customer whose conversation is a person's, or about to be."""
        said, state = words(conversation.lang), await self._conversations.state(conversation.id)
        waiting = f"{said.in_queue} {state.text}".strip()
        return {Holder.QUEUE: waiting, Holder.OPERATOR: said.with_person}.get(state.holder)

    async def status(self, conversation: Conversation) -> str:
        """Who answers now, or the place in the queue and what is known about the time."""
        said, state = words(conversation.lang), await self._conversations.state(conversation.id)
        if state.holder is Holder.OPERATOR:
            return said.with_named.format(name=state.operator)
        return (state.text or said.in_queue) if state.holder is Holder.QUEUE else said.with_bot

    async def note(self, conversation: Conversation, cid: str, text: str, files: tuple[str, ...] = ()) -> None:
        """Tells the operator about something that could not be read; the bot does not answer it."""
        await self._conversations.note(conversation.id, cid, text, files)

    async def last_words(self, conversation: Conversation, cid: str) -> str | None:
        """What this message or its latest edit said; None when it is not among the recent rows."""
        rows = await self._conversations.history(conversation.id, max(0, conversation.last_seq - RECENT), RECENT)
        mine = (row.text for row in reversed(rows) if row.cid == cid or row.cid.startswith(f"{cid}-e"))
        return next(mine, None)

    async def speak(self, conversation: Conversation, lang: str) -> None:
        """Changes the language and says so in the new one."""
        await self._conversations.set_lang(conversation.id, lang)
        self.say(conversation, words(lang).language_set, person_keyboard(lang))

    def offer_languages(self, conversation: Conversation) -> None:
        keys = tuple((Key(name, LANGUAGE + lang),) for lang, name in LANGUAGES.items())
        self.say(conversation, words(conversation.lang).language_ask, inline(keys))

    async def greet(self, conversation: Conversation) -> None:
        """Who we are and the common questions; to somebody who waits for a person, only that."""
        keyboard = person_keyboard(conversation.lang)
        if said := await self.held(conversation):
            self.say(conversation, said, keyboard)
            return
        self.say(conversation, await self._conversations.greeting(conversation.lang), keyboard)
        suggestions = self._conversations.suggestions(conversation.lang)
        keys = tuple((Key(title, f"{SUGGESTION}{number}"),) for number, title in enumerate(suggestions))
        if keys:
            self.say(conversation, words(conversation.lang).choose, inline(keys))

    def say(self, conversation: Conversation, text: str, markup: Markup | None = None) -> None:
        """A sentence of the room itself: sent by and by, not a row of the transcript."""
        self._courier.reply(conversation.address, sentence(text), markup)


def person_keyboard(lang: str) -> ReplyKeyboardMarkup:
    """The permanent way to a person, under the input field."""
    said = words(lang)
    return ReplyKeyboardMarkup(
        keyboard=[[KeyboardButton(text=said.person)]],
        resize_keyboard=True,
        is_persistent=True,
        input_field_placeholder=said.placeholder,
    )
