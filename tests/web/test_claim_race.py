"""Two hundred operators claim one ticket at the same moment over real HTTP: one wins, 199 are told who did."""

import asyncio

from tests.web.house import House
from tests.web.shift import call_person, customer

CROWD = 200


async def test_of_two_hundred_claims_at_once_one_wins_and_the_rest_learn_who(house: House) -> None:
    crowd = [await house.operator(f"operator{number}") for number in range(CROWD)]
    async with customer(house) as visitor:
        await call_person(visitor)
        [ticket] = await house.rooms.conversations.tickets()
        answers = await asyncio.gather(*(one.post(f"/api/desk/tickets/{ticket.id}/claim") for one in crowd))
        won = [answer.json() for answer in answers if answer.status_code == 200]
        lost = [answer.json() for answer in answers if answer.status_code == 409]
        assert (len(won), len(lost)) == (1, CROWD - 1)
        assert {refusal["code"] for refusal in lost} == {"already_claimed"}
        winner = won[0]["assignee_name"]
        assert all(winner in refusal["text"] for refusal in lost)
        await visitor.until_row(kind="joined")
        assert [row["kind"] for row in visitor.rows().values()].count("joined") == 1
    held = await house.rooms.conversations.ticket(ticket.id)
    assert held.assignee is not None
    assert held.assignee.name == winner
    await asyncio.gather(*(one.http.aclose() for one in crowd))
