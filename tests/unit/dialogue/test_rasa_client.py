"""What the client makes of an engine's answers, good and bad; scripted answers without a socket."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from bot.dialogue.client import ANSWER_LIMIT, Rasa
from bot.dialogue.model import Choice, DialogueDown, DialogueSilent, Reply, Turn, Utterance, Wish

TURN = Turn(
    id="turn-1",
    sender="c1.1",
    text="Не работает интернет 🙂",
    lang="ru",
    channel="widget",
    evidence={"verdict": "sure", "confidence": 0.9, "confirmed": False, "hits": []},
)
Handler = Callable[[httpx.Request], httpx.Response]


def engine(handler: Handler) -> Rasa:
    return Rasa("http://engine", "s3cret", timeout=2.0, transport=httpx.MockTransport(handler))


def answering(*args: Any, **kwargs: Any) -> Rasa:
    return engine(lambda _: httpx.Response(*args, **kwargs))


def saying(*utterances: dict[str, Any], **more: Any) -> Rasa:
    return answering(200, json={"utterances": list(utterances), **more})


async def test_a_turn_goes_out_as_the_contract_says_and_the_reply_comes_back() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(
            200,
            json={
                "utterances": [
                    {"text": "Перезагрузите роутер.", "wish": "answer", "article": "router-reset"},
                    {"text": "Что ближе?", "wish": "clarify", "articles": ["a", "b"]},
                    {"text": "Верно?", "wish": None, "choices": [{"title": "Да", "payload": "/affirm"}]},
                    {"text": "", "wish": "handoff", "reason": "asked"},
                ],
                "intent": {"name": "no_internet", "confidence": 0.97},
                "active_form": "outage_form",
                "fields": {"account_number": "123456", "address": None, "floor": 5},
                "something_new": True,
            },
        )

    reply = await engine(answer).ask(TURN)
    [request] = seen
    assert (request.method, str(request.url)) == ("POST", "http://engine/webhooks/zeroline/message")
    assert request.headers["authorization"] == "Bearer s3cret"
    assert json.loads(request.content) == {
        "turn": "turn-1",
        "sender": "c1.1",
        "text": "Не работает интернет 🙂",
        "payload": None,
        "lang": "ru",
        "channel": "widget",
        "evidence": TURN.evidence,
    }
    assert reply == Reply(
        utterances=(
            Utterance("Перезагрузите роутер.", Wish.ANSWER, article="router-reset"),
            Utterance("Что ближе?", Wish.CLARIFY, articles=("a", "b")),
            Utterance("Верно?", choices=(Choice("Да", "/affirm"),)),
            Utterance("", Wish.HANDOFF, "asked"),
        ),
        intent="no_internet",
        intent_confidence=0.97,
        active_form="outage_form",
        fields={"account_number": "123456", "floor": "5"},
    )


async def test_a_vector_that_is_known_goes_out_with_words_and_never_with_a_button() -> None:
    sent: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content).get("meaning"))
        return httpx.Response(200, json={"utterances": [{"text": "ok"}]})

    def meaning(text: str) -> tuple[str, memoryview] | None:
        return ("encoder@1", memoryview(b"\x00\x00\x80\x3f")) if text == TURN.text else None

    client = Rasa("http://engine", "s3cret", transport=httpx.MockTransport(answer), meaning=meaning)
    for turn in (TURN, replace(TURN, text="Другое"), replace(TURN, payload="/affirm")):
        await client.ask(turn)
    assert sent == [{"model": "encoder@1", "vector": "AACAPw=="}, None, None]


async def test_a_pressed_button_goes_out_as_payload() -> None:
    sent: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content)["payload"])
        return httpx.Response(200, json={"utterances": [{"text": "ok"}]})

    await engine(answer).ask(replace(TURN, payload="/affirm"))
    assert sent == ["/affirm"]


async def test_the_least_answer_is_words_alone() -> None:
    assert await saying({"text": "Hello"}).ask(TURN) == Reply((Utterance("Hello"),))
    reply = await saying({"text": "Hello"}, intent={"name": None, "confidence": None}, active_form=None).ask(TURN)
    assert (reply.intent, reply.intent_confidence, reply.active_form) == ("", 0.0, "")


async def test_a_wish_for_a_person_needs_no_words() -> None:
    reply = await saying({"wish": "handoff", "reason": "not_found"}).ask(TURN)
    assert reply.utterances == (Utterance("", Wish.HANDOFF, "not_found"),)


@pytest.mark.parametrize("status", [201, 204, 301, 400, 401, 404, 409, 429, 500, 502, 503])
async def test_any_status_but_200_is_an_engine_that_is_down(status: int) -> None:
    client = answering(
        status, json={"utterances": [{"text": "must never be shown"}]}, headers={"location": "/elsewhere"}
    )
    with pytest.raises(DialogueDown) as failure:
        await client.ask(TURN)
    assert str(status) in failure.value.text


UNREADABLE = {
    "html": b"<!doctype html><h1>502 Bad Gateway</h1>",
    "truncated json": b'{"utterances": [{"text": "Hel',
    "empty body": b"",
    "null": b"null",
    "a list": b"[]",
    "a list of texts": b'[{"recipient_id": "c1.1", "text": "Hello"}]',
    "a number": b"42",
    "an object without utterances": b'{"text": "Hello"}',
    "utterances that are null": b'{"utterances": null}',
    "an utterance that is a text": b'{"utterances": ["Hello"]}',
    "text that is a number": b'{"utterances": [{"text": 5}]}',
    "an unknown wish": b'{"utterances": [{"text": "Hello", "wish": "dance"}]}',
    "not utf-8": '{"utterances": [{"text": "Привет"}]}'.encode("cp1251"),
    "utf-16": json.dumps({"utterances": [{"text": "Hello"}]}).encode("utf-16"),
    "a lone surrogate": b'{"utterances": [{"text": "\\ud800"}]}',
    "very deep": b'{"utterances": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    "binary": bytes(range(256)),
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
@pytest.mark.parametrize("content_type", ["application/json", "text/html", "application/octet-stream"])
async def test_an_answer_that_cannot_be_read_is_an_engine_that_is_down(body: bytes, content_type: str) -> None:
    with pytest.raises(DialogueDown) as failure:
        await answering(200, content=body, headers={"content-type": content_type}).ask(TURN)
    assert not isinstance(failure.value, DialogueSilent)
    assert "Hello" not in failure.value.text


async def test_a_readable_answer_counts_whatever_its_label_says() -> None:
    body = json.dumps({"utterances": [{"text": "Hello"}]}).encode()
    assert (await answering(200, content=body, headers={"content-type": "text/plain"}).ask(TURN)).utterances


SILENT: dict[str, list[dict[str, Any]]] = {
    "no utterances": [],
    "an empty utterance": [{}],
    "empty words": [{"text": ""}, {"text": "  \n"}],
    "an answer without words": [{"text": "", "wish": "answer", "article": "router-reset"}],
    "a question back without words": [{"text": "", "wish": "clarify", "articles": ["a"]}],
    "buttons without words": [{"choices": [{"title": "Да", "payload": "/affirm"}]}],
}


@pytest.mark.parametrize("utterances", SILENT.values(), ids=SILENT.keys())
async def test_an_answer_that_would_show_the_customer_nothing_is_silence(utterances: list[dict[str, Any]]) -> None:
    with pytest.raises(DialogueSilent) as failure:
        await saying(*utterances).ask(TURN)
    assert failure.value.code == "dialogue_silent"


async def test_an_answer_beyond_the_limit_is_not_read_to_its_end() -> None:
    sent = 0

    async def flood() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 10 * 1024 * 1024:
            sent += 64 * 1024
            yield b" " * 64 * 1024

    with pytest.raises(DialogueDown, match="too large"):
        await answering(200, content=flood()).ask(TURN)
    assert sent <= ANSWER_LIMIT + 2 * 64 * 1024


async def test_an_answer_just_below_the_limit_is_read() -> None:
    body = json.dumps({"utterances": [{"text": "Hello"}]}).encode().ljust(ANSWER_LIMIT)
    assert (await answering(200, content=body).ask(TURN)).utterances == (Utterance("Hello"),)


@pytest.mark.parametrize(
    "error", [httpx.ConnectError, httpx.ReadTimeout, httpx.PoolTimeout, httpx.RemoteProtocolError, httpx.WriteError]
)
async def test_every_trouble_on_the_line_is_an_engine_that_is_down(error: type[httpx.HTTPError]) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error("the reason names nobody's words")

    with pytest.raises(DialogueDown) as failure:
        await engine(fail).ask(TURN)
    assert failure.value.code == "dialogue_down"
    assert error.__name__ in failure.value.text


async def test_an_answer_later_than_the_time_out_is_an_engine_that_is_down() -> None:
    async def never(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    client = Rasa("http://engine", "s3cret", timeout=0.05, transport=httpx.MockTransport(never))
    with pytest.raises(DialogueDown, match="did not answer"):
        await client.ask(TURN)


async def test_the_callers_own_cancelling_is_not_mistaken_for_a_time_out() -> None:
    entered = asyncio.Event()

    async def never(_: httpx.Request) -> httpx.Response:
        entered.set()
        await asyncio.Event().wait()
        raise AssertionError

    client = Rasa("http://engine", "s3cret", timeout=30, transport=httpx.MockTransport(never))
    asking = asyncio.create_task(client.ask(TURN))
    await entered.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking


@pytest.mark.parametrize(("status", "ready"), [(200, True), (503, False), (404, False), (500, False)])
async def test_ready_means_up_with_a_model(status: int, ready: bool) -> None:
    assert await answering(status, json={"status": "ok"}).is_ready() is ready


async def test_an_engine_that_cannot_be_reached_is_not_ready() -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    assert await engine(refuse).is_ready() is False
