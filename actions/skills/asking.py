"""The questions of the forms: asked, asked again after an interruption or a wrong answer, or put as a confirmation."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.skills import formats
from actions.skills.progress import Progress, read_progress
from actions.skills.speak import Events, say

TRIES = 2
"""Wrong answers after which a person is offered."""


class Ask:
    """Rasa calls it when `slot` is to be asked for."""

    slot: str

    def name(self) -> str:
        return f"action_ask_{self.slot}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        progress = read_progress(tracker)
        values = {"known_address": progress.address, "known_account": formats.account(progress.account)}
        say(dispatcher, self._question(progress), **values)
        if progress.problem and progress.tries >= TRIES:
            say(dispatcher, "utter_offer_person")
        return []

    def _question(self, progress: Progress) -> str:
        if progress.problem:
            return f"utter_bad_{progress.problem}"
        known = {"street": progress.address, "account": progress.account}.get(self.slot)
        if known:
            return f"utter_confirm_{self.slot}"
        return f"utter_{'again' if progress.interrupted else 'ask'}_{self.slot}"


class AskStreet(Ask, Action):
    slot = "street"


class AskHouse(Ask, Action):
    slot = "house"


class AskAccount(Ask, Action):
    slot = "account"
