"""The parts of an article's body that can be said one by one, when the short answer did not help; pure."""

import re
from itertools import pairwise

LONGEST = 900
"""Characters of a part: what fits a phone's screen. Longer ones end at a paragraph, and the article is a click away."""
_SHORTEST = 60
_HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)


def sections(body: str) -> list[str]:
    """Markdown from heading to heading, what stands before the first one included; crumbs are left out."""
    starts = [0, *(found.start() for found in _HEADING.finditer(body)), len(body)]
    cut = [body[start:end].strip() for start, end in pairwise(starts)]
    return [_short(one) for one in cut if len(one) >= _SHORTEST]


def _short(section: str) -> str:
    kept = section
    while len(kept) > LONGEST and "\n\n" in kept:
        kept = kept.rsplit("\n\n", 1)[0]
    return kept if len(kept) <= LONGEST else f"{kept[:LONGEST].rsplit(' ', 1)[0]}…"
