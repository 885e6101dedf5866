"""The desk's HTTP API for acting: everything an operator or a lead does with a ticket."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from bot.accounts.model import Permission
from bot.conversation.handover import Enclosed
from bot.errors import BadRequest
from bot.web import desk_views, schemas
from bot.web.api import Call, Route
from bot.web.console import CONVERSATION, TICKET
from bot.web.frames import storable
from handoff.model import Destination, Outcome, Priority, Ticket


async def take(call: Call) -> schemas.TicketView:
    return await _shown(call, await call.services.conversations.take(call.args["conversation_id"], call.operator))


async def claim(call: Call) -> schemas.TicketView:
    return await _shown(call, await call.services.conversations.accept(call.args["ticket_id"], call.operator))


async def decline(call: Call) -> schemas.TicketView:
    return await _shown(call, await call.services.conversations.decline(call.args["ticket_id"], call.operator))


async def give_back(call: Call) -> schemas.TicketView:
    return await _shown(call, await call.services.conversations.give_back(call.args["ticket_id"], call.operator))


async def to_bot(call: Call) -> schemas.TicketView:
    return await _shown(call, await call.services.conversations.to_bot(call.args["ticket_id"], call.operator))


async def wake(call: Call) -> schemas.TicketView:
    return await _shown(call, await call.services.conversations.wake(call.args["ticket_id"], call.operator))


async def escalate(call: Call) -> schemas.TicketView:
    body: schemas.EscalateBody = call.body
    conversations, ticket_id = call.services.conversations, call.args["ticket_id"]
    passed = await conversations.escalate(ticket_id, call.operator, storable(body.why), storable(body.party))
    return await _shown(call, passed)


async def transfer(call: Call) -> schemas.TicketView:
    body: schemas.TransferBody = call.body
    to = _destination(body.operator, body.group)
    passed = await call.services.conversations.transfer(call.args["ticket_id"], call.operator, storable(body.why), to)
    return await _shown(call, passed)


async def snooze(call: Call) -> schemas.TicketView:
    body: schemas.SnoozeBody = call.body
    conversations, ticket_id, until = call.services.conversations, call.args["ticket_id"], _moment(body.until)
    return await _shown(call, await conversations.snooze(ticket_id, call.operator, until, storable(body.note)))


async def close(call: Call) -> schemas.TicketView:
    body: schemas.CloseBody = call.body
    conversations, outcome = call.services.conversations, Outcome(body.outcome)
    tags = [storable(tag) for tag in body.tags]
    closed = await conversations.close(call.args["ticket_id"], call.operator, outcome, tags, body.seen)
    return await _shown(call, closed)


async def tags(call: Call) -> schemas.TicketView:
    body: schemas.TagsBody = call.body
    wanted = [storable(tag) for tag in body.tags]
    return await _shown(call, await call.services.conversations.tag(call.args["ticket_id"], call.operator, wanted))


async def priority(call: Call) -> schemas.TicketView:
    body: schemas.PriorityBody = call.body
    conversations, wanted = call.services.conversations, Priority(body.priority)
    return await _shown(call, await conversations.prioritise(call.args["ticket_id"], call.operator, wanted))


async def update(call: Call) -> schemas.TicketView:
    body: schemas.UpdateBody = call.body
    conversations, at = call.services.conversations, _moment(body.at)
    return await _shown(call, await conversations.promise_news(call.args["ticket_id"], call.operator, at))


async def say(call: Call) -> schemas.SaidView:
    body: schemas.SayBody = call.body
    conversations, ticket_id, text = call.services.conversations, call.args["ticket_id"], storable(body.text)
    goes = Enclosed(body.files, storable(body.article))
    receipt = await conversations.say(ticket_id, call.operator, body.cid, text, goes)
    return schemas.SaidView(cid=receipt.cid, seq=receipt.seq)


async def assign(call: Call) -> schemas.AssignedView:
    body: schemas.AssignBody = call.body
    conversations, to = call.services.conversations, _destination(body.operator, body.group)
    moved, refused = await conversations.assign(body.tickets, call.operator, storable(body.why), to)
    policy = await conversations.board.policy()
    views = [desk_views.ticket_view(ticket, policy) for ticket in moved]
    return schemas.AssignedView(moved=views, refused=refused)


async def _shown(call: Call, ticket: Ticket) -> schemas.TicketView:
    return desk_views.ticket_view(ticket, await call.services.conversations.board.policy())


def _destination(operator: str | None, group: str | None) -> Destination:
    if (operator is None) == (group is None):
        raise BadRequest("Choose a person or a group, one of the two.", "target_unclear")
    return Destination(operator, group)


def _moment(given: str | None) -> datetime | None:
    """Raises BadRequest `invalid_body`; a moment without a zone is UTC."""
    if given is None:
        return None
    try:
        at = datetime.fromisoformat(given)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadRequest("A moment is ISO 8601, for example 2026-03-02T15:00:00Z.", "invalid_body") from None


def _act(
    name: str,
    does: str,
    handler: Callable[[Call], Awaitable[schemas.Wire]],
    body: type[schemas.Wire] | None = None,
    *errors: str,
) -> Route:
    return Route(
        "POST",
        f"{TICKET}/{name}",
        handler,
        does,
        permission=Permission.ANSWER,
        body=body,
        reply=schemas.SaidView if handler is say else schemas.TicketView,
        errors=("ticket_unknown", "ticket_closed", *errors, *(("invalid_body",) if body else ())),
    )


ROUTES = (
    Route(
        "POST",
        f"{CONVERSATION}/take",
        take,
        "Step into a conversation, most often one the bot holds; its answer in the making is dropped.",
        permission=Permission.ANSWER,
        reply=schemas.TicketView,
        errors=("conversation_unknown", "already_claimed", "already_offered", "over_cap"),
    ),
    _act(
        "claim",
        "Take a ticket; of many who try at once one wins. Claiming one's own ticket again changes nothing.",
        claim,
        None,
        "already_claimed",
        "already_offered",
        "over_cap",
    ),
    _act("decline", "Let an offered ticket go; it is offered to the next.", decline),
    _act("give-back", "Put one's own ticket back to its old place in the queue.", give_back, None, "not_your_ticket"),
    _act("to-bot", "Give the conversation back to the bot, which answers again.", to_bot, None, "not_your_ticket"),
    _act(
        "escalate",
        "Up a tier, with a reason; from the third on to an outside party.",
        escalate,
        schemas.EscalateBody,
        "not_your_ticket",
    ),
    _act(
        "transfer",
        "Sideways, to a person or a group, with a reason.",
        transfer,
        schemas.TransferBody,
        "not_your_ticket",
        "agent_unavailable",
        "group_unknown",
        "target_unclear",
    ),
    _act(
        "snooze",
        "Put one's own ticket off until a moment or until the customer writes.",
        snooze,
        schemas.SnoozeBody,
        "not_your_ticket",
        "moment_past",
        "moment_far",
    ),
    _act("wake", "End a snooze now.", wake, None, "not_your_ticket"),
    _act(
        "close",
        "End the conversation: farewell, a request for a rating, and the bot answers again.",
        close,
        schemas.CloseBody,
        "not_your_ticket",
        "customer_wrote",
    ),
    _act("tags", "Replace the tags.", tags, schemas.TagsBody, "not_your_ticket"),
    _act("priority", "Set the priority by hand.", priority, schemas.PriorityBody, "not_your_ticket"),
    _act(
        "update",
        "Promise the customer news by a moment, or take the promise back.",
        update,
        schemas.UpdateBody,
        "not_your_ticket",
        "moment_past",
        "moment_far",
    ),
    _act(
        "messages",
        "Write to the customer of one's own ticket; the same cid again is the same message.",
        say,
        schemas.SayBody,
        "not_your_ticket",
        "text_empty",
        "text_too_long",
        "file_unknown",
    ),
    Route(
        "POST",
        "/api/desk/assign",
        assign,
        "Move tickets in bulk to a person or a group; says which stayed and why.",
        permission=Permission.ASSIGN,
        body=schemas.AssignBody,
        reply=schemas.AssignedView,
        errors=("invalid_body", "target_unclear", "group_unknown"),
    ),
)
