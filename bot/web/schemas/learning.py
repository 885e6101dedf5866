"""What editors and leads see and set of learning: labelled questions, the limit for wrong answers, versions."""

from typing import Literal

from pydantic import Field

from bot.web.schemas.shared import Lang, Wire

SourceName = Literal["editor", "operator", "confirmed", "rating", "repeat"]
LabelStateName = Literal["active", "doubtful", "removed"]


class RivalView(Wire):
    """A label of the same words that says something else."""

    article: str
    title: str
    right: bool
    source: SourceName


class LabelView(Wire):
    """A labelled question. `article` answers `text`, or with `right` false does not; empty: nothing does. `title`: the
    article's, empty when it is gone. `conversation` and `seq`: where it was said, empty and 0 when nowhere. `by`: who
    gave it, empty for a customer; `reviewed_by`: who decided about it, empty while nobody has."""

    id: int
    lang: Lang
    text: str
    article: str
    title: str
    right: bool
    source: SourceName
    conversation: str
    seq: int
    at: str
    state: LabelStateName
    by: str
    reviewed_by: str
    rivals: list[RivalView]


class LabelPage(Wire):
    """`next`: what to send as `before` for the following page, null at the end."""

    labels: list[LabelView]
    next: str | None


class LabelStateBody(Wire):
    """`active`: it teaches; `removed`: it does not, and neither does the same said again."""

    state: Literal["active", "removed"]


class ReliabilityPoint(Wire):
    """Questions of about the same confidence: how often the best article was believed right, and was, with a 95 %
    interval."""

    believed: float
    right: float
    low: float
    high: float
    count: int


class RiskStep(Wire):
    """Answering the surest questions up to this one: share of right answers among the answerable, and of wrong ones
    among the answers."""

    coverage: float
    wrong: float
    low: float
    high: float


class QualityView(Wire):
    """What a limit does, on questions the search was not fitted on; shares in 0..1. `text`: whether the limit can be
    promised, or why not, in the reader's language. `missing`: labels more that it would take."""

    labels: int
    max_wrong: float
    can_promise: bool
    reason: Literal["no_labels", "few_labels", "wrong_too_often"] | None
    missing: int
    text: str
    coverage: float
    coverage_low: float
    coverage_high: float
    wrong: float
    wrong_low: float
    wrong_high: float
    answered: float
    asked: float
    points: list[ReliabilityPoint]
    steps: list[RiskStep]


class LabelCounts(Wire):
    source: SourceName
    active: int
    doubtful: int
    removed: int


class FiguresView(Wire):
    """How one version does on labels it has not learned from: answered, answered rightly, wrong among the answers."""

    answered: float
    right: float
    wrong: float


class VersionView(Wire):
    """One thing learned. `by`: who went back to it, empty for the learner itself; `before`, `after`: how the version
    before it and this one did, null when nothing was compared."""

    id: int
    at: str
    by: str
    current: bool
    labels: int
    before: FiguresView | None
    after: FiguresView | None


class LastCycle(Wire):
    """The last learning, in words."""

    at: str
    adopted: bool
    text: str


class LearningView(Wire):
    """`quality`: of the limit in force; `waiting`: labels that have come or gone since the last learning."""

    lang: Lang
    max_wrong: float
    lowest: float
    highest: float
    quality: QualityView
    counts: list[LabelCounts]
    versions: list[VersionView]
    learning_now: bool
    last: LastCycle | None
    waiting: int


class MaxWrongBody(Wire):
    """At most this share of the answers given may be wrong; 0.03 is three in a hundred."""

    max_wrong: float


class LearnBody(Wire):
    lang: Lang


class RollBackBody(Wire):
    """`version` null: what the product came with."""

    lang: Lang
    version: int | None = Field(default=None, ge=1)
