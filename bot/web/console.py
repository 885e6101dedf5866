"""The desk's HTTP API for reading: the queue, one conversation in full, the team, articles that may help."""

from bot.accounts.model import Permission
from bot.web import desk_views, schemas, views
from bot.web.api import Call, Route
from bot.web.issues import linked_issue
from bot.web.suggesting import suggested

TICKET = "/api/desk/tickets/<ticket_id>"
CONVERSATION = "/api/desk/conversations/<conversation_id>"
PAGE = 100
FOUND = 8
"""Articles offered to a typed search."""


async def tickets(call: Call) -> schemas.TicketList:
    conversations = call.services.conversations
    policy = await conversations.board.policy()
    return schemas.TicketList(
        tickets=[call.door.overview.view(ticket, policy) for ticket in await conversations.tickets()]
    )


async def ticket(call: Call) -> schemas.TicketDetail:
    return await _detail(call, "", call.args["ticket_id"])


async def conversation(call: Call) -> schemas.TicketDetail:
    return await _detail(call, call.args["conversation_id"], "")


async def messages(call: Call) -> schemas.DeskMessagesPage:
    conversations, conversation_id = call.services.conversations, call.args["conversation_id"]
    lang = (await conversations.get(conversation_id)).lang
    rows = await conversations.older(conversation_id, call.number("before", 2**31), PAGE)
    return schemas.DeskMessagesPage(
        messages=[views.desk_message_view(row, lang, call.services.files.url) for row in rows],
        earlier=bool(rows) and rows[0].seq > 1,
    )


async def team(call: Call) -> schemas.TeamView:
    return desk_views.team_view(await call.services.conversations.board.team())


async def suggestions(call: Call) -> schemas.SuggestionList:
    conversation_id, typed = call.query.get("conversation", ""), call.query.get("q", "").strip()
    lang = "ru"
    if conversation_id:
        lang = (await call.services.conversations.get(conversation_id)).lang
    if typed:
        hits = (await call.services.knowledge.search(typed[:500], lang)).hits[:FOUND]
        return schemas.SuggestionList(articles=desk_views.article_views(hits))
    articles = await suggested(call.services, conversation_id) if conversation_id else []
    return schemas.SuggestionList(articles=articles)


async def _detail(call: Call, conversation_id: str, ticket_id: str) -> schemas.TicketDetail:
    services, operator = call.services, call.operator
    found = await services.conversations.board.detail(conversation_id, ticket_id)
    conversation = found.conversation
    beside = await services.conversations.beside(conversation.id)
    services.conversations.cards.opened(conversation.id)
    view = desk_views.detail_view(
        found,
        desk_views.customer_view(conversation, beside.card, call.lang),
        beside.notes,
        await suggested(services, conversation.id),
        services.files.url,
    )
    issues, view.draft = await services.issues.beside(conversation.id)
    view.issues = [linked_issue(issue) for issue in issues]
    mine = found.ticket is not None and found.ticket.assignee is not None and found.ticket.assignee.id == operator.id
    view.may_write = mine and found.ticket is not None and found.ticket.is_open and operator.may(Permission.ANSWER)
    return view


SEE = Permission.SEE_DESK
ROUTES = (
    Route(
        "GET",
        "/api/desk/tickets",
        tickets,
        "Every open ticket in the order of the inbox.",
        permission=SEE,
        reply=schemas.TicketList,
    ),
    Route(
        "GET",
        TICKET,
        ticket,
        "A ticket with its conversation, the customer's card, notes, history and what the bot tried.",
        permission=SEE,
        reply=schemas.TicketDetail,
        errors=("ticket_unknown",),
    ),
    Route(
        "GET",
        CONVERSATION,
        conversation,
        "The same of a conversation, whether it ever had a ticket or not.",
        permission=SEE,
        reply=schemas.TicketDetail,
        errors=("conversation_unknown",),
    ),
    Route(
        "GET",
        f"{CONVERSATION}/messages",
        messages,
        "Older rows of a conversation: the last hundred before `before`.",
        permission=SEE,
        query=("before",),
        reply=schemas.DeskMessagesPage,
        errors=("conversation_unknown", "invalid_body"),
    ),
    Route("GET", "/api/desk/team", team, "Who holds what.", permission=SEE, reply=schemas.TeamView),
    Route(
        "GET",
        "/api/desk/suggestions",
        suggestions,
        "Articles: for the typed words `q`, or the three nearest to what the customer of `conversation` last wrote.",
        permission=SEE,
        query=("conversation", "q"),
        reply=schemas.SuggestionList,
        errors=("conversation_unknown",),
    ),
)
