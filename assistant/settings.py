"""Environment + TOML file -> frozen Settings. Law: the only reader of either; everything else takes what it needs as an argument.

A value given in the program stands before ASSISTANT_<NAME> of the environment, that before the TOML file, that before the default. The file is the one
named by ASSISTANT_SETTINGS, else settings.toml in the user's configuration folder when there is one.
"""

from __future__ import annotations

import base64
import ipaddress
import os
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from assistant.errors import UserError

_FOLDER = "segment-assistant"
_FILE_VARIABLE = "ASSISTANT_SETTINGS"


def _user_folder(variable: str, default: str) -> Path:
    """A folder of the XDG base directory specification: the variable where it holds an absolute path, else its default below home."""
    named = Path(os.environ.get(variable, ""))
    return (named if named.is_absolute() else Path.home() / default) / _FOLDER


def _data_file() -> Path:
    return _user_folder("XDG_DATA_HOME", ".local/share") / "demo.duckdb"


def _store_url() -> str:
    return f"sqlite:///{_user_folder('XDG_DATA_HOME', '.local/share') / 'store.sqlite'}"


def log_file() -> Path:
    """Where details of faults go: state is not data."""
    return _user_folder("XDG_STATE_HOME", ".local/state") / "assistant.log"


def _egress_file() -> Path:
    return _user_folder("XDG_STATE_HOME", ".local/state") / "egress.jsonl"


def _settings_file() -> Path:
    named = os.environ.get(_FILE_VARIABLE)
    return Path(named) if named else _user_folder("XDG_CONFIG_HOME", ".config") / "settings.toml"


def webhook_key(secret: SecretStr) -> bytes:
    """The bytes of a secret written as whsec_ and base64. ValueError for another."""
    said = secret.get_secret_value()
    if not said.startswith("whsec_"):
        raise ValueError("not whsec_ and base64 of at least 24 bytes")
    return base64.b64decode(said.removeprefix("whsec_"), validate=True)


class Settings(BaseSettings):
    """What a bank sets. database: the DuckDB file; store_url: the database of what is kept (saved segments, audit, tag requests), sqlite:///path or postgresql://user:password@host/name; catalog: the folder of the tag catalog (None: the built-in bank); timeout: seconds a query may take;
    language: of the page and of messages before anyone has typed.

    review: which turns the analyst's desk shows: all, or those with assumptions, picked or linked words, words nobody knew, or feedback.

    token: whom the command line, the MCP server and the Python face act for, once users have been set up; mcp_user: the local user the MCP server asks as instead. sso_header: the header in which a single sign-on proxy names the user (None: people sign in with
    passwords), believed only from sso_proxies, addresses or networks.

    webhook_urls: addresses that are told of refreshes, over TLS unless on this machine; webhook_secret: signs what they are told, whsec_ and base64 of at least 24 bytes; webhook_deadline:
    seconds a try may take.

    model_*: an OpenAI-compatible endpoint, none when the address is None. model_base_url: as far as /v1; model_key: sent as a bearer token; model_mode: how the endpoint is asked for JSON;
    model_deadline: seconds a turn may wait for it; model_output_tokens: how much a reply may say, its reasoning included; model_use: never, for requests the grammar cannot read, or for all; model_phrases: whether it may put the findings into other words, of which it sees no number and no name; egress_log: the file that says what left, a line a call."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", frozen=True, extra="forbid", hide_input_in_errors=True)

    database: Path = Field(default_factory=_data_file)
    store_url: str = Field(default_factory=_store_url)
    catalog: Path | None = None
    memory: str = Field("2GB", pattern=r"^[1-9][0-9]*(MB|GB|MiB|GiB)$")
    threads: int = Field(2, ge=1, le=256)
    timeout: float = Field(60, gt=0, le=3600)
    language: Literal["zh", "en"] = "zh"
    host: str = "127.0.0.1"
    port: int = Field(7860, ge=1, le=65535)
    api_port: int = Field(7861, ge=1, le=65535)
    api_rate: int = Field(120, ge=1, le=100_000)
    review: Literal["all", "doubtful"] = "all"
    token: SecretStr | None = None
    mcp_user: str | None = Field(None, min_length=1, max_length=200)
    webhook_urls: tuple[str, ...] = ()
    webhook_secret: SecretStr | None = None
    webhook_deadline: float = Field(10, gt=0, le=120)
    sso_header: str | None = Field(None, pattern=r"^[A-Za-z0-9-]{1,64}$")
    sso_proxies: tuple[str, ...] = ()
    model_base_url: str | None = None
    model_name: str = ""
    model_key: SecretStr | None = None
    model_mode: Literal["json_schema", "json_object", "tool", "plain"] = "json_schema"
    model_deadline: float = Field(20, gt=0, le=600)
    model_output_tokens: int = Field(1024, ge=64)
    model_use: Literal["off", "when_unread", "always"] = "when_unread"
    model_phrases: bool = False
    egress_log: Path = Field(default_factory=_egress_file)

    @field_validator("sso_proxies")
    @classmethod
    def _networks(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        """Addresses or networks, none of which is everybody."""
        for one in given:
            if not ipaddress.ip_network(one, strict=False).prefixlen:
                raise ValueError("everybody would be trusted")
        return given

    @model_validator(mode="after")
    def _proxied(self) -> Self:
        """A header that everybody could send is no sign-on."""
        if (self.sso_header is None) != (not self.sso_proxies):
            raise ValueError("sso_header and sso_proxies go together")
        return self

    @field_validator("webhook_urls")
    @classmethod
    def _webhooks(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        """Addresses with a host and no name or password in them; without TLS only this machine's own."""
        for one in given:
            parts = urlsplit(one)
            own = parts.hostname in ("127.0.0.1", "localhost", "::1")
            if (
                not (parts.scheme == "https" or (parts.scheme == "http" and own))
                or not parts.hostname
                or parts.port == 0
                or {"@", "#"} & set(one)
            ):
                raise ValueError("not an address like https://host/path")
        return given

    @field_validator("webhook_secret")
    @classmethod
    def _signing(cls, given: SecretStr | None) -> SecretStr | None:
        """As Standard Webhooks has them: whsec_ and base64 of at least 24 bytes."""
        if given is not None and len(webhook_key(given)) < 24:
            raise ValueError("not whsec_ and base64 of at least 24 bytes")
        return given

    @model_validator(mode="after")
    def _signed(self) -> Self:
        """What nobody can check is told to nobody."""
        if self.webhook_urls and self.webhook_secret is None:
            raise ValueError("webhook_urls need a webhook_secret")
        return self

    @field_validator("model_base_url")
    @classmethod
    def _address(cls, given: str | None) -> str | None:
        """An HTTP address with a host, and no name, password or query in it: those would reach logs."""
        parts = urlsplit(given or "")
        if given and (parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0 or {"@", "?", "#"} & set(given)):
            raise ValueError("not an address like https://host/v1")
        return given or None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Program, environment, file; no .env file and no secrets folder."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, _settings_file())


def load_settings() -> Settings:
    """The settings in force. UserError `settings_file` for a file that cannot be read or is named and missing, `setting_invalid` for a bad value."""
    path = _settings_file()
    if os.environ.get(_FILE_VARIABLE) and not path.is_file():
        raise UserError("settings_file", path=str(path), fault="not found")
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise UserError("setting_invalid", name=name, fault=first["msg"]) from error
    except (OSError, ValueError) as error:
        raise UserError("settings_file", path=str(path), fault=type(error).__name__) from error
