"""What the Telegram room itself says to customers, in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The room's sentences in one language. Callback answers stay under Telegram's 200 characters."""

    person: str
    placeholder: str
    choose: str
    help: str
    language_set: str
    language_ask: str
    only_text: str
    only_text_for_person: str
    with_person: str
    in_queue: str
    too_long: str
    empty: str
    too_fast: str
    refused: str
    not_stored: str
    stale: str
    rated: str
    chosen: str
    helped: str
    not_helped: str
    sorry: str
    source: str
    blank: str
    with_bot: str
    with_named: str
    updated: str
    file_too_large: str
    file_refused: str
    file_lost: str
    file_gone: str
    linked: str
    link_stale: str
    notice: str
    open_desk: str
    commands: tuple[tuple[str, str], ...]


RU = Words(
    person="Позвать человека",
    placeholder="Напишите вопрос",
    choose="Спросите своими словами или выберите вопрос:",
    help=(
        "Я автоматический помощник поддержки. Напишите вопрос своими словами: отвечу сразу, а если не смогу, "
        "передам специалисту.\n\n/person – позвать человека\n/status – кто отвечает и сколько ждать\n"
        "/lang ru или /lang en – сменить язык\n"
        "/start – показать приветствие и частые вопросы"
    ),
    language_set="Хорошо, дальше отвечаю по-русски.",
    language_ask="На каком языке вам отвечать?",
    only_text=(
        "Такие сообщения я не понимаю: только текст, фото и документы. Опишите, пожалуйста, вопрос словами "
        "или позовите человека."
    ),
    only_text_for_person=(
        "Такие сообщения сюда не доходят: специалист увидит только пометку. Опишите, пожалуйста, главное словами "
        "или пришлите фото либо документ."
    ),
    with_person="С вами уже общается специалист. Просто напишите, он увидит сообщение.",
    in_queue="Вы уже в очереди к специалисту. Можете писать сюда: он увидит всю переписку.",
    too_long="Сообщение длиннее 2000 символов, целиком его не принять. Сократите его или пришлите частями, пожалуйста.",
    empty="В сообщении нет текста. Напишите, пожалуйста, вопрос словами.",
    too_fast="Сообщения приходят слишком быстро, последние я не прочитал. Повторите их через минуту, пожалуйста.",
    refused="Не получилось принять сообщение. Напишите иначе или позовите человека, пожалуйста.",
    not_stored="Из-за сбоя сообщение не сохранилось. Отправьте его, пожалуйста, ещё раз.",
    stale="Эта кнопка больше не действует. Напишите вопрос или выберите вариант под последним сообщением.",
    rated="Оценка уже стоит. Спасибо!",
    chosen="Этот вариант уже выбран.",
    helped="Помогло",
    not_helped="Не помогло",
    sorry="Жаль, что ответ не помог. Спросите другими словами или позовите человека.",
    source="Источник",
    blank="(сообщение без видимых символов)",
    with_bot="Вам отвечаю я, автоматический помощник. Напишите вопрос или позовите человека: /person",
    with_named="Вам отвечает {name}. Просто напишите, сообщение сразу придёт.",
    updated="Обновлено: {text}",
    file_too_large="Файл больше 10 МБ, такой не принять. Сожмите его или пришлите ссылку, пожалуйста.",
    file_refused="Такие файлы не принимаем. Подойдут фото, PDF, DOCX, XLSX, TXT, CSV и ZIP.",
    file_lost="Не получилось загрузить файл. Отправьте его, пожалуйста, ещё раз.",
    file_gone="Файл «{name}» отправить не удалось. Попросите, пожалуйста, прислать его ещё раз.",
    linked="Готово: сюда будут приходить уведомления рабочего места. Отключить их можно там же, в настройках.",
    link_stale="Эта ссылка уже не действует. Откройте новую в рабочем месте: уведомления, Telegram.",
    notice="Обращение №{number}",
    open_desk="Открыть в рабочем месте",
    commands=(
        ("start", "Приветствие и частые вопросы"),
        ("person", "Позвать человека"),
        ("status", "Кто отвечает и сколько ждать"),
        ("lang", "Сменить язык"),
        ("help", "Что я умею"),
    ),
)

EN = Words(
    person="Talk to a person",
    placeholder="Type your question",
    choose="Ask in your own words or pick a question:",
    help=(
        "I am an automated support assistant. Ask in your own words: I answer at once, and if I cannot, "
        "I pass you to a colleague.\n\n/person – talk to a person\n/status – who answers and how long it takes\n"
        "/lang ru or /lang en – change the language\n"
        "/start – show the greeting and common questions"
    ),
    language_set="All right, I will answer in English from now on.",
    language_ask="Which language should I answer in?",
    only_text=(
        "I do not understand messages like this, only text, photos and documents. Please describe your question in "
        "words, or talk to a person."
    ),
    only_text_for_person=(
        "Messages like this do not get through: our colleague will only see that there was one. Please put the main "
        "points into words, or send a photo or a document."
    ),
    with_person="You are already talking to our colleague. Just write, they will see your message.",
    in_queue="You are already in the queue for a person. You can keep writing here: they will see everything.",
    too_long="That message is over 2,000 characters, too long for me to take. Please shorten it or send it in parts.",
    empty="There is no text in that message. Please put your question into words.",
    too_fast="Messages are coming in too fast and I have not read the last ones. Please repeat them in a minute.",
    refused="I could not take that message. Please put it differently, or talk to a person.",
    not_stored="Something went wrong and your message was not saved. Please send it once more.",
    stale="This button no longer works. Type your question or pick an option under the latest message.",
    rated="You have already rated this conversation. Thank you!",
    chosen="You have already picked this option.",
    helped="It helped",
    not_helped="It did not",
    sorry="Sorry that this did not help. Put it in other words, or talk to a person.",
    source="Source",
    blank="(a message without visible characters)",
    with_bot="I am answering you, the automated assistant. Ask a question, or talk to a person: /person",
    with_named="{name} is answering you. Just write, your message arrives at once.",
    updated="Update: {text}",
    file_too_large="The file is over 10 MB, too large for me to take. Please compress it or send a link.",
    file_refused="We do not take files of this kind. Photos, PDF, DOCX, XLSX, TXT, CSV and ZIP are fine.",
    file_lost="The file could not be fetched. Please send it once more.",
    file_gone="The file “{name}” could not be sent. Please ask for it once more.",
    linked="Done: notices from your desk will arrive here. You can switch them off in the desk's settings.",
    link_stale="This link no longer works. Open a new one at the desk: notices, Telegram.",
    notice="Ticket #{number}",
    open_desk="Open at the desk",
    commands=(
        ("start", "Greeting and common questions"),
        ("person", "Talk to a person"),
        ("status", "Who answers and how long it takes"),
        ("lang", "Change the language"),
        ("help", "What I can do"),
    ),
)

RUSSIAN_READERS = frozenset({"ru", "be", "uk", "kk", "ky"})
"""Interface languages whose speakers are likelier to read Russian than English; what they write decides later."""

LANGUAGES = {"ru": "Русский", "en": "English"}
PERSON_TITLES = frozenset({RU.person, EN.person})


def words(lang: str) -> Words:
    return EN if lang == "en" else RU


def profile_language(code: str | None) -> str:
    """The language of a first contact, from Telegram's `language_code` (an IETF tag, sometimes absent)."""
    return "ru" if code is None or code.lower().split("-")[0] in RUSSIAN_READERS else "en"


def refusal(lang: str, code: str) -> str:
    """The sentence for an error code of the conversation service."""
    said = words(lang)
    known = {
        "text_too_long": said.too_long,
        "text_empty": said.empty,
        "button_unknown": said.stale,
        "message_unknown": said.stale,
        "not_an_answer": said.stale,
        "already_rated": said.rated,
        "file_too_large": said.file_too_large,
        "file_refused": said.file_refused,
        "file_missing": said.file_lost,
    }
    return known.get(code, said.refused)
