"""Rasa's tracker store: SQLite, one short row per conversation; a cache of the dialogue, the app has the transcript.

Stock stores replay every event at every message (34-44 ms on SQLite and growing); here the history is cut, so that a
long conversation costs as much as a short one (15-19 ms).
"""

import json
import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from actions.engine.light import LightTracker

SCHEMA = "CREATE TABLE IF NOT EXISTS trackers (sender TEXT PRIMARY KEY, events TEXT NOT NULL, saved_at REAL NOT NULL)"
SAVE = (
    "INSERT INTO trackers VALUES (?, ?, ?) "
    "ON CONFLICT (sender) DO UPDATE SET events = excluded.events, saved_at = excluded.saved_at"
)
DAY = 86_400.0
KEPT = 128
"""Dialogues kept as they are between two turns, some 50 kB each; the others are read again."""


class _Kept(NamedTuple):
    """A dialogue and what it was saved with: somebody may have gone on with it after that, and failed."""

    tracker: LightTracker
    domain: Domain
    events: int


class CompactTrackerStore(TrackerStore):
    """`db`: path of the SQLite file. A history longer than `max_events` is cut to two thirds of it, at a customer's
    message, with slots and form re-stated; rows untouched for `keep_days` are dropped at start."""

    def __init__(
        self,
        domain: Domain | None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        db: str = "tracker.db",
        max_events: int = 30,
        keep_days: float = 30,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self._max_events = max_events
        self._kept: dict[str, _Kept] = {}
        Path(db).parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(db, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute(SCHEMA)
        self._db.execute("DELETE FROM trackers WHERE saved_at < ?", (time.time() - keep_days * DAY,))

    async def save(self, tracker: DialogueStateTracker) -> None:
        await self.stream_events(tracker)
        events = self._recent(tracker)
        written = f"[{', '.join(map(_written, events))}]"
        self._db.execute(SAVE, (tracker.sender_id, written, time.time()))
        self._keep(tracker, events)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The dialogue as it was saved. It is given away: a turn that fails does not save what it has made of it."""
        kept = self._kept.pop(sender_id, None)
        if kept is not None and kept.domain is self.domain and len(kept.tracker.events) == kept.events:
            return kept.tracker
        row = self._db.execute("SELECT events FROM trackers WHERE sender = ?", (sender_id,)).fetchone()
        if row is None:
            return None
        return LightTracker.from_dict(sender_id, json.loads(row[0]), self.domain.slots, self.max_event_history)

    def init_tracker(self, sender_id: str) -> LightTracker:
        return LightTracker(sender_id, self.domain.slots, max_event_history=self.max_event_history)

    async def keys(self) -> Iterable[str]:
        return [sender for (sender,) in self._db.execute("SELECT sender FROM trackers")]

    def _keep(self, tracker: DialogueStateTracker, events: list[Event]) -> None:
        if not isinstance(tracker, LightTracker):
            return
        if events and events[0] is not tracker.events[0]:
            tracker = LightTracker.from_events(tracker.sender_id, events, self.domain.slots, self.max_event_history)
        self._kept[tracker.sender_id] = _Kept(tracker, self.domain, len(events))
        while len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]

    def _recent(self, tracker: DialogueStateTracker) -> list[Event]:
        events = list(tracker.events)
        if len(events) <= self._max_events:
            return events
        earliest = len(events) - self._max_events * 2 // 3
        cut = next((at for at in range(earliest, len(events)) if isinstance(events[at], UserUttered)), None)
        return events if cut is None else self._restated(tracker.sender_id, events[:cut]) + events[cut:]

    def _restated(self, sender_id: str, past: list[Event]) -> list[Event]:
        """The fewest events that bring a fresh tracker to the state after `past`."""
        state = DialogueStateTracker.from_events(sender_id, past, self.domain.slots)
        at = past[-1].timestamp
        head: list[Event] = [ActionExecuted("action_session_start", timestamp=at), SessionStarted(timestamp=at)]
        head += [
            SlotSet(slot.name, slot.value, timestamp=at)
            for slot in state.slots.values()
            if slot.has_been_set and slot.value is not None
        ]
        if state.active_loop_name:
            head.append(ActiveLoop(state.active_loop_name, timestamp=at))
        return [*head, ActionExecuted("action_listen", timestamp=at)]


def _written(event: Event) -> str:
    """An event as JSON, which does not change once it has been saved; a customer's message loses here what only its own
    turn needed."""
    written: str | None = event.__dict__.get("written")
    if written is None:
        said = slim(event.as_dict())
        if isinstance(event, UserUttered):
            event.metadata = said["metadata"]
            # In place: a form remembers the message that started it.
            event.parse_data.clear()
            event.parse_data.update(said["parse_data"])
        event.written = written = json.dumps(said, ensure_ascii=False)
    return written


def slim(event: dict[str, Any]) -> dict[str, Any]:
    """Without what only the turn itself needed: the evidence (kilobytes) and the tail of the intent ranking."""
    if event.get("event") != "user":
        return event
    metadata = {key: value for key, value in (event.get("metadata") or {}).items() if key != "evidence"}
    parsed = event.get("parse_data") or {}
    slim = {key: parsed[key] for key in ("intent", "entities", "text", "message_id") if key in parsed}
    return {**event, "metadata": metadata, "parse_data": {**slim, "metadata": metadata}}
