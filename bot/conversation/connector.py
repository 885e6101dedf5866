"""Asks the customer's own records (a CRM, a billing) who is writing: one signed GET, the only door to them."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

LARGEST = 64 * 1024
MOST_FIELDS = 40
VALUE_LENGTH = 500


class RecordsDown(Exception):
    """No usable answer within the time-out."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the records say of a customer; nothing at all when they do not know them."""

    name: str = ""
    vip: bool | None = None
    fields: dict[str, str] = field(default_factory=dict)


class Records:
    """`url` gets the known identifiers as its query. `secret` signs: X-Zeroline-Signature is the hex HMAC-SHA256 of
    "<X-Zeroline-Timestamp>.<query>". `timeout` in seconds for everything together."""

    def __init__(self, url: str, secret: str, timeout: float = 2.0) -> None:
        self._url, self._secret, self._timeout = url, secret.encode(), timeout
        self._http = httpx.AsyncClient(timeout=timeout, follow_redirects=False, trust_env=False)

    async def ask(self, identifiers: Mapping[str, str]) -> Known:
        """Raises RecordsDown."""
        url = httpx.URL(self._url).copy_merge_params(dict(identifiers))
        stamp = str(int(time.time()))
        signed = hmac.new(self._secret, f"{stamp}.".encode() + url.query, hashlib.sha256).hexdigest()
        headers = {"Accept": "application/json", "X-Zeroline-Timestamp": stamp, "X-Zeroline-Signature": signed}
        try:
            return _known(await self._get(url, headers))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError) as error:
            raise RecordsDown(type(error).__name__) from error

    async def close(self) -> None:
        await self._http.aclose()

    async def _get(self, url: httpx.URL, headers: dict[str, str]) -> bytes:
        """The body; empty for 204 and 404, the two ways of saying that nobody is known by these identifiers."""
        async with asyncio.timeout(self._timeout), self._http.stream("GET", url, headers=headers) as response:
            if response.status_code in (204, 404):
                return b"{}"
            if response.status_code != httpx.codes.OK:
                raise ValueError(f"status {response.status_code}")
            body = b""
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > LARGEST:
                    raise ValueError("the answer is too long")
            return body


def _known(body: bytes) -> Known:
    """Reads {"name": …, "vip": …, "fields": {key: text}}. Raises ValueError for anything that is no JSON object."""
    answer = orjson.loads(body)
    if not isinstance(answer, dict):
        raise ValueError("not an object")
    told = answer.get("fields")
    fields = told if isinstance(told, dict) else {}
    vip = answer.get("vip")
    values = {key[:64]: text for key, value in list(fields.items())[:MOST_FIELDS] if (text := _text(value))}
    return Known(_text(answer.get("name")), vip if isinstance(vip, bool) else None, values)


def _text(value: Any) -> str:
    """A text or a number as one line; empty for everything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).replace("\0", "").split())[:VALUE_LENGTH]
