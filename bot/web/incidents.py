"""The desk's routes for incidents, rushes of questions, and playbooks."""

from bot.accounts.model import Permission
from bot.conversation.incident import Incident, Rush
from bot.conversation.incidents import Declaration
from bot.conversation.playbook_store import Playbook
from bot.web import schemas
from bot.web.api import Call, Route

INCIDENT = "/api/desk/incidents/<incident_id>"


async def incidents(call: Call) -> schemas.IncidentPage:
    known = call.services.conversations.incidents
    return schemas.IncidentPage(
        incidents=[_view(one) for one in await known.recent()],
        rushes=[_rush(one) for one in await known.rushes()],
        topics=await _topics(call),
    )


async def declare_incident(call: Call) -> schemas.IncidentView:
    body: schemas.IncidentBody = call.body
    declaration = Declaration(body.title.model_dump(), body.text.model_dump(), tuple(body.topics), tuple(body.words))
    return _view(await call.services.conversations.incidents.declare(call.session.operator, declaration))


async def update_incident(call: Call) -> schemas.IncidentView:
    body: schemas.IncidentTextBody = call.body
    known, operator = call.services.conversations.incidents, call.session.operator
    return _view(await known.tell(operator, call.args["incident_id"], body.text.model_dump()))


async def end_incident(call: Call) -> schemas.IncidentView:
    body: schemas.IncidentTextBody = call.body
    known, operator = call.services.conversations.incidents, call.session.operator
    return _view(await known.end(operator, call.args["incident_id"], body.text.model_dump()))


async def playbooks(call: Call) -> schemas.PlaybookList:
    kept = await call.services.conversations.playbooks.everything()
    views = [schemas.PlaybookView(topic=one.topic, ru=one.ru, en=one.en) for one in kept]
    return schemas.PlaybookList(playbooks=views, topics=await _topics(call))


async def keep_playbook(call: Call) -> schemas.PlaybookView:
    body: schemas.PlaybookView = call.body
    playbook = Playbook(body.topic, body.ru, body.en)
    await call.services.conversations.playbooks.keep(call.session.operator, playbook)
    return body


async def _topics(call: Call) -> list[str]:
    articles = [one for lang in ("ru", "en") for one in await call.services.knowledge.articles(lang)]
    return sorted({one.category for one in articles if one.category})


def _view(incident: Incident) -> schemas.IncidentView:
    return schemas.IncidentView.model_validate(
        {
            "id": incident.id,
            "number": incident.number,
            "title": incident.title,
            "text": incident.text,
            "topics": list(incident.topics),
            "words": list(incident.words),
            "state": incident.state.value,
            "opened_at": incident.opened_at.isoformat(),
            "opened_by": incident.opened_by,
            "ended_at": incident.ended_at.isoformat() if incident.ended_at else None,
            "updates": [{**one.text, "at": one.at.isoformat()} for one in incident.updates],
            "subscribers": incident.subscribers,
        }
    )


def _rush(rush: Rush) -> schemas.RushView:
    return schemas.RushView(topic=rush.topic, customers=rush.customers, usual=round(rush.usual, 2), page=rush.page)


ROUTES = (
    Route(
        "GET",
        "/api/desk/incidents",
        incidents,
        "Known troubles, and topics asked about far more than usual.",
        permission=Permission.SEE_DESK,
        reply=schemas.IncidentPage,
    ),
    Route(
        "POST",
        "/api/desk/incidents",
        declare_incident,
        "From now on the bot answers questions about it with this text.",
        permission=Permission.MANAGE_TEAM,
        body=schemas.IncidentBody,
        reply=schemas.IncidentView,
        errors=("invalid_body", "incident_invalid"),
    ),
    Route(
        "POST",
        f"{INCIDENT}/update",
        update_incident,
        "News for every customer who asked for them.",
        permission=Permission.MANAGE_TEAM,
        body=schemas.IncidentTextBody,
        reply=schemas.IncidentView,
        errors=("invalid_body", "incident_invalid", "incident_unknown"),
    ),
    Route(
        "POST",
        f"{INCIDENT}/end",
        end_incident,
        "The last news; the bot answers from its articles again.",
        permission=Permission.MANAGE_TEAM,
        body=schemas.IncidentTextBody,
        reply=schemas.IncidentView,
        errors=("invalid_body", "incident_invalid", "incident_unknown"),
    ),
    Route(
        "GET",
        "/api/desk/playbooks",
        playbooks,
        "What the team does about each topic.",
        permission=Permission.SEE_DESK,
        reply=schemas.PlaybookList,
    ),
    Route(
        "PUT",
        "/api/desk/playbooks",
        keep_playbook,
        "Replace the playbook of a topic; two empty texts remove it.",
        permission=Permission.MANAGE_TEAM,
        body=schemas.PlaybookView,
        reply=schemas.PlaybookView,
        errors=("invalid_body",),
    ),
)
