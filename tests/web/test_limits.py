"""Token buckets and slots, on a clock that the test turns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import TooManyRequests
from bot.web import limits, words
from bot.web.limits import Limiter, Rate, Slots, network
from bot.web.options import WebOptions


class Clock:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def test_a_burst_then_one_a_period() -> None:
    clock = Clock()
    limiter = Limiter(Rate(1, 5), clock=clock)
    assert [limiter.take("a") for _ in range(5)] == [0.0] * 5
    assert limiter.take("a") == pytest.approx(1)
    clock.at = 0.4
    assert limiter.take("a") == pytest.approx(0.6)
    clock.at = 1.0
    assert limiter.take("a") == 0.0
    assert limiter.take("a") > 0
    clock.at = 100.0
    assert [limiter.take("a") for _ in range(6)][:5] == [0.0] * 5


def test_of_several_rates_the_stricter_one_counts() -> None:
    clock = Clock()
    limiter = Limiter(Rate(1, 5), Rate(2, 30), clock=clock)
    allowed = 0
    for second in range(60):
        clock.at = float(second)
        allowed += limiter.take("a") == 0.0
    assert allowed in (59, 60)
    clock.at = 60.0
    assert sum(limiter.take("a") == 0.0 for _ in range(10)) <= 2


def test_keys_do_not_share_tokens_and_refusals_cost_nothing() -> None:
    clock = Clock()
    limiter = Limiter(Rate(10, 1), clock=clock)
    assert limiter.take("a") == limiter.take("b") == 0.0
    waits = [limiter.take("a") for _ in range(100)]
    assert waits == pytest.approx([10] * 100)


@given(st.lists(st.floats(min_value=0, max_value=5), min_size=1, max_size=200))
def test_never_more_than_the_burst_and_what_time_brought(pauses: list[float]) -> None:
    clock = Clock()
    limiter = Limiter(Rate(2, 3), clock=clock)
    allowed = 0
    for pause in pauses:
        clock.at += pause
        allowed += limiter.take() == 0.0
    assert allowed <= 3 + clock.at / 2 + 0.01


def test_a_refusal_says_how_long_to_wait() -> None:
    limiter = Limiter(Rate(30, 1), clock=Clock())
    limiter.check("a", "Slowly.", "too_many_messages")
    with pytest.raises(TooManyRequests) as refused:
        limiter.check("a", "Slowly.", "too_many_messages")
    assert (refused.value.retry_after, refused.value.code) == (30, "too_many_messages")


def test_memory_is_bounded_however_many_addresses_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "KEYS", 100)
    clock = Clock()
    limiter = Limiter(Rate(1_000, 1), clock=clock)
    for number in range(1_000):
        clock.at += 0.001
        limiter.take(f"address {number}")
    assert 90 <= len(limiter._full_at) <= 100
    assert limiter.take("address 999") > 0


def test_slots_are_given_back() -> None:
    slots = Slots(1)
    with slots.hold("a") as first, slots.hold("a") as second, slots.hold("b") as other:
        assert (first, second, other) == (True, False, True)
    with slots.hold("a") as again:
        assert again
    assert not slots._open


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unknown", "unknown"),
    ],
)
def test_an_ipv6_customer_is_one_address_not_millions(address: str, counted: str) -> None:
    assert network(address) == counted


@pytest.mark.parametrize(
    ("public_url", "origins", "secure"),
    [
        ("https://Help.Example/", {"https://help.example"}, True),
        ("https://help.example:443", {"https://help.example"}, True),
        ("http://help.example:8080", {"http://help.example:8080"}, False),
        (
            "http://localhost:8080",
            {"http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"},
            False,
        ),
    ],
)
def test_own_origins_are_written_as_browsers_write_them(public_url: str, origins: set[str], secure: bool) -> None:
    options = WebOptions(public_url=public_url)
    assert options.own_origins == origins
    assert options.secure is secure


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("", "ru"),
        ("en-GB,en;q=0.9,ru;q=0.8", "en"),
        ("ru;q=0.5, en;q=0.9", "en"),
        ("de, fr;q=0.9", "ru"),
        ("en;q=nonsense, ru", "ru"),
        ("en," * 10_000, "en"),
        (";;;,,q=", "ru"),
    ],
)
def test_the_browsers_favourite_of_our_languages_is_chosen(header: str, lang: str) -> None:
    assert words.preferred(header) == lang
