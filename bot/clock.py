"""Wall-clock time for rows people read; durations use the event loop's monotonic clock instead."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """The current moment as an aware UTC datetime."""
    return datetime.now(UTC)
