"""Draws what is known of the confidence as one SVG picture: a row of two charts for each language, for `kb score`."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from textwrap import wrap

from bot.kb.curves import Point, Step
from bot.kb.promise import Quality, told

WIDTH, ROW, TOP = 980, 450, 112
_CHART, _HEIGHT = 380, 260
_LEFT, _RIGHT = 70, 560
_INK, _SOFT, _GRID, _BLUE, _RED = "#1d2733", "#5c6b7a", "#e3e8ee", "#2563b8", "#c2410c"

_BOLD, _END, _MIDDLE = 'font-weight="600"', 'text-anchor="end"', 'text-anchor="middle"'

_WORDS = {
    "ru": (
        "Сбывается ли уверенность",
        "уверенность, %",
        "верных ответов, %",
        "Риск и охват",
        "доля отвеченных, %",
        "ошибочных ответов, %",
        "предел",
    ),
    "en": (
        "Does the confidence come true?",
        "confidence, %",
        "right answers, %",
        "Risk and coverage",
        "questions answered, %",
        "wrong answers, %",
        "limit",
    ),
}
_NAMES = {"ru": "Русский", "en": "English"}

Place = Callable[[float, float], tuple[float, float]]
"""From shares to the picture's coordinates."""


def draw(qualities: Mapping[str, Quality], path: Path) -> None:
    """Writes the picture of each language's quality, by language, to an .svg file."""
    rows = "".join(_row(lang, quality, at * ROW) for at, (lang, quality) in enumerate(qualities.items()))
    height = ROW * len(qualities)
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'font-family="Inter, Segoe UI, Roboto, Helvetica, Arial, sans-serif" font-size="13">'
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>{rows}</svg>\n',
        encoding="utf-8",
    )


def _row(lang: str, quality: Quality, top: float) -> str:
    words = _WORDS[lang]
    lines = wrap(told(quality, lang), 130)[:2]
    promise = "".join(_text(_LEFT, 50 + 17 * at, line, _SOFT) for at, line in enumerate(lines))
    return (
        f'<g transform="translate(0 {top})">{_text(_LEFT, 30, _NAMES[lang], _INK, 17, _BOLD)}{promise}'
        f'<g transform="translate({_LEFT} {TOP})">{_reliability(quality.points, words)}</g>'
        f'<g transform="translate({_RIGHT} {TOP})">{_risk(quality, words)}</g></g>'
    )


def _reliability(points: Sequence[Point], words: Sequence[str]) -> str:
    place = _scale(1.0)
    parts = [
        _axes(words[0], words[1], words[2], 1.0),
        _line([place(0, 0), place(1, 1)], _SOFT, 'stroke-dasharray="4 4"'),
    ]
    parts.append(_line([place(point.believed, point.right) for point in points], _BLUE, 'stroke-opacity="0.35"'))
    for point in points:
        x, y = place(point.believed, point.right)
        (_, low), (_, high) = place(0, point.right_95[0]), place(0, point.right_95[1])
        parts.append(_line([(x, low), (x, high)], _BLUE, 'stroke-width="1.5" stroke-opacity="0.6"'))
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{_BLUE}" stroke="#fff" stroke-width="1.5"/>')
    return "".join(parts)


def _risk(quality: Quality, words: Sequence[str]) -> str:
    # The first few answers are all luck: one wrong among three is no 33 %.
    steps = [step for step in quality.steps if step.answered >= 0.03]
    most = _nice(max([2 * quality.max_wrong, *(step.wrong for step in steps)]))
    place = _scale(most)
    parts = [_axes(words[3], words[4], words[5], most)]
    if steps:
        parts.append(_band(steps, place, most))
        parts.append(_line([place(step.answered, step.wrong) for step in steps], _BLUE, 'stroke-width="2.5"'))
    left, right = place(0, quality.max_wrong), place(1, quality.max_wrong)
    parts.append(_line([left, right], _RED, 'stroke-dasharray="6 4"'))
    limit = f"{words[6]} {quality.max_wrong * 100:.3g} %"
    parts.append(_text(left[0] + 6, left[1] - 6, limit, _RED, 12))
    if quality.answered:
        x, y = place(quality.answered, min(quality.wrong, most))
        parts.append(_line([(x, y), (x, _HEIGHT)], _INK, 'stroke-dasharray="2 3"'))
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{_INK}" stroke="#fff" stroke-width="2"/>')
    return "".join(parts)


def _band(steps: Sequence[Step], place: Place, most: float) -> str:
    upper = [place(step.answered, min(step.wrong_95[1], most)) for step in steps]
    lower = [place(step.answered, min(step.wrong_95[0], most)) for step in reversed(steps)]
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in [*upper, *lower])
    return f'<polygon points="{corners}" fill="{_BLUE}" fill-opacity="0.13"/>'


def _axes(title: str, across: str, up: str, most: float) -> str:
    parts = [_text(0, -12, title, _INK, 14, _BOLD)]
    for part in range(6):
        x, y = _CHART * part / 5, _HEIGHT - _HEIGHT * part / 5
        parts.append(_line([(0, y), (_CHART, y)], _GRID, ""))
        parts.append(_text(-8, y + 4, f"{most * 20 * part:.3g}", _SOFT, 11, _END))
        parts.append(_text(x, _HEIGHT + 17, str(20 * part), _SOFT, 11, _MIDDLE))
    parts.append(_line([(0, 0), (0, _HEIGHT), (_CHART, _HEIGHT)], _SOFT, ""))
    parts.append(_text(_CHART / 2, _HEIGHT + 38, across, _SOFT, 12, _MIDDLE))
    middle = f'transform="translate(-46 {_HEIGHT / 2}) rotate(-90)"'
    return "".join(parts) + f"<g {middle}>{_text(0, 0, up, _SOFT, 12, _MIDDLE)}</g>"


def _scale(most: float) -> Place:
    return lambda across, up: (_CHART * across, _HEIGHT * (1 - up / most))


def _nice(share: float) -> float:
    """The next share that five steps divide into round numbers."""
    return next((top for top in (0.05, 0.1, 0.2, 0.25, 0.5, 0.75) if share <= top), 1.0)


def _line(corners: Sequence[tuple[float, float]], colour: str, more: str) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" {more}/>'


def _text(x: float, y: float, words: str, colour: str, size: int = 13, style: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size}" {style}>{escape(words)}</text>'
