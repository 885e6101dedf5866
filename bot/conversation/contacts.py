"""How to reach a customer and who they are, read out of their own words; pure."""

import re

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)*\.[a-zа-яё]{2,24}(?![\w-])", re.IGNORECASE)
# A country code or a leading 8, then ten digits in any usual dress; or any other number written with a plus.
_RUSSIAN = re.compile(
    r"(?<![\d+])(?:\+7|8|7)?[\s(-]*(?P<code>9\d{2}|[3-8]\d{2})[\s)-]*(\d{3})[\s-]*(\d{2})[\s-]*(\d{2})(?!\d)"
)
_ABROAD = re.compile(r"(?<![\d+])\+(?!7[\s(-]*\d)\d(?:[\s()-]*\d){7,13}(?!\d)")
_ACCOUNT_WORD = re.compile(
    r"(?:договор\w*|лицев\w+|сч[её]т\w*|абонент\w*|аккаунт\w*|account|contract|customer)(?:\s+(?:счет\w*|счёт\w*|номер|no|number|id|is))*"
    r"[\s:№#.-]*(?P<number>\d[\d -]{4,14}\d)(?!\d)",
    re.IGNORECASE,
)
WORDS = 4
"""A message with a contact and no more other words than this is only the contact ("Моя почта — …")."""


def find_contacts(text: str) -> dict[str, str]:
    """What the text holds of `email`, `phone` (as +79161234567) and `account` (digits only); missing keys: nothing."""
    found: dict[str, str] = {}
    if email := _EMAIL.search(text):
        found["email"] = email.group().lower()
    if account := _ACCOUNT_WORD.search(text):
        found["account"] = re.sub(r"\D", "", account["number"])
    rest = _ACCOUNT_WORD.sub(" ", _EMAIL.sub(" ", text))
    if abroad := _ABROAD.search(rest):
        found["phone"] = "+" + re.sub(r"\D", "", abroad.group())
    elif phone := _RUSSIAN.search(rest):
        found["phone"] = "+7" + re.sub(r"\D", "", phone.group())[-10:]
    return found


def way_to_reach(text: str) -> str:
    """The e-mail address or else the phone number to write to; empty when there is neither."""
    found = find_contacts(text)
    return found.get("email") or found.get("phone") or ""


def is_only_contact(text: str) -> bool:
    """Whether the text gives a contact and asks nothing, so that nobody needs to answer it."""
    if not way_to_reach(text) or "?" in text:
        return False
    rest = _RUSSIAN.sub(" ", _ABROAD.sub(" ", _EMAIL.sub(" ", text)))
    return len(re.findall(r"[^\W\d_]{2,}", rest)) <= WORDS
