"""What customers and operators teach the search: thumbs on answers, confirmed choices, articles used in replies."""

from contextlib import suppress
from dataclasses import replace

from sqlalchemy import Connection

from bot.accounts.model import Operator
from bot.bus.model import conversation_topic
from bot.conversation import compose, texts
from bot.conversation.language import written_in
from bot.conversation.mark_store import MarkStore
from bot.conversation.model import Act, Author, Conversation, Kind, Mark, Message
from bot.conversation.parts import Parts
from bot.errors import BadRequest
from bot.kb.label_store import LabelStore
from bot.kb.labels import LabelSource, NewLabel
from bot.kb.model import Evidence

WORDS = 3
"""So many words are another question and not a greeting or a thank-you."""


class Lessons:
    """Every label is written in the transaction of the deed it comes from."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self._marks, self._labels = parts, MarkStore(), LabelStore()

    async def mark(self, conversation_id: str, seq: int, mark: Mark | None) -> bool:
        """The customer's thumb on an answer, None to take it back; False when it was this one already.

        Raises NotFound `message_unknown`, BadRequest `not_an_answer`.
        """

        def work(tx: Connection) -> bool:
            answer = self._parts.store.message(tx, conversation_id, seq)
            if not answer.can_be_marked:
                raise BadRequest("Only an answer that the bot took from an article can be rated.", "not_an_answer")
            if answer.mark is mark:
                return False
            self._marks.set(tx, conversation_id, seq, mark, self._parts.clock())
            self._rated(tx, answer, mark)
            return True

        changed = await self._parts.database.write(work)
        ring = {"type": "mark", "seq": seq, "mark": mark and mark.value}
        await self._parts.bus.publish(conversation_topic(conversation_id), ring)
        return changed

    def pressed(self, tx: Connection, press: Message) -> None:
        """A choice under "did you mean": that article answers the question, or none of those shown does."""
        offered = self._offered(tx, press)
        asked = self._question(tx, offered) if offered is not None and offered.kind is Kind.CLARIFY else None
        if offered is None or asked is None:
            return
        articles = [button for button in offered.buttons if button.act is Act.ARTICLE]
        for button in articles:
            if button.title == press.text:
                label = self._label(tx, asked, button.value, LabelSource.CONFIRMED)
                self._keep(tx, replace(label, message=press.seq))
        if any(button.value == compose.NONE_OF_THESE and button.title == press.text for button in offered.buttons):
            for button in articles:
                # Several labels come of one press, so none of them may replace another as its changed mind.
                self._keep(tx, replace(self._label(tx, asked, button.value, LabelSource.CONFIRMED), right=False))

    def replied(self, tx: Connection, conversation: Conversation, reply: Message, by: Operator) -> None:
        """An operator's reply that used an article answers what the customer came to a person with."""
        asked = self._came_with(tx, conversation, reply) if reply.source is not None else None
        if asked is not None and reply.source is not None:
            label = self._label(tx, asked, reply.source.article, LabelSource.OPERATOR)
            self._keep(tx, replace(label, message=reply.seq, by=by.login))

    def asked_again(self, tx: Connection, conversation_id: str, found: Evidence) -> None:
        """Who asks the same again may say that the answer was of no help; a thumb on it says it better and counts."""
        for one in (found, *found.also):
            if one.again is not None and one.again.miss:
                answer = self._parts.store.message(tx, conversation_id, one.again.answer)
                if answer.can_be_marked and answer.mark is None:
                    self._judged(tx, answer, LabelSource.REPEAT, right=False)

    def _rated(self, tx: Connection, answer: Message, mark: Mark | None) -> None:
        gone = (LabelSource.REPEAT,) if mark else (LabelSource.REPEAT, LabelSource.RATING)
        for source in gone:
            self._labels.retract(tx, answer.conversation_id, answer.seq, source, self._parts.clock())
        if mark is not None:
            self._judged(tx, answer, LabelSource.RATING, right=mark is Mark.UP)

    def _judged(self, tx: Connection, answer: Message, source: LabelSource, *, right: bool) -> None:
        asked = self._question(tx, answer)
        if asked is not None and answer.source is not None:
            label = self._label(tx, asked, answer.source.article, source)
            self._keep(tx, replace(label, right=right, message=answer.seq))

    def _question(self, tx: Connection, row: Message) -> Message | None:
        """The customer's own words that a row of the bot answers: of a chosen article, what was asked before the
        choice; of one question among several, or of one that leaned on its topic, what was searched."""
        if row.in_reply_to is None:
            return None
        asked = self._parts.store.message(tx, row.conversation_id, row.in_reply_to)
        offered = self._offered(tx, asked)
        if offered is not None:
            return self._question(tx, offered)
        return replace(asked, text=(row.evidence or {}).get("question") or asked.text)

    def _offered(self, tx: Connection, press: Message) -> Message | None:
        """The row whose button was pressed; None for what was typed."""
        if press.author is not Author.CUSTOMER or press.in_reply_to is None:
            return None
        return self._parts.store.message(tx, press.conversation_id, press.in_reply_to)

    def _came_with(self, tx: Connection, conversation: Conversation, reply: Message) -> Message | None:
        """What the customer asked last before a person took over; None when they asked more once that one spoke, since
        nobody can tell then which of the two the reply is about."""
        rows = [row for row in self._parts.store.episode(tx, conversation.id) if row.seq < reply.seq]
        over = next((at for at, row in enumerate(rows) if _takes_over(row)), len(rows))
        asked = [row for row in rows[:over] if _typed(row)]
        spoke = next((at for at, row in enumerate(rows) if row.author is Author.OPERATOR), len(rows))
        later = any(_typed(row) and len(row.text.split()) >= WORDS for row in rows[spoke:])
        return asked[-1] if asked and not later else None

    def _label(self, tx: Connection, asked: Message, article: str, source: LabelSource) -> NewLabel:
        conversation = self._parts.store.get(tx, asked.conversation_id)
        return NewLabel(
            lang=written_in(asked.text, conversation.lang),
            text=asked.text,
            article=article,
            source=source,
            at=self._parts.clock(),
            conversation=conversation.id,
        )

    def _keep(self, tx: Connection, label: NewLabel) -> None:
        """A question without words teaches nothing."""
        with suppress(BadRequest):
            self._labels.add(tx, label)


def _takes_over(row: Message) -> bool:
    return row.author is Author.OPERATOR or row.kind in (Kind.HANDOFF, Kind.JOINED)


def _typed(row: Message) -> bool:
    """The customer's own words, not a button's."""
    own = row.author is Author.CUSTOMER and row.kind in (Kind.TEXT, Kind.EDIT) and row.in_reply_to is None
    return own and row.text not in ("", *texts.PERSON.values())
