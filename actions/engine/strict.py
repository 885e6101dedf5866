"""Makes Rasa 3.6.21 fail where it would go on quietly: a crashed action ends the turn.

Stock Rasa drops the events of an action that raised and answers as if it had never been predicted: a silent loss.
"""

from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.processor import MessageProcessor

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
    """Install it. Error: UpstreamChanged when Rasa's own method is not the known one."""
    expect(MessageProcessor._run_action, "6d383d0179ef")
    original = MessageProcessor._run_action

    async def run_action(self: Any, action: Action, *args: Any, **kwargs: Any) -> bool:
        watched = _Watched(action)
        go_on: bool = await original(self, watched, *args, **kwargs)
        if watched.error is not None:
            raise ActionFailed(action.name()) from watched.error
        return go_on

    MessageProcessor._run_action = run_action
