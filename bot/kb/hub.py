"""Whether another encoder is there, in a folder or on the Hugging Face hub: seconds, before its library is imported.

That library takes up to half a minute to import, and asks a hub that cannot be reached again and again for over a
minute; so whoever misspells a name would wait for a page of warnings.
"""

import os
import re
from http.client import HTTPException
from pathlib import Path
from ssl import SSLError
from threading import Event, Thread
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from bot.errors import Misconfigured

PATIENCE = 5.0
"""Seconds the hub has to answer in."""

_NAME = re.compile(r"([a-z0-9][\w.-]*/)?[a-z0-9][\w.-]*", re.ASCII | re.IGNORECASE)
_MODEL = ("modules.json", "config.json")
"""One of them lies in every folder of a sentence-transformers or transformers model."""


def check(source: str) -> None:
    """Raises Misconfigured `encoder_unusable` when no model of that name or in that folder can be had. A hub that
    cannot be reached is not asked again in this process: what was fetched before is loaded as it is."""
    if problem := _folder_problem(source) if _is_folder(source) else _hub_problem(source):
        raise Misconfigured(f"the encoder {source!r} cannot be loaded: {problem}", "encoder_unusable")


def _is_folder(source: str) -> bool:
    return os.path.lexists(source) or _NAME.fullmatch(source) is None


def _folder_problem(source: str) -> str:
    folder = Path(source)
    if not folder.is_dir():
        return "it is a file; name its folder" if folder.is_file() else "there is no such folder"
    return "" if any((folder / name).is_file() for name in _MODEL) else f"no {' or '.join(_MODEL)} lies in that folder"


def _hub_problem(source: str) -> str:
    endpoint = os.environ.get("HF_ENDPOINT", "").rstrip("/") or "https://huggingface.co"
    os.environ.setdefault("HF_HUB_VERBOSITY", "error")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    if not os.environ.get("HF_HUB_OFFLINE") and not _answers(endpoint):
        os.environ["HF_HUB_OFFLINE"] = "1"
    # Reads these settings when it is imported, and never again.
    from huggingface_hub import HfApi, is_offline_mode  # noqa: PLC0415
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError  # noqa: PLC0415

    # A name without an owner is looked for among sentence-transformers' own models first.
    names = [source] if "/" in source else [f"sentence-transformers/{source}", source]
    if any(_is_fetched(name) for name in names):
        return ""
    away = f"the hub {endpoint} cannot be reached; name a folder that holds the model, or try again with a network"
    for name in () if is_offline_mode() else names:
        try:
            HfApi(endpoint).model_info(name, timeout=PATIENCE)
        except (RepositoryNotFoundError, HFValidationError):
            continue
        except Exception:
            # Those of its HTTP library, which is not the same in every version.
            return away
        return ""
    return away if is_offline_mode() else f"{endpoint} has no such model, or HF_TOKEN may not read it"


def _is_fetched(name: str) -> bool:
    from huggingface_hub import try_to_load_from_cache  # noqa: PLC0415 - as above
    from huggingface_hub.errors import HFValidationError  # noqa: PLC0415

    folder = os.environ.get("SENTENCE_TRANSFORMERS_HOME")
    try:
        return any(isinstance(try_to_load_from_cache(name, each, cache_dir=folder), str) for each in _MODEL)
    except HFValidationError:
        return False


def _answers(endpoint: str) -> bool:
    """Whatever it answers. In a thread that may be left behind: looking a name up and trying one address after another
    heed no limit."""
    heard = Event()

    def ask() -> None:
        try:
            with urlopen(Request(endpoint, method="HEAD"), timeout=PATIENCE):
                heard.set()
        except (OSError, HTTPException, ValueError) as error:
            # Which certificates are trusted is for the library to say.
            if isinstance(error, HTTPError) or isinstance(getattr(error, "reason", None), SSLError):
                heard.set()

    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(PATIENCE)
    return heard.is_set()
