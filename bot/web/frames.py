"""From what a stranger sends, a frame or a body, to a schema object; pure."""

from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.errors import BadRequest
from bot.web.schemas import PROTOCOL, DeskFrame, WidgetFrame

WIDGET: TypeAdapter[WidgetFrame] = TypeAdapter(WidgetFrame)
DESK: TypeAdapter[DeskFrame] = TypeAdapter(DeskFrame)
CID_LIMIT = 64

AnyFrame = TypeVar("AnyFrame")
AnyBody = TypeVar("AnyBody", bound=BaseModel)


class OldProtocol(Exception):
    """The page speaks another version of the protocol than this server."""


class Unreadable(BadRequest):
    """A frame that is left out. `cid`: the message it tried to send, when that much could be read."""

    def __init__(self, text: str, code: str, cid: str = "") -> None:
        super().__init__(text, code)
        self.cid = cid


def read(raw: str | bytes, shape: TypeAdapter[AnyFrame]) -> AnyFrame:
    """Raises Unreadable (`invalid_json`, `invalid_frame`, `text_empty`, `text_too_long`) and OldProtocol."""
    data = _loaded(raw)
    if data.get("type") == "hello" and data.get("v") != PROTOCOL:
        raise OldProtocol
    try:
        return shape.validate_python(data)
    except ValidationError as error:
        raise Unreadable(*_fault(error, "invalid_frame"), _cid(data)) from None


def read_body(raw: bytes, shape: type[AnyBody]) -> AnyBody:
    """Raises BadRequest (`bad_request`, `invalid_body`, `text_empty`, `text_too_long`)."""
    try:
        return shape.model_validate(orjson.loads(raw or b"{}"))
    except orjson.JSONDecodeError:
        raise BadRequest("The body is not JSON.") from None
    except ValidationError as error:
        raise BadRequest(*_fault(error, "invalid_body")) from None


def storable(text: str) -> str:
    """The same text without NUL, which PostgreSQL cannot store and C programs cut at."""
    return text.replace("\x00", "\ufffd")


def _loaded(raw: str | bytes) -> dict[str, Any]:
    # A frame of bytes is not spoken here. orjson refuses lone surrogates and nesting deeper than 1,024 by itself.
    try:
        data = orjson.loads(raw) if isinstance(raw, str) else None
    except orjson.JSONDecodeError:
        raise Unreadable("The frame is not JSON.", "invalid_json") from None
    if not isinstance(data, dict):
        raise Unreadable("A frame is a JSON object in a text frame.", "invalid_frame")
    return data


def _fault(error: ValidationError, otherwise: str) -> tuple[str, str]:
    """Sentence and code of the first fault. Texts of a wrong length have codes of their own: people cause them."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    codes = {"string_too_long": "text_too_long", "string_too_short": "text_empty"}
    code = codes.get(first["type"], otherwise) if first["loc"][-1:] == ("text",) else otherwise
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}", code


def _cid(data: dict[str, Any]) -> str:
    cid = data.get("cid")
    return cid if isinstance(cid, str) and 0 < len(cid) <= CID_LIMIT else ""
