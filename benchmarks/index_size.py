"""How an index grows: `python -m benchmarks.index_size FOLDER --sizes 1000 10000 100000`, one table row for each size.

What is real: the sentences (the Russian side of `parallel_en_ru`), so that words are as frequent as in life; the code
that builds, stores, edits and searches. What is made up: an article is three of these sentences, its title, a phrasing
and its answer, drawn by a seed. Only the vectors of the first `--real` texts come from the encoder; every other one is
one of these with as much noise again, so that clusters stay. Times of encoding are therefore left out everywhere.

`edit to live`: one article changed, until the index that holds it is on disk and searched; `anew`: the same by building
everything. `memory`: of a fresh process that opened the stored index and searched, its own and what it maps from disk.
"""

import argparse
import gzip
import random
import time
import zlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import faiss
import numpy as np
import numpy.typing as npt

from bot.kb.encoder import SentenceEncoder
from bot.kb.index import Index
from bot.kb.model import Article
from bot.kb.shelf import Shelf

Floats = npt.NDArray[np.float32]
NOISES = 8_192
QUESTIONS, EDITS = 200, 5
LANG = "ru"
NOISE = 0.62
"""Length of the noise beside a unit vector: two texts made from one real one then have a cosine of .72, the median of
two questions to the same article of faq_stack."""


class NoisyEncoder:
    """Vectors without a model: real ones with noise, the same for the same text."""

    name, foreign = "noisy", False

    def __init__(self, real: Floats, parts: tuple[int, ...]) -> None:
        self._real, self._parts = real, parts
        noise = np.random.default_rng(0).standard_normal((NOISES, real.shape[1])).astype(np.float32)
        self._noise = NOISE * noise / np.linalg.norm(noise, axis=1, keepdims=True)
        self.dimension = real.shape[1]

    def parts(self, lang: str) -> tuple[int, ...]:
        return self._parts

    def encode(self, texts: Sequence[str], lang: str) -> Floats:
        hashes = np.array([zlib.crc32(text.encode()) for text in texts], np.int64)
        vectors = self._real[hashes % len(self._real)] + self._noise[hashes // len(self._real) % NOISES]
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)

    def question(self, text: str, lang: str) -> Floats:
        return np.asarray(self.encode([text], lang)[0])

    def remembered(self, text: str) -> None:
        """The dialogue engine does not know this encoder."""


@dataclass(frozen=True, slots=True)
class Served:
    """What a fresh process saw of a stored index: milliseconds of searches, megabytes of its own and mapped ones."""

    open_s: float
    search_ms: list[float]
    own_mb: float
    mapped_mb: float


def sentences(folder: Path) -> list[str]:
    with gzip.open(folder / "parallel_en_ru" / "parallel.tsv.gz", "rt", encoding="utf-8") as lines:
        found = dict.fromkeys(line.rstrip("\n").split("\t")[2] for line in lines)
    return [text for text in found if 15 <= len(text) <= 250]


def articles(texts: Sequence[str], count: int) -> list[Article]:
    dice = random.Random(0)
    drawn = [dice.sample(texts, 4) for _ in range(count)]
    return [
        Article(f"a{number}", LANG, title, f"{short} {more}", phrasings=(phrasing,))
        for number, (title, phrasing, short, more) in enumerate(drawn)
    ]


def serve(root: Path, encoder: NoisyEncoder, questions: Sequence[str]) -> Served:
    faiss.omp_set_num_threads(1)
    started = time.process_time()
    language = Shelf(root).load(encoder.name).languages[LANG]
    opened = time.process_time() - started
    language.find("разогрев razogrev", encoder)
    spent = []
    for question in questions:
        started = time.process_time()
        language.find(question, encoder)
        spent.append((time.process_time() - started) * 1e3)
    rows = (line.split() for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines())
    memory = {row[0]: int(row[1]) / 1e3 for row in rows if row[0] in ("RssAnon:", "RssFile:")}
    return Served(opened, spent, memory["RssAnon:"], memory["RssFile:"])


def edit_seconds(index: Index, known: list[Article], shelf: Shelf, encoder: NoisyEncoder) -> float:
    spent = []
    for number in range(EDITS):
        known[number] = replace(known[number], title=f"Новый заголовок {number}")
        started = time.process_time()
        index = shelf.save(index.edited(known, encoder), datetime.now(UTC))
        spent.append(time.process_time() - started)
    return float(np.median(spent))


def graph_against_exact(index: Index, encoder: NoisyEncoder, questions: Sequence[str]) -> str:
    """Share of the ten nearest that the graph finds, and milliseconds of both; nothing for a flat index."""
    walked = index.languages[LANG].stored.vectors["question"].graph
    if walked is None:
        return "flat"
    exact = faiss.IndexFlatIP(encoder.dimension)
    exact.add(faiss.downcast_index(walked.storage).reconstruct_n(0, walked.ntotal))
    vectors = encoder.encode([f"{question}?" for question in questions], LANG)
    found, spent = [], []
    for one in (walked, exact):
        started = time.process_time()
        found.append([one.search(vector[None], 10)[1][0] for vector in vectors])
        spent.append((time.process_time() - started) / len(vectors) * 1e3)
    share = np.mean([len(set(some) & set(all_)) / 10 for some, all_ in zip(*found, strict=True)])
    return f"{share:.3f}, {spent[0]:.1f} against {spent[1]:.1f} ms"


def row(texts: Sequence[str], size: int, encoder: NoisyEncoder) -> str:
    known = articles(texts, size)
    dice = random.Random(1)
    questions = [dice.choice(known).title[:80] for _ in range(QUESTIONS)]
    with TemporaryDirectory() as scratch:
        shelf = Shelf(Path(scratch))
        started = time.process_time()
        index = Index.build(known, encoder)
        built = time.process_time() - started
        index = shelf.save(index, datetime.now(UTC))
        stored = time.process_time() - started - built
        graph = graph_against_exact(index, encoder, questions)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
            served = fresh.submit(serve, Path(scratch), encoder, questions).result()
        edited = edit_seconds(index, known, shelf, encoder)
    p50, p95 = np.quantile(served.search_ms, [0.5, 0.95])
    anew = built + stored
    return (
        f"| {size} | {built:.1f} + {stored:.1f} | {served.open_s:.2f} | {p50:.1f} / {p95:.1f} | {edited:.2f} | "
        f"{anew:.1f} ({anew / edited:.0f} ×) | {served.own_mb:.0f} + {served.mapped_mb:.0f} | {graph} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--real", type=int, default=10_000)
    parser.add_argument("--cache", type=Path, default=Path("var/cache"))
    arguments = parser.parse_args()
    texts = sentences(arguments.folder)
    embedded = SentenceEncoder(cache=arguments.cache)
    real = embedded.encode(random.Random(2).sample(texts, arguments.real), LANG)
    encoder = NoisyEncoder(real, embedded.parts(LANG))
    print(
        "| articles | build + store, s | open, s | search p50 / p95, ms | edit to live, s | anew, s | memory, MB "
        "| graph: recall@10, time |"
    )
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for size in arguments.sizes:
        print(row(texts, size, encoder), flush=True)


if __name__ == "__main__":
    main()
