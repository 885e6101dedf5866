"""The bot's replies to all that is neither a job nor a call for a person: articles, questions back, small talk."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.skills.decision import Do, by_evidence, decide, odd_again
from actions.skills.speak import Events, answer, clarify, hand_over, say
from actions.skills.turn import ODD, Turn, read_turn


class ActionReply(Action):
    """Says what the decision table says."""

    def name(self) -> str:
        return "action_reply"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = read_turn(tracker)
        return carry_out(decide(turn), turn, dispatcher)


def reply_from_evidence(turn: Turn, dispatcher: CollectingDispatcher) -> Events:
    """The evidence alone decides, whatever the intent."""
    return carry_out(by_evidence(turn), turn, dispatcher)


def carry_out(do: Do, turn: Turn, dispatcher: CollectingDispatcher) -> Events:
    """Say what was decided; returns the events that remember it."""
    if do is Do.ANSWER:
        return [*answer(dispatcher, turn.evidence.hits[0], turn.evidence.longer), *say_also(turn, dispatcher)]
    if do is Do.AGAIN:
        return _otherwise(turn, dispatcher)
    if do is Do.CLARIFY:
        return clarify(dispatcher, turn.evidence.hits, turn.misses)
    if do is Do.TALK:
        return _talk(turn, dispatcher)
    return hand_over(dispatcher, do.value)


def say_also(turn: Turn, dispatcher: CollectingDispatcher) -> Events:
    """The other questions of the message: answered, or asked back about, which is no miss beside an answer."""
    events: Events = []
    for found in turn.evidence.also:
        if found.sure:
            events = answer(dispatcher, found.hits[0], found.longer)
        elif found.unsure:
            clarify(dispatcher, found.hits, 0, "utter_clarify_also")
    if turn.evidence.partly:
        say(dispatcher, "utter_partly")
    return events


def _otherwise(turn: Turn, dispatcher: CollectingDispatcher) -> Events:
    """The same was asked again: more of the article, and what else may have been meant, or a person."""
    if turn.evidence.longer:
        answer(dispatcher, turn.evidence.hits[0], turn.evidence.longer)
    response = "utter_again" if turn.evidence.longer else "utter_again_else"
    if others := turn.evidence.hits[1:]:
        return clarify(dispatcher, others, turn.misses, response)
    say(dispatcher, "utter_again_person")
    return [SlotSet("misses", turn.misses + 1.0), SlotSet("odd", 0.0)]


def _talk(turn: Turn, dispatcher: CollectingDispatcher) -> Events:
    """Nonsense in a row counts as one miss, at its first repetition: only then has the bot been of no use twice."""
    if odd_again(turn):
        say(dispatcher, "utter_odd_again")
    else:
        say(dispatcher, f"utter_{turn.intent}")
    events = [SlotSet("odd", turn.odd + 1.0 if turn.intent in ODD else 0.0)]
    if odd_again(turn) and turn.odd == 1:
        events.append(SlotSet("misses", turn.misses + 1.0))
    return events
