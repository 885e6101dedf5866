"""What the web door says when it refuses something about articles and learning, in both languages; pure."""

SENTENCES: dict[str, dict[str, str]] = {
    "article_unknown": {
        "ru": "Такой статьи нет: возможно, её переименовали. Поищите в списке или спросите в чате.",
        "en": "There is no such article: it may have been renamed. Look through the list or ask in the chat.",
    },
    "not_an_answer": {
        "ru": "Оценить можно только ответ бота из статьи. Если он не помог, позовите человека.",
        "en": "Only an answer that the bot took from an article can be rated. If it did not help, talk to a person.",
    },
    "label_invalid": {
        "ru": "В размеченном вопросе должны быть слова, и не больше 2000 знаков.",
        "en": "A labelled question has words, and at most 2,000 characters.",
    },
    "label_unknown": {
        "ru": "Этого размеченного вопроса больше нет. Обновите список.",
        "en": "This labelled question is no longer there. Refresh the list.",
    },
    "max_wrong_invalid": {
        "ru": "Допустимая доля ошибок — от 0,5 до 50 %.",
        "en": "The share of wrong answers allowed is between 0.5% and 50%.",
    },
    "version_unknown": {
        "ru": "Этой версии больше нет: хранятся последние двадцать. Обновите список.",
        "en": "This version is no longer there: the last twenty are kept. Refresh the list.",
    },
    "version_outdated": {
        "ru": "Эта версия настроена под другую модель поиска, с нынешней она работать не может.",
        "en": "This version was fitted to another search model and cannot work with the present one.",
    },
    "learning_busy": {
        "ru": "Обучение уже идёт. Результат появится здесь через минуту.",
        "en": "The bot is learning already. The result will be here in a minute.",
    },
}
