"""What a long-lived process carries: nothing that it does not use."""

import subprocess
import sys

import pytest

PROGRAM = "import sys, {module}; print(*sorted(set({heavy}) & set(sys.modules)))"
SEARCH = ("faiss", "scipy", "numpy", "onnxruntime", "tokenizers")
NEVER = ("aiogram", "sklearn", "torch", "sentence_transformers")


@pytest.mark.parametrize(
    ("module", "heavy"),
    [("bot.cli", (*SEARCH, *NEVER, "sanic", "httpx", "aiohttp")), ("bot.cli.serving", NEVER)],
    ids=["the parent that waits", "the app without Telegram"],
)
def test_a_process_loads_only_what_it_uses(module: str, heavy: tuple[str, ...]) -> None:
    program = PROGRAM.format(module=module, heavy=heavy)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.split() == []
