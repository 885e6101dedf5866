"""Some articles of one language in searchable form, made once and never changed.

An index is a large segment that lies in files mapped into memory, and a small one with what was edited since.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.kb.chunker import Entry, Field, entries, whole
from bot.kb.confidence import MEANINGS
from bot.kb.encoder import Encoder
from bot.kb.lexical import Counts, LexicalMatrix, Rarity, View, count, letters, tidy, words
from bot.kb.lexicon import Lexicon, lexicons
from bot.kb.model import Article
from bot.kb.nearest import Floats, Owners, Vectors, centres

Arrays = Mapping[str, npt.NDArray[Any]]

_VIEWS: Mapping[str, View] = {"letters": letters, "words": words}
_ALIGN = 64
_NOTHING = np.zeros(1, np.float32)


@dataclass(frozen=True)
class Segment:
    """`vectors`: of questions, passages and centres; `owners`: whose they are; `matrices`: the lexical views of
    questions and of whole articles; `spoken`: how often each word stands in the articles; `stored`: the folder it lies
    in."""

    articles: tuple[Article, ...]
    vectors: Mapping[str, Vectors]
    owners: Mapping[str, Owners]
    matrices: Mapping[str, LexicalMatrix]
    spoken: Mapping[str, float]
    stored: Path | None = None

    @classmethod
    def build(
        cls, articles: Iterable[Article], encoder: Encoder, lang: str, beside: "Segment | None" = None
    ) -> "Segment":
        """`beside`: the segment these articles will be searched together with; words are as rare as they are there."""
        ordered = tuple(sorted(articles, key=lambda article: article.id))
        rows = [(place, entry) for place, article in enumerate(ordered) for entry in entries(article)]
        questions, passages = _of(Field.QUESTION, rows), _of(Field.PASSAGE, rows)
        asked = [entry.text for _, entry in questions]
        # One call for both, so that the encoder can fill its batches.
        encoded = encoder.encode([*asked, *(entry.text for _, entry in passages)], lang)
        parts = encoder.parts(lang)
        owners = _owned(len(ordered), questions, passages)
        rows_of = {"question": encoded[: len(asked)], "passage": encoded[len(asked) :]}
        rows_of["centre"] = centres(rows_of["question"], owners["question"], len(ordered), parts)
        texts = [whole(article) for article in ordered]
        matrices = {
            name: LexicalMatrix.build(count(view, lines), beside.matrices[name].rarity if beside else None)
            for kind, view in _VIEWS.items()
            for name, lines in ((f"question_{kind}", asked), (kind, texts))
        }
        spoken = Counter(word for text in texts for word in tidy(text).split())
        vectors = {name: Vectors.build(rows_of[name], parts) for name in MEANINGS}
        return cls(ordered, vectors, owners, matrices, spoken)

    @property
    def size(self) -> int:
        """Questions and passages."""
        return len(self.vectors["question"]) + len(self.vectors["passage"])

    @cached_property
    def lexicons(self) -> Mapping[str, Lexicon]:
        return lexicons(self.spoken)

    def features(self, counts: Mapping[str, Counts], vector: Floats) -> Floats:
        """One row for each article, one column for each ranker. `counts`: the question's, by view."""
        size, asked = len(self.articles), self.owners["question"]
        matched = {name: matrix.match(counts[name.removeprefix("question_")]) for name, matrix in self.matrices.items()}
        meant = [self.vectors[name].near(vector, self.owners[name], size) for name in MEANINGS]
        columns = (
            *(near[:, network] for network in range(meant[0].shape[1]) for near in meant),
            asked.highest(matched["question_letters"][:, None], size, _NOTHING),
            matched["letters"],
            asked.highest(matched["question_words"][:, None], size, _NOTHING),
            matched["words"],
        )
        return np.column_stack(columns)

    def save(self, folder: Path) -> None:
        """Writes every file of the segment into a new folder."""
        folder.mkdir(parents=True)
        rows = [asdict(article) for article in self.articles]
        (folder / "articles.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        (folder / "words.json").write_text(json.dumps(self.spoken, ensure_ascii=False), encoding="utf-8")
        for name, vectors in self.vectors.items():
            vectors.save(folder, name)
        _pack(folder / "arrays.bin", _arrays(self))

    def moved(self, folder: Path) -> "Segment":
        """This segment, with what it has worked out, known to lie elsewhere."""
        segment = copy(self)
        object.__setattr__(segment, "stored", folder)
        return segment

    @classmethod
    def load(cls, folder: Path) -> "Segment":
        """Maps a stored segment into memory. Raises IndexUnusable when the files do not fit together,
        OSError, ValueError or KeyError when they cannot be read."""
        articles = tuple(_article(row) for row in json.loads((folder / "articles.json").read_text(encoding="utf-8")))
        spoken = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        arrays = _unpack(folder / "arrays.bin")
        parts = tuple(arrays["parts"].tolist())
        each = {name: arrays[f"owners.{name}"] for name in ("question", "passage")} | {
            "centre": np.arange(len(articles))
        }
        matrices = {name: _matrix(name, arrays) for kind in _VIEWS for name in (f"question_{kind}", kind)}
        vectors = {name: Vectors.load(folder, name, parts, len(each[name])) for name in MEANINGS}
        owners = {name: Owners(places) for name, places in each.items()}
        return cls(articles, vectors, owners, matrices, spoken, folder)


def question_counts(text: str) -> dict[str, Counts]:
    """What the lexical views see of one question."""
    return {kind: view([text]) for kind, view in _VIEWS.items()}


def _of(field: Field, rows: Sequence[tuple[int, Entry]]) -> list[tuple[int, Entry]]:
    return [(place, entry) for place, entry in rows if entry.field is field]


def _owned(size: int, *rows: Sequence[tuple[int, Entry]]) -> dict[str, Owners]:
    """Whose questions, passages and centres are."""
    each = [np.array([place for place, _ in some], np.int64) for some in rows]
    return {name: Owners(places) for name, places in zip(MEANINGS, (*each, np.arange(size)), strict=True)}


_RARITY, _COLUMNS = ("features", "idf"), ("features", "starts", "texts", "weights")


def _arrays(segment: Segment) -> Arrays:
    arrays: dict[str, npt.NDArray[Any]] = {
        f"owners.{name}": segment.owners[name].each for name in ("question", "passage")
    }
    arrays["parts"] = np.array(segment.vectors["question"].parts)
    for name, matrix in segment.matrices.items():
        arrays |= {f"{name}.{part}": getattr(matrix, part) for part in _COLUMNS}
        arrays |= {f"{name}.rarity.{part}": getattr(matrix.rarity, part) for part in _RARITY}
        arrays[f"{name}.size"] = np.array([matrix.size])
    return arrays


def _matrix(name: str, arrays: Arrays) -> LexicalMatrix:
    rarity = Rarity(*(arrays[f"{name}.rarity.{part}"] for part in _RARITY))
    features, starts, texts, weights = (arrays[f"{name}.{part}"] for part in _COLUMNS)
    return LexicalMatrix(rarity, features, starts, texts, weights, int(arrays[f"{name}.size"][0]))


def _pack(path: Path, arrays: Arrays) -> None:
    """All arrays in one file that can be mapped: a line of JSON that says what lies where, then the arrays."""
    plan, start = {}, 0
    for name, array in arrays.items():
        plan[name] = (array.dtype.str, len(array), start)
        start += array.nbytes + -array.nbytes % _ALIGN
    head = json.dumps(plan).encode() + b"\n"
    with path.open("wb") as file:
        file.write(head + b"\n" * (-len(head) % _ALIGN))
        for array in arrays.values():
            file.write(np.ascontiguousarray(array).data)
            file.write(b"\0" * (-array.nbytes % _ALIGN))


def _unpack(path: Path) -> Arrays:
    with path.open("rb") as file:
        head = file.readline()
    content = np.memmap(path, np.uint8, "r")
    first = len(head) + -len(head) % _ALIGN
    return {
        name: np.frombuffer(content, kind, length, first + start) if length else np.zeros(0, kind)
        for name, (kind, length, start) in json.loads(head).items()
    }


def _article(row: dict[str, Any]) -> Article:
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return Article(**fields)
