"""Strings that want to be anything but text, sent every way in which strangers, operators and editors can."""

import asyncio
import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from bot.clock import now
from bot.conversation.model import Act, Author, Button, Format, Kind, Message, Source
from bot.telegram.render import letter
from tests.clerk import Clerk, clerk
from tests.crowd import own_address
from tests.ledger import Customer
from tests.oracle import stored_as
from tests.telegram_html import Refused, read_text

TEXT_LIMIT = 2_000
TITLE_LIMIT = 300
AT_ONCE = 8
INVISIBLE = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}
"""Unicode categories of which no message or title can consist alone."""


class Host(Protocol):
    """A running product as far as this visit needs it."""

    @property
    def url(self) -> str: ...
    @property
    def login(self) -> str: ...
    @property
    def password(self) -> str: ...
    def zeroline(self, *arguments: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Visit:
    """One customer's conversation: what they wrote and what the operator wrote, as stored; the token opens it again."""

    token: str
    ticket: str
    mine: list[str]
    theirs: list[str]


def import_articles(host: Host, strings: Sequence[str], folder: Path) -> dict[str, str]:
    """Publishes an article with each string that is a possible title; the titles by article id."""
    fitting = [stored_as(text) for text in strings if is_visible(text) and len(text) <= TITLE_LIMIT]
    titles = {f"hostile-{number}": text for number, text in enumerate(fitting)}
    file = folder / "hostile.jsonl"
    rows = [
        {"id": name, "lang": "en", "category": "security", "question": title, "answer_md": "Written with care."}
        for name, title in titles.items()
    ]
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    host.zeroline("kb", "import", str(file))
    return titles


async def converse(host: Host, strings: Sequence[str], each: int = 20) -> tuple[list[Visit], list[str]]:
    """Every string as a customer's message and as an operator's reply, `each` to a conversation; what went wrong."""
    complaints: list[str] = []
    free = asyncio.Semaphore(AT_ONCE)
    async with clerk(host.url, host.login, host.password) as anna:

        async def visit(number: int, texts: Sequence[str]) -> Visit:
            async with free, Customer(host.url, source=own_address(host.url, number)) as customer:
                await _write(customer, texts, complaints)
                return await _be_answered(customer, anna, texts, complaints)

        parts = [strings[start : start + each] for start in range(0, len(strings), each)]
        visits = await asyncio.gather(*(visit(number, part) for number, part in enumerate(parts)))
    return list(visits), complaints


async def _write(customer: Customer, texts: Sequence[str], complaints: list[str]) -> None:
    for text in texts:
        line = await customer.settled(await customer.say(text), 60)
        sendable = stored_as(text) != "" and len(text) <= TEXT_LIMIT
        if (line.fate == "refused") == sendable or line.fate == "stuck":
            complaints.append(f"message {text!r} is {line.fate}: {dict(customer.ledger.refusals)}")


async def _be_answered(customer: Customer, anna: Clerk, texts: Sequence[str], complaints: list[str]) -> Visit:
    call = await customer.settled(await customer.say(None), 60)
    ledger, theirs = customer.ledger, []
    ticket = next(one for one in await anna.tickets() if one["conversation"] == ledger.conversation)
    await anna.claim(ticket["id"])
    for text in texts:
        answer = await anna.say(ticket, text)
        if "seq" in answer:
            theirs.append(text.replace("\x00", "\ufffd"))
            await customer.sees(answer["seq"], 30)
            shown = ledger.shown[answer["seq"] - 1]["text"]
            if shown != theirs[-1]:
                complaints.append(f"reply {text!r} arrived as {shown!r}")
        elif text.strip():
            complaints.append(f"reply {text!r} was refused: {answer}")
    mine = [row["text"] for row in ledger.shown if row["author"] == "customer"]
    sent = [stored_as(line.text) for line in ledger.lines if line.text is not None and line.fate != "refused"]
    if mine[: len(sent)] != sent or call.seq is None:
        complaints.append(f"sent {sent}, shown {mine}")
    return Visit(customer.token or "", ticket["id"], mine, theirs)


def telegram_complaints(strings: Sequence[str]) -> Iterator[str]:
    """Each string as an operator's reply, as a bot's Markdown, as a source and as a button, read as Telegram reads."""
    for text in strings:
        source = Source("hostile", text, "/help/en/hostile")
        button = Button("a1", text, Act.ARTICLE, "hostile")
        said: dict[str, Any] = {"conversation_id": "c", "seq": 1, "cid": "cid", "created_at": now(), "text": text}
        replies = [
            Message(**said, author=Author.OPERATOR, author_name="Anna"),
            Message(**said, author=Author.BOT, kind=Kind.ANSWER, format=Format.MARKDOWN),
            Message(**said | {"text": "Look here."}, author=Author.BOT, source=source, buttons=(button,)),
        ]
        for number, message in enumerate(replies):
            try:
                chunks = letter(message, "en", "https://help.example").chunks
                shown = [read_text(chunk.html, "HTML")[0] for chunk in chunks]
            except Refused as error:
                yield f"Telegram refuses {text!r}: {error}"
                continue
            # The bot's Markdown loses its marks; plain words and titles must be there in full.
            if number != 1 and squeezed(text) not in squeezed("".join(shown)) and is_visible(text):
                yield f"Telegram shows {text!r} as {shown}"


def is_visible(text: str) -> bool:
    return any(unicodedata.category(character) not in INVISIBLE for character in text)


def squeezed(text: str) -> str:
    """Without blanks: paragraphs and line breaks are drawn, not spelt."""
    return "".join(text.split())
