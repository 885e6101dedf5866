"""Index versions on disk: each a folder with a manifest, and one pointer that says which of them is current.

A version is complete or absent: its files are written and synced under another name, the folder is renamed, the pointer
is replaced. A reader checks every file against the manifest's hashes, so a torn copy is refused instead of searched.
"""

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.kb.index import Index, IndexUnusable, LanguageIndex

FORMAT = 1
"""Grows when the files change their meaning; an older shelf is refused and built again."""

_KEPT = 3
"""Versions that stay: the current one, and those another process may be reading at this moment."""


class Shelf:
    """The versions in `root`; the folder is made at the first save. All methods block."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def save(self, index: Index, at: datetime) -> str:
        """Stores a version, makes it current, drops old ones; returns its name."""
        version = f"{at:%Y%m%dT%H%M%S%f}-{index.content_hash[:12]}"
        files = {
            f"{lang}/{name}": content
            for lang, language in index.languages.items()
            for name, content in language.to_files().items()
        }
        manifest = {
            "format": FORMAT,
            "version": version,
            "encoder": index.encoder,
            "dimension": index.dimension,
            "content_hash": index.content_hash,
            "created": at.isoformat(),
            "counts": {
                lang: {"articles": len(language.articles), "entries": language.size}
                for lang, language in index.languages.items()
            },
            "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        }
        files["manifest.json"] = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
        self._place(version, files)
        self._point(version)
        self._tidy()
        return version

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
            files = {name: _checked(folder / name, digest) for name, digest in manifest["files"].items()}
            languages = {lang: _language(lang, files, manifest["dimension"]) for lang in manifest["counts"]}
        except FileNotFoundError as error:
            raise IndexUnusable(f"no file {error.filename}") from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexUnusable(f"cannot be read: {error!r}") from error
        return Index(languages, encoder, manifest["dimension"], manifest["content_hash"], version)

    def current(self) -> str:
        """The name of the current version, empty when there is none."""
        pointer = self._root / "current"
        return pointer.read_text(encoding="utf-8").strip() if pointer.exists() else ""

    def _place(self, version: str, files: Mapping[str, bytes]) -> None:
        making = self._root / f".making-{uuid.uuid4().hex}"
        for name, content in files.items():
            path = making / name
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, content)
        for folder in {(making / name).parent for name in files}:
            _sync(folder)
        making.rename(self._root / version)
        _sync(self._root)

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


def _language(lang: str, files: Mapping[str, Any], dimension: int) -> LanguageIndex:
    own = {name.removeprefix(f"{lang}/"): content for name, content in files.items() if name.startswith(f"{lang}/")}
    return LanguageIndex.from_files(own, dimension)


def _checked(path: Path, digest: str) -> bytes:
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise IndexUnusable(f"{path.name} is damaged ({len(content)} bytes)")
    return content


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
