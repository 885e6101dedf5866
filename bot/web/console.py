"""The desk's HTTP API: the queue, a ticket, and what an operator does with it."""

from bot.accounts.model import Permission
from bot.web import schemas, views
from bot.web.api import Call, Route
from bot.web.frames import storable
from handoff.model import Outcome

TICKET = "/api/desk/tickets/<ticket_id>"


async def tickets(call: Call) -> schemas.TicketList:
    return schemas.TicketList(
        tickets=[views.ticket_view(ticket) for ticket in await call.services.conversations.tickets()]
    )


async def ticket(call: Call) -> schemas.TicketDetail:
    return views.ticket_detail_view(await call.services.conversations.ticket_detail(call.args["ticket_id"]))


async def claim(call: Call) -> schemas.TicketView:
    claimed = await call.services.conversations.accept(call.args["ticket_id"], call.session.operator)
    return views.ticket_view(claimed)


async def say(call: Call) -> schemas.SaidView:
    body: schemas.SayBody = call.body
    operator, text = call.session.operator, storable(body.text)
    receipt = await call.services.conversations.say(call.args["ticket_id"], operator, body.cid, text)
    return schemas.SaidView(cid=receipt.cid, seq=receipt.seq)


async def give_back(call: Call) -> schemas.TicketView:
    queued = await call.services.conversations.give_back(call.args["ticket_id"], call.session.operator)
    return views.ticket_view(queued)


async def close(call: Call) -> schemas.TicketView:
    body: schemas.CloseBody = call.body
    outcome = Outcome(body.outcome)
    closed = await call.services.conversations.close(call.args["ticket_id"], call.session.operator, outcome)
    return views.ticket_view(closed)


ROUTES = (
    Route(
        "GET",
        "/api/desk/tickets",
        tickets,
        "Every open ticket, longest waiting first.",
        permission=Permission.ANSWER,
        reply=schemas.TicketList,
    ),
    Route(
        "GET",
        TICKET,
        ticket,
        "A ticket with its transcript, the articles tried and what the customer told.",
        permission=Permission.ANSWER,
        reply=schemas.TicketDetail,
        errors=("ticket_unknown",),
    ),
    Route(
        "POST",
        f"{TICKET}/claim",
        claim,
        "Take a ticket; of many who try at once one wins. Claiming one's own ticket again changes nothing.",
        permission=Permission.ANSWER,
        reply=schemas.TicketView,
        errors=("ticket_unknown", "ticket_closed", "already_claimed"),
    ),
    Route(
        "POST",
        f"{TICKET}/messages",
        say,
        "Write to the customer of one's own ticket; the same cid again is the same message.",
        permission=Permission.ANSWER,
        body=schemas.SayBody,
        reply=schemas.SaidView,
        errors=("invalid_body", "text_empty", "text_too_long", "ticket_unknown", "ticket_closed", "not_your_ticket"),
    ),
    Route(
        "POST",
        f"{TICKET}/give-back",
        give_back,
        "Put one's own ticket back to its old place in the queue.",
        permission=Permission.ANSWER,
        reply=schemas.TicketView,
        errors=("ticket_unknown", "ticket_closed", "not_your_ticket"),
    ),
    Route(
        "POST",
        f"{TICKET}/close",
        close,
        "End the conversation: farewell, a request for a rating, and the bot answers again.",
        permission=Permission.ANSWER,
        body=schemas.CloseBody,
        reply=schemas.TicketView,
        errors=("invalid_body", "ticket_unknown", "ticket_closed", "not_your_ticket"),
    ),
)
