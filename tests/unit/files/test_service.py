"""Addresses of files grow old, and a file whose row could not be stored leaves nothing behind."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import NotFound, Unavailable
from bot.files.model import clean_name
from bot.files.service import OPEN_DAYS, Files
from bot.storage.sqlite import SqliteDatabase
from tests.contract.backends import sqlite
from tests.fakes import Clock

WORDS = b"just words"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    async with sqlite(tmp_path) as opened:
        yield opened


async def test_an_address_ends_after_a_week_and_is_the_same_all_day(database: SqliteDatabase, tmp_path: Path) -> None:
    clock = Clock()
    files = Files(database, tmp_path / "files", "secret", clock)
    file = await files.keep("c", "a.txt", WORDS, "anna")
    signature = files.url(file.id, file.name).split("?s=")[1]
    assert files.url(file.id, file.name).endswith(signature)
    clock.turn(days=OPEN_DAYS - 1)
    assert (await files.opened(file.id, signature))[1] == WORDS
    clock.turn(days=2)
    with pytest.raises(NotFound):
        await files.opened(file.id, signature)
    assert files.url(file.id, file.name).split("?s=")[1] != signature


async def test_another_installations_address_opens_nothing(database: SqliteDatabase, tmp_path: Path) -> None:
    ours, theirs = (Files(database, tmp_path / "files", secret) for secret in ("ours", "theirs"))
    file = await ours.keep("c", "a.txt", WORDS, "anna")
    with pytest.raises(NotFound):
        await ours.opened(file.id, theirs.url(file.id, file.name).split("?s=")[1])


async def test_bytes_without_a_row_are_not_kept(database: SqliteDatabase, tmp_path: Path) -> None:
    files = Files(database, tmp_path / "files", "secret")
    await database.close()
    with pytest.raises(Unavailable):
        await files.keep("c", "a.txt", WORDS, "anna")
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


async def test_a_disk_that_cannot_be_written_is_told_in_words(database: SqliteDatabase, tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file where the folder should be")
    with pytest.raises(Unavailable):
        await Files(database, tmp_path / "files", "secret").keep("c", "a.txt", WORDS, "anna")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", "file.png"),
        (".png", "file.png"),
        ("...", "file.png"),
        ("C:\\temp\\a.PNG", "a.png"),
        ("a\x00b\n.png", "ab.png"),
        ("x" * 300 + ".png", "x" * 96 + ".png"),
        ("фото  кота .png", "фото кота.png"),
        ("a.svg", "a.svg.png"),
    ],
)
def test_names_are_made_harmless(given: str, kept: str) -> None:
    assert clean_name(given, "image/png") == kept
