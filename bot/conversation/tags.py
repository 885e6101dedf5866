"""What kind of request this is, read from its words, so that a ticket comes pre-tagged; pure."""

import re

from handoff.model import Mood

_SIGNS = {
    "complaint": r"жалоб|жалуюсь|жаловать|претензи|верните\s+деньги|возмущ|complain|refund|unacceptable",
    "bug": r"\bбаг|ошибк[аиу]\s+(?:в|на|при)|вылетает|зависает|крашит"
    r"|\bbug\b|crash|freezes|error\s+(?:in|on|when)",
    "suggestion": r"предлагаю|предложени|было\s+бы\s+(?:хорошо|здорово|удобно)|сделайте|добавьте"
    r"|suggest|would\s+be\s+(?:nice|great)|please\s+add",
    "review": r"отзыв|спасибо\s+(?:вам|большое)|вы\s+лучшие|отличн\w+\s+(?:сервис|работа)"
    r"|review|great\s+(?:service|job)|well\s+done",
}
_KINDS = tuple((tag, re.compile(signs, re.IGNORECASE)) for tag, signs in _SIGNS.items())


def kinds_of(text: str, mood: Mood) -> tuple[str, ...]:
    """The fixed tags that fit; an angry customer complains, and what is nothing else is a question."""
    found = [tag for tag, signs in _KINDS if signs.search(text)]
    if mood is Mood.ANGRY and "complaint" not in found:
        found.insert(0, "complaint")
    return tuple(found) or ("question",)
