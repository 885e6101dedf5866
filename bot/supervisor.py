"""Starts the product's three processes under supervisord and keeps them alive until Ctrl-C; for `zeroline run`."""

import configparser
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.errors import Misconfigured
from bot.settings import Settings

STOP_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Program:
    """One child process: its argument vector and what its environment adds to ours."""

    name: str
    command: list[str]
    environment: dict[str, str]


def engine_environment(settings: Settings) -> dict[str, str]:
    """What Rasa and its action server read instead of our settings; they live in another environment."""
    return {
        "ZEROLINE_DATA_DIR": str(settings.data_dir.resolve()),
        "ZEROLINE_RASA__SECRET": settings.secret("rasa"),
        "ZEROLINE_RASA__ACTIONS_URL": f"http://127.0.0.1:{settings.rasa.actions_port}/webhook",
        "ZEROLINE_RASA__ACTIONS_PORT": str(settings.rasa.actions_port),
        "RASA_TELEMETRY_ENABLED": "false",
        "SANIC_WORKERS": "1",
        # One numeric thread: the linear classifier gains nothing from more and the cores are shared.
        "OMP_NUM_THREADS": "1",
    }


def write_config(settings: Settings, programs: list[Program]) -> Path:
    """supervisord's configuration, written anew at every start. `%` is its escape, so values double it."""
    folder = settings.data_dir.resolve()
    logs = folder / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    config = configparser.RawConfigParser()
    config["supervisord"] = {
        "nodaemon": "true",
        "silent": "true",
        "logfile": _escaped(str(logs / "supervisord.log")),
        "pidfile": _escaped(str(folder / "supervisord.pid")),
        "childlogdir": _escaped(str(logs)),
        "user": "root" if os.geteuid() == 0 else "",
    }
    if not config["supervisord"]["user"]:
        del config["supervisord"]["user"]
    for program in programs:
        config[f"program:{program.name}"] = {
            "command": _escaped(" ".join(_quoted(part) for part in program.command)),
            "directory": _escaped(str(Path.cwd())),
            "environment": ",".join(f'{key}="{_escaped(value)}"' for key, value in program.environment.items()),
            "autorestart": "true",
            "startsecs": "1",
            # A child that cannot start is tried for ever, with supervisord's growing pause between the tries.
            "startretries": "1000000",
            "stopasgroup": "true",
            "killasgroup": "true",
            "stopwaitsecs": str(STOP_SECONDS),
            "redirect_stderr": "true",
            "stdout_logfile": _escaped(str(logs / f"{program.name}.log")),
            "stdout_logfile_maxbytes": "10MB",
            "stdout_logfile_backups": "3",
        }
    path = folder / "supervisord.conf"
    path.touch(mode=0o600)
    with path.open("w") as file:
        config.write(file)
    return path


@contextmanager
def supervised(config: Path) -> Iterator[subprocess.Popen[bytes]]:
    """supervisord and its children for as long as the block runs; all of them are gone after it."""
    command = [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(config)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS + 5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Polls `ready` twice a second; False when the time is over. Raises Misconfigured when supervisord gave up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Misconfigured("The supervisor stopped at once; read supervisord.log in the data folder's logs.")
        if ready():
            return True
        time.sleep(0.5)
    return False


def _escaped(value: str) -> str:
    return value.replace("%", "%%")


def _quoted(part: str) -> str:
    return f'"{part}"' if " " in part else part
