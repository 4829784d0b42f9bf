"""Measure whether response times reveal who has a login.

It prints median and quartiles of a wrong password and of a request for a new password, for names
and addresses with and without a login, on temporary data. The requests alternate, so that other
load on the machine affects all:

    .venv/bin/python -m tools.time_logins [ROUNDS]
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time

ROUNDS = 60
NAMES = {
    "user name, known": "editor",
    "user name, unknown": "nobody",
    "e-mail address, known": "editor@paper.example",
    "e-mail address, unknown": "nobody@paper.example",
    "user name, invited": "invited",
}
ADDRESSES = {
    "reset, known": "editor@paper.example",
    "reset, unknown": "nobody@paper.example",
}


def main(rounds: int) -> None:
    """Create a paper, make the requests, and print the times."""
    _set_up()
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    times: dict[str, list[float]] = {}
    for n in range(rounds + 3):
        place = f"10.{n // 200}.{n % 200}."
        asked = [(kind, "/desk/login/", {"username": name}) for kind, name in NAMES.items()]
        asked += [(kind, "/desk/account/reset/", {"email": a}) for kind, a in ADDRESSES.items()]
        # In random order, because a previous request warms the caches.
        random.shuffle(asked)
        for k, (kind, url, form) in enumerate(asked):
            form["password"] = "wrong"
            _ask(client, url, form, f"{place}{k}", times.setdefault(kind, []))
        _forget()
    for kind, found in times.items():
        low, middle, high = (
            f"{value * 1000:.1f}" for value in statistics.quantiles(found[3:], n=4)
        )
        print(f"{kind:26} median {middle} ms, quartiles {low} and {high} ms")


def _set_up() -> None:
    os.environ |= {
        "NEWSROOM_DEMO": "1",
        "NEWSROOM_DATA_DIR": tempfile.mkdtemp(prefix="time-logins-"),
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
    }
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.contrib.auth.models import Group, User
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    editor = User.objects.create_user("editor", "editor@paper.example", "a-right-one-1987")
    editor.groups.add(Group.objects.get(name="editor"))
    invited = User(username="invited", is_active=False)
    invited.set_unusable_password()
    invited.save()


def _ask(client, url: str, form: dict[str, str], place: str, found: list[float]) -> None:
    began = time.perf_counter()
    answer = client.post(url, form, REMOTE_ADDR=place)
    found.append(time.perf_counter() - began)
    assert answer.status_code in {200, 302}, answer.status_code


def _forget() -> None:
    """Drop the counts, so that no attempt is delayed."""
    from django.core.cache import cache

    from accounts.models import Throttle
    from outbox.models import Job

    Throttle.objects.all().delete()
    Job.objects.all().delete()
    cache.clear()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
