"""What a dialogue is about and what it has been told already, read from its own rows; pure, for the turn that follows.

Nothing is kept anywhere else: a restart forgets nothing, and no topic outlives the talk with a person or its end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.conversation.model import Act, Author, Kind, Message
from bot.conversation.mood import alike
from bot.kb.leaning import leans
from bot.kb.model import Topic

LASTS = timedelta(minutes=30)
"""A topic older than this is another visit."""
TURNS = 4
"""Lines of the customer after which a topic that nobody took up again is over."""
LONGEST = 200
"""Characters kept of a question that has grown by one follow-up after another."""

_ENDS = frozenset({Kind.HANDOFF, Kind.JOINED, Kind.RETURNED, Kind.FAREWELL, Kind.RATING_REQUEST})
_JOB = "check_"
"""How the intents begin that look something up for the customer: they are a new topic, and no article's."""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer with the same article before. `row`: its number; `miss`: the same question is asked again, which says
    that it was of no help; otherwise somebody goes on about it."""

    row: int
    miss: bool


def topic(rows: Sequence[Message], now: datetime) -> Topic | None:
    """What the rows before a message are about: the question answered last, or asked back about."""
    recent = list(_recent(rows, now))
    for row in recent:
        if row.kind in (Kind.ANSWER, Kind.CLARIFY):
            offered = tuple(button.value for button in row.buttons if button.act is Act.ARTICLE)
            return Topic(question_of(row, rows)[-LONGEST:], row.source.article if row.source else "", offered)
        if _starts_job(row, recent):
            return None
    return None


def given(rows: Sequence[Message], now: datetime, article: str, question: str, text: str) -> Given | None:
    """Whether the article has just been given. `question`: what was searched for the customer's `text`. Asked about
    something else in between, the customer may hear it again, unless the question is the same."""
    answers = [row for row in _recent(rows, now) if row.kind is Kind.ANSWER]
    for row in answers:
        if row.source is None or row.source.article != article:
            continue
        asked = question_of(row, rows)
        # A follow-up holds the words of its topic and is another question all the same.
        goes_on = question != asked and question.startswith(asked)
        same = alike(text, _typed(row, rows)) or (not goes_on and alike(asked, question))
        if same or row.in_reply_to == answers[0].in_reply_to:
            return Given(row.seq, same or not leans(text))
    return None


def question_of(row: Message, rows: Sequence[Message]) -> str:
    """The words that a row of the bot answers: what was searched, or else what the customer wrote."""
    return (row.evidence or {}).get("question") or _typed(row, rows)


def _typed(row: Message, rows: Sequence[Message]) -> str:
    return next((one.text for one in rows if one.seq == row.in_reply_to), "")


def _recent(rows: Sequence[Message], now: datetime) -> Iterator[Message]:
    """The bot's rows that still count, the newest first."""
    turns = 0
    for row in reversed(rows):
        turns += row.author is Author.CUSTOMER
        if row.kind in _ENDS or row.author is Author.OPERATOR or turns > TURNS or now - row.created_at > LASTS:
            return
        if row.author is Author.BOT:
            yield row


def _starts_job(row: Message, recent: Sequence[Message]) -> bool:
    """Whether the row is a job's question or report, and not the offer of one beside an article's answer."""
    job = str((row.evidence or {}).get("intent", "")).startswith(_JOB)
    return job and not any(one.kind is Kind.ANSWER and one.in_reply_to == row.in_reply_to for one in recent)
