"""Draws learning curves as one SVG that reads in light and dark pages; no plotting library is worth two lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, TOP, GAP = 330, 220, 48, 40, 30
BLUE, RED, GREY = "#2f6fde", "#d0443a", "#8a8f98"

Band = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Curve:
    """One set. `asked`: questions until the end of each window; `coverage`, `wrong`: value, lowest and highest of the
    95 % interval; `frozen`: coverage of an installation that does not learn."""

    title: str
    asked: Sequence[int]
    coverage: Sequence[Band]
    frozen: Sequence[float]
    wrong: Sequence[Band]


def draw(curves: Sequence[Curve], max_wrong: float, path: Path) -> None:
    """Writes a panel for each set, side by side."""
    width = len(curves) * (WIDTH + LEFT + GAP) + GAP
    height = TOP + HEIGHT + 70
    panels = "".join(_panel(curve, max_wrong, at * (WIDTH + LEFT + GAP) + LEFT) for at, curve in enumerate(curves))
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="12"><rect width="{width}" height="{height}" fill="#ffffff"/>{panels}{_legend(height, max_wrong)}'
        "</svg>\n",
        encoding="utf-8",
    )


def _panel(curve: Curve, max_wrong: float, left: float) -> str:
    middles = [(first + last) / 2 for first, last in zip([0, *curve.asked], curve.asked, strict=False)]

    def place(asked: float, share: float) -> str:
        return f"{left + WIDTH * asked / curve.asked[-1]:.1f},{TOP + HEIGHT * (1 - share):.1f}"

    def line(values: Sequence[float], colour: str, dashes: str = "none") -> str:
        points = " ".join(place(asked, share) for asked, share in zip(middles, values, strict=True))
        return (
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/>'
        )

    def band(values: Sequence[Band], colour: str) -> str:
        upper = [place(asked, high) for asked, (_, _, high) in zip(middles, values, strict=True)]
        lower = [place(asked, low) for asked, (_, low, _) in zip(middles, values, strict=True)]
        return f'<polygon points="{" ".join([*upper, *reversed(lower)])}" fill="{colour}" opacity="0.15"/>'

    heights = [(share, TOP + HEIGHT * (1 - share)) for share in (0, 0.2, 0.4, 0.6, 0.8, 1)]
    grid = "".join(
        f'<path d="M{left} {y:.1f}h{WIDTH}" stroke="#e3e6ea"/>'
        f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end" fill="#555">{share:.0%}</text>'
        for share, y in heights
    )
    limit = (
        f'<path d="M{place(0, max_wrong)}L{place(curve.asked[-1], max_wrong)}" stroke="{RED}" stroke-dasharray="2 3"/>'
    )
    middle, bottom = left + WIDTH / 2, TOP + HEIGHT
    return (
        f'<text x="{middle}" y="{TOP - 14}" text-anchor="middle" font-weight="bold">{escape(curve.title)}</text>{grid}'
        f"{band(curve.coverage, BLUE)}{band(curve.wrong, RED)}{limit}{line(curve.frozen, GREY, '5 4')}"
        f"{line([value for value, _, _ in curve.wrong], RED)}{line([value for value, _, _ in curve.coverage], BLUE)}"
        f'<text x="{left}" y="{bottom + 16}" fill="#555">0</text>'
        f'<text x="{left + WIDTH}" y="{bottom + 16}" text-anchor="end" fill="#555">{curve.asked[-1]} questions</text>'
    )


def _legend(height: float, max_wrong: float) -> str:
    entries = (
        (BLUE, "none", "answered rightly without a person"),
        (GREY, "5 4", "the same without learning"),
        (RED, "none", "wrong among the answers given"),
        (RED, "2 3", f"limit {max_wrong:.0%}"),
    )
    parts, x = [], float(LEFT)
    for colour, dashes, words in entries:
        parts.append(
            f'<path d="M{x} {height - 18}h24" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/>'
            f'<text x="{x + 30}" y="{height - 14}" fill="#333">{escape(words)}</text>'
        )
        x += 44 + 6.6 * len(words)
    return "".join(parts)
