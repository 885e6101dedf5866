"""Errands survive what happens to us and to others: restarts, dead hosts, two carriers of one errand."""

import asyncio
from datetime import timedelta

from bot.notices.model import Errand, Later, Undeliverable, Way
from bot.notices.service import NOTICE_PATIENCE, PARCEL_PATIENCE
from bot.notices.store import LEASE, ErrandStore
from bot.notices.webhook import Webhook
from tests.unit.notices.conftest import Office
from tests.unit.notices.outside import Tracker
from tests.waiting import until


class Moody:
    """A carrier that does what the test says; it remembers every attempt."""

    def __init__(self, *moods: Exception) -> None:
        self.moods, self.attempts, self.given_up = list(moods), 0, list[str]()

    async def carry(self, errand: Errand) -> None:
        self.attempts += 1
        if self.moods:
            raise self.moods.pop(0)

    async def gave_up(self, errand: Errand, why: str) -> None:
        self.given_up.append(why)


async def _linked(office: Office, carrier: Moody) -> None:
    office.courier.employ(Way.TELEGRAM, carrier)
    assert await office.courier.link(await office.courier.link_code("anna"), 7)
    await office.need()


async def test_an_errand_without_a_carrier_waits_for_one(office: Office) -> None:
    assert await office.courier.link(await office.courier.link_code("anna"), 7)
    office.start()
    await office.need()
    await asyncio.sleep(0)
    assert [state for _, state, _ in await office.states()] == ["pending"]
    carrier = Moody()
    office.courier.employ(Way.TELEGRAM, carrier)
    await until(lambda: carrier.attempts == 1, "the carrier")


async def test_what_breaks_in_a_carrier_is_tried_again_and_at_last_given_up_once(office: Office) -> None:
    carrier = Moody(*[RuntimeError("broken")] * 50)
    await _linked(office, carrier)
    office.start()
    for attempt in range(1, 9):
        await until(lambda wanted=attempt: carrier.attempts == wanted, f"attempt {attempt}")  # type: ignore[misc]
        await office.idle()
        office.pass_time(hours=1)
    await until(lambda: bool(carrier.given_up), "the end of patience")
    assert carrier.given_up == ["RuntimeError"]
    assert await office.states() == [("telegram", "dead", "RuntimeError")]


async def test_what_cannot_be_delivered_is_not_tried_twice(office: Office) -> None:
    carrier = Moody(Undeliverable("blocked"))
    await _linked(office, carrier)
    office.start()
    await until(lambda: bool(carrier.given_up), "the end")
    assert (carrier.attempts, await office.states()) == (1, [("telegram", "dead", "blocked")])


async def test_an_errand_whose_carrier_died_is_anybodys_after_its_lease(office: Office) -> None:
    store, ways = ErrandStore(), (Way.TELEGRAM,)
    await _linked(office, Moody())
    first = await office.database.write(lambda tx: store.claim(tx, office.time, ways, 5))
    assert await office.database.write(lambda tx: store.claim(tx, office.time, ways, 5)) == []
    office.pass_time(seconds=LEASE.total_seconds() + 1)
    second = await office.database.write(lambda tx: store.claim(tx, office.time, ways, 5))
    assert [errand.attempts for errand in (*first, *second)] == [1, 2]
    assert not await office.database.write(lambda tx: store.settle(tx, first[0], "dead", why="too late to say"))
    assert await office.database.write(lambda tx: store.settle(tx, second[0], "sent"))


async def test_a_code_ties_one_chat_once_and_not_after_its_hour(office: Office) -> None:
    code = await office.courier.link_code("anna")
    assert await office.courier.link_code("anna") == code
    assert await office.courier.link(code, 7)
    assert not await office.courier.link(code, 8)
    late = await office.courier.link_code("boris")
    office.pass_time(minutes=61)
    assert not await office.courier.link(late, 9)
    assert not await office.courier.link("", 9)
    assert await office.courier.linked() == {"anna"}


async def test_a_chat_belongs_to_one_operator(office: Office) -> None:
    for name in ("anna", "boris"):
        assert await office.courier.link(await office.courier.link_code(name), 7)
    assert (await office.courier.chat("anna"), await office.courier.chat("boris")) == (None, 7)


def test_patience_grows_and_ends() -> None:
    for patience, total in ((NOTICE_PATIENCE, timedelta(hours=1)), (PARCEL_PATIENCE, timedelta(hours=24))):
        waits, attempt = list[float](), 1
        while (wait := patience.next(attempt)) is not None:
            waits.append(wait)
            attempt += 1
        assert len(waits) > 5
        assert timedelta(minutes=3) < timedelta(seconds=sum(waits)) < total


async def test_a_parcel_is_packed_anew_for_every_attempt_and_its_answer_handed_back(office: Office) -> None:
    tracker = Tracker(f"{office.outside.url}/issues")
    office.courier.employ(Way.WEBHOOK, Webhook(office.post, tracker))
    office.outside.answers += [(503, {}, b""), (201, {}, b'{"number": 8}')]
    await office.database.write(lambda tx: office.courier.ship(tx, "issue-1"))
    office.start()
    await until(lambda: len(office.outside.got) == 1, "the first attempt")
    await office.idle()
    office.pass_time(seconds=6)
    await until(lambda: bool(tracker.answers), "the answer")
    assert [received.headers["webhook-signature"] for received in office.outside.got] == ["v1,1", "v1,2"]
    target, answer = tracker.answers[0]
    assert (target, answer.status, answer.body) == ("issue-1", 201, b'{"number": 8}')


async def test_a_tracker_that_says_no_is_told_of_at_once(office: Office) -> None:
    tracker = Tracker(f"{office.outside.url}/issues")
    office.courier.employ(Way.WEBHOOK, Webhook(office.post, tracker))
    office.outside.answers.append((422, {}, b"title is missing"))
    await office.database.write(lambda tx: office.courier.ship(tx, "issue-1"))
    office.start()
    await until(lambda: bool(tracker.failures), "the refusal")
    assert tracker.failures == [("issue-1", "HTTP 422: title is missing")]


async def test_nothing_is_posted_for_what_is_gone(office: Office) -> None:
    tracker = Tracker(f"{office.outside.url}/issues", gone=True)
    office.courier.employ(Way.WEBHOOK, Webhook(office.post, tracker))
    await office.database.write(lambda tx: office.courier.ship(tx, "issue-1"))
    office.start()

    async def done() -> bool:
        return await office.states() == [("webhook", "sent", "")]

    await until(done, "the errand to end")
    assert office.outside.got == []


async def test_later_may_ask_for_more_time_than_our_own_patience(office: Office) -> None:
    carrier = Moody(Later("busy", 1_000))
    await _linked(office, carrier)
    office.start()

    async def back() -> bool:
        return ("telegram", "pending", "busy") in await office.states()

    await until(back, "the errand to be put back")
    office.pass_time(seconds=999)
    assert await office.courier._claim() == []
    office.pass_time(seconds=2)
    await until(lambda: carrier.attempts == 2, "the second attempt")
