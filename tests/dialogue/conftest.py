"""One trained model and one pair of servers for the whole run; what breaks servers has a pair of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.dialogue.engine import Customer, Engine, running_engine, trained_model


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory, model: Path) -> Iterator[Engine]:
    with running_engine(tmp_path_factory.mktemp("engine"), model) as running:
        yield running


@pytest.fixture
def customer(engine: Engine) -> Callable[[str], Customer]:
    """Makes somebody new who writes in the given language."""
    return lambda lang: Customer(engine, lang)
