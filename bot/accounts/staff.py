"""Who works here: adding people, changing their roles, switching them off, giving them new passwords."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from bot.accounts.model import Changes, Operator, Role, refusal
from bot.accounts.passwords import Passwords, new_password
from bot.accounts.store import AccountStore
from bot.clock import Clock, now
from bot.errors import BadRequest, Conflict, Forbidden, NotFound
from bot.storage.database import Database

Audit = Callable[[Connection, Operator, str, tuple[str, str], dict[str, Any]], None]
"""Writes down who did what to (kind, id) of an object, with its particulars, in the transaction of the deed."""

REFUSALS = {
    "owner_only": "Only an owner may make, change or switch off an owner.",
    "own_role": "Nobody gives themselves more rights: ask a colleague who has them.",
}


def unheard(tx: Connection, actor: Operator, act: str, about: tuple[str, str], detail: dict[str, Any]) -> None:
    """The audit log of a room that has none."""


class Staff:
    """Changes to people. Who loses rights loses their sessions too: the keys returned name them, see `web.login`."""

    def __init__(self, database: Database, clock: Clock = now, audit: Audit = unheard) -> None:
        self._database = database
        self._store = AccountStore()
        self._now = clock
        self._audit = audit
        self._passwords = Passwords()

    async def operators(self) -> list[Operator]:
        """Everybody who can sign in or could once, by login."""
        return await self._database.read(self._store.everybody)

    async def add_operator(
        self, login: str, name: str, role: Role, password: str | None = None, *, by: Operator | None = None
    ) -> tuple[Operator, str]:
        """The new operator and their password, made here when none is given. `by` None: the command line.

        Raises BadRequest `password_weak`, `login_invalid` or `name_invalid`, Conflict `login_taken`, Forbidden
        `owner_only`.
        """
        password = new_password() if password is None else password
        operator = Operator(uuid4().hex, checked_login(login), checked_name(name), role)
        if by is not None:
            _refuse(refusal(by, operator, operator))
        password_hash = await self._passwords.hash(password)

        def work(tx: Connection) -> None:
            if self._store.credentials(tx, operator.login) is not None:
                raise Conflict("An operator with this login exists already. Choose another login.", "login_taken")
            self._store.add(tx, operator, password_hash, self._now())
            if by is not None:
                detail = {"login": operator.login, "name": operator.name, "role": role.value}
                self._audit(tx, by, "person_added", ("person", operator.id), detail)

        await self._database.write(work)
        return operator, password

    def change(self, tx: Connection, by: Operator, operator_id: str, changes: Changes) -> tuple[Operator, list[str]]:
        """The person as they are now and the keys of the sessions that have ended, in the caller's transaction.

        Raises NotFound `operator_unknown`, Forbidden `owner_only` or `own_role`, Conflict `last_owner`, BadRequest
        `name_invalid`.
        """
        operator = self._known(tx, operator_id)
        after = replace(
            operator,
            name=operator.name if changes.name is None else checked_name(changes.name),
            role=operator.role if changes.role is None else changes.role,
            active=operator.active if changes.active is None else changes.active,
        )
        if after == operator:
            return operator, []
        _refuse(refusal(by, operator, after))
        self._keep_an_owner(tx, operator, after)
        self._store.change(tx, after)
        self._audit(tx, by, "person_changed", ("person", operator.id), _difference(operator, after))
        weaker = after.permissions != operator.permissions
        return after, self._store.end_sessions(tx, operator.id) if weaker else []

    async def reset_password(self, by: Operator, operator_id: str) -> tuple[str, list[str]]:
        """A new password, shown once, and the keys of the sessions that have ended. Raises as `change`."""
        password = new_password()
        password_hash = await self._passwords.hash(password)

        def work(tx: Connection) -> list[str]:
            operator = self._known(tx, operator_id)
            _refuse(refusal(by, operator, operator))
            self._store.rehash(tx, operator_id, password_hash)
            self._audit(tx, by, "password_reset", ("person", operator_id), {"login": operator.login})
            return self._store.end_sessions(tx, operator_id)

        return password, await self._database.write(work)

    def _known(self, tx: Connection, operator_id: str) -> Operator:
        operator = self._store.get(tx, operator_id)
        if operator is None:
            raise NotFound("There is no such person. Refresh the list.", "operator_unknown")
        return operator

    def _keep_an_owner(self, tx: Connection, operator: Operator, after: Operator) -> None:
        stays = after.active and after.role is Role.OWNER
        if operator.role is not Role.OWNER or not operator.active or stays:
            return
        if not any(
            one.active and one.role is Role.OWNER and one.id != operator.id for one in self._store.everybody(tx)
        ):
            raise Conflict("This is the last owner. Make somebody else an owner first.", "last_owner")


def normal_login(login: str) -> str:
    return unicodedata.normalize("NFKC", login).strip().casefold()[:100]


def checked_login(login: str) -> str:
    """Raises BadRequest `login_invalid`."""
    normal = normal_login(login)
    if not normal or any(character.isspace() or not character.isprintable() for character in normal):
        raise BadRequest("A login is 1 to 100 characters without spaces.", "login_invalid")
    return normal


def checked_name(name: str) -> str:
    """Raises BadRequest `name_invalid`."""
    stripped = name.strip()
    if not 1 <= len(stripped) <= 100 or not stripped.isprintable():
        raise BadRequest("A name is 1 to 100 characters; customers see it.", "name_invalid")
    return stripped


def _refuse(code: str) -> None:
    if code:
        raise Forbidden(REFUSALS[code], code)


def _difference(before: Operator, after: Operator) -> dict[str, Any]:
    """What has changed, as "before → after", for the audit log."""
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in ("name", "role", "active")}
    return {"login": before.login} | {name: f"{old} → {new}" for name, (old, new) in pairs.items() if old != new}
