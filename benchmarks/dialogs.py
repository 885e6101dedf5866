"""Customers' lines out of recorded dialogs, for replaying."""

import json
import random
from collections.abc import Iterator
from itertools import chain, zip_longest
from pathlib import Path

LINE_LIMIT = 2_000
SEED = 7


def customer_lines(path: Path) -> Iterator[list[str]]:
    """What the customer of each dialog of a JSONL file said (`turns`: `speaker`, `text`); empty lines left out."""
    with path.open(encoding="utf-8") as file:
        for row in file:
            turns = json.loads(row)["turns"]
            said = [turn["text"][:LINE_LIMIT].strip() for turn in turns if turn["speaker"] == "customer"]
            if lines := [text for text in said if text]:
                yield lines


def mixed(paths: list[Path], count: int) -> list[list[str]]:
    """`count` dialogs, as many from each file as it has, taking turns; the same choice every time."""
    chance = random.Random(SEED)
    shuffled = [chance.sample(dialogs, len(dialogs)) for dialogs in (list(customer_lines(path)) for path in paths)]
    return [dialog for dialog in chain.from_iterable(zip_longest(*shuffled)) if dialog is not None][:count]
