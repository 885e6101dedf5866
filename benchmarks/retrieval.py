"""Search and confidence beside every baseline on the public sets: `python -m benchmarks.retrieval FOLDER`.

The questions of each set are halved by the hash of their id; each half is measured with what the other half taught, and
both directions are counted together. Every system, ours included, sees the same halves and the same vectors. With
`--hide` one article in five is taken away first, so that its questions must not be answered. Prints Markdown.
"""

import argparse
import hashlib
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.cli.quality import COLUMNS, cells
from bot.kb.confidence import shipped
from bot.kb.encoder import SentenceEncoder
from bot.kb.evaluation import Files, measure, rooms
from bot.kb.scoring import Run, System, summed

SETS = ("faq_yandex", "faq_rutube", "faq_stack")

COUNTED = (0, 1, 2, 3, 4, 7)
"""Columns in which one system is best: a wrong share alone is best by answering nothing."""


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def chance(text: str, parts: int) -> int:
    return hashlib.sha256(text.encode()).digest()[0] % parts


def halves(folder: Path, scratch: Path, hide: bool) -> list[Files]:
    articles = [row for row in read(folder / "kb.jsonl") if not hide or chance(f"hide {row['id']}", 5)]
    kept = {row["id"] for row in articles}
    questions = read(folder / "queries.jsonl")
    for row in questions:
        row["relevant_ids"] = [name for name in row["relevant_ids"] if name in kept]
    kb = write(scratch / "kb.jsonl", articles)
    parts = [
        write(scratch / f"{part}.jsonl", [row for row in questions if chance(row["id"], 2) == part]) for part in (0, 1)
    ]
    return [Files(kb, parts[0], parts[1]), Files(kb, parts[1], parts[0])]


def compared(folder: Path, hide: bool, encoder: SentenceEncoder) -> dict[str, list[System]]:
    """Every system on both halves together, by language, ours last."""
    runs: dict[str, dict[str, list[Run]]] = {}
    with TemporaryDirectory() as scratch:
        for files in halves(folder, Path(scratch), hide):
            for lang, room in rooms(files, encoder).items():
                _, made = measure(room, encoder, shipped(encoder.foreign)[lang], 0.05, True)
                for run in made:
                    runs.setdefault(lang, {}).setdefault(run.name, []).append(run)
    return {lang: [summed(each) for each in known.values()] for lang, known in runs.items()}


def table(systems: list[System]) -> str:
    """Markdown; the best of a column is bold, equal ones all."""
    rows = [cells(system) for system in systems]
    best = {}
    for column in COUNTED:
        values = [row[column][0] for row in rows]
        best[column] = min(values) if COLUMNS[column] == "area" else max(values)
    lines = ["| system | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    for system, row in zip(systems, rows, strict=True):
        shown = [
            f"{'**' if value == best.get(column) else ''}{value:.3f}{'**' if value == best.get(column) else ''}"
            f" ({low:.2f}–{high:.2f})"
            for column, (value, (low, high)) in enumerate(row)
        ]
        lines.append(f"| {system.name} | " + " | ".join(shown) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path, default=Path("var/cache"))
    parser.add_argument("--hide", action="store_true")
    parser.add_argument("--sets", nargs="*", default=SETS)
    arguments = parser.parse_args()
    encoder = SentenceEncoder(cache=arguments.cache)
    for name in arguments.sets:
        for lang, systems in compared(arguments.folder / name, arguments.hide, encoder).items():
            print(f"\n### {name}, {lang}{', one article in five hidden' if arguments.hide else ''}\n")
            print(table(systems), flush=True)


if __name__ == "__main__":
    main()
