"""One handler for every kind of message a customer can send; each stores what must be kept before it returns.

`fresh` is False for an update that has come in before. It may have been cut off by a crash then, so what is stored
is stored again, which its cid makes harmless; what would only be said twice is left out.
"""

from collections import OrderedDict

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import Message

from bot.conversation.model import Conversation, Incoming
from bot.errors import BadRequest, TooLarge
from bot.telegram.attachments import Attachments
from bot.telegram.colleagues import CODE, Colleagues
from bot.telegram.courier import inline
from bot.telegram.front import Front, person_keyboard
from bot.telegram.letter import Key
from bot.telegram.notes import UNREADABLE, note
from bot.telegram.phrases import LANGUAGES, PERSON_TITLES, refusal, words
from bot.telegram.render import PERSON_DATA

ALBUMS_REMEMBERED = 500


def message_id(message: Message) -> str:
    """The cid of a message; an edited one is another row."""
    edited = f"-e{message.edit_date}" if message.edit_date else ""
    return f"{_original(message)}{edited}"


def _original(message: Message) -> str:
    return f"tg-{message.chat.id}-{message.message_id}"


class Updates:
    """Handlers for messages and their edits."""

    def __init__(self, front: Front, attachments: Attachments, colleagues: Colleagues) -> None:
        self._front, self._attachments, self._colleagues = front, attachments, colleagues
        self._albums: OrderedDict[str, None] = OrderedDict()

    def router(self) -> Router:
        """Commands first: everything else that begins with a slash is a customer's words."""
        router = Router(name="messages")
        router.message.filter(F.chat.type == ChatType.PRIVATE)
        router.edited_message.filter(F.chat.type == ChatType.PRIVATE)
        router.message.register(self.start, CommandStart(ignore_mention=True))
        router.message.register(self.help, Command("help", ignore_mention=True))
        router.message.register(self.status, Command("status", ignore_mention=True))
        router.message.register(self.lang, Command("lang", ignore_mention=True))
        router.message.register(self.person, Command("person", ignore_mention=True))
        router.message.register(self.person, F.text.in_(PERSON_TITLES))
        router.message.register(self.text, F.text)
        # An animation comes with a document of its own and is none for people.
        router.message.register(self.file, F.photo | (F.document & ~F.animation))
        router.message.register(self.unreadable, F.content_type.in_(UNREADABLE))
        router.edited_message.register(self.edited, F.text | F.caption)
        return router

    async def start(self, message: Message, command: CommandObject, fresh: bool) -> None:
        payload = command.args or ""
        if payload.startswith(CODE):
            await self._tie(message, payload, fresh)
            return
        page = {"start": payload} if payload else None
        conversation = await self._front.meet(message.chat.id, message.from_user, page)
        if fresh:
            await self._front.greet(conversation)

    async def status(self, message: Message, fresh: bool) -> None:
        conversation = await self._meet(message)
        if fresh:
            self._front.say(conversation, await self._front.status(conversation))

    async def help(self, message: Message, fresh: bool) -> None:
        conversation = await self._meet(message)
        if fresh:
            self._front.say(conversation, words(conversation.lang).help, person_keyboard(conversation.lang))

    async def lang(self, message: Message, command: CommandObject, fresh: bool) -> None:
        conversation = await self._meet(message)
        asked = (command.args or "").strip().lower()
        if not fresh:
            return
        if asked in LANGUAGES:
            await self._front.speak(conversation, asked)
        else:
            self._front.offer_languages(conversation)

    async def person(self, message: Message, fresh: bool) -> None:
        conversation = await self._meet(message)
        said = await self._front.call_person(conversation, message_id(message))
        if said and fresh:
            self._front.say(conversation, said)

    async def text(self, message: Message, fresh: bool) -> None:
        conversation = await self._meet(message)
        if fresh and not self._front.allows(conversation):
            return
        await self._receive(conversation, Incoming(message_id(message), message.text or ""), fresh)

    async def edited(self, message: Message, fresh: bool) -> None:
        """Telegram reports an edit also when only a link's preview has changed: the same words are not said twice."""
        conversation = await self._meet(message)
        said = (message.text or message.caption or "").strip()
        if fresh and await self._front.last_words(conversation, _original(message)) == said:
            return
        if fresh and not self._front.allows(conversation):
            return
        await self._receive(conversation, Incoming(message_id(message), said, edits=True), fresh)

    async def file(self, message: Message, fresh: bool) -> None:
        """A picture or document with whatever words came with it; of an album, each is a row of its own."""
        conversation, cid = await self._meet(message), message_id(message)
        if fresh and not self._front.allows(conversation):
            return
        if not fresh and await self._front.last_words(conversation, cid) is not None:
            return
        try:
            files = (await self._attachments.keep(conversation, message),)
        except (TooLarge, BadRequest) as error:
            await self._front.note(conversation, cid, note(message))
            self._front.say(conversation, refusal(conversation.lang, error.code))
            return
        if self._answered_album(message.media_group_id) and not message.caption:
            await self._front.note(conversation, cid, "", files)
        else:
            await self._receive(conversation, Incoming(cid, message.caption or "", files=files), fresh)

    async def unreadable(self, message: Message, fresh: bool) -> None:
        conversation = await self._meet(message)
        if fresh and not self._front.allows(conversation):
            return
        await self._front.note(conversation, message_id(message), note(message))
        if not fresh or self._answered_album(message.media_group_id):
            return
        said = words(conversation.lang)
        if await self._front.held(conversation):
            self._front.say(conversation, said.only_text_for_person)
        else:
            self._front.say(conversation, said.only_text, inline(((Key(said.person, PERSON_DATA),),)))

    async def _receive(self, conversation: Conversation, incoming: Incoming, fresh: bool) -> None:
        refused = await self._front.receive(conversation, incoming)
        if refused and fresh:
            self._front.say(conversation, refused)

    async def _tie(self, message: Message, payload: str, fresh: bool) -> None:
        """A code works once, so a repeated update must not be told that it is stale."""
        conversation = await self._meet(message)
        if fresh:
            self._front.say(conversation, await self._colleagues.tie(conversation, payload))

    async def _meet(self, message: Message) -> Conversation:
        return await self._front.meet(message.chat.id, message.from_user)

    def _answered_album(self, album: str | None) -> bool:
        """The pictures of an album are separate updates; one sentence is enough for all."""
        if album is None:
            return False
        known = album in self._albums
        self._albums[album] = None
        if len(self._albums) > ALBUMS_REMEMBERED:
            self._albums.popitem(last=False)
        return known
