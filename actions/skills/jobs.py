"""Starting and stopping the jobs: a wish for one, bare details without a wish, and second thoughts."""

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.skills import formats
from actions.skills.answer import reply_from_evidence, say_also
from actions.skills.connector import Connector, ConnectorDown, connect, patiently
from actions.skills.decision import (
    MISSES,
    OVER_JOB,
    OVER_TALK,
    before_details,
    evidence_wins,
    follows_up,
    goes_on,
    is_doubtful,
)
from actions.skills.details import read_account, read_house
from actions.skills.speak import Events, answer, clarify, hand_over, leave_form, say
from actions.skills.turn import JOBS, Turn, read_turn


class ActionStartJob(Action):
    """Sets slot `job`, from which the rules start the form. When the wish is doubtful, an article that surely answers
    comes first, with a button for the form; without one the customer is asked."""

    def name(self) -> str:
        return "action_start_job"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = read_turn(tracker)
        if goes_on(turn):
            return [*reply_from_evidence(turn, dispatcher), SlotSet("job", None)]
        if turn.evidence.incident or (evidence_wins(turn, OVER_JOB) and not turn.evidence.repeated):
            events = answer(dispatcher, turn.evidence.hits[0])
            if not turn.form and not turn.evidence.incident:
                say(dispatcher, f"utter_offer_{turn.intent}")
            return [*events, SlotSet("job", None)]
        if is_doubtful(turn) and not turn.form:
            return _ask_first(turn, dispatcher)
        said = say_also(turn, dispatcher)
        leave = [ActiveLoop(None)] if turn.form else []
        fresh = [SlotSet("requested_slot", None), SlotSet("problem", None), SlotSet("tries", 0.0), SlotSet("odd", 0.0)]
        return [*said, *leave, *fresh, SlotSet("job", JOBS[turn.intent])]


def _ask_first(turn: Turn, dispatcher: CollectingDispatcher) -> Events:
    """Ask back with the articles that may be meant and a button for each job that may be; once, then a person."""
    if turn.misses + 1 >= MISSES:
        return [*hand_over(dispatcher, "second_miss"), SlotSet("job", None)]
    if turn.evidence.hits and (turn.evidence.sure or turn.evidence.unsure):
        clarify(dispatcher, turn.evidence.hits, turn.misses)
    for job in (turn.intent, turn.rival):
        if job in JOBS:
            say(dispatcher, f"utter_offer_{job}")
    return [SlotSet("misses", turn.misses + 1.0), SlotSet("odd", 0.0), SlotSet("job", None)]


class ActionTakeDetails(Action):
    """An account number or an address out of the blue: remembered, and asked what to look up."""

    def __init__(self) -> None:
        self._connector: Connector = connect()

    def name(self) -> str:
        return "action_take_details"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = read_turn(tracker)
        try:
            slots = await self._account(turn, dispatcher) or await self._address(turn, dispatcher)
        except ConnectorDown:
            slots = None
        if slots is None and (before_details(turn) or follows_up(turn)):
            return reply_from_evidence(turn, dispatcher)
        if slots is None:
            return _not_ours(turn, dispatcher)
        return [SlotSet(name, value) for name, value in slots.items()] + [SlotSet("odd", 0.0)]

    async def _account(self, turn: Turn, dispatcher: CollectingDispatcher) -> dict[str, str] | None:
        number = read_account(turn.text).number
        if not number or await patiently(self._connector.account(number)) is None:
            return None
        say(dispatcher, "utter_details_account", known_account=formats.account(number))
        return {"account_number": number, "account": number}

    async def _address(self, turn: Turn, dispatcher: CollectingDispatcher) -> dict[str, str] | None:
        street = await patiently(self._connector.street(turn.text, turn.lang))
        house = read_house(street.rest) if street else None
        if street is None or house is None or not house.number:
            return None
        whole = formats.address(street.name, house.number, house.flat, turn.lang)
        say(dispatcher, "utter_details_address", known_address=whole)
        return {"address": whole, "street": street.name, "house": house.number}


def _not_ours(turn: Turn, dispatcher: CollectingDispatcher) -> Events:
    """Details that name no account and no house of ours: what is wrong with them, and never the nearest article. The
    second time a person."""
    if turn.misses + 1 >= MISSES:
        return hand_over(dispatcher, "second_miss")
    digits = re.search(r"\d{5}", re.sub(r"[\s.–-]", "", turn.text))
    problem = f"account_{read_account(turn.text).problem or 'unknown'}" if digits else "street"
    say(dispatcher, f"utter_bad_{problem}")
    return [SlotSet("misses", turn.misses + 1.0), SlotSet("odd", 0.0)]


class ActionCancel(Action):
    """Stops the form that runs; without one, «cancel» may well be a question (a visit, a contract)."""

    def name(self) -> str:
        return "action_cancel"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = read_turn(tracker)
        if turn.form:
            say(dispatcher, "utter_cancelled")
            return [*leave_form(), *(SlotSet(name, None) for name in ("street", "house", "account"))]
        if evidence_wins(turn, OVER_TALK) or follows_up(turn):
            return reply_from_evidence(turn, dispatcher)
        say(dispatcher, "utter_nothing_to_cancel")
        return [SlotSet("odd", 0.0)]
