"""Starting and stopping the jobs: a wish for one, bare details without a wish, and second thoughts."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.skills import formats
from actions.skills.answer import reply_from_evidence, say_also
from actions.skills.connector import Connector, ConnectorDown, connect, patiently
from actions.skills.decision import CLEAR_JOB, CLEAR_TALK, evidence_wins
from actions.skills.details import read_account, read_house
from actions.skills.speak import Events, answer, leave_form, say
from actions.skills.turn import JOBS, Turn, read_turn


class ActionStartJob(Action):
    """Sets slot `job`, from which the rules start the form; an article that surely answers comes first when the wish is
    doubtful, with a button for the form."""

    def name(self) -> str:
        return "action_start_job"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = read_turn(tracker)
        if turn.evidence.incident or (evidence_wins(turn, CLEAR_JOB) and not turn.evidence.repeated):
            events = answer(dispatcher, turn.evidence.hits[0])
            if not turn.form and not turn.evidence.incident:
                say(dispatcher, f"utter_offer_{turn.intent}")
            return [*events, SlotSet("job", None)]
        said = say_also(turn, dispatcher)
        leave = [ActiveLoop(None)] if turn.form else []
        fresh = [SlotSet("requested_slot", None), SlotSet("problem", None), SlotSet("tries", 0.0), SlotSet("odd", 0.0)]
        return [*said, *leave, *fresh, SlotSet("job", JOBS[turn.intent])]


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
        if slots is None:
            return reply_from_evidence(turn, dispatcher)
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


class ActionCancel(Action):
    """Stops the form that runs; without one, «cancel» may well be a question (a visit, a contract)."""

    def name(self) -> str:
        return "action_cancel"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn = read_turn(tracker)
        if turn.form:
            say(dispatcher, "utter_cancelled")
            return [*leave_form(), *(SlotSet(name, None) for name in ("street", "house", "account"))]
        if evidence_wins(turn, CLEAR_TALK):
            return reply_from_evidence(turn, dispatcher)
        say(dispatcher, "utter_nothing_to_cancel")
        return [SlotSet("odd", 0.0)]
