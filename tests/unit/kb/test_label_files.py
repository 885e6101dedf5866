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
ROW = {"lang": "ru", "text": "нет кода", "article": "login"}


def written(folder: Path, *rows: Any) -> Path:
    path = folder / "labels.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
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
        ({"lang": "ru", "text": "?!", "article": "a"}, "text has words, and at most 2000 characters"),
        ({"lang": "ru", "text": "код \ud83d", "article": "a"}, "text has half a character"),
        ({"lang": "ru", "text": "код " * 501, "article": "a"}, "text has words, and at most 2000 characters"),
        (["ru"], "is not a JSON object"),
    ],
)
def test_a_bad_row_stops_them_all_and_is_named(tmp_path: Path, row: Any, problem: str) -> None:
    path = written(tmp_path, {"lang": "ru", "text": "нет кода", "article": "login"}, row)
    with pytest.raises(BadRequest, match=rf"labels\.jsonl, line 2: .*{problem}"):
        read_labels(path, AT, "file")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (json.dumps(ROW, ensure_ascii=False).encode("cp1251"), r"labels\.jsonl: is not UTF-8 text \(byte 24\)"),
        (b"\n" + b"[" * 100_000, r"labels\.jsonl, line 2: is nested too deeply"),
        (b"\n{bad", r"labels\.jsonl, line 2: is not JSON"),
        (None, r"labels\.jsonl: No such file"),
    ],
    ids=["another encoding", "deep", "no JSON", "missing"],
)
def test_a_file_that_cannot_be_read_is_named_with_the_reason(
    tmp_path: Path, content: bytes | None, problem: str
) -> None:
    path = tmp_path / "labels.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadRequest, match=problem) as refused:
        read_labels(path, AT, "file")
    assert refused.value.code == "files_invalid"


def test_a_mark_of_utf_8_and_a_line_separator_in_a_text_are_read(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(json.dumps(ROW | {"text": "нет\u2028кода"}, ensure_ascii=False), encoding="utf-8-sig")
    assert [label.text for label in read_labels(path, AT, "file")] == ["нет\u2028кода"]


def test_what_was_written_is_read_again_but_for_what_people_removed(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    assert write_labels([kept(1, LabelState.ACTIVE), kept(2, LabelState.REMOVED)], path) == 2
    assert len(read_labels(path, AT, "file")) == 1


def test_a_file_names_no_conversation(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    write_labels([kept(1, LabelState.ACTIVE)], path)
    assert "secret-talk" not in path.read_text(encoding="utf-8")
