"""Fits `bot/kb/calibrations.json` on public question sets: `python -m benchmarks.fit_confidence FOLDER`.

FOLDER holds the sets as folders of JSONL: `faq_yandex`, `faq_rutube`, `faq_stack` (articles and questions), and
`massive`, `clinc150`, `banking77` (utterances with intents: an intent stands for an article with ten phrasings and no
answer, one intent in five for a subject nobody wrote about). Every set weighs the same. Thresholds come from holding
out one set after the other, so that they are those a knowledge base never seen before needs; `--check` prints what it
would get.
"""

import argparse
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from bot.kb.confidence import SIGNALS, VIEWS, Calibration
from bot.kb.curves import Outcome, columns
from bot.kb.encoder import Encoder, SentenceEncoder
from bot.kb.evaluation import samples_of
from bot.kb.fitting import Sample, fit_curve, fit_weights, outcomes_of, signals_and_truth, with_hidden
from bot.kb.index import LanguageIndex
from bot.kb.loader import Question, load, load_questions
from bot.kb.model import Article
from bot.kb.promise import USELESS

FAQ = {"ru": ("faq_yandex", "faq_rutube"), "en": ("faq_yandex", "faq_stack")}
INTENTS = {
    "ru": ("massive/ru_dev.jsonl",),
    "en": ("massive/en_dev.jsonl", "clinc150/train_small.jsonl", "banking77/train.jsonl"),
}
MASS = 150.0
"""Weight of each set, whatever its size."""

HIDDEN = 0.25
"""Weight of a question repeated with its article hidden, so that the curve knows what a missing subject looks like."""

PHRASINGS, ASKED, OUTSIDE = 10, 8, 80

LIMITS = (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3)
"""Shares of wrong answers the shipped ladder has a threshold for."""

SAFETY = 0.7
"""Part of the limit the held-out sets may use up together, so that a set worse than most is still near it."""

BELIEF, LEAST_ANSWERED = 10.0, 0.03
"""Questions' worth of trust in the curve when wrong answers are counted; least share a threshold must answer."""

WEIGHT = 2.5
"""Of every view of every ranker, before anything is learned."""


def faq(folder: Path, lang: str) -> tuple[list[Article], list[Question]]:
    articles = [article for article in load(folder / "kb.jsonl") if article.lang == lang]
    return articles, [question for question in load_questions(folder / "queries.jsonl") if question.lang == lang]


def intents(file: Path, lang: str) -> tuple[list[Article], list[Question]]:
    """Intents as articles. The same random choice every time."""
    dice, said = random.Random(0), dict[str, list[str]]()
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        said.setdefault(row["label"], []).append(row["text"])
    outside = [Question(lang, text, frozenset()) for text in said.pop("oos", [])[:OUTSIDE]]
    names = sorted(said)
    unwritten = set(dice.sample(names, len(names) // 5))
    articles: list[Article] = []
    questions: list[Question] = []
    for name in names:
        texts = dice.sample(said[name], len(said[name]))
        if name in unwritten:
            questions += [Question(lang, text, frozenset()) for text in texts[: ASKED // 2]]
        elif len(texts) > PHRASINGS + 2:
            articles.append(Article(name, lang, texts[0], "", phrasings=tuple(texts[1:PHRASINGS])))
            asked = texts[PHRASINGS : PHRASINGS + ASKED]
            questions += [Question(lang, text, frozenset([name])) for text in asked]
    return articles, questions + outside


def gather(folder: Path, lang: str, encoder: Encoder) -> dict[str, list[Sample]]:
    """Samples of every set of a language, each with the same weight in all."""
    sets = {name: faq(folder / name, lang) for name in FAQ[lang]}
    sets |= {name: intents(folder / name, lang) for name in INTENTS[lang]}
    gathered = {}
    for name, (articles, questions) in sets.items():
        samples = samples_of(LanguageIndex.build(articles, encoder), questions, encoder)
        gathered[name] = [replace(sample, weight=MASS / len(samples)) for sample in samples]
    return gathered


def flat(columns: int) -> Calibration:
    """What is known before anything is learned."""
    return Calibration(
        weights=(WEIGHT,) * columns * len(VIEWS),
        means=(0.0,) * len(SIGNALS),
        scales=(1.0,) * len(SIGNALS),
        slopes=(1.0,) + (0.0,) * (len(SIGNALS) - 1),
        intercept=0.0,
        sure=0.6,
        none=0.2,
    )


def fit(sets: Sequence[Sequence[Sample]]) -> Calibration:
    samples = [sample for samples in sets for sample in samples]
    start = flat(samples[0].features.shape[1])
    weights = fit_weights(samples, start.weights)
    seen = with_hidden(samples, HIDDEN)
    rows, _, shares = signals_and_truth(seen, weights)
    means = np.average(rows, axis=0, weights=shares)
    scales = np.sqrt(np.average((rows - means) ** 2, axis=0, weights=shares))
    return fit_curve(seen, replace(start, weights=weights, means=tuple(means), scales=tuple(scales)))


def held_out(gathered: Mapping[str, Sequence[Sample]]) -> dict[str, list[Outcome]]:
    """For every set, what a calibration made without it says of its questions."""
    return {
        held: outcomes_of(
            with_hidden(samples, HIDDEN), fit([other for name, other in gathered.items() if name != held])
        )
        for held, samples in gathered.items()
    }


def ladder(outcomes: Sequence[Outcome]) -> tuple[tuple[float, float], ...]:
    """For every limit the lowest confidence that kept to its safe part, or the safest one there is."""
    confidences, weights, right, _ = columns(outcomes)
    given, wrong = np.cumsum(weights), np.cumsum(weights * ~right)
    doubt = np.cumsum(weights * (1 - confidences)) / given
    rates = (wrong + BELIEF * doubt) / (given + BELIEF)
    enough = np.flatnonzero(given >= LEAST_ANSWERED * weights.sum())
    rungs = []
    for limit in LIMITS:
        kept = enough[rates[enough] <= limit * SAFETY]
        place = kept[-1] if len(kept) else enough[np.argmin(rates[enough])]
        rungs.append((limit, round(float(confidences[place]), 4)))
    return tuple(rungs)


def worth_asking(outcomes: Sequence[Outcome]) -> float:
    """The highest confidence below which three choices hardly ever hold the answer."""
    ranked = sorted(outcomes, key=lambda outcome: outcome.confidence)
    weights = np.array([outcome.weight for outcome in ranked])
    near = np.cumsum(weights * np.array([outcome.near for outcome in ranked])) / np.cumsum(weights)
    useless = np.flatnonzero(near <= USELESS)
    return round(ranked[int(useless[-1])].confidence if len(useless) else 0.0, 4)


def show(judged: Mapping[str, Sequence[Outcome]], model: Calibration) -> None:
    """Prints, for every set held out, believed and true shares, and what each rung of the ladder gives it."""
    for held, outcomes in judged.items():
        print(held)
        for low in np.arange(0, 1, 0.2):
            part = [outcome for outcome in outcomes if low <= outcome.confidence < low + 0.2]
            if part:
                weights = [outcome.weight for outcome in part]
                believed = np.average([outcome.confidence for outcome in part], weights=weights)
                right = np.average([outcome.right for outcome in part], weights=weights)
                print(f"  {low:.1f}-{low + 0.2:.1f}: {len(part):4d} believed {believed:.2f} right {right:.2f}")
        for limit, sure in model.ladder:
            given = [outcome for outcome in outcomes if outcome.confidence >= sure]
            answers = sum(outcome.weight for outcome in given) or 1e-9
            wrong = sum(outcome.weight for outcome in given if not outcome.right) / answers
            known = sum(outcome.weight for outcome in outcomes if outcome.answerable)
            covered = sum(outcome.weight for outcome in given if outcome.right) / known
            print(f"  at most {limit:.2f}: from {sure:.2f} on, coverage {covered:.2f}, wrong {wrong:.3f}")


def shipped(gathered: Mapping[str, Sequence[Sample]], check: bool) -> Calibration:
    """The calibration of one language, its thresholds from sets it did not see."""
    judged = held_out(gathered)
    together = [outcome for outcomes in judged.values() for outcome in outcomes]
    fitted = _rounded(fit(list(gathered.values())))
    rungs = ladder(together)
    model = replace(fitted, ladder=rungs, sure=dict(rungs)[fitted.max_wrong], none=worth_asking(together))
    if check:
        show(judged, model)
    return replace(model, none=min(model.none, model.sure))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path, default=Path("var/cache"))
    parser.add_argument("--out", type=Path, default=Path("bot/kb/calibrations.json"))
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    encoder = SentenceEncoder(cache=arguments.cache)
    fitted = {}
    for lang in ("ru", "en"):
        model = shipped(gather(arguments.folder, lang, encoder), arguments.check)
        fitted[lang] = asdict(replace(model, encoder=encoder.name, version="shipped"))
    arguments.out.write_text(json.dumps(fitted, indent=1) + "\n", encoding="utf-8")


def _rounded(fitted: Calibration) -> Calibration:
    def short(values: Sequence[float]) -> tuple[float, ...]:
        return tuple(round(float(value), 4) for value in values)

    return replace(
        fitted,
        weights=short(fitted.weights),
        means=short(fitted.means),
        scales=short(fitted.scales),
        slopes=short(fitted.slopes),
        intercept=round(fitted.intercept, 4),
    )


if __name__ == "__main__":
    main()
