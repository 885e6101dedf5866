"""What is drafted for customers when their issue is done, and what its author is told; pure."""

from bot.issues.model import Issue, Kind

_DONE = {
    Kind.BUG: {
        "ru": "Здравствуйте! Вы сообщали нам о неполадке: «{title}». Мы её исправили. Проверьте, пожалуйста, и "
        "напишите, если что-то всё ещё не так.",
        "en": "Hello! You told us about a problem: “{title}”. It is fixed now. Please have a look and write to us if "
        "anything is still wrong.",
    },
    Kind.WISH: {
        "ru": "Здравствуйте! Вы предлагали нам: «{title}». Мы это сделали. Спасибо за идею!",
        "en": "Hello! You suggested to us: “{title}”. It is there now. Thank you for the idea!",
    },
}
_AUTHOR = {
    "ru": "Готово: {title}. Черновики письма ждут в разговорах: {count}",
    "en": "Done: {title}. Drafted replies wait in conversations: {count}",
}


def draft(issue: Issue, lang: str) -> str:
    """Words for the customer, ready to be sent or changed."""
    texts = _DONE[issue.report.kind]
    return texts.get(lang, texts["en"]).format(title=issue.report.title.rstrip("."))


def to_author(issue: Issue, lang: str) -> str:
    return _AUTHOR[lang].format(title=issue.report.title, count=len(issue.conversations))
