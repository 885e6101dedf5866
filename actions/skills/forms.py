"""The three forms: what of a customer's words is an answer to the form's question, and what is a matter of its own."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.skills.connector import Connector, ConnectorDown, connect, patiently
from actions.skills.decision import follows_up, interrupts
from actions.skills.details import House, read_account, read_house
from actions.skills.formats import address
from actions.skills.progress import Progress, read_progress
from actions.skills.speak import Events, fail
from actions.skills.turn import JOBS, Turn, read_turn


@dataclass(frozen=True)
class Found:
    """What an answer held: slots to set, or else the `problem` with it (the name of a `utter_bad_…` response)."""

    slots: dict[str, str | None] = field(default_factory=dict)
    problem: str = ""


class JobForm(ABC):
    """Rasa calls it whenever the form runs. No events means that the words are no answer: the rules see to them, and
    Rasa comes back to the form."""

    job: str

    def __init__(self) -> None:
        self._connector: Connector = connect()

    def name(self) -> str:
        return f"validate_{self.job}_form"

    @abstractmethod
    async def find(self, turn: Turn, progress: Progress) -> Found:
        """What the customer's words hold for this form. Error: ConnectorDown, when that cannot be known."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn, progress = read_turn(tracker), read_progress(tracker)
        if progress.interrupted:
            return [SlotSet("problem", None)]
        try:
            found = await self.find(turn, progress)
        except ConnectorDown:
            return [] if progress.requested and interrupts(turn) else fail(dispatcher)
        return self._answered(found, turn, progress) if progress.requested else _started(found)

    def _answered(self, found: Found, turn: Turn, progress: Progress) -> Events:
        if found.slots:
            # An article said instead of a job's start inside the form has taken the job away.
            return [*_accept(found.slots), SlotSet("job", self.job)]
        if JOBS.get(turn.intent) == self.job and not follows_up(turn):
            return [SlotSet("problem", None)]
        if interrupts(turn):
            return []
        refused = "refused" if turn.intent == "deny" else found.problem
        return [SlotSet("problem", refused), SlotSet("tries", progress.tries + 1.0)]


def _started(found: Found) -> Events:
    """The first words were a wish, not an answer: of what may be wrong with one, only a number is worth a word."""
    wrong = [SlotSet("problem", found.problem)] if found.problem == "account_unknown" else []
    return _accept(found.slots) + wrong


def _accept(slots: dict[str, str | None]) -> Events:
    set_slots = [SlotSet(name, value) for name, value in slots.items()]
    return [*set_slots, SlotSet("problem", None), SlotSet("tries", 0.0)]


class ValidateOutageForm(JobForm, Action):
    """Needs `street` and `house`; an address known from before is offered again."""

    job = "outage"

    async def find(self, turn: Turn, progress: Progress) -> Found:
        if progress.requested == "street" and progress.address and turn.intent in {"affirm", "deny"}:
            return Found(_known(progress) if turn.intent == "affirm" else {"address": None})
        street = await patiently(self._connector.street(turn.text, turn.lang))
        if street is not None:
            return Found(_place(street.name, read_house(street.rest), turn.lang))
        house = read_house(turn.text)
        if progress.requested == "house":
            return Found(_place(progress.street, house, turn.lang) if house.plain and house.number else {}, "house")
        return Found({}, "street")


def _known(progress: Progress) -> dict[str, str | None]:
    street, house = progress.address.split(", ")[:2]
    return {"street": street, "house": house}


def _place(street: str, house: House, lang: str) -> dict[str, str | None]:
    if not house.number:
        return {"street": street, "house": None}
    whole = address(street, house.number, house.flat, lang)
    return {"street": street, "house": house.number, "address": whole}


class AccountForm(JobForm):
    """Needs `account`; a number known from before is offered again. With the connector down a number is taken as it is,
    so that the person who takes over has it."""

    async def find(self, turn: Turn, progress: Progress) -> Found:
        if progress.requested and progress.account and turn.intent in {"affirm", "deny"}:
            return Found({"account": progress.account} if turn.intent == "affirm" else {"account_number": None})
        said = read_account(turn.text)
        if not said.number:
            return Found({}, f"account_{said.problem}")
        try:
            known = await patiently(self._connector.account(said.number)) is not None
        except ConnectorDown:
            known = True
        if not known:
            return Found({}, "account_unknown")
        return Found({"account": said.number, "account_number": said.number})


class ValidateBalanceForm(AccountForm, Action):
    job = "balance"


class ValidateVisitForm(AccountForm, Action):
    job = "visit"
