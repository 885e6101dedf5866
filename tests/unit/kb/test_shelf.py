"""A stored index is whole or refused, and a new one replaces the old in one step."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from bot.kb.index import Index
from bot.kb.nearest import IndexUnusable
from bot.kb.segment import Segment
from bot.kb.shelf import Shelf
from tests.unit.kb.samples import ALL, OUTAGE_EN, PAY, PAY_EN
from tests.unit.kb.test_index import features
from tests.unit.kb.wordy import WordyEncoder

ENCODER = WordyEncoder()
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf(tmp_path / "index")
    shelf.save(Index.build(ALL, ENCODER), NOON)
    return shelf


def folder(tmp_path: Path, shelf: Shelf) -> Path:
    return tmp_path / "index" / shelf.current()


def test_the_saved_index_is_loaded(shelf: Shelf) -> None:
    index = shelf.load("wordy")
    assert index.version == shelf.current()
    assert index.content_hash == Index.build(ALL, ENCODER).content_hash
    assert {lang: len(part.articles) for lang, part in index.languages.items()} == {"en": 2, "ru": 2}


def test_the_manifest_says_what_is_inside(shelf: Shelf, tmp_path: Path) -> None:
    manifest = json.loads((folder(tmp_path, shelf) / "manifest.json").read_text())
    assert (manifest["encoder"], manifest["created"]) == ("wordy", NOON.isoformat())
    assert manifest["counts"]["ru"] == {"articles": 2, "entries": 9}
    assert set(manifest["files"]) >= {
        "ru/stored/articles.json",
        "ru/stored/arrays.bin",
        "en/stored/question.faiss",
        "en/alive.npy",
    }


def test_what_is_loaded_finds_what_was_saved(shelf: Shelf) -> None:
    built, loaded = Index.build(ALL, ENCODER).languages["ru"], shelf.load("wordy").languages["ru"]
    assert loaded.articles == built.articles
    assert loaded.size == built.size == 9
    for text in ("оплата", "wifi", "?"):
        assert np.array_equal(features(loaded, text), features(built, text))


def test_an_edit_writes_only_what_was_edited(shelf: Shelf, tmp_path: Path) -> None:
    before = folder(tmp_path, shelf)
    edited = shelf.load("wordy").edited([*ALL[:-1], replace(OUTAGE_EN, title="Is it broken?")], ENCODER)
    saved = shelf.save(edited, NOON + timedelta(minutes=1))
    after = tmp_path / "index" / saved.version
    for name in ("ru/stored/arrays.bin", "en/stored/question.faiss"):
        assert (after / name).samefile(before / name)
    again = shelf.load("wordy").languages["en"]
    assert [article.title for article in again.articles] == [PAY_EN.title, "Is it broken?"]
    assert np.array_equal(features(again, "is it broken"), features(edited.languages["en"], "is it broken"))


def test_an_index_outlives_its_version_on_disk(shelf: Shelf) -> None:
    held = shelf.load("wordy").languages["ru"]
    for minute in range(1, 6):
        shelf.save(Index.build([PAY], ENCODER), NOON + timedelta(minutes=minute))
    assert features(held, "оплата").max() > 0.5
    assert shelf.save(replace(shelf.load("wordy"), languages={"ru": held}), NOON + timedelta(hours=1)).version
    assert len(shelf.load("wordy").languages["ru"].articles) == 2


def test_vectors_of_two_dimensions_are_refused(shelf: Shelf, tmp_path: Path) -> None:
    stored = folder(tmp_path, shelf) / "ru" / "stored"
    others = Shelf(tmp_path / "others")
    other = others.save(Index.build([PAY], WordyEncoder(dimension=32)), NOON)
    shutil.copy(tmp_path / "others" / other.version / "ru" / "stored" / "centre.faiss", stored)
    with pytest.raises(IndexUnusable, match="vectors of 32 numbers, expected"):
        Segment.load(stored)


def test_bytes_that_are_no_index_are_refused(shelf: Shelf, tmp_path: Path) -> None:
    stored = folder(tmp_path, shelf) / "ru" / "stored"
    (stored / "question.faiss").write_bytes(b"nonsense" * 10)
    with pytest.raises(IndexUnusable, match="not a FAISS index"):
        Segment.load(stored)


def test_an_empty_shelf_says_so(tmp_path: Path) -> None:
    assert Shelf(tmp_path).current() == ""
    with pytest.raises(IndexUnusable, match="no file"):
        Shelf(tmp_path).load("wordy")


def test_an_index_of_no_articles_can_be_kept(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.save(Index.build([], ENCODER), NOON)
    assert shelf.load("wordy").languages == {}


@pytest.mark.parametrize(
    "name", ["ru/stored/question.faiss", "ru/stored/arrays.bin", "en/stored/articles.json", "en/alive.npy"]
)
@pytest.mark.parametrize("damage", ["truncated", "one bit", "missing"])
def test_a_damaged_file_is_refused_by_name(shelf: Shelf, tmp_path: Path, name: str, damage: str) -> None:
    path = folder(tmp_path, shelf) / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content if damage == "one bit" else content[: len(content) // 2])
    if damage == "missing":
        path.unlink()
    with pytest.raises(IndexUnusable, match=path.name):
        shelf.load("wordy")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 1}', '{"format": 99}'])
def test_a_broken_manifest_is_refused(shelf: Shelf, tmp_path: Path, content: str) -> None:
    (folder(tmp_path, shelf) / "manifest.json").write_text(content)
    with pytest.raises(IndexUnusable):
        shelf.load("wordy")


def test_another_encoder_is_refused_by_name(shelf: Shelf) -> None:
    with pytest.raises(IndexUnusable, match="made by encoder wordy, the setting says other"):
        shelf.load("other")


def test_a_pointer_to_nowhere_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "index" / "current").write_text("gone")
    with pytest.raises(IndexUnusable, match="no file"):
        shelf.load("wordy")


def test_a_newer_version_becomes_current_and_old_ones_go(shelf: Shelf, tmp_path: Path) -> None:
    for minute in range(1, 6):
        newest = shelf.save(Index.build([PAY], ENCODER), NOON + timedelta(minutes=minute)).version
    assert shelf.current() == newest
    versions = [path.name for path in (tmp_path / "index").iterdir() if path.is_dir()]
    assert len(versions) == 3
    assert newest in versions


def test_a_version_half_written_by_a_crash_is_never_seen(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shelf.current()

    def crash(self: Path, target: Path) -> None:
        raise OSError("power cut")

    monkeypatch.setattr(Path, "rename", crash)
    with pytest.raises(OSError, match="power cut"):
        shelf.save(Index.build([PAY], ENCODER), NOON + timedelta(hours=1))
    assert shelf.current() == before
    assert shelf.load("wordy").version == before
