"""Rule: commands run in one way, in the demo and in production, and as the README says."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.test import Client

from desk.first_steps import first_steps
from ingest.page_parser.text import read
from newsroom.demo import people
from paper.permissions import Role
from reader import base_context
from tests.helpers.layers import LEVEL
from tests.helpers.paths import ROOT
from tests.helpers.processes import environ_of, free_port

DEFAULT_FILE = "/etc/newsroom.env"
#: Replacement of Python that prints how it was called.
PYTHON = """#!/bin/sh
env | grep -E '^(NEWSROOM|DATABASE|EXTRA)' | sort
echo "user=$(id -u)"
echo "cwd=$PWD"
for word in "$@"; do echo "word=$word"; done
"""


class Place:
    """A project that contains only ./run, with a settings file in place of the one in /etc."""

    def __init__(self, root: Path) -> None:
        self.root = root / "app"
        self.file = root / "etc" / "newsroom.env"
        self.file.parent.mkdir()
        (self.root / ".venv" / "bin").mkdir(parents=True)
        (self.root / "tools").mkdir()
        script = (ROOT / "run").read_text("utf-8")
        assert script.count(DEFAULT_FILE) == 2  # The comment and the one assignment.
        self._put("run", script.replace(DEFAULT_FILE, str(self.file)))
        self._put(".venv/bin/python", PYTHON)
        self._put("manage.py", "")

    def _put(self, name: str, text: str) -> None:
        (self.root / name).write_text(text, "utf-8")
        (self.root / name).chmod(0o755)

    def make_demo(self, name: str = "var") -> None:
        (self.root / name).mkdir(exist_ok=True)
        (self.root / name / "demo-paper").write_text("http://127.0.0.1:8001\n")

    def run(self, *words: str, plain: bool = False, cwd: Path | None = None, **env: str):
        """Run it; `plain` without root's right to read everything."""
        drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]
        command = [*(drop if plain and not os.geteuid() else []), str(self.root / "run"), *words]
        clean = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        return subprocess.run(
            command, cwd=cwd or self.root, env=clean | env, capture_output=True, text=True
        )


@pytest.fixture
def place(tmp_path) -> Place:
    return Place(tmp_path)


def said(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    assert done.returncode == 0, done.stderr
    return dict(line.partition("=")[::2] for line in done.stdout.splitlines())


def test_without_a_command_it_lists_all_of_the_house_in_both_languages():
    done = subprocess.run([str(ROOT / "run")], capture_output=True, text=True, check=True)
    rows = dict(re.findall(r"^  (\w+) +(.+)$", done.stdout, re.M))
    ours = {name for name, app in get_commands().items() if app in LEVEL}
    # Django's own command, which `accounts` extends; people are invited instead.
    assert ours - {"createsuperuser"} <= rows.keys()
    for name, words in rows.items():
        chinese, _slash, english = words.rpartition(" / ")
        assert re.search(r"[\u4e00-\u9fff]", chinese), name
        assert re.fullmatch(r"[ -~]+", english), name
    for other in ("migrate", "collectstatic", "check"):
        assert other in rows


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("bakup", "backup"), ("verify-signatures", "verify_signatures"), ("Invite", "invite")],
)
def test_a_command_that_is_not_there_is_answered_with_the_nearest(place, typed, meant):
    for env in ({}, {"NEWSROOM_DEMO": "1"}):
        done = place.run(typed, **env)
        assert (done.returncode, done.stdout) == (1, "")
        chinese, english = done.stderr.splitlines()
        assert typed in chinese
        assert f"最接近的是 {meant}；" in chinese
        assert f"The nearest is {meant}; ./run without arguments" in english
    for odd in ("", ".*", "$(id)", "备份", "x" * 300):
        assert place.run(odd).returncode == 1


def test_every_command_there_is_can_be_run(place):
    place.make_demo()
    for name in [*get_commands(), "help", "version"]:
        done = place.run(name, "--help")
        assert f"word={name}" in done.stdout, done.stderr
    assert "word=--version" in place.run("--version").stdout


def test_the_demo_is_found_where_make_run_has_made_it(place):
    place.make_demo()
    found = said(place.run("check"))
    # Links, as in an invitation, contain the port of `make run`.
    assert found["NEWSROOM_DESK_ADDRESS"] == "http://127.0.0.1:8001"
    assert found["NEWSROOM_DEMO"] == "1"
    place.make_demo("elsewhere")
    found = said(place.run("check", NEWSROOM_DATA_DIR=str(place.root / "elsewhere")))
    assert found["NEWSROOM_DEMO"] == "1"
    assert said(place.run("check", NEWSROOM_DATA_DIR="elsewhere"))["NEWSROOM_DEMO"] == "1"


def test_without_any_paper_it_says_how_to_get_one(place):
    done = place.run("backup")
    assert done.returncode == 1
    assert "make run" in done.stderr
    assert str(place.file) in done.stderr
    assert done.stdout == ""


def test_the_settings_file_comes_before_the_demo(place):
    place.make_demo()
    place.file.write_text("NEWSROOM_HOSTS=paper.example\n")
    found = said(place.run("backup", "a b", "$HOME"))
    assert found["NEWSROOM_HOSTS"] == "paper.example"
    assert "NEWSROOM_DEMO" not in found
    done = place.run("backup", "a b", "$HOME")
    words = re.findall(r"^word=(.*)$", done.stdout, re.M)
    assert words == [str(place.root / "manage.py"), "backup", "a b", "$HOME"]


def test_a_settings_file_that_cannot_be_read_is_no_reason_to_use_the_demo(place):
    place.make_demo()
    place.file.write_text("NEWSROOM_HOSTS=paper.example\n")
    place.file.chmod(0)
    for env in ({}, {"NEWSROOM_ENV_FILE": str(place.file)}):
        done = place.run("backup", plain=True, **env)
        assert done.returncode == 1
        assert f"sudo -u newsroom {place.root}/run backup" in done.stderr
        assert "读不到" in done.stderr
        assert done.stdout == ""
    gone = place.run("backup", NEWSROOM_ENV_FILE=str(place.root / "nowhere"))
    assert gone.returncode == 1
    assert "nowhere" in gone.stderr


def test_another_file_may_be_named_and_the_environment_comes_first(place):
    place.file.write_text("NEWSROOM_SURFACE=desk\n")
    other = place.root / "reader.env"
    other.write_text("NEWSROOM_SURFACE=reader\nNEWSROOM_HOSTS=paper.example\n")
    found = said(place.run("check", NEWSROOM_ENV_FILE=str(other)))
    assert (found["NEWSROOM_SURFACE"], found["NEWSROOM_HOSTS"]) == ("reader", "paper.example")
    found = said(place.run("check", NEWSROOM_ENV_FILE=str(other), NEWSROOM_SURFACE="desk"))
    assert (found["NEWSROOM_SURFACE"], found["NEWSROOM_HOSTS"]) == ("desk", "paper.example")
    # As in a systemd unit, which has read its environment file.
    found = said(place.run("serve", NEWSROOM_SECRET_KEY_FILE="/x", NEWSROOM_SURFACE="reader"))
    assert found["NEWSROOM_SURFACE"] == "reader"
    assert "NEWSROOM_HOSTS" not in found


def test_the_file_is_read_as_systemd_reads_it_and_never_executed(place, tmp_path):
    place.file.write_bytes(
        "# a comment\n; another\n\n  NEWSROOM_HOSTS = paper.example,b.example  \r\n".replace(
            " = ", "="
        ).encode()
        + b'NEWSROOM_EMAIL_FROM="The Paper <news@paper.example>"\n'
        + f"NEWSROOM_NAME=$(touch {tmp_path}/hacked)`touch {tmp_path}/hacked`\n".encode()
        + b"DATABASE_URL=postgres://paper:p$a's=s#w%20@db:5432/paper?sslmode=require\n"
        + b"EXTRA_ONE='single quotes'\nEXTRA_EMPTY=\nEXTRA_LAST=no newline"
    )
    found = said(place.run("check"))
    assert found["NEWSROOM_HOSTS"] == "paper.example,b.example"
    assert found["NEWSROOM_EMAIL_FROM"] == "The Paper <news@paper.example>"
    assert found["DATABASE_URL"] == "postgres://paper:p$a's=s#w%20@db:5432/paper?sslmode=require"
    assert (found["EXTRA_ONE"], found["EXTRA_EMPTY"]) == ("single quotes", "")
    assert found["EXTRA_LAST"] == "no newline"
    assert found["NEWSROOM_NAME"].startswith("$(touch")
    assert not (tmp_path / "hacked").exists()


@pytest.mark.parametrize("line", ["NEWSROOM_HOSTS paper", "export A=b", "A-B=c", "=x", "1A=b"])
def test_a_line_that_is_no_setting_is_named(place, line):
    place.file.write_text(f"{line}\n")
    done = place.run("check")
    assert done.returncode == 1
    assert line in done.stderr


def test_it_works_from_any_folder_and_through_a_link(place, tmp_path):
    place.make_demo()
    link = tmp_path / "newsroom"
    link.symlink_to(place.root / "run")
    env = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        [str(link), "importpage", "here.txt"], cwd=tmp_path, env=env, capture_output=True, text=True
    )
    found = said(done)
    # A file name is relative to the working directory.
    assert found["cwd"] == str(tmp_path)
    assert f"word={place.root}/manage.py" in done.stdout


def test_a_missing_environment_is_set_up(place):
    place.make_demo()
    shutil.rmtree(place.root / ".venv")
    setup = f"#!/bin/sh\nmkdir -p '{place.root}/.venv/bin'\ncat >'{place.root}/.venv/bin/python'"
    setup += f" <<'EOF'\n{PYTHON}EOF\nchmod +x '{place.root}/.venv/bin/python'; echo set up $1\n"
    place._put("tools/setup.sh", setup)
    done = place.run("check")
    assert done.stderr.strip().endswith("set up run")
    assert said(done)["NEWSROOM_DEMO"] == "1"


@pytest.mark.skipif(os.geteuid() != 0, reason="root alone becomes another user")
def test_root_becomes_the_owner_of_the_data():
    """The system's user could not write to files that root creates."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        root.chmod(0o755)
        place = Place(root)
        place.make_demo()
        assert said(place.run("check"))["user"] == "0"
        os.chown(place.root / "var", 65534, 65534)
        found = said(place.run("check", NEWSROOM_HOSTS="kept.example"))
        assert (found["user"], found["NEWSROOM_HOSTS"]) == ("65534", "kept.example")
        assert found["NEWSROOM_DEMO"] == "1"


# The commands of the README.


def commands(name: str) -> list[str]:
    """Return the commands of the fenced blocks, without comments."""
    blocks = re.findall(r"^```sh\n(.*?)^```", (ROOT / name).read_text("utf-8"), re.M | re.S)
    lines = [line.partition(" # ")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return str(answer.read().decode())


@pytest.fixture(scope="module")
def typed(tmp_path_factory) -> Iterator[tuple[str, dict[str, str], Path]]:
    """Run `make run` in an empty folder; return its URL, its output and its environment."""
    if Path(DEFAULT_FILE).exists():
        pytest.skip("this machine has a paper of its own")
    data = tmp_path_factory.mktemp("newcomer")
    port = free_port()
    env = environ_of(data)
    log = data / "log.txt"
    with log.open("w") as stream:
        server = subprocess.Popen(
            ["make", "run", f"PORT={port}"],
            cwd=ROOT,
            env=env,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )
        try:
            for _attempt in range(600):
                assert server.poll() is None, log.read_text()
                with suppress(urllib.error.URLError, ConnectionError):
                    get(f"http://127.0.0.1:{port}/healthz")
                    break
                time.sleep(0.2)
            yield f"http://127.0.0.1:{port}", env, log
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(timeout=60)


def test_both_readmes_have_the_same_commands():
    assert commands("README.md") == commands("README.en.md")
    assert commands("README.md")[:2] == ["make run", "make test"]
    assert len(commands("README.md")) >= 9


def test_every_command_of_readme_runs_as_written(typed):
    address, env, log = typed
    assert "/desk/" in log.read_text()
    assert "先试试" in log.read_text()
    before = set(os.listdir(ROOT))
    for line in commands("README.md"):
        if line == "make run":
            continue
        # The tests themselves: printing the command is enough.
        command = "make -n test" if line == "make test" else line
        done = subprocess.run(
            command, shell=True, cwd=ROOT, env=env, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr, line
        if line.startswith("./run invite"):
            link = done.stdout.splitlines()[0]
            assert link.startswith(f"{address}/desk/")
            assert "蓝溪" in get(link)
    assert set(os.listdir(ROOT)) == before
    assert "渡口的铁皮船换成电动船" in get(f"{address}/issues/2022-10-18/")
    assert "全县春耕备好一万两千吨化肥" in get(f"{address}/issues/2012-03-01/")
    assert 'href="/desk/"' in get(f"{address}/")
    assert "点一下就登录" in get(f"{address}/desk/login/")


@pytest.mark.parametrize(
    ("name", "stories"),
    [("page.txt", 4), ("archive/2012-03-01/01.txt", 2), ("archive/2012-03-02/01.txt", 2)],
)
def test_the_samples_are_read_without_a_doubt(name, stories):
    page = read((ROOT / "docs" / "samples" / name).read_text("utf-8"))
    assert len(page.stories) == stories
    assert not any(story.flags for story in page.stories)
    assert all(story.credits for story in page.stories)


# From the start page to the suggestions.


def test_readers_pages_lead_to_the_desk(client, paper):
    for page, words in (("/", "登录采编平台"), ("/en/", "Log in to the desk")):
        assert f'<a href="/desk/" rel="nofollow">{words}</a>' in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("has_desk", "address", "link"),
    [
        (True, "", "/desk/"),
        (True, "https://paper.example", "/desk/"),
        (False, "https://paper.example", "https://paper.example/desk/"),
        (False, "", ""),
    ],
)
def test_a_process_for_readers_leads_to_the_desk_that_it_knows(settings, has_desk, address, link):
    settings.HAS_DESK, settings.DESK_ADDRESS = has_desk, address
    assert base_context.desk_address() == link


@pytest.mark.parametrize("is_demo", [True, False])
def test_the_demo_alone_lists_its_logins_and_what_to_try(paper, settings, desk, is_demo):
    settings.DEMO = is_demo
    login = Client().get("/desk/login/").content.decode()
    start = desk("editor").get("/desk/").content.decode()
    assert (people.PASSWORD in login) is is_demo
    assert all((f'value="{one.username}"' in login) is is_demo for one in people.LOGINS)
    assert ("先试试这些" in start) is is_demo


@pytest.mark.parametrize("role", list(Role))
def test_each_role_can_do_its_first_steps(paper, settings, desk, role):
    settings.DEMO = True
    steps = first_steps([role])
    assert len(steps) >= 3
    client = desk(role.value)
    for step in steps:
        if step.url:
            assert client.get(step.url).status_code == 200, step
    page = client.get("/desk/").content.decode()
    assert all(step.text in page or step.text.replace("'", "&#x27;") in page for step in steps)
