"""Index versions on disk: each a folder with a manifest, and one pointer that says which of them is current.

A version is complete or absent: its files are written and synced under another name, the folder is renamed, the pointer
is replaced. A reader checks every file against the manifest's hashes, so a torn copy is refused instead of searched,
and then maps it instead of reading it. A segment that did not change is linked into the new version, not written again.
"""

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from bot.kb.index import Index, LanguageIndex
from bot.kb.nearest import IndexUnusable
from bot.kb.segment import Segment

FORMAT = 2
"""Grows when the files change their meaning; an older shelf is refused and built again."""

_SEGMENTS = ("stored", "edits")
"""Folders of a language: the large segment, and the small one when there is one."""

_KEPT = 3
"""Versions that stay: the current one, and those another process may be reading at this moment."""


class Shelf:
    """The versions in `root`; the folder is made at the first save. All methods block."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def save(self, index: Index, at: datetime) -> Index:
        """Stores a version, makes it current, drops old ones; returns the index as it now lies there, with its name."""
        version = f"{at:%Y%m%dT%H%M%S%f}-{index.content_hash[:12]}"
        making = self._root / f".making-{uuid.uuid4().hex}"
        making.mkdir(parents=True)
        digests: dict[str, str] = {}
        for lang, language in index.languages.items():
            for name, segment in zip(_SEGMENTS, language.segments, strict=False):
                digests |= _store(segment, making, f"{lang}/{name}")
            np.save(making / lang / "alive.npy", language.alive)
            digests[f"{lang}/alive.npy"] = _digest(making / lang / "alive.npy")
        manifest = {
            "format": FORMAT,
            "version": version,
            "encoder": index.encoder,
            "content_hash": index.content_hash,
            "created": at.isoformat(),
            "counts": {
                lang: {"articles": len(language.articles), "entries": language.size}
                for lang, language in index.languages.items()
            },
            "files": digests,
        }
        (making / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False), encoding="utf-8")
        _sync_all(making)
        making.rename(self._root / version)
        _sync(self._root)
        self._point(version)
        languages = {lang: _placed(language, self._root / version / lang) for lang, language in index.languages.items()}
        self._tidy()
        return replace(index, languages=languages, version=version)

    def load(self, encoder: str) -> Index:
        """The current version. Raises IndexUnusable with the reason when it is missing, damaged, of another format or
        made by another encoder."""
        try:
            version = (self._root / "current").read_text(encoding="utf-8").strip()
            folder = self._root / version
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            if manifest["format"] != FORMAT:
                raise IndexUnusable(f"format {manifest['format']}, this program reads {FORMAT}")
            if manifest["encoder"] != encoder:
                raise IndexUnusable(f"made by encoder {manifest['encoder']}, the setting says {encoder}")
            for name, digest in manifest["files"].items():
                _check(folder / name, digest)
            languages = {lang: _language(folder, lang, manifest) for lang in manifest["counts"]}
        except FileNotFoundError as error:
            raise IndexUnusable(f"no file {error.filename}") from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexUnusable(f"cannot be read: {error!r}") from error
        return Index(languages, encoder, manifest["content_hash"], version)

    def chosen(self) -> str:
        """The name or folder of the encoder somebody switched to, empty for the embedded one."""
        choice = self._root / "encoder"
        return choice.read_text(encoding="utf-8").strip() if choice.exists() else ""

    def choose(self, source: str) -> None:
        """Keeps which encoder the next index is made by."""
        making = self._root / f".encoder-{uuid.uuid4().hex}"
        self._root.mkdir(parents=True, exist_ok=True)
        _write(making, source.encode())
        making.replace(self._root / "encoder")
        _sync(self._root)

    def encoder(self) -> str:
        """The name of the encoder that made the current version, empty when that cannot be read."""
        try:
            manifest = json.loads((self._root / self.current() / "manifest.json").read_text(encoding="utf-8"))
            return str(manifest["encoder"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def current(self) -> str:
        """The name of the current version, empty when there is none."""
        pointer = self._root / "current"
        return pointer.read_text(encoding="utf-8").strip() if pointer.exists() else ""

    def _point(self, version: str) -> None:
        making = self._root / f".current-{uuid.uuid4().hex}"
        _write(making, version.encode())
        making.replace(self._root / "current")
        _sync(self._root)

    def _tidy(self) -> None:
        versions = sorted(path for path in self._root.iterdir() if path.is_dir() and not path.name.startswith("."))
        current = self.current()
        for old in versions[:-_KEPT]:
            if old.name != current:
                shutil.rmtree(old, ignore_errors=True)


def _store(segment: Segment, making: Path, place: str) -> dict[str, str]:
    """The digests of a segment's files, written below `making` or linked there from where they lie."""
    folder = making / place
    if segment.stored is None or not segment.stored.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        segment.save(folder)
        return {f"{place}/{path.name}": _digest(path) for path in sorted(folder.iterdir())}
    folder.mkdir(parents=True)
    before = json.loads((segment.stored.parents[1] / "manifest.json").read_text(encoding="utf-8"))["files"]
    old = f"{segment.stored.parent.name}/{segment.stored.name}"
    for path in segment.stored.iterdir():
        os.link(path, folder / path.name)
    return {f"{place}/{path.name}": before[f"{old}/{path.name}"] for path in sorted(folder.iterdir())}


def _language(folder: Path, lang: str, manifest: Mapping[str, Any]) -> LanguageIndex:
    places = [folder / lang / name for name in _SEGMENTS]
    segments = [Segment.load(place) for place in places if place.exists()]
    alive = np.load(folder / lang / "alive.npy", allow_pickle=False)
    return LanguageIndex(lang, segments[0], alive, *segments[1:])


def _placed(language: LanguageIndex, folder: Path) -> LanguageIndex:
    """The index as it lies in a version just saved: what was written is mapped, what was linked goes on as it is."""
    segments = [
        segment.moved(folder / name) if segment.stored else Segment.load(folder / name)
        for name, segment in zip(_SEGMENTS, language.segments, strict=False)
    ]
    return LanguageIndex(language.lang, segments[0], language.alive, *segments[1:])


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check(path: Path, digest: str) -> None:
    if _digest(path) != digest:
        raise IndexUnusable(f"{path.name} is damaged ({path.stat().st_size} bytes)")


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_all(folder: Path) -> None:
    """Every file below a folder that this process may have written, and every folder."""
    for path in folder.rglob("*"):
        # A file with a second name was synced when it was written.
        if path.is_dir() or path.stat().st_nlink == 1:
            _sync(path)
    _sync(folder)
