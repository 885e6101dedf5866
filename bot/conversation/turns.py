"""The bot's turns: one at a time per conversation, never lost by a crash, never said after a person stepped in."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import structlog
from sqlalchemy import Connection

from bot.conversation import compose, texts
from bot.conversation.finding import Finding, Found, Said
from bot.conversation.incidents import Incidents
from bot.conversation.model import Author, Conversation, Message
from bot.conversation.parts import Parts
from bot.conversation.personal import asks_own_records
from bot.conversation.ports import Dialogue, Knowledge
from bot.conversation.transcript import Asked, Change
from bot.conversation.waiting import Waiting
from bot.dialogue.model import DialogueDown, DialogueSilent, Reply, Turn
from bot.errors import BotError
from bot.kb.model import Evidence, Verdict
from handoff.model import Mood, Outcome, Reason, Ticket

AT_ONCE = 16
"""Turns of different conversations in flight together; Rasa answers one after another anyway."""
SWEEP_SECONDS = 2.0
OVERDUE = timedelta(seconds=2)
SMALL_TALK = frozenset({"thank", "goodbye", "praise", "affirm", "greet"})
"""Intents that do not bring back a talk that has just ended."""

log = structlog.get_logger(__name__)


class Turns:
    """Answers what the bot owes. `wake` after a customer's message is stored; `run` finds what a crash left behind."""

    def __init__(
        self, parts: Parts, waiting: Waiting, knowledge: Knowledge, dialogue: Dialogue, incidents: Incidents
    ) -> None:
        self._parts, self._waiting, self._dialogue = parts, waiting, dialogue
        self._incidents, self._finding = incidents, Finding(knowledge, incidents, parts.clock)
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    def wake(self, conversation_id: str, asked: Asked | None = None) -> None:
        """Makes sure the conversation's pending turns are being answered; returns at once. `asked`: the next one, read
        a moment ago."""
        if conversation_id in self._running:
            self._again.add(conversation_id)
            return
        task = asyncio.create_task(self._answer_all(conversation_id, asked), name=f"turns:{conversation_id}")
        self._running[conversation_id] = task
        task.add_done_callback(lambda _: self._done(conversation_id))

    def following(
        self, tx: Connection, conversation: Conversation, message: Message, before: Sequence[Message]
    ) -> Asked | None:
        """The turn just owed for a message, for `wake`; None when an older one comes first."""
        owed = self._parts.store.owed(tx, conversation.id)
        return Asked(owed, conversation, message, before) if owed is not None and owed.seq == message.seq else None

    async def run(self) -> None:
        """Sweeps for turns nobody is answering, for ever."""
        while True:
            try:
                for conversation_id in await self._parts.database.read(self._overdue):
                    self.wake(conversation_id)
            except BotError as error:
                log.warning("turn_sweep_failed", code=error.code)
            except Exception:
                log.exception("turn_sweep_failed")
            await asyncio.sleep(SWEEP_SECONDS)

    def _overdue(self, tx: Connection) -> Sequence[str]:
        return self._parts.store.owing(tx, self._parts.clock() - OVERDUE)

    async def close(self) -> None:
        """Stops the turns in flight; they stay pending and the next start answers them."""
        self._again.clear()
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _done(self, conversation_id: str) -> None:
        self._running.pop(conversation_id, None)
        if conversation_id in self._again:
            self._again.discard(conversation_id)
            self.wake(conversation_id)

    async def _answer_all(self, conversation_id: str, asked: Asked | None) -> None:
        if self._slots.locked():
            asked = None  # who waits long looks again: a person may have come
        try:
            async with self._parts.bus.lock(f"turn:{conversation_id}"), self._slots:
                asked = asked or await self._look(conversation_id)
                while asked is not None:
                    settled = await self._answer(asked)
                    # What is stored meanwhile wakes this conversation again: the last one need not be looked after.
                    asked = None if settled and asked.owed.last else await self._look(conversation_id)
        except BotError as error:
            # The turn stays pending: the sweep takes it up again once the database can be written.
            log.warning("turn_postponed", code=error.code)
        except Exception:
            log.exception("turn_failed")

    async def _look(self, conversation_id: str) -> Asked | None:
        self._again.discard(conversation_id)
        return await self._parts.database.read(lambda tx: self._next(tx, conversation_id))

    def _next(self, tx: Connection, conversation_id: str) -> Asked | None:
        store = self._parts.store
        owed = store.owed(tx, conversation_id)
        if owed is None:
            return None
        message, conversation = store.message(tx, conversation_id, owed.seq), store.get(tx, conversation_id)
        held = self._silences(tx, self._waiting.holding(tx, conversation))
        before = [] if held else [row for row in store.episode(tx, conversation_id) if row.seq < owed.seq]
        return Asked(owed, conversation, message, before, held)

    async def _answer(self, asked: Asked) -> bool:
        """Whether that was the end of the turn, so far as is known."""
        started = time.monotonic()
        if asked.held:
            return await self._parts.database.write(lambda tx: self._parts.store.settle(tx, asked.owed, "suppressed"))
        await self._waiting.typing(asked.conversation.id, Author.BOT)
        found = await self._find(asked)
        outcome, reply = await self._ask(asked, found.evidence)
        change, said = await self._settled(asked, reply, found)
        await self._waiting.told(change)
        self._parts.listener.turn_answered(outcome if said else "suppressed", time.monotonic() - started)
        return said

    async def _find(self, asked: Asked) -> Found:
        said = Said(asked.conversation, asked.message, asked.before, asked.owed.press)
        try:
            return await self._finding.find(said)
        except Exception:
            # Whatever breaks the search must not break the conversation: no evidence means a person.
            log.exception("search_failed")
            return Found(Evidence(Verdict.NONE, 0.0, (), asked.conversation.lang))

    async def _ask(self, asked: Asked, evidence: Evidence) -> tuple[str, Reply]:
        press, conversation = asked.owed.press or {}, asked.conversation
        turn = Turn(
            id=asked.owed.id,
            sender=f"{conversation.id}.{conversation.epoch}",
            text=asked.message.text,
            lang=conversation.lang,
            channel=conversation.channel.value,
            evidence=compose.turn_evidence(evidence, confirmed="article" in press and bool(evidence.hits)),
            payload=press.get("payload"),
        )
        try:
            return "answered", await self._dialogue.ask(turn)
        except DialogueSilent as error:
            log.warning("dialogue_down", code=error.code, conversation=conversation.id)
            return "degraded", compose.job_failed() if error.job else _alone(asked, evidence)
        except DialogueDown as error:
            log.warning("dialogue_down", code=error.code, conversation=conversation.id)
        except Exception:
            # A mistake of ours must not leave the customer without a reply either.
            log.exception("dialogue_failed")
        return "degraded", _alone(asked, evidence)

    async def _settled(self, asked: Asked, reply: Reply, found: Found) -> tuple[Change, bool]:
        write = self._parts.database.write
        try:
            return await write(lambda tx: self._commit(tx, asked, reply, found))
        except BotError:
            raise
        except Exception:
            # Tried again it would fail again, for ever, and hold up every later question: a person answers instead.
            log.exception("reply_unstorable")
            nothing = Evidence(Verdict.NONE, 0.0, (), found.evidence.lang)
            return await write(lambda tx: self._commit(tx, asked, compose.without_engine(nothing), Found(nothing)))

    def _commit(self, tx: Connection, asked: Asked, reply: Reply, found: Found) -> tuple[Change, bool]:
        """Stores what the bot says and the ticket it wants, unless a person stepped in meanwhile."""
        store = self._parts.store
        conversation = store.get(tx, asked.conversation.id)
        ticket = self._waiting.holding(tx, conversation)
        if self._silences(tx, ticket):
            store.settle(tx, asked.owed, "suppressed")
            return Change(conversation), False
        if conversation.epoch != asked.conversation.epoch:
            last = self._parts.desk.last(tx, conversation.id)
            if last is None or last.outcome is not Outcome.WITHDRAWN:
                store.settle(tx, asked.owed, "suppressed")
            # Back from the queue, where nobody has answered it, the question is still owed an answer: asked afresh.
            return Change(conversation), False
        if not store.settle(tx, asked.owed, "done"):
            return Change(conversation), False
        back = self._back_to_a_person(tx, conversation, asked, reply) if ticket is None else None
        if back is not None:
            return back, False
        if reply.fields:
            store.change(tx, conversation.id, fields=store.fields(tx, conversation.id) | reply.fields)
        self._incidents.note_topic(tx, conversation, found.topic)
        return self._answered(tx, conversation, ticket, asked, (reply, found)), True

    def _answered(
        self,
        tx: Connection,
        conversation: Conversation,
        ticket: Ticket | None,
        asked: Asked,
        has: tuple[Reply, Found],
    ) -> Change:
        reply, found = has
        evidence = found.evidence
        waiting, reason = self._waiting, compose.handoff_reason(reply)
        if reason is None and ticket is None and asked.typed and compose.asks_back(reply):
            rows = self._parts.store.episode(tx, conversation.id)
            before = [row for row in rows if row.seq < asked.message.seq]
            if waiting.mood(tx, conversation, asked.message.text, before) is not Mood.CALM:
                # Being asked back is what a cross customer is spared.
                reason, reply = Reason.FRUSTRATION, replace(reply, utterances=())
        drafts = compose.bot_drafts(asked.owed.id, asked.message.seq, reply, evidence, conversation.lang)
        topic = self._topic(tx, found, conversation.lang)
        if drafts and ticket is None and waiting.asks_again(tx, conversation.id, topic):
            # Whoever comes back with the same matter has heard the answer: the way round the bot is beside it.
            drafts[-1] = compose.with_person(drafts[-1], conversation.lang)
        waiting.lessons.asked_again(tx, conversation.id, evidence)
        for draft in drafts:
            waiting.append(tx, conversation, draft, asks=ticket is not None)
        if reason is None:
            return Change(conversation, ticket)
        if ticket is not None:
            waiting.still_waiting(tx, conversation, ticket, texts.ADDED)
            return Change(conversation, ticket, moved=True)
        known = compose.knowledge(evidence, reply)
        return waiting.hand_over(tx, conversation, reason, compose.answer_cid(asked.owed.id, "handoff"), known)

    def _back_to_a_person(
        self, tx: Connection, conversation: Conversation, asked: Asked, reply: Reply
    ) -> Change | None:
        """Soon after the end of a talk, a matter of substance goes back to who was helping; thanks go to the bot."""
        if not asked.typed or reply.intent in SMALL_TALK:
            return None
        return self._waiting.reopen(tx, conversation, asked.message)

    def _topic(self, tx: Connection, found: Found, lang: str) -> str:
        """The category of the article that came nearest, read anew only where the search has not read it."""
        best = found.evidence.hits[0].article if found.evidence.hits else ""
        if (best, lang) == found.of:
            return found.topic
        return self._waiting.topic(tx, [{"article": best}] if best else [], lang)

    def _silences(self, tx: Connection, ticket: Ticket | None) -> bool:
        """Whether the bot has to be silent: a person has the conversation, or will soon."""
        return ticket is not None and not self._parts.desk.bot_helps(tx, ticket)


def _alone(asked: Asked, evidence: Evidence) -> Reply:
    """What the bot does without the engine. Of a customer's own records the nearest article knows nothing."""
    if asked.typed and asks_own_records(asked.message.text) and not any(map(compose.is_incident, evidence.hits)):
        return compose.job_failed()
    return compose.without_engine(evidence)
