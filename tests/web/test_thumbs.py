"""Thumbs on the bot's answers over real sockets: stored, told to every tab and to the desk, refused where they belong
to nothing."""

from uuid import uuid4

from bot.kb.label_store import LabelStore
from tests.web.house import House
from tests.web.sockets import Event, Visitor, at_desk, visiting


async def answered(visitor: Visitor) -> Event:
    await visitor.hello()
    await visitor.say("router")
    return await visitor.until_row(kind="answer")


async def rate(visitor: Visitor, seq: int, mark: str, cid: str = "") -> str:
    cid = cid or uuid4().hex
    await visitor.send(type="mark_answer", cid=cid, seq=seq, mark=mark)
    return cid


async def labels(house: House) -> list[tuple[str, str | None, bool]]:
    active = await house.rooms.database.read(lambda tx: LabelStore().active(tx, "ru"))
    return [(one.text, one.article, one.right) for one in active]


async def test_a_thumb_is_stored_and_is_still_there_after_a_reload(house: House) -> None:
    async with visiting(house) as visitor:
        answer = await answered(visitor)
        assert answer["mark"] is None
        cid = await rate(visitor, answer["seq"], "down")
        told = await visitor.expect("marked", seq=answer["seq"])
        assert told["mark"] == "down"
        await visitor.until_event("ack", cid=cid, seq=answer["seq"])
    async with visiting(house) as again:
        await again.hello(visitor.token)
        assert (await again.until_row(kind="answer"))["mark"] == "down"
    assert await labels(house) == [("router", "router-reset", False)]


async def test_a_thumb_sent_twice_is_one_and_the_last_one_counts(house: House) -> None:
    async with visiting(house) as visitor:
        seq = (await answered(visitor))["seq"]
        for mark in ("up", "up", "down", "up"):
            await visitor.expect("ack", cid=await rate(visitor, seq, mark, f"cid-{mark}-0001"))
        assert await labels(house) == [("router", "router-reset", True)]
        await visitor.expect("ack", cid=await rate(visitor, seq, "none"))
    assert await labels(house) == []


async def test_another_tab_and_the_desk_see_the_thumb(house: House) -> None:
    anna = await house.operator("anna")
    async with visiting(house) as visitor, visiting(house) as tab, at_desk(house, anna) as desk:
        answer = await answered(visitor)
        await tab.hello(visitor.token)
        await tab.until_row(kind="answer")
        await desk.send(type="watch", conversation=answer["conversation"])
        await desk.expect("messages")
        await rate(visitor, answer["seq"], "up")
        assert (await tab.until_event("marked", seq=answer["seq"]))["mark"] == "up"
        assert (await desk.until_event("marked", conversation=answer["conversation"]))["mark"] == "up"
    detail = (await anna.get(f"/api/desk/conversations/{answer['conversation']}")).json()
    assert [row["mark"] for row in detail["messages"]] == [None, "up"]
    await anna.http.aclose()


async def test_a_thumb_on_anything_but_an_answer_is_refused_in_words(house: House) -> None:
    async with visiting(house) as visitor, visiting(house) as stranger:
        answer = await answered(visitor)
        cid = await rate(visitor, answer["seq"] - 1, "up")
        refused = await visitor.expect("refused", cid=cid)
        assert (refused["code"], refused["text"].startswith("Оценить можно только ответ")) == ("not_an_answer", True)
        cid = await rate(visitor, answer["seq"] + 7, "up")
        assert (await visitor.expect("refused", cid=cid))["code"] == "message_unknown"
        # Somebody else's answer cannot even be named: a number is one of the own conversation.
        await stranger.hello()
        cid = await rate(stranger, answer["seq"], "down")
        assert (await stranger.expect("refused", cid=cid))["code"] == "message_unknown"
    assert await labels(house) == []


async def test_a_thumb_of_no_known_kind_is_no_frame(house: House) -> None:
    async with visiting(house) as visitor:
        answer = await answered(visitor)
        cid = await rate(visitor, answer["seq"], "sideways")
        assert (await visitor.expect("refused", cid=cid))["code"] == "invalid_frame"
