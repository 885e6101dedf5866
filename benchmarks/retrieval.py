"""Search and confidence on the public sets: `python -m benchmarks.retrieval FOLDER`.

The questions of each set are halved by the hash of their id; each half is measured with what the other half taught.
With `--hide` one article in five is taken away first, so that its questions must not be answered.
"""

import argparse
import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.kb.encoder import SentenceEncoder
from bot.kb.evaluation import Files, evaluate

SETS = ("faq_yandex", "faq_rutube", "faq_stack")
COLUMNS = (
    "n",
    "answerable",
    "recall_at_1",
    "recall_at_3",
    "mrr_at_10",
    "coverage",
    "wrong_rate",
    "oos_false_answer_rate",
    "threshold",
    "encode_ms_p50",
    "search_ms_p50",
)


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path, default=Path("var/cache"))
    parser.add_argument("--hide", action="store_true")
    arguments = parser.parse_args()
    encoder = SentenceEncoder(cache=arguments.cache)
    print("| set | " + " | ".join(COLUMNS) + " |")
    print("|" + "---|" * (len(COLUMNS) + 1))
    for name in SETS:
        with TemporaryDirectory() as scratch:
            for files in halves(arguments.folder / name, Path(scratch), arguments.hide):
                for lang, report in evaluate(files, encoder).items():
                    figures = asdict(report)
                    print(f"| {name} {lang} | " + " | ".join(str(figures[column]) for column in COLUMNS) + " |")


if __name__ == "__main__":
    main()
