"""The desk's refusals, shaped like the app's errors (`code`, `status`, public `text`) without knowing them.

HandoffError
├── TicketUnknown 404
├── AlreadyClaimed 409      carries the winner's name
├── TicketClosed 409
├── NotYourTicket 403
└── AlreadyRated 409
"""


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


class AlreadyClaimed(HandoffError):
    status, code = 409, "already_claimed"

    def __init__(self, winner: str) -> None:
        super().__init__(f"{winner} has already claimed this ticket. Pick another one from the queue.")
        self.winner = winner


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
