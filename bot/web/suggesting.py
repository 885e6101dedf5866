"""Articles beside a conversation: the nearest to what its customer last wrote."""

import structlog

from bot.web import desk_views, schemas
from bot.wiring import Services

BEST = 3

log = structlog.get_logger()


async def suggested(services: Services, conversation_id: str) -> list[schemas.SuggestedArticle]:
    """Best first; none while the search is down, which must not keep anybody from the conversation."""
    said, lang = await services.conversations.last_words(conversation_id)
    if not said:
        return []
    try:
        evidence = await services.knowledge.search(said, lang)
    except Exception:
        log.exception("suggestions failed")
        return []
    return desk_views.article_views(evidence.hits[:BEST])
