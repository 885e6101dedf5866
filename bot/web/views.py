"""From the rooms' values to the words on the wire, for widget and desk alike."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from bot import text
from bot.accounts.model import Operator, Session
from bot.conversation.handover import TicketDetail
from bot.conversation.model import Author, Format, Message
from bot.conversation.transcript import State
from bot.web import schemas
from handoff.model import Ticket


def message_view(message: Message, lang: str) -> schemas.MessageView:
    """A row as the customer may see it."""
    return schemas.MessageView(**_message(message, lang))


def desk_message_view(message: Message, lang: str) -> schemas.DeskMessageView:
    """The same row with what the bot knew."""
    known = message.evidence
    evidence = None
    if known:
        evidence = schemas.EvidenceView(
            verdict=known["verdict"],
            confidence=known["confidence"],
            intent=known.get("intent") or "",
            tried=tried_views(known.get("tried", ())),
        )
    return schemas.DeskMessageView(**_message(message, lang), evidence=evidence)


def tried_views(tried: Iterable[dict[str, Any]]) -> list[schemas.TriedArticle]:
    return [
        schemas.TriedArticle(article=hit["article"], title=hit["title"], score=hit["score"], url=hit["url"])
        for hit in tried
    ]


def state_view(state: State) -> schemas.State:
    return schemas.State(type="state", holder=state.holder.value, operator=state.operator, position=state.position)


def operator_view(operator: Operator) -> schemas.OperatorView:
    return schemas.OperatorView(id=operator.id, login=operator.login, name=operator.name, role=operator.role.value)


def session_view(session: Session) -> schemas.SessionView:
    return schemas.SessionView(operator=operator_view(session.operator), csrf=session.csrf)


def ticket_view(ticket: Ticket) -> schemas.TicketView:
    return schemas.TicketView.model_validate(
        {
            "id": ticket.id,
            "number": ticket.number,
            "conversation": ticket.conversation_id,
            "status": ticket.status.value,
            "reason": ticket.reason.value,
            "lang": ticket.lang,
            "channel": ticket.channel,
            "subject": ticket.subject,
            "customer_name": ticket.customer_name,
            "assignee": ticket.assignee.id if ticket.assignee else None,
            "assignee_name": ticket.assignee.name if ticket.assignee else None,
            "opened_at": ticket.opened_at.isoformat(),
            "claimed_at": ticket.claimed_at.isoformat() if ticket.claimed_at else None,
            "closed_at": ticket.closed_at.isoformat() if ticket.closed_at else None,
            "outcome": ticket.outcome.value if ticket.outcome else None,
            "rating": ticket.rating,
        }
    )


def ticket_detail_view(detail: TicketDetail) -> schemas.TicketDetail:
    conversation = detail.conversation
    customer = schemas.CustomerView.model_validate(
        {
            "name": conversation.customer_name,
            "channel": conversation.channel.value,
            "lang": conversation.lang,
            "page_url": conversation.page.get("url", ""),
            "page_title": conversation.page.get("title", ""),
            "fields": {name: str(value) for name, value in detail.fields.items()},
        }
    )
    return schemas.TicketDetail(
        ticket=ticket_view(detail.ticket),
        customer=customer,
        tried=tried_views(detail.tried),
        messages=[desk_message_view(message, conversation.lang) for message in detail.messages],
    )


def _message(message: Message, lang: str) -> dict[str, Any]:
    words, blocks = _formed(message.text, message.format, message.author, lang)
    source = message.source
    return {
        "conversation": message.conversation_id,
        "seq": message.seq,
        "cid": message.cid,
        "author": message.author.value,
        "author_name": message.author_name,
        "kind": message.kind.value,
        "text": words,
        "blocks": blocks,
        "buttons": [schemas.ButtonView(id=b.id, title=b.title, act=b.act.value) for b in message.buttons],
        "source": source and schemas.SourceView(article=source.article, title=source.title, url=source.url),
        "at": message.created_at.isoformat(),
    }


@lru_cache(maxsize=2_000)
def _formed(source: str, form: Format, author: Author, lang: str) -> tuple[str, list[schemas.Block] | None]:
    """Plain words and blocks. Customers' words stay words: a link they paste is not ours to make clickable."""
    if form is Format.MARKDOWN:
        return text.plain(source), [schemas.Block.model_validate(block) for block in text.markdown_blocks(source, lang)]
    if author is Author.CUSTOMER:
        return source, None
    return source, [schemas.Block.model_validate(block) for block in text.plain_blocks(source)]
