"""Whether a question asks for the customer's own records, which no article has; pure, for when nobody can look."""

import re

LONGEST = 200
"""Characters read: such a question is short, and the patterns take the square of the length."""

_ASKS = (
    r"(?:сколько|какой|какая|каков\w*|есть\s+ли|проверь\w*|проверить|узнать|посмотр\w+|подскаж\w+|скаж\w+|покаж\w+|текущ\w+"
    r"|how\s+much|what|what's|check|show|tell|find\s+out|look\s+up|do|am|is|remaining|current)"
)
_MONEY = (
    r"(?:баланс\w*|долг|долга|долж(?:ен|на|ны)|задолженност\w*|остат\w*|(?:на|в)\s+сч[её]т[уе]|денег\s+(?:на|до)"
    r"|balance|debt|owe|owed|behind|in\s+the\s+red|paid\s+up|amount\s+due|(?:left\s+)?(?:on|in)\s+(?:my|the)\s+account)"
)
_WHEN = (
    r"(?:когда|во\s+сколько|в\s+котором\s+часу|где|скоро|сегодня|завтра|опаздыва\w*|едет|выехал\w*|приедет|прид[её]т|жду"
    r"|статус\w*|слот\w*|на\s+какой\s+день|на\s+какое\s+время"
    r"|when|what\s+time|at\s+what|which|where|where's|today|tomorrow|late|coming|on\s+(?:his|the|her|their)\s+way|eta"
    r"|status|how\s+soon|never|not\s+here|supposed)"
)
_VISIT = (
    r"(?:мастер\w*|монтажник\w*|монтаж\w?|техник\w*|специалист\w*|бригад\w*|визит\w*|выезд\w*|заявк\w*"
    r"|technician|engineer|installer|installation|tech|visit|appointment|slot)"
)
_HOW_IT_IS_DONE = re.compile(r"\b(?:как|можно\s+ли|how\s+(?:do|can|to)|can\s+i)\b", re.IGNORECASE)
_PERSONAL = re.compile(
    rf"\b{_ASKS}\b.*\b{_MONEY}\b|^\W*(?:мо[йи]\s+|my\s+)?{_MONEY}\W*$|\b{_WHEN}\b.*\b{_VISIT}\b|\b{_VISIT}\b.*\b{_WHEN}\b",
    re.IGNORECASE | re.DOTALL,
)


def asks_own_records(text: str) -> bool:
    """Whether somebody asks for their own balance or visit («сколько я должен», «when is my technician coming») and not
    how such things are done."""
    asked = " ".join(text.split())[:LONGEST]
    return _PERSONAL.search(asked) is not None and _HOW_IT_IS_DONE.search(asked) is None
