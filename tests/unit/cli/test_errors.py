"""What the command line says to nonsense: one line that tells what to do, never a stack trace."""

import os
import subprocess
import sys
from pathlib import Path


def zeroline(data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"ZEROLINE_DATA_DIR": str(data_dir)}
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_a_data_folder_that_cannot_be_made_is_named_in_one_line() -> None:
    done = zeroline(Path("/proc/nowhere"), "migrate")
    assert done.returncode == 1
    assert done.stderr.startswith("zeroline: /proc/nowhere")
    assert "Traceback" not in done.stderr


def test_a_file_that_is_no_database_is_refused_with_advice(tmp_path: Path) -> None:
    (tmp_path / "zeroline.sqlite3").write_text("this is not a database, but it is long enough to be looked at" * 20)
    done = zeroline(tmp_path, "migrate")
    assert done.returncode == 1
    assert "backup" in done.stderr
    assert "Traceback" not in done.stderr
