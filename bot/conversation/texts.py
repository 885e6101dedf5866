"""The sentences the product itself says, in both languages; the dialogue engine's own live in domain.yml."""

from datetime import datetime

from bot.conversation import moments
from handoff.model import Promise, Reason, Ticket

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
NONE_OF_THESE = {"ru": "Ничего из этого", "en": "None of these"}
BACK_TO_BOT = {"ru": "Вернуться к боту", "en": "Back to the bot"}
WAIT = {"ru": "Подожду здесь", "en": "I'll wait here"}
WRITE = {"ru": "Напишите мне позже", "en": "Write to me later"}
RATINGS = {
    "ru": {"1": "Плохо", "2": "Хорошо", "3": "Отлично"},
    "en": {"1": "Bad", "2": "Good", "3": "Excellent"},
}
REASONS = {
    "ru": {"speed": "Скорость", "outcome": "Результат", "comfort": "Общение", "other": "Другое"},
    "en": {"speed": "Speed", "outcome": "The result", "comfort": "The way we talked", "other": "Something else"},
}
RATING_REQUEST = {"ru": "Как вам помогли?", "en": "How did we do?"}
REASON_REQUEST = {
    "ru": {
        1: "Жаль, что так вышло. Что подвело?",
        2: "Спасибо за оценку! Что стоит улучшить?",
        3: "Спасибо за оценку! Что помогло больше всего?",
    },
    "en": {
        1: "We are sorry. What went wrong?",
        2: "Thank you for the rating! What could be better?",
        3: "Thank you for the rating! What helped most?",
    },
}
REASON_THANKS = {"ru": "Спасибо, передам команде.", "en": "Thank you, I will pass it on."}
TELL_ME = {"ru": "Сообщите, когда починят", "en": "Tell me when it is fixed"}
WILL_TELL = {
    "ru": "Хорошо, напишу сюда, как только будут новости.",
    "en": "Of course: I will write here as soon as there is news.",
}
RUSH = {
    "ru": "Наплыв вопросов: «{topic}», клиентов за 15 минут — {customers}. Похоже на сбой?",
    "en": "A rush of questions: “{topic}”, {customers} customers in 15 minutes. An incident?",
}
OVER_ALREADY = {"ru": "Это уже исправлено.", "en": "This has been fixed already."}
KNOWN_TROUBLE = {
    "ru": "Мы знаем о проблеме и чиним: {title}",
    "en": "We know about this problem and are fixing it: {title}",
}
RETURNED = {
    "ru": "Я снова с вами, обращение №{number} закрыто. Спрашивайте — или позовите человека ещё раз.",
    "en": "I am back with you and request no. {number} is closed. Ask away, or call a person again.",
}
TO_BOT = {
    "ru": "{name} передаёт разговор мне, автоматическому помощнику. Спрашивайте — или позовите человека ещё раз.",
    "en": "{name} has passed the conversation to me, the automated assistant. Ask away, or call a person again.",
}
HERE = {"ru": "Я на связи. Задайте вопрос своими словами.", "en": "I am here. Ask in your own words."}
GIVEN_BACK = {
    "ru": "Сейчас подберём другого специалиста. Место в очереди сохранено, повторять ничего не нужно.",
    "en": "We are finding you another colleague. You keep your place and need not repeat anything.",
}
LOST = {
    "ru": "Простите за задержку: передаём ваш вопрос другому специалисту, вне общей очереди. "
    "Повторять ничего не нужно.",
    "en": "Sorry for the delay: we are passing you to another colleague, ahead of the queue. "
    "You need not repeat anything.",
}
OPENED = {"ru": "Специалисты на месте: {promise}", "en": "Our colleagues are here: {promise}"}
TRANSFERRED = {
    "ru": "Передаём вас специалисту, который лучше разбирается в этом вопросе. Переписка у него, повторять не нужно.",
    "en": "We are passing you to a colleague who knows this better. They have the conversation, no need to repeat it.",
}
ESCALATED = {
    "ru": "Вопрос оказался непростым, передаём его старшему специалисту. Вся переписка уже у него.",
    "en": "This needs a senior colleague, so we are passing it on. They have the whole conversation.",
}
JOINED = {"ru": "{name} на связи, читает вашу переписку.", "en": "{name} has joined and is reading your conversation."}
BACK_AGAIN = {
    "ru": "{name} снова на связи и продолжит с того места, где вы остановились.",
    "en": "{name} is back and will carry on where you left off.",
}
FAREWELL = {
    "ru": "{name} завершает разговор. Спасибо, что обратились! "
    "Если вопрос появится снова, просто напишите — сначала отвечу я, бот.",
    "en": "{name} has closed the conversation. Thank you for writing! "
    "If anything comes up again, just write: the bot answers first.",
}
NEWS_BY = {
    "ru": "{name} вернётся к вам с новостями {when}.",
    "en": "{name} will get back to you with news {when}.",
}
STAYS = {
    "ru": "Хорошо, остаётесь в очереди. {promise}",
    "en": "Good, you stay in the queue. {promise}",
}
CONTACT_REQUEST = {
    "ru": "Ответ придёт сюда, в этот чат, и останется здесь: страницу можно закрыть и вернуться позже. "
    "Оставьте почту или телефон, чтобы специалист мог при необходимости написать или позвонить вам.",
    "en": "The answer comes here in this chat and stays here, so you may close this page and come back later. "
    "Leave an e-mail address or a phone number so that a colleague can write or call if needed.",
}
WILL_WRITE = {
    "ru": "Хорошо, специалист ответит прямо сюда, в этот чат. Ждать не нужно.",
    "en": "Good, a colleague will answer right here in this chat. No need to wait.",
}
CONTACT_TAKEN = {
    "ru": "Записали: {contact}. Ответ на обращение №{number} придёт сюда, в этот чат, и останется здесь. "
    "Если понадобится, специалист сможет написать или позвонить вам.",
    "en": "Noted: {contact}. The answer to request no. {number} comes here in this chat and stays here. "
    "A colleague can write or call you if needed.",
}
ALREADY_WAITING = {
    "ru": "Обращение №{number} уже у специалистов. {promise}",
    "en": "Request no. {number} is with our colleagues already. {promise}",
}
UNSEEN = {
    "ru": "Файл получил, но смотреть картинки и документы не умею. Опишите вопрос словами — или позовите человека.",
    "en": "I have the file but cannot look into pictures and documents. Describe it in words, or call a person.",
}
ADDED = {
    "ru": "На это точного ответа у меня нет, добавил вопрос к обращению №{number}. {promise}",
    "en": "I have no exact answer to that, so I have added it to your request no. {number}. {promise}",
}

_WHY = {
    "ru": {
        Reason.ASKED: "Хорошо, зову специалиста.",
        Reason.NOT_FOUND: "На это у меня нет точного ответа, поэтому передаю вопрос специалисту.",
        Reason.SECOND_MISS: "Не хочу гадать дальше — передаю вопрос специалисту.",
        Reason.FRUSTRATION: "Простите, что не помог. Передаю вопрос специалисту.",
        Reason.JOB_FAILED: "Не получилось узнать это автоматически, передаю специалисту.",
        Reason.DEGRADED: "Сейчас я не могу ответить сам, поэтому передаю вопрос специалисту.",
        Reason.TAKEN: "Передаю разговор специалисту.",
    },
    "en": {
        Reason.ASKED: "Sure, I am calling a colleague.",
        Reason.NOT_FOUND: "I have no exact answer to this, so I am passing it to a colleague.",
        Reason.SECOND_MISS: "I would rather not guess again, so I am passing this to a colleague.",
        Reason.FRUSTRATION: "Sorry I could not help. I am passing this to a colleague.",
        Reason.JOB_FAILED: "I could not look this up automatically, so I am passing it to a colleague.",
        Reason.DEGRADED: "I cannot answer by myself right now, so I am passing this to a colleague.",
        Reason.TAKEN: "I am passing this to a colleague.",
    },
}
_NEXT = {
    "ru": "Вся переписка уже у него, повторять ничего не нужно. Обращение №{number}: {promise} Ответ придёт прямо сюда."
    "\n\nПока ждёте, можно дописать подробности: номер договора, адрес, что вы уже пробовали.",
    "en": "They can see the whole conversation, so you need not repeat anything. Request no. {number}: {promise} "
    "The reply comes right here.\n\n"
    "Meanwhile you can add details: your account number, address, what you have already tried.",
}
_SHORT = {
    "ru": "Зову специалиста, вся переписка у него. Обращение №{number}: {promise}",
    "en": "I am calling a colleague; they see the whole conversation. Request no. {number}: {promise}",
}
_NIGHT = {
    "ru": "Обращение №{number} уже в очереди. {promise}\n\n{reach} А пока я на связи: спрашивайте, вдруг смогу помочь.",
    "en": "Request no. {number} is in the queue. {promise}\n\n{reach} Meanwhile I am here: ask, perhaps I can help.",
}
_LEAVE_CONTACT = {
    "ru": "Ответ придёт сюда, в этот чат, загляните позже. Можно оставить почту или телефон: "
    "специалист напишет или позвонит, если понадобится.",
    "en": "The answer comes here in this chat, so look in later. You may leave an e-mail address or a phone number: "
    "a colleague writes or calls if needed.",
}
_CHECK_HERE = {
    "ru": "Ответ придёт прямо в этот чат.",
    "en": "The answer comes right into this chat.",
}
_PLACE = {
    "ru": ("вы {position}-й в очереди, ответим {interval}.", "вы {position}-й в очереди."),
    "en": (
        "your place in the queue is {position}, we will answer {interval}.",
        "your place in the queue is {position}.",
    ),
}
_RETURN = {
    "ru": (
        "Сейчас специалисты не работают, вернутся {when}.",
        "Сейчас специалисты не работают, ответим, как только вернутся.",
    ),
    "en": (
        "Our colleagues are away now and return {when}.",
        "Our colleagues are away now and answer as soon as they return.",
    ),
}
_REMINDERS = {
    "ru": {
        "new": "Новое обращение №{number}: {subject}",
        "offer": "Вам предложено обращение №{number}: {subject}",
        "mention": "{who} упоминает вас в заметке к обращению №{number}",
        "sla": "Скоро выйдет срок по обращению №{number}: {subject}",
        "breached": "Срок по обращению №{number} вышел: {subject}",
        "update": "Вы обещали новости по обращению №{number}: {subject}",
        "woke": "Отложенное обращение №{number} снова в работе: {note}",
        "reopened": "Клиент вернулся, обращение №{number} снова ваше: {subject}",
        "returned": "Обращение №{number} вернулось в очередь: {subject}",
        "transferred": "{who} передаёт вам обращение №{number}: {subject}",
        "unclaimed": "Обращение №{number} никто не взял: {subject}",
        "rated": "Плохая оценка по обращению №{number}: {subject}",
    },
    "en": {
        "new": "New ticket no. {number}: {subject}",
        "offer": "Ticket no. {number} is offered to you: {subject}",
        "mention": "{who} mentions you in a note on ticket no. {number}",
        "sla": "Ticket no. {number} is due soon: {subject}",
        "breached": "Ticket no. {number} is overdue: {subject}",
        "update": "You promised news on ticket no. {number}: {subject}",
        "woke": "Ticket no. {number} is back from snooze: {note}",
        "reopened": "The customer is back, ticket no. {number} is yours again: {subject}",
        "returned": "Ticket no. {number} is back in the queue: {subject}",
        "transferred": "{who} passes ticket no. {number} to you: {subject}",
        "unclaimed": "Nobody has taken ticket no. {number}: {subject}",
        "rated": "A bad rating for ticket no. {number}: {subject}",
    },
}
MENTION = {"ru": "{who} зовёт вас в разговор", "en": "{who} calls you to a conversation"}
"""A mention in a conversation without a ticket."""
_DECISIONS = {
    "ru": {"approved": "{who}: ваше предложение согласовано", "declined": "{who}: ваше предложение отклонено"},
    "en": {"approved": "{who} has approved your proposal", "declined": "{who} has declined your proposal"},
}
_ON_TICKET = {"ru": " (обращение №{number})", "en": " on ticket no. {number}"}


def decision(lang: str, approval: str, who: str, number: int) -> str:
    """What the author of a proposal is told. `approval`: approved or declined; `number`: 0 without a ticket."""
    return _DECISIONS[lang][approval].format(who=who) + (_ON_TICKET[lang].format(number=number) if number else "")


def reminder(lang: str, kind: str, ticket: Ticket, who: str = "") -> str:
    """A line that calls an operator; holds no customer words beyond the ticket's subject."""
    note = ticket.snooze_note or ticket.subject
    return _REMINDERS[lang][kind].format(number=ticket.number, subject=ticket.subject, note=note, who=who).strip(": ")


def why_handed_over(lang: str, reason: str) -> str:
    """The sentence that says why a person takes over; an unknown reason counts as not found."""
    return _WHY[lang][Reason(reason) if reason in set(Reason) else Reason.NOT_FOUND]


def handoff_text(lang: str, ticket: Ticket, promise: str, closed: bool) -> str:
    """Why a person takes over, what happens next and what to do meanwhile; to whom is cross already, only that."""
    why, number = _WHY[lang][ticket.reason], ticket.number
    if closed:
        # A messenger keeps the answer for its customer; who closes a web page must be found by other means.
        reach = _CHECK_HERE[lang] if ticket.channel == "telegram" else _LEAVE_CONTACT[lang]
        return f"{why} {_NIGHT[lang].format(number=number, promise=promise, reach=reach)}"
    if ticket.reason is Reason.FRUSTRATION:
        return _SHORT[lang].format(number=number, promise=promise)
    return f"{why} {_NEXT[lang].format(number=number, promise=promise)}"


def promise_text(lang: str, promise: Promise, closed: bool, now: datetime, zone: str) -> str:
    """Place and expected interval, or when people return; within a sentence after a colon, hence in small letters."""
    if closed or promise.opens_at is not None:
        known, unknown = _RETURN[lang]
        at = promise.opens_at
        return unknown if at is None else known.format(when=moments.when(at, now, zone, lang))
    known, unknown = _PLACE[lang]
    if promise.earliest is None or promise.latest is None:
        return unknown.format(position=promise.position)
    interval = moments.within(promise.earliest, promise.latest, now, lang)
    return known.format(position=promise.position, interval=interval)


def sentence(text: str) -> str:
    """The same text as a sentence of its own."""
    return text[:1].upper() + text[1:]
