"""POSTs to addresses that people typed in: guarded against our own network's secrets; the room's only HTTP client."""

import asyncio
import socket
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

import httpx

from bot.notices.model import Answer, Errand, Later, Parcels, Request, Undeliverable

TIMEOUT = 10.0
ANSWER_BYTES = 64 * 1024
BUSY = frozenset({408, 425, 429})
METADATA = frozenset({"fd00:ec2::254", "100.100.100.200"})
"""Addresses beside the link-local ones at which clouds hand their keys to whoever asks from the machine itself."""

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a POST may go. `private`: into our own network too, where trackers of many companies stand; `metadata`:
    even to link-local addresses, only when the owner of the installation says so; `plain`: http beside https."""

    private: bool = False
    metadata: bool = False
    plain: bool = False

    def allows(self, address: Address) -> bool:
        inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None) or address
        if inner.is_link_local or str(inner) in METADATA:
            return self.metadata
        if inner.is_loopback:
            return self.private
        if inner.is_multicast or inner.is_unspecified or inner.is_reserved:
            return False
        return self.private or inner.is_global


COMPANY = Reach(private=True, plain=True)
"""For trackers: anywhere but the machine's own secrets."""

INTERNET = Reach()
"""For push services: public addresses, by https."""


class Post:
    """One HTTP client for every errand of the room."""

    def __init__(self, timeout: float = TIMEOUT) -> None:
        self._overall = 3 * timeout
        # No connection is used twice: names that share an address must not share one that was made for another name.
        self._client = httpx.AsyncClient(
            timeout=timeout, follow_redirects=False, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        )

    async def close(self) -> None:
        await self._client.aclose()

    def check(self, address: str, reach: Reach) -> None:
        """Raises Undeliverable for an address that could never be posted to, whatever its name leads to."""
        url = _url(address, reach)
        with suppress(ValueError):
            _refuse(url, [ip_address(url.host)], reach)

    async def send(self, request: Request, reach: Reach) -> Answer:
        """The answer, whatever its status; redirects are not followed. Raises Later when the host is not to be had,
        Undeliverable when it must not be asked at all."""
        url = _url(request.url, reach)
        addresses = await _resolve(url)
        _refuse(url, addresses, reach)
        # Dialled by the very number that was checked: a name may answer differently the second time.
        pinned = url.copy_with(host=str(addresses[0]))
        headers = {**request.headers, "Host": url.netloc.decode()}
        extensions = {"sni_hostname": url.host}
        try:
            async with (
                asyncio.timeout(self._overall),
                self._client.stream(
                    "POST", pinned, headers=headers, content=request.body, extensions=extensions
                ) as response,
            ):
                return Answer(response.status_code, dict(response.headers), await _body(response))
        except (httpx.HTTPError, TimeoutError) as error:
            raise Later(f"{url.host}: {type(error).__name__} {error}".strip()) from error


def judge(answer: Answer) -> None:
    """Raises Later for a host that is busy or ill, Undeliverable for one that has said no."""
    if answer.ok:
        return
    why = f"HTTP {answer.status}"
    if answer.status in BUSY or answer.status >= 500:
        wish = answer.headers.get("retry-after", "")
        raise Later(why, min(float(wish), 3_600.0) if wish.isdecimal() else None)
    raise Undeliverable(f"{why}: {answer.body[:200].decode('utf-8', 'replace')}")


class Webhook:
    """The way to outside trackers; what is sent, and what the answer means, is the business of `parcels`."""

    def __init__(self, post: Post, parcels: Parcels, reach: Reach = COMPANY) -> None:
        self._post, self._parcels, self._reach = post, parcels, reach

    async def carry(self, errand: Errand) -> None:
        request = await self._parcels.pack(errand.target)
        if request is None:
            return
        answer = await self._post.send(request, self._reach)
        judge(answer)
        await self._parcels.delivered(errand.target, answer)

    async def gave_up(self, errand: Errand, why: str) -> None:
        await self._parcels.failed(errand.target, why)


def _url(text: str, reach: Reach) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError) as error:
        raise Undeliverable(f"not an address: {error}") from error
    schemes = ("https", "http") if reach.plain else ("https",)
    if url.scheme not in schemes or not url.host or url.userinfo:
        raise Undeliverable(f"only {' and '.join(schemes)} addresses can be posted to")
    return url


def _refuse(url: httpx.URL, addresses: list[Address], reach: Reach) -> None:
    if not all(reach.allows(address) for address in addresses):
        raise Undeliverable(f"{url.host} is an address that must not be posted to")


async def _resolve(url: httpx.URL) -> list[Address]:
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        found: list[Any] = await asyncio.get_running_loop().getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Later(f"{url.host}: the name cannot be resolved") from error
    return [ip_address(str(place[0]).partition("%")[0]) for *_, place in found]


async def _body(response: httpx.Response) -> bytes:
    """What is read is kept short: nobody may fill our memory with an answer."""
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) >= ANSWER_BYTES:
            break
    return bytes(body[:ANSWER_BYTES])
