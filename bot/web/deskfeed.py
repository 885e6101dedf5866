"""The operator's socket, outgoing half: the inbox as it changes, the watched conversation as it grows, reminders."""

import asyncio
from typing import Any

from bot.accounts.model import Operator
from bot.bus.model import LOST, Subscription, conversation_topic
from bot.conversation.model import Author, Message
from bot.web import desk_views, schemas, views
from bot.web.door import Door
from bot.web.line import SIGNED_OUT, Line
from bot.web.lookers import TYPING_SECONDS
from bot.web.suggesting import suggested
from handoff.policy import TAGS

PAGE = 100
PAUSE = 2.0
"""Seconds between two looks at counters and colleagues on a busy desk."""


class DeskFeed:
    """One page of one operator. `_known`: every ticket as this page was last told it, by id."""

    def __init__(self, door: Door, line: Line, rings: Subscription, operator: Operator, lang: str) -> None:
        self._door = door
        self._conversations = door.services.conversations
        self._line = line
        self._rings = rings
        self._operator = operator
        self._lang = lang
        self._known: dict[str, schemas.TicketView] = {}
        self._agents: list[schemas.AgentView] = []
        self._counts = schemas.Counts(type="counts", bot=0, closed=0)
        self._overview_due: float | None = None
        self._told_overview = 0.0
        self._watched = ""
        self._watched_lang = "ru"
        self._cursor = 0
        self._notes: set[tuple[str, str]] = set()
        self._lookers: schemas.Lookers | None = None
        self._lookers_due: float | None = None
        self._reading = asyncio.Lock()
        self._asked = asyncio.Event()

    async def welcome(self) -> None:
        """Everything the first screen is drawn from."""
        opening = await self._conversations.board.opening(self._operator)
        bot, closed = await self._door.overview.counts.get()
        tickets = [self._door.overview.view(ticket, opening.policy) for ticket in opening.tickets]
        self._known = {ticket.id: ticket for ticket in tickets}
        self._agents = desk_views.agent_views(opening.colleagues)
        self._counts = schemas.Counts(type="counts", bot=bot, closed=closed)
        await self._line.send(
            schemas.DeskWelcome(
                type="welcome",
                v=schemas.PROTOCOL,
                operator=views.operator_view(self._operator),
                presence=opening.presence.value,
                tickets=tickets,
                agents=self._agents,
                groups=[desk_views.group_name(group) for group in opening.policy.groups],
                topics=await self._door.overview.topics(),
                tags=[*TAGS, *(tag for tag in opening.policy.tags if tag not in TAGS)],
                seen=opening.seen,
                counts=self._counts,
                push_key=self._door.services.notices.push_key,
            )
        )

    def mine(self, conversation_id: str) -> bool:
        """Whether this operator holds the conversation, as far as this page knows."""
        return any(
            ticket.conversation == conversation_id and ticket.assignee == self._operator.id
            for ticket in self._known.values()
        )

    async def watch(self, conversation_id: str, after: int) -> None:
        """From now on this conversation and no other one; empty: none. Raises NotFound."""
        if self._watched:
            self._rings.drop(conversation_topic(self._watched))
            self._watched = ""
        if not conversation_id:
            return
        async with self._reading:
            self._rings.add(conversation_topic(conversation_id))
            try:
                conversation = await self._conversations.get(conversation_id)
            except Exception:
                self._rings.drop(conversation_topic(conversation_id))
                raise
            self._watched, self._watched_lang, self._cursor = conversation_id, conversation.lang, after
            self._notes, self._lookers = set(), None
        await self._everything_watched()

    async def follow(self) -> None:
        """Sends what is new as the bus rings; without a ring, looks at everything now and then."""
        while True:
            await self._tell_what_is_due()
            try:
                async with asyncio.timeout(self._patience()):
                    topic, ring = await self._rings.get()
            except TimeoutError:
                topic, ring = "", {"type": LOST if self._nothing_due() else "due"}
            await self._hear(topic, ring)

    async def suggest(self) -> None:
        """Finds articles for the watched conversation beside everything else: a search must not hold up a message."""
        told: tuple[str, list[schemas.SuggestedArticle]] = ("", [])
        while True:
            await self._asked.wait()
            self._asked.clear()
            watched = self._watched
            if not watched:
                continue
            found = (watched, await suggested(self._door.services, watched))
            if found != told and watched == self._watched:
                told = found
                await self._line.send(schemas.Suggestions(type="suggestions", conversation=watched, articles=found[1]))

    async def _hear(self, topic: str, ring: dict[str, Any]) -> None:
        match ring["type"]:
            case "ticket":
                await self._tell(await self._door.overview.tickets.get(ring["id"]))
                self._look_over()
            case "agents" | "counts":
                self._look_over()
            case "seen":
                seen = schemas.SeenChanged(type="seen", conversation=ring["conversation"], seq=ring["seq"])
                await self._line.send(seen)
            case "reminder":
                await self._remind(ring)
            case "ended":
                self._line.fail(SIGNED_OUT, "signed out")
            case "lost":
                await self._compare()
                await self._everything_watched()
                self._look_over()
            case _ if topic == conversation_topic(self._watched):
                await self._hear_watched(ring)

    async def _hear_watched(self, ring: dict[str, Any]) -> None:
        match ring["type"]:
            case "message":
                await self._catch_up()
            case "mark":
                seq, mark = ring["seq"], ring["mark"]
                marked = schemas.AnswerMarked(type="marked", conversation=self._watched, seq=seq, mark=mark)
                await self._line.send(marked)
            case "note":
                await self._tell_notes()
            case "read":
                await self._tell_read()
            case "looking":
                await self._tell_lookers()
            case "customer":
                changed = schemas.CustomerChanged(type="customer", conversation=self._watched)
                await self._line.send(changed)
            case "typing" if ring["name"] != self._operator.name or ring["who"] != Author.OPERATOR.value:
                await self._tell_typing(ring)

    async def _everything_watched(self) -> None:
        await self._catch_up()
        await self._tell_notes()
        await self._tell_read()
        await self._tell_lookers()
        self._asked.set()

    async def _compare(self) -> None:
        """Tells every ticket that is not as it was told last, those that have left the queue too."""
        policy = await self._conversations.board.policy()
        current = await self._conversations.tickets()
        here = {ticket.id for ticket in current}
        gone = [one for one in self._known.values() if one.id not in here and one.status != "closed"]
        for ticket in current + [await self._conversations.ticket(one.id) for one in gone]:
            await self._tell(self._door.overview.view(ticket, policy))

    async def _tell(self, view: schemas.TicketView) -> None:
        if self._known.get(view.id) != view:
            self._known[view.id] = view
            await self._line.send(schemas.TicketChanged(type="ticket", ticket=view))
        if view.status == "closed":
            self._known.pop(view.id, None)

    async def _catch_up(self) -> None:
        """Sends every row after the cursor; `watch` and rings may ask at once, so one reads after the other."""
        async with self._reading:
            while self._watched:
                watched = self._watched
                rows = await self._conversations.history(watched, self._cursor, PAGE)
                if not rows or watched != self._watched:
                    return
                await self._send_rows(watched, rows)
                self._cursor = rows[-1].seq
                if any(row.author is Author.CUSTOMER for row in rows):
                    self._asked.set()

    async def _send_rows(self, watched: str, rows: list[Message]) -> None:
        address = self._door.services.files.url
        shown = [views.desk_message_view(row, self._watched_lang, address) for row in rows]
        await self._line.send(schemas.DeskMessages(type="messages", conversation=watched, messages=shown))

    async def _tell_notes(self) -> None:
        watched = self._watched
        if not watched:
            return
        # A decision changes a note that was told before.
        notes = await self._conversations.notes(watched)
        new = [note for note in notes if (note.id, note.approval) not in self._notes]
        if new and watched == self._watched:
            self._notes.update((note.id, note.approval) for note in new)
            shown = [desk_views.note_view(note) for note in new]
            await self._line.send(schemas.DeskNotes(type="notes", conversation=watched, notes=shown))

    async def _tell_read(self) -> None:
        watched = self._watched
        if not watched:
            return
        conversation = await self._conversations.get(watched)
        read, delivered = conversation.read_seq, max(conversation.delivered_seq, conversation.read_seq)
        await self._line.send(schemas.CustomerRead(type="read", conversation=watched, read=read, delivered=delivered))

    async def _tell_lookers(self) -> None:
        if not self._watched:
            return
        people = [
            schemas.Looker(id=one.id, name=one.name, typing=one.typing)
            for one in self._door.lookers.at(self._watched, self._operator.id)
        ]
        view = schemas.Lookers(type="lookers", conversation=self._watched, people=people)
        if any(one.typing for one in people):
            self._lookers_due = _now() + TYPING_SECONDS
        if view != self._lookers and (people or self._lookers is not None):
            self._lookers = view
            await self._line.send(view)

    async def _tell_typing(self, ring: dict[str, Any]) -> None:
        """What a customer has not sent yet is shown to who answers them and to nobody else."""
        text = ring["text"] if self.mine(self._watched) else ""
        typing = schemas.SomeoneTyping(
            type="typing", conversation=self._watched, who=ring["who"], name=ring["name"], text=text
        )
        await self._line.send(typing)

    async def _remind(self, ring: dict[str, Any]) -> None:
        text = ring["en"] if self._lang == "en" else ring["ru"]
        told = {name: ring[name] for name in ("id", "kind", "ticket", "number", "conversation", "at")}
        await self._line.send(schemas.Reminder(type="reminder", text=text, **told))

    def _look_over(self) -> None:
        """Counters and colleagues will be looked at, but not at every ring."""
        if self._overview_due is None:
            self._overview_due = max(_now(), self._told_overview + PAUSE)

    async def _tell_what_is_due(self) -> None:
        if self._lookers_due is not None and self._lookers_due <= _now():
            self._lookers_due = None
            await self._tell_lookers()
        if self._overview_due is None or self._overview_due > _now():
            return
        self._overview_due, self._told_overview = None, _now()
        agents = await self._door.overview.agents.get()
        if agents != self._agents:
            self._agents = agents
            await self._line.send(schemas.AgentsChanged(type="agents", agents=agents))
        bot, closed = await self._door.overview.counts.get()
        counts = schemas.Counts(type="counts", bot=bot, closed=closed)
        if counts != self._counts:
            self._counts = counts
            await self._line.send(counts)

    def _patience(self) -> float:
        dues = [due for due in (self._overview_due, self._lookers_due) if due is not None]
        return max(0.0, min(dues) - _now()) if dues else self._door.options.timings.resync

    def _nothing_due(self) -> bool:
        return self._overview_due is None and self._lookers_due is None


def _now() -> float:
    return asyncio.get_running_loop().time()
