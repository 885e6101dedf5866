"""Labelled questions travel as JSONL, and a bad line stops them all."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.errors import BadRequest
from bot.kb.label_files import read_labels, write_labels
from bot.kb.labels import Label, LabelSource, LabelState

AT = datetime(2026, 5, 1, tzinfo=UTC)


def written(folder: Path, *rows: Any) -> Path:
    path = folder / "labels.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def kept(number: int, state: LabelState) -> Label:
    return Label(number, "ru", "нет кода", "login", True, LabelSource.RATING, "secret-talk", 4, AT, state, "", "")


def test_rows_become_an_editors_labels(tmp_path: Path) -> None:
    rows = (
        {"lang": "ru", "text": "нет кода", "article": "login"},
        {"lang": "en", "text": "no code", "article": "login", "right": False},
        {"lang": "en", "query": "weather", "relevant_ids": []},
        {"lang": "en", "query": "pay", "relevant_ids": ["pay-how", "pay-where"]},
    )
    labels = read_labels(written(tmp_path, *rows), AT, "file")
    assert [(one.lang, one.text, one.article, one.right) for one in labels] == [
        ("ru", "нет кода", "login", True),
        ("en", "no code", "login", False),
        ("en", "weather", None, True),
        ("en", "pay", "pay-how", True),
    ]
    assert {(one.source, one.by, one.conversation) for one in labels} == {(LabelSource.EDITOR, "file", None)}


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"lang": "de", "text": "x", "article": "a"}, "lang is ru or en"),
        ({"lang": "ru", "article": "a"}, "text is missing"),
        ({"lang": "ru", "text": "x"}, "article is missing"),
        ({"lang": "ru", "text": "x", "article": 5}, "article is an id or null"),
        ({"lang": "ru", "text": "x", "article": "a", "right": "yes"}, "right is true or false"),
        ({"lang": "ru", "query": "x", "relevant_ids": 5}, "relevant_ids is a list"),
        (["ru"], "is not a JSON object"),
    ],
)
def test_a_bad_row_stops_them_all_and_is_named(tmp_path: Path, row: Any, problem: str) -> None:
    path = written(tmp_path, {"lang": "ru", "text": "нет кода", "article": "login"}, row)
    with pytest.raises(BadRequest, match=rf"labels\.jsonl:2: .*{problem}"):
        read_labels(path, AT, "file")


def test_what_was_written_is_read_again_but_for_what_people_removed(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    assert write_labels([kept(1, LabelState.ACTIVE), kept(2, LabelState.REMOVED)], path) == 2
    assert len(read_labels(path, AT, "file")) == 1


def test_a_file_names_no_conversation(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    write_labels([kept(1, LabelState.ACTIVE)], path)
    assert "secret-talk" not in path.read_text(encoding="utf-8")
