"""A few articles for the tests of the knowledge base."""

from bot.kb.model import Article

WIFI = Article(
    id="wifi-password",
    lang="ru",
    title="Как сменить пароль от Wi-Fi?",
    short_answer="Пароль — **на наклейке** снизу роутера.",
    body="1. Откройте [настройки](http://192.168.0.1).\n2. Впишите новый пароль.",
    category="router",
    type="how-to",
    phrasings=("забыл пароль вайфай", "поменять ключ сети"),
    related=("router-reset",),
)
PAY = Article(
    id="pay-how",
    lang="ru",
    title="Как оплатить интернет?",
    short_answer="Картой в личном кабинете.",
    category="payment",
    phrasings=("куда платить за инет", "оплата картой"),
)
PAY_EN = Article(
    id="pay-how",
    lang="en",
    title="How do I pay for the internet?",
    short_answer="By card in your account.",
    category="payment",
    phrasings=("where to pay my bill", "pay by card"),
)
OUTAGE_EN = Article(
    id="outage-check",
    lang="en",
    title="Is there an outage at my address?",
    short_answer="Look at the status page.",
    category="outage",
)
ALL = (WIFI, PAY, PAY_EN, OUTAGE_EN)
