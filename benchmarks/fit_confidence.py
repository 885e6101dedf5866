"""Fits `bot/kb/calibrations.json` on public question sets: `python -m benchmarks.fit_confidence FOLDER`.

FOLDER holds the sets as folders of JSONL: `faq_yandex`, `faq_rutube`, `faq_stack` (articles and questions), and
`massive`, `clinc150`, `banking77` (utterances with intents: an intent stands for an article with ten phrasings and no
answer, one intent in five for a subject nobody wrote about). Every set weighs the same. `--check` holds one set out
after the other and prints what a knowledge base never seen before would get.
"""

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from bot.kb.confidence import RANKERS, SIGNALS, Calibration
from bot.kb.encoder import SentenceEncoder
from bot.kb.evaluation import samples_of
from bot.kb.fitting import Sample, fit_curve, fit_weights, outcomes_of, signals_of, with_hidden
from bot.kb.index import LanguageIndex
from bot.kb.loader import Question, load, load_questions
from bot.kb.model import Article

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

SURE, NONE = 0.6, 0.2
"""The shipped thresholds. With each set held out, of the answers given from 0.6 on 1-8 % were wrong in English and
6-15 % in Russian (near-duplicate articles); below 0.2 lay 1-21 % of the answerable questions and most gibberish."""

FLAT = Calibration(
    weights=(5.0,) * len(RANKERS),
    means=(0.0,) * len(SIGNALS),
    scales=(1.0,) * len(SIGNALS),
    slopes=(1.0, 0.0, 0.0),
    intercept=0.0,
    sure=SURE,
    none=NONE,
)


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


def gather(folder: Path, lang: str, encoder: SentenceEncoder) -> dict[str, list[Sample]]:
    """Samples of every set of a language, each with the same weight in all."""
    sets = {name: faq(folder / name, lang) for name in FAQ[lang]}
    sets |= {name: intents(folder / name, lang) for name in INTENTS[lang]}
    gathered = {}
    for name, (articles, questions) in sets.items():
        samples = samples_of(LanguageIndex.build(articles, encoder), questions, encoder)
        gathered[name] = [replace(sample, weight=MASS / len(samples)) for sample in samples]
    return gathered


def fit(sets: Sequence[Sequence[Sample]]) -> Calibration:
    samples = [sample for samples in sets for sample in samples]
    weights = fit_weights([sample for sample in samples if sample.relevant.any()], FLAT.weights)
    seen = with_hidden(samples, HIDDEN)
    rows, _ = signals_of(seen, weights)
    shares = np.array([sample.weight for sample in seen])
    means = np.average(rows, axis=0, weights=shares)
    scales = np.sqrt(np.average((rows - means) ** 2, axis=0, weights=shares))
    fitted = fit_curve(seen, replace(FLAT, weights=weights, means=tuple(means), scales=tuple(scales)))
    return _rounded(fitted)


def check(gathered: dict[str, list[Sample]]) -> None:
    """Prints, for every set, how a calibration made without it does: believed and true share of right answers."""
    for held, samples in gathered.items():
        model = fit([other for name, other in gathered.items() if name != held])
        outcomes = outcomes_of(with_hidden(samples, HIDDEN), model)
        print(held)
        for low in np.arange(0, 1, 0.2):
            bin_ = [outcome for outcome in outcomes if low <= outcome.confidence < low + 0.2]
            if bin_:
                weights = [outcome.weight for outcome in bin_]
                believed = np.average([outcome.confidence for outcome in bin_], weights=weights)
                right = np.average([outcome.right for outcome in bin_], weights=weights)
                print(f"  {low:.1f}-{low + 0.2:.1f}: {len(bin_):4d} believed {believed:.2f} right {right:.2f}")


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
        gathered = gather(arguments.folder, lang, encoder)
        if arguments.check:
            check(gathered)
        fitted[lang] = asdict(fit(list(gathered.values())))
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
