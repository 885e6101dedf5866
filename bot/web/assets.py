"""Built files for browsers: found by exact name, compressed once, named by their content."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}
PACKABLE = (".js", ".css", ".html", ".json", ".svg")
WORTH_PACKING = 512
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))

_NAME = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*/){0,4}[A-Za-z0-9_][A-Za-z0-9_.-]*")
_HASHED = re.compile(r"[.-][A-Za-z0-9_-]{8,}\.[a-z0-9]+$")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as served: `packed` holds its encodings, best first."""

    body: bytes
    packed: dict[str, bytes]
    etag: str
    type: str
    hashed: bool


class Assets:
    """The files of one folder. A file that is built anew is read anew; nothing outside the folder can be named."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._known: dict[str, tuple[tuple[int, int], Asset]] = {}

    def get(self, name: str) -> Asset | None:
        """The asset of this exact relative name; None for anything that is not a served file."""
        path = self._root / name
        if not _NAME.fullmatch(name) or path.suffix not in TYPES:
            return None
        try:
            if not path.resolve(strict=True).is_relative_to(self._root) or not path.is_file():
                return None
            state = path.stat()
            stamp = (state.st_mtime_ns, state.st_size)
            known = self._known.get(name)
            if known is None or known[0] != stamp:
                known = self._known[name] = (stamp, _read(path))
        except OSError:
            return None
        return known[1]


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    packed: dict[str, bytes] = {}
    if path.suffix in PACKABLE and len(body) >= WORTH_PACKING:
        for encoding, suffix in ENCODINGS:
            beside = path.with_name(path.name + suffix)
            if beside.is_file() and beside.stat().st_mtime_ns >= path.stat().st_mtime_ns:
                packed[encoding] = beside.read_bytes()
        packed.setdefault("gzip", gzip.compress(body, 9, mtime=0))
    etag = hashlib.sha256(body).hexdigest()[:20]
    return Asset(body, packed, etag, TYPES[path.suffix], bool(_HASHED.search(path.name)))
