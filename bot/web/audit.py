"""The desk's route for the audit log: who changed what."""

from bot.accounts.model import Permission
from bot.web import schemas
from bot.web.api import Call, Route
from handoff.model import AuditEntry

PAGE = 100


async def audit(call: Call) -> schemas.AuditPage:
    before = call.number("before", 0) or None
    entries = await call.services.lead.audit(before, call.query["actor"], call.query["act"], PAGE + 1)
    following = str(entries[PAGE - 1].id) if len(entries) > PAGE else None
    return schemas.AuditPage(entries=[_view(entry) for entry in entries[:PAGE]], next=following)


def _view(entry: AuditEntry) -> schemas.AuditEntry:
    return schemas.AuditEntry(
        id=entry.id,
        at=entry.at.isoformat(),
        actor=entry.actor_id,
        actor_name=entry.actor_name,
        act=entry.act,
        object_kind=entry.object_kind,
        object_id=entry.object_id,
        detail={key: str(value) for key, value in entry.detail.items()},
    )


ROUTES = (
    Route(
        "GET",
        "/api/desk/audit",
        audit,
        "Who changed what, the newest first; `before`: the id of the last entry seen.",
        permission=Permission.SEE_AUDIT,
        query=("before", "actor", "act"),
        reply=schemas.AuditPage,
        errors=("invalid_body",),
    ),
)
