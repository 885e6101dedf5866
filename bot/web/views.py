"""From the rooms' values to the words on the wire, for widget and desk alike."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from bot import text
from bot.accounts.model import Operator, Session
from bot.conversation.model import Attachment, Author, Format, Message
from bot.conversation.waiting import State
from bot.files.model import RASTER
from bot.web import schemas

Address = Callable[[str, str], str]
"""From a file's id and name to the path that opens it."""


def message_view(message: Message, lang: str, address: Address) -> schemas.MessageView:
    """A row as the customer may see it."""
    return schemas.MessageView(**_message(message, lang, address))


def desk_message_view(message: Message, lang: str, address: Address) -> schemas.DeskMessageView:
    """The same row with what the bot knew."""
    known = message.evidence
    evidence = None
    if known:
        evidence = schemas.EvidenceView(
            verdict=known["verdict"],
            confidence=known["confidence"],
            intent=known.get("intent") or "",
            tried=tried_views(known.get("tried", ())),
        )
    return schemas.DeskMessageView(**_message(message, lang, address), evidence=evidence)


def tried_views(tried: Iterable[dict[str, Any]]) -> list[schemas.TriedArticle]:
    return [
        schemas.TriedArticle(article=hit["article"], title=hit["title"], score=hit["score"], url=hit["url"])
        for hit in tried
    ]


def state_view(state: State) -> schemas.State:
    return schemas.State(
        type="state", holder=state.holder.value, operator=state.operator, position=state.position, text=state.text
    )


def operator_view(operator: Operator) -> schemas.OperatorView:
    return schemas.OperatorView(
        id=operator.id,
        login=operator.login,
        name=operator.name,
        role=operator.role.value,
        permissions=sorted(permission.value for permission in operator.permissions),
    )


def session_view(session: Session) -> schemas.SessionView:
    return schemas.SessionView(operator=operator_view(session.operator), csrf=session.csrf)


def _message(message: Message, lang: str, address: Address) -> dict[str, Any]:
    words, blocks = _formed(message.text, message.format, message.author, lang)
    source = message.source
    return {
        "conversation": message.conversation_id,
        "seq": message.seq,
        "cid": message.cid,
        "author": message.author.value,
        "author_name": message.author_name,
        "kind": message.kind.value,
        "text": words,
        "blocks": blocks,
        "buttons": [schemas.ButtonView(id=b.id, title=b.title, act=b.act.value) for b in message.buttons],
        "files": [_file(file, address) for file in message.files],
        "source": source and schemas.SourceView(article=source.article, title=source.title, url=source.url),
        "at": message.created_at.isoformat(),
        "mark": message.mark and message.mark.value,
    }


def _file(file: Attachment, address: Address) -> schemas.FileView:
    return schemas.FileView(
        id=file.id,
        name=file.name,
        type=file.type,
        size=file.size,
        image=file.type in RASTER,
        url=address(file.id, file.name),
    )


@lru_cache(maxsize=2_000)
def _formed(source: str, form: Format, author: Author, lang: str) -> tuple[str, list[schemas.Block] | None]:
    """Plain words and blocks. Customers' words stay words: a link they paste is not ours to make clickable."""
    if form is Format.MARKDOWN:
        return text.plain(source), [schemas.Block.model_validate(block) for block in text.markdown_blocks(source, lang)]
    if author is Author.CUSTOMER:
        return source, None
    return source, [schemas.Block.model_validate(block) for block in text.plain_blocks(source)]
