"""The whole product as its users meet it: started by the command line in a folder of its own, on free ports."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

ROOT = Path(__file__).parent.parent
START_SECONDS = 400
CACHE = ROOT / ".pytest_cache" / "product"
"""Trained models and vectors of earlier runs; both are named by the hash of what they were made from."""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(ready: Callable[[], bool], what: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s in vain for: {what}")
        time.sleep(0.05)


@dataclass(frozen=True, slots=True)
class Product:
    """A running product. `kill("rasa")` is `kill -9`; the supervisor is expected to start it again."""

    process: subprocess.Popen[str]
    environment: dict[str, str]
    url: str
    login: str
    password: str
    data_dir: Path

    def pid(self, name: str) -> int | None:
        marks = {
            "app": ["-m", "bot", "serve"],
            "rasa": ["-m", "actions.engine", "run"],
            "actions": ["-m", "actions.skills"],
        }
        for child in psutil.Process(self.process.pid).children(recursive=True):
            try:
                line = child.cmdline()
            except psutil.Error:
                continue
            mark = marks[name]
            if any(line[n : n + len(mark)] == mark for n in range(len(line))):
                return child.pid
        return None

    def kill(self, name: str) -> int:
        """Kills the child and returns the pid it had."""
        pid = self.pid(name)
        assert pid is not None, f"{name} is not running"
        psutil.Process(pid).kill()
        return pid

    def ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=2).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def zeroline(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bot", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True, timeout=120
        )

    def add_operator(self, login: str, name: str, role: str = "operator") -> str:
        """Makes an operator and returns the password."""
        done = self.zeroline("operator", "add", login, "--name", name, "--role", role)
        found = re.search(r"password:\s+(\S+)", done.stdout)
        assert found is not None, done.stdout
        return found.group(1)


@contextmanager
def running_product(data_dir: Path, **settings: str) -> Iterator[Product]:
    """`zeroline run` on free ports; everything it started is gone after the block."""
    port = free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ZEROLINE_")}
    environment |= {
        "ZEROLINE_DATA_DIR": str(data_dir),
        "ZEROLINE_PORT": str(port),
        "ZEROLINE_RASA__PORT": str(free_port()),
        "ZEROLINE_RASA__ACTIONS_PORT": str(free_port()),
        "PYTHONUNBUFFERED": "1",
    }
    environment |= settings
    output = data_dir / "run.out"
    data_dir.mkdir(parents=True, exist_ok=True)
    _copy_made_things(CACHE, data_dir)
    with output.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], cwd=ROOT, env=environment, stdout=file, stderr=file, text=True
        )
        try:
            wait_for(
                lambda: "password:" in output.read_text() or process.poll() is not None, "the banner", START_SECONDS
            )
            said = output.read_text()
            found = re.search(r"login:\s+(\S+)\s+password:\s+(\S+)", said)
            assert found is not None, said
            _copy_made_things(data_dir, CACHE)
            login, password = found.groups()
            product = Product(process, environment, f"http://localhost:{port}", login, password, data_dir)
            wait_for(product.ready, f"every part, see {data_dir}/logs")
            yield product
        finally:
            process.terminate()
            process.wait(40)


def _copy_made_things(source: Path, target: Path) -> None:
    for name in ("models", "vectors"):
        if (source / name).exists():
            shutil.copytree(source / name, target / name, dirs_exist_ok=True)
