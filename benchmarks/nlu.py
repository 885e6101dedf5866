"""`python -m benchmarks.nlu NAME=TRAIN.jsonl:TEST.jsonl[:STRANGERS.jsonl] …`: our intents beside stock Rasa and nlp.js.

Rows are `{"text", "label"}`; rows labelled `oos` (see --oos) belong to no intent. A third file gives more of those: its
rows labelled so, or all of them when none is. Prints Markdown.
"""

import argparse
import json
import random
import re
import statistics
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.nlu_engines import STRANGER, Engine, NlpJs, Ours, Row, Stock, Trial, write_rows
from tests.product import ROOT

LOSS = 0.05
"""Share of in-scope messages that may be turned away when out-of-scope recall is compared."""
NO_INTENT = {STRANGER, "None", "nlu_fallback"}
BINS = 10

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Set:
    """One intent set. Rows of no intent are labelled STRANGER."""

    name: str
    lang: str
    train: list[Row]
    test: list[Row]


@dataclass(frozen=True, slots=True)
class Result:
    """Figures of one engine on one set; `recall` and `area` are None without out-of-scope rows."""

    accuracy: float
    recall: float | None
    area: float | None
    miscalibration: float
    train_seconds: float
    train_megabytes: float
    message_ms: float
    serve_megabytes: float


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", metavar="NAME=TRAIN:TEST[:STRANGERS]")
    parser.add_argument("--per-intent", type=int, default=0, help="training examples of one intent; 0: all")
    parser.add_argument("--test-limit", type=int, default=0, help="test rows with an intent; 0: all")
    parser.add_argument("--oos", default="oos", help="label of rows that belong to no intent")
    parser.add_argument("--engines", default="ours,stock,nlpjs")
    parser.add_argument("--epochs", type=int, default=100, help="of stock Rasa's DIET")
    parser.add_argument("--config", type=Path, default=ROOT / "config.yml", help="whose pipeline is ours")
    parser.add_argument("--rasa-python", type=Path, default=ROOT / ".venv-rasa/bin/python")
    parser.add_argument("--stock-python", type=Path, help="an environment with rasa and TensorFlow; made when absent")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    makers: dict[str, Callable[[], Engine]] = {
        "ours": lambda: Ours(arguments.rasa_python, arguments.config),
        "stock": lambda: Stock(arguments.stock_python, arguments.epochs),
        "nlpjs": NlpJs,
    }
    engines = [makers[name]() for name in arguments.engines.split(",")]
    for described in arguments.sets:
        found = read_set(described, arguments)
        print(f"\n**{found.name}** ({found.lang}): {_described(found)}\n", flush=True)
        print("\n".join(table({engine.name: judge(found, attempt(engine, found)) for engine in engines})), flush=True)


def read_set(described: str, arguments: argparse.Namespace) -> Set:
    """The files of `NAME=TRAIN:TEST[:STRANGERS]`, limited as asked for, with a fixed seed."""
    name, _, files = described.partition("=")
    train, test, *more = (_read(Path(file), arguments.oos) for file in files.split(":"))
    strangers = [row for rows in more for row in rows if row["label"] == STRANGER]
    strangers = strangers or [row | {"label": STRANGER} for rows in more for row in rows]
    random.Random(arguments.seed).shuffle(train)
    random.Random(arguments.seed).shuffle(test)
    known = {row["label"] for row in train}
    learnt = {row["text"].casefold() for row in train}
    asked = [row for row in test if row["label"] in known - {STRANGER} and row["text"].casefold() not in learnt]
    strange = [row for row in test if row["label"] == STRANGER] + strangers
    cyrillic = sum(bool(re.search("[а-яё]", row["text"], re.IGNORECASE)) for row in train)
    return Set(
        name,
        "ru" if cyrillic > len(train) / 2 else "en",
        _limited(train, arguments.per_intent),
        (asked[: arguments.test_limit] if arguments.test_limit else asked) + strange,
    )


def attempt(engine: Engine, found: Set) -> Trial:
    """Trains and asks `engine` in an empty folder."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_rows(folder / "train.jsonl", found.train)
        write_rows(folder / "test.jsonl", found.test)
        return engine.run(folder, found.lang)


def judge(found: Set, trial: Trial) -> Result:
    """The figures of a trial."""
    labels = np.array([row["label"] for row in found.test])
    inside = labels != STRANGER
    first = np.array([_first(ranking) for _, ranking in trial.answers])
    trust = np.array([_trust(ranking) for _, ranking in trial.answers])
    right = (first == labels) & inside
    strangers = trust[~inside]
    return Result(
        accuracy=float(right[inside].mean()),
        recall=recall_at_loss(trust[inside], strangers, LOSS) if len(strangers) else None,
        area=area(trust[inside], strangers) if len(strangers) else None,
        miscalibration=miscalibration(trust, right),
        train_seconds=trial.trained.seconds,
        train_megabytes=trial.trained.megabytes,
        message_ms=1000 * statistics.median(spent for spent, _ in trial.answers),
        serve_megabytes=trial.asked.megabytes,
    )


def recall_at_loss(inside: Scores, strangers: Scores, loss: float) -> float:
    """Share of strangers turned away where `loss` of the others are too; ties at the threshold are shared out."""
    threshold = np.sort(inside)[int(loss * len(inside))]
    below, at = (inside < threshold).mean(), (inside == threshold).mean()
    share = (loss - below) / at
    return float((strangers < threshold).mean() + share * (strangers == threshold).mean())


def area(inside: Scores, strangers: Scores) -> float:
    """Probability that a stranger scores below another message (area under the ROC curve)."""
    ranks = np.searchsorted(np.sort(strangers), inside, "left") + np.searchsorted(np.sort(strangers), inside, "right")
    return float(ranks.mean() / (2 * len(strangers)))


def miscalibration(trust: Scores, right: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error over ten bins of equal width; an answer to a stranger is never right."""
    bins = np.minimum((trust * BINS).astype(int), BINS - 1)
    gaps = [abs(trust[bins == one].mean() - right[bins == one].mean()) * (bins == one).mean() for one in set(bins)]
    return float(sum(gaps))


def table(results: dict[str, Result]) -> list[str]:
    """Markdown; the ratios are to the first engine."""
    base = next(iter(results.values()))
    lines = [
        f"| | accuracy | out-of-scope recall at {LOSS:.0%} loss | area | calibration error "
        "| training s | training MB | ms a message | serving MB |",
        "| --- " * 9 + "|",
    ]
    for name, one in results.items():
        found = ["–" if value is None else f"{value:.3f}" for value in (one.accuracy, one.recall, one.area)]
        costs = [
            f"{mine:.{digits}f} (× {mine / first:.{1 if mine >= first else 2}f})"
            for mine, first, digits in (
                (one.train_seconds, base.train_seconds, 0),
                (one.train_megabytes, base.train_megabytes, 0),
                (one.message_ms, base.message_ms, 1),
                (one.serve_megabytes, base.serve_megabytes, 0),
            )
        ]
        lines.append(f"| {' | '.join([name, *found, f'{one.miscalibration:.3f}', *costs])} |")
    return lines


def _first(ranking: Sequence[tuple[str, float]]) -> str:
    return next((name for name, _ in ranking if name != "nlu_fallback"), STRANGER)


def _trust(ranking: Sequence[tuple[str, float]]) -> float:
    """How much the message is thought to belong to any intent: the confidence of the best real one."""
    return next((score for name, score in ranking if name not in NO_INTENT), 0.0)


def _read(path: Path, oos: str) -> list[Row]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    named = [{"text": row.get("text") or row["query"], "label": str(row.get("label", ""))} for row in rows]
    return [row | {"label": STRANGER} if row["label"] == oos else row for row in named]


def _limited(rows: Sequence[Row], limit: int) -> list[Row]:
    taken: Counter[str] = Counter()
    kept = []
    for row in rows:
        taken[row["label"]] += 1
        if not limit or taken[row["label"]] <= limit:
            kept.append(row)
    return kept


def _described(found: Set) -> str:
    intents = {row["label"] for row in found.train} - {STRANGER}
    strangers = sum(row["label"] == STRANGER for row in found.test)
    return (
        f"{len(intents)} intents, {len(found.train)} training examples, {len(found.test) - strangers} questions, "
        f"{strangers} out of scope"
    )


if __name__ == "__main__":
    main()
