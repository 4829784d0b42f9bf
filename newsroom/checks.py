"""System checks of the settings; `manage.py check` and every start print them."""

from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from . import env


@register()
def environment(**kwargs: Any) -> list[CheckMessage]:
    """Report every wrong value of the environment (newsroom.E001 to E006)."""
    return [Error(p.message, hint=p.hint, id=p.id) for p in env.PROBLEMS]


@register()
def secret_key(**kwargs: Any) -> list[CheckMessage]:
    """Outside the demo a secret key is required (newsroom.E010)."""
    if settings.HAS_SECRET_KEY:
        return []
    return [
        Error(
            "NEWSROOM_SECRET_KEY is missing.",
            hint="Set it, or NEWSROOM_SECRET_KEY_FILE, to a long random text that nobody knows.",
            id="newsroom.E010",
        )
    ]


@register()
def photo_store(**kwargs: Any) -> list[CheckMessage]:
    """A bucket needs its library, and nginx can send no files out of it (newsroom.E012, E013)."""
    if not settings.S3["bucket_name"]:
        return []
    found: list[CheckMessage] = []
    if find_spec("storages") is None or find_spec("boto3") is None:
        found.append(
            Error(
                "NEWSROOM_S3_BUCKET is set, and the library for it is missing.",
                hint="Install it: pip install 'django-storages[s3]>=1.14.6,<2'",
                id="newsroom.E012",
            )
        )
    if settings.PHOTO_ACCEL:
        found.append(
            Error(
                "NEWSROOM_ACCEL and NEWSROOM_S3_BUCKET exclude each other.",
                hint="Leave NEWSROOM_ACCEL out: nginx cannot reach into the bucket.",
                id="newsroom.E013",
            )
        )
    return found


@register()
def page_cache(**kwargs: Any) -> list[CheckMessage]:
    """Shared pages need an address of Redis and its library (newsroom.E016, E017)."""
    found: list[CheckMessage] = []
    if not settings.CACHE_URL:
        return found
    if not settings.CACHE_URL.startswith(("redis://", "rediss://", "unix://")):
        found.append(
            Error(
                "NEWSROOM_CACHE_URL is no address of a Redis.",
                hint="Write it whole, such as redis://127.0.0.1:6379/0.",
                id="newsroom.E016",
            )
        )
    if find_spec("redis") is None:
        found.append(
            Error(
                "NEWSROOM_CACHE_URL is set, and the library for it is missing.",
                hint="Install it: pip install 'redis>=5,<8'",
                id="newsroom.E017",
            )
        )
    return found


@register()
def desk_address(**kwargs: Any) -> list[CheckMessage]:
    """Links in letters lead to the paper and nowhere else (newsroom.E014, E015)."""
    found: list[CheckMessage] = []
    if settings.DESK_ADDRESS and not settings.DESK_ADDRESS.startswith(("https://", "http://")):
        found.append(
            Error(
                f"NEWSROOM_DESK_ADDRESS={settings.DESK_ADDRESS!r} is no address.",
                hint="Write it whole, such as https://paper.example.cn.",
                id="newsroom.E014",
            )
        )
    if settings.HAS_DESK and "*" in settings.ALLOWED_HOSTS and not settings.DESK_ADDRESS:
        found.append(
            Error(
                "NEWSROOM_HOSTS allows any name (*), and NEWSROOM_DESK_ADDRESS is empty: a "
                "request could choose where the link in somebody's letter leads.",
                hint="Set NEWSROOM_DESK_ADDRESS, such as https://paper.example.cn, or name the "
                "hosts.",
                id="newsroom.E015",
            )
        )
    return found


@register()
def hosts(**kwargs: Any) -> list[CheckMessage]:
    """Outside the demo the paper's host names are required (newsroom.W011)."""
    if settings.ALLOWED_HOSTS:
        return []
    return [
        Warning(
            "NEWSROOM_HOSTS is empty: only this machine itself gets an answer.",
            hint="Set it to the paper's host names, separated by commas.",
            id="newsroom.W011",
        )
    ]


@register()
def pdf_libraries(**kwargs: Any) -> list[CheckMessage]:
    """Without Pango all but the PDFs of issues works (newsroom.W001)."""
    from press import pdf

    if pdf.is_possible():
        return []
    return [
        Warning(
            "Issues cannot be made into PDFs here: Pango is missing.",
            hint=f"Install it (apt install {pdf.PACKAGES}) and start again. All else works.",
            id="newsroom.W001",
        )
    ]
