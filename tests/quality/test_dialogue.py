"""Follow-ups and double questions over the shipped articles, as customers would type them, with the real encoder.

`golden/*.followups.tsv`: the question before, its article, the follow-up, its article; `*.doubles.tsv`: one message and
its two articles. The bounds lie below the figures measured, which docs/dialogue.md tells.
"""

import asyncio
import statistics
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.clock import now
from bot.conversation.finding import Finding, Said
from bot.conversation.model import Author, Channel, Conversation, Message
from bot.kb.encoder import SentenceEncoder
from bot.kb.model import Evidence, Topic, Verdict
from bot.kb.service import KnowledgeBase
from tests.contract.backends import sqlite

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
GOLDEN = Path(__file__).parent / "golden"
ASKS_WHAT = {
    "ru": [("как оплатить картой", "pay-how", "сколько это занимает времени?")],
    "en": [
        ("how do I pay by card", "pay-how", "how long does it take?"),
        ("how do I make a complaint", "complaint-file", "how long does it take?"),
    ],
}
"""Follow-ups that no article answers, though the bare words are as good as one: question before, its article, text."""
FOREIGN = 7
"""Every golden question is asked after so many others that have nothing to do with it."""


class Calm:
    """No incident is known."""

    async def instead(self, found: Evidence, *_: Any) -> tuple[Evidence, str]:
        return found, ""


@dataclass(frozen=True, slots=True)
class Measured:
    """Pairs of what was wanted and what was found. `alone`: follow-ups without their topic; `strange`: what is none of
    ours, `others`: golden questions, both after a topic that is not theirs; `cut`: single questions taken for two;
    `pointing`: what ASKS_WHAT finds."""

    together: list[tuple[str, Evidence]] = field(default_factory=list)
    alone: list[tuple[str, Evidence]] = field(default_factory=list)
    others: list[tuple[Evidence, Evidence]] = field(default_factory=list)
    strange: list[tuple[Evidence, Evidence]] = field(default_factory=list)
    doubles: list[tuple[set[str], Evidence]] = field(default_factory=list)
    cut: list[tuple[str, bool]] = field(default_factory=list)
    pointing: list[Evidence] = field(default_factory=list)


def rows(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (GOLDEN / name).read_text(encoding="utf-8").splitlines()]


async def measure(lang: str, folder: Path) -> Measured:
    done = Measured()
    async with sqlite(folder) as database:
        encoder = SentenceEncoder(cache=folder.parent / "vectors")
        knowledge = KnowledgeBase(database, encoder, folder / "index")
        await knowledge.import_articles(Path("data/kb"))
        await knowledge.start()
        finding = Finding(knowledge, Calm(), now)  # type: ignore[arg-type]

        async def find(text: str) -> Evidence:
            message = Message("c", 1, "cid", Author.CUSTOMER, text, now())
            talk = Conversation("c", "v", Channel.WIDGET, lang, 1, 1, now())
            return (await finding.find(Said(talk, message, [], None))).evidence

        for question, article, text, wanted in rows(f"{lang}.followups.tsv"):
            done.alone.append((wanted, await knowledge.search(text, lang)))
            done.together.append((wanted, await knowledge.search(text, lang, Topic(question, article))))
        for question, article, text in ASKS_WHAT[lang]:
            done.pointing.append(await knowledge.search(text, lang, Topic(question, article)))
        golden = rows(f"{lang}.tsv")
        topics = [Topic(question, article) for question, article in golden[:: len(golden) // FOREIGN]]
        strange = [(text, "") for kind in ("offtopic", "nearby") for [text] in rows(f"{lang}.{kind}.txt")]
        for text, wanted in [*golden, *strange]:
            alone = await knowledge.search(text, lang)
            for topic in topics:
                if topic.article != wanted:
                    pair = (alone, await knowledge.search(text, lang, topic))
                    (done.others if wanted else done.strange).append(pair)
            done.cut.append((text, bool((await find(text)).also)))
        for text, one, other in rows(f"{lang}.doubles.tsv"):
            done.doubles.append(({one, other}, await find(text)))
        await knowledge.close()
    return done


@pytest.fixture(scope="module", params=["ru", "en"])
def measured(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Measured:
    return asyncio.run(measure(request.param, tmp_path_factory.mktemp(request.param)))


def right(found: list[tuple[str, Evidence]]) -> float:
    return statistics.mean(evidence.hits[0].article == wanted for wanted, evidence in found)


def sure(evidence: Evidence) -> bool:
    return evidence.verdict is Verdict.SURE


def test_a_follow_up_finds_its_article_with_the_topic_and_rarely_without(measured: Measured) -> None:
    assert len(measured.together) >= 40
    assert right(measured.together) >= 0.8
    assert right(measured.together) >= right(measured.alone) + 0.1


def test_follow_ups_are_answered_and_the_answers_are_right(measured: Measured) -> None:
    given = [(wanted, found) for wanted, found in measured.together if sure(found)]
    assert len(given) >= sum(sure(found) for _, found in measured.alone)
    assert len(given) / len(measured.together) >= 0.5
    assert right(given) >= 0.9


def test_bare_words_that_point_back_are_not_answered_from_elsewhere(measured: Measured) -> None:
    assert not [found.hits[0].article for found in measured.pointing if sure(found)]


def test_a_question_of_its_own_is_not_drawn_to_a_foreign_topic(measured: Measured) -> None:
    moved = [after.hits[0].article != before.hits[0].article for before, after in measured.others]
    assert statistics.mean(moved) <= 0.03


def test_a_topic_does_not_make_strange_questions_ours(measured: Measured) -> None:
    before, after = (statistics.mean(sure(pair[at]) for pair in measured.strange) for at in (0, 1))
    assert after <= before + 0.03


def test_both_questions_of_a_message_are_answered_or_asked_back_about(measured: Measured) -> None:
    assert len(measured.doubles) >= 40
    said = [({one.hits[0].article for one in (found, *found.also)}, wanted) for wanted, found in measured.doubles]
    assert statistics.mean(found == wanted for found, wanted in said) >= 0.8


def test_one_question_is_hardly_ever_taken_for_two(measured: Measured) -> None:
    assert statistics.mean(was_cut for _, was_cut in measured.cut) < 0.01
