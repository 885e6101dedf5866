"""The desk's routes for ready answers."""

from bot.accounts.model import Permission
from bot.conversation.canned import Wording
from bot.conversation.canned_store import CannedReply
from bot.web import schemas
from bot.web.api import Call, Route
from bot.web.frames import storable

REPLY = "/api/desk/canned/<reply_id>"


async def canned_replies(call: Call) -> schemas.CannedList:
    return schemas.CannedList(replies=[_view(reply) for reply in await call.services.canned.all()])


async def add_canned(call: Call) -> schemas.CannedView:
    return _view(await call.services.canned.add(call.operator, _wording(call.body)))


async def change_canned(call: Call) -> schemas.CannedView:
    return _view(await call.services.canned.change(call.operator, call.args["reply_id"], _wording(call.body)))


async def remove_canned(call: Call) -> None:
    await call.services.canned.remove(call.operator, call.args["reply_id"])


async def use_canned(call: Call) -> None:
    await call.services.canned.used(call.args["reply_id"])


def _wording(body: schemas.CannedBody) -> Wording:
    return Wording(body.shortcut, storable(body.title), storable(body.ru), storable(body.en), body.group)


def _view(reply: CannedReply) -> schemas.CannedView:
    return schemas.CannedView(
        id=reply.id,
        shortcut=reply.shortcut,
        title=reply.title,
        ru=reply.ru,
        en=reply.en,
        group=reply.group,
        used=reply.used,
    )


ROUTES = (
    Route(
        "GET",
        "/api/desk/canned",
        canned_replies,
        "Every ready answer, the most used first.",
        permission=Permission.ANSWER,
        also=Permission.EDIT_CANNED,
        reply=schemas.CannedList,
    ),
    Route(
        "POST",
        "/api/desk/canned",
        add_canned,
        "A new ready answer.",
        permission=Permission.EDIT_CANNED,
        body=schemas.CannedBody,
        reply=schemas.CannedView,
        errors=("invalid_body", "group_unknown", "shortcut_taken"),
    ),
    Route(
        "PUT",
        REPLY,
        change_canned,
        "Replace a ready answer.",
        permission=Permission.EDIT_CANNED,
        body=schemas.CannedBody,
        reply=schemas.CannedView,
        errors=("invalid_body", "canned_unknown", "group_unknown", "shortcut_taken"),
    ),
    Route(
        "DELETE",
        REPLY,
        remove_canned,
        "Remove a ready answer.",
        permission=Permission.EDIT_CANNED,
        errors=("canned_unknown",),
    ),
    Route(
        "POST",
        f"{REPLY}/used",
        use_canned,
        "Count that a ready answer was inserted.",
        permission=Permission.ANSWER,
        errors=("canned_unknown",),
    ),
)
