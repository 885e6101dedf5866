"""Filing bugs and wishes from a conversation, telling the tracker, and drafting the good news when it is fixed."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from uuid import uuid4

from sqlalchemy import Connection

from bot.accounts.model import Operator
from bot.bus.model import DESK, conversation_topic
from bot.conversation.model import Author
from bot.conversation.parts import Parts
from bot.conversation.reminders import Reminder, Reminders
from bot.errors import BadRequest, NotFound, Unauthorised
from bot.issues import hooks, templates, texts
from bot.issues.model import TAGS, Issue, Report, Sent, State, Template, Tracker
from bot.issues.store import IssueStore
from bot.notices.model import Answer, Request
from handoff.model import Assignee, Ticket

MOST = 500
LOOK_BACK = 50
THEMSELVES = Assignee("", "tracker")
"""Who does what the tracker told us."""

Ship = Callable[[Connection, str], None]
"""Has the parcel of an issue packed and sent, in the caller's transaction."""

Turned = tuple[Issue, tuple[Reminder, ...]]
"""An issue fixed or open again, and who is called for it after the commit."""


class Issues:
    """Implements Parcels for the courier. `address`: of the product, for links back to the desk."""

    def __init__(self, parts: Parts, ship: Ship, address: str) -> None:
        self._parts, self._ship, self._address = parts, ship, address.rstrip("/")
        self._store = IssueStore()
        self._reminders = Reminders(parts)

    async def all(self) -> list[Issue]:
        """Open ones first, then the newest; at most 500."""
        return await self._parts.database.read(lambda tx: self._store.all(tx, MOST))

    async def beside(self, conversation_id: str) -> tuple[list[Issue], str]:
        """The issues of a conversation, and the words drafted for its customer."""
        return await self._parts.database.read(
            lambda tx: (self._store.of(tx, conversation_id), self.draft(tx, conversation_id))
        )

    def draft(self, tx: Connection, conversation_id: str) -> str:
        """Words for the customer of a fixed issue, empty when there are none or an operator has written since."""
        waiting = self._store.drafted(tx, conversation_id)
        if not waiting:
            return ""
        conversation = self._parts.store.get(tx, conversation_id)
        rows = self._parts.store.before(tx, conversation_id, conversation.last_seq + 1, LOOK_BACK)
        said = max((row.created_at for row in rows if row.author is Author.OPERATOR), default=None)
        news = [one for one in waiting if said is None or (one.fixed_at is not None and said <= one.fixed_at)]
        return "\n\n".join(texts.draft(issue, conversation.lang) for issue in news)

    async def file(self, by: Operator, conversation_id: str, report: Report) -> Issue:
        """A new issue, linked to the conversation, told to the tracker if there is one. Raises NotFound."""

        def work(tx: Connection) -> tuple[Issue, Ticket | None]:
            self._parts.store.get(tx, conversation_id)
            off = self._store.tracker(tx).template is Template.OFF
            sent = Sent.NO_TRACKER if off else Sent.WAITING
            fresh = Issue(uuid4().hex, 0, report, by.id, by.name, self._parts.clock(), sent=sent)
            issue = self._store.add(tx, fresh)
            self._store.link(tx, issue.id, conversation_id, False, issue.created_at)
            if not off:
                self._ship(tx, issue.id)
            self._audit(tx, by, "issue_filed", issue)
            return replace(issue, conversations=(conversation_id,)), self._tag(tx, by, conversation_id, issue)

        issue, ticket = await self._parts.database.write(work)
        await self._ring([conversation_id])
        if ticket is not None:
            await self._parts.bus.publish(DESK, {"type": "ticket", "id": ticket.id})
        return issue

    async def link(self, by: Operator, conversation_id: str, issue_id: str) -> Issue:
        """One more customer has the same trouble. Raises NotFound."""

        def work(tx: Connection) -> Issue:
            self._parts.store.get(tx, conversation_id)
            issue = self._known(tx, issue_id)
            drafted = issue.state is State.FIXED
            if self._store.link(tx, issue_id, conversation_id, drafted, self._parts.clock()):
                self._audit(tx, by, "issue_linked", issue, conversation=conversation_id)
            return self._known(tx, issue_id)

        issue = await self._parts.database.write(work)
        await self._ring([conversation_id])
        return issue

    async def set_fixed(self, by: Operator, issue_id: str, fixed: bool) -> Issue:
        """Fixed: a draft for every linked customer; not fixed after all: the drafts are gone. Raises NotFound."""
        actor = Assignee(by.id, by.name)
        turned = await self._parts.database.write(lambda tx: self._turn(tx, actor, self._known(tx, issue_id), fixed))
        return await self._tell(turned)

    async def set_url(self, by: Operator, issue_id: str, url: str) -> Issue:
        """Where people find it outside; empty removes it. Raises NotFound, BadRequest."""
        if url and not url.startswith(("https://", "http://")):
            raise BadRequest("url: an address that begins with https://, please.", "invalid_body")

        def work(tx: Connection) -> Issue:
            issue = self._store.change(tx, replace(self._known(tx, issue_id), url=url))
            self._audit(tx, by, "issue_url_set", issue, url=url)
            return issue

        return await self._parts.database.write(work)

    async def resend(self, by: Operator, issue_id: str) -> Issue:
        """Tells the tracker again. Raises NotFound, BadRequest `tracker_off`."""

        def work(tx: Connection) -> Issue:
            if self._store.tracker(tx).template is Template.OFF:
                raise BadRequest("No tracker is set up. An owner can do that.", "tracker_off")
            issue = self._store.change(tx, replace(self._known(tx, issue_id), sent=Sent.WAITING, error=""))
            self._ship(tx, issue_id)
            self._audit(tx, by, "issue_resent", issue)
            return issue

        return await self._parts.database.write(work)

    async def tracker(self) -> Tracker:
        return await self._parts.database.write(self._tracker)

    async def set_tracker(self, by: Operator, wanted: Tracker, secret: str | None) -> Tracker:
        """`secret` None keeps the stored one. Raises BadRequest `tracker_invalid`."""

        def work(tx: Connection) -> Tracker:
            known = self._tracker(tx)
            tracker = replace(wanted, secret=known.secret if secret is None else secret, hook=known.hook)
            _check(tracker)
            self._store.keep_tracker(tx, tracker)
            detail = {"template": tracker.template.value, "url": tracker.url, "project": tracker.project}
            self._parts.desk.audit(tx, Assignee(by.id, by.name), "tracker_changed", ("tracker", "tracker"), detail)
            return tracker

        return await self._parts.database.write(work)

    async def heard(self, key: str, headers: Mapping[str, str], body: bytes) -> None:
        """A tracker calls; what it says of issues that are not ours is nothing to us.

        Raises Unauthorised `hook_refused`, BadRequest for a body that is no JSON object.
        """
        tracker = await self._parts.database.read(self._store.tracker)
        if not hooks.proved(tracker, key, headers, body):
            raise Unauthorised("The call does not prove that it comes from the tracker.", "hook_refused")
        try:
            told = hooks.news(headers, body)
        except ValueError:
            raise BadRequest("The body is not JSON.") from None
        if told is None:
            return

        def work(tx: Connection) -> Turned | None:
            issue = self._store.named(tx, told.issue)
            return None if issue is None else self._turn(tx, THEMSELVES, issue, told.fixed)

        if turned := await self._parts.database.write(work):
            await self._tell(turned)

    async def pack(self, target: str) -> Request | None:
        """The request that makes this issue at the tracker, signed now; None when there is nothing to send."""

        def work(tx: Connection) -> Request | None:
            issue = self._store.get(tx, target)
            if issue is None:
                return None
            link = f"{self._address}/desk#/c/{issue.conversations[0]}" if issue.conversations else self._address
            return templates.request(self._store.tracker(tx), issue, link, self._parts.clock())

        return await self._parts.database.read(work)

    async def delivered(self, target: str, answer: Answer) -> None:
        def work(tx: Connection) -> Issue | None:
            issue = self._store.get(tx, target)
            if issue is None:
                return None
            name, url = templates.answered(self._store.tracker(tx), answer.body)
            told = replace(issue, external_id=name or issue.external_id, url=url or issue.url)
            return self._store.change(tx, replace(told, sent=Sent.SENT, error=""))

        issue = await self._parts.database.write(work)
        await self._ring(issue.conversations if issue else ())

    async def failed(self, target: str, why: str) -> None:
        def work(tx: Connection) -> Issue | None:
            issue = self._store.get(tx, target)
            return issue and self._store.change(tx, replace(issue, sent=Sent.FAILED, error=why[:500]))

        issue = await self._parts.database.write(work)
        await self._ring(issue.conversations if issue else ())

    def _turn(self, tx: Connection, actor: Assignee, issue: Issue, fixed: bool) -> Turned:
        state = State.FIXED if fixed else State.OPEN
        if issue.state is state:
            return issue, ()
        changed = replace(issue, state=state, fixed_at=self._parts.clock() if fixed else None)
        self._store.change(tx, changed)
        self._store.draft(tx, issue.id, fixed)
        act, detail = "issue_fixed" if fixed else "issue_reopened", {"number": issue.number}
        self._parts.desk.audit(tx, actor, act, ("issue", issue.id), detail)
        if not fixed or issue.author_id == actor.id or not issue.conversations:
            return changed, ()
        words = {lang: texts.to_author(issue, lang) for lang in ("ru", "en")}
        return changed, self._reminders.about(tx, "mention", issue.conversations[0], [issue.author_id], words)

    async def _tell(self, turned: Turned) -> Issue:
        issue, reminders = turned
        await self._ring(issue.conversations)
        await self._reminders.ring(reminders)
        return issue

    def _tracker(self, tx: Connection) -> Tracker:
        """The stored settings; the secret of the hook is made at the first look."""
        tracker = self._store.tracker(tx)
        if not tracker.hook:
            tracker = replace(tracker, hook=secrets.token_urlsafe(24))
            self._store.keep_tracker(tx, tracker)
        return tracker

    def _tag(self, tx: Connection, by: Operator, conversation_id: str, issue: Issue) -> Ticket | None:
        ticket, tag = self._parts.desk.holding(tx, conversation_id), TAGS[issue.report.kind]
        if ticket is None or tag in ticket.tags:
            return None
        # Whoever may report may mark what it is about, in a locked group too.
        return self._parts.desk.tag(tx, ticket.id, Assignee(by.id, by.name, lead=True), (*ticket.tags, tag))

    def _known(self, tx: Connection, issue_id: str) -> Issue:
        issue = self._store.get(tx, issue_id)
        if issue is None:
            raise NotFound("There is no such bug or wish. Refresh the list.", "issue_unknown")
        return issue

    def _audit(self, tx: Connection, by: Operator, act: str, issue: Issue, **detail: str) -> None:
        about = {"number": issue.number, "title": issue.report.title, **detail}
        self._parts.desk.audit(tx, Assignee(by.id, by.name), act, ("issue", issue.id), about)

    async def _ring(self, conversations: tuple[str, ...] | list[str]) -> None:
        """Whoever looks at one of them loads its detail again."""
        for conversation_id in conversations:
            await self._parts.bus.publish(conversation_topic(conversation_id), {"type": "customer"})


def _check(tracker: Tracker) -> None:
    """Raises BadRequest `tracker_invalid` naming what is missing."""
    if tracker.template is Template.OFF:
        return
    web = tracker.url.startswith(("https://", "http://"))
    missing = {
        "url": not web and not (tracker.template is Template.GITHUB and not tracker.url),
        "project": not tracker.project and tracker.template is not Template.PLAIN,
        "secret": not tracker.secret,
    }
    if lacking := [name for name, lacks in missing.items() if lacks]:
        raise BadRequest(f"The tracker needs: {', '.join(lacking)}.", "tracker_invalid")
