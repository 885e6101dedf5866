"""The real Rasa and the real action server in processes of their own, and a customer who talks to them over HTTP."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.product import ROOT, free_port, wait_for

PYTHON = ROOT / os.environ.get("ZEROLINE_RASA_PYTHON", ".venv-rasa/bin/python")
LEARNT_FROM = ("config.yml", "domain.yml", "data/nlu", "data/dialogue", "actions/engine", "bot/kb/models")
SECRET = "a-secret-of-the-tests"
START_SECONDS = 180.0
NOTHING: dict[str, Any] = {"verdict": "none", "confidence": 0.0, "confirmed": False, "hits": []}


def evidence(verdict: str, confidence: float, *articles: str, confirmed: bool = False) -> dict[str, Any]:
    hits = [
        {"article": name, "title": name, "short_answer": short_answer(name), "url": f"/help/{name}", "score": 0.5}
        for name in articles
    ]
    return {"verdict": verdict, "confidence": confidence, "confirmed": confirmed, "hits": hits}


def short_answer(article: str) -> str:
    return f"What **{article}** says."


def rasa(*arguments: str, environment: dict[str, str], timeout: float = 300) -> subprocess.CompletedProcess[str]:
    command = [str(PYTHON), "-m", "actions.engine", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=timeout, check=False
    )


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What the supervisor gives both processes, and nothing else of ours."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("ZEROLINE_", "RASA_"))}
    own = {
        "ZEROLINE_DATA_DIR": str(folder),
        "ZEROLINE_RASA__SECRET": SECRET,
        "ZEROLINE_RASA__ACTIONS_URL": "http://127.0.0.1:1/webhook",
        "OMP_NUM_THREADS": "1",
    }
    return inherited | own | more


def trained_model(folder: Path) -> Path:
    """A model of the present data; trained once per state of the data when ZEROLINE_RASA_MODELS names a folder to keep
    models in, else once per run."""
    digest = hashlib.sha256()
    for name in LEARNT_FROM:
        top = ROOT / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and path.suffix != ".pyc":
                digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    kept = Path(os.environ.get("ZEROLINE_RASA_MODELS", folder)).resolve()
    model = kept / f"{digest.hexdigest()[:16]}.tar.gz"
    if not model.exists():
        name = model.name.removesuffix(".tar.gz")
        data = ("--data", "data/nlu", "data/dialogue", "--out", str(kept), "--fixed-model-name", name)
        done = rasa("train", *data, environment=environment(folder))
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return model


@dataclass
class Engine:
    """Both servers on free ports with data of their own; each can be killed and started again."""

    folder: Path
    model: Path
    options: tuple[str, ...] = ()
    port: int = field(default_factory=free_port)
    actions_port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shutil.copy(ROOT / "actions/skills/demo_customers.json", self.customers)

    @property
    def customers(self) -> Path:
        """The demo connector's file: without it the provider's system is down."""
        return self.folder / "customers.json"

    @property
    def trackers(self) -> Path:
        return self.folder / "rasa" / "trackers.db"

    def start(self, *names: str) -> None:
        model, port = str(self.model), str(self.port)
        arguments = {
            "actions": ["-m", "actions.skills"],
            "rasa": ["-m", "actions.engine", "run", "--model", model, "--port", port, *self.options],
        }
        for name in names:
            with (self.folder / f"{name}.log").open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    [str(PYTHON), *arguments[name]], cwd=ROOT, env=self._environment(), stdout=log, stderr=log
                )
        for name in names:
            wait_for(lambda name=name: self._answers(name), f"{name} in {self.folder}", START_SECONDS)  # type: ignore[misc]

    def kill(self, *names: str) -> None:
        for name in names:
            self.processes[name].kill()
            self.processes[name].wait(10)

    def _environment(self) -> dict[str, str]:
        return environment(
            self.folder,
            ZEROLINE_RASA__ACTIONS_URL=f"http://127.0.0.1:{self.actions_port}/webhook",
            ZEROLINE_RASA__ACTIONS_PORT=str(self.actions_port),
            ZEROLINE_RASA__DEMO_CUSTOMERS=str(self.customers),
        )

    def _answers(self, name: str) -> bool:
        assert self.processes[name].poll() is None, (self.folder / f"{name}.log").read_text()[-2000:]
        port, path = (self.port, "/webhooks/zeroline/") if name == "rasa" else (self.actions_port, "/health")
        try:
            return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=2, trust_env=False).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def post(self, body: Any, secret: str = SECRET) -> httpx.Response:
        return httpx.post(
            f"http://127.0.0.1:{self.port}/webhooks/zeroline/message",
            json=body,
            headers={"Authorization": f"Bearer {secret}"},
            timeout=30,
            trust_env=False,
        )


@contextmanager
def running_engine(folder: Path, model: Path) -> Iterator[Engine]:
    engine = Engine(folder, model)
    try:
        engine.start("actions", "rasa")
        yield engine
    finally:
        engine.kill(*engine.processes)


@dataclass(frozen=True)
class Answer:
    """One answered turn."""

    body: dict[str, Any]

    @property
    def texts(self) -> list[str]:
        return [said["text"] for said in self.body["utterances"] if said["text"]]

    @property
    def wishes(self) -> list[tuple[str, str]]:
        """Every wish with its reason, article or articles."""
        said = [one for one in self.body["utterances"] if one["wish"]]
        return [(one["wish"], one["reason"] or one["article"] or " ".join(one["articles"])) for one in said]

    @property
    def payloads(self) -> list[str]:
        return [choice["payload"] for said in self.body["utterances"] for choice in said["choices"]]

    @property
    def form(self) -> str | None:
        form: str | None = self.body["active_form"]
        return form

    @property
    def fields(self) -> dict[str, str]:
        fields: dict[str, str] = self.body["fields"]
        return fields


@dataclass
class Customer:
    """Somebody new who talks to the engine in one language."""

    engine: Engine
    lang: str
    sender: str = field(default_factory=lambda: uuid.uuid4().hex)

    def turn(self, text: str = "", payload: str | None = None, found: dict[str, Any] = NOTHING) -> dict[str, Any]:
        """The body of a turn, with an id of its own."""
        return {
            "turn": str(uuid.uuid4()),
            "sender": self.sender,
            "text": text,
            "payload": payload,
            "lang": self.lang,
            "channel": "widget",
            "evidence": found,
        }

    def told(self, text: str) -> str:
        """What is said to `text`, when it is one thing and no more."""
        (said,) = self.say(text).texts
        return said

    def say(self, text: str, found: dict[str, Any] = NOTHING) -> Answer:
        return self.send(self.turn(text, None, found))

    def press(self, payload: str, found: dict[str, Any] = NOTHING) -> Answer:
        return self.send(self.turn("", payload, found))

    def send(self, body: dict[str, Any]) -> Answer:
        response = self.engine.post(body)
        assert response.status_code == httpx.codes.OK, response.text
        return Answer(response.json())


def domain() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    return loaded


def variations(response: str, lang: str) -> list[str]:
    """The texts of a response in one language, as patterns: `{values}` match anything."""
    found = [one for one in domain()["responses"][response] if one["condition"][0]["value"] == lang]
    return [re.sub(r"\\{\w+\\}", ".+", re.escape(one["text"])) for one in found]


def is_said(text: str, response: str, lang: str) -> bool:
    return any(re.fullmatch(pattern, text) for pattern in variations(response, lang))


def dumped(engine: Engine, body: dict[str, Any]) -> str:
    return json.dumps(engine.post(body).json(), sort_keys=True)
