"""Learning at the desk over real HTTP: reviewing labels, setting the limit, learning now and going back."""

from typing import Any

import pytest

from bot.accounts.model import Role
from bot.kb.editor import Editor
from bot.kb.labels import Label, LabelSource
from bot.kb.store import ArticleStore
from tests.unit.kb.school import ARTICLES, lessons_of_the_shop, said, taught
from tests.waiting import until
from tests.web.house import House, OperatorClient


@pytest.fixture
async def shop(house: House) -> House:
    """The desk of a shop with six articles."""
    editor = Editor(ArticleStore(), house.rooms.clock)
    await house.rooms.database.write(lambda tx: editor.take_files(tx, ARTICLES))
    await house.rooms.taught.start()
    return house


async def teach(house: House, *rows: tuple[str, str, LabelSource]) -> list[Label]:
    fresh = [said(text, article, number, source) for number, (text, article, source) in enumerate(rows)]
    return await taught(house.rooms.database, *fresh)


async def page(client: OperatorClient, query: str = "") -> dict[str, Any]:
    answer = await client.get(f"/api/desk/labels?{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def state(client: OperatorClient, lang: str = "en") -> dict[str, Any]:
    shown: dict[str, Any] = (await client.get(f"/api/desk/learning?of={lang}")).json()
    return shown


async def texts(client: OperatorClient, query: str) -> list[str]:
    return [one["text"] for one in (await page(client, query))["labels"]]


async def test_labels_are_found_by_source_state_and_words(shop: House) -> None:
    editor = await shop.operator("erik", Role.EDITOR)
    await teach(
        shop,
        ("where is my parcel", "delivery", LabelSource.OPERATOR),
        ("parcel roams", "delivery", LabelSource.RATING),
        ("paperwork", "invoice", LabelSource.CONFIRMED),
    )
    assert await texts(editor, "of=en&q=PARCEL") == ["parcel roams", "where is my parcel"]
    assert await texts(editor, "source=confirmed") == ["paperwork"]
    assert await texts(editor, "of=ru") == []
    [found] = (await page(editor, "source=operator"))["labels"]
    assert (found["title"], found["conversation"], found["seq"], found["state"]) == (
        "Track an order",
        "c0",
        1,
        "active",
    )
    for wrong in ("source=nobody", "state=odd", "of=xx", "before=x"):
        answer = await editor.get(f"/api/desk/labels?{wrong}")
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_body")
    await editor.http.aclose()


async def test_labels_come_page_by_page_and_none_twice(shop: House) -> None:
    editor = await shop.operator("erik", Role.EDITOR)
    await teach(shop, *((f"parcel number {n} roams", "delivery", LabelSource.OPERATOR) for n in range(120)))
    seen, cursor = [], ""
    while cursor is not None:
        found = await page(editor, f"of=en&before={cursor}")
        seen += [one["id"] for one in found["labels"]]
        cursor = found["next"]
    assert len(seen) == len(set(seen)) == 120
    assert seen == sorted(seen, reverse=True)
    await editor.http.aclose()


async def test_a_doubtful_label_shows_what_it_contradicts_and_is_decided_by_a_person(shop: House) -> None:
    editor, lead = await shop.operator("erik", Role.EDITOR), await shop.operator("lena", Role.LEAD)
    await teach(
        shop,
        ("parcel roams", "delivery", LabelSource.OPERATOR),
        ("parcel roams", "refund", LabelSource.RATING),
    )
    [doubtful] = (await page(editor, "state=doubtful"))["labels"]
    assert (doubtful["article"], doubtful["reviewed_by"]) == ("refund", "")
    assert [(one["title"], one["source"]) for one in doubtful["rivals"]] == [("Track an order", "operator")]
    path = f"/api/desk/labels/{doubtful['id']}/state"
    removed = (await editor.post(path, {"state": "removed"})).json()
    assert (removed["state"], removed["reviewed_by"]) == ("removed", "erik")
    kept = (await editor.post(path, {"state": "active"})).json()
    assert (kept["state"], kept["rivals"]) == ("active", [])
    missing = await editor.post("/api/desk/labels/9999/state", {"state": "removed"})
    assert (missing.status_code, missing.json()["code"]) == (404, "label_unknown")
    entries = (await lead.get("/api/desk/audit")).json()["entries"]
    assert [one["act"] for one in entries] == ["label_active", "label_removed"]
    for client in (editor, lead):
        await client.http.aclose()


async def test_a_lead_sets_the_limit_and_everybody_sees_it(shop: House) -> None:
    lead = await shop.operator("lena", Role.LEAD)
    before = await state(lead)
    assert (before["max_wrong"], before["quality"]["can_promise"]) == (0.03, False)
    assert before["quality"]["text"]
    assert (await lead.http.put("/api/desk/learning/max-wrong", json={"max_wrong": 0.08})).status_code == 204
    after = await state(lead)
    assert (after["max_wrong"], after["quality"]["max_wrong"]) == (0.08, 0.08)
    for wrong in (0, 0.6, -1):
        answer = await lead.http.put("/api/desk/learning/max-wrong", json={"max_wrong": wrong})
        assert (answer.status_code, answer.json()["code"]) == (400, "max_wrong_invalid")
    assert (await state(lead))["max_wrong"] == 0.08
    [entry] = (await lead.get("/api/desk/audit")).json()["entries"]
    assert (entry["act"], entry["detail"]) == ("max_wrong_changed", {"max_wrong": "3.0% → 8.0%"})
    await lead.http.aclose()


async def test_another_limit_can_be_looked_at_before_it_is_set(shop: House) -> None:
    editor = await shop.operator("erik", Role.EDITOR)
    shown = (await editor.get("/api/desk/learning/preview?of=en&max_wrong=0.1")).json()
    assert (shown["max_wrong"], shown["reason"]) == (0.1, "no_labels")
    assert (await state(editor))["max_wrong"] == 0.03
    refused = await editor.get("/api/desk/learning/preview?of=en&max_wrong=0.9")
    assert (refused.status_code, refused.json()["code"]) == (400, "max_wrong_invalid")
    refused = await editor.get("/api/desk/learning/preview?of=en&max_wrong=much")
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_body")
    await editor.http.aclose()


@pytest.mark.parametrize(("reads", "words"), [("ru", "пока нельзя"), ("en", "cannot be promised yet")])
async def test_the_promise_is_told_in_the_readers_language_whichever_articles_are_meant(
    shop: House, reads: str, words: str
) -> None:
    editor = await shop.operator("erik", Role.EDITOR)
    for articles in ("ru", "en"):
        answer = await editor.http.get(f"/api/desk/learning?of={articles}", headers={"Accept-Language": reads})
        assert words in answer.json()["quality"]["text"]
    await editor.http.aclose()


async def test_learning_now_makes_a_version_to_go_back_from_and_to(shop: House) -> None:
    lead = await shop.operator("lena", Role.LEAD)
    await taught(shop.rooms.database, *lessons_of_the_shop())
    assert (await state(lead))["waiting"] == 24
    assert (await lead.post("/api/desk/learning/learn", {"lang": "en"})).status_code == 204

    async def learned() -> bool:
        shown = await state(lead)
        return shown["last"] is not None and not shown["learning_now"]

    await until(learned, "the end of the cycle", 60)
    shown = await state(lead)
    assert (shown["last"]["adopted"], shown["waiting"]) == (True, 0), shown["last"]
    [version] = shown["versions"]
    assert (version["current"], version["labels"]) == (True, 24)
    assert version["after"]["right"] > version["before"]["right"]
    back = (await lead.post("/api/desk/learning/roll-back", {"lang": "en"})).json()
    assert [one["current"] for one in back["versions"]] == [False]
    again = (await lead.post("/api/desk/learning/roll-back", {"lang": "en", "version": version["id"]})).json()
    assert [(one["current"], one["by"]) for one in again["versions"]] == [(True, "lena")]
    unknown = await lead.post("/api/desk/learning/roll-back", {"lang": "en", "version": 77})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "version_unknown")
    await lead.http.aclose()
