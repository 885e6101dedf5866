"""Labelled questions as JSONL files, in and out: one question a line, with the article that answers it."""

import json
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from bot.kb.label_store import LONGEST, key_of
from bot.kb.labels import Label, LabelSource, LabelState, NewLabel
from bot.kb.loader import BadFiles, lines, read

LANGS = ("ru", "en")


def read_labels(path: Path, at: datetime, by: str) -> list[NewLabel]:
    """The labels of a file, as an editor's. A row has `lang`, `text` (or `query`) and `article` (null: nothing answers
    it; or `relevant_ids`, of which the first counts), perhaps `right`; rows that a person removed or doubted are left
    out. Raises BadFiles that names every line that cannot be read or that no store would keep."""
    problems: list[str] = []
    found = [label for _, label in read(lines(path, partial(_read, at, by)), problems) if label is not None]
    if problems:
        raise BadFiles(problems)
    return found


def write_labels(labels: Iterable[Label], path: Path) -> int:
    """Writes labels with where they come from, but not from which conversation; returns how many."""
    rows = [
        {
            "lang": label.lang,
            "text": label.text,
            "article": label.article,
            "right": label.right,
            "source": label.source.value,
            "state": label.state.value,
            "at": label.at.isoformat(),
        }
        for label in labels
    ]
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    path.write_text("".join(lines), encoding="utf-8")
    return len(rows)


def _read(at: datetime, by: str, line: str) -> NewLabel | None:
    """None for one that a person removed or doubted."""
    row = json.loads(line)
    if not isinstance(row, dict):
        raise ValueError("is not a JSON object")
    return _label(row, at, by) if row.get("state", LabelState.ACTIVE.value) == LabelState.ACTIVE.value else None


def _label(row: dict[str, Any], at: datetime, by: str) -> NewLabel:
    article = row.get("article")
    if "relevant_ids" in row:
        if not isinstance(row["relevant_ids"], list):
            raise ValueError("relevant_ids is a list")
        article = next(iter(row["relevant_ids"]), None)
    if row.get("lang") not in LANGS:
        raise ValueError("lang is ru or en")
    text = _text(row)
    if article is None and "article" not in row and "relevant_ids" not in row:
        raise ValueError("article is missing (null when nothing answers the question)")
    if not isinstance(article, str | None) or not isinstance(row.get("right", True), bool):
        raise ValueError("article is an id or null, right is true or false")
    return NewLabel(row["lang"], text, article, LabelSource.EDITOR, at, right=row.get("right", True), by=by)


def _text(row: dict[str, Any]) -> str:
    text = row.get("text", row.get("query"))
    if not isinstance(text, str) or not text.strip():
        raise ValueError("text is missing")
    if len(text) > LONGEST or not key_of(text):
        raise ValueError(f"text has words, and at most {LONGEST} characters")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("text has half a character (a lone surrogate)")
    return text
