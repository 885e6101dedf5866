"""The `zeroline` command: the composition root's front door for the people who run the product."""

import os
import sys

import typer

from bot.cli import books, doctor, knowledge, people, server
from bot.errors import BotError
from handoff.errors import HandoffError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Tier-0 customer support on your own machines.",
)
app.command("run")(server.run)
app.command("serve")(server.serve)
app.command("migrate")(server.migrate)
app.command("ask")(knowledge.ask)
app.command("evaluate")(knowledge.evaluate)
app.command("check")(doctor.check)
app.command("reconcile")(books.reconcile_books)
app.add_typer(knowledge.kb, name="kb")
app.add_typer(people.operator, name="operator")


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
