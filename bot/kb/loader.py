"""Articles from files and back: Markdown with a YAML head, and JSON lines of questions and answers.

All files are read before anything is believed: one bad file means none is taken, and every bad one is named.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from bot.errors import BadRequest
from bot.kb.model import Article
from bot.text import plain

T = TypeVar("T")
Source = tuple[str, Callable[[], T]]
"""A place to name in a complaint, and the way to read what is there."""

SIZE_LIMIT = 1_000_000
"""Bytes of one Markdown file; a longer one is not an article."""

SHORT_ANSWER = 350
"""Characters a short answer is cut from a long one; about what a customer reads in a chat bubble without scrolling."""


class BadFiles(BadRequest):
    """Some files cannot be used. `problems`: one line for each, the file (and line) first."""

    code = "files_invalid"

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("Nothing was taken from these files:\n" + "\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the ids of the articles that answer it; none when nothing does and it must not be answered."""

    lang: str
    text: str
    relevant: frozenset[str]


def _words(value: Any) -> Any:
    # YAML reads an unquoted 404 as a number; whoever wrote it as a phrasing meant the words.
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _segment(value: str) -> str:
    if re.search(r"[/\\\x00-\x1f]", value) or value.startswith("."):
        raise ValueError("must be a plain folder name")
    return value


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), BeforeValidator(_words)]
Identity = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"), BeforeValidator(_words)]
Segment = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100), AfterValidator(_segment)]
Body = Annotated[str, StringConstraints(strip_whitespace=True, max_length=50_000)]


class _Head(BaseModel):
    """The YAML head of a Markdown file."""

    model_config = ConfigDict(extra="forbid")

    id: Identity
    title: Words
    short_answer: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000)]
    category: Segment = ""
    type: Literal["how-to", "faq", "reference", "troubleshooting"] = "faq"
    related: list[Identity] = []
    phrasings: list[Words] = Field(default=[], max_length=100)


class _Row(BaseModel):
    """A line of a JSONL file; other keys are ignored."""

    id: Identity
    lang: Literal["ru", "en"]
    question: Words
    answer_md: Annotated[Body, StringConstraints(min_length=1)]
    category: str = ""
    phrasings: list[Words] = []

    def article(self) -> Article:
        short = shortened(self.answer_md)
        return Article(
            id=self.id,
            lang=self.lang,
            title=self.question,
            short_answer=short,
            body="" if short == self.answer_md else self.answer_md,
            category=_segment(re.sub(r"[/\\\x00-\x1f]+", "-", self.category).strip(". ")[:100]),
            phrasings=tuple(self.phrasings),
        )


class _Question(BaseModel):
    """A line of a file of questions; other keys are ignored."""

    lang: Literal["ru", "en"]
    query: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
    relevant_ids: list[Identity]


def load(path: Path) -> list[Article]:
    """Every article of a folder (`*.md`, `*.jsonl`, however deep) or of one such file. Raises BadFiles."""
    articles: list[Article] = []
    problems: list[str] = []
    found: dict[tuple[str, str], str] = {}
    for place, article in read(_sources(path), problems):
        first = found.setdefault((article.id, article.lang), place)
        if first != place:
            problems.append(f"{place}: {article.id!r} in {article.lang!r} is already in {first}")
        articles.append(article)
    _refuse(path, problems, articles)
    return articles


def load_questions(path: Path) -> list[Question]:
    """The rows of a JSONL file of questions with known answers. Raises BadFiles."""
    problems: list[str] = []
    questions = [question for _, question in read(lines(path, _question), problems)]
    _refuse(path, problems, questions)
    return questions


def dump(article: Article) -> str:
    """The Markdown file of an article, named `<category>/<id>.<lang>.md`; `load` reads back the same content."""
    head = {
        "id": article.id,
        "title": article.title,
        "short_answer": article.short_answer,
        "category": article.category,
        "type": article.type,
        "related": list(article.related),
        "phrasings": list(article.phrasings),
    }
    text = yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=100)
    return f"---\n{text}---\n{article.body}\n"


def shortened(answer: str) -> str:
    """The first sentences of a Markdown answer, as it is when it is short enough."""
    if len(answer) <= SHORT_ANSWER:
        return answer
    short = ""
    for sentence in re.split(r"(?<=[.!?…])\s+|\n+", plain(answer)):
        if short and len(short) + len(sentence) >= SHORT_ANSWER:
            break
        short = f"{short} {sentence}".strip()
    return short if len(short) <= SHORT_ANSWER else short[: SHORT_ANSWER - 1].rsplit(" ", 1)[0] + "…"


def read(sources: Iterable[Source[T]], problems: list[str]) -> Iterator[tuple[str, T]]:
    """What can be read, and one problem for what cannot."""
    for place, make in sources:
        try:
            yield place, make()
        except (ValueError, OSError, RecursionError) as error:
            problems.append(f"{place}: {_reason(error)}")


def _refuse(path: Path, problems: list[str], found: Sequence[object]) -> None:
    if not found and not problems:
        problems.append(f"{path}: nothing to read here")
    if problems:
        raise BadFiles(problems)


def _sources(path: Path) -> Iterator[Source[Article]]:
    if path.is_dir():
        for file in sorted([*path.rglob("*.md"), *path.rglob("*.jsonl")]):
            if file.name.lower() != "readme.md":
                yield from _sources(file)
    elif path.suffix == ".jsonl":
        yield from lines(path, _row)
    else:
        yield str(path), partial(_markdown, path)


def lines(path: Path, make: Callable[[str], T]) -> Iterator[Source[T]]:
    """Every line of a file that is not blank, to be made something of. Raises BadFiles for one that is no text."""
    try:
        # Not splitlines: JSON may hold U+2028 and its kind as they are.
        found = _text(path).split("\n")
    except (ValueError, OSError) as error:
        raise BadFiles([f"{path}: {_reason(error)}"]) from error
    for number, line in enumerate(found, start=1):
        if line.strip():
            yield f"{path}, line {number}", partial(make, line)


def _row(line: str) -> Article:
    return _Row.model_validate(json.loads(line)).article()


def _question(line: str) -> Question:
    row = _Question.model_validate(json.loads(line))
    return Question(row.lang, row.query, frozenset(row.relevant_ids))


def _markdown(path: Path) -> Article:
    if path.stat().st_size > SIZE_LIMIT:
        raise ValueError(f"is larger than {SIZE_LIMIT} bytes")
    head, body = _split(_text(path))
    name = re.fullmatch(r"(.+)\.(ru|en)\.md", path.name)
    if name is None or head.id != name[1]:
        raise ValueError(f"must be called {head.id}.ru.md or {head.id}.en.md")
    fields = head.model_dump() | {"phrasings": tuple(head.phrasings), "related": tuple(head.related)}
    return Article(lang=name[2], body=body.strip(), **fields)


def _split(text: str) -> tuple[_Head, str]:
    parts = re.split(r"^---[ \t]*$", text, maxsplit=2, flags=re.MULTILINE)
    if len(parts) != 3 or parts[0].strip():
        raise ValueError("must begin with a YAML head between two lines of ---")
    try:
        return _Head.model_validate(yaml.safe_load(parts[1])), parts[2]
    except yaml.YAMLError as error:
        raise ValueError(f"its YAML head cannot be read: {' '.join(str(error).split())}") from error


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")


def _reason(error: ValueError | OSError | RecursionError) -> str:
    if isinstance(error, OSError):
        return error.strerror or "cannot be read"
    if isinstance(error, RecursionError):
        return "is nested too deeply"
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc'])) or 'content'}: {first['msg'].removeprefix('Value error, ')}"
    if isinstance(error, UnicodeDecodeError):
        return f"is not UTF-8 text (byte {error.start})"
    return f"is not JSON ({error})" if isinstance(error, json.JSONDecodeError) else str(error)


def write(articles: Iterable[Article], folder: Path) -> None:
    """Writes every article as `<category>/<id>.<lang>.md` below `folder`."""
    for article in articles:
        path = folder / article.category / f"{article.id}.{article.lang}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dump(article), encoding="utf-8")
