"""Prometheus counters, filled by the conversation room's events and shown at /metrics."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bot.conversation.model import Author, Channel

TURN_SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0)


class Metrics:
    """The conversation room's Listener; its own registry, so that several apps fit in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._messages = Counter("zeroline_messages", "Messages stored.", ["author", "channel"], registry=self.registry)
        self._turns = Histogram(
            "zeroline_turn_seconds",
            "Bot turns from pick-up to commit.",
            ["outcome"],
            buckets=TURN_SECONDS,
            registry=self.registry,
        )
        self._opened = Counter("zeroline_tickets_opened", "Handoffs.", ["reason", "channel"], registry=self.registry)
        self._closed = Counter("zeroline_tickets_closed", "Tickets ended.", ["outcome"], registry=self.registry)
        self.sockets = Gauge("zeroline_sockets", "Open websockets.", ["door"], registry=self.registry)

    def message_stored(self, author: Author, channel: Channel) -> None:
        self._messages.labels(author.value, channel.value).inc()

    def turn_answered(self, outcome: str, seconds: float) -> None:
        self._turns.labels(outcome).observe(seconds)

    def ticket_opened(self, reason: str, channel: Channel) -> None:
        self._opened.labels(reason, channel.value).inc()

    def ticket_closed(self, outcome: str) -> None:
        self._closed.labels(outcome).inc()
