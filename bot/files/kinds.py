"""What a file really is, read from its content; names and headers of senders prove nothing."""

import io
import re
import zipfile

import puremagic

from bot.files.model import SUFFIXES

_MARKUP = re.compile(
    rb"^\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|!--|\?xml|html|head|body|svg|script|iframe|x:)", re.IGNORECASE
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_OFFICE = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx"}
_MACROS = re.compile(r"vbaproject\.bin$|/activex/|^customui/", re.IGNORECASE)
_BY_SUFFIX = {suffix: kind for kind, suffixes in SUFFIXES.items() for suffix in suffixes}


def kind_of(data: bytes, name: str) -> str | None:
    """The media type of an allowed kind, None for everything else. The name only tells a table from a plain text."""
    if data.startswith(b"PK"):
        return _archive(data)
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    try:
        found = {match.mime_type for match in puremagic.magic_string(data)}
    except (puremagic.PureError, ValueError):
        return _text(data, name)
    pictures = [kind for kind in found if kind in SUFFIXES and kind.startswith("image/")]
    # Short marks of old formats ("BM", "AT") begin honest words too: what is no picture may still be a text.
    return pictures[0] if pictures else _text(data, name)


def _archive(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return None
    if "[Content_Types].xml" not in names:
        return "application/zip"
    if any(_MACROS.search(name) for name in names):
        return None
    return next((_BY_SUFFIX[suffix] for part, suffix in _OFFICE.items() if part in names), None)


def _text(data: bytes, name: str) -> str | None:
    if not data or _MARKUP.match(data):
        return None
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            words = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(words):
            return "text/csv" if name.lower().endswith(".csv") else "text/plain"
    return None
