"""Rasa's input channel `zeroline`: the one door by which the app sends a customer's turn and learns what to say."""

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME, DEFAULT_INTENTS
from rasa.shared.core.events import SlotSet
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from actions.engine.lean import lean
from actions.engine.sentences import foretell
from actions.engine.strict import ActionFailed
from actions.engine.turns import BadTurn, Turn, is_silent, read_turn, recall

logger = logging.getLogger(__name__)

BODY_LIMIT = 256 * 1024
"""Bytes of one request: 2,000 characters and ten hits with their short answers fit twenty times."""
TURN_SECONDS = 10.0
"""The app waits 3 s; a turn still running after 10 is stuck and must give its lock back."""


class Refused(Exception):
    """A turn that cannot be answered: HTTP status and machine-readable code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class ZerolineInput(InputChannel):
    """Credentials: `secret` (shared with the app) and `fields` (slots an operator should see)."""

    @classmethod
    def name(cls) -> str:
        return "zeroline"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "ZerolineInput":
        given = credentials or {}
        if not given.get("secret"):
            cls.raise_missing_credentials_exception()
        return cls(str(given["secret"]), list(given.get("fields") or []))

    def __init__(self, secret: str, fields: list[str]) -> None:
        self._bearer = f"Bearer {secret}".encode()
        self._fields = fields

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """`GET /` says whether a model is loaded; `POST /message` runs one turn."""
        blueprint = Blueprint("zeroline", __name__)

        @blueprint.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            if not _agent(request).is_ready():
                return response.json({"error": "model_missing"}, 409)
            return response.json({"status": "ok"})

        @blueprint.route("/message", methods=["POST"])
        async def message(request: Request) -> HTTPResponse:
            try:
                return response.json(await self._receive(request))
            except Refused as refusal:
                return response.json({"error": refusal.code}, refusal.status)

        return blueprint

    async def _receive(self, request: Request) -> dict[str, Any]:
        if not hmac.compare_digest(request.headers.get("authorization", "").encode(), self._bearer):
            raise Refused(401, "unauthorised")
        if len(request.body) > BODY_LIMIT:
            raise Refused(400, "too_large")
        try:
            turn = read_turn(request.json)
        except BadTurn as error:
            raise Refused(400, f"bad_{error}") from error
        agent = _agent(request)
        if not agent.is_ready():
            raise Refused(409, "model_missing")
        return await self._answer(agent, turn)

    async def _answer(self, agent: Agent, turn: Turn) -> dict[str, Any]:
        try:
            return await asyncio.wait_for(self._run(agent, turn), TURN_SECONDS)
        except Refused:
            raise
        except asyncio.TimeoutError as error:
            logger.error("Turn %s took longer than %.0f s and was given up.", turn.id, TURN_SECONDS)
            raise Refused(500, "turn_timeout") from error
        except ActionFailed as error:
            logger.error("Turn %s: %s failed; nothing of it was stored.", turn.id, error)
            raise Refused(500, "action_failed") from error
        except Exception as error:
            logger.exception("Turn %s failed; nothing of it was stored.", turn.id)
            raise Refused(500, "turn_failed") from error

    async def _run(self, agent: Agent, turn: Turn) -> dict[str, Any]:
        """The tracker is saved only when the turn has something to say, so that a failed turn can be sent again."""
        if turn.intent is not None and turn.intent not in set(agent.domain.intents) - set(DEFAULT_INTENTS):
            raise Refused(400, "unknown_payload")
        async with agent.lock_store.lock(turn.sender):
            processor = lean(agent)
            tracker = await processor.fetch_tracker_and_update_session(turn.sender)
            stored = recall(tracker, turn.id, self._fields)
            if stored is not None:
                return stored
            await self._play(processor, tracker, turn)
            answer = recall(tracker, turn.id, self._fields)
            if answer is None or is_silent(answer):
                logger.error("Turn %s ended without a word.", turn.id)
                raise Refused(500, "silent")
            await processor.save_tracker(tracker)
            return answer

    async def _play(self, processor: MessageProcessor, tracker: Any, turn: Turn) -> None:
        """Rasa's own handle_message, with the language set before anything is predicted and nothing saved."""
        output = CollectingOutputChannel()
        if turn.meaning is not None:
            foretell(turn.text, turn.meaning)
        tracker.update(SlotSet("lang", turn.lang), processor.domain)
        await processor._handle_message_with_tracker(self._message(turn, output), tracker)
        await processor.run_action_extract_slots(output, tracker)
        await processor._run_prediction_loop(output, tracker)
        if tracker.latest_action_name != ACTION_LISTEN_NAME:
            raise RuntimeError(f"the rules never stopped: {tracker.latest_action_name} again and again")

    def _message(self, turn: Turn, output: CollectingOutputChannel) -> UserMessage:
        pressed = None
        if turn.intent is not None:
            intent = {"name": turn.intent, "confidence": 1.0}
            pressed = {"text": f"/{turn.intent}", "intent": intent, "intent_ranking": [intent], "entities": []}
        text = turn.text if pressed is None else f"/{turn.intent}"
        return UserMessage(text, output, turn.sender, pressed, self.name(), metadata=turn.metadata)


def _agent(request: Request) -> Agent:
    agent: Agent = request.app.ctx.agent
    return agent
