"""The papers handed to others do not lag behind the code: OpenAPI, the websocket page and the list of error codes."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel

import bot.dialogue.model
import bot.kb.index
import bot.kb.loader  # noqa: F401 - importing a module makes its errors known
from bot import errors
from bot.accounts.model import Role
from bot.web import failures, schemas, words
from bot.web.api import Route
from bot.web.app import API
from bot.web.openapi import STATUS
from handoff.errors import HandoffError
from tests.web.house import House

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"[a-z]+(_[a-z]+)+")
FRAMES = (schemas.WidgetFrame, schemas.WidgetEvent, schemas.DeskFrame, schemas.DeskEvent)


def frame_models() -> list[type[BaseModel]]:
    return sorted({model for union in FRAMES for model in get_args(get_args(union)[0])}, key=lambda one: one.__name__)


def family(root: type[Exception]) -> Iterator[type[Any]]:
    yield root
    for child in root.__subclasses__():
        yield from family(child)


def raised_codes() -> dict[str, str]:
    """Every code that a source file names when it makes one of our errors, and where."""
    makers = {one.__name__ for one in family(errors.BotError)} | {"check"}
    found: dict[str, str] = {}
    for path in [*ROOT.glob("bot/**/*.py"), *ROOT.glob("handoff/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in makers:
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                texts = [one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                found |= {text: f"{path.name}:{node.lineno}" for text in texts if CODE.fullmatch(text)}
    return found


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def documented() -> dict[str, int]:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    return {code: int(status) for code, status in re.findall(r"^\| `(\w+)` \| (\d{3}) \|", page, flags=re.MULTILINE)}


def own_codes() -> dict[str, int]:
    """The codes that error classes carry by themselves."""
    classes = [one for root in (errors.BotError, HandoffError) for one in family(root)]
    return {one.code: one.status for one in classes if one is not HandoffError}


def test_every_code_that_can_be_raised_is_documented() -> None:
    known = set(raised_codes()) | set(own_codes()) | set(words.SENTENCES) | set(failures.CODES.values())
    assert known - set(documented()) == set()
    assert set(documented()) - known == set()


def test_documented_statuses_are_the_real_ones() -> None:
    real = own_codes() | {code: status for status, code in failures.CODES.items()} | STATUS
    assert {code: status for code, status in documented().items() if real.get(code, status) != status} == {}


def test_every_sentence_exists_in_both_languages() -> None:
    for code, sentences in words.SENTENCES.items():
        assert set(sentences) == {"ru", "en"}, code
        for text in sentences.values():
            assert text.strip() == text
            assert text.endswith((".", "!")), code


async def test_the_openapi_document_is_valid(http: httpx.AsyncClient) -> None:
    document = (await http.get("/openapi.json")).json()
    OpenAPIV31SpecValidator(document).validate()
    assert {(path, method) for path, methods in document["paths"].items() for method in methods} == {
        (route.path.replace("<", "{").replace(">", "}"), route.method.lower()) for route in API
    }


@pytest.mark.parametrize("route", API, ids=lambda route: route.name)
def test_every_route_names_codes_that_are_documented(route: Route) -> None:
    assert set(route.errors) <= set(documented())
    assert route.summary.endswith(".")


async def test_answers_are_of_the_documented_shape(house: House) -> None:
    anna = await house.operator("anna", Role.OWNER)
    for route in API:
        if route.method == "GET" and "<" not in route.path and "conversation" not in route.query:
            assert route.reply is not None
            route.reply.model_validate((await anna.get(route.path)).json())
    await anna.http.aclose()


@pytest.mark.parametrize("model", frame_models(), ids=lambda model: model.__name__)
def test_every_frame_is_described_with_all_its_fields(model: type[BaseModel]) -> None:
    page = (ROOT / "docs" / "websocket.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^#### (\w+)\n(.*?)(?=^##|\Z)", page, flags=re.MULTILINE | re.DOTALL))
    section = sections[model.__name__]
    fields = set(model.model_fields) - {"type"}
    assert set(re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE)) == fields
    assert f"`{get_args(model.model_fields['type'].annotation)[0]}`" in section or '"hello"' in section


def test_the_page_names_the_protocol_that_is_spoken() -> None:
    page = (ROOT / "docs" / "websocket.md").read_text(encoding="utf-8")
    assert f"version `v` (now {schemas.PROTOCOL})" in page
