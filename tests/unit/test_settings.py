"""Settings from the environment and a `.env` file: what is right is read, what is wrong is one readable line."""

import os
import stat
from pathlib import Path

import pytest

from bot.errors import Misconfigured
from bot.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder without a `.env` file, and no setting in the environment."""
    for name in list(os.environ):
        if name.startswith("ZEROLINE_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_nothing_needs_to_be_set() -> None:
    settings = load_settings()
    assert (settings.host, settings.port, settings.data_dir) == ("127.0.0.1", 8080, Path("var"))
    assert settings.address == "http://localhost:8080"
    assert settings.database == Path("var/zeroline.sqlite3")
    assert settings.telegram.token is None
    assert settings.web.sites == []


def test_every_room_reads_its_own_group(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "PORT": "9090",
        "PUBLIC_URL": "https://help.example/",
        "LOG_LEVEL": "DEBUG",
        "WEB__SITES": "https://shop.example, http://localhost:3000/ ,",
        "WEB__DEMO": "false",
        "RASA__PORT": "5006",
        "RASA__TIMEOUT": "2.5",
        "TELEGRAM__TOKEN": "123456:AAbbCC-dd_ee",
        "TELEGRAM__API_URL": "http://127.0.0.1:8081",
        "KB__ARTICLES": "/srv/articles",
    }
    for name, value in values.items():
        monkeypatch.setenv(f"ZEROLINE_{name}", value)
    settings = load_settings()
    assert (settings.port, settings.address, settings.log_level) == (9090, "https://help.example", "DEBUG")
    assert settings.web.sites == ["https://shop.example", "http://localhost:3000"]
    assert settings.web.demo is False
    assert (settings.rasa.port, settings.rasa.timeout) == (5006, 2.5)
    assert settings.telegram.token is not None
    assert settings.telegram.token.get_secret_value() == "123456:AAbbCC-dd_ee"
    assert settings.telegram.api_url == "http://127.0.0.1:8081"
    assert settings.kb.articles == Path("/srv/articles")


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "PUBLIC_URL", "TELEGRAM__TOKEN", "WEB__SITES", "DATA_DIR"):
        monkeypatch.setenv(f"ZEROLINE_{name}", "")
    assert load_settings() == Settings()
    assert load_settings().telegram.token is None


def test_an_origin_is_compared_as_browsers_write_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "ZEROLINE_WEB__SITES",
        "HTTPS://Shop.Example,https://магазин.рф,http://[::1]:99,https://a.example:443,http://b.example:80,http://c.example:8080",
    )
    assert load_settings().web.sites == [
        "https://shop.example",
        "https://xn--80aairftm.xn--p1ai",
        "http://[::1]:99",
        "https://a.example",
        "http://b.example",
        "http://c.example:8080",
    ]


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, nowhere: Path) -> None:
    (nowhere / ".env").write_text("ZEROLINE_PORT=9001\nZEROLINE_HOST=0.0.0.0\n# a comment\n\n", encoding="utf-8")
    monkeypatch.setenv("ZEROLINE_PORT", "9002")
    settings = load_settings()
    assert (settings.port, settings.host) == (9002, "0.0.0.0")


WRONG = {
    "PORT": ["0", "65536", "eighty", "-1", "80.5"],
    "LOG_LEVEL": ["debug", "LOUD"],
    "PUBLIC_URL": ["help.example", "ftp://help.example", "http://", "https:///chat", "//help.example"],
    "WEB": ["oops", "[1"],
    "WEB__SITES": [
        "*",
        "shop.example",
        "https://",
        "https://shop.example/page",
        "https://shop.example/?a=1",
        "https://shop.example#top",
        "https://anna@shop.example",
        "https://shop.example:port",
        "https://ok.example,nonsense",
        "https://[::1",
        "https://a..b",
    ],
    "WEB__DEMO": ["maybe"],
    "WEB__TRUSTED_PROXIES": ["-1", "11", "two"],
    "WEB__SITEZ": ["https://shop.example"],
    "RASA": ["oops"],
    "RASA__PORT": ["0", "x"],
    "RASA__ACTIONS_PORT": ["99999"],
    "RASA__TIMEOUT": ["0", "-1", "31", "nan", "inf", "soon"],
    "TELEGRAM__TOKEN": ["abc", "123456", "bot:token", "123456:with space", ":secret"],
    "TELEGRAM__API_URL": ["api.telegram.org", "ftp://api.telegram.org", "http://"],
    "TELEGRAM__TOKENS": ["1:a"],
    "KB__ENCODERS": ["x"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_setting_is_one_readable_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"ZEROLINE_{name}", value)
    with pytest.raises(Misconfigured) as refusal:
        load_settings()
    text = refusal.value.text
    assert text.startswith(f"ZEROLINE_{name}: "), text
    assert "\n" not in text
    assert "Value error" not in text
    assert len(text) < 250
    assert text.endswith("(see .env.example)")


@pytest.mark.parametrize("value", ["abc", "123456", "123456:with space"])
def test_a_wrong_secret_is_not_repeated(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("ZEROLINE_TELEGRAM__TOKEN", f"{value}-hush")
    with pytest.raises(Misconfigured) as refusal:
        load_settings()
    assert "hush" not in refusal.value.text


def test_a_data_directory_that_is_a_file_is_refused(monkeypatch: pytest.MonkeyPatch, nowhere: Path) -> None:
    (nowhere / "var").write_text("a file")
    with pytest.raises(Misconfigured, match=r"^ZEROLINE_DATA_DIR: "):
        load_settings()


@pytest.mark.parametrize("line", ["ZEROLINE_PROT=9001", "ZEROLINE_WEB__SITEZ=https://shop.example"])
def test_a_misspelt_name_in_the_file_is_named_as_it_was_written(nowhere: Path, line: str) -> None:
    (nowhere / ".env").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(Misconfigured) as refusal:
        load_settings()
    assert refusal.value.text.startswith(line.partition("=")[0] + ": ")


def test_a_file_that_is_not_text_is_one_readable_line(nowhere: Path) -> None:
    (nowhere / ".env").write_bytes(b"ZEROLINE_HOST=\xff\xfe\n")
    with pytest.raises(Misconfigured, match=r"^\.env: "):
        load_settings()


def test_the_action_servers_own_settings_may_stand_beside_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZEROLINE_RASA__CONNECTOR", "my.provider:Connector")
    assert load_settings() == Settings()


def test_other_programs_lines_in_the_file_are_none_of_our_business(nowhere: Path) -> None:
    (nowhere / ".env").write_text("COMPOSE_PROJECT_NAME=shop\nZEROLINE_PORT=9001\n", encoding="utf-8")
    assert load_settings().port == 9001


def test_secrets_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZEROLINE_TELEGRAM__TOKEN", "123456:hush")
    monkeypatch.setenv("ZEROLINE_WEB__METRICS_TOKEN", "hush")
    assert "hush" not in repr(load_settings())
    assert "hush" not in str(load_settings().model_dump())


def test_a_secret_is_made_once_and_kept_where_only_its_owner_reads(nowhere: Path) -> None:
    settings = load_settings(data_dir=nowhere / "data" / "deep")
    first, other = settings.secret("visitors"), settings.secret("rasa")
    assert first != other
    assert len(first) >= 43
    again = load_settings(data_dir=nowhere / "data" / "deep")
    assert (again.secret("visitors"), again.secret("rasa")) == (first, other)
    [file] = (nowhere / "data" / "deep").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
