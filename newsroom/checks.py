"""System checks of the settings; `./run check` and every start print them."""

from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from . import env, listen_address


@register()
def environment(**kwargs: Any) -> list[CheckMessage]:
    """Report every wrong value of the environment (newsroom.E001 to E006)."""
    return [Error(p.message, hint=p.hint, id=p.id) for p in env.PROBLEMS]


@register()
def secret_key(**kwargs: Any) -> list[CheckMessage]:
    """Require a secret key outside the demo (newsroom.E010)."""
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
def listens(**kwargs: Any) -> list[CheckMessage]:
    """Require a proxy in front of a server that other machines can reach (newsroom.E020)."""
    try:
        address = listen_address.parse(settings.SERVER_BIND)
        listen_address.require_proxy(address, settings.ALLAUTH_TRUSTED_PROXY_COUNT)
    except listen_address.CannotListen as error:
        return [
            Error(
                f"NEWSROOM_BIND={settings.SERVER_BIND!r} is refused: {error}",
                hint="Leave NEWSROOM_BIND out for 127.0.0.1:8000 and run nginx in front of "
                "the server, as in docs/operations.md.",
                id="newsroom.E020",
            )
        ]
    return []


@register()
def photo_store(**kwargs: Any) -> list[CheckMessage]:
    """Check that a bucket has its library and no X-Accel-Redirect (newsroom.E012, E013)."""
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
    """Check that a shared page cache has a Redis URL and its library (newsroom.E016, E017)."""
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
    """Check that links in e-mails can only lead to this site (newsroom.E014, E015)."""
    found: list[CheckMessage] = []
    if settings.DESK_ADDRESS and not settings.DESK_ADDRESS.startswith(("https://", "http://")):
        found.append(
            Error(
                f"NEWSROOM_DESK_ADDRESS={settings.DESK_ADDRESS!r} is no address.",
                hint="Write it whole, such as https://paper.example.cn.",
                id="newsroom.E014",
            )
        )
    is_any = any(host.startswith(("*", ".")) for host in settings.ALLOWED_HOSTS)
    if settings.HAS_DESK and is_any and not settings.DESK_ADDRESS:
        found.append(
            Error(
                "NEWSROOM_HOSTS allows names that it does not list (*), and NEWSROOM_DESK_ADDRESS "
                "is empty: the base URL of links in e-mails is unknown.",
                hint="Set NEWSROOM_DESK_ADDRESS, such as https://paper.example.cn, or name the "
                "hosts.",
                id="newsroom.E015",
            )
        )
    return found


@register(deploy=True)
def mail(**kwargs: Any) -> list[CheckMessage]:
    """Warn if production cannot send e-mails with links to the desk (newsroom.W021, W022)."""
    found: list[CheckMessage] = []
    if settings.DEMO or not settings.HAS_DESK:
        return found
    from accounts import emails

    if not emails.is_mail_delivered():
        found.append(
            Warning(
                "NEWSROOM_EMAIL_URL is empty: no e-mail is sent. Nobody can reset a password by "
                "mail; administrators make links for new passwords instead.",
                hint="Set NEWSROOM_EMAIL_URL, such as smtp+tls://user:password@host:587.",
                id="newsroom.W021",
            )
        )
    if not settings.DESK_ADDRESS:
        found.append(
            Warning(
                "NEWSROOM_DESK_ADDRESS is empty: links in e-mails lead to the first of "
                "NEWSROOM_HOSTS, without a port, and notifications contain no link.",
                hint="Set NEWSROOM_DESK_ADDRESS, such as https://paper.example.cn.",
                id="newsroom.W022",
            )
        )
    return found


@register(deploy=True)
def demo_logins(**kwargs: Any) -> list[CheckMessage]:
    """Warn of logins with the demo's public password outside the demo (newsroom.W023).

    Such a password is refused there; the user needs a new one.
    """
    if settings.DEMO or not settings.HAS_DESK:
        return []
    from django.contrib.auth.models import User
    from django.db import DatabaseError

    from .demo.people import LOGINS

    names = [login.username for login in LOGINS]
    try:
        users = list(User.objects.filter(username__in=names, is_active=True))
    except DatabaseError:
        return []  # before the first migration
    found = [user.username for user in users if user.check_password(settings.DEMO_PASSWORD)]
    if not found:
        return []
    return [
        Warning(
            f"These logins have the public password of the demo: {', '.join(found)}. They cannot "
            "log in.",
            hint="Use an empty database for the real paper, deactivate them, or give each person a "
            "new password by a link.",
            id="newsroom.W023",
        )
    ]


@register()
def hosts(**kwargs: Any) -> list[CheckMessage]:
    """Warn if the paper's host names are missing outside the demo (newsroom.W011)."""
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
    """Warn if Pango is missing: everything but the PDFs of issues works (newsroom.W001)."""
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
