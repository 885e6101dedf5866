"""What the desk does by the clock: silence, absence, promises, warnings, counters."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from bot.accounts.model import Role
from handoff.policy import DAYS, Calendar
from tests.waiting import until
from tests.web.house import House
from tests.web.shift import call_person, customer, press, set_rules, working
from tests.web.sockets import at_desk


async def test_a_silent_assignee_gives_the_ticket_up_and_the_customer_is_told(house: House) -> None:
    await set_rules(house, silent_minutes=5)
    async with working(house, "anna", "boris") as [anna, boris], customer(house) as visitor:
        await call_person(visitor)
        [ticket] = await house.rooms.conversations.tickets()
        await anna.act(ticket.id, "claim")
        house.rooms.clock.turn(minutes=5, seconds=1)
        for one in (anna, boris):
            await one.desk.send(type="beat")
        await until(lambda: seen_lately(house), "both to be seen")
        await house.rooms.conversations.sweeps.once()
        await visitor.until_row(kind="notice")
        await visitor.until_event("state", holder="queue", position=1)
        back = await boris.sees(ticket.id, returned=1)
        assert (back["status"], back["assignee"]) == ("queued", None)
        assert back["priority"] < ticket.priority, "it goes first now"
        await boris.desk.until_event("reminder", kind="returned")
        await boris.act(ticket.id, "claim")
        await visitor.until_event("state", holder="operator", operator="Boris")


async def seen_lately(house: House) -> bool:
    agents = await house.rooms.database.read(house.rooms.desk.agents)
    return all(agent.presence == "online" for agent in agents)


async def test_an_assignee_who_is_gone_gives_the_ticket_up_after_the_grace(house: House) -> None:
    async with working(house, "boris") as [boris], customer(house) as visitor:
        async with working(house, "anna") as [anna]:
            await call_person(visitor)
            [ticket] = await house.rooms.conversations.tickets()
            await anna.act(ticket.id, "claim")
        await until(lambda: left(house, "Anna"), "Anna's page to be gone")
        await house.rooms.conversations.sweeps.once()
        assert (await house.rooms.conversations.ticket(ticket.id)).assignee, "a reload takes no longer than the grace"
        house.rooms.clock.turn(seconds=61)
        await boris.desk.send(type="beat")
        await house.rooms.conversations.sweeps.once()
        await boris.sees(ticket.id, status="queued", returned=1)
        told = await visitor.until_row(kind="notice")
        assert "другому специалисту" in told["text"]


def at_noon(house: House) -> datetime:
    """Turns the clock to the next noon, so that no test runs into midnight."""
    now = house.rooms.clock()
    ahead = (now.replace(hour=12, minute=0, second=0, microsecond=0) - now) % timedelta(days=1)
    house.rooms.clock.turn(seconds=ahead.total_seconds())
    return now + ahead


def day(opens: datetime, closes: datetime) -> Calendar:
    """Open between these moments of every day."""
    return Calendar("day", "Day", "UTC", dict.fromkeys(DAYS, ((f"{opens:%H:%M}", f"{closes:%H:%M}"),)))


async def test_at_opening_time_the_waiting_customer_hears_of_it_and_the_team_is_called(house: House) -> None:
    now = at_noon(house)
    await set_rules(house, calendar=day(now + timedelta(hours=1), now + timedelta(hours=9)))
    async with working(house, "anna") as [anna], customer(house) as visitor:
        await call_person(visitor)
        house.rooms.clock.turn(hours=1, seconds=1)
        await anna.desk.send(type="beat")
        await until(lambda: seen_lately(house), "Anna to be seen")
        for _ in range(2):
            await house.rooms.conversations.sweeps.once()
        told = await visitor.until_row(kind="notice")
        assert told["text"].startswith("Специалисты на месте: вы 1-й в очереди")
        await anna.desk.until_event("reminder", kind="new")
        house.rooms.clock.turn(minutes=1)
        await house.rooms.conversations.sweeps.once()
        [ticket] = await house.rooms.conversations.tickets()
        rows = await house.rooms.conversations.history(ticket.conversation_id)
        assert [row.kind.value for row in rows].count("notice") == 1


@pytest.mark.parametrize("answered", [True, False], ids=["answered", "waiting"])
async def test_after_hours_nobody_is_apologised_to_and_nobody_is_called(house: House, answered: bool) -> None:
    now = at_noon(house)
    await set_rules(house, calendar=day(now - timedelta(hours=4), now + timedelta(minutes=1)))
    async with working(house, "boris") as [boris], customer(house) as visitor:
        async with working(house, "anna") as [anna]:
            await call_person(visitor)
            [ticket] = await house.rooms.conversations.tickets()
            await anna.act(ticket.id, "claim")
            if answered:
                await anna.says(ticket.id, "готово")
        await until(lambda: left(house, "Anna"), "Anna's page to be gone")
        house.rooms.clock.turn(minutes=2)
        await boris.desk.send(type="beat")
        before = len(house.rooms.told.kept)
        await house.rooms.conversations.sweeps.once()
        back = await boris.sees(ticket.id, status="queued", returned=1)
        assert (back["priority"] < ticket.priority) is not answered
        assert house.rooms.told.kept[before:] == []
        rows = await house.rooms.conversations.history(ticket.conversation_id)
        notices = [row.text for row in rows if row.kind.value == "notice"]
        assert len(notices) == (not answered)
        assert all("вернутся" in text and "задержку" not in text for text in notices)


async def test_a_chosen_offline_outlives_a_dropped_socket(house: House) -> None:
    api = await house.operator("anna")

    async def shown() -> str:
        [agent] = await house.rooms.database.read(house.rooms.desk.agents)
        return agent.presence.value

    async with at_desk(house, api) as desk:
        await desk.send(type="presence", presence="offline")
        await until(lambda: is_now(shown, "offline"), "Anna to be offline")
    await until(lambda: left(house, "Anna"), "Anna's page to be gone")
    async with at_desk(house, api):
        assert not await left(house, "Anna")
        assert await shown() == "offline"
    await api.http.aclose()


async def is_now(ask: Callable[[], Awaitable[str]], wanted: str) -> bool:
    return await ask() == wanted


async def test_colleagues_see_who_has_gone(house: House) -> None:
    async with working(house, "boris") as [boris]:
        async with working(house, "anna"):
            await until(lambda: seen_lately(house), "both to be there")
        await until(lambda: left(house, "Anna"), "Anna's page to be gone")
        house.rooms.clock.turn(seconds=61)
        await boris.desk.send(type="beat")
        await house.rooms.conversations.sweeps.once()
        while True:
            told = await boris.desk.expect("agents")
            if {agent["name"]: agent["presence"] for agent in told["agents"]}.get("Anna") == "offline":
                return


async def left(house: House, name: str) -> bool:
    agents = await house.rooms.database.read(house.rooms.desk.agents)
    return any(agent.name == name and agent.left_at is not None for agent in agents)


async def test_a_promise_of_news_is_told_to_the_customer_and_reminds_the_operator_before_it_lapses(
    house: House,
) -> None:
    async with working(house, "anna") as [anna], customer(house, "en") as visitor:
        await call_person(visitor)
        [ticket] = await house.rooms.conversations.tickets()
        await anna.act(ticket.id, "claim")
        await anna.says(ticket.id, "I will look into it")
        at = house.rooms.clock() + timedelta(minutes=30)
        promised = await anna.act(ticket.id, "update", at=at.isoformat())
        assert promised["next_update_at"] == at.isoformat()
        assert "Anna will get back to you with news" in (await visitor.until_row(kind="notice"))["text"]
        house.rooms.clock.turn(minutes=28, seconds=1)
        await anna.desk.send(type="beat")
        await until(lambda: seen_lately(house), "Anna to be seen")
        await house.rooms.conversations.sweeps.once()
        await anna.desk.until_event("reminder", kind="update")


async def test_a_deadline_is_warned_of_before_it_is_missed_and_told_once(house: House) -> None:
    async with working(house, "anna") as [anna], customer(house) as visitor:
        await call_person(visitor)
        [ticket] = await house.rooms.conversations.tickets()
        row = await anna.sees(ticket.id)
        assert row["warn_at"] < row["due_at"]
        house.rooms.clock.turn(minutes=8)
        await anna.desk.send(type="beat")
        for _ in range(2):
            await house.rooms.conversations.sweeps.once()
        await anna.desk.until_event("reminder", kind="sla")
        house.rooms.clock.turn(minutes=3)
        await house.rooms.conversations.sweeps.once()
        await anna.desk.until_event("reminder", kind="breached")
        kinds = [event["kind"] for event in anna.desk.seen if event["type"] == "reminder"]
        assert kinds.count("sla") == 1


async def test_a_bad_rating_reaches_the_leads_and_marks_the_ticket(house: House) -> None:
    leads = working(house, "lena", role=Role.LEAD)
    async with working(house, "anna") as [anna], leads as [lena], customer(house) as visitor:
        await call_person(visitor)
        [ticket] = await house.rooms.conversations.tickets()
        await anna.act(ticket.id, "claim")
        await anna.act(ticket.id, "close", outcome="unsolved")
        await press(visitor, await visitor.until_row(kind="rating_request"), "rate1")
        reason = await visitor.until_row(text="Жаль, что так вышло. Что подвело?")
        await press(visitor, reason, "why_speed")
        rated = await house.rooms.conversations.ticket(ticket.id)
        assert (rated.rating, rated.rating_reason, "complaint" in rated.tags) == (1, "speed", True)
        await lena.desk.until_event("reminder", kind="rated")
        house.rooms.clock.turn(hours=2)
        await call_person(visitor)
        [again] = await house.rooms.conversations.tickets()
        assert again.mood == "annoyed"


async def test_who_shouts_is_handed_over_at_once_with_the_fewest_words_and_goes_first(house: House) -> None:
    async with working(house, "anna") as [anna], customer(house) as calm, customer(house) as angry:
        await call_person(calm)
        await angry.say("ОПЕРАТОРА!!!")
        told = await angry.until_row(kind="handoff")
        assert len(told["text"]) < len((await calm.until_row(kind="handoff"))["text"])
        assert not house.rooms.engine.turns
        first, second = await house.rooms.conversations.tickets()
        assert (first.mood, first.reason, first.conversation_id) == ("angry", "frustration", told["conversation"])
        assert first.priority < second.priority
        await anna.sees(first.id, mood="angry")


async def test_counters_follow_what_happens(house: House) -> None:
    async with working(house, "anna") as [anna]:
        welcome = next(event for event in anna.desk.seen if event["type"] == "welcome")
        assert (welcome["counts"]["bot"], welcome["counts"]["closed"]) == (0, 0)
        async with customer(house) as visitor:
            await visitor.say("hi")
            await anna.desk.until_event("counts", bot=1, closed=0)
            await call_person(visitor)
            await anna.desk.until_event("counts", bot=0, closed=0)
            [ticket] = await house.rooms.conversations.tickets()
            await anna.act(ticket.id, "claim")
            await anna.act(ticket.id, "close", outcome="solved")
            await anna.desk.until_event("counts", bot=1, closed=1)


async def test_a_mention_calls_the_colleague(house: House) -> None:
    async with working(house, "anna", "boris") as [anna, boris], customer(house) as visitor:
        await call_person(visitor)
        [ticket] = await house.rooms.conversations.tickets()
        path = f"/api/desk/conversations/{ticket.conversation_id}/notes"
        await anna.desk.send(type="watch", conversation=ticket.conversation_id)
        await anna.desk.until_event("messages", conversation=ticket.conversation_id)
        noted = await anna.api.post(path, {"cid": "note-cid-1", "text": "@boris взгляни, пожалуйста"})
        assert noted.status_code == 200, noted.text
        mention = await boris.desk.until_event("reminder", kind="mention")
        assert (mention["ticket"], "Anna" in mention["text"]) == (ticket.id, True)
        assert "взгляни" not in mention["text"]
        assert (await anna.desk.until_event("notes"))["notes"][0]["text"].startswith("@boris")
