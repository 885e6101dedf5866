"""Money, days and times as Russian and English customers write them; pure."""

from datetime import date, datetime
from decimal import Decimal

_MONTHS = {
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split(),  # noqa: SIM905
    "en": "January February March April May June July August September October November December".split(),  # noqa: SIM905
}
_DAYS = {
    "ru": "понедельник вторник среда четверг пятница суббота воскресенье".split(),  # noqa: SIM905
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),  # noqa: SIM905
}


def money(roubles: Decimal, lang: str) -> str:
    """`1 820,50 ₽` or `1,820.50 ₽`; kopecks only when there are any; the sign is left to the words around."""
    amount = abs(roubles)
    written = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    if lang == "ru":
        written = written.replace(",", "\u00a0").replace(".", ",")
    return f"{written}\u00a0₽"


def day(when: date, lang: str) -> str:
    """`24 ноября, вторник` or `Tuesday, 24 November`."""
    month, weekday = _MONTHS[lang][when.month - 1], _DAYS[lang][when.weekday()]
    return f"{when.day} {month}, {weekday}" if lang == "ru" else f"{weekday}, {when.day} {month}"


def time(when: datetime, today: date, lang: str) -> str:
    """`18:30`, with the day and month when it is not today."""
    clock = f"{when:%H:%M}"
    if when.date() == today:
        return clock
    month = _MONTHS[lang][when.month - 1]
    return f"{clock} {when.day} {month}" if lang == "ru" else f"{clock} on {when.day} {month}"


def account(number: str) -> str:
    """`7123 4567`: two groups of four are read back without a mistake."""
    return f"{number[:4]}\u00a0{number[4:]}"


def address(street: str, house: str, flat: str, lang: str) -> str:
    """`Лесная, 12, кв. 5` or `Lesnaya, 12, apt. 5`."""
    flat_word = "кв." if lang == "ru" else "apt."
    return ", ".join(part for part in (street, house, f"{flat_word} {flat}" if flat else "") if part)
