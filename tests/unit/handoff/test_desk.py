"""The desk's rules on a real store: who may do what with a ticket, and the refusal everybody else gets."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from handoff.desk import Desk
from handoff.errors import (
    AlreadyClaimed,
    AlreadyOffered,
    AlreadyRated,
    HandoffError,
    NotYourTicket,
    PolicyInvalid,
    TicketClosed,
    TicketUnknown,
)
from handoff.model import Outcome, Reason, Status, Ticket
from tests.unit.handoff.scene import ANNA, BORIS, START, Clock, request


def test_a_new_ticket_waits_in_the_queue_and_holds_its_conversation(desk: Desk, tx: Connection, ticket: Ticket) -> None:
    assert (ticket.status, ticket.opened_at, ticket.is_open) == (Status.QUEUED, START, True)
    assert desk.holding(tx, "c1") == ticket
    assert desk.holding(tx, "c2") is None
    assert desk.queue(tx) == [ticket]
    assert desk.position(tx, ticket) == 1


def test_opening_again_gives_the_ticket_that_is_open_already(desk: Desk, tx: Connection, ticket: Ticket) -> None:
    assert desk.open(tx, request(reason=Reason.FRUSTRATION)) == ticket
    claimed, _ = desk.claim(tx, ticket.id, ANNA)
    assert desk.open(tx, request()) == claimed


def test_a_claim_puts_name_and_time_on_the_ticket(desk: Desk, tx: Connection, ticket: Ticket, clock: Clock) -> None:
    clock.at += timedelta(minutes=3)
    claimed, new = desk.claim(tx, ticket.id, ANNA)
    assert new
    assert (claimed.status, claimed.assignee, claimed.claimed_at) == (Status.CLAIMED, ANNA, clock.at)
    assert claimed.opened_at == START, "the customer has waited since the opening"
    assert desk.position(tx, claimed) is None


def test_the_second_claim_is_refused_with_the_winners_name(desk: Desk, tx: Connection, ticket: Ticket) -> None:
    desk.claim(tx, ticket.id, ANNA)
    with pytest.raises(AlreadyClaimed) as refusal:
        desk.claim(tx, ticket.id, BORIS)
    assert refusal.value.winner == "Анна"
    assert "Анна" in refusal.value.text
    assert desk.get(tx, ticket.id).assignee == ANNA


def test_claiming_ones_own_ticket_again_changes_nothing(
    desk: Desk, tx: Connection, ticket: Ticket, clock: Clock
) -> None:
    first, _ = desk.claim(tx, ticket.id, ANNA)
    clock.at += timedelta(minutes=1)
    assert desk.claim(tx, ticket.id, ANNA) == (first, False)


@pytest.mark.parametrize("held", [True, False], ids=["claimed before", "never claimed"])
def test_a_closed_ticket_cannot_be_claimed(desk: Desk, tx: Connection, ticket: Ticket, held: bool) -> None:
    if held:
        desk.claim(tx, ticket.id, ANNA)
    desk.close(tx, ticket.id, Outcome.WITHDRAWN)
    for assignee in (ANNA, BORIS):
        with pytest.raises(TicketClosed):
            desk.claim(tx, ticket.id, assignee)


def test_only_the_assignee_may_write(desk: Desk, tx: Connection, ticket: Ticket) -> None:
    with pytest.raises(NotYourTicket):
        desk.held_by(tx, ticket.id, ANNA.id)
    claimed, _ = desk.claim(tx, ticket.id, ANNA)
    assert desk.held_by(tx, ticket.id, ANNA.id) == claimed
    with pytest.raises(NotYourTicket):
        desk.held_by(tx, ticket.id, BORIS.id)
    desk.close(tx, ticket.id, Outcome.SOLVED)
    with pytest.raises(TicketClosed):
        desk.held_by(tx, ticket.id, ANNA.id)


def test_a_ticket_given_back_keeps_its_place_and_its_waiting_time(desk: Desk, tx: Connection, ticket: Ticket) -> None:
    second = desk.open(tx, request("c2"))
    desk.claim(tx, ticket.id, ANNA)
    assert desk.position(tx, second) == 1
    back = desk.give_back(tx, ticket.id, ANNA.id)
    assert replace(back, declined=()) == ticket
    assert (desk.position(tx, back), desk.position(tx, second)) == (1, 2)
    with pytest.raises(NotYourTicket):
        desk.give_back(tx, ticket.id, ANNA.id)


def test_nobody_gives_back_what_another_holds(desk: Desk, tx: Connection, ticket: Ticket) -> None:
    desk.claim(tx, ticket.id, ANNA)
    with pytest.raises(NotYourTicket):
        desk.give_back(tx, ticket.id, BORIS.id)
    assert desk.get(tx, ticket.id).assignee == ANNA


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_ticket_ends_once_and_frees_its_conversation(
    desk: Desk, tx: Connection, ticket: Ticket, outcome: Outcome
) -> None:
    closed = desk.close(tx, ticket.id, outcome)
    assert (closed.status, closed.outcome, closed.closed_at, closed.is_open) == (Status.CLOSED, outcome, START, False)
    assert desk.holding(tx, "c1") is None
    assert desk.queue(tx) == []
    with pytest.raises(TicketClosed):
        desk.close(tx, ticket.id, outcome)
    assert desk.open(tx, request()).number == ticket.number + 1


def test_a_rating_belongs_to_its_ticket_and_counts_once(desk: Desk, tx: Connection, ticket: Ticket) -> None:
    desk.close(tx, ticket.id, Outcome.SOLVED)
    second = desk.open(tx, request())
    desk.close(tx, second.id, Outcome.WITHDRAWN)
    assert desk.rate(tx, ticket.id, 3).rating == 3
    assert desk.get(tx, second.id).rating is None
    with pytest.raises(AlreadyRated):
        desk.rate(tx, ticket.id, 1)
    assert desk.get(tx, ticket.id).rating == 3


def test_every_use_case_knows_an_unknown_ticket(desk: Desk, tx: Connection) -> None:
    uses = (
        lambda: desk.get(tx, "x"),
        lambda: desk.claim(tx, "x", ANNA),
        lambda: desk.held_by(tx, "x", ANNA.id),
        lambda: desk.give_back(tx, "x", ANNA.id),
        lambda: desk.close(tx, "x", Outcome.SOLVED),
        lambda: desk.rate(tx, "x", 3),
    )
    for use in uses:
        with pytest.raises(TicketUnknown):
            use()


def test_every_refusal_has_a_code_of_its_own_and_a_sentence_for_people() -> None:
    named = {AlreadyClaimed: ("Анна",), AlreadyOffered: ("Анна",), PolicyInvalid: ("this is wrong", "это неверно")}
    refusals = [kind(*named.get(kind, ())) for kind in HandoffError.__subclasses__()]
    assert len({refusal.code for refusal in refusals}) == len(refusals)
    for refusal in refusals:
        assert refusal.status in (403, 404, 409, 422)
        assert refusal.text.endswith((".", "!"))
        assert str(refusal) == refusal.text
