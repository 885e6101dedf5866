"""What the command line says to nonsense: one line that tells what to do, never a stack trace."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


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


KB = '{"id": "a", "lang": "en", "question": "How do I pay?", "answer_md": "By card."}'
ASKED = '{"lang": "en", "query": "how to pay", "relevant_ids": ["a"]}'


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("kb", "encoder", "use", " "), "or `embedded` for the encoder that Zeroline brings"),
        (("kb", "encoder", "use", "no/such/folder"), "cannot be loaded: there is no such folder"),
        (("kb", "learn", "--lang", "de"), "--lang is ru or en"),
        (("evaluate", "--kb", "kb.jsonl", "--calibrate", "q.jsonl", "--test", "q.jsonl", "--lang", "ru"), "q.jsonl."),
    ],
    ids=["no name", "no folder", "no such language", "no question in the language"],
)
def test_what_cannot_be_done_is_told_in_one_line(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    (tmp_path / "kb.jsonl").write_text(KB)
    (tmp_path / "q.jsonl").write_text(ASKED)
    done = zeroline(tmp_path, *(str(tmp_path / word) if word.endswith(".jsonl") else word for word in words))
    assert done.returncode == 1
    assert not done.stdout
    assert said in done.stderr
    assert done.stderr.startswith("zeroline: ")
    assert done.stderr.count("\n") == 1
