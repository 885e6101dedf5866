"""HTTP to the dialogue engine on loopback: one turn out, replies and wishes back, every failure one of two errors."""

import asyncio
from base64 import b64encode
from collections.abc import Callable
from contextlib import aclosing
from typing import Any, Protocol

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.dialogue.connections import Connections
from bot.dialogue.model import Choice, DialogueDown, DialogueSilent, Reply, Turn, Utterance, Wish

PATH = "/webhooks/zeroline/"
ANSWER_LIMIT = 256 * 1024
JOB = "check_"
"""How the intents begin that look something up for the customer: an outage, a balance, a visit."""


class Bytes(Protocol):
    """Numbers that know their bytes."""

    def tobytes(self) -> bytes: ...


Meaning = Callable[[str], tuple[str, Bytes] | None]
"""The vector of a text that the search has encoded already, 32-bit floats, with the name of the network that did."""


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Choice(_Loose):
    title: str
    payload: str = ""


class _Utterance(_Loose):
    text: str = ""
    wish: Wish | None = None
    reason: str = ""
    article: str = ""
    articles: list[str] = Field(default_factory=list)
    choices: list[_Choice] = Field(default_factory=list)


class _Intent(_Loose):
    name: str | None = None
    confidence: float | None = None


class _Answer(_Loose):
    utterances: list[_Utterance]
    intent: _Intent = _Intent()
    active_form: str | None = None
    fields: dict[str, Any] = Field(default_factory=dict)


class Rasa:
    """One turn must answer within `timeout` seconds, however slowly the bytes come. `meaning`: spares the engine the
    encoding of what the search has encoded."""

    def __init__(
        self,
        url: str,
        secret: str,
        timeout: float = 3.0,
        transport: httpx.AsyncBaseTransport | None = None,
        meaning: Meaning = lambda _: None,
    ) -> None:
        self._timeout, self._meaning = timeout, meaning
        self._address, self._connections = f"{url}{PATH}message", transport or Connections()
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {secret}"},
            # The turn as a whole is timed, and the look at readiness by itself.
            timeout=None,
            transport=self._connections,
            trust_env=False,
        )

    async def ask(self, turn: Turn) -> Reply:
        """Raises DialogueDown (refused, late, nonsense) or DialogueSilent (an answer without words or wishes)."""
        body = {
            "turn": turn.id,
            "sender": turn.sender,
            "text": turn.text,
            "payload": turn.payload,
            "lang": turn.lang,
            "channel": turn.channel,
            "evidence": turn.evidence,
        }
        if turn.payload is None and (known := self._meaning(turn.text)) is not None:
            model, vector = known
            body["meaning"] = {"model": model, "vector": b64encode(vector.tobytes()).decode()}
        # Given to the connections as it is: cookies, redirects and credentials that a client looks after take longer
        # than the sending, and the engine has none of them.
        request = httpx.Request("POST", self._address, headers=self._client.headers, json=body)
        try:
            async with (
                asyncio.timeout(self._timeout),
                aclosing(await self._connections.handle_async_request(request)) as response,
            ):
                if response.status_code != httpx.codes.OK:
                    raise DialogueDown(f"The dialogue engine answered {response.status_code}.")
                return _read(await _content(response))
        except (httpx.HTTPError, TimeoutError) as error:
            raise DialogueDown(f"The dialogue engine did not answer ({type(error).__name__}).") from error

    async def is_ready(self) -> bool:
        """Whether the engine is up with a model loaded."""
        try:
            response = await self._client.get(PATH, timeout=1.0)
        except httpx.HTTPError:
            return False
        return response.status_code == httpx.codes.OK

    async def close(self) -> None:
        await self._client.aclose()


async def _content(response: httpx.Response) -> bytes:
    content = bytearray()
    async for part in response.aiter_bytes():
        content += part
        if len(content) > ANSWER_LIMIT:
            raise DialogueDown("The dialogue engine's answer is too large.")
    return bytes(content)


def _read(content: bytes) -> Reply:
    try:
        answer = _Answer.model_validate_json(content)
    except ValidationError as error:
        raise DialogueDown("The dialogue engine's answer cannot be read.") from error
    said = tuple(_utterance(one) for one in answer.utterances)
    # Only a handoff needs no words of the engine's: the app says them.
    if not any(one.text or one.wish is Wish.HANDOFF for one in said):
        job = bool(answer.active_form) or (answer.intent.name or "").startswith(JOB)
        raise DialogueSilent("The dialogue engine said nothing.", job=job)
    return Reply(
        utterances=said,
        intent=answer.intent.name or "",
        intent_confidence=answer.intent.confidence or 0.0,
        active_form=answer.active_form or "",
        fields={name: str(value) for name, value in answer.fields.items() if value is not None},
    )


def _utterance(one: _Utterance) -> Utterance:
    choices = tuple(Choice(choice.title, choice.payload) for choice in one.choices)
    return Utterance(one.text.strip(), one.wish, one.reason, one.article, tuple(one.articles), choices)
