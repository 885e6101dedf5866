"""The bodies of the desk's HTTP API and the frames of its socket."""

from typing import Annotated, Literal

from pydantic import Field

from bot.web.schemas.shared import Cid, ErrorFrame, Lang, MessageView, Ping, Pong, Reload, SomeoneTyping, Wire


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
    id: str
    login: str
    name: str
    role: Literal["operator", "editor", "lead", "admin"]


class SessionView(Wire):
    operator: OperatorView
    csrf: str


class SayBody(Wire):
    cid: Cid
    text: str = Field(min_length=1, max_length=10_000)


class CloseBody(Wire):
    outcome: Literal["solved", "unsolved"] = "solved"


class TicketView(Wire):
    """A row of the queue. Moments are ISO 8601 UTC; `opened_at`: the customer has waited for a person since then."""

    id: str
    number: int
    conversation: str
    status: Literal["queued", "claimed", "closed"]
    reason: Literal["asked", "not_found", "second_miss", "frustration", "job_failed", "degraded"]
    lang: Lang
    channel: Literal["widget", "telegram"]
    subject: str
    customer_name: str
    assignee: str | None
    assignee_name: str | None
    opened_at: str
    claimed_at: str | None
    closed_at: str | None
    outcome: Literal["solved", "unsolved", "withdrawn"] | None
    rating: int | None


class TicketList(Wire):
    tickets: list[TicketView]


class CustomerView(Wire):
    name: str
    channel: Literal["widget", "telegram"]
    lang: Lang
    page_url: str
    page_title: str
    fields: dict[str, str]


class TicketDetail(Wire):
    ticket: TicketView
    customer: CustomerView
    tried: list[TriedArticle]
    messages: list[DeskMessageView]


class SaidView(Wire):
    cid: str
    seq: int


class DeskHello(Wire):
    type: Literal["hello"]
    v: int


class Watch(Wire):
    """Show me this conversation from `after` on; replaces whatever was watched before."""

    type: Literal["watch"]
    conversation: str = Field(max_length=64)
    after: int = Field(default=0, ge=0)


class Unwatch(Wire):
    type: Literal["unwatch"]


class OperatorTyping(Wire):
    type: Literal["typing"]
    conversation: str = Field(max_length=64)


DeskFrame = Annotated[DeskHello | Watch | Unwatch | OperatorTyping | Ping, Field(discriminator="type")]


class DeskWelcome(Wire):
    """Answer to hello: who I am and every open ticket, oldest first."""

    type: Literal["welcome"]
    v: int
    operator: OperatorView
    tickets: list[TicketView]


class TicketChanged(Wire):
    """One ticket as it is now; insert or replace by id, drop from the queue when closed."""

    type: Literal["ticket"]
    ticket: TicketView


class DeskMessages(Wire):
    type: Literal["messages"]
    conversation: str
    messages: list[DeskMessageView]


DeskEvent = Annotated[
    DeskWelcome | TicketChanged | DeskMessages | SomeoneTyping | Reload | ErrorFrame | Pong, Field(discriminator="type")
]
