"""Strict parsing of environment variables: a wrong value becomes a system check error.

Each function returns its default for a wrong value and adds the problem to `PROBLEMS`.
`newsroom.checks` reports them, so `./run check` lists all faults at once, each with a hint.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ

from textkit.numbers import parse_number

_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


@dataclass(frozen=True, slots=True)
class EnvProblem:
    """Wrong value: the id of its check, a message, and a hint how to correct it."""

    id: str
    message: str
    hint: str


PROBLEMS: list[EnvProblem] = []


def _wrong(check_id: str, message: str, hint: str) -> None:
    PROBLEMS.append(EnvProblem(check_id, message, hint))


def text(name: str, default: str = "") -> str:
    """Return the value of `name`, or `default` if it is not set."""
    return os.environ.get(name, default).strip()


def secret(name: str) -> str:
    """Return the secret `name`, or the content of the file in `NAME_FILE`, else ""."""
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return os.environ.get(name, "")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        _wrong(
            "newsroom.E001",
            f"{name}_FILE cannot be read: {error}",
            "Name a readable UTF-8 file that holds nothing but the secret.",
        )
        return ""


def flag(name: str, default: bool = False) -> bool:
    """Return a yes-or-no value: 1/true/yes/on or 0/false/no/off."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    value = raw.strip().lower()
    if value not in _TRUE | _FALSE:
        _wrong("newsroom.E002", f"{name}={raw!r} is neither yes nor no.", "Use 1 or 0.")
        return default
    return value in _TRUE


def number(name: str, default: int, least: int = 0, most: int = 2**31) -> int:
    """Return a whole number between `least` and `most`."""
    raw = os.environ.get(name, "").strip()
    if not raw:
        return default
    found = parse_number(raw, None, most=most)
    if found is None or found < least:
        _wrong(
            "newsroom.E003",
            f"{name}={raw!r} is no whole number from {least} to {most}.",
            f"Leave it out for {default}.",
        )
        return default
    return found


def choice(name: str, options: Sequence[str], default: str) -> str:
    """Return one of `options`."""
    value = text(name, default)
    if value not in options:
        _wrong(
            "newsroom.E004",
            f"{name}={value!r} is not known.",
            f"Use one of: {', '.join(options)}.",
        )
        return default
    return value


def word_list(name: str) -> list[str]:
    """Return the comma-separated values of `name`, without empty ones."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def database(name: str, default: str) -> dict[str, Any]:
    """Return Django's settings for the database address in `name` (sqlite or postgres)."""
    url = secret(name) or default
    try:
        config: dict[str, Any] = environ.Env.db_url_config(url)
        scheme = urlsplit(url).scheme
    except (ValueError, KeyError, environ.ImproperlyConfigured):
        scheme = "unreadable"
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        _wrong(
            "newsroom.E005",
            f"{name} is no address of a SQLite or PostgreSQL database.",
            "Write postgres://user:password@host:5432/name, or leave it out for SQLite.",
        )
        return dict(environ.Env.db_url_config(default))
    return config


def email(name: str, default: str) -> dict[str, Any]:
    """Return Django's e-mail settings for the address in `name`, or for `default`."""
    url = secret(name) or default
    try:
        return dict(environ.Env.email_url_config(url))
    except (ValueError, KeyError, environ.ImproperlyConfigured):
        _wrong(
            "newsroom.E006",
            f"{name} is no address of a mail server.",
            "Write smtp+tls://user:password@host:587.",
        )
        return dict(environ.Env.email_url_config(default))
