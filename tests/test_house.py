"""The house rules that a machine can hold: contracts, ceilings, and documents that must not lag behind the code."""

import ast
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest
from typer import Context
from typer.core import TyperGroup
from typer.main import get_command

from bot.cli import app
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "handoff", "actions")
FILE_CEILING, FUNCTION_CEILING = 300, 40
UI = ROOT / "bot" / "ui"


def modules() -> list[Path]:
    skipped = {UI, ROOT / "bot" / "static"}
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return [path for path in found if not skipped.intersection(path.parents)]


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_file_is_longer_than_the_ceiling() -> None:
    sources = modules() + [path for path in (UI / "src").rglob("*.ts*") if path.name != "wire.ts"]
    sources += (ROOT / "tests").rglob("*.py")
    assert not {str(path.relative_to(ROOT)): lines(path) for path in sources if lines(path) > FILE_CEILING}


def test_no_function_is_longer_than_the_ceiling() -> None:
    # A migration is a list of statements in time order; cutting it in pieces would only hide the order.
    long = {
        f"{path.relative_to(ROOT)}:{function.name}": length(function)
        for path in modules()
        if path.parent.name != "versions"
        for function in functions(path)
        if length(function) > FUNCTION_CEILING
    }
    assert not long


def test_files_and_functions_stay_short_in_the_median() -> None:
    assert statistics.median(lines(path) for path in modules() if lines(path) > 3) <= 115
    assert statistics.median(length(function) for path in modules() for function in functions(path)) <= 10


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_opens_with_a_sentence(path: Path) -> None:
    if path.read_text(encoding="utf-8").strip():
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_the_readme_maps_every_room() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rooms = [path.name for path in (ROOT / "bot").iterdir() if (path / "__init__.py").exists()]
    assert not [room for room in rooms if not re.search(rf"\b{room}/", readme)]


def test_every_setting_is_in_the_example_file() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    names = []
    for name, field in Settings.model_fields.items():
        inner = getattr(field.annotation, "model_fields", None)
        names += [f"{name}__{part}" for part in inner] if inner else [name]
    assert not [name for name in names if f"ZEROLINE_{name.upper()}=" not in example]


def test_every_command_of_the_cli_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    root = get_command(app)
    names = root.list_commands(Context(root)) if isinstance(root, TyperGroup) else []
    assert len(names) > 5
    assert not [name for name in names if f"zeroline {name}" not in readme]


def test_no_cuda_is_locked_in() -> None:
    locked = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert not re.findall(r"^(?:nvidia|triton|cuda)\S*", locked, re.MULTILINE)
