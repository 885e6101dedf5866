"""How a file comes in: a multipart form, read in pieces and never past the limit."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from bot.errors import BadRequest, TooLarge
from bot.web.door import Request

FORM_ROOM = 8 * 1024
"""What a form may add to its file: boundaries and headers."""
PATIENCE = 4
"""A body too large is read on up to this many times the limit: browsers hear no refusal while they still send."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: its name and its content are a stranger's words."""

    name: str
    data: bytes = field(repr=False)


async def receive(request: Request, limit: int) -> Upload:
    """The form field `file`, of at most `limit` bytes. Raises TooLarge `file_too_large`, BadRequest `file_missing`."""
    body = bytearray()
    seen = 0
    async for piece in _pieces(request):
        seen += len(piece)
        if seen <= limit + FORM_ROOM:
            body += piece
        elif seen > limit * PATIENCE:
            break
    if seen > limit + FORM_ROOM:
        raise TooLarge(f"The file is larger than {limit // 1_000_000} MB.", "file_too_large")
    return _file(request, bytes(body), limit)


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    stream: Any = request.stream  # Sanic leaves the reading end of its stream untyped
    while stream.request_body and (piece := await stream.read()):
        yield piece


def _file(request: Request, body: bytes, limit: int) -> Upload:
    request.body = body
    try:
        found = request.files.get("file") if request.files else None
    except (ValueError, LookupError):  # broken part headers, bytes that are no text, an unknown charset
        found = None
    if found is None:
        raise BadRequest("Send the file as the form field `file`.", "file_missing")
    if len(found.body) > limit:
        raise TooLarge(f"The file is larger than {limit // 1_000_000} MB.", "file_too_large")
    return Upload(found.name or "", found.body)
