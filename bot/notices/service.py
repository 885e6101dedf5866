"""The errands: keeps them in the transaction that caused them and carries them out until they are done or dead."""

import asyncio
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import structlog
from sqlalchemy import Connection
from tenacity import RetryCallState, stop_after_attempt, wait_exponential, wait_exponential_jitter
from tenacity.stop import stop_base
from tenacity.wait import wait_base

from bot.clock import Clock
from bot.errors import BadRequest
from bot.notices.model import (
    Carrier,
    Errand,
    Later,
    Notice,
    PushSubscription,
    Undeliverable,
    Way,
    Whereabouts,
)
from bot.notices.push import Push
from bot.notices.store import ErrandStore, ReachStore
from bot.notices.webhook import INTERNET, Post, Reach, judge
from bot.storage.database import Database

log = structlog.get_logger(__name__)

POLL = 0.5
"""Seconds between two looks at the table; an indexed one-row query."""

AT_ONCE = 20
CODE_LIFETIME = timedelta(hours=1)
REMEMBER = timedelta(days=14)
FORGET_EVERY = timedelta(hours=6)
NOTHING = Notice("", "", "", 0, "", "", "")
GONE = frozenset({404, 410})
"""What a push service answers for a browser that no longer wants to be told."""


@dataclass(frozen=True, slots=True)
class Patience:
    """When the next attempt is due, and after how many nothing more is tried."""

    wait: wait_base
    stop: stop_base

    def next(self, attempts: int) -> float | None:
        """Seconds to the next attempt after `attempts`, None when it was the last."""
        state = RetryCallState(cast(Any, None), None, (), {})
        state.attempt_number = attempts
        return None if self.stop(state) else self.wait(state)


# A notice is worth nothing an hour later; a bug report is worth a day of a tracker's illness.
NOTICE_PATIENCE = Patience(wait_exponential_jitter(multiplier=2, max=300, jitter=1), stop_after_attempt(8))
PARCEL_PATIENCE = Patience(wait_exponential(multiplier=5, max=7_200), stop_after_attempt(20))
PATIENCE = {Way.PUSH: NOTICE_PATIENCE, Way.TELEGRAM: NOTICE_PATIENCE, Way.WEBHOOK: PARCEL_PATIENCE}


class Errands:
    """Implements Notices. `whereabouts`: who sits before the desk; ways without a carrier wait for one."""

    def __init__(
        self, database: Database, clock: Clock, whereabouts: Whereabouts, browsers: "Browsers | None" = None
    ) -> None:
        self._database, self._now, self._whereabouts, self._browsers = database, clock, whereabouts, browsers
        self._errands, self._reach = ErrandStore(), ReachStore()
        self._carriers: dict[Way, Carrier] = {Way.PUSH: browsers} if browsers else {}
        self._going: set[int] = set()
        self.telegram_bot = ""
        """The bot's name in Telegram while that channel runs, for links that open it."""

    @property
    def push_key(self) -> str:
        """What browsers need to subscribe; "" where there is no push."""
        return self._browsers.key if self._browsers else ""

    def employ(self, way: Way, carrier: Carrier) -> None:
        self._carriers[way] = carrier

    def dismiss(self, way: Way) -> None:
        """Its errands wait from now on."""
        self._carriers.pop(way, None)

    def need(self, tx: Connection, notice: Notice) -> None:
        """Tells the operator in every way they have chosen, unless they sit before the desk."""
        if self._whereabouts(tx, notice.operator_id):
            return
        now, payload = self._now(), asdict(notice)
        for subscription in self._reach.subscriptions(tx, notice.operator_id):
            self._errands.add(tx, Way.PUSH, str(subscription.id), payload, now)
        if self._reach.chat(tx, notice.operator_id) is not None:
            self._errands.add(tx, Way.TELEGRAM, notice.operator_id, payload, now)

    def ship(self, tx: Connection, target: str) -> None:
        """Has the webhook's parcel `target` packed and sent; again, if it was sent or given up before."""
        self._errands.bury(tx, Way.WEBHOOK, target, "sent anew")
        self._errands.add(tx, Way.WEBHOOK, target, {}, self._now())

    async def subscribe(self, operator_id: str, endpoint: str, p256dh: str, auth: str) -> None:
        """Raises BadRequest `push_refused` for what can never be pushed to."""
        subscription = PushSubscription(0, operator_id, endpoint, p256dh, auth)
        if self._browsers is None or not self._browsers.accepts(subscription):
            raise BadRequest("This is not the push subscription of a browser.", "push_refused")
        await self._database.write(lambda tx: self._reach.subscribe(tx, subscription, self._now()))

    async def unsubscribe(self, operator_id: str, endpoint: str) -> None:
        await self._database.write(lambda tx: self._reach.unsubscribe(tx, operator_id, endpoint))

    async def ways(self, operator_id: str) -> frozenset[Way]:
        """How this operator can be told away from the desk."""

        def work(tx: Connection) -> frozenset[Way]:
            push = {Way.PUSH} if self._reach.subscriptions(tx, operator_id) else set()
            chat = {Way.TELEGRAM} if self._reach.chat(tx, operator_id) is not None else set()
            return frozenset(push | chat)

        return await self._database.read(work)

    async def link_code(self, operator_id: str) -> str:
        """A code for `/start op_<code>`: good for an hour, told again while it is good, spent by its first use."""

        def work(tx: Connection) -> str:
            now = self._now()
            code = self._reach.code(tx, operator_id, now)
            if not code:
                code = secrets.token_urlsafe(18)
                self._reach.set_code(tx, operator_id, code, now + CODE_LIFETIME)
            return code

        return await self._database.write(work)

    async def link(self, code: str, chat_id: int) -> bool:
        """Ties a chat to the operator who was given the code; False: the code is not good any more."""
        return await self._database.write(lambda tx: self._reach.link(tx, code, chat_id, self._now()) is not None)

    async def unlink(self, operator_id: str) -> None:
        await self._database.write(lambda tx: self._reach.unlink(tx, operator_id))

    async def chat(self, operator_id: str) -> int | None:
        return await self._database.read(lambda tx: self._reach.chat(tx, operator_id))

    async def linked(self) -> set[str]:
        """Operators who are told by Telegram."""
        return await self._database.read(self._reach.linked)

    def forget(self, tx: Connection, operator_id: str) -> None:
        """Whoever leaves the team is told nothing more."""
        self._reach.forget(tx, operator_id)

    async def run(self) -> None:
        """Carries what is due, for ever."""
        forget_at = self._now()
        async with asyncio.TaskGroup() as tasks:
            while True:
                for errand in await self._claim():
                    self._going.add(errand.id)
                    tasks.create_task(self._carry(errand))
                if self._now() >= forget_at:
                    await self._database.write(lambda tx: self._errands.forget(tx, self._now() - REMEMBER))
                    forget_at = self._now() + FORGET_EVERY
                await asyncio.sleep(POLL)

    async def _claim(self) -> list[Errand]:
        now, ways, room = self._now(), tuple(self._carriers), AT_ONCE - len(self._going)
        if room <= 0 or not await self._database.read(lambda tx: self._errands.any_due(tx, now, ways)):
            return []
        return await self._database.write(lambda tx: self._errands.claim(tx, now, ways, room))

    async def _carry(self, errand: Errand) -> None:
        try:
            await self._try(errand)
        except Exception:
            # The lease ends and the errand is tried again; one bad row must not stop the others.
            log.exception("errand_failed", errand=errand.id, way=errand.way.value)
        finally:
            self._going.discard(errand.id)

    async def _try(self, errand: Errand) -> None:
        carrier = self._carriers.get(errand.way)
        if carrier is None:
            await self._settle(errand, "pending", due_at=self._now())
            return
        try:
            await carrier.carry(errand)
        except Undeliverable as error:
            await self._bury(errand, carrier, error.why)
        except Later as error:
            await self._again(errand, carrier, error.why, error.seconds)
        except Exception as error:
            log.exception("errand_broke", errand=errand.id, way=errand.way.value)
            await self._again(errand, carrier, type(error).__name__, None)
        else:
            await self._settle(errand, "sent", why="")

    async def _again(self, errand: Errand, carrier: Carrier, why: str, seconds: float | None) -> None:
        wait = PATIENCE[errand.way].next(errand.attempts)
        if wait is None:
            await self._bury(errand, carrier, why)
            return
        due: datetime = self._now() + timedelta(seconds=max(wait, seconds or 0.0))
        await self._settle(errand, "pending", due_at=due, why=why)

    async def _bury(self, errand: Errand, carrier: Carrier, why: str) -> None:
        log.warning("errand_dead", errand=errand.id, way=errand.way.value, why=why)
        if await self._settle(errand, "dead", why=why):
            await carrier.gave_up(errand, why)

    async def _settle(self, errand: Errand, state: str, **values: Any) -> bool:
        return await self._database.write(lambda tx: self._errands.settle(tx, errand, state, **values))


class Browsers:
    """The way to operators' browsers."""

    def __init__(self, database: Database, push: Push, post: Post, reach: Reach = INTERNET) -> None:
        self._database, self._push, self._post, self._to = database, push, post, reach
        self._reach = ReachStore()
        self.key = push.key

    def accepts(self, subscription: PushSubscription) -> bool:
        """Whether anything could be sealed for it and posted to it."""
        try:
            self._post.check(subscription.endpoint, self._to)
            self._push.seal(subscription, NOTHING)
        except Undeliverable:
            return False
        return True

    async def carry(self, errand: Errand) -> None:
        number = int(errand.target)
        subscription = await self._database.read(lambda tx: self._reach.subscription(tx, number))
        if subscription is None:
            raise Undeliverable("the browser has been signed off")
        answer = await self._post.send(self._push.seal(subscription, Notice(**errand.payload)), self._to)
        if answer.status in GONE:
            await self._database.write(lambda tx: self._reach.drop_subscription(tx, number))
        judge(answer)

    async def gave_up(self, errand: Errand, why: str) -> None:
        """A notice lost has no one to be told; the log has it."""
