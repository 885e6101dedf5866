"""The operator's socket, incoming half: hello, what to watch, typing, presence; `deskfeed` tells the rest."""

import asyncio

from sanic import Websocket

from bot.accounts.model import Operator, Permission
from bot.bus.model import DESK, agent_topic
from bot.conversation.model import Author
from bot.errors import BadRequest, Forbidden, NotFound
from bot.web import failures, frames, guard, schemas
from bot.web.deskfeed import DeskFeed
from bot.web.door import Door, Request
from bot.web.limits import Limiter, Rate
from bot.web.line import ABUSE, SIGNED_OUT, Gone, Line
from bot.web.login import session_topic
from handoff.model import Presence

TYPING = Rate(1, 2)
BEATS = Rate(14, 1)
"""A sign of life is written once in a quarter of a minute; the desk takes a minute without one for absence."""


async def desk_socket(request: Request, socket: Websocket) -> None:
    """Serves one desk until it leaves or its session ends; the handshake has been guarded already."""
    door, token = request.app.ctx, guard.session_token(request)
    operator: Operator = request.ctx.session.operator
    topics = (DESK, session_topic(token), agent_topic(operator.id))
    async with door.line(socket, "desk") as line, door.services.bus.subscribe(*topics) as rings:
        lang = failures.language(request)
        desk = Desk(door, line, DeskFeed(door, line, rings, operator, lang), operator, lang)
        line.work(desk.stay_signed_in(token))
        try:
            await desk.serve()
        finally:
            await door.finish(desk.leave())


class Desk:
    """One page of one operator."""

    def __init__(self, door: Door, line: Line, feed: DeskFeed, operator: Operator, lang: str) -> None:
        self._door = door
        self._conversations = door.services.conversations
        self._line = line
        self._feed = feed
        self._operator = operator
        self._answers = operator.may(Permission.ANSWER)
        self._lang = lang
        self._frames = Limiter(door.options.limits.frames)
        self._nonsense = Limiter(door.options.limits.nonsense)
        self._typing = Limiter(TYPING)
        self._beats = Limiter(BEATS)
        self._greeted = False

    async def serve(self) -> None:
        """Reads frames until the socket closes. Raises Gone."""
        while True:
            raw = await self._line.receive()
            try:
                if self._frames.take():
                    raise BadRequest("Too many frames.", "too_many_requests")
                await self._take(frames.read(raw, frames.DESK))
            except frames.OldProtocol:
                await self._line.send(schemas.Reload(type="reload"))
            except BadRequest as error:
                self._suffer()
                await self._complain(error)
            except (NotFound, Forbidden) as error:
                await self._complain(error)

    async def leave(self) -> None:
        """The page is gone: nobody looks through it any more, and perhaps its operator is away."""
        if not self._greeted:
            return
        await self._door.lookers.look(self, self._operator, "")
        if self._answers and self._door.lookers.went(self._operator):
            await self._conversations.board.leave(self._operator)

    async def stay_signed_in(self, token: str) -> None:
        """Closes the socket when its session has ended, however that came about."""
        while True:
            await asyncio.sleep(self._door.options.timings.session)
            session = await self._door.services.accounts.session(token, used=False)
            if session is None or session.operator.role is not self._operator.role:
                self._line.fail(SIGNED_OUT, "signed out")
                return

    async def _take(self, frame: schemas.DeskFrame) -> None:
        match frame:
            case schemas.Ping():
                await self._line.send(schemas.Pong(type="pong"))
            case schemas.DeskHello() if not self._greeted:
                await self._greet()
            case schemas.DeskHello():
                raise BadRequest("Hello has been said already.", "hello_again")
            case _ if not self._greeted:
                raise BadRequest("Say hello first.", "hello_first")
            case schemas.Watch() | schemas.Unwatch():
                await self._look(frame)
            case schemas.OperatorTyping():
                await self._types(frame)
            case _:
                await self._live(frame)

    async def _greet(self) -> None:
        self._greeted = True
        if self._answers:
            self._door.lookers.came(self._operator)
            await self._conversations.board.arrive(self._operator)
        await self._feed.welcome()
        self._line.work(self._feed.follow())
        self._line.work(self._feed.suggest())

    async def _look(self, frame: schemas.Watch | schemas.Unwatch) -> None:
        conversation, after = (frame.conversation, frame.after) if isinstance(frame, schemas.Watch) else ("", 0)
        await self._feed.watch(conversation, after)
        await self._door.lookers.look(self, self._operator, conversation)

    async def _types(self, frame: schemas.OperatorTyping) -> None:
        """Colleagues see it at once; the customer is told only of a reply, and only while the ticket is this one's."""
        if not frame.note and not self._feed.mine(frame.conversation):
            raise Forbidden("Claim this ticket first.", "not_your_ticket")
        if self._typing.take():
            return
        await self._door.lookers.types(self)
        if not frame.note:
            await self._conversations.typing(frame.conversation, Author.OPERATOR, self._operator.name)

    async def _live(self, frame: schemas.DeskFrame) -> None:
        board = self._conversations.board
        match frame:
            case schemas.Seen():
                await board.see(self._operator, frame.conversation, frame.seq)
            case schemas.SetPresence() if self._answers:
                await board.choose(self._operator, Presence(frame.presence))
            case schemas.Beat() if self._answers and not self._beats.take():
                await board.beat(self._operator)

    async def _complain(self, error: Exception) -> None:
        view = failures.describe(error, self._lang)
        await self._line.send(schemas.ErrorFrame(type="error", code=view.code, text=view.text))

    def _suffer(self) -> None:
        if self._nonsense.take():
            self._line.fail(ABUSE, "too much nonsense")
            raise Gone
