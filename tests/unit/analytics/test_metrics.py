"""What is counted for /metrics, under the names that dashboards rely on."""

import pytest
from prometheus_client import generate_latest

from bot.analytics.metrics import Metrics
from bot.conversation.model import Author, Channel


def test_everything_that_happens_is_counted_under_its_label() -> None:
    metrics = Metrics()
    metrics.message_stored(Author.CUSTOMER, Channel.TELEGRAM)
    metrics.message_stored(Author.CUSTOMER, Channel.TELEGRAM)
    metrics.turn_answered("answered", 0.12)
    metrics.turn_answered("degraded", 3.5)
    metrics.ticket_opened("not_found", Channel.WIDGET)
    metrics.ticket_closed("solved")
    metrics.sockets.labels("widget").inc()
    value = metrics.registry.get_sample_value
    assert value("zeroline_messages_total", {"author": "customer", "channel": "telegram"}) == 2
    assert value("zeroline_turn_seconds_count", {"outcome": "answered"}) == 1
    assert value("zeroline_turn_seconds_sum", {"outcome": "degraded"}) == 3.5
    assert value("zeroline_turn_seconds_bucket", {"outcome": "answered", "le": "0.1"}) == 0
    assert value("zeroline_turn_seconds_bucket", {"outcome": "answered", "le": "0.2"}) == 1
    assert value("zeroline_tickets_opened_total", {"reason": "not_found", "channel": "widget"}) == 1
    assert value("zeroline_tickets_closed_total", {"outcome": "solved"}) == 1
    assert value("zeroline_sockets", {"door": "widget"}) == 1


def test_two_apps_in_one_process_count_apart() -> None:
    first, second = Metrics(), Metrics()
    first.ticket_closed("solved")
    assert second.registry.get_sample_value("zeroline_tickets_closed_total", {"outcome": "solved"}) is None


@pytest.mark.parametrize(
    "family",
    [
        "zeroline_messages",
        "zeroline_turn_seconds",
        "zeroline_tickets_opened",
        "zeroline_tickets_closed",
        "zeroline_sockets",
    ],
)
def test_every_family_is_shown_with_a_sentence(family: str) -> None:
    shown = generate_latest(Metrics().registry).decode()
    assert f"# HELP {family}" in shown
