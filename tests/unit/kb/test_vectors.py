"""Vectors survive a restart, a torn write and a stranger's bytes."""

from pathlib import Path

import numpy as np
import pytest

from bot.kb.vectors import VectorFile

ONE, TWO = np.array([1, 2, 3], np.float32), np.array([4, 5, 6], np.float32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "deep" / "vectors"
    VectorFile(path, 3).add(["один", "два"], np.stack([ONE, TWO]))
    return path


def found(path: Path, text: str) -> list[float] | None:
    vector = VectorFile(path, 3).find([text])[0]
    return None if vector is None else vector.tolist()


def test_a_vector_is_found_after_a_restart(path: Path) -> None:
    assert found(path, "один") == [1, 2, 3]
    assert found(path, "два") == [4, 5, 6]
    assert found(path, "три") is None


def test_a_missing_file_knows_nothing(tmp_path: Path) -> None:
    assert VectorFile(tmp_path / "none", 3).find(["один"]) == [None]


def test_a_torn_last_record_is_dropped_and_later_ones_are_read(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5])
    assert found(path, "один") == [1, 2, 3]
    assert found(path, "два") is None
    VectorFile(path, 3).add(["два"], TWO[None])
    assert found(path, "два") == [4, 5, 6]


def test_a_damaged_record_is_dropped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[40] ^= 1
    path.write_bytes(content)
    assert found(path, "один") is None
    assert found(path, "два") == [4, 5, 6]


def test_two_writers_do_not_lose_each_others_vectors(path: Path) -> None:
    first, second = VectorFile(path, 3), VectorFile(path, 3)
    assert first.find(["x"]) == second.find(["x"]) == [None]
    first.add(["x"], ONE[None])
    second.add(["y"], TWO[None])
    assert found(path, "x") == [1, 2, 3]
    assert found(path, "y") == [4, 5, 6]
