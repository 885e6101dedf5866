"""The sentences the product itself says, in both languages; the dialogue engine's own live in domain.yml."""

from handoff.model import Reason

GREETING = {
    "ru": "Здравствуйте! Я автоматический помощник «Версты». Задайте вопрос своими словами — отвечу сразу, "
    "а если не смогу, позову специалиста.",
    "en": "Hello! I am Versta's automated assistant. Ask in your own words: I answer at once, "
    "and if I cannot, I call a colleague.",
}
SUGGESTIONS = {
    "ru": ["Не работает интернет", "Как оплатить?", "Какие есть тарифы?", "Сколько я должен?"],
    "en": ["My internet is down", "How do I pay?", "What tariffs do you have?", "How much do I owe?"],
}
PERSON = {"ru": "Позвать человека", "en": "Talk to a person"}
BACK_TO_BOT = {"ru": "Вернуться к боту", "en": "Back to the bot"}
RATINGS = {
    "ru": {"1": "Плохо", "2": "Хорошо", "3": "Отлично"},
    "en": {"1": "Bad", "2": "Good", "3": "Excellent"},
}
RATING_REQUEST = {"ru": "Как вам помогли?", "en": "How did we do?"}
RATING_THANKS = {"ru": "Спасибо за оценку!", "en": "Thank you for the rating!"}
RETURNED = {
    "ru": "Я снова с вами, обращение №{number} закрыто. Спрашивайте — или позовите человека ещё раз.",
    "en": "I am back with you and request no. {number} is closed. Ask away, or call a person again.",
}
HERE = {"ru": "Я на связи. Задайте вопрос своими словами.", "en": "I am here. Ask in your own words."}
GIVEN_BACK = {
    "ru": "Сейчас подберём другого специалиста. Место в очереди сохранено, повторять ничего не нужно.",
    "en": "We are finding you another colleague. You keep your place and need not repeat anything.",
}
JOINED = {"ru": "{name} на связи, читает вашу переписку.", "en": "{name} has joined and is reading your conversation."}
FAREWELL = {
    "ru": "{name} завершает разговор. Спасибо, что обратились! "
    "Если вопрос появится снова, просто напишите — сначала отвечу я, бот.",
    "en": "{name} has closed the conversation. Thank you for writing! "
    "If anything comes up again, just write: the bot answers first.",
}

_WHY = {
    "ru": {
        Reason.ASKED: "Хорошо, зову специалиста.",
        Reason.NOT_FOUND: "На это у меня нет точного ответа, поэтому передаю вопрос специалисту.",
        Reason.SECOND_MISS: "Не хочу гадать дальше — передаю вопрос специалисту.",
        Reason.FRUSTRATION: "Простите, что не помог. Передаю вопрос специалисту.",
        Reason.JOB_FAILED: "Не получилось узнать это автоматически, передаю специалисту.",
        Reason.DEGRADED: "Сейчас я не могу ответить сам, поэтому передаю вопрос специалисту.",
    },
    "en": {
        Reason.ASKED: "Sure, I am calling a colleague.",
        Reason.NOT_FOUND: "I have no exact answer to this, so I am passing it to a colleague.",
        Reason.SECOND_MISS: "I would rather not guess again, so I am passing this to a colleague.",
        Reason.FRUSTRATION: "Sorry I could not help. I am passing this to a colleague.",
        Reason.JOB_FAILED: "I could not look this up automatically, so I am passing it to a colleague.",
        Reason.DEGRADED: "I cannot answer by myself right now, so I am passing this to a colleague.",
    },
}
_NEXT = {
    "ru": "Вся переписка уже у него, повторять ничего не нужно. Обращение №{number}, вы {position}-й в очереди; "
    "ответ придёт прямо сюда.\n\nПока ждёте, можно дописать подробности: номер договора, адрес, что вы уже пробовали.",
    "en": "They can see the whole conversation, so you need not repeat anything. Request no. {number}, "
    "your place in the queue: {position}; the reply comes right here.\n\n"
    "Meanwhile you can add details: your account number, address, what you have already tried.",
}


def why_handed_over(lang: str, reason: str) -> str:
    """The sentence that says why a person takes over; an unknown reason counts as not found."""
    return _WHY[lang][Reason(reason) if reason in set(Reason) else Reason.NOT_FOUND]


def handoff_text(lang: str, reason: Reason, number: int, position: int) -> str:
    """Why a person takes over, what happens next and what to do meanwhile."""
    return f"{_WHY[lang][reason]} {_NEXT[lang].format(number=number, position=position)}"
