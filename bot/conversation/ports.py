"""What the conversation room needs from the rooms beside it, in its own words."""

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import Connection

from bot.conversation.model import Author, Channel
from bot.dialogue.model import Reply, Turn
from bot.files.model import StoredFile
from bot.kb.model import Article, Evidence, Topic


class Dialogue(Protocol):
    async def ask(self, turn: Turn) -> Reply:
        """Raises DialogueDown when there is no usable answer within its time-out."""
        ...


class Knowledge(Protocol):
    async def search(self, text: str, lang: str, topic: Topic | None = None) -> Evidence: ...

    async def article(self, article_id: str, lang: str) -> Article | None: ...

    async def part(self, article_id: str, lang: str, question: str, said: Sequence[str] = ()) -> str:
        """The part of an article's body nearest to a question, Markdown, none of those `said`; empty for none."""
        ...


class Cupboard(Protocol):
    """Where uploaded files lie until a message takes them."""

    def take(self, tx: Connection, ids: Sequence[str], conversation_id: str) -> Sequence[StoredFile]:
        """Takes part in the caller's transaction. Raises NotFound `file_unknown` for a file of another conversation."""
        ...


class Listener(Protocol):
    """Told what happened, after it is committed; must not raise and not wait."""

    def message_stored(self, author: Author, channel: Channel) -> None: ...

    def turn_answered(self, outcome: str, seconds: float) -> None: ...

    def ticket_opened(self, reason: str, channel: Channel) -> None: ...

    def ticket_closed(self, outcome: str) -> None: ...
