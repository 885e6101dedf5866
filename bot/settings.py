"""Every setting of the product, grouped by room, read from `ZEROLINE_…` variables and a `.env` file."""

import json
import os
import re
import secrets
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from bot.errors import Misconfigured

STANDARD_PORTS = {"http": 80, "https": 443}


def _address(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in STANDARD_PORTS or not parts.hostname):
        raise ValueError("is not an address that starts with http:// or https://")
    return value.rstrip("/")


def _origin(site: str) -> str:
    """The origin as browsers send it: lower case, national letters as punycode, no standard port."""
    refusal = ValueError(f"{site!r} is not an origin like https://shop.example")
    try:
        parts = urlsplit(site)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        raise refusal from None
    extra = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in STANDARD_PORTS or not host or extra:
        raise refusal
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + ("" if port in (None, STANDARD_PORTS[parts.scheme]) else f":{port}")


Port = Annotated[int, Field(ge=1, le=65535)]
Address = Annotated[str, AfterValidator(_address)]


class _Group(BaseModel, extra="forbid"):
    """A misspelt name must not pass for one that was never set."""


class WebSettings(_Group):
    """`sites`: origins of the pages that embed the widget, comma-separated; the product's own address always may."""

    sites: Annotated[list[str], NoDecode] = []
    demo: bool = True
    trusted_proxies: Annotated[int, Field(ge=0, le=10)] = 0
    metrics_token: SecretStr | None = None

    @field_validator("sites", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("sites")
    @classmethod
    def _origins(cls, value: list[str]) -> list[str]:
        return [_origin(site) for site in value]


class RasaSettings(BaseModel):
    """Where the dialogue engine and its action server listen (loopback only); `timeout` of a turn in seconds.

    Not a `_Group`: the action server reads names of its own under the same prefix.
    """

    port: Port = 5005
    actions_port: Port = 5055
    python: Path = Path(".venv-rasa/bin/python")
    timeout: Annotated[float, Field(gt=0, le=30)] = 3.0


class TelegramSettings(_Group):
    """`token` from @BotFather switches the channel on; `api_url` only for a self-hosted Bot API server."""

    token: SecretStr | None = None
    api_url: Address = "https://api.telegram.org"

    @field_validator("token")
    @classmethod
    def _token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[0-9]+:\S+", value.get_secret_value()):
            raise ValueError("is not a token like 123456:ABC-def, as @BotFather gives it")
        return value


class KnowledgeSettings(_Group):
    """`encoder`: empty for the embedded one, else any sentence-transformers name or folder. `max_wrong`: at most this
    share of the answers given may be wrong, until a lead says otherwise at the desk."""

    encoder: str = ""
    articles: Path = Path("data/kb")
    max_wrong: Annotated[float, Field(ge=0.005, le=0.5)] = 0.03


class DeskSettings(_Group):
    """`customer_url`: asked with a customer's known identifiers to fill their card; `customer_secret` signs the
    question, made at the first start when left empty."""

    customer_url: Address = ""
    customer_secret: SecretStr | None = None


class Settings(BaseSettings):
    """`public_url`: how customers reach the product; links and cookies depend on it."""

    model_config = SettingsConfigDict(
        env_prefix="ZEROLINE_",
        env_nested_delimiter="__",
        env_file=".env",
        env_ignore_empty=True,
        dotenv_filtering="match_prefix",
        extra="forbid",
    )

    data_dir: Path = Path("var")
    host: str = "127.0.0.1"
    port: Port = 8080
    public_url: Address = ""
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    web: WebSettings = WebSettings()
    rasa: RasaSettings = RasaSettings()
    telegram: TelegramSettings = TelegramSettings()
    kb: KnowledgeSettings = KnowledgeSettings()
    desk: DeskSettings = DeskSettings()

    @field_validator("data_dir")
    @classmethod
    def _folder(cls, value: Path) -> Path:
        if value.exists() and not value.is_dir():
            raise ValueError(f"{value} is a file, not a folder")
        return value

    @property
    def address(self) -> str:
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def database(self) -> Path:
        return self.data_dir / "zeroline.sqlite3"

    @property
    def customer_secret(self) -> str:
        given = self.desk.customer_secret
        return given.get_secret_value() if given else self.secret("customer_records")

    def secret(self, name: str) -> str:
        """A random secret of this installation, made at the first asking and kept in a file only its owner reads."""
        path = self.data_dir / "secrets.json"
        known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        if name not in known:
            known[name] = secrets.token_urlsafe(32)
            self.data_dir.mkdir(parents=True, exist_ok=True)
            # Written aside and moved, so that a crash cannot leave half a file and every visitor forgotten.
            fresh = path.with_suffix(".new")
            fresh.touch(mode=0o600)
            fresh.write_text(json.dumps(known, indent=1))
            os.replace(fresh, path)
        return known[name]


def load_settings(**overrides: Any) -> Settings:
    """Settings from the environment. Raises Misconfigured with one readable line for the first wrong one."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise Misconfigured(f"{_first(error)} (see .env.example)") from error
    except SettingsError as error:
        # Only a whole group is parsed, as JSON; whoever sets one has left out the part after the underscores.
        group = "".join(re.findall(r'field "(\w+)"', str(error))).upper()
        raise Misconfigured(f"ZEROLINE_{group}: set its parts, ZEROLINE_{group}__… (see .env.example)") from error
    except UnicodeDecodeError as error:
        raise Misconfigured(".env: is not UTF-8 text (see .env.example)") from error


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    name = "__".join(str(part) for part in first["loc"]).upper().removeprefix("ZEROLINE_")
    unknown = first["type"] == "extra_forbidden"
    return f"ZEROLINE_{name}: " + (
        "there is no such setting" if unknown else first["msg"].removeprefix("Value error, ")
    )
