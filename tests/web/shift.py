"""A few people at one desk: what the tests of a shift say and wait for, from outside."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from uuid import uuid4

from bot.accounts.model import Role
from bot.dialogue.model import Reply, Utterance
from handoff.model import Assignee
from handoff.policy import Calendar, Policy
from tests.web.house import House, OperatorClient
from tests.web.sockets import DeskClient, Event, Visitor, at_desk, visiting

LEAD = Assignee("lead", "Lead")
NEVER = Calendar("night", "Night", "Europe/Moscow", weekly={"mon": (("10:00", "10:30"),)})


@dataclass(slots=True)
class Person:
    """An operator at an open desk: the socket sees, the API acts."""

    api: OperatorClient
    desk: DeskClient

    async def act(self, ticket: str, name: str, status: int = 200, **body: object) -> Event:
        """One act on a ticket; fails the test unless it is answered with `status`."""
        answer = await self.api.post(f"/api/desk/tickets/{ticket}/{name}", body)
        assert answer.status_code == status, answer.text
        told: Event = answer.json()
        return told

    async def sees(self, ticket: str, **fields: object) -> Event:
        """The first row of this ticket with these fields, seen already or still to come."""
        rows = [event["ticket"] for event in self.desk.seen if event["type"] == "ticket"]
        while True:
            for row in rows:
                if row["id"] == ticket and all(row[name] == value for name, value in fields.items()):
                    return row  # type: ignore[no-any-return]
            rows = [(await self.desk.expect("ticket"))["ticket"]]

    async def says(self, ticket: str, text: str) -> None:
        await self.act(ticket, "messages", cid=uuid4().hex, text=text)


@asynccontextmanager
async def working(house: House, *logins: str, role: Role = Role.OPERATOR) -> AsyncIterator[list[Person]]:
    """These operators, each at an open desk."""
    async with AsyncExitStack() as stack:
        people = []
        for login in logins:
            api = await house.operator(login, role)
            stack.push_async_callback(api.http.aclose)
            people.append(Person(api, await stack.enter_async_context(at_desk(house, api))))
        yield people


@asynccontextmanager
async def customer(house: House, lang: str = "ru") -> AsyncIterator[Visitor]:
    async with visiting(house) as visitor:
        await visitor.hello(lang=lang)
        yield visitor


async def call_person(visitor: Visitor) -> None:
    """Presses the always visible control and waits until it is confirmed."""
    cid = uuid4().hex
    await visitor.send(type="person", cid=cid)
    await visitor.until_event("ack", cid=cid)


async def press(visitor: Visitor, row: Event, button: str) -> None:
    cid = uuid4().hex
    await visitor.send(type="press", cid=cid, seq=row["seq"], button=button)
    await visitor.until_event("ack", cid=cid)


async def set_rules(house: House, **changes: object) -> Policy:
    """Changes the only group, or whatever else is named; `calendar` is a Calendar for it."""
    database, desk = house.rooms.database, house.rooms.desk
    policy = await database.read(desk.policy)
    calendar = changes.pop("calendar", None)
    group = replace(policy.groups[0], **changes)  # type: ignore[arg-type]
    if isinstance(calendar, Calendar):
        group = replace(group, calendar=calendar.id)
        policy = replace(policy, calendars=(*policy.calendars, calendar))
    changed = replace(policy, groups=(group, *policy.groups[1:]))
    return await database.write(lambda tx: desk.set_policy(tx, changed, LEAD))


def says(text: str, intent: str = "ask_router") -> Reply:
    """What a scripted engine answers."""
    return Reply((Utterance(text),), intent, 0.9)
