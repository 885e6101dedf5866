"""Trains the dialogue engine when, and only when, what it learns from has changed."""

import hashlib
import subprocess
from pathlib import Path

from bot.errors import Misconfigured
from bot.settings import Settings
from bot.supervisor import engine_environment

LEARNT_FROM = (
    "config.yml", "domain.yml", "data/nlu", "data/dialogue", "actions/engine", "actions/requirements.txt",
    "bot/kb/models",
)  # fmt: skip


def model_file(settings: Settings) -> Path:
    """Where the model for the present data is, or will be: its name is the hash of everything it learns from."""
    digest = hashlib.sha256()
    for name in LEARNT_FROM:
        top = Path(name)
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and path.suffix != ".pyc":
                digest.update(str(path).encode() + b"\0" + path.read_bytes())
    return settings.data_dir / "models" / f"{digest.hexdigest()[:16]}.tar.gz"


def train(settings: Settings, model: Path, environment: dict[str, str]) -> None:
    """Trains into `model`, drops older ones. Raises Misconfigured with the end of Rasa's output when it fails."""
    model.parent.mkdir(parents=True, exist_ok=True)
    command = [
        str(settings.rasa.python), "-m", "actions.engine", "train",
        "--data", "data/nlu", "data/dialogue", "--out", str(model.parent), "--fixed-model-name", model.name[:-7],
    ]  # fmt: skip
    done = subprocess.run(
        command, env=environment | engine_environment(settings), capture_output=True, text=True, check=False
    )
    if done.returncode != 0 or not model.exists():
        raise Misconfigured(f"Rasa could not be trained:\n{(done.stdout + done.stderr)[-2000:]}")
    for old in model.parent.glob("*.tar.gz"):
        if old != model:
            old.unlink()
