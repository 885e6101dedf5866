"""Account numbers, addresses, money and days in the many ways customers and the bot write them."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from actions.skills import formats
from actions.skills.details import find_street, read_account, read_house

STREETS = {
    "Лесная": ("Лесная", "Lesnaya"),
    "Молодёжная": ("Молодёжная", "Molodyozhnaya"),
    "проспект Мира": ("проспект Мира", "Mira Avenue"),
    "8 Марта": ("8 Марта", "8 Marta"),
}


@pytest.mark.parametrize(
    "text",
    ["71234567", "л/с 7123 4567", "мой лс 7123-4567", "account no. 7123 45 67", "кв 5, счёт 71234567, спасибо"],
)
def test_an_account_number_is_read_however_it_is_grouped(text: str) -> None:
    assert read_account(text).number == "71234567"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("не знаю", "missing"),
        ("712345", "length"),
        ("712345678", "length"),
        ("12345678", "start"),
        ("8 900 123-45-67", "phone"),
        ("+79001234567", "phone"),
        ("тариф 300", "length"),
    ],
)
def test_what_is_wrong_with_a_number_is_named(text: str, problem: str) -> None:
    assert read_account(text).problem == problem


@pytest.mark.parametrize(
    ("text", "street", "house", "flat"),
    [
        ("ул. Лесная, д. 12, кв. 5", "Лесная", "12", "5"),
        ("Лесная 12-5", "Лесная", "12", "5"),
        ("авария на Лесной, 12?", "Лесная", "12", ""),
        ("12 Lesnaya st apt 5", "Лесная", "12", "5"),
        ("apartment 5, 12 lesnaya street", "Лесная", "12", "5"),
        ("лесная дом 12а", "Лесная", "12а", ""),
        ("Лесная 12 корп. 2 кв 8", "Лесная", "12к2", "8"),
        ("Лесная 12к2", "Лесная", "12к2", ""),
        ("Лесная 12/1, подъезд 3, этаж 5, кв. 40", "Лесная", "12/1", "40"),
        ("170000, ул Молодежная 7", "Молодёжная", "7", ""),
        ("молодежноя 7", "Молодёжная", "7", ""),
        ("пр-т Мира 3", "проспект Мира", "3", ""),
        ("3 Mira avenue", "проспект Мира", "3", ""),
        ("ул. 8 Марта, 5", "8 Марта", "5", ""),
        ("Лесная", "Лесная", "", ""),
    ],
)
def test_an_address_is_read_in_both_languages(text: str, street: str, house: str, flat: str) -> None:
    found = find_street(text, STREETS)
    assert found is not None
    place = read_house(found.rest)
    assert (found.name, place.number, place.flat) == (street, house, flat)


@pytest.mark.parametrize("text", ["Тверская 5", "мир вокруг", "лес рядом", "how do I pay", ""])
def test_a_street_that_is_not_ours_is_not_found(text: str) -> None:
    assert find_street(text, STREETS) is None


@pytest.mark.parametrize(
    ("text", "plain"),
    [("12", True), ("дом 12, кв 5", True), ("it's 12a", True), ("сколько стоит тариф 300?", False)],
)
def test_a_bare_number_is_a_house_only_when_nothing_else_is_said(text: str, plain: bool) -> None:
    assert read_house(text).plain is plain


def test_money_and_days_are_written_as_customers_write_them() -> None:
    assert formats.money(Decimal("1820.50"), "ru") == "1\u00a0820,50\u00a0₽"
    assert formats.money(Decimal("-150"), "en") == "150\u00a0₽"
    assert formats.day(date(2026, 11, 24), "ru") == "24 ноября, вторник"
    assert formats.day(date(2026, 11, 24), "en") == "Tuesday, 24 November"
    assert formats.time(datetime(2026, 11, 24, 6, 0), date(2026, 11, 24), "ru") == "06:00"
    assert formats.time(datetime(2026, 11, 25, 2, 0), date(2026, 11, 24), "en") == "02:00 on 25 November"
    assert formats.account("71234567") == "7123\u00a04567"
    assert formats.address("Lesnaya", "12", "5", "en") == "Lesnaya, 12, apt. 5"
