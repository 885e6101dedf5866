"""The desk's routes for bugs and wishes, the tracker's settings, and the door trackers call at."""

from sanic import HTTPResponse
from sanic.response import empty

from bot.accounts.model import Permission
from bot.errors import BotError
from bot.issues.model import Issue, Kind, Report, Template, Tracker
from bot.web import failures, schemas
from bot.web.api import Call, Route
from bot.web.door import Request
from bot.web.frames import storable

ISSUE = "/api/desk/issues/<issue_id>"
CONVERSATION = "/api/desk/conversations/<conversation_id>/issues"
HOOK = "/hooks/issues"


async def issues(call: Call) -> schemas.IssueList:
    return schemas.IssueList(issues=[_view(issue) for issue in await call.services.issues.all()])


async def file_issue(call: Call) -> schemas.LinkedIssue:
    body: schemas.IssueBody = call.body
    conversation_id = call.args["conversation_id"]
    told = {name: storable(getattr(body, name)) for name in ("steps", "expected", "got", "environment", "details")}
    attached = await call.services.files.views(body.files)
    names = tuple(file.name for file in attached if file.conversation_id == conversation_id)
    report = Report(Kind(body.kind), storable(body.title).strip(), files=names, **told)
    return linked_issue(await call.services.issues.file(call.operator, conversation_id, report))


async def link_issue(call: Call) -> schemas.LinkedIssue:
    body: schemas.LinkBody = call.body
    linked = await call.services.issues.link(call.operator, call.args["conversation_id"], body.issue)
    return linked_issue(linked)


async def fix_issue(call: Call) -> schemas.IssueView:
    return _view(await call.services.issues.set_fixed(call.operator, call.args["issue_id"], True))


async def reopen_issue(call: Call) -> schemas.IssueView:
    return _view(await call.services.issues.set_fixed(call.operator, call.args["issue_id"], False))


async def set_issue_url(call: Call) -> schemas.IssueView:
    body: schemas.IssueUrlBody = call.body
    return _view(await call.services.issues.set_url(call.operator, call.args["issue_id"], body.url.strip()))


async def resend_issue(call: Call) -> schemas.IssueView:
    return _view(await call.services.issues.resend(call.operator, call.args["issue_id"]))


async def tracker(call: Call) -> schemas.TrackerView:
    return _tracker_view(await call.services.issues.tracker())


async def set_tracker(call: Call) -> schemas.TrackerView:
    body: schemas.TrackerBody = call.body
    wanted = Tracker(Template(body.template), body.url.strip(), body.project.strip())
    return _tracker_view(await call.services.issues.set_tracker(call.operator, wanted, body.secret))


async def hook(request: Request, key: str = "") -> HTTPResponse:
    """A tracker tells that an issue has changed. Whoever proves to be it hears 204, whatever the issue is to us."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        await request.app.ctx.services.issues.heard(key, headers, request.body)
    except BotError as error:
        return failures.answer(request, error)
    return empty()


def linked_issue(issue: Issue) -> schemas.LinkedIssue:
    return schemas.LinkedIssue.model_validate(_linked(issue))


def _linked(issue: Issue) -> dict[str, object]:
    return {
        "id": issue.id,
        "number": issue.number,
        "title": issue.report.title,
        "kind": issue.report.kind.value,
        "state": issue.state.value,
        "url": issue.url,
        "sent": issue.sent.value,
    }


def _view(issue: Issue) -> schemas.IssueView:
    report = issue.report
    told = {name: getattr(report, name) for name in ("steps", "expected", "got", "environment", "details")}
    life = {"created_at": issue.created_at.isoformat(), "author_name": issue.author_name, "error": issue.error}
    return schemas.IssueView.model_validate(_linked(issue) | told | life | {"conversations": list(issue.conversations)})


def _tracker_view(known: Tracker) -> schemas.TrackerView:
    return schemas.TrackerView(
        template=known.template.value,
        url=known.url,
        project=known.project,
        secret_set=bool(known.secret),
        hook_path=f"{HOOK}/{known.hook}",
    )


ROUTES = (
    Route(
        "GET",
        "/api/desk/issues",
        issues,
        "Bugs and wishes, open ones first, then the newest.",
        permission=Permission.FILE_ISSUES,
        reply=schemas.IssueList,
    ),
    Route(
        "POST",
        CONVERSATION,
        file_issue,
        "File a bug or a wish from a conversation; a tracker that is set up is told.",
        permission=Permission.FILE_ISSUES,
        body=schemas.IssueBody,
        reply=schemas.LinkedIssue,
        errors=("invalid_body", "conversation_unknown"),
    ),
    Route(
        "POST",
        f"{CONVERSATION}/link",
        link_issue,
        "One more customer has the same trouble.",
        permission=Permission.FILE_ISSUES,
        body=schemas.LinkBody,
        reply=schemas.LinkedIssue,
        errors=("invalid_body", "conversation_unknown", "issue_unknown"),
    ),
    Route(
        "POST",
        f"{ISSUE}/fixed",
        fix_issue,
        "It is fixed: words for every linked customer are drafted.",
        permission=Permission.FILE_ISSUES,
        reply=schemas.IssueView,
        errors=("issue_unknown",),
    ),
    Route(
        "POST",
        f"{ISSUE}/reopen",
        reopen_issue,
        "Not fixed after all; drafts that were not sent are gone.",
        permission=Permission.FILE_ISSUES,
        reply=schemas.IssueView,
        errors=("issue_unknown",),
    ),
    Route(
        "POST",
        f"{ISSUE}/url",
        set_issue_url,
        "Where people find the issue outside.",
        permission=Permission.FILE_ISSUES,
        body=schemas.IssueUrlBody,
        reply=schemas.IssueView,
        errors=("invalid_body", "issue_unknown"),
    ),
    Route(
        "POST",
        f"{ISSUE}/resend",
        resend_issue,
        "Tell the tracker again.",
        permission=Permission.FILE_ISSUES,
        reply=schemas.IssueView,
        errors=("issue_unknown", "tracker_off"),
    ),
    Route(
        "GET",
        "/api/desk/tracker",
        tracker,
        "Where issues are sent, and the address the tracker calls back.",
        permission=Permission.MANAGE_INSTALLATION,
        reply=schemas.TrackerView,
    ),
    Route(
        "PUT",
        "/api/desk/tracker",
        set_tracker,
        "Set where issues are sent; a secret left out stays as it is.",
        permission=Permission.MANAGE_INSTALLATION,
        body=schemas.TrackerBody,
        reply=schemas.TrackerView,
        errors=("invalid_body", "tracker_invalid"),
    ),
)
