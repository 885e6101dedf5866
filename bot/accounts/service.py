"""Who is who: operators sign in with a password and get a session, visitors carry a signed token."""

import hashlib
import math
import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import Connection

from bot.accounts.model import Operator, Session
from bot.accounts.passwords import new_password
from bot.accounts.staff import Audit, Staff, normal_login, unheard
from bot.accounts.store import Attempts, Credentials, StoredSession
from bot.clock import Clock, now
from bot.errors import Forbidden, TooManyRequests, Unauthorised
from bot.storage.database import Database

__all__ = ["Accounts", "account_attempt", "address_attempt", "new_password", "token_hash"]

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
TOUCH_EVERY = timedelta(minutes=1)
"""A session's sliding end is written at most once a minute, so that reading a page is not a write."""

FREE_FAILS = 5
LONGEST_WAIT = 900
ADDRESS_FAILS = 20
ADDRESS_WINDOW = timedelta(minutes=1)
FORGET_FAILS = timedelta(hours=24)


class Accounts(Staff):
    """The use cases of the accounts room. `secret` signs visitor tokens; changing it makes every visitor a new one."""

    def __init__(self, database: Database, secret: str, clock: Clock = now, audit: Audit = unheard) -> None:
        super().__init__(database, clock, audit)
        self._tokens = URLSafeSerializer(secret, salt="visitor", signer_kwargs={"digest_method": hashlib.sha256})

    async def login(self, login: str, password: str, address: str) -> tuple[Session, str]:
        """A new session and its opaque token, which is not stored and cannot be shown again.

        An unknown login costs the same time as a wrong password. Raises Unauthorised `wrong_credentials`,
        TooManyRequests `login_throttled`.
        """
        account = normal_login(login)
        credentials = await self._database.write(lambda tx: self._reserve(tx, account, address))
        known = credentials if credentials is not None and credentials.operator.active else None
        right = await self._passwords.fits(known.password_hash if known else None, password)
        if known is None or not right:
            raise Unauthorised("The login or the password is wrong.", "wrong_credentials")
        fresh = await self._passwords.fresh(known.password_hash, password)
        return await self._database.write(lambda tx: self._start(tx, known, fresh, address))

    async def session(self, token: str, *, used: bool = True) -> Session | None:
        """The living session of this token; None once it has expired, was ended or its operator is switched off.

        Using it moves its idle end (12 h), never its absolute one (7 days); a mere look (`used` False) does not.
        """
        key = token_hash(token)
        stored = await self._database.read(lambda tx: self._store.session(tx, key))
        at = self._now()
        if stored is None or not stored.operator.active or _end(stored) <= at:
            return None
        if used and at - stored.seen_at >= TOUCH_EVERY:
            await self._database.write(lambda tx: self._store.touch(tx, key, at))
            stored = replace(stored, seen_at=at)
        return Session(stored.operator, stored.csrf, _end(stored))

    async def logout(self, token: str) -> None:
        await self._database.write(lambda tx: self._store.end_session(tx, token_hash(token)))

    async def change_password(self, token: str, operator: Operator, old: str, new: str) -> list[str]:
        """Gives the operator of this session another password; returns the keys of their other sessions, now ended.

        Wrong old passwords are counted as failed sign-ins. Raises BadRequest `password_weak`, Forbidden
        `wrong_password`, TooManyRequests `login_throttled`.
        """
        credentials = await self._database.write(lambda tx: self._count(tx, operator.login))
        if not await self._passwords.fits(credentials.password_hash if credentials else None, old):
            raise Forbidden("The old password is wrong.", "wrong_password")
        password_hash = await self._passwords.hash(new)

        def work(tx: Connection) -> list[str]:
            self._store.forget_attempts(tx, _account(operator.login))
            self._store.rehash(tx, operator.id, password_hash)
            self._audit(tx, operator, "password_changed", ("person", operator.id), {"login": operator.login})
            return self._store.end_sessions(tx, operator.id, but=token_hash(token))

        return await self._database.write(work)

    def new_visitor(self) -> tuple[str, str]:
        """A random 128-bit visitor id and the signed token that proves it; nothing is stored."""
        visitor_id = secrets.token_hex(16)
        return visitor_id, str(self._tokens.dumps(visitor_id))

    def visitor(self, token: str) -> str | None:
        """The visitor id of a token made here; None for anything else."""
        try:
            visitor_id = self._tokens.loads(token)
        except (BadData, UnicodeError):
            return None
        return visitor_id if isinstance(visitor_id, str) else None

    def _reserve(self, tx: Connection, account: str, address: str) -> Credentials | None:
        """Counts the attempt as failed before the password is looked at: parallel guesses cannot slip through."""
        at = self._now()
        self._store.forget_old_attempts(tx, at - FORGET_FAILS)
        for subject, next_attempt in ((_account(account), account_attempt), (_address(address), address_attempt)):
            self._store.keep_attempts(tx, subject, next_attempt(self._store.attempts(tx, subject), at))
        return self._store.credentials(tx, account)

    def _count(self, tx: Connection, login: str) -> Credentials | None:
        """As `_reserve`, for somebody who is signed in already."""
        subject = _account(login)
        self._store.keep_attempts(tx, subject, account_attempt(self._store.attempts(tx, subject), self._now()))
        return self._store.credentials(tx, login)

    def _start(self, tx: Connection, credentials: Credentials, fresh: str | None, address: str) -> tuple[Session, str]:
        at, operator = self._now(), credentials.operator
        self._store.forget_attempts(tx, _account(operator.login))
        counted = self._store.attempts(tx, _address(address))
        if counted is not None and counted.fails > 0:
            self._store.keep_attempts(tx, _address(address), replace(counted, fails=counted.fails - 1))
        if fresh is not None:
            self._store.rehash(tx, operator.id, fresh)
        self._store.forget_sessions(tx, seen_before=at - IDLE, created_before=at - ABSOLUTE)
        token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self._store.start_session(tx, token_hash(token), operator.id, csrf, at)
        return Session(operator, csrf, at + min(IDLE, ABSOLUTE)), token


def token_hash(token: str) -> str:
    """How a session token is stored: a stolen database holds no usable session."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def account_attempt(seen: Attempts | None, at: datetime) -> Attempts:
    """The attempts of an account with one more: from the fifth failure on each one doubles the wait, 1 s to 15 min.

    Raises TooManyRequests `login_throttled` while the wait lasts.
    """
    if seen is not None and at < seen.blocked_until:
        raise _throttled(seen.blocked_until - at)
    fails = 1 if seen is None else seen.fails + 1
    wait = 0 if fails < FREE_FAILS else min(LONGEST_WAIT, 2 ** min(fails - FREE_FAILS, 10))
    return Attempts(fails, at, at + timedelta(seconds=wait))


def address_attempt(seen: Attempts | None, at: datetime) -> Attempts:
    """The attempts of an address with one more: 20 failures a minute. Raises TooManyRequests `login_throttled`."""
    if seen is None or at >= seen.since + ADDRESS_WINDOW:
        return Attempts(1, at, at)
    if seen.fails >= ADDRESS_FAILS:
        raise _throttled(seen.since + ADDRESS_WINDOW - at)
    return replace(seen, fails=seen.fails + 1)


def _throttled(wait: timedelta) -> TooManyRequests:
    seconds = max(1, math.ceil(wait.total_seconds()))
    return TooManyRequests(f"Too many failed sign-ins. Try again in {seconds} s.", seconds, "login_throttled")


def _end(stored: StoredSession) -> datetime:
    return min(stored.seen_at + IDLE, stored.created_at + ABSOLUTE)


def _account(login: str) -> str:
    return f"login:{login}"


def _address(address: str) -> str:
    return f"address:{address}"[:160]
