"""What `rasa run` is started with, tried without starting it."""

import pytest

from actions.engine.__main__ import SECRET, served


def test_a_secret_that_begins_with_a_dash_is_not_taken_for_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, "-starts-with-a-dash")
    assert "--auth-token=-starts-with-a-dash" in served(["run"])


def test_another_interface_than_loopback_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, "secret")
    with pytest.raises(SystemExit, match="loopback"):
        served(["run", "--interface", "0.0.0.0"])
