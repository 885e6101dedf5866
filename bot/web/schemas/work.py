"""What an operator does, as request bodies and their answers: say, close, pass on, put off, note, tag."""

from typing import Literal

from pydantic import Field

from bot.web.schemas.shared import Cid, Wire
from bot.web.schemas.ticket import DeskMessageView, Id, PresenceName, RoleName, SuggestedArticle, Tag, TicketView, Why


class SayBody(Wire):
    """`files`: ids that the upload door gave; with files the text may be empty. `article`: the one whose words the
    reply uses; the customer sees it as the source, and the search learns that it answers what they came with."""

    cid: Cid
    text: str = Field(max_length=10_000)
    files: list[str] = Field(default=[], max_length=10)
    article: str = Field(default="", max_length=100)


class SaidView(Wire):
    cid: str
    seq: int


class CloseBody(Wire):
    """`seen`: the last row that was on the operator's screen; newer words of the customer refuse the close."""

    outcome: Literal["solved", "unsolved"] = "solved"
    tags: list[Tag] = Field(default=[], max_length=20)
    seen: int | None = Field(default=None, ge=0)


class TransferBody(Wire):
    """To a person or to a group; exactly one of them."""

    operator: Id | None = None
    group: Id | None = None
    why: Why


class EscalateBody(Wire):
    """`party`: for tier 4, the outside party it is handed to."""

    why: Why
    party: str = Field(default="", max_length=100)


class SnoozeBody(Wire):
    """`until` null: until the customer writes."""

    until: str | None = None
    note: str = Field(default="", max_length=500)


class TagsBody(Wire):
    tags: list[Tag] = Field(max_length=20)


class PriorityBody(Wire):
    priority: int = Field(ge=1, le=4)


class UpdateBody(Wire):
    """The operator promises news by `at`; null takes the promise back."""

    at: str | None


class NoteBody(Wire):
    """`approval`: a proposal (a discount, an exception) that a lead has to decide."""

    cid: Cid
    text: str = Field(min_length=1, max_length=5_000)
    approval: bool = False


class DecisionBody(Wire):
    """A lead's answer to a proposal."""

    approved: bool


class CardBody(Wire):
    """Confirms or corrects one field of the customer card; an empty value removes it."""

    key: Id
    value: str = Field(max_length=500)


class AssignBody(Wire):
    """Bulk: to a person, or to a group's queue."""

    tickets: list[Id] = Field(min_length=1, max_length=500)
    operator: Id | None = None
    group: Id | None = None
    why: Why


class AssignedView(Wire):
    """`refused`: ticket id and why it stayed where it was."""

    moved: list[TicketView]
    refused: dict[str, str]


class AgentView(Wire):
    """A colleague as the desk shows them. `load` of `cap` tickets."""

    id: str
    name: str
    role: RoleName
    presence: PresenceName
    load: int
    cap: int
    groups: list[str]
    skills: list[str]
    langs: list[str]
    tier: int


class GroupName(Wire):
    id: str
    ru: str
    en: str
    locked: bool


class CannedView(Wire):
    """A ready answer. `shortcut` is typed after `/`; texts may hold {customer}, {operator}, {number}, {topic} and
    {field.<key>}. `group` empty: everybody's."""

    id: str
    shortcut: str
    title: str
    ru: str
    en: str
    group: str
    used: int


class CannedList(Wire):
    replies: list[CannedView]


class SuggestionList(Wire):
    articles: list[SuggestedArticle]


class DeskMessagesPage(Wire):
    """`earlier`: there are rows before these."""

    messages: list[DeskMessageView]
    earlier: bool
