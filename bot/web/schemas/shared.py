"""What widget and desk have in common on the wire: messages, their parts, and the frames of both sockets."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

PROTOCOL = 1
"""Grows when a frame changes incompatibly; an older widget is told to reload."""

Lang = Literal["ru", "en"]
Cid = Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]
MarkName = Literal["up", "down"]


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
    act: Literal["article", "intent", "person", "bot", "rate", "rate_reason", "wait", "write", "subscribe"]


class SourceView(Wire):
    article: str
    title: str
    url: str


class FileView(Wire):
    """A picture or document in a message. `url` is signed and needs no session; `image`: may be shown in place."""

    id: str
    name: str
    type: str
    size: int
    image: bool
    url: str


class MessageView(Wire):
    """A row of the transcript. `text` is always the plain words; `blocks`, if present, the same text with its form;
    `mark`: the customer's thumb on an answer, null while there is none."""

    conversation: str
    seq: int
    cid: str
    author: Literal["customer", "bot", "operator", "system"]
    author_name: str
    kind: Literal[
        "text",
        "edit",
        "answer",
        "clarify",
        "handoff",
        "joined",
        "returned",
        "farewell",
        "rating_request",
        "rating",
        "contact_request",
        "notice",
    ]
    text: str
    blocks: list[Block] | None
    buttons: list[ButtonView]
    source: SourceView | None
    files: list[FileView]
    at: str
    mark: MarkName | None


class Ping(Wire):
    type: Literal["ping"]


class SomeoneTyping(Wire):
    """`text`: what a customer has typed so far and not sent; for operators only, empty towards customers."""

    type: Literal["typing"]
    conversation: str
    who: Literal["customer", "bot", "operator"]
    name: str
    text: str = ""


class Reload(Wire):
    """The page speaks an older protocol than the server."""

    type: Literal["reload"]


class ErrorFrame(Wire):
    type: Literal["error"]
    code: str
    text: str


class Pong(Wire):
    type: Literal["pong"]


class ErrorView(Wire):
    """Every HTTP error: a stable `code` and a sentence that says what to do."""

    code: str
    text: str
    retry_after: int | None = None
