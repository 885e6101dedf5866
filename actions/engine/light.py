"""A dialogue that is not replayed for every question about it: Rasa's tracker, copied as it stands, and the states that
the rules look at, made once for each event.

The tracker store gives it to Rasa (`actions/engine/tracker.py`), the rule policy asks it (`actions/engine/sparing.py`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from operator import is_
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, FollowupAction, Restarted
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from actions.engine.upstream import expect

State = dict[str, dict[str, Any]]


class LightTracker(DialogueStateTracker):
    """Rasa's, with the same state after the same events."""

    def __init__(self, sender_id: str, slots: Iterable[Slot] | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(sender_id, None if slots is None else (), *args, **kwargs)
        if slots is not None:
            self.slots = {slot.name: _twin(slot) for slot in slots}
            self._reset_slots()
        self.states: States | None = None

    def init_copy(self) -> LightTracker:
        return LightTracker(
            self.sender_id, self.slots.values(), self._max_event_history, is_rule_tracker=self.is_rule_tracker
        )

    def copy(self) -> DialogueStateTracker:
        """What replaying all events would give, since they alone make the state; but for an action to follow, which a
        replay would announce once more."""
        if any(isinstance(event, FollowupAction | Restarted) for event in self.events):
            return super().copy()
        twin = _twin(self)
        twin.events, twin.states = self.events.copy(), None
        twin.slots = {name: _twin(slot) for name, slot in self.slots.items()}
        twin.active_loop = self.active_loop and replace(self.active_loop)
        twin.model_id = twin.assistant_id = twin.sender_source = None
        return twin


def _twin(thing: Any) -> Any:
    """As `copy.copy`, which asks first whether the thing would rather be copied in a way of its own."""
    twin = object.__new__(type(thing))
    twin.__dict__.update(thing.__dict__)
    return twin


class States:
    """The last states of a dialogue before each action. `most`: how many are given, the present one among them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._applied: list[Event] = []
        self._then: DialogueStateTracker | None = None
        self._past: deque[State] = deque(maxlen=most - 1)

    def of(self, tracker: DialogueStateTracker, domain: Domain) -> list[State]:
        """The end of the list that Rasa makes of the tracker. Events are only ever added to it, as a rule; where one is
        taken back, all is made anew."""
        applied = tracker.applied_events()
        known = len(self._applied)
        if self._then is None or len(applied) < known or not all(map(is_, self._applied, applied)):
            self._then, known = tracker.init_copy(), 0
            self._past.clear()
        fresh = applied[known:]
        unwanted = sum(isinstance(event, ActionExecuted) for event in fresh) + 1 - self._most
        for event in fresh:
            if isinstance(event, ActionExecuted):
                if unwanted <= 0:
                    self._past.append(domain.get_active_state(self._then))
                unwanted -= 1
            self._then.update(event)
        self._applied = applied
        return [*self._past, domain.get_active_state(self._then)]


def last_states(tracker: DialogueStateTracker, domain: Domain, most: int) -> list[State]:
    """The last `most` of the states that Rasa makes of a tracker, one before each action and one for now."""
    if not isinstance(tracker, LightTracker):
        return States(most).of(tracker, domain)
    if tracker.states is None:
        tracker.states = States(most)
    return tracker.states.of(tracker, domain)


def check() -> None:
    """Look at what is imitated here. Error: UpstreamChanged when it is not as known."""
    expect(DialogueStateTracker.__init__, "8f39eb22462a")
    expect(DialogueStateTracker.init_copy, "429fcd2243b9")
    expect(DialogueStateTracker.copy, "dfa48dca9f35")
    expect(DialogueStateTracker.travel_back_in_time, "09d16f28f007")
    expect(DialogueStateTracker.update, "b55e6b1c724f")
    expect(DialogueStateTracker.generate_all_prior_trackers, "a1f6954347b5")
    expect(Domain.states_for_tracker_history, "035111ce73ac")
