"""What every desk shows alike, read once for all of them: tickets by id, colleagues, counters, topics."""

import time

from bot.web import desk_views, schemas
from bot.web.fresh import Fresh
from bot.wiring import Services
from handoff.model import Ticket
from handoff.policy import Policy

TOPICS_SECONDS = 60.0
"""How long the list of topics is good for: it changes when an editor publishes an article of a new category."""


class Overview:
    """Views are shared between sockets: nobody changes them."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.tickets: Fresh[schemas.TicketView] = Fresh(self._ticket)
        self.agents: Fresh[list[schemas.AgentView]] = Fresh(self._agents)
        self.counts: Fresh[tuple[int, int]] = Fresh(self._counts)
        self._drawn: dict[str, tuple[Ticket, int, schemas.TicketView]] = {}
        self._topics: list[str] = []
        self._topics_at = -TOPICS_SECONDS

    async def topics(self) -> list[str]:
        """Categories of the articles, by name."""
        if time.monotonic() - self._topics_at >= TOPICS_SECONDS:
            articles = [one for lang in ("ru", "en") for one in await self._services.knowledge.articles(lang)]
            self._topics = sorted({one.category for one in articles if one.category})
            self._topics_at = time.monotonic()
        return self._topics

    def view(self, ticket: Ticket, policy: Policy) -> schemas.TicketView:
        """The row of a ticket; one that has not changed is not drawn anew, for a welcome holds thousands of them."""
        drawn = self._drawn.get(ticket.id)
        if drawn is not None and drawn[0] == ticket and drawn[1] == policy.version:
            return drawn[2]
        view = desk_views.ticket_view(ticket, policy)
        if ticket.is_open:
            self._drawn[ticket.id] = (ticket, policy.version, view)
        else:
            self._drawn.pop(ticket.id, None)
        return view

    async def _ticket(self, ticket_id: str) -> schemas.TicketView:
        return self.view(*await self._services.conversations.board.row(ticket_id))

    async def _agents(self, _: str) -> list[schemas.AgentView]:
        return desk_views.agent_views(await self._services.conversations.board.colleagues())

    async def _counts(self, _: str) -> tuple[int, int]:
        return await self._services.conversations.inbox.counts()
