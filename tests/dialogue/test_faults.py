"""What breaks, breaks loudly: a failed turn is a 500 that can be sent again, never an empty answer or a lost one."""

import json
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from tests.dialogue.engine import PYTHON, SECRET, Customer, Engine, dumped, environment, is_said, running_engine
from tests.product import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

Meet = Callable[[str], Customer]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, model: Path) -> Iterator[Engine]:
    with running_engine(tmp_path_factory.mktemp("faults"), model) as running:
        yield running


@contextmanager
def action_server_that_answers(port: int, status: int, body: dict[str, object]) -> Iterator[None]:
    """Something else in the action server's place, which gives every call the same answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def without_actions(engine: Engine) -> Iterator[Engine]:
    engine.kill("actions")
    yield engine
    if engine.processes["actions"].poll() is not None:
        engine.start("actions")


def test_a_dead_action_server_fails_the_turn_and_the_same_turn_works_later(
    without_actions: Engine, customer: Meet
) -> None:
    engine, visitor = without_actions, customer("ru")
    turn = visitor.turn("здравствуйте")
    failed = engine.post(turn)
    assert (failed.status_code, failed.json()) == (500, {"error": "action_failed"})
    engine.start("actions")
    answered = dumped(engine, turn)
    assert is_said(json.loads(answered)["utterances"][0]["text"], "utter_greet", "ru")
    assert dumped(engine, turn) == answered


def test_a_form_goes_on_where_the_dead_action_server_left_it(engine: Engine, customer: Meet) -> None:
    visitor = customer("en")
    visitor.say("is there an outage at my address?")
    engine.kill("actions")
    turn = visitor.turn("12 Lesnaya")
    assert engine.post(turn).status_code == 500
    engine.start("actions")
    assert is_said(visitor.send(turn).texts[0], "utter_outage_accident", "en")


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (200, {"events": [], "responses": []}, "silent"),
        (500, {"error": "boom"}, "action_failed"),
        (200, {"events": "nonsense"}, "action_failed"),
        (200, {"events": [{"event": "followup", "name": "action_reply"}], "responses": [{"text": "x"}]}, "turn_failed"),
        (404, {"error": "no such action", "action_name": "action_reply"}, "action_failed"),
    ],
)
def test_silence_nonsense_and_endless_talk_from_the_action_server_are_failures(
    without_actions: Engine, customer: Meet, status: int, body: dict[str, object], code: str
) -> None:
    visitor = customer("ru")
    turn = visitor.turn("здравствуйте")
    with action_server_that_answers(without_actions.actions_port, status, body):
        failed = without_actions.post(turn)
    assert (failed.status_code, failed.json()) == (500, {"error": code})
    without_actions.start("actions")
    assert is_said(visitor.send(turn).texts[0], "utter_greet", "ru")


def test_a_crashed_action_does_not_put_the_customers_words_into_the_logs(engine: Engine, customer: Meet) -> None:
    visitor = customer("ru")
    visitor.say("какой у меня баланс")
    whole = engine.customers.read_text()
    engine.customers.write_text(whole.replace('"tariff": {"ru": "«Верста 300»", "en": "Versta 300"}', '"tariff": {}'))
    try:
        assert engine.post(visitor.turn("л/с 7123 4567")).json() == {"error": "action_failed"}
    finally:
        engine.customers.write_text(whole)
    logs = [(engine.folder / f"{name}.log").read_text() for name in ("actions", "rasa")]
    assert not [log for log in logs if "7123" in log or "баланс" in log]


def test_a_killed_engine_comes_back_with_every_answered_turn(engine: Engine, customer: Meet) -> None:
    visitor = customer("ru")
    asked = visitor.turn("какой у меня баланс")
    before = dumped(engine, asked)
    engine.kill("rasa")
    engine.start("rasa")
    assert dumped(engine, asked) == before
    assert is_said(visitor.say("71234567").texts[0], "utter_balance_debt", "ru")


def test_a_full_tracker_store_fails_the_turn_instead_of_forgetting_it(engine: Engine, customer: Meet) -> None:
    visitor = customer("en")
    visitor.say("hello")
    with sqlite3.connect(engine.trackers) as trackers:
        trackers.execute("CREATE TRIGGER full BEFORE UPDATE ON trackers BEGIN SELECT RAISE(FAIL, 'disk full'); END")
    turn = visitor.turn("thank you")
    try:
        assert engine.post(turn).json() == {"error": "turn_failed"}
    finally:
        with sqlite3.connect(engine.trackers) as trackers:
            trackers.execute("DROP TRIGGER full")
    assert is_said(visitor.send(turn).texts[0], "utter_thank", "en")


def test_without_a_model_nobody_is_told_that_all_is_well(tmp_path: Path, model: Path) -> None:
    engine = Engine(tmp_path, tmp_path / "no-such-model.tar.gz")
    try:
        with pytest.raises(AssertionError):
            engine.start("rasa")
    finally:
        engine.kill("rasa")


@pytest.mark.parametrize(
    ("module", "arguments", "secret", "sentence"),
    [
        ("actions.engine", ["run", "--interface", "0.0.0.0"], "s", "Rasa listens on loopback only"),
        ("actions.engine", ["run"], "", "Set ZEROLINE_RASA__SECRET"),
        ("actions.skills", [], "", "Set ZEROLINE_RASA__SECRET"),
    ],
)
def test_an_unsafe_start_is_refused_with_a_sentence(
    tmp_path: Path, module: str, arguments: list[str], secret: str, sentence: str
) -> None:
    done = subprocess.run(
        [str(PYTHON), "-m", module, *arguments],
        cwd=ROOT,
        env=environment(tmp_path, ZEROLINE_RASA__SECRET=secret),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert sentence in done.stderr


def test_the_api_of_rasa_wants_the_token_when_it_is_switched_on(tmp_path: Path, model: Path) -> None:
    engine = Engine(tmp_path, model, options=("--enable-api",))
    try:
        engine.start("rasa")
        url = f"http://127.0.0.1:{engine.port}/conversations/somebody/tracker"
        assert httpx.get(url, trust_env=False).status_code == 401
        assert httpx.get(url, params={"token": SECRET}, trust_env=False).status_code == 200
    finally:
        engine.kill("rasa")


def test_health_says_that_a_model_is_loaded(engine: Engine) -> None:
    response = httpx.get(f"http://127.0.0.1:{engine.port}/webhooks/zeroline/", trust_env=False)
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
