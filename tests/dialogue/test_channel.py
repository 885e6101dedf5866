"""The channel's contract: who may speak, what may be said, and a turn that is never played twice."""

import json
import sqlite3
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from bot.kb.encoder import SentenceEncoder
from tests.dialogue.engine import SECRET, Customer, Engine, dumped, evidence

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

Meet = Callable[[str], Customer]


def stored(engine: Engine, sender: str) -> list[dict[str, Any]]:
    with sqlite3.connect(engine.trackers) as trackers:
        row = trackers.execute("SELECT events FROM trackers WHERE sender = ?", (sender,)).fetchone()
    events: list[dict[str, Any]] = json.loads(row[0])
    return events


def turns_of(engine: Engine, sender: str) -> list[str]:
    return [event["metadata"]["turn"] for event in stored(engine, sender) if event["event"] == "user"]


def test_the_same_turn_again_says_the_same_and_is_not_played_again(engine: Engine, customer: Meet) -> None:
    visitor = customer("ru")
    greeting = visitor.turn("здравствуйте")
    first = dumped(engine, greeting)
    assert [dumped(engine, greeting) for _ in range(5)] == [first] * 5
    assert turns_of(engine, visitor.sender) == [greeting["turn"]]


def test_an_earlier_turn_is_recalled_as_it_was(engine: Engine, customer: Meet) -> None:
    visitor = customer("en")
    asked = visitor.turn("what's my balance")
    first = dumped(engine, asked)
    visitor.say("71234567")
    assert dumped(engine, asked) == first
    assert json.loads(first)["active_form"] == "balance_form"
    assert json.loads(first)["fields"] == {}


def test_the_same_turn_at_the_same_time_is_played_once(engine: Engine, customer: Meet) -> None:
    visitor = customer("en")
    turn = visitor.turn("asdfgh")
    with ThreadPoolExecutor(4) as pool:
        said = set(pool.map(lambda _: dumped(engine, turn), range(4)))
    assert len(said) == 1
    assert turns_of(engine, visitor.sender) == [turn["turn"]]


def test_the_answer_names_the_intent_with_its_confidence(customer: Meet) -> None:
    intent = customer("ru").say("здравствуйте").body["intent"]
    assert intent["name"] == "greet"
    assert 0.5 < intent["confidence"] <= 1


def test_the_vector_that_comes_with_a_turn_is_used_when_this_very_encoder_made_it(
    engine: Engine, customer: Meet
) -> None:
    encoder, text = SentenceEncoder(), "здравствуйте"
    other = "не работает интернет"
    for said in (text, other):
        encoder.question(said, "ru")

    def confidence(meaning: dict[str, str] | None) -> float:
        body = engine.post(customer("ru").turn(text) | ({"meaning": meaning} if meaning else {})).json()
        return float(body["intent"]["confidence"]) if body["intent"]["name"] == "greet" else 0.0

    def meaning(of: str, model: str = "") -> dict[str, str]:
        known = encoder.remembered(of)
        assert known is not None
        return {"model": model or known[0], "vector": b64encode(known[1].tobytes()).decode()}

    alone = confidence(None)
    assert confidence(meaning(text)) == pytest.approx(alone, abs=1e-4)
    assert confidence(meaning(other)) < alone - 1e-3
    assert confidence(meaning(other, "another@0123")) == pytest.approx(alone, abs=1e-6)
    assert confidence({**meaning(other), "vector": "nonsense!"}) == pytest.approx(alone, abs=1e-6)
    assert confidence({**meaning(other), "vector": "AAAA"}) == pytest.approx(alone, abs=1e-6)


@pytest.mark.parametrize("text", ["/restart", "/ask_human", " / /ask_human", "\t//ask_human{}", "/session_start"])
def test_free_text_with_a_slash_is_never_an_intent(customer: Meet, text: str) -> None:
    visitor = customer("en")
    visitor.say("what's my balance")
    body = visitor.say(text).body
    assert body["intent"]["confidence"] < 1
    assert body["intent"]["name"] not in {"restart", "session_start"}


@pytest.mark.parametrize("payload", ["/restart", "/session_start", "/back", "/no_such_intent"])
def test_a_payload_that_is_not_ours_is_refused(engine: Engine, customer: Meet, payload: str) -> None:
    response = engine.post(customer("ru").turn("", payload))
    assert (response.status_code, response.json()) == (400, {"error": "unknown_payload"})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"turn": ""}, "bad_turn"),
        ({"sender": None}, "bad_sender"),
        ({"sender": "x" * 300}, "bad_sender"),
        ({"text": 5}, "bad_text"),
        ({"lang": "de"}, "bad_lang"),
        ({"payload": "greet"}, "bad_payload"),
        ({"payload": '/greet{"x":1}'}, "bad_payload"),
        ({"evidence": []}, None),
        ({"evidence": "none"}, "bad_evidence"),
    ],
)
def test_a_body_that_is_no_turn_is_refused(
    engine: Engine, customer: Meet, change: dict[str, Any], code: str | None
) -> None:
    response = engine.post(customer("ru").turn("здравствуйте") | change)
    assert (response.status_code, response.json().get("error")) == (400 if code else 200, code)


def test_a_body_that_is_too_large_or_no_json_is_refused(engine: Engine, customer: Meet) -> None:
    assert engine.post(customer("ru").turn("x" * 300_000)).json() == {"error": "too_large"}
    assert engine.post([1]).json() == {"error": "bad_body"}


def test_a_long_text_is_cut(engine: Engine, customer: Meet) -> None:
    visitor = customer("en")
    visitor.say("hello " * 2_000)
    (said,) = [event["text"] for event in stored(engine, visitor.sender) if event["event"] == "user"]
    assert 1_990 <= len(said) <= 2_000


@pytest.mark.parametrize("secret", ["wrong", SECRET[:-1], SECRET + "x"])
def test_only_those_who_know_the_secret_may_speak(engine: Engine, customer: Meet, secret: str) -> None:
    response = engine.post(customer("ru").turn("здравствуйте"), secret)
    assert (response.status_code, response.json()) == (401, {"error": "unauthorised"})


@pytest.mark.parametrize("path", ["/conversations/x/tracker", "/model/parse", "/status", "/webhooks/rest/webhook"])
def test_no_other_door_of_rasa_is_open(engine: Engine, path: str) -> None:
    url = f"http://127.0.0.1:{engine.port}{path}"
    for response in (httpx.get(url, trust_env=False), httpx.post(url, json={}, trust_env=False)):
        assert response.status_code in {401, 404, 405}


def test_the_action_server_wants_the_secret_too(engine: Engine) -> None:
    url = f"http://127.0.0.1:{engine.actions_port}"
    assert httpx.post(f"{url}/webhook", json={"next_action": "action_reply"}, trust_env=False).status_code == 401
    assert httpx.get(f"{url}/actions", trust_env=False).status_code == 401


def test_a_long_conversation_stays_small_and_keeps_what_it_knows(engine: Engine, customer: Meet) -> None:
    visitor = customer("en")
    visitor.say("what's my balance")
    visitor.say("71234567")
    article = evidence("sure", 0.9, *(f"article-{n}-{'long' * 200}" for n in range(10)))
    for _ in range(25):
        answer = visitor.say("how do I change the wifi password", article)
    assert answer.fields == {"account_number": "71234567"}
    events = stored(engine, visitor.sender)
    assert len(events) <= 70
    assert not [event for event in events if "evidence" in (event.get("metadata") or {})]
