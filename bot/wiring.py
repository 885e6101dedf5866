"""The composition root: settings become services, once per process; every dependency can be replaced in a test."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import text

from bot.accounts.service import Accounts
from bot.analytics.metrics import Metrics
from bot.bus.local import LocalBus
from bot.bus.model import Bus
from bot.clock import now
from bot.conversation.outbox_store import OutboxStore
from bot.conversation.ports import Dialogue
from bot.conversation.service import Conversations
from bot.conversation.store import ConversationStore
from bot.conversation.transcript import Parts
from bot.dialogue.client import Rasa
from bot.errors import BotError
from bot.kb.encoder import SentenceEncoder
from bot.kb.index import IndexUnusable
from bot.kb.service import KnowledgeBase
from bot.kb.shelf import Shelf
from bot.notices.push import Push
from bot.notices.service import Browsers, Courier
from bot.notices.webhook import Post
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.sqlite import SqliteDatabase
from handoff.desk import open_desk


class Engine(Dialogue, Protocol):
    """The dialogue engine as the wiring sees it: something to ask, and whether it is up."""

    async def is_ready(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Services:
    """Everything the doors may use."""

    database: Database
    bus: Bus
    accounts: Accounts
    knowledge: KnowledgeBase
    conversations: Conversations
    metrics: Metrics
    dialogue: Engine
    notices: Courier

    async def ready(self) -> dict[str, bool]:
        """Which parts work: the database answers, an index is loaded, Rasa has a model."""
        try:
            await self.database.read(lambda tx: tx.execute(text("SELECT 1")).scalar_one())
            database = True
        except BotError:
            database = False
        return {"database": database, "index": self.knowledge.is_ready, "dialogue": await self.dialogue.is_ready()}


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Opens everything the product needs; closes it in reverse order."""
    async with AsyncExitStack() as stack:
        database = SqliteDatabase(settings.database)
        stack.push_async_callback(database.close)
        migrate(database.engine)
        rasa = Rasa(f"http://127.0.0.1:{settings.rasa.port}", settings.secret("rasa"), settings.rasa.timeout)
        stack.push_async_callback(rasa.close)
        knowledge = open_knowledge(settings, database)
        stack.push_async_callback(knowledge.close)
        bus, metrics = LocalBus(), Metrics()
        post = Post()
        stack.push_async_callback(post.close)
        browsers = Browsers(database, Push(settings.secret("push"), settings.address), post)
        notices = Courier(database, now, lambda tx, operator_id: False, browsers)
        parts = Parts(database, bus, open_desk(now), metrics, now, ConversationStore(), OutboxStore())
        yield Services(
            database=database,
            bus=bus,
            accounts=Accounts(database, settings.secret("visitors")),
            knowledge=knowledge,
            conversations=Conversations(parts, knowledge, rasa),
            metrics=metrics,
            dialogue=rasa,
            notices=notices,
        )


def open_knowledge(settings: Settings, database: Database) -> KnowledgeBase:
    """The knowledge base over the installation's index; loads nothing yet."""
    encoder = SentenceEncoder(settings.kb.encoder, cache=settings.data_dir / "vectors")
    return KnowledgeBase(database, encoder, settings.data_dir / "index")


def index_problem(settings: Settings) -> str:
    """What is wrong with the search index, in words; empty when it can be loaded."""
    encoder = SentenceEncoder(settings.kb.encoder)
    try:
        Shelf(settings.data_dir / "index").load(encoder.name)
    except IndexUnusable as error:
        return error.text
    return ""
