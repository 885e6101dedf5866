"""The `zeroline` command: the composition root's front door for the people who run the product."""

import os
import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from bot.cli import server
from bot.errors import BotError
from handoff.errors import HandoffError

LATE = {
    "ask": "knowledge.ask",
    "evaluate": "quality.evaluate",
    "check": "doctor.check",
    "reconcile": "books.reconcile_books",
    "kb": "knowledge.kb",
    "operator": "people.operator",
}
"""Commands whose modules are imported when they are called: what they need took seconds and a hundred megabytes of
the parent that only waits for `zeroline run`."""


class Commands(TyperGroup):
    """The commands of `server` and the late ones."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *LATE]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in LATE:
            return super().get_command(ctx, cmd_name)
        module, _, name = LATE[cmd_name].partition(".")
        found = getattr(import_module(f"bot.cli.{module}"), name)
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        if not isinstance(found, typer.Typer):
            alone.command(cmd_name)(found)
            return typer.main.get_command(alone)
        alone.add_typer(found, name=cmd_name)
        return typer.main.get_group(alone).commands[cmd_name]


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Tier-0 customer support on your own machines.",
)
app.command("run")(server.run)
app.command("serve")(server.serve)
app.command("migrate")(server.migrate)


def main() -> None:
    """Runs a command; an expected error is one line on stderr and exit status 1, never a stack trace."""
    # Threads that spin while they wait for each other make encoding ten times slower beside another busy process.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        app()
    except (BotError, HandoffError) as error:
        print(f"zeroline: {error.text}", file=sys.stderr)
        raise SystemExit(1) from None
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"zeroline: {where}{error.strerror or error}. Name a file or folder that you may use.", file=sys.stderr)
        raise SystemExit(1) from None
