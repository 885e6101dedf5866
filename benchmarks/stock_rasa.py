"""Stock Rasa 3.6.21 over our intents, for `benchmarks.throughput` to beat: as its default configuration has it, or
without the parts of that which only a bot with stories and entities wants."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.product import ROOT, free_port, wait_for

CACHE = ROOT / ".pytest_cache" / "stock"
PACKAGES = ("rasa==3.6.21", "rasa-sdk==3.6.2", "setuptools<80")
START_SECONDS = 300

DEFAULT: dict[str, list[dict[str, Any]]] = {
    "pipeline": [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": 100, "constrain_similarities": True},
        {"name": "EntitySynonymMapper"},
        {"name": "ResponseSelector", "epochs": 100, "constrain_similarities": True},
        {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
    ],
    "policies": [
        {"name": "MemoizationPolicy"},
        {"name": "RulePolicy"},
        {"name": "UnexpecTEDIntentPolicy", "max_history": 5, "epochs": 100},
        {"name": "TEDPolicy", "max_history": 5, "epochs": 100, "constrain_similarities": True},
    ],
}
"""What Rasa trains with when a project says nothing of its own (`default_config.yml` in its package)."""
SPARED = {"RegexFeaturizer", "EntitySynonymMapper", "ResponseSelector", "UnexpecTEDIntentPolicy", "TEDPolicy"}
CONFIGURATIONS = {
    "default": DEFAULT,
    "spare": {key: [part for part in parts if part["name"] not in SPARED] for key, parts in DEFAULT.items()},
}

ACTION = """
from rasa_sdk import Action


class ActionAnswer(Action):
    def name(self):
        return "action_answer"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="You asked about " + str(tracker.latest_message["intent"]["name"]) + ".")
        return []
"""


@dataclass(frozen=True, slots=True)
class Stock:
    """The two processes of one assistant, reached by the REST channel."""

    url: str
    processes: tuple[subprocess.Popen[bytes], ...]

    async def ask(self, http: httpx.AsyncClient, sender: str, text: str) -> bool:
        """Whether anything was said to it."""
        answer = await http.post(f"{self.url}/webhooks/rest/webhook", json={"sender": sender, "message": text})
        return answer.status_code == httpx.codes.OK and bool(answer.json())


@dataclass(frozen=True, slots=True)
class Project:
    """A trained assistant on disk. `python`: of the environment that has Rasa and TensorFlow."""

    folder: Path
    python: Path

    @contextmanager
    def running(self) -> Iterator[Stock]:
        """Both processes, not waited for."""
        port, actions = free_port(), free_port()
        (self.folder / "endpoints.yml").write_text(f"action_endpoint:\n  url: http://127.0.0.1:{actions}/webhook\n")
        commands = (
            ["-m", "rasa", "run", "actions", "--port", str(actions)],
            ["-m", "rasa", "run", "--port", str(port), "--interface", "127.0.0.1"],
        )
        with (self.folder / "run.log").open("ab") as log:
            processes = tuple(self._start(command, log) for command in commands)
        try:
            yield Stock(f"http://127.0.0.1:{port}", processes)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(30)

    def _start(self, command: list[str], log: Any) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [str(self.python), *command], cwd=self.folder, env=_environment(), stdout=log, stderr=log
        )


def trained(python: Path | None, epochs: int, configuration: str) -> Project:
    """The project over our present intents in one of the `CONFIGURATIONS`; environment and model are made once and kept
    in `CACHE`."""
    python = python or made_environment()
    nlu = sorted((ROOT / "data/nlu").rglob("*.yml"))
    config = {
        key: [part | {"epochs": epochs} if "epochs" in part else part for part in parts]
        for key, parts in CONFIGURATIONS[configuration].items()
    }
    digest = hashlib.sha256(f"{config}{ACTION}".encode())
    for path in nlu:
        digest.update(path.read_bytes())
    project = Project(CACHE / digest.hexdigest()[:16], python)
    if not list((project.folder / "models").glob("*.tar.gz")):
        _write(project.folder, nlu, config)
        command = [str(python), "-m", "rasa", "train"]
        subprocess.run(command, cwd=project.folder, env=_environment(), check=True, stdout=subprocess.DEVNULL)
    return project


def first_answer(stock: Stock, text: str) -> None:
    """Waits until a message is answered. Raises AssertionError after five minutes."""

    def answered() -> bool:
        body = {"sender": "first", "message": text}
        try:
            return bool(httpx.post(f"{stock.url}/webhooks/rest/webhook", json=body, timeout=60).json())
        except httpx.HTTPError:
            return False

    wait_for(answered, "stock Rasa's first answer", START_SECONDS)


def _write(folder: Path, nlu: list[Path], config: dict[str, list[dict[str, Any]]]) -> None:
    (folder / "data").mkdir(parents=True, exist_ok=True)
    for path in nlu:
        shutil.copy(path, folder / "data" / path.name)
    intents = sorted({one["intent"] for path in nlu for one in yaml.safe_load(path.read_text())["nlu"]})
    either = {"or": [{"intent": name} for name in (*intents, "nlu_fallback")]}
    answer = {"action": "action_answer"}
    rules = [{"rule": "every intent is answered", "steps": [either, answer]}]
    stories = [{"story": "one talk", "steps": [{"intent": intents[0]}, answer, {"intent": intents[1]}, answer]}]
    files: dict[str, dict[str, Any]] = {
        "config.yml": {"recipe": "default.v1", "language": "en", **config},
        "domain.yml": {"version": "3.1", "intents": intents, "actions": ["action_answer"]},
        "data/rules.yml": {"version": "3.1", "rules": rules, "stories": stories},
        "credentials.yml": {"rest": None},
    }
    for name, content in files.items():
        (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    (folder / "actions.py").write_text(ACTION)


def made_environment() -> Path:
    python = CACHE / "venv" / "bin" / "python"
    if not python.exists():
        subprocess.run(["uv", "venv", "-q", "--python", "3.10", str(CACHE / "venv")], check=True)
        subprocess.run(["uv", "pip", "install", "-q", "--python", str(python), *PACKAGES], check=True)
    return python


def _environment() -> dict[str, str]:
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
    return os.environ | quiet
