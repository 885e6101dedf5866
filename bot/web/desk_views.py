"""From the desk's values to the words on the wire: tickets, people, a conversation in full."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.conversation.board import Colleague, Detail, Team
from bot.conversation.card import Card
from bot.conversation.model import Conversation
from bot.conversation.note_store import Note
from bot.kb.model import Hit
from bot.web import schemas
from bot.web.views import Address, desk_message_view, tried_views
from handoff.model import Event, Ticket
from handoff.policy import Group, Policy
from handoff.sla import warn_at


def ticket_view(ticket: Ticket, policy: Policy) -> schemas.TicketView:
    """A row of the inbox; `policy` says when its deadline is warned of."""
    # Not validated again: the values come from our own rows, and a welcome holds thousands of them.
    return schemas.TicketView.model_construct(
        id=ticket.id,
        number=ticket.number,
        conversation=ticket.conversation_id,
        status=ticket.status.value,
        reason=ticket.reason.value,
        lang=ticket.lang,
        channel=ticket.channel,
        subject=ticket.subject,
        topic=ticket.topic,
        customer_name=ticket.customer_name,
        group=ticket.group,
        tier=ticket.tier,
        priority=int(ticket.priority),
        mood=ticket.mood.value,
        vip=ticket.vip,
        tags=list(ticket.tags),
        assignee=ticket.assignee and ticket.assignee.id,
        assignee_name=ticket.assignee and ticket.assignee.name,
        offered_to=ticket.offered_to and ticket.offered_to.id,
        outcome=ticket.outcome and ticket.outcome.value,
        rating=ticket.rating,
        rating_reason=ticket.rating_reason,
        snooze_note=ticket.snooze_note,
        wish=ticket.wish.value,
        contact=ticket.contact,
        returned=ticket.returned,
        reopened=ticket.reopened,
        last_seq=ticket.last_seq,
        last_author=ticket.last_author,
        last_text=ticket.last_text,
        **_moments(ticket, policy),
    )


def _moments(ticket: Ticket, policy: Policy) -> dict[str, Any]:
    told: dict[str, Any] = {name: moment(getattr(ticket, name)) for name in MOMENTS}
    if ticket.due is None:
        return told | {"due_kind": None, "due_at": None, "warn_at": None}
    clock, at = ticket.due
    warned = warn_at(ticket, clock, at, policy)
    return told | {"due_kind": clock.value, "due_at": moment(at), "warn_at": moment(warned)}


MOMENTS = (
    "offer_until",
    "opened_at",
    "claimed_at",
    "closed_at",
    "waiting_since",
    "snoozed_until",
    "next_update_at",
    "promised_by",
    "last_at",
)


def moment(at: datetime | None) -> str | None:
    """ISO 8601 UTC."""
    return None if at is None else at.isoformat()


def agent_views(colleagues: Iterable[Colleague]) -> list[schemas.AgentView]:
    return [
        schemas.AgentView.model_validate(
            {
                "id": one.agent.id,
                "name": one.agent.name,
                "role": one.role.value,
                "presence": one.agent.presence.value,
                "load": one.agent.load,
                "cap": one.agent.cap,
                "groups": list(one.agent.groups),
                "skills": list(one.agent.skills),
                "langs": list(one.agent.langs),
                "tier": one.agent.tier,
            }
        )
        for one in colleagues
    ]


def group_name(group: Group) -> schemas.GroupName:
    names = {lang: group.name.get(lang) or group.id for lang in ("ru", "en")}
    return schemas.GroupName(id=group.id, locked=group.locked, **names)


def team_view(team: Team) -> schemas.TeamView:
    return schemas.TeamView(
        agents=agent_views(team.colleagues),
        queued=team.queued,
        promises_made=team.promises_made,
        promises_kept=team.promises_kept,
    )


def customer_view(conversation: Conversation, card: Card, lang: str) -> schemas.CustomerView:
    """The card with its labels in the operator's language."""
    fields = [
        {
            "key": line.field.key,
            "label": line.field.label(lang),
            "value": line.value,
            "found": line.found,
            "source": line.source,
        }
        for line in card.lines
    ]
    return schemas.CustomerView.model_validate(
        {
            "id": card.id,
            "name": card.name,
            "channel": conversation.channel.value,
            "lang": conversation.lang,
            "page_url": conversation.page.get("url", ""),
            "page_title": conversation.page.get("title", ""),
            "vip": card.vip,
            "fields": fields,
            "connector": card.records,
        }
    )


def note_view(note: Note) -> schemas.NoteView:
    return schemas.NoteView.model_validate(
        {
            "id": note.id,
            "conversation": note.conversation_id,
            "after_seq": note.after_seq,
            "author": note.author_id,
            "author_name": note.author_name,
            "text": note.text,
            "mentions": list(note.mentions),
            "at": note.at.isoformat(),
            "approval": note.approval,
            "decided_by": note.decided_by,
        }
    )


def event_view(event: Event) -> schemas.EventView:
    detail = {key: str(value) for key, value in event.detail.items()}
    at = event.at.isoformat()
    return schemas.EventView(at=at, actor=event.actor_id, actor_name=event.actor_name, act=event.act, detail=detail)


def article_views(hits: Iterable[Hit]) -> list[schemas.SuggestedArticle]:
    return [
        schemas.SuggestedArticle(
            article=hit.article, title=hit.title, url=hit.url, text=hit.short_answer, score=round(hit.score, 4)
        )
        for hit in hits
    ]


def detail_view(
    detail: Detail,
    customer: schemas.CustomerView,
    notes: list[Note],
    suggestions: list[schemas.SuggestedArticle],
    address: Address,
) -> schemas.TicketDetail:
    """Everything but what other rooms add: linked issues, a prepared draft, and whether this operator may write."""
    conversation, policy = detail.conversation, detail.policy
    return schemas.TicketDetail(
        conversation=conversation.id,
        ticket=ticket_view(detail.ticket, policy) if detail.ticket else None,
        customer=customer,
        tried=tried_views(detail.tried),
        fields={name: str(value) for name, value in detail.fields.items()},
        messages=[desk_message_view(row, conversation.lang, address) for row in detail.messages],
        earlier=detail.earlier,
        notes=[note_view(note) for note in notes],
        episodes=[
            schemas.EpisodeView(ticket=ticket_view(ticket, policy), messages=count) for ticket, count in detail.episodes
        ],
        history=[event_view(event) for event in detail.history],
        suggestions=suggestions,
        issues=[],
        read=conversation.read_seq,
        delivered=conversation.delivered_seq,
        draft="",
        may_write=False,
    )
