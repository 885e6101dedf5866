"""Playbooks as use cases: everybody at the desk reads them beside the dialog, a lead writes them."""

from sqlalchemy import Connection

from bot.accounts.model import Operator
from bot.accounts.staff import Audit, unheard
from bot.conversation.parts import Parts
from bot.conversation.playbook_store import Playbook, PlaybookStore


class Playbooks:
    """Whom to ask and what to do, by topic."""

    def __init__(self, parts: Parts, audit: Audit = unheard) -> None:
        self._database, self._now = parts.database, parts.clock
        self._store = PlaybookStore()
        self._audit = audit

    async def everything(self) -> list[Playbook]:
        return await self._database.read(self._store.everything)

    async def keep(self, by: Operator, playbook: Playbook) -> Playbook:
        """Replaces the topic's playbook; two empty texts remove it."""

        def work(tx: Connection) -> None:
            self._store.keep(tx, playbook, by.name, self._now())
            self._audit(tx, by, "playbook_changed", ("playbook", playbook.topic), {})

        await self._database.write(work)
        return playbook
