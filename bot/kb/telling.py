"""What a learning cycle did and why, in words for the people at the desk; pure."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Why(StrEnum):
    """How a learning cycle ended. All but the first three leave things as they are."""

    BETTER = "better"
    SAFER = "safer"
    REFITTED = "refitted"
    NOT_BETTER = "not_better"
    MORE_WRONG = "more_wrong"
    TOO_FEW = "too_few"
    NO_ARTICLES = "no_articles"
    BROKE = "broke"
    ROLLED_BACK = "rolled_back"


@dataclass(frozen=True, slots=True)
class Figures:
    """How one version does on labels that it has not learned from, as shares of these. `answered`: given an answer;
    `right`: answered rightly; `wrong`: of the answers given; `doubt`: mean log loss of the confidence, best at 0."""

    answered: float = 0.0
    right: float = 0.0
    wrong: float = 0.0
    doubt: float = 0.0


@dataclass(frozen=True, slots=True)
class Result:
    """The last learning cycle of a language: what was there and what was tried, on the same `labels` questions."""

    why: Why
    at: datetime
    labels: int = 0
    max_wrong: float = 0.0
    before: Figures = field(default_factory=Figures)
    after: Figures = field(default_factory=Figures)
    by: str = ""

    @property
    def adopted(self) -> bool:
        return self.why in (Why.BETTER, Why.SAFER, Why.REFITTED)


def tell(result: Result, lang: str) -> str:
    """One or two sentences in Russian or English."""
    words = _WORDS["ru" if lang == "ru" else "en"]
    said = words[result.why].format(labels=result.labels, limit=_share(result.max_wrong, lang), by=result.by)
    if result.why in _COMPARED:
        figures = (("before", result.before), ("after", result.after))
        shown = {f"{when}_{name}": _share(value, lang) for when, made in figures for name, value in _shares(made)}
        said = f"{said} {words['figures'].format(labels=result.labels, **shown)}"
    return said


def _shares(figures: Figures) -> tuple[tuple[str, float], ...]:
    return (("right", figures.right), ("wrong", figures.wrong))


def _share(value: float, lang: str) -> str:
    shown = f"{100 * value:.1f}".removesuffix(".0")
    return f"{shown.replace('.', ',')} %" if lang == "ru" else f"{shown}%"


_COMPARED = (Why.BETTER, Why.SAFER, Why.REFITTED, Why.NOT_BETTER, Why.MORE_WRONG)

_WORDS: dict[str, dict[str, str]] = {
    "en": {
        Why.BETTER: "A new version is in use: it does better on questions that it had not seen.",
        Why.SAFER: "A new version is in use: the one before it gave more wrong answers than the allowed {limit}.",
        Why.REFITTED: "A new version is in use: it was fitted anew to the encoder or to the allowed {limit}.",
        Why.NOT_BETTER: "Nothing was changed: the new version was no better than the present one.",
        Why.MORE_WRONG: "Nothing was changed: the new version would have given more wrong answers than {limit}.",
        Why.TOO_FEW: "There is too little to learn from yet: {labels} labelled questions.",
        Why.NO_ARTICLES: "There are no published articles in this language.",
        Why.BROKE: "The learning failed; everything is as it was. The reason is in the log.",
        Why.ROLLED_BACK: "{by} has gone back to an earlier version.",
        "figures": "Checked on {labels} questions: answered rightly {before_right} before, {after_right} after; "
        "wrong answers {before_wrong} before, {after_wrong} after.",
    },
    "ru": {
        Why.BETTER: "Работает новая версия: на вопросах, которых она не видела, она отвечает лучше.",
        Why.SAFER: "Работает новая версия: прежняя ошибалась чаще допустимых {limit}.",
        Why.REFITTED: "Работает новая версия: она настроена заново под модель поиска или под допустимые {limit}.",
        Why.NOT_BETTER: "Всё осталось как было: новая версия не лучше нынешней.",
        Why.MORE_WRONG: "Всё осталось как было: новая версия ошибалась бы чаще допустимых {limit}.",
        Why.TOO_FEW: "Учиться пока почти не на чем: размеченных вопросов {labels}.",
        Why.NO_ARTICLES: "На этом языке нет опубликованных статей.",
        Why.BROKE: "Обучение сорвалось, всё осталось как было. Причина записана в журнал.",
        Why.ROLLED_BACK: "{by}: возврат к прежней версии.",
        "figures": "Проверено на вопросах, всего {labels}: верных ответов было {before_right}, стало {after_right}; "
        "неверных было {before_wrong}, стало {after_wrong}.",
    },
}
