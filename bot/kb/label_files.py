"""Labelled questions as JSONL files, in and out: one question a line, with the article that answers it."""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.errors import BadRequest
from bot.kb.labels import Label, LabelSource, LabelState, NewLabel

LANGS = ("ru", "en")


def read_labels(path: Path, at: datetime, by: str) -> list[NewLabel]:
    """The labels of a file, as an editor's. A row has `lang`, `text` (or `query`) and `article` (null: nothing answers
    it; or `relevant_ids`, of which the first counts), perhaps `right`; rows that a person removed or doubted are left
    out. Raises BadRequest `files_invalid` that names every line that cannot be read."""
    found: list[NewLabel] = []
    problems: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line) if line.strip() else None
            if row is not None and _counts(row):
                found.append(_label(row, at, by))
        except ValueError as error:
            problems.append(f"{path.name}:{number}: {error}")
    if problems:
        raise BadRequest("Nothing was taken from this file:\n" + "\n".join(problems), "files_invalid")
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


def _counts(row: Any) -> bool:
    if not isinstance(row, dict):
        raise ValueError("is not a JSON object")
    return bool(row.get("state", LabelState.ACTIVE.value) == LabelState.ACTIVE.value)


def _label(row: dict[str, Any], at: datetime, by: str) -> NewLabel:
    text, article = row.get("text", row.get("query")), row.get("article")
    if "relevant_ids" in row:
        if not isinstance(row["relevant_ids"], list):
            raise ValueError("relevant_ids is a list")
        article = next(iter(row["relevant_ids"]), None)
    if row.get("lang") not in LANGS:
        raise ValueError("lang is ru or en")
    if not isinstance(text, str) or not text.strip():
        raise ValueError("text is missing")
    if article is None and "article" not in row and "relevant_ids" not in row:
        raise ValueError("article is missing (null when nothing answers the question)")
    if not isinstance(article, str | None) or not isinstance(row.get("right", True), bool):
        raise ValueError("article is an id or null, right is true or false")
    return NewLabel(row["lang"], text, article, LabelSource.EDITOR, at, right=row.get("right", True), by=by)
