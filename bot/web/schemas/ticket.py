"""What an operator sees: sessions, tickets, conversations, the customer card."""

from typing import Annotated, Literal

from pydantic import Field

from bot.web.schemas.shared import Lang, MessageView, Wire

Id = Annotated[str, Field(min_length=1, max_length=64)]
RoleName = Literal["owner", "admin", "lead", "operator", "editor", "read_only"]
PresenceName = Literal["online", "away", "offline"]
Status = Literal["queued", "offered", "claimed", "snoozed", "closed"]
ReasonName = Literal["asked", "not_found", "second_miss", "frustration", "job_failed", "degraded", "taken"]
OutcomeName = Literal["solved", "unsolved", "withdrawn", "to_bot"]
MoodName = Literal["calm", "annoyed", "angry"]
Why = Annotated[str, Field(min_length=1, max_length=500)]
Tag = Annotated[str, Field(min_length=1, max_length=40)]


class TriedArticle(Wire):
    article: str
    title: str
    score: float
    url: str


class EvidenceView(Wire):
    """What the bot knew when it wrote this row; operators only."""

    verdict: Literal["sure", "unsure", "none"]
    confidence: float
    intent: str
    tried: list[TriedArticle]


class DeskMessageView(MessageView):
    evidence: EvidenceView | None


class LoginBody(Wire):
    login: str = Field(min_length=1, max_length=100)
    password: str = Field(min_length=1, max_length=200)


class OperatorView(Wire):
    """`permissions`: what this person may do; the desk draws only what they may."""

    id: str
    login: str
    name: str
    role: RoleName
    permissions: list[str]


class SessionView(Wire):
    operator: OperatorView
    csrf: str


class TicketView(Wire):
    """A row of the inbox. Moments are ISO 8601 UTC. `waiting_since`: the customer waits for a person's words since
    then, null while the ball is in their court. `due_at`: the SLA deadline that comes next (`due_kind`), warned from
    `warn_at` on. `last_*`: the newest message, for unread marks and the preview."""

    id: str
    number: int
    conversation: str
    status: Status
    reason: ReasonName
    lang: Lang
    channel: Literal["widget", "telegram"]
    subject: str
    topic: str
    customer_name: str
    group: str
    tier: int
    priority: int
    mood: MoodName
    vip: bool
    tags: list[str]
    assignee: str | None
    assignee_name: str | None
    offered_to: str | None
    offer_until: str | None
    opened_at: str
    claimed_at: str | None
    closed_at: str | None
    outcome: OutcomeName | None
    rating: int | None
    rating_reason: str
    waiting_since: str | None
    due_kind: Literal["first", "next", "resolution"] | None
    due_at: str | None
    warn_at: str | None
    snoozed_until: str | None
    snooze_note: str
    next_update_at: str | None
    wish: Literal["wait", "write"]
    contact: str
    promised_by: str | None
    returned: int
    reopened: int
    last_seq: int
    last_author: str
    last_text: str
    last_at: str | None


class TicketList(Wire):
    tickets: list[TicketView]


class ConversationRow(Wire):
    """A line of a list that is not the live inbox: held by the bot, closed, found. `snippet`: the words found, with
    the matches between « and »; `ticket`: the latest one, if there ever was one."""

    conversation: str
    ticket: TicketView | None
    customer_name: str
    channel: Literal["widget", "telegram"]
    lang: Lang
    snippet: str
    last_text: str
    last_author: str
    last_at: str


class ConversationPage(Wire):
    """`next`: pass it as `cursor` for the following page; null at the end."""

    rows: list[ConversationRow]
    total: int
    next: str | None


class CardField(Wire):
    """A line of the customer card. `value` null: missing. `found`: read out of the customer's words and not confirmed
    yet; `source`: who says so."""

    key: str
    label: str
    value: str | None
    found: str | None
    source: Literal["connector", "operator", "customer", "bot", ""]


class CustomerView(Wire):
    id: str
    name: str
    channel: Literal["widget", "telegram"]
    lang: Lang
    page_url: str
    page_title: str
    vip: bool
    fields: list[CardField]
    connector: Literal["off", "ok", "failed"]


class NoteView(Wire):
    """Words between colleagues, never the customer's. `after_seq`: the message it stands behind. `approval`: empty, or
    what became of a proposal put to the leads."""

    id: str
    conversation: str
    after_seq: int
    author: str
    author_name: str
    text: str
    mentions: list[str]
    at: str
    approval: Literal["", "pending", "approved", "declined"]
    decided_by: str


class EpisodeView(Wire):
    """An earlier ticket of the same customer, in this or another conversation."""

    ticket: TicketView
    messages: int


class EventView(Wire):
    """A line of a ticket's history. `act` is one of the words of docs/desk.md; `detail` holds its particulars."""

    at: str
    actor: str
    actor_name: str
    act: str
    detail: dict[str, str]


class SuggestedArticle(Wire):
    """`text`: the short answer, as Markdown, ready to be inserted."""

    article: str
    title: str
    url: str
    text: str
    score: float


class LinkedIssue(Wire):
    id: str
    number: int
    title: str
    kind: Literal["bug", "wish"]
    state: Literal["open", "fixed"]
    url: str
    sent: Literal["no_tracker", "waiting", "sent", "failed"]


class TicketDetail(Wire):
    """Everything about one conversation. `ticket` is null while the bot holds it and no ticket ever was. `read`: the
    last row the customer has seen, `delivered`: the last that reached their channel. `draft`: words prepared for the
    operator (a bug was fixed), empty when there are none. `earlier`: there are older rows than `messages`."""

    conversation: str
    ticket: TicketView | None
    customer: CustomerView
    tried: list[TriedArticle]
    fields: dict[str, str]
    messages: list[DeskMessageView]
    earlier: bool
    notes: list[NoteView]
    episodes: list[EpisodeView]
    history: list[EventView]
    suggestions: list[SuggestedArticle]
    issues: list[LinkedIssue]
    read: int
    delivered: int
    draft: str
    may_write: bool
