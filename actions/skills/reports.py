"""What the jobs find out: asked of the connector when a form is complete, told in the customer's language."""

from abc import ABC, abstractmethod
from datetime import datetime
from decimal import Decimal
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.skills import formats
from actions.skills.connector import Account, Connector, ConnectorDown, connect, patiently
from actions.skills.speak import Events, fail, leave_form, say
from actions.skills.turn import read_turn


class Report(ABC):
    """Rasa calls it when the form of `job` is complete. A connector that is down means an apology and a person."""

    job: str

    def __init__(self) -> None:
        self._connector: Connector = connect()

    def name(self) -> str:
        return f"action_report_{self.job}"

    @abstractmethod
    async def tell(self, dispatcher: CollectingDispatcher, tracker: Tracker, lang: str) -> None:
        """Say what was found. Error: ConnectorDown."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        try:
            await self.tell(dispatcher, tracker, read_turn(tracker).lang)
        except ConnectorDown:
            return fail(dispatcher)
        used = [SlotSet(name, None) for name in ("street", "house", "account")]
        return [*leave_form(), *used, SlotSet("misses", 0.0)]

    async def account_of(self, number: str) -> Account:
        """The account. Error: ConnectorDown, also for a number that was taken unverified and does not exist."""
        account = await patiently(self._connector.account(number))
        if account is None:
            raise ConnectorDown("unknown account")
        return account


class ReportOutage(Report, Action):
    job = "outage"

    async def tell(self, dispatcher: CollectingDispatcher, tracker: Tracker, lang: str) -> None:
        street, house = tracker.get_slot("street"), tracker.get_slot("house")
        outage = await patiently(self._connector.outage(street, house))
        place = formats.address(street, house, "", lang)
        if outage is None:
            say(dispatcher, "utter_outage_none", place=place)
            return
        today = datetime.now(outage.until.tzinfo).date()
        since, until = (formats.time(when, today, lang) for when in (outage.since, outage.until))
        kind = "works" if outage.planned else "accident"
        say(dispatcher, f"utter_outage_{kind}", place=place, since=since, until=until)


class ReportBalance(Report, Action):
    job = "balance"

    async def tell(self, dispatcher: CollectingDispatcher, tracker: Tracker, lang: str) -> None:
        number = tracker.get_slot("account")
        account = await self.account_of(number)
        say(
            dispatcher,
            f"utter_balance_{_state(account)}",
            number=formats.account(number),
            balance=formats.money(account.balance, lang),
            fee=formats.money(account.fee, lang),
            missing=formats.money(account.fee - account.balance, lang),
            tariff=account.tariff[lang],
        )


def _state(account: Account) -> str:
    if account.balance < Decimal(0):
        return "debt"
    return "low" if account.balance < account.fee else "fine"


class ReportVisit(Report, Action):
    job = "visit"

    async def tell(self, dispatcher: CollectingDispatcher, tracker: Tracker, lang: str) -> None:
        number = tracker.get_slot("account")
        await self.account_of(number)
        visit = await patiently(self._connector.visit(number))
        if visit is None:
            say(dispatcher, "utter_visit_none", number=formats.account(number))
        else:
            say(dispatcher, "utter_visit_booked", day=formats.day(visit.day, lang), slot=visit.slot)
