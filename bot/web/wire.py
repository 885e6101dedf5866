"""Turns the frames and bodies of the schemas into TypeScript for the browser; run as `python -m bot.web.wire`."""

import inspect
import types
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.web import schemas

TARGET = Path(__file__).parents[1] / "ui" / "src" / "shared" / "wire.ts"
HEADER = "// Written by `python -m bot.web.wire` from bot/web/schemas. Change them, never this file.\n"
PLAIN: dict[object, str] = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    type(None): "null",
    Any: "unknown",
}
MODULES = [
    f"{schemas.__name__}.{name}"
    for name in ("shared", "widget", "ticket", "work", "desk", "team", "incidents", "learning")
]
UNIONS = {
    "WidgetFrame": schemas.WidgetFrame,
    "WidgetEvent": schemas.WidgetEvent,
    "DeskFrame": schemas.DeskFrame,
    "DeskEvent": schemas.DeskEvent,
}


def typescript() -> str:
    """The whole text of wire.ts: the protocol number, every model in the order of the source, the four frame unions."""
    parts = [f"{HEADER}export const PROTOCOL = {schemas.PROTOCOL};\nexport type Lang = {spell(schemas.Lang)};\n"]
    parts += [interface(model) for model in models()]
    parts.append("".join(limit for model in models() for limit in text_limits(model)))
    parts.append("".join(f"export type {name} = {spell(union)};\n" for name, union in UNIONS.items()))
    return "\n".join(parts)


def models() -> list[type[BaseModel]]:
    """Every wire model, in the order in which the schemas define them."""
    found = [
        value
        for value in vars(schemas).values()
        if inspect.isclass(value) and issubclass(value, schemas.Wire) and value is not schemas.Wire
    ]
    return sorted(found, key=lambda model: (MODULES.index(model.__module__), inspect.getsourcelines(model)[1]))


def interface(model: type[BaseModel]) -> str:
    """One `export interface`; a field with a default may be left out by whoever writes the frame."""
    head = [f"/** {' '.join(line.split())} */\n" for line in [model.__doc__ or ""] if line]
    base = model.__bases__[0]
    inherited = base.model_fields if base is not schemas.Wire and issubclass(base, BaseModel) else {}
    extends = f" extends {base.__name__}" if inherited else ""
    own = {name: field for name, field in model.model_fields.items() if name not in inherited}
    lines = [
        f"  {name}{'' if field.is_required() else '?'}: {spell(field.annotation)};\n" for name, field in own.items()
    ]
    return "".join([*head, f"export interface {model.__name__}{extends} {{\n", *lines, "}\n"])


def text_limits(model: type[BaseModel]) -> list[str]:
    """Constants for the lengths a person can run into: `SendMessage.text` becomes SEND_MESSAGE_TEXT_MAX."""
    return [
        f"export const {constant(model.__name__)}_TEXT_MAX = {limit};\n"
        for name, field in model.model_fields.items()
        if name == "text" and (limit := longest(field)) is not None
    ]


def longest(field: FieldInfo) -> int | None:
    return next((rule.max_length for rule in field.metadata if hasattr(rule, "max_length")), None)


def constant(name: str) -> str:
    return "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in name).lstrip("_")


def spell(annotation: Any) -> str:
    """The TypeScript name of a Python annotation. TypeError for one the wire does not know yet."""
    generic = GENERICS.get(get_origin(annotation))
    if generic is not None:
        return generic(get_args(annotation))
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return annotation.__name__
    if annotation in PLAIN:
        return PLAIN[annotation]
    raise TypeError(f"no TypeScript for {annotation!r}: teach bot/web/wire.py")


def spell_union(arguments: tuple[Any, ...]) -> str:
    return " | ".join(spell(argument) for argument in arguments)


def spell_list(arguments: tuple[Any, ...]) -> str:
    item = spell(arguments[0])
    return f"({item})[]" if "|" in item else f"{item}[]"


GENERICS: dict[object, Callable[[tuple[Any, ...]], str]] = {
    Annotated: lambda arguments: spell(arguments[0]),
    Literal: lambda arguments: " | ".join(f'"{value}"' for value in arguments),
    Union: spell_union,
    types.UnionType: spell_union,
    list: spell_list,
    dict: lambda arguments: f"Record<{spell(arguments[0])}, {spell(arguments[1])}>",
}


def main() -> None:
    """Writes wire.ts."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(typescript(), encoding="utf-8")


if __name__ == "__main__":
    main()
