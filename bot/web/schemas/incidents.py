"""Incidents, rushes of questions and playbooks as the desk sees and writes them."""

from typing import Annotated, Literal

from pydantic import Field

from bot.web.schemas.shared import Wire

Words = Annotated[str, Field(min_length=1, max_length=2_000)]
Title = Annotated[str, Field(min_length=1, max_length=200)]


class BothTitles(Wire):
    ru: Title
    en: Title


class BothTexts(Wire):
    ru: Words
    en: Words


class IncidentUpdate(Wire):
    ru: str
    en: str
    at: str


class IncidentView(Wire):
    """Something broken that many ask about. `subscribers`: how many customers want to hear the end."""

    id: str
    number: int
    title: BothTitles
    text: BothTexts
    topics: list[str]
    words: list[str]
    state: Literal["active", "over"]
    opened_at: str
    opened_by: str
    ended_at: str | None
    updates: list[IncidentUpdate]
    subscribers: int


class IncidentBody(Wire):
    """`topics` of articles and beginnings of `words` whose questions are answered with `text`."""

    title: BothTitles
    text: BothTexts
    topics: list[str] = Field(default=[], max_length=50)
    words: list[Annotated[str, Field(min_length=3, max_length=40)]] = Field(default=[], max_length=50)


class IncidentTextBody(Wire):
    text: BothTexts


class RushView(Wire):
    """`customers` asked about `topic` in the last 15 minutes, where `usual` is the mean of a day; `page`: where most
    of them were."""

    topic: str
    customers: int
    usual: float
    page: str


class IncidentPage(Wire):
    incidents: list[IncidentView]
    rushes: list[RushView]
    topics: list[str]


class PlaybookView(Wire):
    """What the team does about a topic: Markdown by language; both empty = none."""

    topic: str = Field(min_length=1, max_length=64)
    ru: str = Field(max_length=10_000)
    en: str = Field(max_length=10_000)


class PlaybookList(Wire):
    playbooks: list[PlaybookView]
    topics: list[str]
