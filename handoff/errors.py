"""The desk's refusals, shaped like the app's errors (`code`, `status`, public `text`) without knowing them.

HandoffError
├── TicketUnknown 404
├── GroupUnknown 404
├── AlreadyClaimed 409      carries the winner's name
├── AlreadyOffered 409      carries the name of whom it is offered to
├── OverCap 409
├── AgentUnavailable 409
├── TicketClosed 409
├── NotYourTicket 403
├── AlreadyRated 409
├── MomentPast 422
├── MomentFar 422
├── PolicyChanged 409
└── PolicyInvalid 422       its text names the place
"""

from datetime import datetime, timedelta

FARTHEST = timedelta(days=366)


class HandoffError(Exception):
    status = 409
    code = "handoff_error"

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class TicketUnknown(HandoffError):
    status, code = 404, "ticket_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such ticket. Refresh the queue.")


class GroupUnknown(HandoffError):
    status, code = 404, "group_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such group. Refresh the page and pick another one.")


class AlreadyClaimed(HandoffError):
    status, code = 409, "already_claimed"

    def __init__(self, winner: str) -> None:
        super().__init__(f"{winner} has already claimed this ticket. Pick another one from the queue.")
        self.winner = winner


class AlreadyOffered(HandoffError):
    status, code = 409, "already_offered"

    def __init__(self, winner: str) -> None:
        super().__init__(f"This ticket is being offered to {winner}. Wait a moment or pick another one.")
        self.winner = winner


class OverCap(HandoffError):
    status, code = 409, "over_cap"

    def __init__(self) -> None:
        super().__init__("You already hold as many tickets as your limit allows. Close or snooze one first.")


class AgentUnavailable(HandoffError):
    status, code = 409, "agent_unavailable"

    def __init__(self) -> None:
        super().__init__("This colleague is not online or has no free slot. Pick another one, or a group.")


class TicketClosed(HandoffError):
    status, code = 409, "ticket_closed"

    def __init__(self) -> None:
        super().__init__("This ticket is closed; the bot answers this customer now.")


class NotYourTicket(HandoffError):
    status, code = 403, "not_your_ticket"

    def __init__(self) -> None:
        super().__init__("Claim this ticket first: only its assignee writes to the customer.")


class AlreadyRated(HandoffError):
    status, code = 409, "already_rated"

    def __init__(self) -> None:
        super().__init__("This conversation has already been rated. Thank you!")


class MomentPast(HandoffError):
    status, code = 422, "moment_past"

    def __init__(self) -> None:
        super().__init__("This moment has passed already. Choose one in the future.")


class MomentFar(HandoffError):
    status, code = 422, "moment_far"

    def __init__(self) -> None:
        super().__init__("Choose a moment within a year from now.")


class PolicyChanged(HandoffError):
    status, code = 409, "policy_changed"

    def __init__(self) -> None:
        super().__init__("A colleague has changed the rules meanwhile. Reload them and make your change again.")


class PolicyInvalid(HandoffError):
    """`places`: what is wrong where, by language; the end of a sentence, without its full stop."""

    status, code = 422, "policy_invalid"

    def __init__(self, en: str, ru: str) -> None:
        super().__init__(f"These rules cannot be saved: {en}.")
        self.places = {"en": en, "ru": ru}


def check_ahead(at: datetime, now: datetime) -> None:
    """Whether something may be put off until `at`. Raises MomentPast, MomentFar."""
    if at <= now:
        raise MomentPast
    if at - now > FARTHEST:
        raise MomentFar
