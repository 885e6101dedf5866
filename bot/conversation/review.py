"""What editors and leads decide about learning: which labels teach, how many wrong answers may be, which version."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection

from bot.accounts.model import Operator
from bot.conversation.parts import Parts
from bot.errors import BotError, Conflict
from bot.kb.label_store import LabelStore, Wanted
from bot.kb.labels import Label, LabelState
from bot.kb.learner import Learner, LearningState
from bot.kb.promise import Quality
from bot.kb.store import ArticleStore
from handoff.model import Assignee

PAGE = 50

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A label as a screen shows it. `title`: of its article, empty when there is none any more; `rivals`: labels of the
    same words that a doubtful one contradicts, each with its article's title."""

    label: Label
    title: str
    rivals: Sequence[tuple[Label, str]] = ()


class Review:
    """Every decision is written to the audit log."""

    def __init__(self, parts: Parts, learner: Learner) -> None:
        self._parts, self._learner = parts, learner
        self._labels, self._articles = LabelStore(), ArticleStore()
        self._learning: set[asyncio.Task[None]] = set()

    async def labels(self, wanted: Wanted, before: int | None) -> tuple[list[Reviewed], int | None]:
        """The newest first, at most PAGE, and where the next page begins."""

        def work(tx: Connection) -> tuple[list[Reviewed], int | None]:
            found = self._labels.page(tx, wanted, before, PAGE + 1)
            rows = [self._reviewed(tx, label) for label in found[:PAGE]]
            return rows, found[PAGE - 1].id if len(found) > PAGE else None

        return await self._parts.database.read(work)

    async def set_state(self, by: Operator, label_id: int, state: LabelState) -> Reviewed:
        """Keeps, removes or restores a label. Raises NotFound `label_unknown`."""

        def work(tx: Connection) -> Reviewed:
            label = self._labels.set_state(tx, label_id, state, by.login, self._parts.clock())
            detail = {"title": label.text[:100], "article": label.article or "", "lang": label.lang}
            self._audit(tx, by, f"label_{state.value}", ("label", str(label_id)), detail)
            return self._reviewed(tx, label)

        return await self._parts.database.write(work)

    async def state(self, lang: str) -> LearningState:
        """What has been learned and how well it does."""
        return await self._learner.state(lang)

    async def preview(self, lang: str, share: float) -> Quality:
        """What another limit would do. Raises BadRequest `max_wrong_invalid`."""
        return await self._learner.preview(lang, share)

    async def set_max_wrong(self, by: Operator, share: float) -> None:
        """Raises BadRequest `max_wrong_invalid`."""
        before = await self._learner.max_wrong()
        await self._learner.set_max_wrong(share, by.login)
        detail = {"max_wrong": f"{before:.1%} → {share:.1%}"}
        await self._note(by, "max_wrong_changed", ("learning", "max_wrong"), detail)

    async def learn(self, by: Operator, lang: str) -> None:
        """Begins a cycle and returns. Raises Conflict `learning_busy`."""
        if self._learning or (await self._learner.state(lang)).learning_now:
            raise Conflict("The bot is learning already.", "learning_busy")
        task = asyncio.create_task(self._learn(lang))
        self._learning.add(task)
        task.add_done_callback(self._learning.discard)
        await self._note(by, "learning_started", ("learning", lang), {})

    async def roll_back(self, by: Operator, lang: str, version: int | None) -> None:
        """To an earlier or later version; None: to what the product came with. Raises NotFound `version_unknown`,
        Conflict `version_outdated`."""
        if version is None:
            await self._learner.reset(lang, by.login)
        else:
            await self._learner.roll_back(version, by.login)
        await self._note(by, "learning_rolled_back", ("learning", lang), {"number": str(version or 0)})

    async def close(self) -> None:
        """Waits for a cycle that was begun here."""
        await asyncio.gather(*self._learning, return_exceptions=True)

    async def _learn(self, lang: str) -> None:
        try:
            await self._learner.learn(lang)
        except BotError as error:
            log.warning("learning_postponed", code=error.code)

    def _reviewed(self, tx: Connection, label: Label) -> Reviewed:
        doubtful = label.state is LabelState.DOUBTFUL
        rivals = self._labels.rivals(tx, label) if doubtful else []
        return Reviewed(label, self._title(tx, label), [(rival, self._title(tx, rival)) for rival in rivals])

    def _title(self, tx: Connection, label: Label) -> str:
        article = self._articles.published_one(tx, label.article, label.lang) if label.article else None
        return article.title if article else ""

    def _audit(self, tx: Connection, by: Operator, act: str, about: tuple[str, str], detail: dict[str, str]) -> None:
        self._parts.desk.audit(tx, Assignee(by.id, by.name), act, about, detail)

    async def _note(self, by: Operator, act: str, about: tuple[str, str], detail: dict[str, str]) -> None:
        await self._parts.database.write(lambda tx: self._audit(tx, by, act, about, detail))
