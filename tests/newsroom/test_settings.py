"""Settings are read strictly from the environment; a process can serve one surface only."""

from __future__ import annotations

import pytest

from tests.helpers.processes import SOUND, manage


@pytest.mark.parametrize(
    ("wrong", "check_id"),
    [
        ({"NEWSROOM_SECRET_KEY_FILE": "/nowhere/secret"}, "newsroom.E001"),
        ({"NEWSROOM_HTTPS": "maybe"}, "newsroom.E002"),
        ({"NEWSROOM_HSTS_SECONDS": "a year"}, "newsroom.E003"),
        ({"NEWSROOM_WORKERS": "0"}, "newsroom.E003"),
        ({"NEWSROOM_SURFACE": "everything"}, "newsroom.E004"),
        ({"DATABASE_URL": "mysql://somewhere/paper"}, "newsroom.E005"),
        ({"NEWSROOM_EMAIL_URL": "pigeon://post"}, "newsroom.E006"),
        ({"NEWSROOM_SECRET_KEY": ""}, "newsroom.E010"),
        ({"NEWSROOM_DESK_ADDRESS": "paper.example"}, "newsroom.E014"),
        ({"NEWSROOM_HOSTS": "*", "NEWSROOM_DESK_ADDRESS": ""}, "newsroom.E015"),
        ({"NEWSROOM_HOSTS": ".example", "NEWSROOM_DESK_ADDRESS": ""}, "newsroom.E015"),
        ({"NEWSROOM_S3_BUCKET": "paper", "NEWSROOM_ACCEL": "/protected"}, "newsroom.E013"),
        ({"NEWSROOM_CACHE_URL": "127.0.0.1:6379"}, "newsroom.E016"),
    ],
)
def test_a_wrong_value_is_a_check_with_id_and_hint(tmp_path, wrong, check_id):
    done = manage("check", data=tmp_path, **{**SOUND, **wrong})
    assert done.returncode == 1
    assert check_id in done.stderr
    assert "HINT" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("surface", ["both", "desk", "reader"])
def test_sound_settings_pass_the_deployment_checks(tmp_path, surface):
    env = {**SOUND, "NEWSROOM_SURFACE": surface}
    done = manage("check", "--deploy", "--fail-level", "WARNING", data=tmp_path, **env)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("missing", "check_id"),
    [("NEWSROOM_EMAIL_URL", "newsroom.W021"), ("NEWSROOM_DESK_ADDRESS", "newsroom.W022")],
)
def test_what_letters_need_is_checked_before_the_paper_goes_out(tmp_path, missing, check_id):
    env = {name: value for name, value in SOUND.items() if name != missing}
    done = manage("check", "--deploy", data=tmp_path, **env)
    assert check_id in done.stderr
    assert missing in done.stderr


def test_a_secret_may_stand_in_a_file(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("y" * 60)
    env = {"NEWSROOM_SECRET_KEY_FILE": str(secret), "NEWSROOM_HOSTS": "paper.example"}
    assert manage("check", data=tmp_path, **env).returncode == 0


LOOK = """
from django.test import Client
from django.conf import settings
from django.core.management import call_command
client = Client(headers={"host": "paper.example"})
for url in ("/", "/healthz", "/issues/", "/desk/", "/desk/login/"):
    print(url, client.get(url, secure=True).status_code)
print("sessions", "django.contrib.sessions" in settings.INSTALLED_APPS)
import sys
print("logins", "allauth" in sys.modules)
"""


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        (
            "reader",
            {
                "/": "200",
                "/desk/": "404",
                "/desk/login/": "404",
                "sessions": "False",
                "logins": "False",
            },
        ),
        (
            "desk",
            {
                "/": "404",
                "/issues/": "404",
                "/desk/login/": "200",
                "sessions": "True",
                "logins": "True",
            },
        ),
        (
            "both",
            {
                "/": "200",
                "/issues/": "200",
                "/desk/login/": "200",
                "sessions": "True",
                "logins": "True",
            },
        ),
    ],
)
def test_a_process_serves_its_surface_only(tmp_path, surface, expected):
    assert manage("migrate", "--verbosity", "0", data=tmp_path, **SOUND).returncode == 0
    static = manage("collectstatic", "--no-input", "--verbosity", "0", data=tmp_path, **SOUND)
    assert static.returncode == 0, static.stderr
    done = manage("shell", "-c", LOOK, data=tmp_path, NEWSROOM_SURFACE=surface, **SOUND)
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    seen = {line[0]: line[1] for line in lines if len(line) == 2}
    assert seen["/healthz"] == "200"
    assert {name: seen[name] for name in expected} == expected


def test_the_readers_process_cannot_write(tmp_path):
    assert manage("migrate", "--verbosity", "0", data=tmp_path, **SOUND).returncode == 0
    write = "from paper.models import Town; Town.objects.create(name='x', slug='x')"
    done = manage("shell", "-c", write, data=tmp_path, NEWSROOM_SURFACE="reader", **SOUND)
    assert done.returncode != 0
    assert "readonly" in done.stderr


def test_the_demo_is_refused_outside_the_demo(tmp_path):
    assert manage("migrate", "--verbosity", "0", data=tmp_path, **SOUND).returncode == 0
    done = manage("demo", data=tmp_path, **SOUND)
    assert done.returncode == 1
    assert "NEWSROOM_DEMO=1" in done.stderr


def test_logins_of_the_demo_are_found_before_the_paper_goes_out(tmp_path):
    assert manage("migrate", "--verbosity", "0", data=tmp_path, **SOUND).returncode == 0
    look = ["check", "--deploy"]
    assert "W023" not in manage(*look, data=tmp_path, **SOUND).stderr
    make = (
        "from django.conf import settings; from django.contrib.auth.models import User; "
        "User.objects.create_user('chief', password=settings.DEMO_PASSWORD); "
        "User.objects.create_user('editor', password='another-one-1987')"
    )
    assert manage("shell", "-c", make, data=tmp_path, **SOUND).returncode == 0
    found = manage(*look, data=tmp_path, **SOUND).stderr
    assert "newsroom.W023" in found
    assert "demo: chief. They" in found
    assert "W023" not in manage(*look, data=tmp_path, NEWSROOM_DEMO="1", **SOUND).stderr
