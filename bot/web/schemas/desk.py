"""The frames of the desk's socket, both ways."""

from typing import Annotated, Literal

from pydantic import Field

from bot.web.schemas.shared import ErrorFrame, MarkName, Ping, Pong, Reload, SomeoneTyping, Wire
from bot.web.schemas.ticket import DeskMessageView, NoteView, OperatorView, PresenceName, SuggestedArticle, TicketView
from bot.web.schemas.work import AgentView, GroupName


class DeskHello(Wire):
    type: Literal["hello"]
    v: int


class Watch(Wire):
    """Show me this conversation from `after` on; replaces whatever was watched before. Colleagues see who looks."""

    type: Literal["watch"]
    conversation: str = Field(max_length=64)
    after: int = Field(default=0, ge=0)


class Unwatch(Wire):
    type: Literal["unwatch"]


class OperatorTyping(Wire):
    """`note`: the note, not the reply, so that only colleagues are told."""

    type: Literal["typing"]
    conversation: str = Field(max_length=64)
    note: bool = False


class Seen(Wire):
    """This operator has seen the conversation up to `seq`."""

    type: Literal["seen"]
    conversation: str = Field(max_length=64)
    seq: int = Field(ge=0)


class SetPresence(Wire):
    type: Literal["presence"]
    presence: PresenceName


class Beat(Wire):
    """Every 15 s while the page lives; a minute without one takes the operator offline."""

    type: Literal["beat"]


DeskFrame = Annotated[
    DeskHello | Watch | Unwatch | OperatorTyping | Seen | SetPresence | Beat | Ping, Field(discriminator="type")
]


class Counts(Wire):
    """Of the lists that are not live: conversations held by the bot, closed tickets."""

    type: Literal["counts"]
    bot: int
    closed: int


class DeskWelcome(Wire):
    """Answer to hello: who I am, every open ticket in order, colleagues, how far I have read each open conversation."""

    type: Literal["welcome"]
    v: int
    operator: OperatorView
    presence: PresenceName
    tickets: list[TicketView]
    agents: list[AgentView]
    groups: list[GroupName]
    topics: list[str]
    tags: list[str]
    seen: dict[str, int]
    counts: Counts
    push_key: str


class TicketChanged(Wire):
    """One ticket as it is now; insert or replace by id. A closed one leaves the live inbox."""

    type: Literal["ticket"]
    ticket: TicketView


class DeskMessages(Wire):
    type: Literal["messages"]
    conversation: str
    messages: list[DeskMessageView]


class DeskNotes(Wire):
    """Notes that are new or were changed."""

    type: Literal["notes"]
    conversation: str
    notes: list[NoteView]


class Looker(Wire):
    id: str
    name: str
    typing: bool


class Lookers(Wire):
    """Colleagues who have the watched conversation open, without oneself."""

    type: Literal["lookers"]
    conversation: str
    people: list[Looker]


class AgentsChanged(Wire):
    type: Literal["agents"]
    agents: list[AgentView]


class Suggestions(Wire):
    """Articles for what the customer of the watched conversation last wrote, best first."""

    type: Literal["suggestions"]
    conversation: str
    articles: list[SuggestedArticle]


class CustomerRead(Wire):
    type: Literal["read"]
    conversation: str
    read: int
    delivered: int


class CustomerChanged(Wire):
    """The customer card of the watched conversation has changed: load the detail again."""

    type: Literal["customer"]
    conversation: str


class AnswerMarked(Wire):
    """The customer's thumb on an answer of the watched conversation is another one now."""

    type: Literal["marked"]
    conversation: str
    seq: int
    mark: MarkName | None


class SeenChanged(Wire):
    """Another tab of the same operator has read on."""

    type: Literal["seen"]
    conversation: str
    seq: int


class Reminder(Wire):
    """Something that needs this operator. `kind`: new (a ticket for their groups), offer, mention, sla (before the
    breach), breached, update (their own promise lapses soon), woke, reopened, returned, transferred, unclaimed, rated
    (badly; for leads), decided (their own proposal), rush (many ask the same; for leads). `ticket` is empty and
    `number` 0 where there is none: then `conversation` says where to look."""

    type: Literal["reminder"]
    id: str
    kind: Literal[
        "new",
        "offer",
        "mention",
        "sla",
        "breached",
        "update",
        "woke",
        "reopened",
        "returned",
        "transferred",
        "unclaimed",
        "rated",
        "decided",
        "rush",
    ]
    ticket: str
    number: int
    conversation: str = ""
    text: str
    at: str


DeskEvent = Annotated[
    DeskWelcome
    | TicketChanged
    | DeskMessages
    | DeskNotes
    | Lookers
    | AgentsChanged
    | Suggestions
    | CustomerRead
    | CustomerChanged
    | AnswerMarked
    | SeenChanged
    | Counts
    | Reminder
    | SomeoneTyping
    | Reload
    | ErrorFrame
    | Pong,
    Field(discriminator="type"),
]
