"""The customer's socket: hello, then everything they do, acknowledged after its commit; `feed` tells them the rest."""

import asyncio

import structlog
from sanic import Websocket

from bot.bus.model import Subscription
from bot.conversation.model import Author, Channel, Conversation, Incoming, Mark
from bot.errors import BadRequest, NotFound, TooManyRequests
from bot.web import failures, frames, guard, schemas
from bot.web.door import Door, Request
from bot.web.feed import Feed
from bot.web.limits import Limiter, Rate
from bot.web.line import ABUSE, TRY_LATER, Gone, Line

TYPING = Rate(0.5, 4)
"""The widget tells at every pause of 0.6 s; a dropped last one would leave half a word on the operator's screen."""

log = structlog.get_logger()

Acting = schemas.SendMessage | schemas.PressButton | schemas.AskPerson | schemas.MarkAnswer


async def widget_socket(request: Request, socket: Websocket) -> None:
    """Serves one widget until it leaves."""
    door, address = request.app.ctx, guard.address(request)
    with door.sockets.hold(address) as free:
        async with door.line(socket, "widget") as line:
            if not free:
                await line.send(_error(TooManyRequests("Too many connections.", 60, "too_many_sockets"), "ru"))
                line.fail(TRY_LATER, "too many sockets")
                return
            async with door.services.bus.subscribe() as rings:
                await Widget(door, line, rings, address).serve()


class Widget:
    """The incoming half of one widget."""

    def __init__(self, door: Door, line: Line, rings: Subscription, address: str) -> None:
        self._door = door
        self._conversations = door.services.conversations
        self._line = line
        self._feed = Feed(door, line, rings)
        self._address = address
        self._frames = Limiter(door.options.limits.frames)
        self._nonsense = Limiter(door.options.limits.nonsense)
        self._typing = Limiter(TYPING)
        self._visitor = ""
        self._lang: schemas.Lang = "ru"
        self._page: dict[str, str] = {}

    async def serve(self) -> None:
        """Reads frames until the socket closes. Raises Gone."""
        self._line.work(self._expect_hello())
        while True:
            raw = await self._line.receive()
            if self._frames.take():
                self._suffer()
                continue
            try:
                frame = frames.read(raw, frames.WIDGET)
            except frames.OldProtocol:
                await self._line.send(schemas.Reload(type="reload"))
            except frames.Unreadable as error:
                self._suffer()
                await self._complain(error, error.cid)
            else:
                await self._take(frame)

    async def _take(self, frame: schemas.WidgetFrame) -> None:
        match frame:
            case schemas.Ping():
                await self._line.send(schemas.Pong(type="pong"))
            case schemas.Hello() if not self._visitor:
                await self._greet(frame)
            case schemas.Hello():
                await self._complain(BadRequest("Hello has been said already.", "hello_again"))
            case _ if not self._visitor:
                self._suffer()
                await self._complain(BadRequest("Say hello first.", "hello_first"), getattr(frame, "cid", ""))
            case schemas.Typing() | schemas.Read():
                if self._feed.conversation is not None:
                    await self._signal(self._feed.conversation.id, frame)
            case schemas.SetLang():
                await self._speak(frame.lang)
            case _:
                await self._act(frame)

    async def _signal(self, conversation_id: str, frame: schemas.Typing | schemas.Read) -> None:
        """What is no part of the talk itself: a key pressed, a line seen."""
        if isinstance(frame, schemas.Read):
            await self._conversations.reached(conversation_id, frame.seq, read=True)
        elif not self._typing.take():
            text = frames.storable(frame.text)
            await self._conversations.typing(conversation_id, Author.CUSTOMER, text=text)

    async def _greet(self, hello: schemas.Hello) -> None:
        """A token proves who the visitor is; whoever has none, or an invented one, becomes a new visitor."""
        accounts = self._door.services.accounts
        self._lang = hello.lang
        self._page = {"url": frames.storable(hello.page_url), "title": frames.storable(hello.page_title)}
        token, visitor = None, accounts.visitor(hello.token) if hello.token else None
        if visitor is None:
            wait = self._door.visitors.take(self._address)
            if wait:
                await self._complain(TooManyRequests("Too many new chats.", round(wait) + 1, "too_many_visitors"))
                self._line.fail(TRY_LATER, "too many visitors")
                raise Gone
            visitor, token = accounts.new_visitor()
        self._visitor = visitor
        last_seq, reset = await self._feed.listen(visitor, hello.after)
        await self._line.send(await self._welcome(token, last_seq, reset))
        self._line.work(self._feed.follow())

    async def _welcome(self, token: str | None, last_seq: int, reset: bool) -> schemas.Welcome:
        return schemas.Welcome(
            type="welcome",
            v=schemas.PROTOCOL,
            token=token,
            conversation=self._feed.conversation.id if self._feed.conversation else "",
            lang=self._lang,
            last_seq=last_seq,
            reset=reset,
            greeting=await self._conversations.greeting(self._lang),
            suggestions=self._conversations.suggestions(self._lang),
        )

    async def _speak(self, lang: schemas.Lang) -> None:
        """Answers with a fresh welcome: greeting and suggestions are shown in the language just chosen."""
        self._lang, last_seq = lang, 0
        if self._feed.conversation is not None:
            await self._conversations.set_lang(self._feed.conversation.id, lang)
            self._feed.conversation = await self._conversations.get(self._feed.conversation.id)
            last_seq = self._feed.conversation.last_seq
        await self._line.send(await self._welcome(None, last_seq, reset=False))

    async def _act(self, frame: Acting) -> None:
        """Stores what the customer did; a socket cut meanwhile does not stop what has begun."""
        try:
            self._door.messages.check(self._visitor, "You are writing very fast.", "too_many_messages")
            seq = await self._door.finish(self._store(frame))
        except Exception as error:
            if failures.unexpected(error):
                log.error("message not stored", exc_info=error)
            await self._complain(error, frame.cid)
        else:
            await self._line.send(schemas.Ack(type="ack", cid=frame.cid, seq=seq))

    async def _store(self, frame: Acting) -> int:
        """The number of the row it is about."""
        match frame:
            case schemas.SendMessage():
                incoming = Incoming(frame.cid, text=frames.storable(frame.text), files=tuple(frame.files))
                return (await self._conversations.receive((await self._opened()).id, incoming)).seq
            case schemas.PressButton():
                if self._feed.conversation is None:
                    raise BadRequest("This button is no longer there.", "button_unknown")
                pressed = Incoming(frame.cid, button_seq=frame.seq, button=frame.button)
                return (await self._conversations.receive(self._feed.conversation.id, pressed)).seq
            case schemas.AskPerson():
                return (await self._conversations.ask_person((await self._opened()).id, frame.cid)).seq
            case schemas.MarkAnswer():
                return await self._mark(frame)

    async def _mark(self, frame: schemas.MarkAnswer) -> int:
        if self._feed.conversation is None:
            raise NotFound("There is no such message.", "message_unknown")
        mark = None if frame.mark == "none" else frame.mark
        await self._conversations.lessons.mark(self._feed.conversation.id, frame.seq, mark and Mark(mark))
        # Before the acknowledgement, so that the thumb does not jump back while the bus rings.
        await self._line.send(schemas.Marked(type="marked", seq=frame.seq, mark=mark))
        return frame.seq

    async def _opened(self) -> Conversation:
        """The conversation, made with the visitor's first words and not before."""
        if self._feed.conversation is None:
            opened = await self._conversations.open(self._visitor, Channel.WIDGET, self._lang, page=self._page)
            self._feed.attach(opened)
            await self._feed.announce()
            return opened
        return self._feed.conversation

    async def _complain(self, error: Exception, cid: str = "") -> None:
        if not cid:
            await self._line.send(_error(error, self._lang))
            return
        view = failures.describe(error, self._lang)
        await self._line.send(
            schemas.Refused(type="refused", cid=cid, code=view.code, text=view.text, retry_after=view.retry_after)
        )

    def _suffer(self) -> None:
        """Nonsense is forgiven twenty times; then the socket is closed."""
        if self._nonsense.take():
            self._line.fail(ABUSE, "too much nonsense")
            raise Gone

    async def _expect_hello(self) -> None:
        await asyncio.sleep(self._door.options.timings.hello)
        if not self._visitor:
            self._line.fail(ABUSE, "no hello")


def _error(error: Exception, lang: str) -> schemas.ErrorFrame:
    view = failures.describe(error, lang)
    return schemas.ErrorFrame(type="error", code=view.code, text=view.text)
