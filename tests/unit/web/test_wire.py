"""The browser's frame types are those of the server: wire.ts is what the generator writes today."""

from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field

from bot.web import wire


def test_wire_ts_is_what_the_schemas_say() -> None:
    assert wire.TARGET.read_text(encoding="utf-8") == wire.typescript(), "run: python -m bot.web.wire"


def test_the_command_writes_the_file_even_where_no_folder_is_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "TARGET", tmp_path / "shared" / "wire.ts")
    wire.main()
    assert wire.TARGET.read_text(encoding="utf-8") == wire.typescript()


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (str | None, "string | null"),
        (list[str], "string[]"),
        (list[int | str], "(number | string)[]"),
        (dict[str, float], "Record<string, number>"),
        (Literal["a", "b"], '"a" | "b"'),
        (Annotated[int, Field(ge=0)], "number"),
        (list[list[str]], "string[][]"),
    ],
)
def test_annotations_are_spelled_in_typescript(annotation: object, expected: str) -> None:
    assert wire.spell(annotation) == expected


def test_an_annotation_the_browser_cannot_read_is_refused() -> None:
    with pytest.raises(TypeError, match="bytes"):
        wire.spell(bytes)


def test_a_field_with_a_default_may_be_left_out() -> None:
    class Frame(BaseModel):
        must: int
        may: int = 0

    assert wire.interface(Frame) == "export interface Frame {\n  must: number;\n  may?: number;\n}\n"


def test_the_length_a_customer_can_type_reaches_the_browser() -> None:
    assert "export const SEND_MESSAGE_TEXT_MAX = 2000;" in wire.typescript()
