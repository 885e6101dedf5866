"""Making, hashing and checking passwords, for the use cases of this room."""

import asyncio
import secrets
from collections.abc import Callable
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.errors import BadRequest

Hashed = TypeVar("Hashed")

LENGTH = range(12, 201)
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
_HASHERS = 2
"""Password hashes computed at once: each takes 37 ms and 19 MiB, and there are two cores to share."""


class Passwords:
    """argon2id in threads of its own, two at a time."""

    def __init__(self) -> None:
        # 19 MiB, two passes, one lane: OWASP's minimum for argon2id, 37 ms here.
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._nobody = self._hasher.hash(secrets.token_urlsafe())
        self._hashing = asyncio.Semaphore(_HASHERS)

    async def hash(self, password: str) -> str:
        """Raises BadRequest `password_weak`."""
        if len(password) not in LENGTH:
            raise BadRequest("Choose a password of 12 to 200 characters.", "password_weak")
        return await self._in_thread(self._hasher.hash, password)

    async def fits(self, password_hash: str | None, password: str) -> bool:
        """Whether the password is the right one; without a hash False, after the same time."""
        right = await self._in_thread(self._verify, password_hash or self._nobody, password)
        return right and password_hash is not None

    async def fresh(self, password_hash: str, password: str) -> str | None:
        """A new hash when the stored one was made with weaker parameters."""
        if not self._hasher.check_needs_rehash(password_hash):
            return None
        return await self._in_thread(self._hasher.hash, password)

    async def _in_thread(self, hashing: Callable[..., Hashed], *texts: str) -> Hashed:
        async with self._hashing:
            return await asyncio.to_thread(hashing, *texts)

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False


def new_password() -> str:
    """79 random bits in four readable groups."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))
