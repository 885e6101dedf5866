"""The composition root: settings become services, once per process; every dependency can be replaced in a test."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from sqlalchemy import Connection, text

from bot.accounts.service import Accounts
from bot.analytics.metrics import Metrics
from bot.bus.local import LocalBus
from bot.bus.model import Bus
from bot.clock import now
from bot.conversation.canned import Canned
from bot.conversation.connector import Records
from bot.conversation.lead import Lead
from bot.conversation.parts import Outside, open_parts
from bot.conversation.ports import Dialogue
from bot.conversation.review import Review
from bot.conversation.service import Conversations
from bot.dialogue.client import Rasa
from bot.errors import BotError
from bot.files.service import Files
from bot.issues.service import Issues
from bot.kb.encoder import Floats, SentenceEncoder
from bot.kb.learner import Learner
from bot.kb.nearest import IndexUnusable
from bot.kb.service import KnowledgeBase
from bot.kb.shelf import Shelf
from bot.notices.model import Way, Whereabouts
from bot.notices.push import Push
from bot.notices.service import Browsers, Errands
from bot.notices.webhook import Post, Webhook
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.sqlite import SqliteDatabase
from handoff.desk import Desk, open_desk
from handoff.model import Presence


class Engine(Dialogue, Protocol):
    """The dialogue engine as the wiring sees it: something to ask, and whether it is up."""

    async def is_ready(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Services:
    """Everything the doors may use."""

    database: Database
    bus: Bus
    accounts: Accounts
    lead: Lead
    canned: Canned
    review: Review
    knowledge: KnowledgeBase
    learner: Learner
    conversations: Conversations
    metrics: Metrics
    dialogue: Engine
    notices: Errands
    files: Files
    issues: Issues

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
        database = _database(settings, stack)
        knowledge = open_knowledge(settings, database)
        stack.push_async_callback(knowledge.close)
        rasa = _engine(settings, knowledge)
        stack.push_async_callback(rasa.close)
        learner = Learner(database, knowledge)
        stack.push_async_callback(learner.close)
        bus, metrics, desk = LocalBus(), Metrics(), open_desk(now)
        post = Post()
        stack.push_async_callback(post.close)
        browsers = Browsers(database, Push(settings.secret("push"), settings.address), post)
        notices = Errands(database, now, _whereabouts(desk), browsers)
        files = Files(database, settings.data_dir / "files", settings.secret("files"))
        parts = open_parts(database, bus, desk, Outside(metrics, notices, files), now)
        conversations = _connected(settings, Conversations(parts, knowledge, rasa), stack)
        accounts = Accounts(database, settings.secret("visitors"), audit=conversations.audit)
        review = Review(parts, learner)
        stack.push_async_callback(review.close)
        issues = Issues(parts, notices.ship, settings.address)
        notices.employ(Way.WEBHOOK, Webhook(post, issues))
        yield Services(
            database=database,
            bus=bus,
            accounts=accounts,
            lead=Lead(parts, accounts, notices.forget),
            canned=Canned(parts),
            review=review,
            knowledge=knowledge,
            learner=learner,
            conversations=conversations,
            metrics=metrics,
            dialogue=rasa,
            notices=notices,
            files=files,
            issues=issues,
        )


def _database(settings: Settings, stack: AsyncExitStack) -> SqliteDatabase:
    database = SqliteDatabase(settings.database)
    stack.push_async_callback(database.close)
    migrate(database.engine)
    return database


def _engine(settings: Settings, knowledge: KnowledgeBase) -> Rasa:
    address, limit = f"http://127.0.0.1:{settings.rasa.port}", settings.rasa.timeout

    def meaning(said: str) -> tuple[str, Floats] | None:
        # Looked up anew every time: the encoder is swapped while the product runs.
        return knowledge.encoder.remembered(said)

    return Rasa(address, settings.secret("rasa"), limit, meaning=meaning)


def _connected(settings: Settings, conversations: Conversations, stack: AsyncExitStack) -> Conversations:
    """With customers' cards filled from the owner's own records, where there are such."""
    if settings.desk.customer_url:
        records = Records(settings.desk.customer_url, settings.customer_secret)
        stack.push_async_callback(records.close)
        conversations.cards.connect(records)
    return conversations


def _whereabouts(desk: Desk) -> Whereabouts:
    """Who sits before an open page of the desk is told there; everybody else is told where they are."""

    def at_desk(tx: Connection, operator_id: str) -> bool:
        agent = desk.agent(tx, operator_id)
        return agent is not None and agent.presence is Presence.ONLINE and agent.left_at is None

    return at_desk


def open_knowledge(settings: Settings, database: Database) -> KnowledgeBase:
    """The knowledge base over the installation's index; loads nothing yet."""
    folder = settings.data_dir / "index"
    return KnowledgeBase(database, partial(open_encoder, settings), folder, max_wrong=settings.kb.max_wrong)


def open_encoder(settings: Settings) -> SentenceEncoder:
    """The encoder in use; loads nothing yet."""
    return SentenceEncoder(encoder_source(settings), cache=settings.data_dir / "vectors")


def encoder_source(settings: Settings) -> str:
    """The encoder the settings name, else the one somebody switched to; empty for the embedded one."""
    return settings.kb.encoder or Shelf(settings.data_dir / "index").chosen()


def index_problem(settings: Settings) -> str:
    """What is wrong with the search index, in words; empty when it can be loaded."""
    try:
        Shelf(settings.data_dir / "index").load(open_encoder(settings).name)
    except IndexUnusable as error:
        return error.text
    return ""
