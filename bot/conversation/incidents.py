"""Incidents as use cases: a lead declares one, questions about it get its card, whoever asked hears news."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

import structlog
from sqlalchemy import Connection

from bot.accounts.model import Operator
from bot.accounts.staff import Audit, unheard
from bot.bus.model import INCIDENTS
from bot.conversation import compose, texts
from bot.conversation.incident import RUSH, SLICES, Incident, IncidentState, Rush, rushes
from bot.conversation.incident_store import IncidentStore, as_dict, new_incident
from bot.conversation.language import LANGS
from bot.conversation.model import Author, Button, Conversation, Draft, Kind, Message, Receipt
from bot.conversation.parts import Parts
from bot.conversation.reminders import Reminder
from bot.conversation.transcript import Change, Transcript, receipt
from bot.errors import BadRequest, NotFound
from bot.kb.model import Evidence, Verdict
from bot.kb.store import ArticleStore

TEXT_LIMIT = 2_000
AT_ONCE = 50
"""Customers told in one transaction, so that a message of a customer never waits behind a thousand."""
LOOK_EVERY = 30.0
NOTICE_AGAIN = timedelta(hours=1)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
REMEMBER = timedelta(days=8)
"""Questions by topic are kept a little longer than the week in which a return counts as a repetition."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a lead writes: `title` and `text` by language, and whom it concerns."""

    title: dict[str, str]
    text: dict[str, str]
    topics: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class Incidents(Transcript):
    """The known troubles of the day. Every change of a lead is audited in its own transaction."""

    def __init__(self, parts: Parts, audit: Audit = unheard) -> None:
        super().__init__(parts)
        self._incidents, self._articles = IncidentStore(), ArticleStore()
        self._audit = audit
        self._news = asyncio.Event()
        self._noticed: dict[str, datetime] = {}

    async def active(self) -> list[Incident]:
        """The incidents that are not over, the newest first."""
        return await self._database.read(self._incidents.active)

    async def recent(self, limit: int = 100) -> list[Incident]:
        return await self._database.read(lambda tx: self._incidents.recent(tx, limit))

    async def rushes(self) -> list[Rush]:
        """Topics asked about far more than usual, about which no incident has been declared."""
        return await self._database.read(self._rushes)

    async def declare(self, by: Operator, declaration: Declaration) -> Incident:
        """From now on questions about it get its text. Raises BadRequest `incident_invalid`."""
        _check(declaration.title, declaration.text)
        if not declaration.topics and not declaration.words:
            raise BadRequest("Name a topic or a word, so that the bot knows whom it concerns.", "incident_invalid")
        made = new_incident(declaration.title, declaration.text, by.name, self._now())
        fresh = replace(made, topics=declaration.topics, words=declaration.words)

        def work(tx: Connection) -> Incident:
            stored = self._incidents.add(tx, fresh)
            self._audit(tx, by, "incident_declared", ("incident", stored.id), as_dict(stored))
            return stored

        return await self._changed(await self._database.write(work))

    async def tell(self, by: Operator, incident_id: str, text: dict[str, str]) -> Incident:
        """News for everybody who asked for them; who asks from now on gets this text. Raises as `declare`, NotFound."""
        return await self._say(by, incident_id, text, over=False)

    async def end(self, by: Operator, incident_id: str, text: dict[str, str]) -> Incident:
        """The last news; the bot answers from its articles again. Raises as `declare`, NotFound."""
        return await self._say(by, incident_id, text, over=True)

    async def press(self, conversation_id: str, cid: str, button: Button) -> Receipt:
        """The customer wants to hear the end of an incident."""

        def work(tx: Connection) -> Change:
            conversation = self._store.get(tx, conversation_id)
            message, new = self.append(tx, conversation, Draft(cid, Author.CUSTOMER, button.title), asks=False)
            if new:
                incident = self._incidents.get(tx, button.value)
                lasts = incident is not None and incident.state is IncidentState.ACTIVE
                if incident is not None and lasts:
                    self._incidents.subscribe(tx, incident, conversation_id)
                said = texts.WILL_TELL if lasts else texts.OVER_ALREADY
                self.announce(tx, conversation, Kind.TEXT, said[conversation.lang])
            return Change(conversation, self._desk.holding(tx, conversation_id), message, new)

        return receipt(await self.done(work))

    async def instead(self, found: Evidence, conversation: Conversation, message: Message) -> tuple[Evidence, str]:
        """The card of the active incident that a question is about, else what was found; and its topic, which is
        counted with the answer (`note_topic`), empty when nothing was found."""
        best = found.hits[0] if found.hits and found.verdict is not Verdict.NONE else None

        def work(tx: Connection) -> tuple[Incident | None, str]:
            topic = self._articles.category(tx, best.article, best.lang) if best else ""
            concerned = (one for one in self._incidents.active(tx) if one.concerns(topic, message.text))
            return next(concerned, None), topic

        incident, topic = await self._database.read(work)
        return found if incident is None else compose.card(incident, conversation.lang), topic

    def note_topic(self, tx: Connection, conversation: Conversation, topic: str) -> None:
        """Counts a question by its topic, in the caller's transaction: many at once are a rush."""
        if topic:
            self._incidents.note_topic(tx, conversation.id, topic, conversation.page.get("url", ""), self._now())

    async def banner(self, lang: str) -> str:
        """One line about the newest trouble that is known; empty on a good day."""
        for incident in await self.active():
            return texts.KNOWN_TROUBLE[lang].format(title=incident.title[lang])
        return ""

    async def run(self) -> None:
        """Tells subscribers what they have not heard, for ever; a crash in between repeats nothing."""
        while True:
            # Before the look, or what is declared during it would wait for the next one.
            self._news.clear()
            for incident in await self.recent():
                while await self._tell_some(incident):
                    continue
            await self._database.write(lambda tx: self._incidents.forget_topics(tx, self._now() - REMEMBER))
            await self.notice_rushes()
            try:
                async with asyncio.timeout(LOOK_EVERY):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def notice_rushes(self) -> None:
        """Calls the leads to a rush of questions, once an hour for each topic."""

        def work(tx: Connection) -> tuple[Reminder, ...]:
            now, called = self._now(), list[Reminder]()
            for rush in self._rushes(tx):
                if now - self._noticed.get(rush.topic, _LONG_AGO) >= NOTICE_AGAIN:
                    self._noticed[rush.topic] = now
                    words = {
                        lang: texts.RUSH[lang].format(topic=rush.topic, customers=rush.customers) for lang in LANGS
                    }
                    called += self._reminders.about(tx, "rush", "", self._reminders.leads(tx), words)
            return tuple(called)

        if await self.rushes():
            await self._reminders.ring(await self._database.write(work))

    async def _say(self, by: Operator, incident_id: str, text: dict[str, str], *, over: bool) -> Incident:
        _check(text)

        def work(tx: Connection) -> Incident:
            incident = self._incidents.get(tx, incident_id)
            if incident is None or incident.state is IncidentState.OVER:
                raise NotFound("There is no such incident, or it is over.", "incident_unknown")
            self._incidents.add_update(tx, incident, text, self._now())
            changes = {"state": IncidentState.OVER.value, "ended_at": self._now()} if over else {"text": text}
            self._incidents.change(tx, incident_id, **changes)
            act = "incident_ended" if over else "incident_updated"
            self._audit(tx, by, act, ("incident", incident_id), {"text": text})
            return self._incidents.get(tx, incident_id) or incident

        return await self._changed(await self._database.write(work))

    async def _changed(self, incident: Incident) -> Incident:
        self._news.set()
        await self._bus.publish(INCIDENTS, {"type": "state"})
        return incident

    async def _tell_some(self, incident: Incident) -> int:
        """Tells up to AT_ONCE subscribers everything they have missed; how many that were."""

        def work(tx: Connection) -> list[str]:
            untold = self._incidents.untold(tx, incident, AT_ONCE)
            for conversation_id, told in untold:
                conversation = self._store.get(tx, conversation_id)
                for number, update in enumerate(incident.updates[told:], told):
                    cid = uuid5(NAMESPACE_URL, f"incident:{incident.id}:{number}:{conversation_id}").hex
                    draft = Draft(cid, Author.SYSTEM, update.text[conversation.lang], kind=Kind.NOTICE)
                    self.append(tx, conversation, draft)
                self._incidents.told(tx, incident, conversation_id)
            return [conversation_id for conversation_id, _ in untold]

        told = await self._database.write(work)
        for conversation_id in told:
            await self.ring(await self.get(conversation_id))
        if told:
            log.info("incident_told", incident=incident.number, customers=len(told))
        return len(told)

    def _rushes(self, tx: Connection) -> list[Rush]:
        now = self._now()
        recent = self._incidents.asked(tx, now - RUSH, now)
        day = self._incidents.asked(tx, now - RUSH * (SLICES + 1), now - RUSH)
        known = [topic for incident in self._incidents.active(tx) for topic in incident.topics]
        return rushes(recent, day, self._incidents.pages(tx, now - RUSH), known)


def _check(*texts: dict[str, str]) -> None:
    for text in texts:
        if not all(0 < len(part.strip()) <= TEXT_LIMIT for part in _parts(text)):
            raise BadRequest(
                f"Write the text in Russian and in English, at most {TEXT_LIMIT} characters each.", "incident_invalid"
            )


def _parts(text: dict[str, str]) -> Iterable[str]:
    return (text.get(lang, "") for lang in LANGS)
