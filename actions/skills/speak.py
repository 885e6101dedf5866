"""How the skills say things: responses of domain.yml by name, articles, wishes as fields beside the words."""

from collections.abc import Sequence
from typing import Any

from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.skills.evidence import Hit

Events = list[dict[str, Any]]

CHOICES = 3
"""Most likely articles offered when the bot asks back."""


def say(dispatcher: CollectingDispatcher, response: str, **values: str) -> None:
    """A response of domain.yml, its variation chosen by slot `lang`, `{name}` filled from `values` and slots."""
    dispatcher.utter_message(response=response, **values)


def answer(dispatcher: CollectingDispatcher, hit: Hit, longer: str = "") -> Events:
    """The article's short answer, or another part of it; what went wrong before is forgiven."""
    dispatcher.utter_message(text=longer or hit.short_answer, json_message={"wish": "answer", "article": hit.article})
    return [SlotSet("misses", 0.0), SlotSet("odd", 0.0)]


def clarify(
    dispatcher: CollectingDispatcher, hits: Sequence[Hit], misses: int, response: str = "utter_clarify"
) -> Events:
    """Ask back with at most three articles, whose buttons the app makes. `misses` so far, this one not counted."""
    articles = [hit.article for hit in hits[:CHOICES]]
    dispatcher.utter_message(response=response, json_message={"wish": "clarify", "articles": articles})
    return [SlotSet("misses", misses + 1.0), SlotSet("odd", 0.0)]


def hand_over(dispatcher: CollectingDispatcher, reason: str) -> Events:
    """The wish for a person, whose words are the app's; whatever was collected stays in the slots."""
    dispatcher.utter_message(json_message={"wish": "handoff", "reason": reason})
    counters = [SlotSet(name, 0.0) for name in ("misses", "failures", "odd")]
    return [*counters, *leave_form()]


def fail(dispatcher: CollectingDispatcher) -> Events:
    """The provider's system does not answer: an apology and a person."""
    say(dispatcher, "utter_job_failed")
    return hand_over(dispatcher, "job_failed")


def leave_form() -> Events:
    """The form, if any, is over and nothing of its questions is left open."""
    return [
        ActiveLoop(None),
        SlotSet("requested_slot", None),
        SlotSet("problem", None),
        SlotSet("tries", 0.0),
        SlotSet("job", None),
    ]
