"""`zeroline check`: looks at every part the product needs and says how to mend what is wrong."""

import asyncio
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typer

from bot.cli.training import model_file
from bot.settings import Settings, load_settings
from bot.storage.migrate import MIGRATIONS
from bot.telegram.token import token_problem
from bot.wiring import index_problem

STATIC = Path(__file__).parents[1] / "static"


@dataclass(frozen=True, slots=True)
class Finding:
    """One part: `problem` is empty when it is well, `mend` says what to do otherwise."""

    part: str
    problem: str = ""
    mend: str = ""


def check() -> None:
    """Look at environments, models, index, ports, database and Telegram; say how to mend each."""
    settings = load_settings()
    bad = 0
    for finding in _findings(settings):
        bad += bool(finding.problem)
        mark = typer.style("✗", fg="red") if finding.problem else typer.style("✓", fg="green")
        line = f"{mark} {finding.part}"
        typer.echo(f"{line}: {finding.problem}\n    {finding.mend}" if finding.problem else line)
    raise typer.Exit(1 if bad else 0)


def _findings(settings: Settings) -> Iterator[Finding]:
    yield _data_dir(settings)
    yield _rasa_environment(settings)
    trained = model_file(settings)
    yield Finding("dialogue model", "" if trained.exists() else "not trained for the present data", "make run")
    yield _front_end()
    yield _database(settings)
    yield Finding("search index", index_problem(settings), "zeroline kb rebuild")
    ports = {"app": settings.port, "Rasa": settings.rasa.port, "actions": settings.rasa.actions_port}
    for name, port in ports.items():
        yield _port(name, port)
    yield _telegram(settings)


def _data_dir(settings: Settings) -> Finding:
    probe = settings.data_dir / ".probe"
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        return Finding(
            "data folder", f"{settings.data_dir}: {error.strerror}", "set ZEROLINE_DATA_DIR to a folder you may write"
        )
    return Finding("data folder")


def _rasa_environment(settings: Settings) -> Finding:
    part, mend = "Rasa's environment", "make setup"
    try:
        done = subprocess.run(
            [str(settings.rasa.python), "-c", "import importlib.metadata as m; print(m.version('rasa'))"],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding(part, f"{settings.rasa.python}: {error}", mend)
    return Finding(part) if done.returncode == 0 else Finding(part, "rasa is not installed in it", mend)


def _front_end() -> Finding:
    built = (STATIC / "widget.js").exists()
    return Finding("front-end", "" if built else "not built", "make bot/static/.built")


def _database(settings: Settings) -> Finding:
    part, newest = "database", max(path.stem.split("_")[0] for path in (MIGRATIONS / "versions").glob("0*.py"))
    if not settings.database.exists():
        return Finding(part, "does not exist yet", "zeroline migrate")
    try:
        with sqlite3.connect(f"file:{settings.database}?mode=ro", uri=True, timeout=5) as connection:
            healthy = connection.execute("PRAGMA quick_check").fetchone()[0]
            version = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    except sqlite3.Error as error:
        return Finding(part, str(error), "restore the data folder from a backup, or move it away to start afresh")
    if healthy != "ok":
        return Finding(part, f"damaged: {healthy}", "restore the data folder from a backup")
    return Finding(part) if version == newest else Finding(part, f"at {version}, not {newest}", "zeroline migrate")


def _port(name: str, port: int) -> Finding:
    with socket.socket() as probe:
        busy = probe.connect_ex(("127.0.0.1", port)) == 0
    # Somebody listening is what a running product looks like, so it is told, not counted as a fault.
    return Finding(f"port {port} for {name}{' (in use: running, or taken by another program)' if busy else ''}")


def _telegram(settings: Settings) -> Finding:
    token = settings.telegram.token
    if token is None:
        return Finding("Telegram (off: no token)")
    problem = asyncio.run(token_problem(token.get_secret_value(), settings.telegram.api_url))
    return Finding("Telegram token", problem, "ask @BotFather for the token and put it in ZEROLINE_TELEGRAM__TOKEN")
