"""A customer's browser over several turns: follow-ups, a repeated question, and two questions in one message."""

from collections.abc import Sequence

import pytest

from bot.dialogue.model import Reply, Turn, Utterance, Wish
from bot.kb.model import Article, Evidence, Hit, Topic, Verdict
from tests.fakes import LIGHTS, PAYMENT, ROUTER
from tests.waiting import until
from tests.web.house import House
from tests.web.shift import call_person, customer, working
from tests.web.sockets import Event, Visitor

WORDS = {ROUTER: "сбросить", LIGHTS: "лампочки", PAYMENT: "оплатить"}
MORE = "## Если не помогло\n\nДержите кнопку дольше."


class Library:
    """Finds the articles whose word is in the question, or else in its topic."""

    def __init__(self) -> None:
        self.topics: list[Topic | None] = []

    async def search(self, text: str, lang: str, topic: Topic | None = None) -> Evidence:
        self.topics.append(topic)
        joined = f"{topic.question} {text}" if topic else ""
        for asked in filter(None, (text, joined)):
            found = [one for one, word in WORDS.items() if word in asked]
            if found:
                others = [one for one in WORDS if one not in found]
                hits = tuple(_hit(one, lang) for one in (*found, *others))
                return Evidence(Verdict.SURE, 0.9, hits, lang, question="" if asked == text else asked)
        return Evidence(Verdict.NONE, 0.0, (), lang)

    async def part(self, article_id: str, lang: str, question: str, said: Sequence[str] = ()) -> str:
        return MORE

    async def article(self, article_id: str, lang: str) -> Article | None:
        return next((one for one in WORDS if one.id == article_id), None)


def _hit(article: Article, lang: str) -> Hit:
    url = f"/help/{lang}/{article.id}"
    return Hit(article.id, lang, article.title, article.short_answer, url, 0.9)


async def follow(turn: Turn) -> Reply:
    """What the skills say to sure evidence."""
    said: list[Utterance] = []
    for found in (turn.evidence, *turn.evidence.get("also", [])):
        again, (best, *others) = found.get("again", {}), found["hits"]
        said.append(Utterance(again.get("longer") or best["short_answer"], Wish.ANSWER, article=best["article"]))
        if again.get("miss"):
            articles = tuple(one["article"] for one in others)
            said.append(Utterance("Если и это не то, выберите, что ближе.", Wish.CLARIFY, articles=articles))
    return Reply(tuple(said), "ask_router", 0.9)


@pytest.fixture
def library(house: House, monkeypatch: pytest.MonkeyPatch) -> Library:
    made = Library()
    for name in ("search", "part", "article"):
        monkeypatch.setattr(house.rooms.knowledge, name, getattr(made, name))
    monkeypatch.setattr(house.rooms.engine, "ask", follow)
    return made


async def ask(visitor: Visitor, text: str, answers: int = 1) -> list[Event]:
    """Says it and gives the rows that answer it."""
    seq = await visitor.say(text)
    return [await visitor.until_row(seq=seq + number) for number in range(1, answers + 1)]


def sources(rows: Sequence[Event]) -> list[str | None]:
    return [row["source"] and row["source"]["article"] for row in rows]


async def test_two_questions_get_two_answers_each_with_its_source(house: House, library: Library) -> None:
    async with customer(house) as visitor:
        rows = await ask(visitor, "Как оплатить интернет? И что значат лампочки?", answers=2)
    assert sources(rows) == ["pay-how", "router-lights"]
    assert [row["kind"] for row in rows] == ["answer", "answer"]


async def test_a_follow_up_is_answered_from_its_topic_in_other_words(house: House, library: Library) -> None:
    async with customer(house) as visitor:
        [first] = await ask(visitor, "как сбросить роутер")
        [more] = await ask(visitor, "а если не помогло?")
    assert sources([first, more]) == ["router-reset", "router-reset"]
    assert first["text"] != more["text"] == "Если не помогло\nДержите кнопку дольше."
    assert library.topics == [None, Topic("как сбросить роутер", "router-reset")]


async def test_the_same_question_again_gets_other_words_and_other_ways(house: House, library: Library) -> None:
    async with customer(house) as visitor:
        [first] = await ask(visitor, "как сбросить роутер")
        again, ways = await ask(visitor, "как сбросить роутер?!", answers=2)
    assert again["text"] != first["text"]
    assert [button["title"] for button in ways["buttons"]][:2] == [LIGHTS.title, PAYMENT.title]
    assert "Позвать человека" in [button["title"] for button in ways["buttons"]]


async def test_after_a_talk_with_a_person_nothing_is_carried_over(house: House, library: Library) -> None:
    async with working(house, "anna") as [anna], customer(house) as visitor:
        await ask(visitor, "как сбросить роутер")
        await call_person(visitor)
        [ticket] = await house.rooms.conversations.tickets()
        await anna.act(ticket.id, "claim")
        await anna.act(ticket.id, "close", outcome="solved")
        await visitor.until_row(kind="rating_request")
        await visitor.say("а как оплатить?")
        await until(lambda: len(library.topics) == 2, "the question to be searched")
    assert library.topics == [None, None]
