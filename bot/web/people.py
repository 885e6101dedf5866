"""The desk's routes for people: who works here, their roles, places and passwords."""

from collections.abc import Sequence

from bot.accounts.model import Changes, Permission, Role
from bot.conversation.lead import Person, Place
from bot.web import schemas
from bot.web.api import Call, Route
from bot.web.login import end_sessions
from handoff.model import Agent

PERSON = "/api/desk/people/<person_id>"
ACCOUNT = ("name", "role", "active")
"""What only those who manage operators may change; the rest is a lead's business."""


async def people(call: Call) -> schemas.PersonList:
    linked = await call.services.notices.linked()
    found = await call.services.lead.people()
    return schemas.PersonList(people=[_view(one, one.operator.id in linked) for one in found])


async def add_person(call: Call) -> schemas.NewPersonView:
    body: schemas.NewPersonBody = call.body
    accounts = call.services.accounts
    operator, password = await accounts.add_operator(body.login, body.name, Role(body.role), by=call.operator)
    person = Person(operator, Agent(operator.id, operator.name))
    return schemas.NewPersonView(person=_view(person, False), password=password)


async def change_person(call: Call) -> schemas.PersonView:
    body: schemas.PersonBody = call.body
    if any(getattr(body, name) is not None for name in ACCOUNT):
        call.needs(Permission.MANAGE_OPERATORS)
    changes = Changes(body.name, Role(body.role) if body.role else None, body.active)
    place = Place(body.cap, _words(body.groups), _words(body.skills), _words(body.langs), body.tier)
    person, ended = await call.services.lead.change(call.operator, call.args["person_id"], changes, place)
    await end_sessions(call.services.bus, ended)
    return _view(person, person.operator.id in await call.services.notices.linked())


async def reset_password(call: Call) -> schemas.PasswordView:
    password, ended = await call.services.accounts.reset_password(call.operator, call.args["person_id"])
    await end_sessions(call.services.bus, ended)
    return schemas.PasswordView(password=password)


async def change_password(call: Call) -> None:
    body: schemas.PasswordBody = call.body
    accounts = call.services.accounts
    await end_sessions(call.services.bus, await accounts.change_password(call.token, call.operator, body.old, body.new))


def _words(given: Sequence[str] | None) -> tuple[str, ...] | None:
    if given is None:
        return None
    return tuple(dict.fromkeys(word.strip() for word in given if word.strip()))


def _view(person: Person, telegram: bool) -> schemas.PersonView:
    operator, agent = person.operator, person.agent
    return schemas.PersonView(
        id=operator.id,
        login=operator.login,
        name=operator.name,
        role=operator.role.value,
        active=operator.active,
        cap=agent.cap,
        groups=list(agent.groups),
        skills=list(agent.skills),
        langs=list(agent.langs),
        tier=agent.tier,
        telegram=telegram,
    )


ROUTES = (
    Route(
        "GET",
        "/api/desk/people",
        people,
        "Everybody with an account, and their place at the desk.",
        permission=Permission.MANAGE_TEAM,
        reply=schemas.PersonList,
    ),
    Route(
        "POST",
        "/api/desk/people",
        add_person,
        "A new account; its password is shown once.",
        permission=Permission.MANAGE_OPERATORS,
        body=schemas.NewPersonBody,
        reply=schemas.NewPersonView,
        errors=("invalid_body", "login_invalid", "name_invalid", "login_taken", "owner_only"),
    ),
    Route(
        "POST",
        PERSON,
        change_person,
        "Change a place at the desk; name, role and activity for those who manage operators. Whoever loses rights is "
        "signed out at once.",
        permission=Permission.MANAGE_TEAM,
        body=schemas.PersonBody,
        reply=schemas.PersonView,
        errors=("invalid_body", "name_invalid", "operator_unknown", "owner_only", "own_role", "last_owner"),
    ),
    Route(
        "POST",
        f"{PERSON}/password",
        reset_password,
        "A new password, made and shown once; every session of this person ends.",
        permission=Permission.MANAGE_OPERATORS,
        reply=schemas.PasswordView,
        errors=("operator_unknown", "owner_only"),
    ),
    Route(
        "POST",
        "/api/desk/me/password",
        change_password,
        "Change one's own password; every other session of one's own ends.",
        body=schemas.PasswordBody,
        errors=("invalid_body", "password_weak", "wrong_password", "login_throttled"),
    ),
)
