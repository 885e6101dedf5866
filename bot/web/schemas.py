"""The words on the wire: every frame and body browser and server exchange; `make wire` turns them into TypeScript."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

PROTOCOL = 1
"""Grows when a frame changes incompatibly; an older widget is told to reload."""

Lang = Literal["ru", "en"]
Cid = Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]


class Wire(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Inline(Wire):
    """One run of text: `v` for text and code, `c` for what bold, italic and links contain."""

    t: Literal["text", "b", "i", "code", "a", "br"]
    v: str | None = None
    href: str | None = None
    c: list["Inline"] | None = None


class Block(Wire):
    """One paragraph-like piece: `c` for p and h, `items` for lists, `v` for code, `blocks` for quotes."""

    t: Literal["p", "h", "ul", "ol", "code", "quote"]
    v: str | None = None
    c: list[Inline] | None = None
    items: list[list["Block"]] | None = None
    blocks: list["Block"] | None = None


class ButtonView(Wire):
    id: str
    title: str
    act: Literal["article", "intent", "person", "bot", "rate"]


class SourceView(Wire):
    article: str
    title: str
    url: str


class MessageView(Wire):
    """A row of the transcript. `text` is always the plain words; `blocks`, if present, the same text with its form."""

    conversation: str
    seq: int
    cid: str
    author: Literal["customer", "bot", "operator", "system"]
    author_name: str
    kind: Literal[
        "text", "edit", "answer", "clarify", "handoff", "joined", "returned", "farewell", "rating_request", "rating"
    ]
    text: str
    blocks: list[Block] | None
    buttons: list[ButtonView]
    source: SourceView | None
    at: str


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


# Widget: browser to server


class Hello(Wire):
    """First frame of a widget socket. `token` is absent at the first visit; `after` is the last seq the browser has."""

    type: Literal["hello"]
    v: int
    token: str | None = None
    after: int = Field(default=0, ge=0)
    lang: Lang = "ru"
    page_url: str = Field(default="", max_length=500)
    page_title: str = Field(default="", max_length=200)


class SendMessage(Wire):
    type: Literal["message"]
    cid: Cid
    text: str = Field(min_length=1, max_length=2_000)


class PressButton(Wire):
    type: Literal["press"]
    cid: Cid
    seq: int = Field(ge=1)
    button: str = Field(min_length=1, max_length=64)


class AskPerson(Wire):
    """The always visible control: hand over now, no questions asked."""

    type: Literal["person"]
    cid: Cid


class Typing(Wire):
    type: Literal["typing"]


class SetLang(Wire):
    type: Literal["lang"]
    lang: Lang


class Ping(Wire):
    type: Literal["ping"]


WidgetFrame = Annotated[
    Hello | SendMessage | PressButton | AskPerson | Typing | SetLang | Ping, Field(discriminator="type")
]


# Widget: server to browser


class Welcome(Wire):
    """Answer to hello. `token` is set when a new one was made; `reset` tells the browser to drop rows it kept."""

    type: Literal["welcome"]
    v: int
    token: str | None
    conversation: str
    lang: Lang
    last_seq: int
    reset: bool
    greeting: str
    suggestions: list[str]


class Messages(Wire):
    type: Literal["messages"]
    messages: list[MessageView]


class Ack(Wire):
    type: Literal["ack"]
    cid: str
    seq: int


class Refused(Wire):
    """This cid was not stored; `retry_after` seconds when trying again can help."""

    type: Literal["refused"]
    cid: str
    code: str
    text: str
    retry_after: int | None = None


class State(Wire):
    """Who holds the conversation now; `position` is the place in the queue, 1 = next."""

    type: Literal["state"]
    holder: Literal["bot", "queue", "operator"]
    operator: str | None
    position: int | None


class SomeoneTyping(Wire):
    type: Literal["typing"]
    conversation: str
    who: Literal["customer", "bot", "operator"]
    name: str


class Reload(Wire):
    """The page speaks an older protocol than the server."""

    type: Literal["reload"]


class ErrorFrame(Wire):
    type: Literal["error"]
    code: str
    text: str


class Pong(Wire):
    type: Literal["pong"]


WidgetEvent = Annotated[
    Welcome | Messages | Ack | Refused | State | SomeoneTyping | Reload | ErrorFrame | Pong, Field(discriminator="type")
]


# Desk: HTTP bodies


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
    """A row of the queue. `waiting_since` is when the customer began to wait for a person, ISO 8601 UTC."""

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


class ErrorView(Wire):
    """Every HTTP error: a stable `code` and a sentence that says what to do."""

    code: str
    text: str
    retry_after: int | None = None


# Desk socket


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
