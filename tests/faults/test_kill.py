"""Processes of the running product die in the middle of many conversations, and no customer can tell."""

import pytest

from tests import oracle
from tests.clerk import clerk, working
from tests.crowd import Crowd, fates, killing, quiet
from tests.faults.talks import TALKS
from tests.product import Product

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

DIALOGS = TALKS * 2
LINES = sum(len(talk) for talk in DIALOGS)


@pytest.mark.parametrize(
    ("victims", "together"),
    [
        pytest.param(("app", "app", "app"), 1, id="the app, customers waiting for each reply"),
        pytest.param(("app", "app"), 3, id="the app, customers writing three lines at once"),
        pytest.param(("rasa", "rasa"), 1, id="Rasa"),
        pytest.param(("actions",), 1, id="the action server"),
        pytest.param(("rasa", "app"), 3, id="Rasa and the app"),
    ],
)
async def test_nothing_acknowledged_is_lost_doubled_or_stuck(
    product: Product, victims: tuple[str, ...], together: int
) -> None:
    database = product.data_dir / "zeroline.sqlite3"
    crowd = Crowd(product.url, at_once=12, together=together, lang="ru")
    async with clerk(product.url, product.login, product.password) as anna:
        async with working(anna), killing(product, crowd, LINES, victims) as kills:
            await crowd.play(DIALOGS)
        await quiet(database)
    assert [kill.name for kill in kills] == list(victims)
    assert oracle.verdict(database, crowd.ledgers, anna.said) == []
    assert oracle.heard_twice(product.data_dir / "rasa" / "trackers.db") == []
    assert anna.closed > 0
    ends = fates(crowd.ledgers)
    assert ends["bot"] > 0
    assert ends["bot"] + ends["person"] == LINES
