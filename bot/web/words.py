"""What the web door says when it refuses something, in both languages, by error code; pure."""

from collections.abc import Iterable
from typing import Any

from bot.web import kb_words

SENTENCES: dict[str, dict[str, str]] = kb_words.SENTENCES | {
    "bad_request": {
        "ru": "Запрос не удалось разобрать. Обновите страницу и попробуйте ещё раз.",
        "en": "The request could not be read. Reload the page and try again.",
    },
    "invalid_body": {
        "ru": "Данные запроса не той формы. Проверьте поля и отправьте снова.",
        "en": "The request has the wrong shape. Check its fields and send it again.",
    },
    "invalid_frame": {
        "ru": "Сообщение протокола не той формы, поэтому оно пропущено.",
        "en": "This frame has the wrong shape and was left out.",
    },
    "invalid_json": {
        "ru": "Это не JSON, поэтому сообщение пропущено.",
        "en": "This is not JSON and was left out.",
    },
    "hello_first": {
        "ru": "Сначала нужно поздороваться: отправьте hello.",
        "en": "Say hello first: the first frame of a socket is hello.",
    },
    "hello_again": {"ru": "Hello уже было.", "en": "Hello has been said already."},
    "text_empty": {
        "ru": "Сообщение пустое. Напишите хотя бы слово.",
        "en": "The message is empty. Write something first.",
    },
    "text_too_long": {
        "ru": "Сообщение слишком длинное. Сократите его или отправьте по частям.",
        "en": "The message is too long. Please shorten it or send it in parts.",
    },
    "button_unknown": {
        "ru": "Этой кнопки больше нет. Напишите, пожалуйста, словами.",
        "en": "This button is no longer there. Please write instead.",
    },
    "push_refused": {
        "ru": "Этот браузер дал адрес, на который нельзя отправлять уведомления.",
        "en": "This browser gave an address that notices cannot be sent to.",
    },
    "already_claimed": {
        "ru": "Это обращение уже у другого оператора: {winner}. Возьмите другое из очереди.",
        "en": "{winner} has already claimed this ticket. Pick another one from the queue.",
    },
    "already_rated": {"ru": "Этот разговор уже оценён. Спасибо!", "en": "This conversation has been rated. Thank you!"},
    "unauthorised": {
        "ru": "Сначала войдите в рабочее место.",
        "en": "Sign in to the desk first.",
    },
    "wrong_credentials": {
        "ru": "Неверный логин или пароль.",
        "en": "The login or the password is wrong.",
    },
    "login_throttled": {
        "ru": "Слишком много неудачных попыток входа. Попробуйте снова через {retry_after} с.",
        "en": "Too many failed sign-ins. Try again in {retry_after} s.",
    },
    "forbidden": {
        "ru": "Вашей роли это не разрешено.",
        "en": "Your role does not allow this.",
    },
    "origin_refused": {
        "ru": "Запрос пришёл с чужой страницы. Откройте сервис по адресу из настройки ZEROLINE_PUBLIC_URL.",
        "en": "The request comes from a page of another address. Open the address set as ZEROLINE_PUBLIC_URL.",
    },
    "csrf_refused": {
        "ru": "Страница устарела. Обновите её и повторите действие.",
        "en": "This page is out of date. Reload it and try again.",
    },
    "metrics_private": {
        "ru": "Показатели видны только с этого компьютера или по токену.",
        "en": "Metrics are shown to this machine only, or to whoever brings the token.",
    },
    "not_found": {
        "ru": "Такой страницы нет. Проверьте адрес.",
        "en": "There is no such page. Check the address.",
    },
    "conversation_unknown": {"ru": "Такого разговора нет.", "en": "There is no such conversation."},
    "ticket_unknown": {
        "ru": "Такого обращения нет. Обновите очередь.",
        "en": "There is no such ticket. Refresh the queue.",
    },
    "ticket_closed": {
        "ru": "Обращение закрыто, клиенту снова отвечает бот.",
        "en": "This ticket is closed; the bot answers this customer now.",
    },
    "not_your_ticket": {
        "ru": "Сначала возьмите обращение: клиенту пишет только тот, кто его взял.",
        "en": "Claim this ticket first: only its assignee writes to the customer.",
    },
    "already_offered": {
        "ru": "Это обращение сейчас предложено другому оператору: {winner}. Подождите немного или возьмите другое.",
        "en": "This ticket is being offered to {winner}. Wait a moment or pick another one.",
    },
    "over_cap": {
        "ru": "У вас уже столько обращений, сколько позволяет ваш предел. Закройте или отложите одно из них.",
        "en": "You already hold as many tickets as your limit allows. Close or snooze one first.",
    },
    "agent_unavailable": {
        "ru": "Этот коллега не в сети или уже занят полностью. Выберите другого или группу.",
        "en": "This colleague is not online or has no free slot. Pick another one, or a group.",
    },
    "customer_wrote": {
        "ru": "Клиент только что написал. Прочитайте, прежде чем закрыть.",
        "en": "The customer has just written something. Read it before you close.",
    },
    "nothing_to_decide": {
        "ru": "Здесь уже нечего решать. Обновите страницу.",
        "en": "There is nothing to decide here any more. Refresh the page.",
    },
    "incident_invalid": {
        "ru": "Напишите текст по-русски и по-английски, до 2000 знаков каждый, и назовите тему или слово.",
        "en": "Write the text in Russian and in English, up to 2,000 characters each, and name a topic or a word.",
    },
    "incident_unknown": {
        "ru": "Такого сбоя нет, или он уже завершён. Обновите список.",
        "en": "There is no such incident, or it is over. Refresh the list.",
    },
    "group_unknown": {
        "ru": "Такой группы нет. Обновите страницу и выберите другую.",
        "en": "There is no such group. Refresh the page and pick another one.",
    },
    "moment_past": {
        "ru": "Это время уже прошло. Выберите момент в будущем.",
        "en": "This moment has passed already. Choose one in the future.",
    },
    "moment_far": {"ru": "Выберите время в пределах года.", "en": "Choose a moment within a year from now."},
    "policy_changed": {
        "ru": "Правила тем временем изменил кто-то из коллег. Загрузите их заново и повторите правку.",
        "en": "A colleague has changed the rules meanwhile. Reload them and make your change again.",
    },
    "policy_invalid": {
        "ru": "Такие правила сохранить нельзя: {place}.",
        "en": "These rules cannot be saved: {place}.",
    },
    "message_unknown": {
        "ru": "Такого сообщения здесь нет. Обновите страницу.",
        "en": "There is no such message. Reload the page.",
    },
    "target_unclear": {
        "ru": "Выберите человека или группу — что-то одно.",
        "en": "Choose a person or a group, one of the two.",
    },
    "method_not_allowed": {
        "ru": "По этому адресу так не обращаются.",
        "en": "This address does not take that method.",
    },
    "too_large": {"ru": "Слишком большой запрос.", "en": "The request is too large."},
    "upgrade_required": {
        "ru": "По этому адресу говорят только по WebSocket.",
        "en": "This address speaks WebSocket only.",
    },
    "request_timeout": {
        "ru": "Запрос приходил слишком долго. Попробуйте ещё раз.",
        "en": "The request took too long to arrive. Try again.",
    },
    "too_many_requests": {
        "ru": "Слишком часто. Подождите немного и попробуйте снова.",
        "en": "Too many at once. Wait a little and try again.",
    },
    "too_many_messages": {
        "ru": "Вы пишете очень быстро. Подождите несколько секунд и отправьте снова.",
        "en": "You are writing very fast. Wait a few seconds and send it again.",
    },
    "too_many_visitors": {
        "ru": "С вашего адреса открыто слишком много новых чатов. Попробуйте позже или позвоните нам.",
        "en": "Too many new chats have been opened from your address. Try again later or call us.",
    },
    "too_many_sockets": {
        "ru": "С вашего адреса открыто слишком много соединений. Закройте лишние вкладки.",
        "en": "Too many connections are open from your address. Close some tabs.",
    },
    "owner_only": {
        "ru": "Делать владельцем, менять или отключать владельца может только владелец.",
        "en": "Only an owner may make, change or switch off an owner.",
    },
    "own_role": {
        "ru": "Нельзя дать себе больше прав. Попросите коллегу, у которого они есть.",
        "en": "Nobody gives themselves more rights: ask a colleague who has them.",
    },
    "wrong_password": {
        "ru": "Старый пароль неверен.",
        "en": "The old password is wrong.",
    },
    "operator_unknown": {
        "ru": "Такого человека нет. Обновите список.",
        "en": "There is no such person. Refresh the list.",
    },
    "last_owner": {
        "ru": "Это последний владелец. Сначала сделайте владельцем кого-нибудь ещё.",
        "en": "This is the last owner. Make somebody else an owner first.",
    },
    "name_invalid": {
        "ru": "Имя — от 1 до 100 символов, его видят клиенты.",
        "en": "A name is 1 to 100 characters; customers see it.",
    },
    "login_invalid": {
        "ru": "Логин — от 1 до 100 символов без пробелов.",
        "en": "A login is 1 to 100 characters without spaces.",
    },
    "password_weak": {
        "ru": "Выберите пароль от 12 до 200 символов.",
        "en": "Choose a password of 12 to 200 characters.",
    },
    "login_taken": {
        "ru": "Такой логин уже есть. Выберите другой.",
        "en": "This login exists already. Choose another one.",
    },
    "file_too_large": {
        "ru": "Файл больше 10 МБ. Сожмите его или пришлите ссылку.",
        "en": "The file is larger than 10 MB. Compress it or send a link.",
    },
    "file_missing": {
        "ru": "Файла нет в запросе. Выберите его ещё раз.",
        "en": "There is no file in the request. Choose it again.",
    },
    "file_refused": {
        "ru": "Такие файлы не принимаются. Подойдут PNG, JPEG, GIF, WebP, PDF, TXT, CSV, DOCX, XLSX и ZIP.",
        "en": "Files of this kind are not taken. PNG, JPEG, GIF, WebP, PDF, TXT, CSV, DOCX, XLSX and ZIP are.",
    },
    "file_unknown": {
        "ru": "Такого файла нет в этом разговоре. Загрузите его ещё раз.",
        "en": "There is no such file in this conversation. Upload it again.",
    },
    "too_many_files": {
        "ru": "Слишком много файлов подряд. Подождите немного и отправьте снова.",
        "en": "Too many files at once. Wait a little and send it again.",
    },
    "shortcut_taken": {
        "ru": "Готовый ответ с таким сокращением уже есть. Выберите другое.",
        "en": "There is a ready answer with this shortcut already. Choose another one.",
    },
    "canned_unknown": {
        "ru": "Такого готового ответа нет. Обновите список.",
        "en": "There is no such ready answer. Refresh the list.",
    },
    "issue_unknown": {
        "ru": "Такой ошибки или пожелания нет. Обновите список.",
        "en": "There is no such bug or wish. Refresh the list.",
    },
    "tracker_off": {
        "ru": "Внешний трекер не настроен. Это может сделать владелец.",
        "en": "No tracker is set up. An owner can do that.",
    },
    "tracker_invalid": {
        "ru": "Настройки трекера неполные: нужны адрес, проект и секрет.",
        "en": "The tracker's settings are incomplete: it needs an address, a project and a secret.",
    },
    "hook_refused": {
        "ru": "Вызов не доказал, что он от трекера.",
        "en": "The call does not prove that it comes from the tracker.",
    },
    "visitor_unknown": {
        "ru": "Сначала откройте чат, потом отправляйте файл.",
        "en": "Open the chat first, then send the file.",
    },
    "internal_error": {
        "ru": "У нас что-то сломалось. Попробуйте ещё раз; если не поможет, сообщите нам номер запроса.",
        "en": "Something broke on our side. Try again; if it stays, tell us the request number.",
    },
    "unavailable": {
        "ru": "Часть системы сейчас недоступна, ничего не сохранено. Попробуйте ещё раз через минуту.",
        "en": "A part of the system is down and nothing was saved. Try again in a minute.",
    },
}


def sentence(code: str, lang: str, otherwise: str = "", facts: dict[str, Any] | None = None) -> str:
    """The sentence for a code with its facts (`winner`, `retry_after`) filled in; `otherwise` for an unknown code."""
    known = SENTENCES.get(code, {}).get(lang)
    if known is None:
        return otherwise or SENTENCES["internal_error"][lang]
    return known.format(**(facts or {})) if "{" in known else known


def preferred(accept_language: str, offered: Iterable[str] = ("ru", "en")) -> str:
    """The offered language that an Accept-Language header likes best; the first one when it likes none."""
    choices = list(offered)
    weighed: list[tuple[float, int, str]] = []
    for order, part in enumerate(accept_language.split(",")[:20]):
        tag, _, quality = part.strip().partition(";q=")
        base = tag.split("-")[0].lower()
        if base in choices:
            weighed.append((_quality(quality), -order, base))
    return max(weighed)[2] if weighed else choices[0]


def _quality(text: str) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 0.0
