"""The desk's routes for what a lead sets: groups, calendars with public holidays, deadlines, priorities, tags."""

from functools import lru_cache

import holidays

from bot.accounts.model import Permission
from bot.clock import now
from bot.errors import BadRequest
from bot.web import schemas
from bot.web.api import Call, Route
from bot.web.rules import policy_of, policy_view

YEARS = range(2000, 2101)
LANGUAGES = {"ru": ("ru", "en_US", "en"), "en": ("en_US", "en_GB", "en")}


async def policy(call: Call) -> schemas.PolicyPage:
    rules = await call.services.lead.policy()
    articles = [one for lang in ("ru", "en") for one in await call.services.knowledge.articles(lang)]
    topics = sorted({one.category for one in articles if one.category})
    return schemas.PolicyPage(policy=policy_view(rules), topics=topics, countries=_countries())


async def set_policy(call: Call) -> schemas.PolicyView:
    body: schemas.PolicyView = call.body
    return policy_view(await call.services.lead.set_policy(call.operator, policy_of(body)))


async def public_holidays(call: Call) -> schemas.HolidayList:
    country, year = call.query["country"].upper() or "RU", call.number("year", now().year)
    if country not in _countries():
        raise BadRequest("country: not one whose holidays are known.", "invalid_body")
    if year not in YEARS:
        raise BadRequest("year: from 2000 to 2100, please.", "invalid_body")
    return schemas.HolidayList(days=_days(country, year, call.lang))


@lru_cache(maxsize=1)
def _countries() -> list[str]:
    """ISO codes."""
    return sorted(code for code in holidays.list_supported_countries() if len(code) == 2)


@lru_cache(maxsize=200)
def _days(country: str, year: int, lang: str) -> dict[str, str]:
    """Names in the reader's language where the package has them."""
    offered = holidays.list_localized_countries().get(country, [])
    language = next((one for one in LANGUAGES[lang] if one in offered), None)
    days = holidays.country_holidays(country, years=year, language=language)
    return {day.isoformat(): name for day, name in sorted(days.items())}


ROUTES = (
    Route(
        "GET",
        "/api/desk/policy",
        policy,
        "The rules of the desk, and what they can be made of.",
        permission=Permission.SEE_DESK,
        reply=schemas.PolicyPage,
    ),
    Route(
        "PUT",
        "/api/desk/policy",
        set_policy,
        "Replace the rules; `version` must be the one that was read.",
        permission=Permission.MANAGE_TEAM,
        body=schemas.PolicyView,
        reply=schemas.PolicyView,
        errors=("invalid_body", "policy_invalid", "policy_changed"),
    ),
    Route(
        "GET",
        "/api/desk/holidays",
        public_holidays,
        "Public holidays of a country in a year, by date.",
        permission=Permission.MANAGE_TEAM,
        query=("country", "year"),
        reply=schemas.HolidayList,
        errors=("invalid_body",),
    ),
)
