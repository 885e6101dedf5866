"""How an operator is told away from the desk: this browser's subscription, and the link that ties their Telegram."""

from bot.accounts.model import Permission
from bot.notices.model import Way
from bot.web import schemas
from bot.web.api import Call, Route


async def notices(call: Call) -> schemas.NoticesView:
    courier, operator = call.services.notices, call.session.operator
    ways = await courier.ways(operator.id)
    link = ""
    if courier.telegram_bot:
        link = f"https://t.me/{courier.telegram_bot}?start=op_{await courier.link_code(operator.id)}"
    return schemas.NoticesView(push=Way.PUSH in ways, telegram=Way.TELEGRAM in ways, telegram_link=link)


async def push_on(call: Call) -> None:
    body: schemas.PushBody = call.body
    await call.services.notices.subscribe(call.session.operator.id, body.endpoint, body.p256dh, body.auth)


async def push_off(call: Call) -> None:
    body: schemas.PushBody = call.body
    await call.services.notices.unsubscribe(call.session.operator.id, body.endpoint)


async def telegram_drop(call: Call) -> None:
    await call.services.notices.unlink(call.session.operator.id)


ROUTES = (
    Route(
        "GET",
        "/api/desk/notices",
        notices,
        "How this operator is told away from the desk, and the link that ties their Telegram.",
        permission=Permission.SEE_DESK,
        reply=schemas.NoticesView,
    ),
    Route(
        "POST",
        "/api/desk/push",
        push_on,
        "Tell this browser; the same subscription again changes nothing.",
        permission=Permission.SEE_DESK,
        body=schemas.PushBody,
        errors=("invalid_body", "push_refused"),
    ),
    Route(
        "DELETE",
        "/api/desk/push",
        push_off,
        "Tell this browser no more.",
        permission=Permission.SEE_DESK,
        body=schemas.PushBody,
        errors=("invalid_body",),
    ),
    Route(
        "POST",
        "/api/desk/telegram-link/drop",
        telegram_drop,
        "Tell this operator's Telegram no more.",
        permission=Permission.SEE_DESK,
    ),
)
