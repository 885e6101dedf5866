"""The desk's clocks at work: every second it looks what has run out and tells customers and operators what follows."""

import asyncio
from dataclasses import replace

import structlog
from sqlalchemy import Connection

from bot.bus.model import DESK
from bot.conversation import texts
from bot.conversation.model import Kind
from bot.conversation.reminders import Reminder
from bot.conversation.transcript import Change, Transcript
from bot.errors import BotError
from handoff.model import Sweep, Ticket

EVERY = 1.0
TO_TEAM = frozenset({"returned", "released", "opened", "unclaimed"})
"""What concerns everybody who may take the ticket; the rest concerns its assignee, or whom it is offered to."""
QUIET = frozenset({"ranked", "expired", "offline", ""})
"""What changes rows on the screen and calls nobody."""
MOVED = frozenset({"returned", "released", "woke", "opened"})
"""What changes who holds the conversation, or what its customer is told about that."""
SHOWN = {"lapsed": "update", "released": "returned", "opened": "new"}
"""By what name a reminder goes when the desk's screen has no other one for it."""

log = structlog.get_logger(__name__)


class Sweeps(Transcript):
    """One process sweeps; a second one would find nothing left to do, since each pass is one transaction."""

    async def run(self) -> None:
        """Sweeps for ever; cancel it to stop. Begins by giving those who were at the desk time to come back."""
        await self._database.write(self._desk.resume)
        while True:
            try:
                await self.once()
            except BotError as error:
                log.warning("desk_sweep_failed", code=error.code)
            except Exception:
                log.exception("desk_sweep_failed")
            await asyncio.sleep(EVERY)

    async def once(self) -> None:
        """One pass: what ran out is done, told and rung for."""

        def work(tx: Connection) -> tuple[list[Change], bool]:
            swept = self._desk.sweep(tx, self._now())
            tickets = [(sweep, sweep.ticket) for sweep in swept if not self._failed(sweep)]
            return [self._follow(tx, sweep, ticket) for sweep, ticket in tickets if ticket is not None], bool(swept)

        changes, anything = await self._database.write(work)
        for change in changes:
            await self.told(change)
        if anything:
            await self._bus.publish(DESK, {"type": "agents"})

    def _follow(self, tx: Connection, sweep: Sweep, ticket: Ticket) -> Change:
        conversation = self._store.get(tx, ticket.conversation_id)
        if words := self._words(tx, sweep, ticket, conversation.lang):
            self.announce(tx, conversation, Kind.NOTICE, words)
            ticket = self._desk.get(tx, ticket.id)
        change = Change(conversation, ticket, moved=sweep.kind in MOVED)
        return replace(change, reminders=self._call(tx, sweep, ticket))

    def _words(self, tx: Connection, sweep: Sweep, ticket: Ticket, lang: str) -> str:
        """What the customer is told; whoever waits for nobody is left in peace."""
        if sweep.kind == "returned":
            return texts.LOST[lang]
        if ticket.waiting_since is None or sweep.kind not in ("released", "opened"):
            return ""
        promise = self.promise(tx, ticket, lang)
        return texts.OPENED[lang].format(promise=promise) if sweep.kind == "opened" else texts.sentence(promise)

    def _failed(self, sweep: Sweep) -> bool:
        if sweep.kind == "failed" and sweep.ticket is not None:
            log.error("desk_ticket_failed", ticket=sweep.ticket.id, error=sweep.text_key)
        return sweep.kind == "failed"

    def _call(self, tx: Connection, sweep: Sweep, ticket: Ticket) -> tuple[Reminder, ...]:
        kind = SHOWN.get(sweep.kind, sweep.kind)
        if sweep.kind in QUIET or (sweep.kind == "released" and self._desk.bot_helps(tx, ticket)):
            return ()
        if sweep.kind in TO_TEAM:
            return self._reminders.to_team(tx, kind, ticket)
        concerned = sweep.agent_id or (ticket.assignee.id if ticket.assignee else "")
        if concerned:
            return self._reminders.make(tx, kind, ticket, [concerned])
        return self._reminders.to_team(tx, kind, ticket)
