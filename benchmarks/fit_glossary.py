"""Learns `bot/kb/glossaries/ru_learned.tsv`: `python -m benchmarks.fit_glossary parallel.tsv.gz`.

The corpus has lines of source, English and Russian text between tabs. IBM model 1 tells which English word each Russian
stem is most often translated to; half a minute and 2 GB on one core.
"""

import argparse
import gzip
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.kb.lexical import is_russian, stem, tidy

ROUNDS, LONGEST, SEEN, LIKELY = 8, 60, 3, 0.12
SHARE_ALIKE = {"xquad", "owasp-asvs"}
THINNED = {"php-manual": 0.3}
"""One reference manual is more than half of the corpus and would teach its own words only."""

EMPTY = """
by of from as at the a an is in on to for with it and or be are was this that these those i you we s t e c us play pm am
not if will its
"""
"""English words that a rare Russian one seems to mean only because they are everywhere."""


def pairs(corpus: Path) -> Iterator[tuple[str, str]]:
    dice = random.Random(0)
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        for line in lines:
            source, english, russian = line.rstrip("\n").split("\t")
            if source not in SHARE_ALIKE and dice.random() < THINNED.get(source, 1.0):
                yield english, russian


def russian_words(text: str) -> list[str]:
    return [word for word in tidy(text).split() if is_russian(word)]


def english_words(text: str) -> list[str]:
    return re.findall(r"[a-z]+(?:'[a-z]+)?", text.lower())


def numbered(bags: Sequence[set[str]], first: int) -> dict[str, int]:
    """A number for every word seen often enough, from `first` on."""
    counts = Counter(word for bag in bags for word in sorted(bag))
    kept = (word for word, count in counts.items() if count >= SEEN)
    return {word: number for number, word in enumerate(kept, start=first)}


def align(russian: list[npt.NDArray[np.int64]], english: list[npt.NDArray[np.int64]], width: int) -> dict[int, int]:
    """The likeliest English number of every Russian number; Russian 0 stands for no word at all."""
    spans = np.cumsum([0, *(len(bag) for bag in english)])
    left = np.concatenate([np.repeat(bag, len(other)) for bag, other in zip(russian, english, strict=True)])
    right = np.concatenate([np.tile(other, len(bag)) for bag, other in zip(russian, english, strict=True)])
    slots = np.concatenate(
        [np.tile(np.arange(a, b), len(bag)) for bag, a, b in zip(russian, spans[:-1], spans[1:], strict=True)]
    )
    keys, places = np.unique(left * width + right, return_inverse=True)
    owners = keys // width
    chances = np.ones(len(keys))
    for _ in range(ROUNDS):
        shares = chances[places]
        shares = shares / np.bincount(slots, shares, spans[-1])[slots]
        counts = np.bincount(places, shares, len(keys))
        chances = counts / np.maximum(np.bincount(owners, counts)[owners], 1e-9)
    best: dict[int, int] = {}
    for at in np.argsort(-chances, kind="stable"):
        if owners[at] not in best and chances[at] >= LIKELY:
            best[int(owners[at])] = int(keys[at] % width)
    return best


def learn(corpus: Path, known: set[str]) -> list[tuple[str, str]]:
    """Russian words (the commonest form of each stem) and their English ones; stems in `known` are left out."""
    texts = list(pairs(corpus))
    forms: dict[str, Counter[str]] = {}
    for _, russian in texts:
        for word in russian_words(russian):
            forms.setdefault(stem(word), Counter())[word] += 1
    stems = [{stem(word) for word in russian_words(russian)} for _, russian in texts]
    words = [set(english_words(english)) for english, _ in texts]
    left, right = numbered(stems, 1), numbered(words, 0)
    best = align(
        [np.array([0, *sorted(left[word] for word in bag if word in left)][:LONGEST]) for bag in stems],
        [np.array(sorted(right[word] for word in bag if word in right)[:LONGEST], np.int64) for bag in words],
        len(right),
    )
    names, empty = list(right), set(EMPTY.split())
    found = ((name, names[best[number]]) for name, number in left.items() if number in best)
    return sorted(
        (forms[name].most_common(1)[0][0], english)
        for name, english in found
        if len(name) > 1 and name not in known and english not in empty
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--folder", type=Path, default=Path("bot/kb/glossaries"))
    arguments = parser.parse_args()
    support = (arguments.folder / "ru_support.tsv").read_text(encoding="utf-8")
    known = {stem(line.split("\t")[0]) for line in support.splitlines()}
    rows = learn(arguments.corpus, known)
    text = "".join(f"{russian}\t{english}\n" for russian, english in rows)
    (arguments.folder / "ru_learned.tsv").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
