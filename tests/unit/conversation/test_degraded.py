"""Something the bot needs is down, broken or full: the customer gets a reply all the same, sooner or later."""

import asyncio

import pytest

from bot.conversation.model import Author, Holder, Kind
from bot.dialogue.model import DialogueDown, DialogueSilent, Reply, Utterance
from bot.errors import Unavailable
from bot.kb.model import Evidence, Verdict
from handoff.model import Reason
from tests.unit.conversation.stage import NOTHING, QUESTION, SURE, UNSURE, Stage, lines
from tests.waiting import until


@pytest.mark.parametrize(
    "failure",
    [
        DialogueDown("refused"),
        DialogueSilent("said nothing"),
        RuntimeError("a bug in the client"),
        ValueError("Out of range float values are not JSON compliant"),
    ],
    ids=lambda error: type(error).__name__,
)
class TestWithoutTheEngine:
    """Whatever happens to the engine, the customer gets a reply."""

    async def test_sure_evidence_answers(self, room: Stage, failure: Exception) -> None:
        room.engine.failure = failure
        [answer] = await room.ask(QUESTION)
        assert (answer.kind, answer.text) == (Kind.ANSWER, "Short answer of router-reset.")
        assert answer.source is not None
        assert (await room.conversations.state(room.thread.id)).holder is Holder.BOT
        await until(lambda: room.counted("turn_seconds_count", outcome="degraded") == 1, "the turn to be counted")

    @pytest.mark.parametrize("found", [UNSURE, NOTHING], ids=["unsure", "nothing"])
    async def test_anything_less_goes_to_a_person(self, room: Stage, failure: Exception, found: Evidence) -> None:
        room.engine.failure, room.knowledge.otherwise = failure, found
        rows = await room.ask(QUESTION)
        assert lines(rows) == [(Author.SYSTEM, Kind.HANDOFF)]
        [ticket] = await room.conversations.tickets()
        assert (ticket.reason, ticket.subject) == (Reason.DEGRADED, QUESTION)
        assert room.counted("tickets_opened_total", reason="degraded", channel="widget") == 1


async def test_the_engine_is_used_again_as_soon_as_it_is_back(room: Stage) -> None:
    room.engine.failure = DialogueDown("restarting")
    await room.ask("вопрос 1")
    room.engine.failure = None
    room.engine.script["вопрос 2"] = Reply((Utterance("From the engine."),))
    [answer] = await room.ask("вопрос 2")
    assert answer.text == "From the engine."


async def test_a_search_that_breaks_means_a_person(room: Stage) -> None:
    room.knowledge.failure = RuntimeError("index is gone")
    rows = await room.ask(QUESTION)
    assert lines(rows) == [(Author.SYSTEM, Kind.HANDOFF)]
    [ticket] = await room.conversations.tickets()
    assert ticket.reason is Reason.NOT_FOUND
    assert room.engine.turns[0].evidence["verdict"] == "none"


async def test_search_and_engine_both_broken_still_means_a_person(room: Stage) -> None:
    room.knowledge.failure, room.engine.failure = RuntimeError("index is gone"), DialogueDown("down")
    await room.ask(QUESTION)
    [ticket] = await room.conversations.tickets()
    assert ticket.reason is Reason.DEGRADED


async def test_a_database_in_trouble_postpones_the_answer_and_the_sweep_brings_it(
    room: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.engine.hold()
    await room.say()
    await room.engine.thinking()

    async def refuse(_: object) -> None:
        raise Unavailable("disk full")

    monkeypatch.setattr(room.database, "write", refuse)
    room.engine.release()
    await until(lambda: not room.conversations._turns._running, "the turn to be given up")
    assert len(await room.rows()) == 1
    monkeypatch.undo()
    room.clock.turn(5)
    await room.quiet()
    assert [row.author for row in await room.rows()] == [Author.CUSTOMER, Author.BOT]
    assert len({turn.id for turn in room.engine.turns}) == 1, "the engine sees the same turn again"


async def test_the_sweep_survives_whatever_breaks_it(room: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = asyncio.Event()

    async def fail(_: object) -> None:
        broken.set()
        raise RuntimeError("a bug")

    monkeypatch.setattr(room.database, "read", fail)
    await asyncio.wait_for(broken.wait(), 10)
    monkeypatch.undo()
    room.engine.failure = asyncio.CancelledError()
    await room.say()
    await until(lambda: not room.conversations._turns._running, "the turn to die")
    room.engine.failure = None
    room.clock.turn(5)
    await room.quiet()
    assert (await room.rows())[-1].author is Author.BOT


async def test_sure_evidence_without_hits_is_nothing_to_answer_with(room: Stage) -> None:
    room.engine.failure = DialogueDown("down")
    room.knowledge.otherwise = Evidence(Verdict.SURE, 0.9, (), "ru")
    await room.ask(QUESTION)
    assert (await room.conversations.state(room.thread.id)).holder is Holder.QUEUE


async def test_a_reply_that_cannot_be_stored_goes_to_a_person_and_holds_nothing_up(room: Stage) -> None:
    room.engine.script["яд"] = Reply((Utterance("Hi"),), fields={"not json": object()})
    rows = await room.ask("яд")
    assert lines(rows) == [(Author.SYSTEM, Kind.HANDOFF)]
    [ticket] = await room.conversations.tickets()
    assert (ticket.reason, ticket.subject) == (Reason.DEGRADED, "яд")


async def test_a_crashed_look_up_is_a_persons_even_when_an_article_seems_to_answer(room: Stage) -> None:
    room.knowledge.otherwise = SURE
    room.engine.failure = DialogueSilent("The dialogue engine said nothing.", job=True)
    [told] = await room.ask("Сколько я должен?")
    assert (told.author, told.kind) == (Author.SYSTEM, Kind.HANDOFF)
    [ticket] = await room.conversations.tickets()
    assert ticket.reason is Reason.JOB_FAILED
