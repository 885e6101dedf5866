"""The ways to a person: asked for by words or button, none of the offered articles, or a bot that has failed."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.skills.answer import reply_from_evidence
from actions.skills.decision import OVER_TALK, evidence_wins, gives_up
from actions.skills.speak import Events, hand_over, say
from actions.skills.turn import read_turn


class ActionHandoff(Action):
    """At any point, in a form too."""

    def name(self) -> str:
        return "action_handoff"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        none_fits = read_turn(tracker).intent == "none_of_these"
        return hand_over(dispatcher, "not_found" if none_fits else "asked")


class ActionBotFailed(Action):
    """The first complaint is met with an apology and a choice, the second with a person."""

    def name(self) -> str:
        return "action_bot_failed"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = read_turn(tracker)
        if evidence_wins(turn, OVER_TALK):
            return reply_from_evidence(turn, dispatcher)
        if gives_up(turn):
            return hand_over(dispatcher, "frustration")
        say(dispatcher, "utter_bot_failed")
        return [
            SlotSet("failures", turn.failures + 1.0),
            SlotSet("misses", turn.misses + 1.0),
            SlotSet("odd", 0.0),
        ]
