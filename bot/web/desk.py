"""The operator's socket: the queue as it changes, the watched conversation as it grows, typing both ways."""

import asyncio
from typing import Any

from sanic import Websocket

from bot.accounts.model import Operator, Permission
from bot.bus.model import DESK, LOST, Subscription, conversation_topic
from bot.conversation.model import Author
from bot.errors import BadRequest, Forbidden, NotFound
from bot.web import failures, frames, guard, schemas, views
from bot.web.door import Door, Request
from bot.web.limits import Limiter, Rate
from bot.web.line import ABUSE, SIGNED_OUT, Gone, Line
from bot.web.login import session_topic
from handoff.model import Ticket

PAGE = 100
TYPING = Rate(1, 2)


async def desk_socket(request: Request, socket: Websocket) -> None:
    """Serves one desk until it leaves or its session ends; the handshake has been guarded already."""
    door, token = request.app.ctx, guard.session_token(request)
    operator: Operator = request.ctx.session.operator
    async with door.line(socket, "desk") as line, door.services.bus.subscribe(DESK, session_topic(token)) as rings:
        desk = Desk(door, line, rings, operator, failures.language(request))
        line.work(desk.stay_signed_in(token))
        await desk.serve()


class Desk:
    """One socket of one operator. `_known`: every ticket as this socket last told it, by id."""

    def __init__(self, door: Door, line: Line, rings: Subscription, operator: Operator, lang: str) -> None:
        self._door = door
        self._conversations = door.services.conversations
        self._line = line
        self._rings = rings
        self._operator = operator
        self._lang = lang
        self._frames = Limiter(door.options.limits.frames)
        self._nonsense = Limiter(door.options.limits.nonsense)
        self._typing = Limiter(TYPING)
        self._known: dict[str, schemas.TicketView] = {}
        self._greeted = False
        self._watched = ""
        self._watched_lang = "ru"
        self._cursor = 0
        self._reading = asyncio.Lock()

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

    async def stay_signed_in(self, token: str) -> None:
        """Closes the socket when its session has ended, however that came about."""
        while True:
            await asyncio.sleep(self._door.options.timings.session)
            session = await self._door.services.accounts.session(token, used=False)
            if session is None or not session.operator.may(Permission.ANSWER):
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
            case schemas.Watch():
                await self._watch(frame.conversation, frame.after)
            case schemas.Unwatch():
                self._unwatch()
            case schemas.OperatorTyping():
                await self._types(frame.conversation)

    async def _greet(self) -> None:
        self._greeted = True
        tickets = [views.ticket_view(ticket) for ticket in await self._conversations.tickets()]
        self._known = {ticket.id: ticket for ticket in tickets}
        operator = views.operator_view(self._operator)
        await self._line.send(
            schemas.DeskWelcome(type="welcome", v=schemas.PROTOCOL, operator=operator, tickets=tickets)
        )
        self._line.work(self._follow())

    async def _watch(self, conversation_id: str, after: int) -> None:
        """From now on this conversation, of which there must be or have been a ticket."""
        if not any(ticket.conversation == conversation_id for ticket in self._known.values()):
            raise NotFound("There is no such conversation.", "conversation_unknown")
        self._unwatch()
        async with self._reading:
            self._rings.add(conversation_topic(conversation_id))
            conversation = await self._conversations.get(conversation_id)
            self._watched, self._watched_lang, self._cursor = conversation_id, conversation.lang, after
        await self._catch_up()

    def _unwatch(self) -> None:
        if self._watched:
            self._rings.drop(conversation_topic(self._watched))
            self._watched = ""

    async def _types(self, conversation_id: str) -> None:
        """Told to the customer only while the ticket is this operator's."""
        mine = any(
            ticket.conversation == conversation_id and ticket.assignee == self._operator.id
            for ticket in self._known.values()
        )
        if not mine:
            raise Forbidden("Claim this ticket first.", "not_your_ticket")
        if not self._typing.take():
            await self._conversations.typing(conversation_id, Author.OPERATOR, self._operator.name)

    async def _follow(self) -> None:
        """Sends what is new as the bus rings; without a ring, looks at everything now and then."""
        while True:
            try:
                async with asyncio.timeout(self._door.options.timings.resync):
                    topic, ring = await self._rings.get()
            except TimeoutError:
                topic, ring = "", {"type": LOST}
            await self._hear(topic, ring)

    async def _hear(self, topic: str, ring: dict[str, Any]) -> None:
        match ring["type"]:
            case "ticket":
                await self._tell(await self._conversations.ticket(ring["id"]))
            case "message":
                await self._catch_up()
            case "typing" if topic == conversation_topic(self._watched) and ring["name"] != self._operator.name:
                typing = schemas.SomeoneTyping(
                    type="typing", conversation=self._watched, who=ring["who"], name=ring["name"]
                )
                await self._line.send(typing)
            case "ended":
                self._line.fail(SIGNED_OUT, "signed out")
            case "lost":
                await self._compare()
                await self._catch_up()

    async def _compare(self) -> None:
        """Tells every ticket that is not as it was told last, those that have left the queue too."""
        current = await self._conversations.tickets()
        here = {ticket.id for ticket in current}
        gone = [one for one in self._known.values() if one.id not in here and one.status != "closed"]
        for ticket in current + [await self._conversations.ticket(one.id) for one in gone]:
            await self._tell(ticket)

    async def _tell(self, ticket: Ticket) -> None:
        view = views.ticket_view(ticket)
        if self._known.get(view.id) != view:
            self._known[view.id] = view
            await self._line.send(schemas.TicketChanged(type="ticket", ticket=view))

    async def _catch_up(self) -> None:
        """Sends every row after the cursor; `watch` and rings may ask at once, so one reads after the other."""
        async with self._reading:
            while self._watched:
                watched = self._watched
                rows = await self._conversations.history(watched, self._cursor, PAGE)
                if not rows or watched != self._watched:
                    return
                shown = [views.desk_message_view(row, self._watched_lang) for row in rows]
                await self._line.send(schemas.DeskMessages(type="messages", conversation=watched, messages=shown))
                self._cursor = rows[-1].seq

    async def _complain(self, error: Exception) -> None:
        view = failures.describe(error, self._lang)
        await self._line.send(schemas.ErrorFrame(type="error", code=view.code, text=view.text))

    def _suffer(self) -> None:
        if self._nonsense.take():
            self._line.fail(ABUSE, "too much nonsense")
            raise Gone
