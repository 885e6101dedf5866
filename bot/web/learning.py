"""The desk's routes for learning: labelled questions, the limit for wrong answers, versions and the way back."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, TypeVar

from bot.accounts.model import Permission
from bot.conversation.review import Reviewed
from bot.errors import BadRequest
from bot.kb.curves import Step
from bot.kb.label_store import Wanted
from bot.kb.labels import Label, LabelSource, LabelState
from bot.kb.learner import HIGHEST, LOWEST, LearningState
from bot.kb.promise import Quality, told
from bot.kb.telling import Result, tell
from bot.kb.version_store import Version
from bot.web import schemas
from bot.web.api import Call, Route
from bot.web.frames import storable

LEARNING = "/api/desk/learning"
LANGS: tuple[schemas.Lang, ...] = ("ru", "en")
STEPS = 60
"""Points of the curve that a screen draws; an eye sees no more."""

Name = TypeVar("Name", bound=StrEnum)


async def labels(call: Call) -> schemas.LabelPage:
    wanted = Wanted(
        lang=_lang(call) if call.query["of"] else None,
        source=_name(call, "source", LabelSource),
        state=_name(call, "state", LabelState),
        words=storable(call.query["q"].strip())[:200],
    )
    found, more = await call.services.review.labels(wanted, call.number("before", 0) or None)
    return schemas.LabelPage(labels=[_label_view(one) for one in found], next=None if more is None else str(more))


async def set_label_state(call: Call) -> schemas.LabelView:
    body: schemas.LabelStateBody = call.body
    number = int(call.args["label_id"]) if call.args["label_id"].isdecimal() else 0
    return _label_view(await call.services.review.set_state(call.operator, number, LabelState(body.state)))


async def learning(call: Call) -> schemas.LearningView:
    return await _state(call, _lang(call))


async def preview(call: Call) -> schemas.QualityView:
    lang, given = _lang(call), call.query["max_wrong"]
    try:
        share = float(given) if given else (await call.services.review.state(lang)).max_wrong
    except ValueError:
        raise BadRequest("max_wrong: a share like 0.03, please.", "invalid_body") from None
    return _quality_view(await call.services.review.preview(lang, share), call.lang)


async def set_max_wrong(call: Call) -> None:
    body: schemas.MaxWrongBody = call.body
    await call.services.review.set_max_wrong(call.operator, body.max_wrong)


async def learn(call: Call) -> None:
    body: schemas.LearnBody = call.body
    await call.services.review.learn(call.operator, body.lang)


async def roll_back(call: Call) -> schemas.LearningView:
    body: schemas.RollBackBody = call.body
    await call.services.review.roll_back(call.operator, body.lang, body.version)
    return await _state(call, body.lang)


async def _state(call: Call, lang: schemas.Lang) -> schemas.LearningView:
    return _learning_view(await call.services.review.state(lang), lang, call.lang)


def _lang(call: Call) -> schemas.Lang:
    """Which articles are meant; Russian unless said. Raises BadRequest `invalid_body`."""
    for lang in LANGS:
        if call.query["of"] in (lang, ""):
            return lang
    raise BadRequest("of: ru or en, please.", "invalid_body")


def _name(call: Call, field: str, names: type[Name]) -> Name | None:
    given = call.query[field]
    try:
        return names(given) if given else None
    except ValueError:
        raise BadRequest(f"{field}: {', '.join(names)}, please.", "invalid_body") from None


def _label_view(found: Reviewed) -> schemas.LabelView:
    label = found.label
    # The schema checks what the store's enums promise.
    return schemas.LabelView.model_validate(
        _said(label, found.title)
        | {
            "id": label.id,
            "lang": label.lang,
            "text": label.text,
            "conversation": label.conversation or "",
            "seq": label.message or 0,
            "at": label.at.isoformat(),
            "state": label.state.value,
            "by": label.by,
            "reviewed_by": label.reviewed_by,
            "rivals": [_said(rival, title) for rival, title in found.rivals],
        }
    )


def _said(label: Label, title: str) -> dict[str, Any]:
    return {"article": label.article or "", "title": title, "right": label.right, "source": label.source.value}


def _learning_view(state: LearningState, lang: schemas.Lang, reader: str) -> schemas.LearningView:
    return schemas.LearningView(
        lang=lang,
        max_wrong=state.max_wrong,
        lowest=LOWEST,
        highest=HIGHEST,
        quality=_quality_view(state.quality, reader),
        counts=[
            schemas.LabelCounts.model_validate(
                {"source": source.value} | {kind.value: count for kind, count in kinds.items()}
            )
            for source, kinds in state.counts.items()
        ],
        versions=[_version_view(version) for version in state.versions],
        learning_now=state.learning_now,
        last=None if state.last is None else _last_view(state.last, reader),
        waiting=state.waiting,
    )


def _last_view(result: Result, reader: str) -> schemas.LastCycle:
    return schemas.LastCycle(at=result.at.isoformat(), adopted=result.adopted, text=tell(result, reader))


def _quality_view(quality: Quality, reader: str) -> schemas.QualityView:
    return schemas.QualityView(
        labels=quality.labels,
        max_wrong=quality.max_wrong,
        can_promise=quality.can_promise,
        reason=None if quality.reason is None else quality.reason.value,
        missing=quality.missing,
        text=told(quality, reader),
        coverage=quality.coverage,
        coverage_low=quality.coverage_95[0],
        coverage_high=quality.coverage_95[1],
        wrong=quality.wrong,
        wrong_low=quality.wrong_95[0],
        wrong_high=quality.wrong_95[1],
        answered=quality.answered,
        asked=quality.asked,
        points=[
            schemas.ReliabilityPoint(
                believed=one.believed, right=one.right, low=one.right_95[0], high=one.right_95[1], count=one.count
            )
            for one in quality.points
        ],
        steps=[
            schemas.RiskStep(
                coverage=round(one.coverage, 4), wrong=round(one.wrong, 4), low=one.wrong_95[0], high=one.wrong_95[1]
            )
            for one in _thinned(quality.steps)
        ],
    )


def _thinned(steps: Sequence[Step]) -> list[Step]:
    """At most STEPS of them, the first and the last among these."""
    if len(steps) <= STEPS:
        return list(steps)
    return [steps[round(at * (len(steps) - 1) / (STEPS - 1))] for at in range(STEPS)]


def _version_view(version: Version) -> schemas.VersionView:
    figures = version.made.figures
    return schemas.VersionView(
        id=version.id,
        at=version.at.isoformat(),
        by=version.by,
        current=version.current,
        labels=version.made.learned_from,
        before=_figures_view(figures.get("before")),
        after=_figures_view(figures.get("after")),
    )


def _figures_view(figures: dict[str, float] | None) -> schemas.FiguresView | None:
    if figures is None:
        return None
    return schemas.FiguresView(answered=figures["answered"], right=figures["right"], wrong=figures["wrong"])


EDIT, LEAD = Permission.EDIT_ARTICLES, Permission.MANAGE_TEAM
ROUTES = (
    Route(
        "GET",
        "/api/desk/labels",
        labels,
        "Labelled questions, the newest first: of a language, a source, a state, with these words.",
        permission=EDIT,
        query=("of", "source", "state", "q", "before"),
        reply=schemas.LabelPage,
        errors=("invalid_body",),
    ),
    Route(
        "POST",
        "/api/desk/labels/<label_id>/state",
        set_label_state,
        "Keep a doubtful label, remove one, or restore it.",
        permission=EDIT,
        body=schemas.LabelStateBody,
        reply=schemas.LabelView,
        errors=("invalid_body", "label_unknown"),
    ),
    Route(
        "GET",
        LEARNING,
        learning,
        "What the answers of a language are worth, what was learned, and what it was learned from.",
        permission=EDIT,
        also=Permission.SEE_REPORTS,
        query=("of",),
        reply=schemas.LearningView,
        errors=("invalid_body",),
    ),
    Route(
        "GET",
        f"{LEARNING}/preview",
        preview,
        "What another limit for wrong answers would do; 0.03 is three in a hundred, nothing the limit in force.",
        permission=EDIT,
        also=Permission.SEE_REPORTS,
        query=("of", "max_wrong"),
        reply=schemas.QualityView,
        errors=("invalid_body", "max_wrong_invalid"),
    ),
    Route(
        "PUT",
        f"{LEARNING}/max-wrong",
        set_max_wrong,
        "Set the limit for wrong answers; it holds at once, for every language.",
        permission=LEAD,
        body=schemas.MaxWrongBody,
        errors=("invalid_body", "max_wrong_invalid"),
    ),
    Route(
        "POST",
        f"{LEARNING}/learn",
        learn,
        "Begin a learning cycle now; its result is in the state once it is over.",
        permission=LEAD,
        body=schemas.LearnBody,
        errors=("invalid_body", "learning_busy"),
    ),
    Route(
        "POST",
        f"{LEARNING}/roll-back",
        roll_back,
        "Use an earlier version, or what the product came with.",
        permission=LEAD,
        body=schemas.RollBackBody,
        reply=schemas.LearningView,
        errors=("invalid_body", "version_unknown", "version_outdated"),
    ),
)
