"""The public help centre: every published article by category, and a page for each."""

from collections import defaultdict
from typing import Any

from sanic import HTTPResponse

from bot import text
from bot.kb.model import Article
from bot.web.door import Request
from bot.web.headers import page_response

CATEGORIES = {
    "connection": {"ru": "Подключение", "en": "Getting connected"},
    "router": {"ru": "Роутер и Wi-Fi", "en": "Router and Wi-Fi"},
    "speed": {"ru": "Скорость", "en": "Speed"},
    "outage": {"ru": "Нет интернета", "en": "Outages"},
    "moving": {"ru": "Переезд", "en": "Moving"},
    "tariffs": {"ru": "Тарифы и услуги", "en": "Tariffs and services"},
    "payment": {"ru": "Оплата и счета", "en": "Payments and bills"},
    "account": {"ru": "Личный кабинет", "en": "Your account"},
    "contract": {"ru": "Договор", "en": "Contract"},
    "tv": {"ru": "Телевидение", "en": "TV"},
    "refunds": {"ru": "Возвраты и перерасчёты", "en": "Refunds"},
    "complaints": {"ru": "Жалобы", "en": "Complaints"},
    "technician": {"ru": "Визит мастера", "en": "Technician visits"},
    "security": {"ru": "Безопасность", "en": "Security"},
}
LANGS = ("ru", "en")


async def help_index(request: Request, lang: str) -> HTTPResponse:
    if lang not in LANGS:
        return await _missing(request, "ru")
    articles = await request.app.ctx.services.knowledge.articles(lang)
    return page_response(request, "help.html", _index(articles, lang, missing=False))


async def help_article(request: Request, lang: str, article_id: str) -> HTTPResponse:
    knowledge = request.app.ctx.services.knowledge
    article = await knowledge.article(article_id, lang) if lang in LANGS else None
    if article is None:
        return await _missing(request, lang if lang in LANGS else "ru")
    related = [await knowledge.article(other, lang) for other in article.related]
    values = {
        "lang": lang,
        "article": article,
        "category": category_title(article.category, lang),
        "short": text.markdown_blocks(article.short_answer, lang),
        "blocks": text.markdown_blocks(article.body, lang),
        "related": [other for other in related if other is not None],
        "translated": await knowledge.article(article_id, _other(lang)) is not None,
    }
    return page_response(request, "article.html", values)


def by_category(articles: list[Article], lang: str) -> list[tuple[str, str, list[Article]]]:
    """(id, title, articles) in the order in which people meet the subjects; unknown categories come last."""
    grouped: defaultdict[str, list[Article]] = defaultdict(list)
    for article in articles:
        grouped[article.category].append(article)
    order = list(CATEGORIES)
    ids = sorted(grouped, key=lambda name: (order.index(name) if name in order else len(order), name))
    return [(name, category_title(name, lang), sorted(grouped[name], key=lambda one: one.title)) for name in ids]


def category_title(category: str, lang: str) -> str:
    known = CATEGORIES.get(category)
    return known[lang] if known else category.replace("-", " ").capitalize()


async def _missing(request: Request, lang: str) -> HTTPResponse:
    """A 404 that helps: the whole list, and the chat on the same page."""
    articles = await request.app.ctx.services.knowledge.articles(lang)
    return page_response(request, "help.html", _index(articles, lang, missing=True), 404)


def _index(articles: list[Article], lang: str, missing: bool) -> dict[str, Any]:
    return {"lang": lang, "categories": by_category(articles, lang), "missing": missing}


def _other(lang: str) -> str:
    return "en" if lang == "ru" else "ru"
