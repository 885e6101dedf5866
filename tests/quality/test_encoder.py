"""Texts become vectors once; what was encoded before is not encoded again."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bot.errors import Misconfigured
from bot.kb.encoder import SentenceEncoder

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> SentenceEncoder:
    return SentenceEncoder(cache=tmp_path_factory.mktemp("vectors"))


def test_the_model_library_is_not_imported_before_the_first_text() -> None:
    code = (
        "import sys; from bot.kb.encoder import SentenceEncoder; SentenceEncoder().name; "
        "assert not {'torch', 'sentence_transformers', 'transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_vectors_are_unit_rows(encoder: SentenceEncoder) -> None:
    vectors = encoder.encode(["how do I pay?", "привет", ""])
    assert vectors.shape == (3, encoder.dimension) == (3, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_question_has_the_vector_it_has_in_bulk(encoder: SentenceEncoder) -> None:
    bulk = encoder.encode(["where is my money", "a much longer text about routers and their lights"])
    assert np.allclose(encoder.question("where is my money"), bulk[0], atol=1e-5)


def test_the_same_meaning_is_near_in_both_languages(encoder: SentenceEncoder) -> None:
    pay, same, other = encoder.encode(
        ["how do I pay for the internet", "как оплатить интернет", "роутер мигает красным"]
    )
    assert pay @ same > 0.7
    assert pay @ other < 0.5


def test_nothing_to_encode_is_no_rows(encoder: SentenceEncoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


def test_a_text_is_encoded_once_in_its_life(
    encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    first = SentenceEncoder(cache=cache).encode(["one", "two", "one"])
    later = SentenceEncoder(cache=cache)
    assert later.dimension == 384
    monkeypatch.setattr(later, "_run", lambda *_, **__: pytest.fail("encoded again"))
    assert np.array_equal(later.encode(["two", "one"]), first[[1, 0]])


def test_the_name_tells_encoders_apart(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "weights").write_bytes(b"1")
    before = SentenceEncoder(str(folder)).name
    (folder / "weights").write_bytes(b"2")
    assert SentenceEncoder(str(folder)).name != before != SentenceEncoder().name
    assert SentenceEncoder(str(folder)).native
    assert not SentenceEncoder().native


def test_a_model_that_is_not_there_is_a_wrong_setting(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(Misconfigured, match="cannot be loaded"):
        SentenceEncoder(str(tmp_path / "empty")).encode(["x"])
