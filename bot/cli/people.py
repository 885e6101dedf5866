"""`zeroline operator …`: the people of the desk."""

import asyncio
from typing import Annotated

import typer

from bot.accounts.model import Role
from bot.accounts.service import Accounts
from bot.settings import Settings, load_settings
from bot.storage.migrate import migrate
from bot.storage.sqlite import SqliteDatabase

operator = typer.Typer(no_args_is_help=True, help="People who sign in at the desk.")


@operator.command("add")
def add(
    login: Annotated[str, typer.Argument(help="What they type to sign in.")],
    name: Annotated[str, typer.Option(help="What customers see.")],
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.OPERATOR,
) -> None:
    """Add a person to the desk; a password is made and shown once."""
    password = asyncio.run(add_operator(load_settings(), login, name, role))
    print(f"login: {login}\npassword: {password}")


@operator.command("list")
def list_all() -> None:
    """Show everybody who may sign in."""

    async def work() -> None:
        database, accounts = _open(load_settings())
        try:
            for one in await accounts.operators():
                print(f"{one.login}\t{one.name}\t{one.role.value}\t{'active' if one.active else 'disabled'}")
        finally:
            await database.close()

    asyncio.run(work())


async def add_operator(settings: Settings, login: str, name: str, role: Role) -> str:
    """Makes the operator and returns the password. Raises Conflict when the login is taken."""
    database, accounts = _open(settings)
    try:
        _, password = await accounts.add_operator(login, name, role)
    finally:
        await database.close()
    return password


async def nobody_yet(settings: Settings) -> bool:
    """Whether no operator exists, so that the first one has to be made."""
    database, accounts = _open(settings)
    try:
        return not await accounts.operators()
    finally:
        await database.close()


def _open(settings: Settings) -> tuple[SqliteDatabase, Accounts]:
    database = SqliteDatabase(settings.database)
    migrate(database.engine)
    return database, Accounts(database, settings.secret("visitors"))
