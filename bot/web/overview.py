"""What every desk shows alike, read once for all of them: tickets by id, colleagues, counters, topics."""

import time

from bot.web import desk_views, schemas
from bot.web.fresh import Fresh
from bot.wiring import Services

TOPICS_SECONDS = 60.0
"""How long the list of topics is good for: it changes when an editor publishes an article of a new category."""


class Overview:
    """Views are shared between sockets: nobody changes them."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.tickets: Fresh[schemas.TicketView] = Fresh(self._ticket)
        self.agents: Fresh[list[schemas.AgentView]] = Fresh(self._agents)
        self.counts: Fresh[tuple[int, int]] = Fresh(self._counts)
        self._topics: list[str] = []
        self._topics_at = -TOPICS_SECONDS

    async def topics(self) -> list[str]:
        """Categories of the articles, by name."""
        if time.monotonic() - self._topics_at >= TOPICS_SECONDS:
            articles = [one for lang in ("ru", "en") for one in await self._services.knowledge.articles(lang)]
            self._topics = sorted({one.category for one in articles if one.category})
            self._topics_at = time.monotonic()
        return self._topics

    async def _ticket(self, ticket_id: str) -> schemas.TicketView:
        return desk_views.ticket_view(*await self._services.conversations.board.row(ticket_id))

    async def _agents(self, _: str) -> list[schemas.AgentView]:
        return desk_views.agent_views(await self._services.conversations.board.colleagues())

    async def _counts(self, _: str) -> tuple[int, int]:
        return await self._services.conversations.inbox.counts()
