"""The description of the HTTP API at /openapi.json, made from the route table and the schemas, never by hand."""

import re
from collections import defaultdict
from collections.abc import Iterable
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from pydantic.json_schema import models_json_schema

from bot.web import guard, schemas, words
from bot.web.api import READING, Route

REFERENCE = "#/components/schemas/{model}"
STATUS = {
    "file_missing": 400,
    "file_refused": 400,
    "incident_invalid": 400,
    "invalid_body": 400,
    "login_invalid": 400,
    "name_invalid": 400,
    "password_weak": 400,
    "push_refused": 400,
    "target_unclear": 400,
    "max_wrong_invalid": 400,
    "text_empty": 400,
    "text_too_long": 400,
    "tracker_invalid": 400,
    "tracker_off": 400,
    "hook_refused": 401,
    "unauthorised": 401,
    "visitor_unknown": 401,
    "wrong_credentials": 401,
    "csrf_refused": 403,
    "forbidden": 403,
    "not_your_ticket": 403,
    "origin_refused": 403,
    "own_role": 403,
    "owner_only": 403,
    "wrong_password": 403,
    "canned_unknown": 404,
    "conversation_unknown": 404,
    "file_unknown": 404,
    "group_unknown": 404,
    "incident_unknown": 404,
    "issue_unknown": 404,
    "label_unknown": 404,
    "operator_unknown": 404,
    "ticket_unknown": 404,
    "version_unknown": 404,
    "agent_unavailable": 409,
    "already_claimed": 409,
    "already_offered": 409,
    "last_owner": 409,
    "learning_busy": 409,
    "login_taken": 409,
    "nothing_to_decide": 409,
    "customer_wrote": 409,
    "over_cap": 409,
    "policy_changed": 409,
    "shortcut_taken": 409,
    "ticket_closed": 409,
    "version_outdated": 409,
    "file_too_large": 413,
    "moment_far": 422,
    "moment_past": 422,
    "policy_invalid": 422,
    "login_throttled": 429,
    "too_many_files": 429,
    "too_many_requests": 429,
    "unavailable": 503,
}
FORM = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "required": ["file"],
            "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
        }
    }
}
ALWAYS = ("too_many_requests", "unavailable")


def describe(routes: Iterable[Route], server: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of these routes."""
    table = tuple(routes)
    used = {model for route in table for model in (route.body, route.reply) if model is not None}
    models = sorted(used | {schemas.ErrorView}, key=lambda model: model.__name__)
    _, components = models_json_schema([(model, "validation") for model in models], ref_template=REFERENCE)
    paths: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for route in table:
        paths[re.sub(r"<(\w+)>", r"{\1}", route.path)][route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Zeroline desk API",
            "version": _version(),
            "description": "What operators' programs may ask. Live changes come by websocket: see docs/websocket.md.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": server}],
        "paths": dict(paths),
        "components": {
            "schemas": components["$defs"],
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": guard.COOKIE},
                "csrf": {"type": "apiKey", "in": "header", "name": guard.CSRF_HEADER},
            },
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"<(\w+)>", route.path)
    ]
    parameters += [{"name": name, "in": "query", "schema": {"type": "string"}} for name in route.query]
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "responses": {**_success(route), **_errors(route)},
        "security": _security(route),
    }
    if parameters:
        operation["parameters"] = parameters
    if route.body is not None:
        operation["requestBody"] = {"required": True, "content": _json(route.body.__name__)}
    if route.upload:
        operation["requestBody"] = {"required": True, "content": FORM}
    if route.permission is not None:
        either = f" or `{route.also.value}`" if route.also else ""
        operation["description"] = f"Needs the permission `{route.permission.value}`{either}."
    return operation


def _success(route: Route) -> dict[str, Any]:
    if route.reply is None:
        return {"204": {"description": "Done."}}
    found = {"200": {"description": route.reply.__name__, "content": _json(route.reply.__name__)}}
    return found | ({"204": {"description": route.nothing}} if route.nothing else {})


def _errors(route: Route) -> dict[str, Any]:
    by_status: defaultdict[int, list[str]] = defaultdict(list)
    for code in dict.fromkeys((*_guards(route), *route.errors, *ALWAYS)):
        by_status[STATUS[code]].append(code)
    return {
        str(status): {
            "description": f"{HTTPStatus(status).phrase}: {'; '.join(_explained(code) for code in codes)}",
            "content": _json(schemas.ErrorView.__name__),
        }
        for status, codes in sorted(by_status.items())
    }


def _guards(route: Route) -> tuple[str, ...]:
    """The codes that the guard answers with before the handler runs."""
    changing = route.method not in READING
    asked = {
        "origin_refused": changing,
        "unauthorised": not route.public,
        "csrf_refused": changing and not route.public,
        "forbidden": route.permission is not None,
    }
    return tuple(code for code, wanted in asked.items() if wanted)


def _security(route: Route) -> list[dict[str, list[str]]]:
    if route.public:
        return []
    return [{"session": []}] if route.method in READING else [{"session": [], "csrf": []}]


def _explained(code: str) -> str:
    sentence = words.SENTENCES[code]["en"].format(winner="Somebody", retry_after="some", place="the place")
    return f"`{code}` ({sentence})"


def _json(model: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": REFERENCE.format(model=model)}}}


def _version() -> str:
    try:
        return version("zeroline")
    except PackageNotFoundError:
        return "0"
