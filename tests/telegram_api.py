"""A Bot API server for tests: it speaks the real protocol over HTTP and refuses what the real one refuses.

async with FakeTelegram() as telegram:
    telegram.add_customer(7, "Anna", lang="ru")
    telegram.says(7, "/start")
    greeting = await telegram.next_message(7)
    telegram.presses(7, question, "Как оплатить?")
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Self

from aiohttp import web

from tests.telegram_chats import BLOCKED, Call, Chats, Customer, Failure, Sent, SentFile, Update, rows
from tests.telegram_html import Entity, Refused, read_caption, read_markup, read_text

TOKEN = "42:TEST"
DOWNLOAD_LIMIT = 20_000_000
UPLOAD_LIMIT = 50_000_000
PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff")
BOT = {"id": 42, "is_bot": True, "first_name": "Zeroline", "username": "zeroline_bot"}


class FakeTelegram(Chats):
    """`url` goes into the bot's settings. `shuffle` returns every batch of updates in random
    order; `polls` counts the getUpdates begun."""

    def __init__(self, token: str = TOKEN) -> None:
        super().__init__()
        self.token, self.url, self.shuffle = token, "", False
        self.polls, self._port, self._open = 0, 0, False
        self._random = random.Random(7)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        await self._listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._hang_up()

    @asynccontextmanager
    async def down(self) -> AsyncIterator[None]:
        """Nobody listens on the port inside the block."""
        await self._hang_up()
        yield
        await self._listen()

    async def _listen(self) -> None:
        app = web.Application(client_max_size=UPLOAD_LIMIT)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/{file_id}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._open = True

    async def _hang_up(self) -> None:
        self._open = False
        self._ring()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        form = (await request.post()) or request.query
        params = {name: value for name, value in form.items() if isinstance(value, str)}
        uploads = {name: value for name, value in form.items() if isinstance(value, web.FileField)}
        if request.match_info["token"] != self.token:
            return _refusal(Failure(401, "Unauthorized"))
        method = request.match_info["method"]
        failure = self._due(method, params)
        result: Any = None
        if failure is None or failure.accept:
            try:
                result = await self._carry_out(method, params, request, uploads)
            except Refused as refused:
                failure = Failure(400, f"Bad Request: {refused}")
            except _Answer as answer:
                failure = answer.failure
        return self._answer(request, Call(method, params, failure.status if failure else 200, _now()), failure, result)

    def _answer(self, request: web.Request, call: Call, failure: Failure | None, result: Any) -> web.StreamResponse:
        self.calls.append(call)
        self._ring()
        if failure is None:
            return web.json_response({"ok": True, "result": result})
        if failure.drop and request.transport is not None:
            request.transport.close()
        return _refusal(failure)

    def _due(self, method: str, params: dict[str, str]) -> Failure | None:
        chat = int(params["chat_id"]) if "chat_id" in params else None
        for key in ((method, chat), (method, None)):
            if self._failures[key]:
                return self._failures[key].pop(0)
        return None

    async def _carry_out(
        self, method: str, params: dict[str, str], request: web.Request, uploads: dict[str, web.FileField]
    ) -> Any:
        telling: dict[str, Callable[[dict[str, str]], Any]] = {
            "getMe": lambda _: BOT,
            "sendMessage": self._send,
            "editMessageReplyMarkup": self._edit,
            "editMessageText": self._edit,
            "getFile": self._get_file,
            "sendPhoto": lambda params: self._send_file("photo", params, uploads),
            "sendDocument": lambda params: self._send_file("document", params, uploads),
        }
        if method in telling:
            return telling[method](params)
        if method == "getUpdates":
            return await self._get_updates(params, request)
        if method == "answerCallbackQuery":
            self.answers[params["callback_query_id"]] = params.get("text", "")
        elif method == "sendChatAction":
            self._customer(params)
        elif method not in ("deleteWebhook", "setMyCommands"):
            raise _Answer(Failure(404, "Not Found: method not found"))
        return True

    async def _get_updates(self, params: dict[str, str], request: web.Request) -> list[Update]:
        """Forgets what the offset confirms, then waits for more; a later poller cuts an earlier one off."""
        self.polls += 1
        mine, end = self.polls, time.monotonic() + float(params.get("timeout", 0))
        offset = int(params.get("offset", 0))
        self.waiting = [update for update in self.waiting if update["update_id"] >= offset]
        self._ring()
        while not (ready := [update for update in self.waiting if update["update_id"] >= offset]):
            if time.monotonic() >= end or request.transport is None or request.transport.is_closing():
                return []
            try:
                await asyncio.wait_for(self._bell.wait(), end - time.monotonic())
            except TimeoutError:
                return []
            if not self._open:
                raise _Answer(Failure(drop=True))
            if self.polls != mine:
                raise _Answer(Failure(409, "Conflict: terminated by other getUpdates request"))
        ready = ready[: int(params.get("limit", 100))]
        return self._random.sample(ready, len(ready)) if self.shuffle else ready

    def _send(self, params: dict[str, str]) -> dict[str, Any]:
        mode = params.get("parse_mode", "")
        text, entities = read_text(params.get("text", ""), mode)
        return self._arrive(params, text, tuple(entities), params["text"])

    def _send_file(self, kind: str, params: dict[str, str], uploads: dict[str, web.FileField]) -> dict[str, Any]:
        text, entities = read_caption(params.get("caption", ""), params.get("parse_mode", ""))
        upload = uploads[params[kind].removeprefix("attach://")]
        data = upload.file.read()
        if kind == "photo" and not data.startswith(PICTURES):
            raise Refused("IMAGE_PROCESS_FAILED")
        file = SentFile(kind, upload.filename, data)
        return self._arrive(params, text, tuple(entities), params.get("caption", ""), file)

    def _arrive(
        self,
        params: dict[str, str],
        text: str,
        entities: tuple[Entity, ...],
        source: str,
        file: SentFile | None = None,
    ) -> dict[str, Any]:
        customer, mode = self._customer(params), params.get("parse_mode", "")
        markup = read_markup(params.get("reply_markup", ""))
        chat, number = int(params["chat_id"]), self._number()
        self.markups[chat, number], self.texts[chat, number] = markup, text
        keyboard = tuple(key["text"] for row in markup.get("keyboard", []) for key in row)
        customer.heard.append(Sent(chat, number, text, entities, source, mode, rows(markup), keyboard, _now(), file))
        return {"message_id": number, "date": int(time.time()), "chat": self._chat(chat), "text": text}

    def _get_file(self, params: dict[str, str]) -> dict[str, Any]:
        file_id = params["file_id"]
        if file_id not in self.files:
            raise Refused("wrong file_id or the file is temporarily unavailable")
        size = len(self.files[file_id])
        if size > DOWNLOAD_LIMIT:
            raise Refused("file is too big")
        return {"file_id": file_id, "file_unique_id": file_id, "file_size": size, "file_path": file_id}

    async def _download(self, request: web.Request) -> web.Response:
        data = self.files.get(request.match_info["file_id"])
        if data is None or request.match_info["token"] != self.token:
            return web.Response(status=404)
        return web.Response(body=data)

    def _edit(self, params: dict[str, str]) -> dict[str, Any]:
        self._customer(params)
        place = int(params["chat_id"]), int(params["message_id"])
        markup = read_markup(params.get("reply_markup", ""))
        if place not in self.markups:
            raise Refused("message to edit not found")
        text = self.texts[place]
        if "text" in params:
            text, _ = read_text(params["text"], params.get("parse_mode", ""))
        if (self.markups[place], self.texts[place]) == (markup, text):
            raise Refused("message is not modified")
        self.markups[place], self.texts[place] = markup, text
        return {"message_id": place[1], "date": 1, "chat": self._chat(place[0]), "text": text}

    def _customer(self, params: dict[str, str]) -> Customer:
        customer = self.customers.get(int(params.get("chat_id", 0)))
        if customer is None:
            raise Refused("chat not found")
        if customer.blocked:
            raise _Answer(BLOCKED)
        return customer


class _Answer(Exception):
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.description)
        self.failure = failure


def _refusal(failure: Failure) -> web.Response:
    if failure.page:
        return web.Response(status=failure.status, text=failure.page, content_type="text/html")
    body: dict[str, Any] = {"ok": False, "error_code": failure.status, "description": failure.description}
    if failure.retry_after is not None:
        body["parameters"] = {"retry_after": failure.retry_after}
    return web.json_response(body, status=failure.status)


def _now() -> float:
    return asyncio.get_running_loop().time()
