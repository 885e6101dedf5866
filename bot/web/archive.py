"""The desk's routes beside the live inbox: lists and search, notes, and corrections of the customer card."""

from bot.accounts.model import Permission
from bot.conversation.inbox import Found
from bot.conversation.inbox_store import View
from bot.errors import BadRequest
from bot.web import schemas
from bot.web.api import Call, Route
from bot.web.desk_views import customer_view, note_view, ticket_view
from bot.web.frames import storable
from bot.web.views import message_view
from handoff.policy import Policy

CONVERSATION = "/api/desk/conversations/<conversation_id>"
PREVIEW = 200


async def conversations(call: Call) -> schemas.ConversationPage:
    wanted = call.query["view"] or View.ALL.value
    if wanted not in set(View):
        raise BadRequest("view: bot, closed or all.", "invalid_body")
    inbox = call.services.conversations.inbox
    page = await inbox.page(View(wanted), call.query["q"], call.query["tag"].strip(), call.query["cursor"])
    rules = await call.services.lead.policy()
    rows = [_row(found, rules) for found in page.rows]
    return schemas.ConversationPage(rows=rows, total=page.total, next=page.next)


async def add_note(call: Call) -> schemas.NoteView:
    body: schemas.NoteBody = call.body
    notebook = call.services.conversations.notebook
    text = storable(body.text)
    note = await notebook.add(call.args["conversation_id"], call.operator, body.cid, text, approval=body.approval)
    return note_view(note)


async def decide_note(call: Call) -> schemas.NoteView:
    body: schemas.DecisionBody = call.body
    notebook = call.services.conversations.notebook
    return note_view(await notebook.decide(call.args["note_id"], call.operator, approved=body.approved))


async def confirm_field(call: Call) -> schemas.CustomerView:
    body: schemas.CardBody = call.body
    talk, conversation_id = call.services.conversations, call.args["conversation_id"]
    await talk.cards.confirm(conversation_id, call.operator, body.key, storable(body.value))
    card = await call.services.database.read(lambda tx: talk.cards.card(tx, conversation_id))
    return customer_view(await talk.get(conversation_id), card, call.lang)


def _row(found: Found, rules: Policy) -> schemas.ConversationRow:
    conversation, last = found.conversation, found.last
    words = message_view(last, conversation.lang, _nowhere).text or ", ".join(file.name for file in last.files)
    return schemas.ConversationRow.model_validate(
        {
            "conversation": conversation.id,
            "ticket": found.ticket and ticket_view(found.ticket, rules),
            "customer_name": conversation.customer_name,
            "channel": conversation.channel.value,
            "lang": conversation.lang,
            "snippet": found.snippet,
            "last_text": words[:PREVIEW],
            "last_author": last.author.value,
            "last_at": last.created_at.isoformat(),
        }
    )


def _nowhere(file_id: str, name: str) -> str:
    """A row shows names of files and opens none."""
    return ""


ROUTES = (
    Route(
        "GET",
        "/api/desk/conversations",
        conversations,
        "Conversations held by the bot, closed, or all; with `q` those that have the words, #number or tag:name.",
        permission=Permission.SEE_DESK,
        query=("view", "q", "tag", "cursor"),
        reply=schemas.ConversationPage,
        errors=("invalid_body",),
    ),
    Route(
        "POST",
        f"{CONVERSATION}/notes",
        add_note,
        "A note that the customer never sees; @login calls a colleague. The same cid again is the same note.",
        permission=Permission.ANSWER,
        body=schemas.NoteBody,
        reply=schemas.NoteView,
        errors=("invalid_body", "text_empty", "text_too_long", "conversation_unknown"),
    ),
    Route(
        "POST",
        "/api/desk/notes/<note_id>/decide",
        decide_note,
        "A lead's answer to a proposal.",
        permission=Permission.ASSIGN,
        body=schemas.DecisionBody,
        reply=schemas.NoteView,
        errors=("invalid_body", "nothing_to_decide"),
    ),
    Route(
        "POST",
        f"{CONVERSATION}/card",
        confirm_field,
        "Confirm or correct a field of the customer card; an empty value removes it.",
        permission=Permission.ANSWER,
        body=schemas.CardBody,
        reply=schemas.CustomerView,
        errors=("invalid_body", "conversation_unknown"),
    ),
)
