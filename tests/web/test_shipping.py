"""An issue on its whole way: filed at the desk, carried by the courier, taken by a tracker on a real socket."""

import asyncio
import json

from standardwebhooks import Webhook as Signature

from bot.accounts.model import Role
from bot.notices.model import Way
from bot.notices.webhook import Post, Webhook
from tests.web.house import House
from tests.web.sockets import at_desk, visiting

SECRET = "shared with the tracker"


class Tracker:
    """Takes one issue and keeps what it was sent."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.body = b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")[1:]
        self.headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head)}
        self.body = await reader.readexactly(int(self.headers["content-length"]))
        answer = b'{"id": "T-1", "url": "https://tracker.example/T-1"}'
        writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n%s" % (len(answer), answer))
        await writer.drain()
        writer.close()


async def test_a_filed_issue_reaches_the_tracker_signed_and_comes_back_with_its_address(house: House) -> None:
    olga, tracker, post = await house.operator("olga", Role.OWNER), Tracker(), Post()
    house.rooms.notices.employ(Way.WEBHOOK, Webhook(post, house.rooms.issues))
    courier = asyncio.create_task(house.rooms.notices.run())
    server = await asyncio.start_server(tracker.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    settings = {"template": "plain", "url": f"http://127.0.0.1:{port}/in", "secret": SECRET}
    assert (await olga.http.put("/api/desk/tracker", json=settings)).status_code == 200
    async with visiting(house) as visitor, at_desk(house, olga) as desk:
        await visitor.hello()
        await visitor.say("human")
        await visitor.until_row(kind="handoff")
        conversation = visitor.rows()[1]["conversation"]
        await desk.send(type="watch", conversation=conversation)
        wish = {"kind": "wish", "title": "Тёмная тема", "details": "Глазам легче"}
        filed = await olga.post(f"/api/desk/conversations/{conversation}/issues", wish)
        assert filed.json()["sent"] == "waiting"
        issue = filed.json()
        while issue["sent"] == "waiting":
            await desk.until_event("customer", conversation=conversation)
            issue = (await olga.get("/api/desk/issues")).json()["issues"][0]
    assert (issue["sent"], issue["url"]) == ("sent", "https://tracker.example/T-1")
    told = Signature(SECRET.encode()).verify(tracker.body, tracker.headers)
    assert told == json.loads(tracker.body)
    assert (told["data"]["title"], told["data"]["details"]) == ("Тёмная тема", "Глазам легче")
    courier.cancel()
    await asyncio.gather(courier, return_exceptions=True)
    server.close()
    await server.wait_closed()
    await post.close()
    await olga.http.aclose()
