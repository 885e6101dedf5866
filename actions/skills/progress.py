"""Where a form stands: what is already known, and whether Rasa calls it for an answer or after an interruption."""

from dataclasses import dataclass

from rasa_sdk import Tracker

_NO_INTERRUPTION = {"action_listen", "action_extract_slots", "action_session_start", "action_start_job"}


@dataclass(frozen=True)
class Progress:
    """`requested`: the slot that was asked for, empty when the form has just been started. `interrupted`: something
    else was said and answered since. `account` and `address` are known from before and want confirming."""

    requested: str
    interrupted: bool
    problem: str
    tries: int
    account: str
    address: str
    street: str
    house: str


def read_progress(tracker: Tracker) -> Progress:
    """The progress of the form that runs."""
    form = (tracker.active_loop or {}).get("name") or ""
    return Progress(
        requested=tracker.get_slot("requested_slot") or "",
        interrupted=_interrupted(tracker, form),
        problem=tracker.get_slot("problem") or "",
        tries=int(tracker.get_slot("tries") or 0),
        account=tracker.get_slot("account_number") or "",
        address=tracker.get_slot("address") or "",
        street=tracker.get_slot("street") or "",
        house=tracker.get_slot("house") or "",
    )


def _interrupted(tracker: Tracker, form: str) -> bool:
    """Rasa tells a form that it comes back only by what ran since the customer spoke: any other action did."""
    # Where a job's start has left no job behind, an article was said instead of it.
    instead = {"action_start_job"} if tracker.get_slot("job") is None else set()
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action" and event.get("name") not in {form, *_NO_INTERRUPTION} - instead:
            return True
    return False
