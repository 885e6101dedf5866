"""Labelled questions as pure values: what somebody asked, which article answers it, and who says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LabelSource(StrEnum):
    """Who says so, from the surest to the least sure; a stranger's thumb is worth little, and a question that
    its customer asked once more, because the answer was of no help, least."""

    EDITOR = "editor"
    OPERATOR = "operator"
    CONFIRMED = "confirmed"
    RATING = "rating"
    REPEAT = "repeat"


class LabelState(StrEnum):
    """Only active labels teach. `doubtful`: contradicts another one, until a person has looked at it."""

    ACTIVE = "active"
    DOUBTFUL = "doubtful"
    REMOVED = "removed"


TRUST = {
    LabelSource.EDITOR: 1.0,
    LabelSource.OPERATOR: 1.0,
    LabelSource.CONFIRMED: 0.7,
    LabelSource.RATING: 0.4,
    LabelSource.REPEAT: 0.1,
}
"""How much one label counts beside an editor's."""

HOUSE = (LabelSource.EDITOR, LabelSource.OPERATOR)
"""Whose word is enough for an answer word for word: two visitors can be one, who means harm."""

MAJORITY = 3
"""One stranger against three who say the same does not cast doubt on them."""


@dataclass(frozen=True, slots=True)
class NewLabel:
    """A label about to be kept. `article` None: nothing that is written answers this text; `right` False: this article
    does not. `conversation`, `message`: where it was said (seq of the rated, answering or choosing message), so that a
    changed mind replaces it. `by`: the operator or editor, empty for a customer. `unsure`: a person has to look at it
    before it teaches."""

    lang: str
    text: str
    article: str | None
    source: LabelSource
    at: datetime
    right: bool = True
    conversation: str | None = None
    message: int | None = None
    by: str = ""
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """One kept label. `by`: who gave it; `reviewed_by`: who last set its state by hand, empty when nobody did."""

    id: int
    lang: str
    text: str
    article: str | None
    right: bool
    source: LabelSource
    conversation: str | None
    message: int | None
    at: datetime
    state: LabelState
    by: str
    reviewed_by: str
    unsure: bool = False

    @property
    def authority(self) -> int:
        """Which of two contradicting labels gives way: the lower one. A reviewed label is as good as an editor's."""
        return _AUTHORITY[LabelSource.EDITOR if self.reviewed_by else self.source]


_AUTHORITY = {source: -place for place, source in enumerate(LabelSource)}


def contradicts(one: Label, other: Label) -> bool:
    """Whether two labels of the same text cannot both hold."""
    if one.article == other.article:
        return one.right != other.right
    return one.right and other.right


def doubtful(same_text: Sequence[Label]) -> set[int]:
    """Which labels of one text a person has to look at: those that contradict one of more authority, those that
    contradict their equals unless three times as many people say the same, those that say what was removed, and those
    that were unsure from the start."""
    found: set[int] = set()
    removed = [label for label in same_text if label.state is LabelState.REMOVED]
    standing = sorted((label for label in same_text if label.state is not LabelState.REMOVED), key=_by_authority)
    for label in standing:
        against = [other for other in standing if contradicts(label, other) and other.authority >= label.authority]
        higher = [other for other in against if other.authority > label.authority and other.id not in found]
        equal = [other for other in against if other.authority == label.authority]
        backed = MAJORITY * _people(equal) <= _people([other for other in standing if _claim(other) == _claim(label)])
        again = any(_claim(label) == _claim(other) for other in removed)
        if label.unsure or again or higher or (equal and not backed):
            found.add(label.id)
    return found - {label.id for label in same_text if label.reviewed_by}


def _by_authority(label: Label) -> int:
    return -label.authority


def _claim(label: Label) -> tuple[str | None, bool]:
    return label.article, label.right


def _people(labels: Sequence[Label]) -> int:
    return len({label.conversation or f"by {label.by}" for label in labels})
