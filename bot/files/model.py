"""Files as pure values: what is taken, how large, and by what name it is kept."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

LIMIT = 10_000_000
"""Bytes of one file; Telegram lets bots fetch 20 MB and send photos of 10 MB."""

RASTER = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Pictures that cannot hold scripts: the only files a browser may show in place."""

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIXES: dict[str, tuple[str, ...]] = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    "text/plain": (".txt", ".log"),
    "text/csv": (".csv",),
    _WORD: (".docx",),
    _SHEET: (".xlsx",),
    "application/zip": (".zip",),
}
"""Every kind that is taken, with the endings its name may have."""

NAME_LENGTH = 100
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a conversation. `type` is what its content says, never what the sender said; `uploaded_by`: an
    operator's or a visitor's id; `sent`: a message carries it."""

    id: str
    conversation_id: str
    name: str
    type: str
    size: int
    sha256: str
    uploaded_by: str
    created_at: datetime
    sent: bool = False

    @property
    def image(self) -> bool:
        return self.type in RASTER


def clean_name(name: str, kind: str) -> str:
    """A name fit for every disk and every screen, with an ending that tells the truth about the content."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    # Control and direction characters make "gpj.exe" look like "exe.jpg".
    shown = "".join(
        one for one in unicodedata.normalize("NFC", last) if unicodedata.category(one)[0] != "C" or one == " "
    )
    shown = _SPACES.sub(" ", shown.translate(str.maketrans('<>:"|?*', "_______"))).rstrip(" .")
    suffixes = SUFFIXES[kind]
    ending = next((suffix for suffix in suffixes if shown.lower().endswith(suffix)), None)
    stem = (shown[: -len(ending)] if ending else shown).strip(" .")
    ending = ending or suffixes[0]
    return (stem or "file")[: NAME_LENGTH - len(ending)] + ending.lower()
