"""Ready answers for what comes every day: kept by leads and editors, counted when operators insert them."""

from dataclasses import dataclass, replace
from uuid import uuid4

from sqlalchemy import Connection

from bot.accounts.model import Operator
from bot.conversation.canned_store import CannedReply, CannedStore
from bot.conversation.parts import Parts
from bot.errors import Conflict, NotFound
from handoff.errors import GroupUnknown
from handoff.model import Assignee


@dataclass(frozen=True, slots=True)
class Wording:
    """What a person sets of a ready answer."""

    shortcut: str
    title: str
    ru: str
    en: str
    group: str = ""


class Canned:
    """Every change is written to the audit log in its own transaction."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._store = CannedStore()

    async def all(self) -> list[CannedReply]:
        """The most used first."""
        return await self._parts.database.read(self._store.all)

    async def add(self, by: Operator, wording: Wording) -> CannedReply:
        """Raises Conflict `shortcut_taken`, GroupUnknown."""
        fresh = CannedReply(uuid4().hex, "", "", "", "", "", self._parts.clock(), by.name)

        def work(tx: Connection) -> CannedReply:
            reply = self._worded(tx, fresh, by, wording)
            self._store.add(tx, reply)
            self._audit(tx, by, "canned_added", reply)
            return reply

        return await self._parts.database.write(work)

    async def change(self, by: Operator, reply_id: str, wording: Wording) -> CannedReply:
        """Raises NotFound `canned_unknown`, Conflict `shortcut_taken`, GroupUnknown."""

        def work(tx: Connection) -> CannedReply:
            reply = self._worded(tx, self._known(tx, reply_id), by, wording)
            self._store.change(tx, reply)
            self._audit(tx, by, "canned_changed", reply)
            return reply

        return await self._parts.database.write(work)

    async def remove(self, by: Operator, reply_id: str) -> None:
        """Raises NotFound `canned_unknown`."""

        def work(tx: Connection) -> None:
            reply = self._known(tx, reply_id)
            self._store.remove(tx, reply_id)
            self._audit(tx, by, "canned_removed", reply)

        await self._parts.database.write(work)

    async def used(self, reply_id: str) -> None:
        """Somebody has inserted it. Raises NotFound `canned_unknown`."""
        if not await self._parts.database.write(lambda tx: self._store.use(tx, reply_id)):
            raise _unknown()

    def _worded(self, tx: Connection, reply: CannedReply, by: Operator, wording: Wording) -> CannedReply:
        shortcut = wording.shortcut.casefold()
        groups = {group.id for group in self._parts.desk.policy(tx).groups}
        if wording.group and wording.group not in groups:
            raise GroupUnknown
        same = self._store.named(tx, shortcut, wording.group)
        if same is not None and same.id != reply.id:
            raise Conflict("There is a ready answer with this shortcut already. Choose another one.", "shortcut_taken")
        return replace(
            reply,
            shortcut=shortcut,
            title=wording.title.strip(),
            ru=wording.ru,
            en=wording.en,
            group=wording.group,
            changed_at=self._parts.clock(),
            changed_by=by.name,
        )

    def _known(self, tx: Connection, reply_id: str) -> CannedReply:
        reply = self._store.get(tx, reply_id)
        if reply is None:
            raise _unknown()
        return reply

    def _audit(self, tx: Connection, by: Operator, act: str, reply: CannedReply) -> None:
        detail = {"shortcut": reply.shortcut, "title": reply.title, "group": reply.group}
        self._parts.desk.audit(tx, Assignee(by.id, by.name), act, ("canned", reply.id), detail)


def _unknown() -> NotFound:
    return NotFound("There is no such ready answer. Refresh the list.", "canned_unknown")
