"""Texts become vectors once, in one space for both languages; what was encoded before is not encoded again."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bot.errors import Misconfigured
from bot.kb.encoder import MODELS, SentenceEncoder
from bot.kb.onnx import OnnxModel

pytestmark = pytest.mark.slow

RUSSIAN = ("ru", "ru_use")

LARGEST = 60_000_000
"""Bytes the Russian networks may take in the repository."""


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> SentenceEncoder:
    return SentenceEncoder(cache=tmp_path_factory.mktemp("vectors"))


def test_no_model_library_is_imported_before_the_first_text_and_pytorch_never() -> None:
    code = (
        "import sys; from bot.kb.encoder import SentenceEncoder; encoder = SentenceEncoder(); encoder.name; "
        "assert not {'torch', 'onnxruntime', 'tokenizers', 'transformers'} & set(sys.modules); "
        "encoder.question('how do I pay?', 'en'), encoder.encode(['как оплатить'], 'ru'); "
        "assert not {'torch', 'sentence_transformers', 'transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(("lang", "dimension"), [("ru", 384 + 512 + 384), ("en", 384)])
def test_vectors_are_unit_rows(encoder: SentenceEncoder, lang: str, dimension: int) -> None:
    vectors = encoder.encode(["how do I pay?", "привет", ""], lang)
    assert vectors.shape == (3, dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_question_has_exactly_the_vector_it_has_in_bulk(encoder: SentenceEncoder) -> None:
    bulk = encoder.encode(["где мои деньги", "текст гораздо длиннее, о роутерах и их лампочках"], "ru")
    assert np.array_equal(encoder.question("где мои деньги", "ru"), bulk[0])


@pytest.mark.parametrize(("lang", "text"), [("ru", "где мои деньги"), ("en", "where is my money")])
def test_what_one_network_made_of_a_question_asked_lately_is_remembered(lang: str, text: str) -> None:
    encoder, alone = SentenceEncoder(), OnnxModel(MODELS / lang)
    assert encoder.remembered(text) is None
    encoder.question(text, lang)
    known = encoder.remembered(text)
    assert known is not None
    assert known[0] == alone.name
    assert np.allclose(known[1], alone.run([text])[0], atol=1e-6)


def test_other_words_for_the_same_thing_are_nearer_than_other_things(encoder: SentenceEncoder) -> None:
    pay = encoder.question("как закинуть деньги на счет", "ru")
    same, other = encoder.encode(["как пополнить баланс", "роутер мигает красным"], "ru")
    assert pay @ same > pay @ other + 0.2


@pytest.mark.parametrize("name", RUSSIAN)
def test_shouting_and_the_dots_of_a_letter_change_nothing_in_russian(name: str, encoder: SentenceEncoder) -> None:
    russian = OnnxModel(MODELS / name)
    shouted, plain = russian.run(["ПОЧЕМУ СЧЁТ ЕЩЁ НЕ ПРИШЁЛ", "почему счет еще не пришел"])
    assert np.array_equal(shouted, plain)
    both = encoder.encode(["ПОЧЕМУ СЧЁТ ЕЩЁ НЕ ПРИШЁЛ", "почему счет еще не пришел"], "ru")
    assert both[0] @ both[1] > 0.99


def test_nothing_to_encode_is_no_rows(encoder: SentenceEncoder) -> None:
    assert encoder.encode([], "ru").shape == (0, 1280)


def test_a_text_is_encoded_once_in_its_life(
    encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    first = SentenceEncoder(cache=cache).encode(["one", "two", "one"], "en")
    later = SentenceEncoder(cache=cache)
    monkeypatch.setattr(OnnxModel, "run", lambda *_, **__: pytest.fail("encoded again"))
    assert np.array_equal(later.encode(["two", "one"], "en"), first[[1, 0]])


def test_the_name_tells_encoders_apart(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "weights").write_bytes(b"1")
    before = SentenceEncoder(str(folder)).name
    (folder / "weights").write_bytes(b"2")
    assert SentenceEncoder(str(folder)).name != before != SentenceEncoder().name
    assert SentenceEncoder(str(folder)).foreign
    assert not SentenceEncoder().foreign


def test_a_model_that_is_not_there_is_a_wrong_setting(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(Misconfigured, match="cannot be loaded"):
        SentenceEncoder(str(tmp_path / "empty")).encode(["x"], "en")
    with pytest.raises(Misconfigured, match="run `make setup`"):
        OnnxModel(tmp_path / "empty").run(["x"])


def test_the_shipped_models_are_small_and_say_where_they_come_from() -> None:
    assert sum(path.stat().st_size for name in RUSSIAN for path in (MODELS / name).iterdir()) < LARGEST
    for name in RUSSIAN:
        assert {"name", "dimension", "origin", "licence"} <= set(OnnxModel(MODELS / name).card)


def test_each_network_gives_an_equal_part_of_a_vector(encoder: SentenceEncoder) -> None:
    vector, parts = encoder.question("где мои деньги", "ru"), encoder.parts("ru")
    assert sum(parts) == len(vector)
    each = np.split(vector, np.cumsum(parts)[:-1])
    assert [float(part @ part) for part in each] == pytest.approx([1 / len(parts)] * len(parts), abs=1e-5)
    assert encoder.parts("en") == (len(encoder.question("where is my money", "en")),)
