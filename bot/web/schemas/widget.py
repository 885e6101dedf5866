"""The frames of the widget's socket, both ways."""

from typing import Annotated, Literal

from pydantic import Field

from bot.web.schemas.shared import (
    Cid,
    ErrorFrame,
    FileView,
    Lang,
    MarkName,
    MessageView,
    Ping,
    Pong,
    Reload,
    SomeoneTyping,
    Wire,
)


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
    """`files`: ids that the upload door gave; with files the text may be empty."""

    type: Literal["message"]
    cid: Cid
    text: str = Field(max_length=2_000)
    files: list[str] = Field(default=[], max_length=10)


class PressButton(Wire):
    type: Literal["press"]
    cid: Cid
    seq: int = Field(ge=1)
    button: str = Field(min_length=1, max_length=64)


class AskPerson(Wire):
    """The always visible control: hand over now, no questions asked."""

    type: Literal["person"]
    cid: Cid


class MarkAnswer(Wire):
    """The customer's thumb on an answer that the bot took from an article; `none` takes it back."""

    type: Literal["mark_answer"]
    cid: Cid
    seq: int = Field(ge=1)
    mark: Literal["up", "down", "none"]


class Typing(Wire):
    """`text`: what stands in the composer; operators see it while they hold the conversation."""

    type: Literal["typing"]
    text: str = Field(default="", max_length=2_000)


class Read(Wire):
    """Everything up to `seq` has been on the customer's screen."""

    type: Literal["read"]
    seq: int = Field(ge=1)


class SetLang(Wire):
    type: Literal["lang"]
    lang: Lang


WidgetFrame = Annotated[
    Hello | SendMessage | PressButton | AskPerson | MarkAnswer | Typing | Read | SetLang | Ping,
    Field(discriminator="type"),
]


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


class Marked(Wire):
    """The thumb on a row that was sent before is another one now, set here or in another tab."""

    type: Literal["marked"]
    seq: int
    mark: MarkName | None


class Refused(Wire):
    """This cid was not stored; `retry_after` seconds when trying again can help."""

    type: Literal["refused"]
    cid: str
    code: str
    text: str
    retry_after: int | None = None


class State(Wire):
    """Who holds the conversation now; `position` is the place in the queue, 1 = next. `text`: what to show above the
    log: place and expected interval while the customer waits, or when people return; else the known trouble of the day;
    empty when there is nothing to say."""

    type: Literal["state"]
    holder: Literal["bot", "queue", "operator"]
    operator: str | None
    position: int | None
    text: str = ""


WidgetEvent = Annotated[
    Welcome | Messages | Marked | Ack | Refused | State | SomeoneTyping | Reload | ErrorFrame | Pong,
    Field(discriminator="type"),
]


class UploadView(Wire):
    """Answer of the upload door: send the id with a message."""

    file: FileView
