"""What a turn has in hand before the engine is asked: the chosen article, or what its questions find."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.conversation import compose, memory, splitting
from bot.conversation.incidents import Incidents
from bot.conversation.model import Conversation, Message
from bot.conversation.personal import asks_own_records
from bot.conversation.ports import Knowledge
from bot.kb.model import Again, Evidence, Hit, Topic, Verdict

NARROWED = 0.6
"""Confidence from which one of the articles just asked back about is the answer to what the customer adds: being among
these few speaks for it, and to be asked back twice costs a person."""


@dataclass(frozen=True, slots=True)
class Said:
    """A customer's message with its conversation and the rows of the episode `before` it. `press`: what the button that
    was pressed asks for, None for typed words."""

    conversation: Conversation
    message: Message
    before: Sequence[Message]
    press: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Found:
    """The evidence of a turn, and the topic the question is counted under, empty for none: the category of the article
    `of` in this language."""

    evidence: Evidence
    topic: str = ""
    of: tuple[str, str] | None = None


class Finding:
    """Searches for a turn; every search is told what the dialogue is about."""

    def __init__(self, knowledge: Knowledge, incidents: Incidents, clock: Clock) -> None:
        self._knowledge, self._incidents, self._clock = knowledge, incidents, clock

    async def find(self, said: Said) -> Found:
        """The evidence of the turn. Raises whatever the search does."""
        if said.press:
            return Found(await self._chosen(said.press.get("article"), said.conversation.lang))
        topic = memory.topic(said.before, self._clock())
        whole = await self._knowledge.search(said.message.text, said.conversation.lang, topic)
        whole = _narrowed(whole, topic)
        found, counted = await self._incidents.instead(whole, said.conversation, said.message)
        of = (whole.hits[0].article, whole.hits[0].lang) if counted else None
        if found is not whole:
            return Found(found, counted, of)
        found = await self._each(said, whole, topic)
        also = [await self._again(said, one) for one in found.also]
        return Found(replace(await self._again(said, found), also=tuple(also)), counted, of)

    async def _chosen(self, article_id: str | None, lang: str) -> Evidence:
        article = await self._knowledge.article(article_id, lang) if article_id else None
        if article is None:
            return Evidence(Verdict.NONE, 0.0, (), lang)
        hit = Hit(article.id, article.lang, article.title, article.short_answer, f"/help/{lang}/{article.id}", 1.0)
        return Evidence(Verdict.SURE, 1.0, (hit,), lang)

    async def _each(self, said: Said, whole: Evidence, topic: Topic | None) -> Evidence:
        """The questions of the message one by one, each with the one before it as its topic."""
        parts: list[Evidence] = []
        questions = splitting.questions(said.message.text)
        for question in questions:
            found = await self._knowledge.search(question, said.conversation.lang, topic)
            parts.append(replace(found, question=found.question or question))
            topic = Topic(parts[-1].question, found.hits[0].article if found.verdict is Verdict.SURE else "")
        own = [part for question, part in zip(questions, parts, strict=True) if asks_own_records(question)]
        others = [part for part in parts if part not in own and part.verdict is Verdict.SURE]
        if own and others:
            # No article is the customer's balance: the engine looks that up, and says the articles beside it.
            return replace(own[0], also=tuple(others))
        return splitting.several(whole, parts) if parts else whole

    async def _again(self, said: Said, found: Evidence) -> Evidence:
        """Marks what has been said already, so that nobody hears the same words twice."""
        if found.verdict is not Verdict.SURE or not found.hits or compose.incident_of(found.hits[0].article):
            return found
        text, article = said.message.text, found.hits[0].article
        given = memory.given(said.before, self._clock(), article, found.question or text, text)
        if given is None:
            return found
        heard = [row.text for row in said.before]
        longer = await self._knowledge.part(article, said.conversation.lang, found.question or text, heard)
        return replace(found, again=Again(given.row, longer, given.miss or not longer))


def _narrowed(found: Evidence, topic: Topic | None) -> Evidence:
    """«А для бизнеса?», after «Что из этого ближе?» with business tariffs among the choices, is a choice."""
    chosen = topic is not None and bool(found.hits) and found.hits[0].article in topic.offered
    if not chosen or found.verdict is not Verdict.UNSURE or found.confidence < NARROWED:
        return found
    return replace(found, verdict=Verdict.SURE)
