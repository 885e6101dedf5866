"""An encoder that is not there is refused in seconds, in a sentence, and before its library is imported."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_server
from threading import Thread

import pytest

from bot.errors import Misconfigured
from bot.kb.hub import check

HEAVY = ("torch", "transformers", "sentence_transformers")
PROGRAM = f"""
import os, sys
from bot.errors import Misconfigured
from bot.kb.hub import check
try:
    check(sys.argv[1])
    print("there", os.environ.get("HF_HUB_OFFLINE"))
except Misconfigured as error:
    print(error.text)
assert not set({HEAVY}) & set(sys.modules)
"""


class Hub(BaseHTTPRequestHandler):
    """Knows one model."""

    def do_HEAD(self) -> None:
        self.send_error(405)

    def do_GET(self) -> None:
        known = self.path.split("?")[0] == "/api/models/own/model"
        body = json.dumps({"id": "own/model"} if known else {"error": "Repository not found"}).encode()
        self.send_response(200 if known else 404)
        if not known:
            self.send_header("X-Error-Code", "RepoNotFound")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def hub() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def said(source: str, endpoint: str, home: Path) -> str:
    """What a process of its own prints: the hub's library reads its settings once."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    environment |= {"HF_ENDPOINT": endpoint, "HF_HOME": str(home), "NO_PROXY": "127.0.0.1"}
    command = [sys.executable, "-c", PROGRAM, source]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    assert not done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("nothing/at/all", "there is no such folder"),
        ("./nothing", "there is no such folder"),
        ("имя", "there is no such folder"),
        ("here", "no modules.json or config.json lies in that folder"),
        ("here/file.bin", "it is a file"),
    ],
)
def test_a_folder_without_a_model_is_refused(
    source: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here/file.bin").touch()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Misconfigured, match=f"{source}' cannot be loaded: {problem}") as refused:
        check(source)
    assert refused.value.code == "encoder_unusable"


def test_a_folder_with_a_model_is_taken(tmp_path: Path) -> None:
    (tmp_path / "config.json").touch()
    check(str(tmp_path))


def test_a_hub_that_cannot_be_reached_is_told_in_a_sentence(tmp_path: Path) -> None:
    with create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    text = said("no/such-model", f"http://127.0.0.1:{port}", tmp_path)
    assert text.startswith(f"the encoder 'no/such-model' cannot be loaded: the hub http://127.0.0.1:{port} cannot")


def test_a_hub_that_never_answers_is_given_up(tmp_path: Path) -> None:
    with create_server(("127.0.0.1", 0)) as silent:
        assert "cannot be reached" in said("no/such-model", f"http://127.0.0.1:{silent.getsockname()[1]}", tmp_path)


def test_what_was_fetched_before_is_loaded_without_the_hub(tmp_path: Path) -> None:
    kept = tmp_path / "hub/models--own--model"
    (kept / "snapshots/1").mkdir(parents=True)
    (kept / "snapshots/1/config.json").touch()
    (kept / "refs").mkdir()
    (kept / "refs/main").write_text("1")
    assert said("own/model", "http://127.0.0.1:1", tmp_path) == "there 1"


@pytest.mark.parametrize("name", ["no/such-model", "nothing", "own/mo--del"])
def test_a_model_that_the_hub_does_not_have_is_refused(name: str, hub: str, tmp_path: Path) -> None:
    assert said(name, hub, tmp_path).endswith(f"{hub} has no such model, or HF_TOKEN may not read it")


def test_a_model_of_the_hub_is_taken(hub: str, tmp_path: Path) -> None:
    assert said("own/model", hub, tmp_path) == "there None"
