"""Files coming in from the desk and the widget, and going out by their signed addresses."""

import math
from urllib.parse import quote

from sanic import HTTPResponse
from sanic.response import raw

from bot.accounts.model import Permission
from bot.conversation.model import Channel, Conversation
from bot.errors import BadRequest, BotError, TooManyRequests, Unauthorised
from bot.files.model import LIMIT, StoredFile
from bot.web import failures, schemas
from bot.web.api import Call, Route
from bot.web.door import Request
from bot.web.uploads import Upload

LOCKED = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""Whatever a file holds, it runs nothing and loads nothing."""


async def upload(call: Call) -> schemas.UploadView:
    conversation = await call.services.conversations.get(call.query["conversation"])
    return schemas.UploadView(file=await _keep(call, conversation.id, call.operator.id))


async def upload_from_widget(call: Call) -> schemas.UploadView:
    visitor = call.services.accounts.visitor(call.visitor) if call.visitor else None
    if visitor is None:
        raise Unauthorised("Open the chat first: the upload needs its token.", "visitor_unknown")
    for key in (visitor, f"address {call.address}"):
        wait = call.door.uploads.take(key)
        if wait:
            raise TooManyRequests("Too many files at once.", math.ceil(wait), "too_many_files")
    conversation = await _conversation(call, visitor)
    return schemas.UploadView(file=await _keep(call, conversation.id, visitor))


async def download(request: Request, file_id: str, name: str) -> HTTPResponse:
    """The file behind a signed address; the name in it is for people and proves nothing."""
    try:
        file, data = await request.app.ctx.services.files.opened(file_id, request.args.get("s", ""))
    except BotError as error:
        return failures.answer(request, error)
    headers = {
        "Content-Security-Policy": LOCKED,
        "Content-Disposition": _disposition(file),
        "Cache-Control": "private, max-age=86400, immutable",
    }
    charset = "; charset=utf-8" if file.type.startswith("text/") else ""
    return raw(data, headers=headers, content_type=file.type + charset)


async def _keep(call: Call, conversation_id: str, by: str) -> schemas.FileView:
    given: Upload = call.body
    if not given.data:
        raise BadRequest("The file is empty.", "file_refused")
    file = await call.services.files.keep(conversation_id, given.name, given.data, by)
    return schemas.FileView(
        id=file.id,
        name=file.name,
        type=file.type,
        size=file.size,
        image=file.image,
        url=call.services.files.url(file.id, file.name),
    )


async def _conversation(call: Call, visitor: str) -> Conversation:
    """A picture may be the first thing a visitor says."""
    talk = call.services.conversations
    found = await talk.find(visitor, Channel.WIDGET)
    return found or await talk.open(visitor, Channel.WIDGET, call.lang)


def _disposition(file: StoredFile) -> str:
    """Pictures open in place, everything else is saved; the plain name is for programs that cannot read the other."""
    plain = "".join(one if (one.isascii() and one.isalnum()) or one in "._- " else "_" for one in file.name)
    kind = "inline" if file.image else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}"


ROUTES = (
    Route(
        "POST",
        "/api/desk/files",
        upload,
        "Upload a file for a conversation; send its id with a message.",
        permission=Permission.ANSWER,
        query=("conversation",),
        upload=LIMIT,
        reply=schemas.UploadView,
        errors=("file_missing", "file_refused", "file_too_large", "conversation_unknown"),
    ),
    Route(
        "POST",
        "/api/widget/files",
        upload_from_widget,
        "Upload a file as a visitor, whose token comes in the header X-Visitor; send its id with a message.",
        public=True,
        query=("lang",),
        upload=LIMIT,
        reply=schemas.UploadView,
        errors=(
            "origin_refused",
            "visitor_unknown",
            "file_missing",
            "file_refused",
            "file_too_large",
            "too_many_files",
        ),
    ),
)
