"""Every setting of the product, grouped by room, read from `ZEROLINE_…` variables and a `.env` file."""

import json
import secrets
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import Misconfigured

Port = Annotated[int, Field(ge=1, le=65535)]


class WebSettings(BaseModel):
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
        for site in value:
            parts = urlsplit(site)
            if parts.scheme not in ("http", "https") or not parts.netloc or parts.path not in ("", "/"):
                raise ValueError(f"{site!r} is not an origin like https://shop.example")
        return [site.rstrip("/") for site in value]


class RasaSettings(BaseModel):
    """Where the dialogue engine and its action server listen (loopback only); `timeout` of a turn in seconds."""

    port: Port = 5005
    actions_port: Port = 5055
    python: Path = Path(".venv-rasa/bin/python")
    timeout: Annotated[float, Field(gt=0, le=30)] = 3.0


class TelegramSettings(BaseModel):
    """`token` from @BotFather switches the channel on; `api_url` only for a self-hosted Bot API server."""

    token: SecretStr | None = None
    api_url: str = "https://api.telegram.org"


class KnowledgeSettings(BaseModel):
    """`encoder`: empty for the embedded one, else any sentence-transformers name or folder."""

    encoder: str = ""
    articles: Path = Path("data/kb")


class Settings(BaseSettings):
    """`public_url`: how customers reach the product; links and cookies depend on it."""

    model_config = SettingsConfigDict(
        env_prefix="ZEROLINE_", env_nested_delimiter="__", env_file=".env", extra="forbid", env_ignore_empty=True
    )

    data_dir: Path = Path("var")
    host: str = "127.0.0.1"
    port: Port = 8080
    public_url: str = ""
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    web: WebSettings = WebSettings()
    rasa: RasaSettings = RasaSettings()
    telegram: TelegramSettings = TelegramSettings()
    kb: KnowledgeSettings = KnowledgeSettings()

    @field_validator("public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("http", "https"):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")

    @property
    def address(self) -> str:
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def database(self) -> Path:
        return self.data_dir / "zeroline.sqlite3"

    def secret(self, name: str) -> str:
        """A random secret of this installation, made at the first asking and kept in a file only its owner reads."""
        path = self.data_dir / "secrets.json"
        known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        if name not in known:
            known[name] = secrets.token_urlsafe(32)
            self.data_dir.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(json.dumps(known, indent=1))
        return known[name]


def load_settings(**overrides: Any) -> Settings:
    """Settings from the environment. Raises Misconfigured with one readable line for the first wrong one."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        name = "ZEROLINE_" + "__".join(str(part) for part in first["loc"]).upper()
        raise Misconfigured(f"{name}: {first['msg']} (see .env.example)") from error
