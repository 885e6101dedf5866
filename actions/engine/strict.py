"""Makes Rasa 3.6.21 fail where it would go on quietly: a crashed action and a broken tracker store end the turn.

Stock Rasa drops the events of an action that raised and answers as if it had never been predicted, and falls back to a
tracker store in memory when the real one fails: both turn a fault into a silent loss.
"""

from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore

from actions.engine.upstream import expect


class ActionFailed(Exception):
    """An action raised: the turn it belongs to must not be stored."""


class _Watched:
    """An action that remembers what it raised, since Rasa swallows it."""

    def __init__(self, action: Action) -> None:
        self._action = action
        self.error: Exception | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._action, name)

    async def run(self, *args: Any) -> Any:
        try:
            return await self._action.run(*args)
        except ActionExecutionRejection:
            raise
        except Exception as error:
            self.error = error
            raise


def apply() -> None:
    """Install both. Error: UpstreamChanged when Rasa's own methods are not the known ones."""
    expect(MessageProcessor._run_action, "6d383d0179ef")
    expect(FailSafeTrackerStore.save, "8426dc08f58d")
    expect(FailSafeTrackerStore.retrieve, "35d77318b0cc")
    original = MessageProcessor._run_action

    async def run_action(self: Any, action: Action, *args: Any, **kwargs: Any) -> bool:
        watched = _Watched(action)
        go_on: bool = await original(self, watched, *args, **kwargs)
        if watched.error is not None:
            raise ActionFailed(action.name()) from watched.error
        return go_on

    MessageProcessor._run_action = run_action
    FailSafeTrackerStore.on_tracker_store_error = _raise
    FailSafeTrackerStore.on_tracker_store_retrieve_error = _raise


def _raise(self: FailSafeTrackerStore, error: Exception) -> None:
    raise error
