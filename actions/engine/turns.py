"""A turn on the wire and in the tracker: what the app may send, and what the tracker says was answered."""

import re
from dataclasses import dataclass
from typing import Any

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY

TEXT_LIMIT = 2_000
"""Characters. A 100 kB message kept Rasa busy for a second, 1 MB for 12-17 s."""
ID_LIMIT = 255
PAYLOAD = re.compile(r"/[a-z_]{1,60}")
LANGS = ("ru", "en")


class BadTurn(ValueError):
    """The request is not a turn; the message names the field."""


@dataclass(frozen=True)
class Turn:
    """One customer message. `text` never starts with a slash; `intent` is set when a button was pressed instead."""

    id: str
    sender: str
    text: str
    intent: str | None
    lang: str
    channel: str
    evidence: dict[str, Any]
    meaning: dict[str, Any] | None = None
    """The text's vector and the name of the encoder that made it, where the app has encoded it already."""

    @property
    def metadata(self) -> dict[str, Any]:
        """What actions read from the latest message; `evidence` is dropped again when the tracker is stored."""
        return {"turn": self.id, "lang": self.lang, "channel": self.channel, "evidence": self.evidence}


def read_turn(body: Any) -> Turn:
    """The JSON body of a request as a Turn. Error: BadTurn."""
    if not isinstance(body, dict):
        raise BadTurn("body")
    payload = body.get("payload")
    if payload is not None and not (isinstance(payload, str) and PAYLOAD.fullmatch(payload)):
        raise BadTurn("payload")
    if body.get("lang") not in LANGS:
        raise BadTurn("lang")
    evidence = body.get("evidence") or {}
    if not isinstance(evidence, dict):
        raise BadTurn("evidence")
    # «ghbdtn» and "privet" are understood as what was meant, by the intents as by the search.
    text = _words(evidence.get("reading") or body.get("text", ""))
    meaning = body.get("meaning")
    return Turn(
        id=_short(body, "turn"),
        sender=_short(body, "sender"),
        text=text,
        intent=payload[1:] if payload else None,
        lang=body["lang"],
        channel=str(body.get("channel", ""))[:ID_LIMIT],
        evidence=evidence,
        meaning=meaning if isinstance(meaning, dict) and text == body.get("text") else None,
    )


def _short(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= ID_LIMIT:
        raise BadTurn(name)
    return value


def _words(text: Any) -> str:
    """A leading slash would let a visitor fire any intent, `/restart` among them; nothing left still is a message."""
    if not isinstance(text, str):
        raise BadTurn("text")
    return re.sub(r"\A[\s/]+", "", text)[:TEXT_LIMIT].strip() or "…"


def is_silent(answer: dict[str, Any]) -> bool:
    """True when the turn said nothing at all, which is a failure and never an answer."""
    return not answer["utterances"]


def recall(tracker: DialogueStateTracker, turn_id: str, fields: list[str]) -> dict[str, Any] | None:
    """What the tracker holds as the answer to that turn, in the form of the wire; None when it has never seen it."""
    events = list(tracker.events)
    starts = [at for at, event in enumerate(events) if isinstance(event, UserUttered)]
    start = next((at for at in reversed(starts) if (events[at].metadata or {}).get("turn") == turn_id), None)
    if start is None:
        return None
    end = next((at for at in starts if at > start), len(events))
    last = end == len(events)
    then = (
        tracker if last else DialogueStateTracker.from_events(tracker.sender_id, events[:end], tracker.slots.values())
    )
    intent = events[start].intent
    return {
        "utterances": [_utterance(event) for event in events[start:end] if isinstance(event, BotUttered)],
        "intent": {"name": intent.get(INTENT_NAME_KEY), "confidence": intent.get(PREDICTED_CONFIDENCE_KEY) or 0.0},
        "active_form": then.active_loop_name,
        "fields": {name: value for name in fields if (value := then.get_slot(name)) is not None},
    }


def _utterance(event: BotUttered) -> dict[str, Any]:
    custom = event.data.get("custom") or {}
    buttons = event.data.get("buttons") or []
    return {
        "text": event.text or "",
        "wish": custom.get("wish"),
        "reason": custom.get("reason", ""),
        "article": custom.get("article", ""),
        "articles": custom.get("articles", []),
        "choices": [{"title": button["title"], "payload": button["payload"]} for button in buttons],
    }
