"""The operators' side over real HTTP and sockets: the queue, claiming, writing, closing, and the life of a session."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.accounts.model import Role
from bot.accounts.store import operators, sessions
from bot.clock import now
from bot.dialogue.model import Reply, Utterance
from tests.web.house import House, Rooms, quick, serve
from tests.web.sockets import Visitor, at_desk, incoming, visiting


async def handed_over(house: House, visitor: Visitor, words: str = "human") -> str:
    """The visitor asks for a person; returns the ticket's id."""
    await visitor.hello()
    await visitor.say("router")
    await visitor.until_row(seq=2)
    await visitor.say(words)
    await visitor.until_row(kind="handoff")
    return (await house.rooms.conversations.tickets())[-1].id


async def test_the_road_from_handoff_to_the_bots_return(house: House) -> None:
    anna = await house.operator("anna")
    async with visiting(house) as visitor, at_desk(house, anna) as desk:
        ticket = await handed_over(house, visitor)
        seen = (await desk.expect("ticket"))["ticket"]
        assert (seen["id"], seen["status"], seen["reason"], seen["subject"]) == (ticket, "queued", "asked", "human")

        detail = (await anna.get(f"/api/desk/tickets/{ticket}")).json()
        assert [row["author"] for row in detail["messages"]] == ["customer", "bot", "customer", "system"]
        assert detail["messages"][1]["evidence"]["verdict"] == "sure"
        assert detail["messages"][0]["evidence"] is None
        assert detail["tried"][0]["article"] == "router-reset"

        claimed = await anna.post(f"/api/desk/tickets/{ticket}/claim")
        assert claimed.status_code == 200
        assert claimed.json()["assignee_name"] == "Anna"
        await visitor.until_event("state", holder="operator", operator="Anna")
        await desk.expect("ticket")

        await desk.send(type="watch", conversation=seen["conversation"], after=4)
        await desk.expect("messages", conversation=seen["conversation"])
        await desk.send(type="typing", conversation=seen["conversation"])
        await visitor.expect("typing", who="operator", name="Anna")
        said = await anna.post(f"/api/desk/tickets/{ticket}/messages", {"cid": "cid-anna-1", "text": "Здравствуйте!"})
        row = await visitor.until_row(cid="cid-anna-1")
        assert (row["author"], row["author_name"], row["seq"]) == ("operator", "Anna", said.json()["seq"])

        await visitor.send(type="typing")
        await desk.expect("typing", who="customer")
        closed = await anna.post(f"/api/desk/tickets/{ticket}/close", {"outcome": "solved"})
        assert closed.json()["status"] == "closed"
        await visitor.until_event("state", holder="bot")
        await desk.expect("ticket")
        rating = await visitor.until_row(kind="rating_request")
        await visitor.send(type="press", cid="cid-rating", seq=rating["seq"], button=rating["buttons"][0]["id"])
        await visitor.expect("ack", cid="cid-rating")
        await visitor.send(type="press", cid="cid-rating-2", seq=rating["seq"], button=rating["buttons"][1]["id"])
        assert (await visitor.expect("refused", cid="cid-rating-2"))["code"] == "already_rated"
        house.rooms.engine.script["thanks"] = lambda: Reply((Utterance("You are welcome"),), "thank", 0.9)
        await visitor.say("thanks")
        await visitor.until_row(text="You are welcome")
    await anna.http.aclose()


async def test_of_fifty_operators_who_claim_at_once_one_wins(house: House) -> None:
    crowd = [await house.operator(f"operator{number}") for number in range(50)]
    async with visiting(house) as visitor:
        ticket = await handed_over(house, visitor)
    answers = await asyncio.gather(*(one.post(f"/api/desk/tickets/{ticket}/claim") for one in crowd))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 49
    winner = next(answer.json()["assignee_name"] for answer in answers if answer.status_code == 200)
    losers = [answer.json() for answer in answers if answer.status_code == 409]
    assert {answer["code"] for answer in losers} == {"already_claimed"}
    assert all(winner in answer["text"] for answer in losers)
    for one in crowd:
        await one.http.aclose()


async def test_only_the_assignee_writes_and_gives_back(house: House) -> None:
    anna, boris = await house.operator("anna"), await house.operator("boris")
    async with visiting(house) as visitor:
        ticket = await handed_over(house, visitor)
        body = {"cid": "cid-boris-1", "text": "I was not asked"}
        unclaimed = await boris.post(f"/api/desk/tickets/{ticket}/messages", body)
        await anna.post(f"/api/desk/tickets/{ticket}/claim")
        for path, sent in (("messages", body), ("give-back", {}), ("close", {"outcome": "solved"})):
            refused = await boris.post(f"/api/desk/tickets/{ticket}/{path}", sent)
            assert (refused.status_code, refused.json()["code"]) == (403, "not_your_ticket")
        assert unclaimed.json()["code"] == "not_your_ticket"
        assert (await anna.post(f"/api/desk/tickets/{ticket}/give-back")).json()["status"] == "queued"
        assert (await boris.post(f"/api/desk/tickets/{ticket}/claim")).status_code == 200
    await anna.http.aclose()
    await boris.http.aclose()


async def test_the_same_cid_over_http_is_one_message(house: House) -> None:
    anna = await house.operator("anna")
    async with visiting(house) as visitor:
        ticket = await handed_over(house, visitor)
        await anna.post(f"/api/desk/tickets/{ticket}/claim")
        body = {"cid": "cid-anna-twice", "text": "once"}
        answers = [(await anna.post(f"/api/desk/tickets/{ticket}/messages", body)).json() for _ in range(2)]
        assert answers[0] == answers[1]
    await anna.http.aclose()


@pytest.mark.parametrize("path", ["", "/claim", "/give-back", "/messages", "/close"])
async def test_an_unknown_ticket_is_unknown_everywhere(house: House, path: str) -> None:
    anna = await house.operator("anna")
    where = f"/api/desk/tickets/no-such-ticket{path}"
    body = {"cid": "cid-unknown", "text": "x"} if path == "/messages" else {}
    answer = await anna.post(where, body) if path else await anna.get(where)
    assert (answer.status_code, answer.json()["code"]) == (404, "ticket_unknown")
    await anna.http.aclose()


async def test_a_watched_conversation_is_told_from_the_cursor_and_replaced_by_the_next(house: House) -> None:
    anna = await house.operator("anna")
    async with visiting(house) as one, visiting(house) as two, at_desk(house, anna) as desk:
        await handed_over(house, one)
        await handed_over(house, two)
        first, second = one.rows()[1]["conversation"], two.rows()[1]["conversation"]
        for ticket in await house.rooms.conversations.tickets():
            await desk.until_ticket(ticket.id)
        await desk.send(type="watch", conversation=first, after=2)
        told = await desk.expect("messages", conversation=first)
        assert [row["seq"] for row in told["messages"]] == [3, 4]
        await desk.send(type="watch", conversation=second)
        await desk.expect("messages", conversation=second)
        await one.say("not watched any more")
        await two.say("watched")
        seen = await desk.expect("messages")
        assert (seen["conversation"], seen["messages"][0]["text"]) == (second, "watched")
        await desk.send(type="unwatch")
        await desk.send(type="watch", conversation="no-such-conversation")
        assert (await desk.expect("error"))["code"] == "conversation_unknown"
    await anna.http.aclose()


async def test_typing_in_somebody_elses_ticket_is_refused(house: House) -> None:
    anna = await house.operator("anna")
    async with visiting(house) as visitor, at_desk(house, anna) as desk:
        await handed_over(house, visitor)
        await desk.send(type="typing", conversation=visitor.rows()[1]["conversation"])
        assert (await desk.expect("error"))["code"] == "not_your_ticket"
    await anna.http.aclose()


async def test_a_desk_that_missed_rings_catches_up_by_itself(behind: Rooms) -> None:
    async with serve(behind, quick(resync=0.05)) as house:
        anna = await house.operator("anna")
        async with visiting(house) as visitor:
            ticket = await handed_over(house, visitor)
            async with at_desk(house, anna) as desk:
                publish, behind.bus.publish = behind.bus.publish, _silence  # type: ignore[method-assign]
                operator = (await behind.accounts.operators())[0]
                await behind.conversations.accept(ticket, operator)
                assert (await desk.expect("ticket"))["ticket"]["status"] == "claimed"
                conversation = visitor.rows()[1]["conversation"]
                await behind.conversations.receive(conversation, incoming("unheard"))
                await visitor.until_row(text="unheard")
                behind.bus.publish = publish  # type: ignore[method-assign]
        await anna.http.aclose()


async def test_signing_out_closes_the_desk_at_once(house: House) -> None:
    anna = await house.operator("anna")
    async with at_desk(house, anna) as desk:
        assert (await anna.post("/api/desk/logout")).status_code == 204
        assert await desk.closed() == 4401
    assert (await anna.get("/api/desk/me")).status_code == 204
    assert (await anna.get("/api/desk/tickets")).status_code == 401
    await anna.http.aclose()


@pytest.mark.parametrize("how", ["switched off", "expired", "role changed"])
async def test_a_session_that_ends_elsewhere_closes_the_desk_at_the_next_look(behind: Rooms, how: str) -> None:
    async with serve(behind, quick(session=0.05)) as house:
        anna = await house.operator("anna")
        async with at_desk(house, anna) as desk:
            change = {
                "switched off": update(operators).values(active=False),
                "expired": update(sessions).values(seen_at=now() - timedelta(hours=13)),
                "role changed": update(operators).values(role=Role.EDITOR.value),
            }[how]
            await behind.database.write(lambda tx: tx.execute(change))
            assert await desk.closed() == 4401
        await anna.http.aclose()


async def test_a_desk_at_work_does_not_prolong_an_idle_session(behind: Rooms) -> None:
    async with serve(behind, quick(session=0.01)) as house:
        anna = await house.operator("anna")
        half_idle = now() - timedelta(hours=6)
        await behind.database.write(lambda tx: tx.execute(update(sessions).values(seen_at=half_idle)))
        async with at_desk(house, anna) as desk:
            for _ in range(20):
                await desk.send(type="ping")
                await desk.expect("pong")
        await anna.http.aclose()


async def test_an_operators_nonsense_is_answered_and_at_last_closed_upon(house: House) -> None:
    anna = await house.operator("anna")
    async with at_desk(house, anna) as desk:
        await desk.socket.send("nonsense")
        assert (await desk.expect("error"))["code"] == "invalid_json"
        for _ in range(30):
            await desk.send(type="hello", v=1)
        assert await desk.closed() == 1008
    await anna.http.aclose()


async def _silence(topic: str, ring: dict[str, object]) -> None:
    """A bus that lost everything."""
