"""Guards every patch of Rasa: a method whose source is not the one that was read must not be replaced blindly."""

import hashlib
import inspect
from collections.abc import Callable
from typing import Any


class UpstreamChanged(RuntimeError):
    """Rasa is not the version the patches were written for."""


def digest(method: Callable[..., Any]) -> str:
    """The first 12 hex digits of SHA-256 over the method's source text."""
    return hashlib.sha256(inspect.getsource(method).encode()).hexdigest()[:12]


def expect(method: Callable[..., Any], known: str) -> None:
    """Error: UpstreamChanged, with what to do, when `method` is not the one whose digest is `known`."""
    found = digest(method)
    if found != known:
        raise UpstreamChanged(
            f"{method.__module__}.{method.__qualname__} has changed (digest {found}, expected {known}): "
            "this is not Rasa 3.6.21. Read the new method, see whether the patch in actions/engine still holds, "
            "then update its digest."
        )
