"""`zeroline run`, `serve` and `migrate`: from nothing to a running product, and the app alone."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import uvloop
from rich.console import Console

from bot.accounts.model import Role
from bot.cli.people import add_operator, nobody_yet
from bot.cli.training import model_file, train
from bot.errors import Misconfigured
from bot.settings import Settings, load_settings
from bot.storage.migrate import migrate as bring_up_to_date
from bot.storage.sqlite import SqliteDatabase
from bot.supervisor import Program, engine_environment, supervised, wait_until, write_config

FIRST_LOGIN = "admin"
START_SECONDS = 180
console = Console(highlight=False, soft_wrap=True)


def run() -> None:
    """Prepare what has changed, start everything, print the addresses; Ctrl-C stops it all."""
    settings = load_settings()
    _refuse_busy_ports(settings)
    model = model_file(settings)
    password = _prepare(settings, model)
    # Ctrl-C and a polite kill both end in the same tidy stop of every child.
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with supervised(write_config(settings, _programs(settings, model))) as process:
            with _told("starting the app, Rasa and its actions"):
                ready = wait_until(lambda: _is_ready(settings), process, START_SECONDS)
            _banner(settings, password, ready)
            process.wait()
    except KeyboardInterrupt:
        console.print("\nstopped")


def serve() -> None:
    """Run the app alone, for your own supervisor; Rasa and its actions are started by you."""
    from bot.cli.serving import serve_forever  # noqa: PLC0415 - seconds and megabytes that the parent must not carry

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve_forever(load_settings()))


def migrate() -> None:
    """Bring the database to the newest shape."""
    settings = load_settings()
    _migrate(settings)
    print(f"{settings.database} is up to date")


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _prepare(settings: Settings, model: Path) -> str | None:
    """Every step that has something to do; returns the first login's password when it was made just now."""
    _migrate(settings)
    for name in ("rasa", "visitors"):
        settings.secret(name)
    password = None
    if asyncio.run(nobody_yet(settings)):
        password = asyncio.run(add_operator(settings, FIRST_LOGIN, "Admin", Role.OWNER))
    # Whether the index is whole and fits the articles, the app sees for itself and builds another one.
    if not (settings.data_dir / "index" / "current").exists():
        _step("loading the articles and building the index", [sys.executable, "-m", "bot", "kb", "prepare"])
    if not model.exists():
        with _told("training Rasa"):
            train(settings, model, dict(os.environ))
    return password


def _step(what: str, command: list[str]) -> None:
    """Heavy steps run in processes of their own, so that the supervisor's parent stays small."""
    with _told(what):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Misconfigured(f"{what} failed:\n{(done.stdout + done.stderr)[-2000:]}")


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Says what is being done and, after it, how long it took; a spinner turns where somebody is looking."""
    started = time.monotonic()
    with console.status(what) if console.is_terminal else nullcontext():
        if not console.is_terminal:
            console.print(f"• {what}")
        yield
    console.print(f"[green]✓[/] {what} ({time.monotonic() - started:.0f} s)")


def _migrate(settings: Settings) -> None:
    database = SqliteDatabase(settings.database)
    try:
        bring_up_to_date(database.engine)
    finally:
        asyncio.run(database.close())


def _programs(settings: Settings, model: Path) -> list[Program]:
    rasa, environment = str(settings.rasa.python), engine_environment(settings)
    engine = [rasa, "-m", "actions.engine", "run", "--model", str(model.resolve()), "--port", str(settings.rasa.port)]
    return [
        Program("actions", [rasa, "-m", "actions.skills"], environment),
        Program("rasa", engine, environment),
        Program("app", [sys.executable, "-m", "bot", "serve"], {"PYTHONUNBUFFERED": "1"}),
    ]


def _refuse_busy_ports(settings: Settings) -> None:
    ports = {
        "ZEROLINE_PORT": settings.port,
        "ZEROLINE_RASA__PORT": settings.rasa.port,
        "ZEROLINE_RASA__ACTIONS_PORT": settings.rasa.actions_port,
    }
    for name, port in ports.items():
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                raise Misconfigured(
                    f"Port {port} is taken: stop the program that listens there, or choose another one with {name}."
                )


def _is_ready(settings: Settings) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{settings.port}/readyz", timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _banner(settings: Settings, password: str | None, ready: bool) -> None:
    if not ready:
        console.print("[yellow]Some part is still not ready; `zeroline check` and the logs say which.[/]")
    address = settings.address
    console.print(f"\n[bold]Zeroline is running[/] (Ctrl-C stops it, logs in {settings.data_dir / 'logs'})\n")
    console.print(f"  widget on a demo page  {address}/")
    console.print(f"  operators' desk        {address}/desk")
    console.print(f"  articles               {address}/help/ru  {address}/help/en")
    if password:
        console.print(
            f"\n  first login, shown only now and never again\n  login: {FIRST_LOGIN}\n  password: {password}\n"
        )
    else:
        console.print("\n  sign in with your login; `zeroline operator add` makes another one\n")
