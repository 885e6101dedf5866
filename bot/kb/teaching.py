"""From labels to lessons: who may say how much, what is held back together, which texts become phrasings; pure."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.kb.labels import TRUST, Label, LabelSource
from bot.kb.lexical import tidy

PER_CONVERSATION = 5
"""Labels of one conversation that count, the surest and newest: nobody teaches the bot alone."""

MOST = 3.0
"""What one text can weigh at most, however many people asked it."""

ENOUGH = 0.8
"""Trust a text needs to be searched as a phrasing: one editor or operator, two customers who chose, three who rated."""

PER_ARTICLE = 50
"""Learned phrasings of one article."""

LONELY = 0.1
"""What one thumb down counts that nobody confirms. Of right answers a tenth is marked so by mistake; taken at its word,
that alone would be more than any limit allows. Who was answered wrongly and asks a person is heard through that one."""

PER_RATING = 10.0
"""Answers one rating stands for at most."""

_STRANGERS = (LabelSource.RATING, LabelSource.REPEAT)

LESSONS = 4_000
"""Texts one cycle learns from, the newest."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """Everything said of one text. `right`, `wrong`: articles that answer it, and that do not; `unanswerable`: somebody
    says that nothing does. `trust`: of those who named the right article. `labels`: their ids."""

    text: str
    right: frozenset[str]
    wrong: frozenset[str]
    unanswerable: bool
    trust: float
    weight: float
    fold: int
    labels: tuple[int, ...]

    @property
    def teaches_phrasing(self) -> bool:
        return len(self.right) == 1 and self.trust >= ENOUGH


def lessons(labels: Iterable[Label], folds: int, per_rating: float = 1.0) -> list[Lesson]:
    """Labels of one language as lessons, oldest first. All that one conversation said falls into one fold where the
    texts allow it; a text is in one fold only, so that it is never held back from itself.

    `per_rating`: answers given for each one rated. What the bot could not answer nearly always becomes a label, an
    answer seldom does: without this weight the bot would learn from its failures alone and lose heart. The weights
    together count as many questions as they are worth as evidence. A question that was only asked once more is no
    lesson: many ask again who were answered rightly. Beside what others say it counts.
    """
    heard: dict[str, list[Label]] = defaultdict(list)
    for label in _heard(labels):
        heard[tidy(label.text)].append(label)
    spoken = [said for said in heard.values() if any(not _only_repeated(label) for label in said)]
    newest = sorted(spoken, key=lambda said: max(label.id for label in said))[-LESSONS:]
    found = [_lesson(said, folds, min(max(per_rating, TRUST[LabelSource.RATING]), PER_RATING)) for said in newest]
    whole, squares = sum(lesson.weight for lesson in found), sum(lesson.weight**2 for lesson in found)
    return [replace(lesson, weight=lesson.weight * whole / squares) for lesson in found]


def phrasings(taught: Sequence[Lesson], useful: Mapping[str, float]) -> list[Lesson]:
    """Which lessons become phrasings of their article: the most useful ones of each. `useful`: by text, what the search
    gains by knowing it, 0..1."""

    def worth(lesson: Lesson) -> tuple[float, int]:
        return -lesson.weight * useful.get(lesson.text, 1.0), -max(lesson.labels)

    kept: dict[str, int] = defaultdict(int)
    chosen = []
    for lesson in sorted((lesson for lesson in taught if lesson.teaches_phrasing), key=worth):
        (article,) = lesson.right
        kept[article] += 1
        if kept[article] <= PER_ARTICLE:
            chosen.append(lesson)
    return sorted(chosen, key=lambda lesson: lesson.labels)


def _heard(labels: Iterable[Label]) -> list[Label]:
    """The labels that count."""
    by_conversation: dict[str, list[Label]] = defaultdict(list)
    heard = []
    for label in labels:
        if label.conversation is None or label.source is LabelSource.OPERATOR or label.reviewed_by:
            heard.append(label)
        else:
            by_conversation[label.conversation].append(label)
    for said in by_conversation.values():
        heard += sorted(said, key=lambda label: (-TRUST[label.source], -label.id))[:PER_CONVERSATION]
    return sorted(heard, key=lambda label: label.id)


def _lesson(said: Sequence[Label], folds: int, per_rating: float) -> Lesson:
    for_it = [label for label in said if label.right and label.article is not None]
    right = frozenset(label.article for label in for_it if label.article is not None)
    wrong = frozenset(label.article for label in said if not label.right and label.article is not None)
    first = said[0]
    return Lesson(
        text=first.text,
        right=right,
        wrong=wrong - right,
        unanswerable=not right and any(label.right for label in said),
        trust=_trust(for_it),
        weight=_weight(said, per_rating, lonely=not for_it and _trust(said) < ENOUGH),
        fold=_fold(first.conversation or tidy(first.text), folds),
        labels=tuple(label.id for label in said),
    )


def _weight(said: Sequence[Label], per_rating: float, *, lonely: bool) -> float:
    if any(label.source not in _STRANGERS or label.reviewed_by for label in said):
        return min(MOST, _trust(said))
    thumbs = _trust(said) / TRUST[LabelSource.RATING]
    return min(MOST, thumbs) * per_rating * (LONELY if lonely else 1.0)


def _only_repeated(label: Label) -> bool:
    return label.source is LabelSource.REPEAT and not label.reviewed_by


def _trust(said: Iterable[Label]) -> float:
    """Once for each conversation: who presses twice is one person still."""
    best: dict[str, float] = {}
    for label in said:
        who = label.conversation or f"label {label.id}"
        best[who] = max(best.get(who, 0.0), 1.0 if label.reviewed_by else TRUST[label.source])
    return sum(best.values())


def _fold(who: str, folds: int) -> int:
    return int.from_bytes(hashlib.sha256(who.encode()).digest()[:8]) % folds
