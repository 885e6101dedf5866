"""Is the promise kept? `python -m benchmarks.promise FOLDER`: random halves of the public sets, limits of 3, 5, 10 %.

One half calibrates, the other is answered. `kept`: share of the splits whose wrong answers stayed within the limit, or
for which it had been said that this could not be promised; `promised`: share in which it was; `coverage`, `wrong`:
means over the splits. Beside it what everybody does: the lowest threshold that was precise enough on the calibration
half. Our starting point is fitted without the set it is tried on. Prints Markdown; `--draw` makes the picture of
`docs/confidence.md` from all questions of the last set of each language, at 5 %.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.fit_confidence import FAQ, fit, gather
from bot.cli.drawing import draw
from bot.kb.confidence import Calibration
from bot.kb.curves import Outcome, risk_curve
from bot.kb.encoder import SentenceEncoder
from bot.kb.fitting import Sample, calibrate, outcomes_of, reliability
from bot.kb.promise import Quality, with_limits

LIMITS = (0.03, 0.05, 0.1)


@dataclass(frozen=True, slots=True)
class Split:
    """One split at one limit."""

    promised: bool
    coverage: float
    wrong: float


def hidden(samples: Sequence[Sample]) -> list[Sample]:
    """The samples without one article in five, so that its questions must not be answered."""
    kept = np.flatnonzero(np.random.default_rng(5).random(len(samples[0].relevant)) > 0.2)
    return [replace(one, features=one.features[kept], relevant=one.relevant[kept]) for one in samples]


def naive(outcomes: Sequence[Outcome], max_wrong: float) -> float:
    """The lowest confidence from which no more than this share of the calibration answers was wrong."""
    kept = [step.threshold for step in risk_curve(outcomes) if step.wrong <= max_wrong]
    return kept[-1] if kept else 1.01


def split(outcomes: Sequence[Outcome], sure: float, promised: bool) -> Split:
    given = [one for one in outcomes if one.confidence >= sure]
    right = sum(one.right for one in given)
    known = sum(one.answerable for one in outcomes)
    return Split(promised, right / max(known, 1), 1 - right / len(given) if given else 0.0)


def tried(samples: Sequence[Sample], prior: Calibration, seed: int) -> dict[tuple[str, float], Split]:
    """Both ways at every limit on one split."""
    order = np.random.default_rng(seed).permutation(len(samples))
    dev, test = ([samples[at] for at in part] for part in np.array_split(order, 2))
    fitted = calibrate(dev, prior, LIMITS[0])
    outcomes, seen = outcomes_of(test, fitted), outcomes_of(dev, fitted)
    found = {}
    for limit in LIMITS:
        ours = with_limits(fitted, limit)
        found["ours", limit] = split(outcomes, ours.sure, ours.can_promise)
        found["naive", limit] = split(outcomes, naive(seen, limit), True)
    return found


def row(name: str, splits: Sequence[Split], limit: float) -> str:
    kept = np.mean([one.wrong <= limit + 1e-9 or not one.promised for one in splits])
    within = np.mean([one.wrong <= limit + 1e-9 for one in splits])
    promised, coverage = np.mean([one.promised for one in splits]), np.mean([one.coverage for one in splits])
    wrong = np.mean([one.wrong for one in splits])
    return f"| {name} | {limit:.0%} | {kept:.2f} | {promised:.2f} | {within:.2f} | {coverage:.3f} | {wrong:.3f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path, default=Path("var/cache"))
    parser.add_argument("--splits", type=int, default=20)
    parser.add_argument("--draw", type=Path)
    arguments = parser.parse_args()
    encoder = SentenceEncoder(cache=arguments.cache)
    print("| set | limit | kept | promised | within the limit | coverage | wrong |\n|---|---|---|---|---|---|---|")
    drawn: dict[str, Quality] = {}
    for lang in ("ru", "en"):
        gathered = gather(arguments.folder, lang, encoder)
        for name in FAQ[lang]:
            prior = fit([samples for other, samples in gathered.items() if other != name])
            plain = [replace(sample, weight=1.0) for sample in gathered[name]]
            if arguments.draw:
                drawn[lang] = reliability([], calibrate(plain, prior, 0.05))
                draw(drawn, arguments.draw)
            for label, samples in ((f"{name} {lang}", plain), (f"{name} {lang}, articles hidden", hidden(plain))):
                found = [tried(samples, prior, seed) for seed in range(arguments.splits)]
                for way, limit in found[0]:
                    mark = label if way == "ours" else f"{label}, naive threshold"
                    print(row(mark, [each[way, limit] for each in found], limit), flush=True)


if __name__ == "__main__":
    main()
