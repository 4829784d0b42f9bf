"""The documentation names what exists: files, symbols, commands, settings, URLs and labels."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.core.management import get_commands
from django.urls import Resolver404, resolve

from tests.helpers.paths import ROOT

DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
#: Release notes also name what is gone.
PRESENT = [path for path in DOCS if path.name != "CHANGELOG.md"]
OPERATIONS = ROOT / "docs" / "operations.md", ROOT / "docs" / "operations.en.md"
#: Documents that also name files of a server and other programs.
_FOREIGN = {*OPERATIONS, ROOT / "docs" / "handoff.md", ROOT / "README.md", ROOT / "README.en.md"}

_FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")
_CODE = re.compile(f"{_FENCE.pattern}|{_SPAN.pattern}", _FENCE.flags)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PATH = re.compile(r"[\w./-]+\.(?:py|js|html|css|md|sh|csv|json|txt|svg|po|toml)|(?:[\w.-]+/)+")
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?:\(.*\))?")
_SOURCE = {".py", ".js", ".html", ".css", ".sh", ".toml", ".txt", ".svg"}
#: Names of other programs and of folders that a running paper has.
_OTHERS = {
    *("LISTEN", "NOTIFY", "ts_rank", "mmap_size", "cache_size"),
    *("client_body_timeout", "proxy_buffering", "proxy_request_buffering"),
    *("sheets/TOKEN/", "page_originals/"),
}


def ids(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


def spans(path: Path) -> list[str]:
    """Return the inline code of a document."""
    return _SPAN.findall(_FENCE.sub("", path.read_text(encoding="utf-8")))


@cache
def own_files() -> tuple[Path, ...]:
    """Return the files of the project, without documents and without the environment."""
    folders = [path for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "."]
    found = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return tuple(path for path in found if "docs" not in path.relative_to(ROOT).parts[:1])


@cache
def known_words() -> frozenset[str]:
    """Return every identifier of the sources."""
    files = [path for path in own_files() if path.suffix in _SOURCE]
    files += [ROOT / "run", ROOT / "Makefile", ROOT / "pyproject.toml"]
    texts = (path.read_text(encoding="utf-8", errors="ignore") for path in files)
    return frozenset(word for text in texts for word in re.findall(r"[A-Za-z_]\w*", text))


def has_file(name: str, document: Path) -> bool:
    """Return whether a path exists from the project's folder, the document or any app."""
    starts = [ROOT, document.parent, ROOT / "docs"]
    if document.parent.name == "apps":
        starts.append(ROOT / document.stem)
    if any((start / name).exists() for start in starts):
        return True
    tail = f"/{name.strip('/')}"
    return any(f"{path}".endswith(tail) or f"{tail}/" in f"{path}" for path in own_files())


@pytest.mark.parametrize("path", DOCS, ids=ids(DOCS))
def test_every_link_leads_to_a_file_of_the_project(path):
    text = _CODE.sub("", path.read_text(encoding="utf-8"))
    links = [link for link in _LINK.findall(text) if ":" not in link]
    missing = []
    for link in links:
        name, _sharp, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        inside = target == ROOT or ROOT in target.parents
        missing += [] if inside and target.exists() and has_anchor(target, anchor) else [link]
    assert missing == []


def has_anchor(target: Path, anchor: str) -> bool:
    heads = re.findall(r"^#+ (.*)$", target.read_text("utf-8"), re.MULTILINE) if anchor else []
    slugs = {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
    return not anchor or anchor in slugs


@pytest.mark.parametrize("path", PRESENT, ids=ids(PRESENT))
def test_every_file_and_symbol_that_a_document_names_exists(path):
    missing = []
    for name in spans(path):
        if name in _OTHERS or name.startswith(("/", "./run")):
            continue
        if _PATH.fullmatch(name):
            missing += [] if path in _FOREIGN or has_file(name, path) else [name]
        elif _NAME.fullmatch(name) and path not in _FOREIGN:
            words = re.findall(r"[A-Za-z_]\w{2,}", name.partition("(")[0])
            missing += [f"{name}: {word}" for word in words if word not in known_words()]
    assert missing == []


def test_every_command_that_a_document_names_exists():
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    commands = {*get_commands(), "COMMAND"}
    missing = []
    for path in PRESENT:
        text = path.read_text(encoding="utf-8")
        named = re.findall(r"\./run ([a-zA-Z_]+)", text)
        missing += [(path.name, f"./run {name}") for name in named if name not in commands]
        made = re.findall(r"`make ([a-z0-9 ]+)[`A-Z]", text)
        words = [word for line in made for word in line.split()]
        missing += [(path.name, f"make {word}") for word in words if word not in targets]
    assert missing == []


def test_every_option_of_a_command_exists():
    sources = "".join(
        path.read_text(encoding="utf-8")
        for path in own_files()
        if "commands" in path.parts or path.name == "operators.py"
    )
    of_django = {"--no-input", "--deploy"}
    missing = []
    for path in PRESENT:
        for line in path.read_text(encoding="utf-8").splitlines():
            for command in re.findall(r"\./run [^`#|]+", line):
                options = set(re.findall(r"(?<=\s)--[a-z-]+", command)) - of_django
                missing += [(path.name, one) for one in options if f'"{one}"' not in sources]
        alone = {name.partition(" ")[0] for name in spans(path) if re.match(r"--[a-z]", name)}
        if path.name != "desk.md":  # its custom properties begin in the same way
            missing += [(path.name, one) for one in alone if f'"{one}"' not in sources]
    assert missing == []


def read_variables() -> set[str]:
    """Return the names of the environment variables that the settings read."""
    source = "".join(path.read_text("utf-8") for path in (ROOT / "newsroom/settings").glob("*.py"))
    call = r"env\.\w+\(\s*\"((?:NEWSROOM_|DATABASE_)\w+)\""
    return set(re.findall(call, source))


@pytest.mark.parametrize("path", OPERATIONS, ids=ids(OPERATIONS))
def test_the_operations_guide_lists_every_setting(path):
    table = "\n".join(line for line in path.read_text("utf-8").splitlines() if line[:3] == "| `")
    listed = {name for name in _SPAN.findall(table) if name.isupper() and "=" not in name}
    files = {name for name in listed if name.endswith("_FILE")} - {"NEWSROOM_ANCHOR_FILE"}
    assert listed - files == read_variables()
    assert {name.removesuffix("_FILE") for name in files} <= listed


@pytest.mark.parametrize("path", PRESENT, ids=ids(PRESENT))
def test_every_environment_variable_in_a_document_is_read(path):
    named = set(re.findall(r"\b(?:NEWSROOM|DATABASE)_[A-Z0-9_]*[A-Z0-9]", path.read_text("utf-8")))
    read = read_variables() | {"NEWSROOM_ENV_FILE"}
    assert named <= read | {f"{name}_FILE" for name in read}


#: The screenshots' addresses include pages that are not found.
_WITH_URLS = [path for path in PRESENT if path.parent.name != "screens"]
_SERVER = re.compile(r"/(?:etc|srv|proc|protected)\b")
_SAMPLES = {
    "YYYY-MM-DD": "2026-10-18",
    "YYYY/MM/DD": "2026/10/18",
    "YYYY/MM": "2026/10",
    "YYYY": "2026",
    "/en/": "/",
    "ID": "1",
}


@pytest.mark.parametrize("path", _WITH_URLS, ids=ids(_WITH_URLS))
def test_every_url_that_a_document_names_resolves(path):
    missing = []
    for name in spans(path):
        url = re.sub(r"<[^>]*>", "1", name.partition("?")[0])
        if not re.match(r"/[a-z]", url) or _SERVER.match(url) or "…" in url or " " in url:
            continue
        for part, sample in _SAMPLES.items():
            url = url.replace(part, sample)
        try:
            match = resolve(url)
        except Resolver404:
            match = None
        # The admin's last pattern matches everything and has no name.
        missing += [name] if match is None or match.url_name is None else []
    assert missing == []


@pytest.mark.parametrize("path", PRESENT, ids=ids(PRESENT))
def test_every_check_that_a_document_names_exists(path):
    named = set(re.findall(r"\b(?:newsroom|outbox)\.[EW]\d{3}\b", path.read_text("utf-8")))
    sources = "".join(file.read_text("utf-8") for file in own_files() if file.suffix == ".py")
    assert [name for name in named if f'"{name}"' not in sources] == []


@pytest.mark.parametrize("path", DOCS, ids=ids(DOCS))
def test_no_document_refers_to_what_the_project_does_not_contain(path):
    outside = re.compile(r"\.\./shared|design\.md|vocabulary\.md|practice\.md|\bdesign §")
    assert outside.findall(path.read_text(encoding="utf-8")) == []


def test_both_operations_guides_have_the_same_sections_blocks_and_code():
    chinese, english = (path.read_text(encoding="utf-8") for path in OPERATIONS)
    level = re.compile(r"^(#+) ", re.MULTILINE)
    assert level.findall(_FENCE.sub("", chinese)) == level.findall(_FENCE.sub("", english))
    assert [without_comments(block) for block in _FENCE.findall(chinese)] == [
        without_comments(block) for block in _FENCE.findall(english)
    ]
    assert set(spans(OPERATIONS[0])) == set(spans(OPERATIONS[1]))


def without_comments(block: str) -> list[str]:
    lines = [re.sub(r"(^|\s+)# .*", "", line) for line in block.splitlines()]
    return [line for line in lines if line]


def catalogue() -> tuple[set[str], set[str]]:
    """Return the strings of the interface, in Chinese and in English."""
    with (ROOT / "locale/zh_Hans/LC_MESSAGES/django.po").open("rb") as file:
        messages = [message for message in read_po(file) if isinstance(message.id, str)]
    chinese = {plain(str(message.string)) for message in messages}
    return chinese, {plain(str(message.id)) for message in messages}


def plain(label: str) -> str:
    return label.strip().rstrip("…。.")


@pytest.mark.parametrize("name", ["README", "docs/operations"])
def test_every_label_that_a_guide_quotes_is_on_a_screen(name):
    heads = {
        plain(head)
        for path in OPERATIONS
        for head in re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.MULTILINE)
    }
    for suffix, labels in zip((".md", ".en.md"), catalogue(), strict=True):
        text = _FENCE.sub("", (ROOT / f"{name}{suffix}").read_text(encoding="utf-8"))
        quoted = {plain(label) for label in re.findall("“([^”]+)”", text)}
        assert quoted - labels - heads - {"Where to change what", "要改什么，去哪里改"} == set()


def test_every_class_and_colour_of_the_desk_guide_is_in_a_style_sheet():
    text = (ROOT / "docs/apps/desk.md").read_text(encoding="utf-8")
    styles = "".join(
        path.read_text("utf-8") for path in (ROOT / "static").rglob("*.css") if path.is_file()
    )
    classes = {word for found in re.findall(r'class="([^"{]*)', text) for word in found.split()}
    missing = [one for one in classes if one and not re.search(rf"\.{one}\b", styles)]
    colours = re.findall(r"`(--[a-z0-9-]+)`", text)
    missing += [one for one in colours if f"{one}:" not in styles]
    assert missing == []
    assert len(classes) > 25
